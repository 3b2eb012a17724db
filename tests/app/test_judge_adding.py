"""Adding queries on the Judge page, run without a browser."""

from __future__ import annotations

import pytest

from pages.common import state
from retrieval import Query, judging
from tests.app.driving import press, submit
from tests.app.judge_page import edit, figures, shown, table, uploaded, words


@pytest.fixture
def mine(sets):
    """A set of ten queries in two classes over the corpus of the tests."""
    asked = [Query(f"n{number}", f"load number {number}", "numeric" if number % 2 else "paraphrase") for number in range(10)]
    return sets.create("shop", "Mine", asked).key


def test_one_query_gets_its_class_by_the_rules(sets, mine):
    app = shown("Query sets", set="Mine", part_of_set="Add queries")
    app.text_input(key="new query").set_value("  how many   amperes ")
    app.text_input(key="note of new query").set_value("at 24 V")
    submit(app, "Add query")
    added = sets.queries(mine)[-1]
    assert (added.text, added.category, added.note) == ("how many amperes", "numeric", "at 24 V")
    app.text_input(key="new query").set_value("How many amperes")
    submit(app, "Add query")
    assert ["is in the set already" in error.value for error in app.error] == [True]
    assert len(sets.queries(mine)) == 11


def from_source(source):
    app = shown("Query sets", set="Mine", part_of_set="Add queries")
    app.segmented_control(key=state.QUERIES_FROM).set_value(source).run()
    assert not app.exception, app.exception
    return app


def test_a_file_is_previewed_before_its_queries_enter(sets, mine):
    text = "id,query,class\na,E_LEASE_LOST,\nb,load number 1,own\nc,,\nn2,load number 2,paraphrase\nn4,load number 4,other\n"
    app = uploaded(from_source("A file"), "asked.csv", text)
    assert figures(app) == {"Rows read": "5", "New": "2", "Changed": "1", "There already": "1", "Refused": "1"}
    assert app.dataframe[0].value["where"].tolist() == ["line 4"]
    assert table(app)["class"].tolist() == ["exact identifier", "own"]
    assert table(app)["because of"].tolist() == ["E_LEASE_LOST", "as in the file"]
    assert len(sets.queries(mine)) == 10
    edit(app, {0: {"class": "code", "note": "seen in a log"}, 1: {"take": False}})
    press(app, "add queries")
    assert "1 query added." in words(app)
    found = sets.queries(mine)
    added = found[-1]
    assert (added.id, added.text, added.category, added.note) == ("a", "E_LEASE_LOST", "code", "seen in a log")
    assert added.source == "imported"
    assert (len(found), found[4].category) == (11, "paraphrase")
    assert not app.metric  # the upload is empty again


def test_a_file_may_change_queries_of_the_set(sets, mine):
    app = uploaded(from_source("A file"), "asked.csv", "id,query,class\nn4,load number four,other\n")
    assert app.button(key="add queries").disabled
    app.toggle(key="take changed").set_value(True).run()
    press(app, "add queries")
    assert [done.value for done in app.success] == ["1 query changed."]
    assert (sets.queries(mine)[4].text, sets.queries(mine)[4].category) == ("load number four", "other")


def test_a_file_of_judgments_is_sent_to_the_other_section():
    app = shown("Query sets", part_of_set="Add queries")
    app.segmented_control(key=state.QUERIES_FROM).set_value("A file").run()
    uploaded(app, "x.qrels", "q1 0 d1 2\nq2 0 d2 1\n")
    assert "This looks like TREC qrels" in words(app)


LOG = "query,count,document\n24 V relay,60,d1\nload number 3,50,d1\nsealed pump,30,d3\nsealed pump,10,nowhere\nx,nothing,\n"


def test_a_log_is_sampled_and_reviewed(sets, verdicts, mine):
    app = uploaded(from_source("A query log"), "log.csv", LOG)
    assert figures(app) == {"Rows read": "5", "Requests": "150", "Different queries": "3", "Refused": "1"}
    assert app.dataframe[0].value["where"].tolist() == ["log.csv line 6"]
    rows = table(app)
    assert rows["query"].tolist() == ["24 V relay", "sealed pump"]  # the third is in the set already
    assert rows["band"].tolist() == ["head", "tail"]
    assert rows["requests"].tolist() == [60, 40]
    assert rows["clicked"].tolist() == ["d1 (60)", "d3 (30) · nowhere (10)"]
    assert rows["class"].tolist() == ["numeric", ""]
    press(app, "add of log")
    assert [(query.text, query.source) for query in sets.queries(mine)[10:]] == [("24 V relay", "log"), ("sealed pump", "log")]
    assert verdicts.history(mine) == ()  # a click is no judgment


def test_a_click_counts_as_related_where_that_is_wanted(sets, verdicts, mine):
    app = uploaded(from_source("A query log"), "log.csv", LOG)
    assert "Left out: 1 clicked document " in words(app)
    app.toggle(key=state.CLICKS).set_value(True).run()
    press(app, "add of log")
    given = [(word.document_id, word.grade, word.rater) for word in verdicts.history(mine)]
    assert given == [("d1", 1, "clicks"), ("d3", 1, "clicks")]
    assert [query.id for query in sets.queries(mine)[10:]] == [word.query_id for word in verdicts.history(mine)]


def test_shares_that_are_all_nothing_get_a_sentence(mine):
    app = uploaded(from_source("A query log"), "log.csv", LOG)
    for band in ("Head", "Torso", "Tail"):
        app.number_input(key=f"log {band}").set_value(0.0)
    app.run()
    assert ["all 0; raise one" in error.value for error in app.error] == [True]


def test_known_items_enter_with_their_documents_as_perfect(sets, verdicts, mine):
    app = from_source("The corpus")
    press(app, "draw known items")
    assert figures(app) == {"Drawn": "3", "There already": "0", "Documents passed over": "1"}  # d3 has tags in its sentences
    assert table(app)["document"].tolist() == ["KX7 relay", "KX8 relay", "Cable"]
    texts = table(app)["query"].tolist()
    edit(app, {0: {"take": False}})
    press(app, "add known items")
    added = sets.queries(mine)[10:]
    assert ([query.text for query in added], {query.source for query in added}) == (texts[1:], {judging.KNOWN_ITEM})
    given = [(word.query_id, word.document_id, word.grade, word.rater) for word in verdicts.history(mine)]
    assert given == [(added[0].id, "d2", 3, "known-item"), (added[1].id, "d4", 3, "known-item")]
    assert "2 synthetic queries added" in words(app)
    press(app, "draw known items")
    assert figures(app)["There already"] == "2"


def test_a_range_of_lengths_that_is_none_gets_a_sentence(mine):
    app = from_source("The corpus")
    app.number_input(key="known shortest").set_value(30).run()
    assert ["fewer than the 30 of the shortest" in error.value for error in app.error] == [True]
