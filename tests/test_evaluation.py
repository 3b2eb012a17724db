"""Reports worked by hand on rankings that are given, and on a real engine."""

import math
from types import SimpleNamespace

import pytest

from retrieval.engine import Engine
from retrieval.errors import BadInput, BadSetting
from retrieval.evaluation import evaluate, sample
from retrieval.pipeline import Pipeline
from retrieval.tracing import TraceStore
from retrieval.types import STAGES, Chunk, Judgment, Query, Ranking, Trace

QUERIES = (Query("q1", "one", "exact identifier"), Query("q2", "two", "paraphrase"), Query("q3", "three", "paraphrase"))
JUDGMENTS = (Judgment("q1", "a", 3), Judgment("q1", "b", 0), Judgment("q2", "b", 1))


class Listed(tuple):
    """Chunks with the table of their ids."""

    @property
    def table(self):
        return SimpleNamespace(ids=[chunk.id for chunk in self])


class Given:
    """An engine that has two chunks a document and answers from a list; it counts the searches."""

    pipeline = Pipeline()

    def __init__(self):
        chunks = Listed(Chunk(f"{document}#{at}", document, "", 10 * at, 10 * at + 10) for document in "abc" for at in range(2))
        self.indexes = SimpleNamespace(chunks=chunks)
        self.row_of = {chunk.id: row for row, chunk in enumerate(chunks)}
        self.document_of = {chunk.id: chunk.document_id for chunk in chunks}
        self.searched = []

    def fits(self, pipeline):
        return True

    def search(self, text, pipeline=None):
        self.searched.append(text)
        if text not in ("one", "two"):
            raise BadInput(f"nobody knows {text}")
        # dense finds the relevant document first, sparse second (both chunks of b stand before it), fused third, reranked never
        answers = {"one": ("a#1", "b#0"), "two": ("b#0", "c#0")}[text]
        rankings = {
            "dense": Ranking(answers, (2.0, 1.0)),
            "sparse": Ranking((answers[1], answers[1].replace("#0", "#1"), answers[0]), (3.0, 2.0, 1.0)),
            "fused": Ranking(("c#1", answers[1], answers[0]) if text == "one" else ("c#1", "a#0", "b#0"), (3.0, 2.0, 1.0)),
            "reranked": Ranking(),
        }
        ms = 1 if text == "one" else 3
        seconds = {"embed": 0.010 * ms, "dense": 0.001 * ms, "sparse": 0.004 * ms, "fused": 0.001 * ms, "reranked": 0.020 * ms}
        return Trace(text, rankings, seconds)


@pytest.fixture
def report():
    return evaluate(Given(), QUERIES, JUDGMENTS, ("nDCG@10", "RR@10", "R@100"))


def test_every_stage_is_scored_on_documents(report):
    assert tuple(run.name for run in report.runs) == STAGES
    assert [report.mean(stage, "RR@10") for stage in STAGES] == pytest.approx([1.0, 1 / 2, 1 / 3, 0.0])
    assert [report.mean(stage, "R@100") for stage in STAGES] == [1.0, 1.0, 1.0, 0.0]
    assert report.mean("sparse", "nDCG@10") == pytest.approx(1 / math.log2(3))
    assert report.scores["dense"]["nDCG@10"].tolist() == [1.0, 1.0]


def test_only_judged_queries_count(report):
    assert [query.id for query in report.queries] == ["q1", "q2"]


def test_times_are_those_until_a_ranking_is_there(report):
    assert report.run("dense").seconds[:, 0] == pytest.approx((0.011, 0.033))  # with the embedding of the query
    assert report.run("sparse").seconds[:, 0] == pytest.approx((0.004, 0.012))
    assert report.run("fused").seconds[:, 0] == pytest.approx((0.012, 0.036))  # 11 > 4, then 1
    assert report.run("reranked").seconds[:, 0] == pytest.approx((0.032, 0.096))
    assert report.run("sparse").milliseconds(50) == pytest.approx(8.0)


def test_a_quarter_is_unjudged(report):
    assert report.judged_share("dense", "nDCG@10") == pytest.approx(0.75)  # c of four results


def test_judgments_on_documents_are_scored_on_documents(report):
    assert report.levels == {"q1": "documents", "q2": "documents"}
    assert report.level == "documents"


def test_judgments_on_spans_are_scored_on_passages():
    """The second half of a is what answers q1: sparse has it behind b, which counts once, fused behind c too."""
    spans = (Judgment("q1", "a", 3, 12, 18), Judgment("q1", "b", 0))
    report = evaluate(Given(), QUERIES, spans, ("RR@10", "R@1"))
    assert report.level == "passages"
    assert [report.mean(stage, "RR@10") for stage in STAGES] == pytest.approx([1.0, 1 / 2, 1 / 3, 0.0])
    assert report.judged_share("dense", "RR@10") == 1.0  # a's span and b, judged as a whole
    other_half = evaluate(Given(), QUERIES, (Judgment("q1", "a", 3, 2, 8),), ("RR@10",))
    assert [other_half.mean(stage, "RR@10") for stage in STAGES] == [0.0] * 4
    assert other_half.judged_share("dense", "RR@10") == 0.0


def test_each_query_is_scored_on_the_level_of_its_judgments():
    mixed = (Judgment("q1", "a", 3, 0, 10), Judgment("q2", "b", 1))
    report = evaluate(Given(), QUERIES, mixed, ("RR@10",))
    assert report.levels == {"q1": "passages", "q2": "documents"}
    assert report.level == "documents and passages"
    assert report.scores["dense"]["RR@10"].tolist() == [0.0, 1.0]


def test_the_warm_up_is_not_part_of_the_report():
    engine = Given()
    assert evaluate(engine, QUERIES, JUDGMENTS).run("reranked").seconds.shape == (2, 1)
    assert engine.searched == ["one", "two", "one", "two"]


def test_progress_ends_at_the_whole():
    steps = []
    evaluate(Given(), QUERIES, JUDGMENTS, progress=lambda sentence, share: steps.append((sentence, share)))
    assert steps == [("Warming up", 0.0)] * 2 + [("Search 1 of 2", 0.5), ("Search 2 of 2", 1.0)]


def test_a_query_that_is_refused_counts_0():
    report = evaluate(Given(), QUERIES, (*JUDGMENTS, Judgment("q3", "a", 1)), ("RR@10",))
    assert [query.id for query in report.queries] == ["q1", "q2", "q3"]
    assert report.scores["dense"]["RR@10"].tolist() == [1.0, 1.0, 0.0]
    assert report.run("dense").seconds.shape == (2, 1)


def test_changed_judgments_cost_no_search(engine, home):
    """Once d06 is what is wanted, then d05: of the same rankings, which a closed engine no longer makes."""
    query, store = (Query("q", "VDN-2410-X"),), TraceStore(home)
    assert evaluate(engine, query, (Judgment("q", "d06", 3),), ("RR@10",), store=store).mean("sparse", "RR@10") == 1.0
    idle = Engine(engine.corpus, engine.pipeline, engine.indexes)
    idle.search = None
    changed = evaluate(idle, query, (Judgment("q", "d05", 3),), ("RR@10",), store=store)
    rank = engine.search("VDN-2410-X").rankings["fused"].ranks["d05"]
    assert rank > 1
    assert changed.mean("fused", "RR@10") == 1 / rank


def test_nothing_judged_is_refused():
    with pytest.raises(BadInput, match=r"None of the queries has a judgment.*add judgments or choose another query set"):
        evaluate(Given(), QUERIES, ())
    with pytest.raises(BadInput, match="None of the queries has a judgment"):
        evaluate(Given(), (), JUDGMENTS)


def test_an_unknown_metric_is_refused():
    with pytest.raises(BadSetting, match="'nDGC@10' cannot be computed"):
        evaluate(Given(), QUERIES, JUDGMENTS, ("nDGC@10",))


def test_a_sample_is_drawn_with_a_fixed_seed_in_order():
    queries = [Query(f"{at:03}", "text") for at in range(100)]
    drawn = sample(queries, 10)
    assert drawn == sample(queries, 10)
    assert len({query.id for query in drawn}) == 10
    assert list(drawn) == sorted(drawn, key=lambda query: query.id)
    assert drawn != sample(queries, 10, seed=1)
    assert drawn != tuple(queries[:10])
    assert sample(queries, None) == sample(queries, 100) == sample(queries, 1000) == tuple(queries)


def test_a_real_engine_is_scored_at_the_pipeline_that_is_asked_for(engine):
    queries = (Query("q1", "VDN-2410-X"), Query("q2", "anti-condensation heater"))
    judgments = (Judgment("q1", "d06", 3), Judgment("q2", "d04", 3))
    words = evaluate(engine, queries, judgments, pipeline=engine.pipeline.with_(weight=0.0, blend=0.0))
    assert by_query(words, "fused") == by_query(words, "sparse") == by_query(words, "reranked")
    assert words.mean("sparse", "RR@10") == 1.0
    meaning = evaluate(engine, queries, judgments, pipeline=engine.pipeline.with_(weight=1.0))
    assert by_query(meaning, "fused") == by_query(meaning, "dense")


def by_query(comparison, run):
    return {metric: values.tolist() for metric, values in comparison.scores[run].items()}
