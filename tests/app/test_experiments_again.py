"""The page Experiments, run without a browser: what was kept is run again on the page Evaluate."""

import pytest

from pages.common import state
from retrieval.experiments import Mean, Run
from tests.app.driving import submit, table, words
from tests.app.evaluate_page import LSA_PIPELINE
from tests.app.experiments_page import KEYWORDS, shown


def test_running_again_puts_pipelines_and_settings_onto_evaluate(keep, pipelines):
    keyword_run = Run("Keywords", "pipeline", {"RR@10": Mean(0.5)}, {}, KEYWORDS.to_toml(), KEYWORDS.fingerprint(), "reranked")
    settings = {"metrics": ["RR@10", "P@1"], "metric": "P@1", "repetitions": 2, "condensed": True, "passages": False}
    keep(
        pipeline=LSA_PIPELINE.with_(weight=0.7), runs=[keyword_run], settings=settings | {"baseline": "Keywords", "budget_ms": 77}
    )
    app = submit(shown(), "Run again")
    (saved,) = pipelines.records()
    assert (saved.name, saved.pipeline) == ("Keywords", KEYWORDS)
    assert app.session_state[state.WEIGHT] == 0.7
    assert app.multiselect(key=state.COMPARED).value == ["reranked", saved.key]
    assert app.selectbox(key=state.BASELINE).value == saved.key
    assert app.multiselect(key=state.METRICS).value == ["RR@10", "P@1"]
    assert app.slider(key=state.PASSES).value == 2
    assert app.toggle(key=state.CONDENSED).value
    assert not app.toggle(key=state.PASSAGES).value
    assert app.number_input(key=state.BUDGET).value == 77
    assert app.selectbox(key=state.CORPUS).value == "shop"
    assert table(app, "run", "RR@10")["run"].tolist() == ["reranked", "Keywords"]


def test_a_pipeline_that_is_saved_already_is_not_saved_again(keep, pipelines):
    mine = pipelines.save("My own name", KEYWORDS)
    pipelines.save("Taken", LSA_PIPELINE)
    runs = [
        Run(name, "pipeline", {"RR@10": Mean(0.5)}, {}, pipeline.to_toml(), pipeline.fingerprint(), "reranked")
        for name, pipeline in (("Keywords", KEYWORDS), ("Taken", LSA_PIPELINE.with_(weight=0.2)))
    ]
    kept = keep(runs=runs)
    app = submit(shown(), "Run again")
    names = {record.key: record.name for record in pipelines.records()}
    compared = app.multiselect(key=state.COMPARED).value
    assert compared[:2] == ["reranked", mine.key]
    assert names[compared[2]] == f"Taken of {kept.key[-8:]}"
    assert len(names) == 3


def test_a_sweep_is_run_again_by_its_best_variant(keep):
    variants = [
        Run(f"weight {weight}", "variant", {"RR@10": Mean(mean)}, {}, LSA_PIPELINE.with_(weight=weight).to_toml())
        for weight, mean in ((0.25, 0.5), (0.75, 0.6), (1.0, 0.4))
    ]
    keep("Weight", kind="sweep", runs=variants, scores={"q1": 0.0}, pipeline=None)
    app = submit(shown(), "Run again")
    assert app.session_state[state.WEIGHT] == 0.75
    assert app.multiselect(key=state.COMPARED).value == ["dense", "sparse", "fused", "reranked"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"corpus": "gone-1", "corpus_name": "Harbour"}, "The corpus Harbour is gone: bring it in again on the page Corpora."),
        ({"query_set": "gone-1", "query_set_name": "Tail"}, "The query set Tail is gone: make it again on the page Judge."),
        ({"pipeline": None}, "All its rankings were imported: there is no pipeline to run again."),
    ],
)
def test_what_cannot_be_run_again_says_why(keep, changes, reason):
    keep(**changes)
    (button,) = (button for button in shown().button if button.label == "Run again")
    assert button.disabled
    assert button.help == reason


def test_a_pipeline_of_another_version_cannot_be_run_again(keep):
    run = Run("old", "stage", {"RR@10": Mean(0.9)}, {}, "wait = 1", "", "reranked")
    keep(pipeline=None, runs=[run])
    assert "Unknown pipeline setting 'wait'; known are" in words(submit(shown(), "Run again"))
