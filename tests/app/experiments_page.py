"""What the tests of the page Experiments share: the page, and evaluations to keep."""

from retrieval import NoReranker, Query
from retrieval.experiments import Experiment, Mean, Run
from tests.app.driving import deep_link
from tests.app.evaluate_page import LSA_PIPELINE

KEYWORDS = LSA_PIPELINE.with_(weight=0.0, reranker=NoReranker())
QUERIES_OF_MINE = [
    Query("q1", "24 V relay", "numeric"),
    Query("q2", "what survives *wash-down*", "paraphrase"),
    Query("q3", "screen"),
]
OF_A = {"q1": 1.0, "q2": 0.25, "q3": 0.5}
OF_B = {"q1": 0.5, "q2": 1.0, "q3": 0.5}


def evaluation(mine, name="Before", scores=OF_A, pipeline=LSA_PIPELINE, runs=(), settings=None, **changes):
    """An evaluation of one run, and of `runs`, on a query set over the shop."""
    means = {"RR@10": Mean(sum(scores.values()) / len(scores), 0.1, 0.9)}
    text, fingerprint = (pipeline.to_toml(), pipeline.fingerprint()) if pipeline else ("", "")
    kind, stage = ("stage", "reranked") if pipeline else ("imported", "")
    own = Run("reranked", kind, means, {"RR@10": scores}, text, fingerprint, stage, {"total": 12.34}, {"total": 20.0})
    about = {"kind": "evaluation", "corpus": "shop", "corpus_name": "shop", "corpus_fingerprint": "c", "note": ""}
    about |= {"query_set": mine.key, "query_set_name": "Mine", "judgments_version": "v"}
    given = {"metrics": ["RR@10"], "level": "documents"} if settings is None else settings
    return Experiment(**{**about, "name": name, "runs": (own, *runs), "settings": given, **changes})


def shown(**parameters):
    return deep_link("experiments", **parameters)


def against(**parameters):
    """The page at the section A against B."""
    return shown(experiments="A against B", **parameters)
