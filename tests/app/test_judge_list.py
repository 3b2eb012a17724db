"""The section List of the page Judge, run without a browser."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from pages.common import state
from retrieval import PlaygroundError, judging
from tests.app.judge_page import shown as section
from tests.app.judge_page import table, words


@pytest.fixture
def listed():
    """Open the list as a rater."""

    def run(rater="Anna", **parameters):
        return section("List", rater, **parameters)

    return run


def edit(app, cells):
    """Type into the table: {row: {column: value}}, as the browser would send it, with all that was typed before."""
    editor = app.data_editor[0]
    states = app._tree.get_widget_states()
    before = (app.session_state[editor.key] or {}).get("edited_rows", {}) if editor.key in app.session_state else {}
    merged = {row: {**before.get(row, {}), **cells.get(row, {})} for row in {*before, *cells}}
    states.widgets.append(WidgetState(id=editor.proto.id, string_value=json.dumps({"edited_rows": merged})))
    app._run(states)
    assert not app.exception, app.exception


def row_of(app, id, where="whole document"):
    found = table(app)
    return found.index.get_loc(found.index[(found["id"] == id) & found["where"].str.startswith(where)][0])


def cell(app, id, column, where="whole document"):
    value = table(app).iloc[row_of(app, id, where)][column]
    return value if isinstance(value, str) else None


def key_of(corpora):
    (record,) = judging.QuerySets(corpora / "home").records("shop")
    return record.key


def given(verdicts, corpora, query="q1", rater="Anna"):
    """What stands of a rater, by document and span."""
    latest = verdicts.latest(key_of(corpora), query)
    return {(word.document_id, word.start, word.end): word for word in latest if word.rater == rater}


def said(verdicts, corpora, **where):
    return {place: (word.grade, word.note) for place, word in given(verdicts, corpora, **where).items()}


def test_nobody_is_asked_for_a_name_first(listed):
    app = listed(rater="")
    assert len(app.data_editor) == 0
    assert any(field.key == state.RATER_ASKED for field in app.text_input)


def test_a_corpus_without_queries_says_so(listed):
    assert "There is no query to judge yet" in words(listed(corpus="bare"))


def test_the_list_is_blind(listed):
    app = listed()
    assert sorted(table(app)["id"]) == ["d1", "d2", "d3", "d4"]
    assert set(table(app).columns) == {"ticked", "grade", "title", "text", "note", "where", "id"}
    other = listed(rater="Ben")
    assert table(app)["id"].tolist() == table(listed())["id"].tolist()
    assert table(app)["id"].tolist() != table(other)["id"].tolist()


def test_text_and_title_are_shown_as_they_are(listed):
    app = listed()
    assert cell(app, "d3", "title") == "Pump <b>guide</b>"
    assert "Hosing down the <i>pump</i> is allowed; :smile:" in cell(app, "d3", "text")


def test_a_grade_in_place_is_stored(listed, verdicts, corpora):
    app = listed()
    edit(app, {row_of(app, "d1"): {"grade": "2 Relevant"}})
    assert said(verdicts, corpora) == {("d1", None, None): (2, "")}
    assert cell(app, "d1", "grade") == "2 Relevant"
    assert [bar.proto.text for bar in app.get("progress")] == ["**1** judged by you · **3** left"]


def test_only_what_changed_is_given_again(listed, verdicts, corpora):
    app = listed()
    edit(app, {row_of(app, "d1"): {"grade": "2 Relevant"}})
    verdicts.give(key_of(corpora), [judging.Verdict("q1", "d1", 0, rater="Anna")])  # in another window
    edit(app, {row_of(app, "d2"): {"grade": "can't tell"}})
    assert given(verdicts, corpora)["d2", None, None].cant_tell
    edit(app, {row_of(app, "d4"): {"grade": "1 Related"}})
    assert {place[0]: grade for place, (grade, _) in said(verdicts, corpora).items()} == {"d1": 0, "d2": None, "d4": 1}
    assert cell(app, "d1", "grade") == "0 Irrelevant"


def test_an_emptied_grade_takes_the_word_back(listed, verdicts, corpora):
    app = listed()
    edit(app, {row_of(app, "d1"): {"grade": "3 Perfect"}})
    edit(app, {row_of(app, "d1"): {"grade": None}})
    assert said(verdicts, corpora) == {}
    assert [word.grade for word in verdicts.history(key_of(corpora), "q1") if word.rater == "Anna"] == [3, None]


def test_a_note_waits_for_its_grade(listed, verdicts, corpora):
    app = listed()
    edit(app, {row_of(app, "d1"): {"note": "the coil fits"}})
    assert said(verdicts, corpora) == {}
    assert "1 note will be stored with a grade" in words(app)
    edit(app, {row_of(app, "d1"): {"grade": "3 Perfect"}})
    assert said(verdicts, corpora) == {("d1", None, None): (3, "the coil fits")}
    edit(app, {row_of(app, "d1"): {"note": "and it is sealed"}})
    assert said(verdicts, corpora) == {("d1", None, None): (3, "and it is sealed")}


def test_many_at_once_and_undo(listed, verdicts, corpora):
    app = listed()
    edit(app, {row_of(app, "d4"): {"grade": "1 Related", "note": "of the same maker"}})
    assert app.button(key="bulk 0 Irrelevant").disabled
    edit(app, {row_of(app, id): {"ticked": True} for id in ("d2", "d4")})
    app.button(key="bulk 0 Irrelevant").click().run()
    assert said(verdicts, corpora) == {("d2", None, None): (0, ""), ("d4", None, None): (0, "of the same maker")}
    moments = {word.at for word in given(verdicts, corpora).values()}
    assert len(moments) == 1
    assert not table(app)["ticked"].any()
    app.button(key="do Undo").click().run()
    assert said(verdicts, corpora) == {("d4", None, None): (1, "of the same maker")}
    assert (cell(app, "d2", "grade"), cell(app, "d4", "grade")) == (None, "1 Related")


def test_all_or_none_are_ticked_and_cleared(listed, verdicts, corpora):
    app = listed()
    app.button(key="tick all").click().run()
    assert table(app)["ticked"].all()
    app.button(key="bulk can't tell").click().run()
    assert {word.cant_tell for word in given(verdicts, corpora).values()} == {True}
    app.button(key="tick all").click().run()
    app.button(key="tick none").click().run()
    assert not table(app)["ticked"].any()
    app.button(key="tick all").click().run()
    app.button(key="bulk clear").click().run()
    assert given(verdicts, corpora) == {}


def test_what_is_not_listed_is_not_graded(listed, verdicts, corpora):
    app = listed()
    app.button(key="tick all").click().run()
    app.text_input(key=state.LIST_FIND).set_value("KX8 cabinets").run()
    assert table(app)["id"].tolist() == ["d2"]
    app.button(key="bulk 1 Related").click().run()
    assert said(verdicts, corpora) == {("d2", None, None): (1, "")}
    app.text_input(key=state.LIST_FIND).set_value("no such words").run()
    assert "No document in this list holds all of these words" in words(app)


def test_left_and_judged(listed):
    app = listed()
    app.segmented_control(key=state.LISTED).set_value("judged").run()
    assert "You have judged no document of this query yet" in words(app)
    app.segmented_control(key=state.LISTED).set_value("left to judge").run()
    edit(app, {row_of(app, "d1"): {"grade": "2 Relevant"}})
    assert sorted(table(app)["id"]) == ["d2", "d3", "d4"]
    app.button(key="tick all").click().run()
    app.button(key="bulk 0 Irrelevant").click().run()
    assert "You have judged every document of this query's pool" in words(app)
    app.button(key="do Undo").click().run()
    assert sorted(table(app)["id"]) == ["d2", "d3", "d4"]


def test_passages_are_lines_that_can_be_graded_and_cleared(listed, verdicts, corpora):
    listed()
    text = "A plug-in relay with a 24 V coil. It is sealed against water."
    span = (text.index("It is"), len(text))
    verdicts.give(key_of(corpora), [judging.Verdict("q1", "d1", 1, start=span[0], end=span[1], rater="Anna")])
    app = listed()
    where = f"characters {span[0]} to {span[1]}"
    assert cell(app, "d1", "text", where) == "It is sealed against water."
    assert row_of(app, "d1", where) == row_of(app, "d1") + 1
    edit(app, {row_of(app, "d1", where): {"grade": "3 Perfect"}})
    assert said(verdicts, corpora) == {("d1", *span): (3, "")}
    edit(app, {row_of(app, "d1", where): {"ticked": True}})
    app.button(key="bulk clear").click().run()
    assert given(verdicts, corpora) == {}
    assert table(app)["where"].unique().tolist() == ["whole document"]


def test_what_is_judged_outside_the_pool_is_listed(listed, verdicts, corpora):
    listed()
    verdicts.give(key_of(corpora), [judging.Verdict("q1", "gone", 2, rater="Anna")])
    app = listed()
    assert cell(app, "gone", "where") == "whole document, not in the pool"
    assert cell(app, "gone", "text") == "This document is not in the corpus."
    assert table(app)["id"].tolist()[-1] == "gone"


def test_a_walk_over_the_queries(listed, verdicts, corpora):
    app = listed()
    edit(app, {row_of(app, "d1"): {"ticked": True, "grade": "2 Relevant"}})
    app.button(key="Next query").click().run()
    assert not table(app)["ticked"].any()
    edit(app, {row_of(app, "d1"): {"grade": "1 Related"}})
    assert said(verdicts, corpora, query="q2") == {("d1", None, None): (1, "")}
    assert said(verdicts, corpora) == {("d1", None, None): (2, "")}


def test_a_document_is_read_in_the_section_judge(listed, verdicts, corpora):
    app = listed()
    edit(app, {row_of(app, "d4"): {"grade": "1 Related"}})
    edit(app, {row_of(app, "d4"): {"ticked": True}})
    app.button(key="read").click().run()
    assert not app.exception
    assert app.segmented_control(key=state.JUDGE_SECTION).value == "Judge"
    assert any("##### Cable" in text.value and "your grade: 1 Related" in text.value for text in app.markdown)
    app.button(key="grade 3").click().run()
    assert said(verdicts, corpora)["d4", None, None] == (3, "")
    assert not any("##### Cable" in text.value for text in app.markdown)


def test_a_grade_that_cannot_be_stored_is_not_shown(listed, verdicts, corpora, monkeypatch):
    app = listed()
    with monkeypatch.context() as broken:

        def full(*_):
            raise PlaygroundError("the disk is full; make room and grade again")

        broken.setattr(judging.JudgmentStore, "give", full)
        edit(app, {row_of(app, "d1"): {"grade": "2 Relevant"}})
        assert "the disk is full" in words(app)
        assert cell(app, "d1", "grade") is None
        assert app.data_editor[0].key == "list 1"
    edit(app, {row_of(app, "d1"): {"grade": "2 Relevant"}})
    assert said(verdicts, corpora) == {("d1", None, None): (2, "")}
    assert "the disk is full" not in words(app)
