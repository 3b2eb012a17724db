"""Laws of pools, orders and progress over arbitrary rankings; of agreement over arbitrary grades."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.judging.agreement import cohen_kappas, krippendorff_alpha
from retrieval.judging.disagreement import disagreements
from retrieval.judging.ordering import ORDERS, informativeness, queue
from retrieval.judging.pool import pool
from retrieval.judging.progress import progress
from retrieval.judging.runs import read_run
from retrieval.judging.verdicts import Verdict
from retrieval.types import Ranking

IDS = [f"d{n}" for n in range(12)]
JUDGED = st.sets(st.sampled_from(IDS))


@st.composite
def rankings(draw) -> Ranking:
    chosen = draw(st.lists(st.sampled_from(IDS), unique=True))
    return Ranking.of(chosen, [draw(st.integers(0, 5)) / 4 for _ in chosen])


several = st.dictionaries(st.sampled_from(["dense", "sparse", "fused", "run"]), rankings(), max_size=4)


@st.composite
def verdicts(draw) -> list[Verdict]:
    words = st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(IDS[:4]),
        st.sampled_from("xyz"),
        st.sampled_from([0, 1, 2, 3, None]),
        st.booleans(),
    )
    return [
        Verdict(query, document, grade, cant_tell=unsure and grade is None, rater=rater)
        for query, document, rater, grade, unsure in draw(st.lists(words, max_size=40))
    ]


@settings(max_examples=80, deadline=None)
@given(sources=several, depth=st.integers(1, 15))
def test_a_deeper_pool_holds_the_shallower_one(sources, depth):
    shallow, deep = pool("q", sources, depth), pool("q", sources, depth + 1)
    assert set(shallow.documents) <= set(deep.documents)
    assert all(set(ranking.ids[:depth]) <= set(shallow.documents) for ranking in sources.values())
    assert len(shallow.documents) <= depth * len(sources)


@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=80, deadline=None)
@given(sources=several, judged=JUDGED, later=st.lists(st.sampled_from(IDS)), rater=st.text(max_size=3))
def test_a_queue_holds_each_unjudged_document_once(order, sources, judged, later, rater):
    found = pool("q", sources)
    shown = queue(found, judged, "set", rater, order, later)
    assert sorted(shown) == sorted(set(found.documents) - judged)
    assert shown == queue(found, judged, "set", rater, order, later)
    unmoved = queue(found, judged, "set", rater, order)
    assert [document for document in shown if document not in later] == [
        document for document in unmoved if document not in later
    ]


@settings(max_examples=80, deadline=None)
@given(sources=several, document=st.sampled_from(IDS))
def test_one_more_ranking_never_makes_a_document_less_informative(sources, document):
    value = informativeness(pool("q", {name: ranking for name, ranking in sources.items() if name != "run"}), document)
    assert 0.0 <= value <= 2.0
    if len(sources) > 1 or "run" not in sources:
        assert informativeness(pool("q", sources), document) >= value


@settings(max_examples=80, deadline=None)
@given(sources=several, judged=JUDGED)
def test_progress_adds_up_and_only_grows(sources, judged):
    found = pool("q", sources)
    now, more = progress(found, judged), progress(found, {*judged, *found.documents[:1]})
    assert now.judged + now.left == len(found.documents)
    assert more.judged >= now.judged
    assert all(0.0 <= now.shares[source] <= more.shares[source] <= 1.0 for source in sources)


@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_as_a_run_or_refused(data):
    run = read_run("x", data)
    assert sum(map(len, run.rankings.values())) + len(run.refused) >= max(1, run.rows)


@settings(max_examples=80, deadline=None)
@given(sources=several)
def test_a_run_that_is_written_is_read_back(sources):
    lines = [
        f"{name} Q0 {id} {rank} {score!r} tag"
        for name, found in sources.items()
        for rank, (id, score) in enumerate(zip(found.ids, found.scores, strict=True))
    ]
    run = read_run("x", "\n".join(reversed(lines)).encode())
    assert dict(run.rankings) == {name: found for name, found in sources.items() if len(found)}


@settings(max_examples=80, deadline=None)
@given(given=verdicts(), mirror=st.booleans())
def test_agreement_is_defined_or_says_why(given, mirror):
    words = [
        Verdict(*word.place[:2], None if word.grade is None else 3 - word.grade, word.cant_tell, rater=word.rater)
        for word in given
    ]
    alpha, mirrored = krippendorff_alpha(given), krippendorff_alpha(words)
    assert (alpha.value is None) == bool(alpha.reason)
    assert mirrored.value == (None if alpha.value is None else pytest.approx(alpha.value))
    for found in (alpha, *cohen_kappas(given).values()):
        assert (found.value is None) == bool(found.reason)
        assert found.value is None or -1.0 <= round(found.value, 9) <= 1.0


@settings(max_examples=80, deadline=None)
@given(given=verdicts())
def test_without_disagreements_alpha_is_1(given):
    alpha = krippendorff_alpha(given).value
    if alpha is not None:
        assert (alpha == pytest.approx(1.0)) == (not disagreements(given))
