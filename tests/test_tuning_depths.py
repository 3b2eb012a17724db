"""Every count of a sweep is what the engine gives with that count, from one scoring pass that goes on where it was stopped."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from retrieval.chunking import FixedSize
from retrieval.embedders import LSA
from retrieval.engine import Engine, Finished
from retrieval.errors import BadInput, BadSetting
from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.pipeline import Pipeline
from retrieval.rerankers import CrossEncoder, LateInteraction, NoReranker
from retrieval.rerankers.base import Reranker
from retrieval.rerankers.tokens import TokenIndex
from retrieval.tracing import trace
from retrieval.tuning.depths import TIMED, CountSweep, count_sweep, reranked
from retrieval.tuning.scored import ScoreStore, scores_key
from retrieval.types import Corpus, Judgment, Query
from retrieval.workspace import Workspace

METRICS = ("nDCG@10", "AP", "RR@5")
COUNTS = (1, 2, 3, 5, 8, 13)
TEXTS = ("24 V relay", "what survives a wash-down", "sealed pump", "rail", "screened cable")
QUERIES = tuple(Query(f"q{at}", text) for at, text in enumerate(TEXTS))
JUDGMENTS = [
    *(Judgment("q0", document, grade) for document, grade in (("d00", 3), ("d01", 2), ("d11", 1), ("d05", 0))),
    Judgment("q1", "d00", 3, 31, 87),
    Judgment("q1", "d02", 1, 30, 60),
    *(Judgment("q2", document, grade) for document, grade in (("d02", 3), ("d08", 1), ("d00", 1))),
    *(Judgment("q3", document, 2) for document in ("d05", "d06", "d09", "d11")),
    Judgment("q4", "d03", 1),
]


@dataclass(frozen=True)
class Given(Reranker):
    """A setting and its reranker in one: a score by length, and what it was asked."""

    independent: bool = True
    factor: float = 1.0
    asked: list = field(default_factory=list, compare=False, repr=False)

    def load(self, tokens):
        return self

    def score(self, request):
        self.asked.append((request.query, len(request.rows)))
        return np.array([len(text) * self.factor for text in request.texts], np.float32)


class Stopped(Exception):
    """Somebody cancelled."""


def stop_at(share):
    def progress(sentence, done):
        if sentence.startswith("Reranked") and done >= share:
            raise Stopped

    return progress


@pytest.fixture(scope="module")
def chunked(corpus, tmp_path_factory):
    pipeline = Pipeline(chunker=FixedSize(6, 2), embedder=LSA(8), results=1, rerank_count=1)
    return Engine.open(corpus, pipeline, Workspace(tmp_path_factory.mktemp("chunked")))


@pytest.fixture(scope="module")
def judgeable(chunked):
    return Judgeable.of(JUDGMENTS, chunked.indexes.chunks, chunked.document_of)


@pytest.fixture(scope="module")
def traces(chunked):
    return trace(chunked, QUERIES, pipeline=chunked.pipeline.with_(reranker=NoReranker()))


@pytest.fixture
def store(tmp_path):
    return ScoreStore(tmp_path)


@pytest.fixture
def sweep(chunked, judgeable, traces):
    """Sweeps over the counts with a reranker and whatever else is given."""

    def run(reranker=None, counts=COUNTS, **more):
        pipeline = chunked.pipeline.with_(reranker=reranker or Given())
        return count_sweep(chunked, traces, judgeable, METRICS, counts, pipeline, **more)

    return run


@pytest.mark.parametrize("kind", ["late interaction", "late interaction by idf", "cross-encoder", "by company"])
def test_each_count_ranks_and_scores_what_the_engine_does_with_it(chunked, judgeable, traces, tiny_cross_encoder, store, kind):
    reranker = {
        "late interaction": LateInteraction,
        "late interaction by idf": lambda: LateInteraction("idf", whole=0.0),
        "cross-encoder": lambda: CrossEncoder(tiny_cross_encoder()),
        "by company": lambda: Given(independent=False),
    }[kind]()
    pipeline = chunked.pipeline.with_(reranker=reranker, blend=0.7)
    sweep = count_sweep(chunked, traces, judgeable, METRICS, COUNTS, pipeline, store=store)
    kept = store.read(chunked.corpus.lineage, scores_key(chunked, pipeline, COUNTS), TEXTS)
    assert (sweep.queries, sweep.counts) == (tuple(query.id for query in QUERIES), COUNTS)
    finished = Finished()  # the largest count comes first, so that independent scores are those of the same batch
    for at, count in reversed(list(enumerate(COUNTS))):
        asked = pipeline.with_(rerank_count=count)
        found = {query.id: chunked.search(query.text, asked, finished).rankings["reranked"] for query in QUERIES}
        for text, expected, hits in zip(TEXTS, found.values(), traces.hits("fused"), strict=True):
            ranking = reranked(traces.ids, hits, kept[text].scores[at], 0.7)
            assert ranking.ids == expected.ids
            assert ranking.scores == pytest.approx(expected.scores, abs=1e-5)
        scores = score_rankings(judgeable.rankings(found), judgeable.grades, METRICS)
        for metric in METRICS:
            assert sweep.scores[metric][at].tolist() == [scores[metric][query.id] for query in QUERIES]
    assert len(set(map(tuple, sweep.scores["AP"].tolist()))) > 2


def test_the_queries_here_are_scored_on_documents_and_on_places(judgeable):
    assert [judgeable.level(query.id) for query in QUERIES] == ["documents", "passages", *["documents"] * 3]


def test_candidates_are_scored_once_for_all_counts(sweep):
    reranker = Given()
    sweep(reranker)
    assert reranker.asked == [(query.text, 13) for query in QUERIES]


def test_late_interaction_finds_the_best_cosines_once_for_all_counts(sweep, monkeypatch):
    asked, maxima = [], TokenIndex.maxima
    monkeypatch.setattr(TokenIndex, "maxima", lambda self, query, rows: asked.append(len(rows)) or maxima(self, query, rows))
    with pytest.raises(Stopped):  # before times are measured
        sweep(LateInteraction(), progress=stop_at(1.0))
    assert asked == [13] * len(QUERIES)


def test_a_sweep_that_was_stopped_goes_on_where_it_was(sweep, store):
    first, second = Given(), Given()
    with pytest.raises(Stopped):
        sweep(first, progress=stop_at(0.6), store=store)
    again = sweep(second, store=ScoreStore(store.home))
    assert [query for query, _ in first.asked + second.asked] == list(TEXTS)
    for metric, scores in sweep().scores.items():
        assert again.scores[metric].tolist() == scores.tolist()


def test_another_blend_scores_nothing_again_another_reranker_everything(chunked, judgeable, traces, store):
    reranker = Given()
    pipeline = chunked.pipeline.with_(reranker=reranker)
    blends = [
        count_sweep(chunked, traces, judgeable, METRICS, COUNTS, pipeline.with_(blend=blend), store=store).scores["AP"]
        for blend in (0.0, 1.0)
    ]
    assert len(reranker.asked) == len(QUERIES)
    assert blends[0].tolist() != blends[1].tolist()
    other = Given(factor=2.0)
    count_sweep(chunked, traces, judgeable, METRICS, COUNTS, pipeline.with_(reranker=other), store=store)
    assert len(other.asked) == len(QUERIES)


def test_every_step_tells_how_far_it_is(sweep):
    told = []
    sweep(Given(independent=False), progress=lambda sentence, share: told.append((sentence, share)))
    assert told[:2] == [("Reranked 1 of 5 queries", 0.2), ("Reranked 2 of 5 queries", 0.4)]
    assert told[5:7] == [("Timed 1 of 5 queries", 0.2), ("Timed 2 of 5 queries", 0.4)]
    assert told[10:] == [(f"Scored {done} of 6 counts", done / 6) for done in range(1, 7)]


def test_counts_run_from_the_results_shown_to_the_first_that_takes_in_everything(chunked, judgeable, traces):
    pipeline = chunked.pipeline.with_(reranker=Given(), results=3, rerank_count=3)
    most = max(len(rows) for rows, _ in traces.hits("fused"))
    sweep = count_sweep(chunked, traces, judgeable, METRICS, [500, 1, 3, 8, 2, 8, 400], pipeline)
    assert 8 < most < 400
    assert sweep.counts == (3, 8, 400)
    assert count_sweep(chunked, traces, judgeable, METRICS, [most, 400], pipeline).counts == (most,)


def test_a_query_that_finds_nothing_scores_0(chunked, judgeable):
    reranker = Given()
    pipeline = chunked.pipeline.with_(reranker=reranker)
    traces = trace(chunked, (QUERIES[0], Query("q4", "xyzzy")), pipeline=pipeline.with_(reranker=NoReranker()))
    sweep = count_sweep(chunked, traces, judgeable, METRICS, COUNTS, pipeline)
    assert reranker.asked == [("24 V relay", 13)]
    assert sweep.scores["AP"][:, 1].tolist() == sweep.reranking[:, 1].tolist() == [0.0] * len(COUNTS)
    assert sweep.scores["AP"][:, 0].min() > 0


def test_the_seconds_of_an_independent_reranker_are_shared_out_by_candidate(sweep):
    found = sweep(Given())
    assert found.timed.tolist() == [0, 1, 2, 3, 4]
    assert found.reranking[-1].min() > 0
    assert found.reranking / found.reranking[-1] == pytest.approx(np.tile(np.array([COUNTS]).T / 13, 5))


def test_another_reranker_is_timed_with_each_count_after_a_warm_up(sweep):
    reranker = Given(independent=False)
    found = sweep(reranker)
    timed = reranker.asked[len(QUERIES) * len(COUNTS) :]
    assert [count for _, count in timed[:3]] == [13, 13, 13]
    assert timed[3:] == [(query.text, count) for query in QUERIES for count in COUNTS]
    assert found.reranking.shape == (6, 5)
    assert found.reranking.min() > 0


def test_the_queries_that_are_timed_are_spread_over_the_set(chunked, judgeable, traces):
    pipeline = chunked.pipeline.with_(reranker=Given(independent=False))
    many = replace(traces, queries=traces.queries * 20, kept=traces.kept * 20)
    found = count_sweep(chunked, many, judgeable, METRICS, [3], pipeline)
    assert (found.timed[0], found.timed[-1], len(found.timed)) == (0, 99, TIMED)
    assert set(np.diff(found.timed).tolist()) == {3, 4}  # 99 over 29 is 3.4
    assert found.before == pytest.approx(traces.until("fused")[found.timed % 5, 0])


def test_times_are_percentiles_in_milliseconds():
    times = np.array([[0.001, 0.003], [0.002, 0.008]])
    sweep = CountSweep(("q0", "q1"), (10, 20), {}, np.array([0, 1]), times, np.array([0.010, 0.030]))
    assert sweep.reranking_milliseconds(50) == pytest.approx([2.0, 5.0])
    assert sweep.total_milliseconds(50) == pytest.approx([22.0, 25.0])  # of 11 and 33, and of 12 and 38
    assert sweep.total_milliseconds(100) == pytest.approx([33.0, 38.0])


def test_a_metric_that_nobody_knows_is_refused(chunked, judgeable, traces):
    with pytest.raises(BadSetting, match="the metric 'nDGC' cannot be computed"):
        count_sweep(chunked, traces, judgeable, ["nDGC"], COUNTS, chunked.pipeline.with_(reranker=Given()))


def test_an_empty_range_is_refused(sweep):
    with pytest.raises(BadSetting, match="The sweep has no count; give at least one number of candidates"):
        sweep(counts=[])
    with pytest.raises(BadSetting, match="The largest count, 0, is below the 1 results shown; rerank more or show fewer"):
        sweep(counts=[0, -3])


@pytest.mark.parametrize("factor", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused(sweep, factor):
    with pytest.raises(BadInput, match="The reranker Given gave this query a score that is not a finite number; choose another"):
        sweep(Given(factor=factor))


def test_without_a_reranker_there_is_nothing_to_sweep(sweep):
    with pytest.raises(BadInput, match="Nothing is reranked: the pipeline has no reranker or the corpus is empty"):
        sweep(NoReranker())


def test_without_documents_there_is_nothing_to_sweep(chunked, tmp_path):
    engine = Engine.open(Corpus("empty", ()), chunked.pipeline, Workspace(tmp_path))
    traces = trace(engine, QUERIES)
    judgeable = Judgeable.of(JUDGMENTS, (), {})
    with pytest.raises(BadInput, match="Nothing is reranked"):
        count_sweep(engine, traces, judgeable, METRICS)


def test_queries_are_needed_and_a_judgment_of_each(chunked, judgeable, traces):
    with pytest.raises(BadInput, match="There is no query to sweep over"):
        count_sweep(chunked, replace(traces, queries=(), kept=()), judgeable, METRICS)
    unjudged = Judgeable({"q0": {"d00": 1}}, chunked.document_of)
    with pytest.raises(BadInput, match='The query "q1" has no judgment; tune on judged queries only'):
        count_sweep(chunked, traces, unjudged, METRICS, pipeline=chunked.pipeline)


def test_the_traces_must_be_of_the_same_first_stage(chunked, judgeable, traces):
    with pytest.raises(BadInput, match="The traces are those of another first stage; trace the queries with this pipeline"):
        count_sweep(chunked, traces, judgeable, METRICS, pipeline=chunked.pipeline.with_(weight=0.3))
