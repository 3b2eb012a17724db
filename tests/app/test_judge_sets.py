"""The section Query sets of the Judge page, run without a browser."""

from __future__ import annotations

from collections import Counter

import pytest

from pages.common import state
from retrieval import Query, judging
from tests.app.driving import press, submit
from tests.app.judge_page import edit, shown, table, words


@pytest.fixture
def mine(sets):
    """A set of ten queries in two classes over the corpus of the tests."""
    asked = [Query(f"n{number}", f"load number {number}", "numeric" if number % 2 else "paraphrase") for number in range(10)]
    return sets.create("shop", "Mine", asked).key


def managed(app):
    """The page with the popover Manage open."""
    app.session_state[state.MANAGED] = True
    return app.run()


def test_a_corpus_without_a_set_gets_one(sets):
    app = shown("Query sets", corpus="bare")
    assert "This corpus has no query set yet" in words(app)
    app.text_input(key="name of new set").set_value("Failures <b>")
    submit(app, "Create")
    (made,) = sets.records("bare")
    assert made.name == "Failures <b>"
    assert app.selectbox(key=state.QUERY_SET).value == made.key
    assert r"Failures \<b\> is made" in words(app)
    assert app.session_state[state.SET_PART] == "Add queries"


def test_a_name_that_is_taken_gets_a_sentence(sets, mine):
    app = shown("Query sets", set="Mine")
    app.text_input(key="name of new set").set_value("Mine")
    submit(app, "Create")
    assert ["'Mine' already; choose another" in error.value for error in app.error] == [True]
    assert [record.name for record in sets.records("shop")] == ["Mine", "Shipped"]


def test_renaming_keeps_the_set(sets, mine):
    app = managed(shown("Query sets", set="Mine"))
    app.text_input(key=f"rename set {mine}").set_value("Ours")
    submit(app, "Rename")
    assert sets.record(mine).name == "Ours"
    assert app.selectbox(key=state.QUERY_SET).value == mine


@pytest.mark.parametrize(("whole", "count"), [(True, 4), (False, 0)])
def test_a_copy_has_the_judgments_or_has_not(sets, verdicts, whole, count):
    app = managed(shown("Query sets"))
    (shipped,) = sets.records("shop")
    app.text_input(key=f"copy set {shipped.key}").set_value("Again")
    app.checkbox(key=f"copy judgments {shipped.key}").set_value(whole)
    submit(app, "Copy")
    made = next(record for record in sets.records("shop") if record.name == "Again")
    assert app.selectbox(key=state.QUERY_SET).value == made.key
    assert ([query.id for query in sets.queries(made.key)], len(verdicts.history(made.key))) == (["q1", "q2"], count)


def test_deleting_wants_a_yes_and_says_what_goes(sets):
    app = managed(shown("Query sets"))
    (shipped,) = sets.records("shop")
    assert app.button(key=f"delete set {shipped.key}").disabled
    assert "2 queries and 4 judgments" in app.checkbox(key=f"sure {shipped.key}").label
    app.checkbox(key=f"sure {shipped.key}").check().run()
    press(app, f"delete set {shipped.key}")
    assert sets.records("shop") == ()
    assert "Shipped is deleted, with 2 queries and 4 judgments" in words(app)
    assert app.selectbox(key=state.QUERY_SET).value is None


def test_after_a_deletion_another_set_is_chosen(sets, mine):
    app = managed(shown("Query sets", set="Shipped"))
    shipped = next(record for record in sets.records("shop") if record.shipped)
    app.checkbox(key=f"sure {shipped.key}").check().run()
    press(app, f"delete set {shipped.key}")
    assert app.selectbox(key=state.QUERY_SET).value == mine
    assert len(table(app)) == 10


def test_the_table_shows_what_there_is():
    rows = table(shown("Query sets"))
    assert rows["query"].tolist() == ["24 V relay", "survives wash-down"]
    assert rows["class"].tolist() == ["numeric", "paraphrase"]
    assert rows["judged"].tolist() == [2, 2]
    assert rows["source"].tolist() == ["shipped", "shipped"]


def test_cells_are_stored_when_they_are_edited(sets, mine):
    app = shown("Query sets", set="Mine")
    edit(app, {0: {"class": " shipping ", "note": "the oldest"}, 3: {"query": "load three", "held out": True}})
    found = {query.id: query for query in sets.queries(mine)}
    assert (found["n0"].category, found["n0"].note) == ("shipping", "the oldest")
    assert (found["n3"].text, found["n3"].held_out) == ("load three", True)
    assert [toast.value for toast in app.toast] == ["Stored: 2 queries changed."]
    assert "1 held out" in words(app)


def test_a_cell_that_was_emptied_is_empty(sets, mine):
    edit(shown("Query sets", set="Mine"), {0: {"class": None}})
    assert sets.queries(mine)[0].category == ""


def test_a_query_without_words_is_refused_with_all_that_was_pasted_with_it(sets, mine):
    app = edit(shown("Query sets", set="Mine"), {0: {"query": " "}, 1: {"class": "other"}})
    assert ["has no text" in error.value for error in app.error] == [True]
    assert [query.category for query in sets.queries(mine)][:2] == ["paraphrase", "numeric"]
    assert table(app)["query"].tolist()[0] == "load number 0"


def test_what_others_changed_meanwhile_stays(sets, mine):
    app = edit(shown("Query sets", set="Mine"), {0: {"class": "first"}})
    sets.edit(mine, [Query("n0", "load number 0", "theirs")])
    edit(app, {0: {"class": "first"}, 1: {"note": "second"}})
    assert [(query.category, query.note) for query in sets.queries(mine)][:2] == [("theirs", ""), ("numeric", "second")]


def test_the_chosen_are_removed_with_their_judgments(sets, verdicts, mine):
    verdicts.give(mine, [judging.Verdict("n1", "d1", 2, rater="ann")])
    app = edit(shown("Query sets", set="Mine"), {1: {"chosen": True}, 2: {"chosen": True}})
    assert "Remove 2 queries with 1 judgments" in words(app)
    press(app, "remove chosen")
    assert "2 queries removed" in words(app)
    assert {query.id for query in sets.queries(mine)} == {f"n{number}" for number in (0, 3, 4, 5, 6, 7, 8, 9)}
    assert verdicts.history(mine) == ()


def test_the_chosen_are_changed_together(sets, mine):
    sets.edit(mine, [Query("n0", "how long may the KX7.24-R2 run dry", "wrong")])
    app = edit(shown("Query sets", set="Mine"), {0: {"chosen": True}, 5: {"chosen": True}})
    press(app, "change Hold out")
    assert [query.id for query in sets.queries(mine) if query.held_out] == ["n0", "n5"]
    app = edit(shown("Query sets", set="Mine"), {0: {"chosen": True}})
    press(app, "change Suggest a class for each")
    assert sets.queries(mine)[0].category == judging.suggest("how long may the KX7.24-R2 run dry").category != ""
    app = edit(shown("Query sets", set="Mine"), {0: {"chosen": True}, 1: {"chosen": True}})
    assert app.button(key="change Give this class").disabled
    app.selectbox(key=f"class of chosen {mine}").set_value("paraphrase").run()
    press(app, "change Give this class")
    assert [query.category for query in sets.queries(mine)][:2] == ["paraphrase", "paraphrase"]


def test_queries_are_found_by_words(mine):
    app = shown("Query sets", set="Mine")
    app.text_input(key=state.FIND_QUERY).set_value("NUMERIC 7").run()
    assert table(app)["id"].tolist() == ["n7"]
    assert "1 of 10 queries" in words(app)


def test_synthetic_queries_are_marked_and_left_out_by_one_switch(sets, mine):
    sets.add(mine, [Query("k", "a rare sentence", source=judging.KNOWN_ITEM)])
    app = shown("Query sets", set="Mine")
    assert table(app)["source"].tolist()[-1] == "synthetic · known-item"
    assert "1 synthetic" in words(app)
    app.toggle(key=state.SYNTHETIC).set_value(False).run()
    assert "k" not in table(app)["id"].tolist()


def test_guidelines_are_edited_looked_at_and_reset(sets, mine):
    app = shown("Query sets", set="Mine", part_of_set="Guidelines")
    assert app.button(key="restore guidelines").disabled
    app.text_area[0].set_value("# Take care").run()
    assert "# Take care" in [element.value for element in app.markdown]
    press(app, "store guidelines")
    assert sets.record(mine).guidelines == "# Take care"
    press(app, "restore guidelines")
    assert sets.record(mine).guidelines == judging.GUIDELINES
    assert app.text_area[0].value == judging.GUIDELINES


def test_a_share_of_every_class_is_held_out(sets, mine):
    app = shown("Query sets", set="Mine", part_of_set="Held out")
    rows = app.dataframe[0].value
    assert rows["class"].tolist() == ["numeric", "paraphrase", "all"]
    assert (rows["held out"].tolist(), rows["with 20%"].tolist()) == ([0, 0, 0], [1, 1, 2])
    press(app, "hold out")
    assert Counter(query.category for query in sets.queries(mine) if query.held_out) == {"numeric": 1, "paraphrase": 1}
    assert "2 queries (numeric 1, paraphrase 1)" in words(app)
    assert app.dataframe[0].value["share"].tolist() == [20.0, 20.0, 20.0]
    assert app.button(key="hold out").disabled
