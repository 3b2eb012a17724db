"""Six judged queries over the small corpus, and the steps of the guided tuning run on them."""

from retrieval.embedders import LSA
from retrieval.pipeline import Pipeline
from retrieval.tuning.steps import STEPS, Ground, silent
from retrieval.types import Judgment, Query
from retrieval.workspace import Workspace

GRADES = {
    "24 V relay": {"d00": 3, "d01": 1, "d11": 1},
    "water droplets in the cabinet": {"d04": 3, "d09": 1},
    "what survives a wash-down": {"d00": 2},
    "power supply of ten amperes": {"d06": 3, "d05": 1},
    "pump pump water": {"d02": 3},
    "sealed sensor for metal": {"d08": 3, "d02": 1},
}
QUERIES = tuple(Query(f"q{at}", text, "numeric" if at < 3 else "") for at, text in enumerate(GRADES))
JUDGMENTS = [Judgment(query.id, document, grade) for query in QUERIES for document, grade in GRADES[query.text].items()]
UNJUDGED = Query("other", "rail")
PIPELINE = Pipeline(embedder=LSA(8), results=3, rerank_count=5)


def on(corpus, folder, queries, judgments=JUDGMENTS):
    """The ground of the steps, with a workspace of its own below a folder."""
    return Ground.of(corpus, queries, judgments, Workspace(folder / "workspace"))


def quiet(sentence, share):
    pass


def run(step, ground, pipeline=PIPELINE, values=None, progress=quiet, so_far=silent):
    """What a step finds, with the values that it tries by itself unless others are given."""
    return STEPS[step].run(ground, pipeline, STEPS[step].defaults if values is None else values, progress, so_far)


def names(result):
    return [variant.name for variant in result.variants]
