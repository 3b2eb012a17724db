"""A query set through a real engine that counts its searches: exactly what is missing is searched, and all is kept."""

from dataclasses import dataclass

import numpy as np
import pytest

from retrieval.embedders import LSA
from retrieval.engine import Engine
from retrieval.errors import BadInput, BadSetting
from retrieval.pipeline import Pipeline
from retrieval.rerankers import NoReranker
from retrieval.rerankers.base import Reranker
from retrieval.tracing import TraceStore, milliseconds, trace, traces_key, unsearched
from retrieval.types import STAGES, Corpus, Query
from retrieval.workspace import Workspace

TEXTS = ("24 V relay", "pump", "sealed sensor", "steel cabinet", "rail")
QUERIES = tuple(Query(f"q{at}", text) for at, text in enumerate(TEXTS))


class Counting(Engine):
    """The engine, noting the text of every search, the warm-up among them."""

    def __init__(self, engine):
        super().__init__(engine.corpus, engine.pipeline, engine.indexes)
        self.searched = []

    def search(self, text, pipeline=None, finished=None):
        self.searched.append(text)
        return super().search(text, pipeline, finished)


@pytest.fixture
def counting(engine):
    return Counting(engine)


@pytest.fixture
def store(home):
    return TraceStore(home)


def bits(traces):
    return [(stage, rows.tolist(), scores.tobytes()) for stage in STAGES for rows, scores in traces.hits(stage)] + [
        traces.seconds.tobytes()
    ]


def stop_at(sentence):
    """A progress that cancels when it hears `sentence`."""

    def progress(said, share):
        if said.startswith(sentence):
            raise KeyboardInterrupt

    return progress


def test_rankings_are_those_of_the_engine_fresh_and_kept(engine, store):
    fresh, again = trace(engine, QUERIES, store), trace(engine, QUERIES, TraceStore(store.home))
    assert bits(again) == bits(fresh)
    for query in QUERIES:
        expected = engine.search(query.text).rankings
        for traces in (fresh, again):
            assert {stage: traces.rankings(stage)[query.id] for stage in STAGES} == expected


def test_a_query_is_searched_once_after_a_warm_up_of_three(counting, store):
    traces = trace(counting, QUERIES, store)
    assert counting.searched == [*TEXTS[:3], *TEXTS]
    assert traces.queries == QUERIES
    assert traces.seconds.shape == (5, 1, 5)


def test_what_is_kept_is_not_searched_again(counting, store):
    trace(counting, QUERIES, store)
    counting.searched.clear()
    trace(counting, QUERIES, store)
    assert counting.searched == []


def test_without_a_store_nothing_is_kept(counting, home):
    trace(counting, QUERIES[:1])
    trace(counting, QUERIES[:1])
    assert counting.searched == ["24 V relay"] * 4  # a warm-up and a search, twice
    assert not home.exists()


def test_a_query_more_costs_one_query(counting, store):
    trace(counting, QUERIES[:4], store)
    counting.searched.clear()
    traces = trace(counting, QUERIES, store)
    assert counting.searched == ["rail", "rail"]  # the warm-up is never timed
    assert [query.id for query in traces.queries] == ["q0", "q1", "q2", "q3", "q4"]


def test_a_cancelled_run_goes_on_where_it_was(counting, store):
    with pytest.raises(KeyboardInterrupt, match=r"^$"):
        trace(counting, QUERIES, store, progress=stop_at("Search 2 of 5"))
    assert counting.searched == [*TEXTS[:3], *TEXTS[:2]]
    counting.searched.clear()
    trace(counting, QUERIES, store)
    assert counting.searched == [*TEXTS[2:], *TEXTS[2:]]


def test_a_search_that_breaks_loses_nothing_before_it(counting, store, monkeypatch):
    def broken(self, text, *rest):
        if text == "steel cabinet":
            raise RuntimeError("out of memory")
        return Engine.search(self, text, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(Counting, "search", broken)
        with pytest.raises(RuntimeError, match="out of memory"):
            trace(counting, QUERIES, store)
    trace(counting, QUERIES, store)
    assert counting.searched == [*TEXTS[3:], *TEXTS[3:]]


def test_long_runs_are_kept_while_they_go_on(engine, home, monkeypatch):
    """With a batch for every query, another reader sees each as soon as it is finished."""
    monkeypatch.setattr("retrieval.pieces.BATCH_SECONDS", 0.0)
    key, seen = traces_key(engine, engine.pipeline), []

    def look(sentence, share):
        seen.append(len(TraceStore(home).read("small", key, TEXTS)))

    trace(engine, QUERIES, TraceStore(home), progress=look)
    assert seen == [0, 0, 0, 1, 2, 3, 4, 5]


def test_repetitions_go_over_the_set_in_passes(counting, store):
    traces = trace(counting, QUERIES[:2], store, repetitions=3)
    assert counting.searched == [*TEXTS[:2], *TEXTS[:2] * 3]
    assert traces.seconds.shape == (2, 3, 5)
    assert traces.totals.shape == (2, 3)


def test_only_missing_repetitions_are_added(counting, store):
    once = trace(counting, QUERIES[:2], store)
    counting.searched.clear()
    thrice = trace(counting, QUERIES[:3], store, repetitions=3)
    one, two, new = TEXTS[:3]
    assert counting.searched == [new, one, two, new, one, two, new, one, two, new]  # warm-up, then what each pass lacks
    assert np.array_equal(thrice.seconds[:2, :1], once.seconds)
    assert np.array_equal(trace(counting, QUERIES[:2], store).seconds, once.seconds)  # of three repetitions, the first


def test_measuring_again_takes_nothing_that_is_kept(counting, store):
    first = trace(counting, QUERIES[:1], store)
    second = trace(counting, QUERIES[:1], store, fresh=True)
    assert counting.searched == ["24 V relay"] * 4
    assert not np.array_equal(first.seconds, second.seconds)
    assert np.array_equal(trace(counting, QUERIES[:1], store).seconds, second.seconds)


def test_queries_of_one_text_are_searched_as_one(counting, store):
    twins = (Query("a", "pump"), Query("b", "pump", "another class"))
    traces = trace(counting, twins, store)
    assert counting.searched == ["pump", "pump"]
    assert traces.rankings("fused")["a"] == traces.rankings("fused")["b"]
    assert len(traces.seconds) == 2


@pytest.mark.parametrize(
    "changes", [{"weight": 0.2}, {"candidates": 7}, {"rerank_count": 11}, {"blend": 0.1}, {"reranker": NoReranker()}]
)
def test_other_settings_are_searched_anew(counting, store, changes):
    trace(counting, QUERIES[:1], store)
    counting.searched.clear()
    other = counting.pipeline.with_(**changes)
    traces = trace(counting, QUERIES[:1], store, other)
    assert counting.searched == ["24 V relay"] * 2
    assert traces.pipeline == other
    assert traces.rankings("reranked")["q0"] == counting.search("24 V relay", other).rankings["reranked"]


def test_how_many_results_are_shown_changes_nothing(counting, store):
    trace(counting, QUERIES[:1], store)
    counting.searched.clear()
    trace(counting, QUERIES[:1], store, counting.pipeline.with_(results=3))
    assert counting.searched == []


def test_another_version_of_the_corpus_is_searched_anew(counting, store, tmp_path):
    trace(counting, QUERIES[:1], store)
    smaller = Corpus(counting.corpus.name, counting.corpus.documents[:9])
    traces = trace(Engine.open(smaller, counting.pipeline, Workspace(tmp_path)), QUERIES[:1], store)
    assert set(traces.rankings("dense")["q0"].ids) <= {document.id for document in smaller.documents}


def test_other_versions_of_the_libraries_are_another_key(engine, monkeypatch):
    key = traces_key(engine, engine.pipeline)
    monkeypatch.setattr("retrieval.tracing.searching._versions", lambda: ("torch 99.0",))
    assert traces_key(engine, engine.pipeline) != key


def test_what_is_refused_is_told_and_the_rest_goes_on(counting, store):
    queries = (Query("empty", " "), QUERIES[0], Query("half", "\ud800"), QUERIES[1])
    for _ in range(2):
        traces = trace(counting, queries, store)
        assert [query.id for query in traces.queries] == ["q0", "q1"]
        assert traces.refused == {
            "empty": "The query is empty; type at least one word.",
            "half": "The query holds half a surrogate pair, which is no valid text; type it again.",
        }
        assert list(traces.rankings("dense")) == ["q0", "q1"]
        assert traces.seconds.shape == (2, 1, 5)


def test_where_everything_is_refused_its_sentence_is_raised(engine, store):
    with pytest.raises(BadInput, match=r"^The query is empty; type at least one word\.$"):
        trace(engine, (Query("a", ""), Query("b", " ")), store)


def test_no_queries_are_no_traces(engine, store):
    traces = trace(engine, (), store)
    assert (traces.queries, traces.rankings("dense"), traces.seconds.shape, traces.measured) == ((), {}, (0, 1, 5), None)
    assert np.isnan(milliseconds(traces.totals, 50))


@dataclass(frozen=True)
class Faulty(Reranker):
    """A reranker that gives one of the queries a score that is no number."""

    score_given: float
    independent = False

    def load(self, tokens):
        return self

    def score(self, request):
        scores = np.zeros(len(request.texts), np.float32)
        scores[-1] = self.score_given if request.query == "pump" else 1.0
        return scores


@pytest.mark.parametrize("score", [float("nan"), float("inf"), float("-inf")])
def test_a_reranker_whose_score_is_no_number_refuses_that_query(engine, store, score):
    pipeline = engine.pipeline.with_(reranker=Faulty(score))
    sentence = "The reranker Faulty gave this query a score that is not a finite number; choose another one."
    with pytest.raises(BadInput, match=f"^{sentence}$"):
        engine.search("pump", pipeline)
    traces = trace(engine, QUERIES, store, pipeline)
    assert traces.refused == {"q1": sentence}
    assert len(traces.rankings("reranked")) == 4


def test_a_pipeline_that_the_engine_does_not_serve_is_refused(engine, store):
    with pytest.raises(BadInput, match="built with another chunker, embedder, analyser or graph; open one for this pipeline"):
        trace(engine, QUERIES, store, Pipeline(embedder=LSA(4)))


def test_no_repetition_is_refused(engine):
    with pytest.raises(BadSetting, match="repetitions 0 must be at least 1"):
        trace(engine, QUERIES, repetitions=0)


def test_progress_tells_what_is_done_known_and_left(engine, store):
    trace(engine, QUERIES[:3], store)
    heard = []
    trace(engine, QUERIES, store, progress=lambda sentence, share: heard.append((sentence, share)))
    assert heard == [
        ("Warming up", 0.0),
        ("Warming up", 0.0),
        ("Search 1 of 2, 3 queries known", 0.5),
        ("Search 2 of 2, 3 queries known", 1.0),
    ]


def test_a_reopened_index_finds_its_traces(corpus, pipeline, store, tmp_path):
    trace(Engine.open(corpus, pipeline, Workspace(tmp_path)), QUERIES, store)
    reopened = Counting(Engine.open(corpus, pipeline, Workspace(tmp_path)))
    assert len(trace(reopened, QUERIES, store).queries) == 5
    assert reopened.searched == []


def test_what_a_trace_would_search_is_counted_without_a_search(counting, store):
    assert unsearched(counting, QUERIES, store) == 5
    assert unsearched(counting, (*QUERIES, Query("twin", TEXTS[0])), store, repetitions=3) == 15
    assert counting.searched == []
    trace(counting, QUERIES[:3], store)
    assert unsearched(counting, QUERIES, store) == 2
    assert unsearched(counting, QUERIES, store, repetitions=2) == 7  # two queries twice, three once more
    assert unsearched(counting, QUERIES, store, counting.pipeline.with_(weight=0.1)) == 5
