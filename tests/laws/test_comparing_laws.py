"""Laws of comparing: what has no part in a number, which way round a difference goes, and what a file gives back."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.comparing import Bound, Run, below, class_table, compare, notes, report, trec_run, worse
from retrieval.judgeable import Judgeable
from retrieval.judging import read_run
from retrieval.types import Judgment, Query, Ranking

DOCUMENTS = st.permutations("abcdef").flatmap(lambda ids: st.integers(0, 6).map(lambda count: tuple(ids[:count])))
IDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="\ufeff"), min_size=1, max_size=4).filter(
    lambda id: not re.search(r"\s", id)
)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
METRICS = ("nDCG@3", "AP", "Judged@2")
EXAMPLES = settings(max_examples=60, deadline=None)


@st.composite
def problems(draw):
    """Queries with grades, and two runs on them."""
    count = draw(st.integers(1, 6))
    queries = tuple(Query(f"q{at}", "text", draw(st.sampled_from(["", "x", "y"]))) for at in range(count))
    grades = {query.id: draw(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), min_size=1)) for query in queries}
    runs = tuple(Run(name, {query.id: ranking(draw(DOCUMENTS)) for query in queries}) for name in "AB")
    return queries, grades, runs


def ranking(ids):
    return Ranking(ids, tuple(float(-rank) for rank in range(len(ids))))


@EXAMPLES
@given(problems(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_queries_has_no_part_in_means_classes_and_notes(problem, condense, random):
    queries, grades, runs = problem
    shuffled = random.sample(queries, len(queries))
    one, other = (compare(runs, given, Judgeable(grades, {}), METRICS, condense=condense) for given in (queries, shuffled))
    for metric in METRICS:
        for run in "AB":
            assert one.estimate(run, metric).mean == pytest.approx(other.estimate(run, metric).mean)
            assert one.judged_share(run, metric) == pytest.approx(other.judged_share(run, metric))
        this, that = one.difference("B", metric), other.difference("B", metric)
        assert (this.improved, this.equal, this.worse) == (that.improved, that.equal, that.worse)
        tables = [class_table(found, metric) for found in (one, other)]
        assert tables[0].classes == tables[1].classes
        np.testing.assert_allclose(tables[0].means, tables[1].means)
    judgments = [Judgment(query, id, grade) for query, own in grades.items() for id, grade in own.items()]
    assert notes(one, queries, judgments, "abc") == notes(other, shuffled, judgments[::-1], "abc")


@EXAMPLES
@given(problems())
def test_a_difference_turns_round_with_its_baseline(problem):
    queries, grades, runs = problem
    forth, back = (
        compare(runs, queries, Judgeable(grades, {}), METRICS, baseline).difference(run, "nDCG@3")
        for baseline, run in (("A", "B"), ("B", "A"))
    )
    assert forth.mean == pytest.approx(-back.mean)
    assert (forth.improved, forth.equal, forth.worse) == (back.worse, back.equal, back.improved)
    assert (forth.p, forth.p_holm) == (back.p, back.p_holm)
    if forth.low is not None:
        # the ends are quantiles of the same resamples, between which NumPy interpolates alike from both sides
        assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low), abs=1e-6)


@EXAMPLES
@given(problems(), st.booleans())
def test_the_class_means_weighted_by_their_queries_are_the_mean(problem, condense):
    queries, grades, runs = problem
    found = compare(runs, queries, Judgeable(grades, {}), METRICS, condense=condense)
    for metric in METRICS:
        table = class_table(found, metric)
        assert table.counts.sum() == len(queries)
        means = [found.estimate(run, metric).mean for run in table.runs]
        np.testing.assert_allclose(table.means @ table.counts / len(queries), means, atol=1e-12)


@EXAMPLES
@given(problems())
def test_no_run_is_worse_than_itself_nor_below_its_own_mean(problem):
    queries, grades, runs = problem
    found = compare(runs, queries, Judgeable(grades, {}), METRICS)
    earlier = json.loads(json.dumps(report(found, {}), allow_nan=False))
    for run in "AB":
        assert worse(found, run, earlier, METRICS) == ""
        assert below(found, run, [Bound(metric, found.estimate(run, metric).mean) for metric in METRICS]) == ""


@EXAMPLES
@given(st.dictionaries(IDS, st.dictionaries(IDS, FINITE, min_size=1, max_size=4), min_size=1, max_size=3), st.text())
def test_a_trec_run_reads_back_bit_for_bit(scores, name):
    rankings = {query: Ranking.of(own.keys(), own.values()) for query, own in scores.items()}
    found = read_run("a.run", trec_run(Run(name, rankings)).encode())
    assert not found.refused
    assert found.rankings == rankings
