"""The page Evaluate, run without a browser: runs of other systems."""

from pages.common import state
from retrieval import Query, judging
from tests.app.driving import ran, table, words
from tests.app.evaluate_page import RUN, STAGES, cells, put, shown, uploaded


def test_the_run_of_another_system_is_compared():
    app = uploaded(shown(), RUN)
    assert list(cells(app, "RR@10")) == [*STAGES, "theirs"]
    assert cells(app, "RR@10")["theirs"].startswith("1.000")
    assert cells(app, "budget")["theirs"] == "–"  # nobody measured it
    app.button(key=next(button.key for button in app.button if (button.key or "").startswith("remove run"))).click()
    assert list(cells(ran(app), "RR@10")) == STAGES


def test_lines_that_are_refused_are_shown():
    app = uploaded(shown(), RUN + "q1 Q0 d2 3 7 other\nq1 Q0 nowhere 4 6 other\n")
    assert "2 lines left out; the first: theirs.run line 4" in words(app)
    assert 'ranks the document "d2" for the query "q1" again' in table(app, "where", "why")["why"][0]
    assert "theirs" in cells(app, "RR@10")


def test_a_run_without_a_usable_line_is_not_compared():
    app = uploaded(shown(), "nonsense\n")
    assert list(cells(app, "RR@10")) == STAGES
    assert "1 line left out" in words(app)


def test_a_run_of_documents_cannot_be_scored_on_passages(judged, verdicts):
    record = judged("Places", [Query("p", "24 V relay")], {})
    verdicts.give(record.key, [judging.Verdict("p", "d1", 3, start=0, end=20)])
    app = uploaded(shown(set="Places"), "p Q0 d1 1 9 other\n")
    assert "1 queries are scored on passages" in words(app)
    assert "switch off Passages where judged" in words(app)
    app.toggle(key=state.PASSAGES).set_value(False)
    assert "theirs" in cells(ran(app), "RR@10")


def test_runs_of_other_systems_alone_have_no_times():
    app = uploaded(shown(evaluated="Time"), RUN)
    other = next(id for id in app.multiselect(key=state.COMPARED).value if id not in STAGES)
    assert "Runs of other systems bring no times" in words(put(app, state.COMPARED, [other]))
