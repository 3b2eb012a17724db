"""Laws of what is kept: a pipeline file and an experiment are read as they were written, whatever is in them."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.experiments import (
    Evidence,
    Experiment,
    ExperimentStore,
    Mean,
    Run,
    Step,
    Tried,
    compare_experiments,
    pipeline_file,
    read_evidence,
    version_of,
)
from retrieval.experiments.plain import of_plain, to_plain
from retrieval.pipeline import PARTS, Pipeline
from retrieval.types import Judgment

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
MAYBE = st.none() | NUMBERS
COUNTS = st.integers(0, 10**6)
TRIED = st.builds(Tried, TEXTS, NUMBERS, MAYBE, MAYBE, MAYBE)
STEPS = st.builds(Step, TEXTS, TEXTS, TEXTS, st.lists(TRIED, max_size=4).map(tuple), TEXTS, st.booleans(), MAYBE, MAYBE, MAYBE)
EVIDENCE = st.builds(
    Evidence, TEXTS, TEXTS, TEXTS, COUNTS, COUNTS, TEXTS, TEXTS, TEXTS, TEXTS, NUMBERS, st.lists(STEPS, max_size=3).map(tuple)
)
PIPELINES = st.builds(
    Pipeline,
    **{part: st.sampled_from([kind() for kind in kinds.values()]) for part, kinds in PARTS.items()},
    weight=st.floats(0, 1),
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
MEANS = st.dictionaries(TEXTS, st.builds(Mean, NUMBERS, MAYBE, MAYBE), max_size=2)
BY_QUERY = st.dictionaries(TEXTS, NUMBERS, max_size=4)
RUNS = st.builds(
    Run,
    TEXTS,
    st.sampled_from(["stage", "pipeline", "imported", "variant"]),
    MEANS,
    st.dictionaries(TEXTS, BY_QUERY, max_size=2),
    TEXTS,
    TEXTS,
    TEXTS,
    BY_QUERY,
    BY_QUERY,
)
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return ExperimentStore(tmp_path_factory.mktemp("laws"))


@EXAMPLES
@given(PIPELINES, EVIDENCE)
def test_a_pipeline_file_gives_back_what_was_put_into_it(pipeline, evidence):
    text = pipeline_file(pipeline, evidence)
    assert Pipeline.from_toml(text) == pipeline
    assert read_evidence(text) == evidence
    assert read_evidence(text).to_dict() == evidence.to_dict()


@EXAMPLES
@given(st.lists(RUNS, min_size=1, max_size=3, unique_by=lambda run: run.name), st.dictionaries(TEXTS, PLAIN, max_size=3))
def test_an_experiment_is_read_bit_for_bit(store, runs, kept):
    saved = store.save(Experiment("Law", "sweep", "c", "C", "f", "s", "S", "v", tuple(runs), kept))
    assert repr(store.experiment(saved.key)) == repr(saved)
    listed = replace(saved, runs=tuple(replace(run, scores={}) for run in runs))
    assert repr(store.records()[0]) == repr(listed)
    store.delete(saved.key)


def refusal(values):
    """The sentence with which evidence is refused, "" where it is made again from what was made of it."""
    try:
        return "" if to_plain(of_plain(Evidence, values, "evidence")) == values else "changed"
    except ValueError as error:
        return str(error)


@EXAMPLES
@given(EVIDENCE, st.sampled_from([item.name for item in fields(Evidence)]), PLAIN)
def test_a_field_of_evidence_holds_what_fits_it_and_nothing_else(evidence, name, value):
    found = refusal(json.loads(json.dumps(evidence.to_dict() | {name: value})))
    assert found == "" or found.startswith(f"evidence.{name}")


JUDGMENTS = st.lists(st.builds(Judgment, TEXTS, TEXTS, st.integers(0, 3)), max_size=6)


@EXAMPLES
@given(JUDGMENTS.flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_the_order_of_judgments_has_no_part_in_their_version(pair):
    assert version_of(pair[0]) == version_of(pair[1])


@EXAMPLES
@given(JUDGMENTS, JUDGMENTS)
def test_other_judgments_have_another_version(one, other):
    assert (version_of(one) == version_of(other)) == (sorted(map(repr, one)) == sorted(map(repr, other)))


SCORES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1)


@EXAMPLES
@given(SCORES, SCORES.map(lambda scores: scores | {"a": 0.5}))
def test_b_against_a_is_a_against_b_turned_round(of_a, of_b):
    a, b = (
        Experiment("x", "evaluation", "c", "C", "f", "s", "S", "v", (Run("r", "imported", {}, {"P@5": scores}),))
        for scores in (of_a | {"a": 0.25}, of_b)
    )
    forth, back = compare_experiments(a, b, "r", "r", "P@5"), compare_experiments(b, a, "r", "r", "P@5")
    assert set(forth.queries) == set(back.queries) == of_a.keys() & of_b.keys() | {"a"}
    assert [(row.query, row.before, row.after, row.delta) for row in forth.moved] == [
        (row.query, row.after, row.before, -row.delta) for row in back.moved
    ]
