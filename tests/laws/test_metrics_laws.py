"""Metrics equal those of ir-measures on arbitrary rankings and judgments; many settings at once are each by itself."""

from __future__ import annotations

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import Qrel, ScoredDoc

from retrieval.metrics import ABSENT, MEASURES, UNJUDGED, Judged, condensed, measure_of, score_rankings
from retrieval.types import Ranking

DOCUMENTS = [f"d{at:02}" for at in range(14)]
CUTOFFS = (1, 2, 5, 10, 50)
FAMILIES = ("nDCG", "R", "P", "AP", "RR", "Success", "Judged", "R(rel=2)", "P(rel=2)", "AP(rel=2)", "RR(rel=3)", "Success(rel=3)")
NAMES = (
    *(f"{family}@{cutoff}" for family in FAMILIES for cutoff in CUTOFFS),
    *("nDCG", "AP", "RR", "Judged", "AP(rel=2)", "RR(rel=2)"),
    *("RBP(rel=1)", "RBP(p=0.5,rel=1)", "RBP(p=0.95,rel=2)"),  # ir-measures takes no cutoff here
)

grades_of_a_query = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(-2, 4), min_size=1).filter(
    lambda given: max(given.values()) >= 0  # trec_eval crashes on a query that has only grades below 0
)
judged_by_query = st.dictionaries(st.sampled_from("pqrs"), grades_of_a_query, min_size=1)


@st.composite
def rankings(draw) -> Ranking:
    """Up to all documents, with ties."""
    chosen = draw(st.lists(st.sampled_from(DOCUMENTS), unique=True))
    return Ranking.of(chosen, [draw(st.integers(0, 4)) for _ in chosen])


rankings_by_query = st.dictionaries(st.sampled_from("opqrs"), rankings())


def theirs(ranked, grades, names):
    """{metric: {query: value}} of ir-measures; scores fall with the rank, so that ties are those of the ranking."""
    qrels = [Qrel(query, id, grade) for query, given in grades.items() for id, grade in given.items()]
    places = [(query, id, rank) for query in ranked.keys() & grades.keys() for id, rank in ranked[query].ranks.items()]
    run = [ScoredDoc(query, id, -float(rank)) for query, id, rank in places]
    found = {name: dict.fromkeys(grades, 0.0) for name in names}
    for name in names:
        for value in ir_measures.iter_calc([ir_measures.parse_measure(name)], qrels, run) if run else ():
            found[name][value.query_id] = value.value
    return found


@settings(max_examples=150, deadline=None)
@given(ranked=rankings_by_query, grades=judged_by_query)
def test_metrics_equal_those_of_ir_measures(ranked, grades):
    assert all(measure_of(name) is not None for name in NAMES)
    ours, expected = score_rankings(ranked, grades, NAMES), theirs(ranked, grades, NAMES)
    for name in NAMES:
        assert ours[name] == pytest.approx(expected[name], abs=1e-9), name


@settings(max_examples=60, deadline=None)
@given(ranked=rankings_by_query, grades=judged_by_query)
def test_recall_without_a_cutoff_is_that_of_the_set(ranked, grades):
    ours, expected = score_rankings(ranked, grades, ("R", "R(rel=2)")), theirs(ranked, grades, ("SetR", "SetR(rel=2)"))
    assert ours["R"] == pytest.approx(expected["SetR"], abs=1e-9)
    assert ours["R(rel=2)"] == pytest.approx(expected["SetR(rel=2)"], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(ranked=rankings_by_query, grades=judged_by_query)
def test_condensed_lists_score_as_judged_only(ranked, grades):
    """ir-measures asks trec_eval for the same by the parameter `judged_only`; a grade below 0 is no judgment there."""
    grades = {query: {id: max(grade, 0) for id, grade in given.items()} for query, given in grades.items()}
    ours = score_rankings(condensed(ranked, grades), grades, ("nDCG@5", "P@3", "AP"))
    expected = theirs(ranked, grades, ("nDCG(judged_only=True)@5", "P(judged_only=True)@3", "AP(judged_only=True)"))
    for found, named in zip(ours.values(), expected.values(), strict=True):
        assert found == pytest.approx(named, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(ranked=rankings_by_query, grades=judged_by_query, p=st.sampled_from([0.3, 0.8, 0.95]), cutoff=st.sampled_from(CUTOFFS))
def test_rbp_with_a_cutoff_is_the_sum_over_the_first_ranks(ranked, grades, p, cutoff):
    """Moffat and Zobel (2008), equation 4: (1 - p) times the sum of r_i p^(i - 1)."""
    name = f"RBP(p={p})@{cutoff}"
    for query, value in score_rankings(ranked, grades, (name,))[name].items():
        ids = ranked.get(query, Ranking()).ids[:cutoff]
        terms = [p ** (rank - 1) for rank, id in enumerate(ids, start=1) if grades[query].get(id, 0) >= 1]
        assert value == pytest.approx((1 - p) * sum(terms), abs=1e-12)


@pytest.mark.parametrize("family", MEASURES)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), width=st.integers(0, 6), judged=st.integers(0, 4), depth=st.integers(1, 8))
def test_many_settings_at_once_are_each_by_itself(family, seed, width, judged, depth):
    """(2, 3, q, k) grades give (2, 3, q) values: those of each (1, k) row by itself."""
    random = np.random.default_rng(seed)
    ranked = random.integers(-1, 4, (2, 3, 5, width)).astype(np.int16)
    ranked[random.random(ranked.shape) < 0.3] = UNJUDGED
    grades = np.sort(random.integers(-1, 4, (5, judged)).astype(np.int16), axis=1)[:, ::-1]
    measure = MEASURES[family](depth)
    values = measure.values(ranked, grades)
    assert values.shape == (2, 3, 5)
    assert values.dtype == np.float64
    for place in np.ndindex(2, 3, 5):
        alone = measure.values(ranked[place][None], grades[place[2]][None])
        assert values[place] == pytest.approx(alone[0], abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(ranked=rankings_by_query, grades=judged_by_query)
def test_the_order_of_queries_and_judgments_does_not_matter(ranked, grades):
    turned = {query: dict(reversed(given.items())) for query, given in reversed(grades.items())}
    before, after = score_rankings(ranked, grades, NAMES), score_rankings(ranked, turned, NAMES)
    for name in NAMES:
        assert before[name] == pytest.approx(after[name], abs=1e-12), name


@settings(max_examples=60, deadline=None)
@given(grades=judged_by_query)
def test_judged_holds_each_querys_grades_from_the_highest_down(grades):
    judged = Judged.of(grades)
    for query, row in zip(judged.queries, judged.grades.tolist(), strict=True):
        own = sorted(grades[query].values(), reverse=True)
        assert row == own + [ABSENT] * (judged.grades.shape[1] - len(own))


@pytest.mark.parametrize("family", MEASURES)
@given(depth=st.integers(1, 1000), rel=st.integers(1, 9), p=st.floats(0.01, 0.99))
def test_a_measure_is_found_by_its_own_name(family, depth, rel, p):
    kind = MEASURES[family]
    parameters = {name: value for name, value in {"rel": rel, "p": p}.items() if name in kind.__dataclass_fields__}
    measure = kind(depth, **parameters)
    assert measure_of(measure.name) == measure
