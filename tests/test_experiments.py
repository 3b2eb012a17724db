"""Experiments on disk: every score exact, the list without them, and what is damaged told beside the others."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from retrieval.database import open_database, writing
from retrieval.errors import BadInput
from retrieval.experiments import Experiment, ExperimentStore, Mean, Run, library_version, version_of
from retrieval.pipeline import Pipeline
from retrieval.types import Judgment

PIPELINE = Pipeline()
FUSED = Run(
    "fused",
    "stage",
    {"nDCG@10": Mean(0.3, 0.1, 0.5)},
    {"nDCG@10": {"q1": 0.1 + 0.2, "q2": 1 / 3, "漢\ud800": 5e-324}},
    PIPELINE.to_toml(),
    PIPELINE.fingerprint(),
    "fused",
    {"fused": 1.5, "total": 20.25},
    {"fused": 2.5, "total": 31.0},
)
IMPORTED = Run("production", "imported", {"nDCG@10": Mean(0.2)}, {"nDCG@10": {"q1": 0.0, "q2": 1.0}})
EVALUATION = Experiment(
    "Before",
    "evaluation",
    "parts-1a2b",
    "Parts",
    "c0ffee",
    "head-3c4d",
    "Head",
    "v1",
    (FUSED, IMPORTED),
    {"metrics": ["nDCG@10"], "level": "documents", "condensed": False, "repetitions": 3, "budget": None, "k": {"a": 0.5}},
    "first",
)
POINTS = tuple(Run(f"weight {at / 10}", "variant", {"nDCG@10": Mean(at / 10, at / 20, at / 5)}) for at in range(11))
SWEEP = replace(EVALUATION, name="Weights", kind="sweep", runs=POINTS, corpus="port-5e6f")


@pytest.fixture
def store(database_home):
    return ExperimentStore(database_home)


def overwritten(store, key, **columns):
    """Store texts in columns of an experiment."""
    with writing(open_database(store.home)) as connection:
        for name, value in columns.items():
            statement = text(f"UPDATE experiments SET {name} = :value WHERE key = :key")
            connection.execute(statement, {"value": value, "key": key})


def test_an_experiment_is_read_as_it_was_saved(store):
    saved = store.save(EVALUATION)
    assert store.experiment(saved.key) == saved
    assert saved == replace(EVALUATION, key=saved.key, created=saved.created, library=library_version())
    assert saved.key.startswith("before-")
    assert saved.created.endswith("+00:00")


def test_a_list_is_the_newest_first_and_without_the_scores_of_queries(store):
    first, second = store.save(EVALUATION), store.save(SWEEP)
    assert store.records() == (second, replace(first, runs=tuple(replace(run, scores={}) for run in first.runs)))
    assert store.records("parts-1a2b") == store.records()[1:]
    assert store.records("nowhere") == ()


def test_names_may_be_shared_keys_are_not(store):
    assert store.save(EVALUATION).key != store.save(EVALUATION).key
    assert len(store.records()) == 2


def test_name_and_note_change_and_nothing_else(store):
    saved = store.save(EVALUATION)
    store.annotate(saved.key, " After ", "second")
    assert store.experiment(saved.key) == replace(saved, name="After", note="second")


def test_a_deleted_experiment_is_gone_alone(store):
    first, second = store.save(EVALUATION), store.save(SWEEP)
    store.delete(first.key)
    assert [record.key for record in store.records()] == [second.key]


def test_a_key_that_nothing_has_gets_a_sentence(store):
    for act in (store.experiment, store.delete, lambda key: store.annotate(key, "New", "")):
        with pytest.raises(BadInput, match="there is no experiment 'x-1'; it may have been deleted, choose another"):
            act("x-1")


def test_a_run_is_found_by_its_name():
    assert EVALUATION.run("production") is IMPORTED
    with pytest.raises(BadInput, match="the experiment 'Before' has no run 'x', it has fused, production; choose another"):
        EVALUATION.run("x")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", r"Expecting value"),
        ("[1]", "its form is None, this app reads 1"),
        ('{"version": 2}', "its form is 2, this app reads 1"),
        ('{"version": 1, "settings": {}}', "content lacks the field 'runs'"),
        ('{"version": 1, "settings": {}, "runs": [{"name": "a"}]}', r"content.runs\[0\] lacks the field 'kind'"),
        ('{"version": 1, "settings": {"k": NaN}, "runs": []}', "content.settings.k is nan, it must be a finite number"),
        ('{"version": 1, "settings": {}, "runs": [], "more": 1}', "content has no field 'more'"),
        ("[" * 100_000, "recursion"),
    ],
)
def test_one_that_is_damaged_is_told_and_the_others_go_on(store, content, reason):
    bad, good = store.save(EVALUATION), store.save(SWEEP)
    overwritten(store, bad.key, content=content)
    other, told = store.records()
    assert other == good
    assert told == replace(bad, runs=(), settings={}, problem=told.problem)
    sentence = (
        rf"the experiment 'Before' cannot be read \(.*{reason}.*\); open it in the version of the app that saved it or delete"
    )
    with pytest.raises(BadInput, match=sentence) as raised:
        store.experiment(bad.key)
    assert str(raised.value) == told.problem
    store.delete(bad.key)
    assert store.records() == (good,)


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ("", "Expecting value"),
        ("{}", "it has no list of scores for its 2 runs"),
        ("[{}]", "it has no list of scores for its 2 runs"),
        ('[{}, {"P@5": {"q1": "x"}}]', "scores of 'production'.P@5.q1 is 'x', it must be a finite number"),
        ('[{"P@5": {"q1": Infinity}}, {}]', "scores of 'fused'.P@5.q1 is inf, it must be a finite number"),
    ],
)
def test_damaged_scores_are_told_where_they_are_needed(store, scores, reason):
    saved = store.save(EVALUATION)
    overwritten(store, saved.key, scores=scores)
    with pytest.raises(BadInput, match=rf"the experiment 'Before' cannot be read \({reason}.*\); open it"):
        store.experiment(saved.key)
    assert [record.problem for record in store.records()] == [""]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"runs": ()}, "the experiment 'Before' has no run; evaluate something before it is saved"),
        ({"runs": (FUSED, FUSED)}, "two runs are called 'fused'; rename one of them"),
        ({"kind": "guess"}, "an experiment cannot be of the kind 'guess'; it is one of evaluation, sweep, tuning"),
        ({"runs": (replace(FUSED, kind="x"),)}, "the run 'fused' cannot be of the kind 'x'; it is one of stage, pipeline"),
        ({"name": " "}, "the name of an experiment must have 1 to 100 characters"),
        ({"note": "\ud800"}, r"the note holds the character U\+D800"),
        ({"corpus": "\0"}, r"the corpus of the experiment holds the character U\+0000"),
        (
            {"runs": (replace(FUSED, scores={"P@5": {"q1": float("nan")}}),)},
            "the experiment 'Before' cannot be saved: scores of 'fused'.P@5.q1 is nan, it must be a finite number; correct it",
        ),
        (
            {"runs": (replace(FUSED, means={"P@5": Mean(float("inf"))}),)},
            r"cannot be saved: experiment.runs\[0\].means.P@5.mean is inf, it must be a finite number",
        ),
        ({"settings": {"k": {1, 2}}}, r"experiment.settings.k is \{1, 2\}, it must be a finite number"),
    ],
)
def test_what_cannot_be_stored_is_refused(home, changes, message):
    store = ExperimentStore(home)
    with pytest.raises(BadInput, match=message):
        store.save(replace(EVALUATION, **changes))
    assert store.records() == ()


def test_the_version_of_judgments_tells_their_content_not_their_order():
    given = [Judgment("q1", "d1", 2), Judgment("q1", "d2", 0, 3, 9), Judgment("q2", "d1", 1)]
    assert version_of(given) == version_of(given[::-1])
    others = [
        given[:2],
        [*given[:2], Judgment("q2", "d1", 2)],
        [*given[:2], Judgment("q2", "d2", 1)],
        [*given[:2], Judgment("q2", "d1", 1, 0, 5)],
        [*given, Judgment("q\ud800", "d1", 1)],
        [],
    ]
    assert len({version_of(given), *(version_of(other) for other in others)}) == 7
    assert len(version_of([])) == 16
