"""The section Agreement of the page Judge, run without a browser."""

import base64
import json

import numpy as np
import pytest

from pages.common import state
from pages.judge import charts
from retrieval import PlaygroundError, Query, judging
from tests.app.judge_page import figures, words
from tests.app.judge_page import shown as section

ANNA = {"d1": 3, "d2": 1, "d3": 0, "d4": 0}
BEN = {"d1": 3, "d2": 2, "d3": 3, "d4": 0}


@pytest.fixture
def key(sets):
    """A query set that nobody has judged yet."""
    made = sets.create("shop", "Ours")
    sets.add(made.key, [Query("q1", "24 V relay"), Query("q2", "sealed pump")])
    return made.key


def judge(verdicts, key, rater, grades, query="q1", **fields):
    verdicts.give(key, [judging.Verdict(query, id, grade, rater=rater, **fields) for id, grade in grades.items()])


def shown(key, rater="Anna"):
    return section("Agreement", rater, set=key)


def opened_by(app):
    """Query, document and span of every disagreement in the queue, by its button."""
    found = (button.key for button in app.button if (button.key or "").startswith("open "))
    return [" ".join(name.split()[2:]) for name in found]


def settling(app, place):
    return next(
        control for control in app.get("button_group") if (control.key or "").startswith("settle") and place in control.key
    )


def test_no_query_set():
    app = shown("")
    app.selectbox(key=state.CORPUS).set_value("bare").run()
    assert "There is no query set yet" in words(app)


def test_nobody_has_judged(key):
    assert "Nobody has judged anything in this query set yet" in words(shown(key))


def test_one_rater_alone(verdicts, key):
    judge(verdicts, key, "Anna", ANNA)
    app = shown(key)
    assert "Agreement needs two raters who graded the same documents" in words(app)
    assert figures(app)["Krippendorff's alpha"] == "–"
    assert app.dataframe[0].value.values.tolist() == [["Anna", 4]]
    assert len(app.dataframe) == 1


def test_raters_without_a_document_in_common(verdicts, key):
    judge(verdicts, key, "Anna", {"d1": 3})
    judge(verdicts, key, "Ben", {"d2": 3})
    app = shown(key)
    assert "No two raters graded the same document" in words(app)
    assert opened_by(app) == []


def test_no_disagreement(verdicts, key):
    judge(verdicts, key, "Anna", ANNA)
    judge(verdicts, key, "Ben", ANNA)
    app = shown(key)
    assert figures(app)["Krippendorff's alpha"] == "1.000"
    assert "reliable" in words(app)
    assert "No disagreement: on 4 places that two or more graded" in words(app)


def test_figures_and_the_largest_difference_first(verdicts, key):
    judge(verdicts, key, "Anna", ANNA, note="by the data sheet")
    judge(verdicts, key, "Ben", BEN)
    app = shown(key)
    expected = judging.compare_raters(verdicts.latest(key))
    assert figures(app) == {
        "Krippendorff's alpha": f"{expected.alpha.value:.3f}",
        "Graded by two or more": "4",
        "Disagreements": "2",
        "Raters": "2",
    }
    assert "do not mean the same by their grades: alpha is below 0.667" in words(app)
    kappa = expected.kappas["Anna", "Ben"].value
    assert app.dataframe[1].value.values.tolist() == [["Anna", "Ben", f"{kappa:.3f}", 4]]
    assert opened_by(app) == ["q1 d3 None None", "q1 d2 None None"]
    assert ":gray-badge[0 Irrelevant] :small[**Anna** · by the data sheet]" in words(app)
    assert ":green-badge[3 Perfect] :small[**Ben**]" in words(app)
    assert "what counts:] **3 Perfect**" in words(app)


def test_the_map_counts_the_grades_of_the_chosen_pair(verdicts, key):
    judge(verdicts, key, "Anna", ANNA)
    judge(verdicts, key, "Ben", BEN)
    judge(verdicts, key, "Cleo", {"d1": 0})
    app = shown(key)
    assert drawn(app) == [[1, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    app.selectbox(key=state.PAIR).set_value(("Anna", "Cleo")).run()
    assert drawn(app) == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]]


def drawn(app):
    (trace,) = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    data = trace["z"]
    return np.frombuffer(base64.b64decode(data["bdata"]), data["dtype"]).reshape(4, 4).tolist()


def test_a_map_has_a_number_in_every_cell_that_is_not_empty():
    figure = charts.confusion(np.diag([12, 0, 3, 0]), "Anna", "Ben")
    assert [(note.x, note.y, note.text) for note in figure.layout.annotations] == [(0, 0, "<b>12</b>"), (2, 2, "<b>3</b>")]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("Ben", "Anna")


def test_whose_grade_counts_is_stored(verdicts, key, corpora):
    judge(verdicts, key, "Anna", ANNA)
    judge(verdicts, key, "Ben", BEN)
    app = shown(key, rater="Cleo")
    counts = {"median": "0 Irrelevant", "adjudicator:Ben": "3 Perfect", "adjudicator:Cleo": "0 Irrelevant", "latest": "3 Perfect"}
    for rule, grade in counts.items():
        rules(app).set_value(rule).run()
        assert judging.QuerySets(corpora / "home").record(key).rule == rule
        if rule == "adjudicator:Ben":
            app.segmented_control(key=state.DISPUTED).set_value("all").run()
        assert rules(app).value == rule
        assert f"what counts:] **{grade}**" in words(app).partition("d3")[2]


def rules(app):
    return next(box for box in app.selectbox if box.label == "What counts")


def test_a_rule_that_cannot_be_stored_is_not_shown(verdicts, key, monkeypatch):
    judge(verdicts, key, "Anna", ANNA)
    app = shown(key)

    def full(*_):
        raise PlaygroundError("the disk is full; make room and choose again")

    monkeypatch.setattr(judging.QuerySets, "decide", full)
    rules(app).set_value("median").run()
    assert "the disk is full" in words(app)
    assert rules(app).value == "latest"


def test_grades_of_nobody_by_name(verdicts, key):
    judge(verdicts, key, "", ANNA)
    app = shown(key, rater="")
    assert rules(app).options == ["the latest grade", "the median grade"]
    assert app.dataframe[0].value["rater"].tolist() == ["(no name)"]


def test_what_the_adjudicator_decided_leaves_the_queue(verdicts, key, corpora):
    judge(verdicts, key, "Anna", ANNA)
    judge(verdicts, key, "Ben", BEN)
    judging.QuerySets(corpora / "home").decide(key, "adjudicator:Cleo")
    app = shown(key, rater="Cleo")
    assert opened_by(app) == ["q1 d3 None None", "q1 d2 None None"]
    settling(app, "d3").set_value(2).run()
    assert opened_by(app) == ["q1 d2 None None"]
    settling(app, "d2").set_value(1).run()
    assert "The adjudicator has decided every disagreement" in words(app)
    app.segmented_control(key=state.DISPUTED).set_value("all").run()
    assert opened_by(app) == ["q1 d3 None None", "q1 d2 None None"]
    assert {item.document_id: item.grade for item in verdicts.judgments(key)} == {"d1": 3, "d2": 1, "d3": 2, "d4": 0}


def test_settled_in_place_as_the_present_rater(verdicts, key):
    judge(verdicts, key, "Anna", ANNA, note="by the data sheet")
    judge(verdicts, key, "Ben", BEN)
    app = shown(key)
    assert settling(app, "d3").value == 0
    settling(app, "d3").set_value(3).run()
    assert opened_by(app) == ["q1 d2 None None"]
    last = verdicts.history(key, "q1")[-1]
    assert (last.rater, last.document_id, last.grade, last.note) == ("Anna", "d3", 3, "by the data sheet")


def test_settling_wants_a_name(verdicts, key):
    judge(verdicts, key, "Anna", ANNA)
    judge(verdicts, key, "Ben", BEN)
    app = shown(key, rater="")
    assert settling(app, "d3").proto.disabled
    assert any(field.key == state.RATER_ASKED for field in app.text_input)


def test_a_passage_is_opened_in_the_section_judge(verdicts, key):
    judge(verdicts, key, "Anna", {"d1": 3}, start=34, end=61)
    judge(verdicts, key, "Ben", {"d1": 1}, start=34, end=61)
    app = shown(key)
    assert opened_by(app) == ["q1 d1 34 61"]
    assert "characters 34 to 61" in words(app)
    next(button for button in app.button if (button.key or "").startswith("open ")).click().run()
    assert not app.exception
    assert app.segmented_control(key=state.JUDGE_SECTION).value == "Judge"
    assert any("##### KX7 relay" in text.value and "your grade: 3 Perfect" in text.value for text in app.markdown)
    app.button(key="grade 1").click().run()
    assert judging.disagreements(verdicts.latest(key)) == ()
    assert {word.start for word in verdicts.latest(key) if word.rater == "Anna"} == {34}


def test_a_rater_is_left_out_of_the_comparison(verdicts, key):
    judge(verdicts, key, "Anna", ANNA)
    judge(verdicts, key, "Ben", BEN)
    judge(verdicts, key, "Cleo", BEN)
    app = shown(key)
    app.multiselect[0].set_value(["Anna"]).run()
    assert figures(app)["Krippendorff's alpha"] == "1.000"
    assert figures(app)["Raters"] == "2"
    assert app.dataframe[0].value["rater"].tolist() == ["Anna", "Ben", "Cleo"]
    assert opened_by(app) == []


def test_hostile_text_is_shown_as_it_is(verdicts, key):
    judge(verdicts, key, "<b>An:smile:na</b>", {"d3": 0}, note="[x](http://x) $y$")
    judge(verdicts, key, "Ben", {"d3": 3})
    found = words(shown(key))
    assert r"\<b\>An" in found
    assert r"\[x\]\(http\:\/\/x\) \$y\$" in found
    assert "<b>" not in found.replace(r"\<b\>", "")


def test_ten_to_a_page(verdicts, key, corpora):
    sets = judging.QuerySets(corpora / "home")
    sets.add(key, [Query(f"r{number:02}", f"query {number}") for number in range(12)])
    for number in range(12):
        judge(verdicts, key, "Anna", {"d1": 0}, query=f"r{number:02}")
        judge(verdicts, key, "Ben", {"d1": 3}, query=f"r{number:02}")
    app = shown(key)
    assert opened_by(app) == [f"r{number:02} d1 None None" for number in range(10)]
    app.get("pagination")[0].set_value(2).run()
    assert opened_by(app) == ["r10 d1 None None", "r11 d1 None None"]
    settling(app, "r11").set_value(3).run()
    assert opened_by(app) == ["r10 d1 None None"]
    settling(app, "r10").set_value(3).run()
    assert opened_by(app) == [f"r{number:02} d1 None None" for number in range(10)]
    assert len(app.get("pagination")) == 0


def test_a_grade_that_cannot_be_stored_is_told(verdicts, key, monkeypatch):
    judge(verdicts, key, "Anna", ANNA)
    judge(verdicts, key, "Ben", BEN)
    app = shown(key)

    def full(*_):
        raise PlaygroundError("the disk is full; make room and grade again")

    monkeypatch.setattr(judging.JudgmentStore, "give", full)
    settling(app, "d3").set_value(3).run()
    assert "the disk is full" in words(app)
    assert settling(app, "d3").value == 0
    assert opened_by(app) == ["q1 d3 None None", "q1 d2 None None"]


def test_a_raters_name_is_text_in_the_chart():
    figure = charts.confusion(np.diag([1, 0, 0, 0]), "<b>Bo</b> & %{x}", "Ben")
    assert figure.layout.yaxis.title.text == "&lt;b&gt;Bo&lt;/b&gt; &amp; %\u2060{x}"
    assert "<b>Bo" not in figure.data[0].hovertemplate
