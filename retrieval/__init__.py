"""Retrieval Playground's library: read, split, index, search, fuse, rerank, evaluate. Usable from a notebook or a script.

For example:

    from retrieval import Corpus, Engine, Pipeline, Workspace, read_collection

    collection = read_collection("parts-catalogue")
    engine = Engine.open(Corpus("parts", collection.documents), Pipeline(), Workspace())
    trace = engine.search("24 V relay that survives wash-down")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.chunking import CHUNKERS, FixedSize, WholeDocument
from retrieval.corpora import corpora, read_collection
from retrieval.dense import DENSE, HNSW, Exact
from retrieval.embedders import EMBEDDERS, LSA, SentenceTransformerModel
from retrieval.engine import Engine, Finished
from retrieval.errors import BadInput, BadSetting, IndexCorrupted, ModelUnavailable, PlaygroundError
from retrieval.evaluation import Report, StageReport, evaluate, sample
from retrieval.explanation import Explanation, Standing, explain, standings
from retrieval.fusion import FUSIONS, RRF
from retrieval.indexes import index_key
from retrieval.latency import Latency, measure_latency
from retrieval.memo import Memo
from retrieval.metrics import DEFAULT_METRICS, grades_by_query, score_rankings
from retrieval.passages import Piece, passage
from retrieval.pipeline import Pipeline, kind_of, read_pipeline
from retrieval.readers import READERS, Collection, read_beir, read_files
from retrieval.rerankers import RERANKERS, CrossEncoder, LateInteraction, NoReranker, Weighting
from retrieval.sparse import BM25_VARIANTS
from retrieval.text import Analyser, languages
from retrieval.types import GRADES, STAGES, Chunk, Corpus, Document, Judgment, Query, Ranking, Trace
from retrieval.workspace import Workspace

if TYPE_CHECKING:
    from retrieval.judging import JudgmentStore

__all__ = [
    "BM25_VARIANTS",
    "CHUNKERS",
    "DEFAULT_METRICS",
    "DENSE",
    "EMBEDDERS",
    "FUSIONS",
    "GRADES",
    "HNSW",
    "LSA",
    "READERS",
    "RERANKERS",
    "RRF",
    "STAGES",
    "Analyser",
    "BadInput",
    "BadSetting",
    "Chunk",
    "Collection",
    "Corpus",
    "CrossEncoder",
    "Document",
    "Engine",
    "Exact",
    "Explanation",
    "Finished",
    "FixedSize",
    "IndexCorrupted",
    "Judgment",
    "JudgmentStore",
    "LateInteraction",
    "Latency",
    "Memo",
    "ModelUnavailable",
    "NoReranker",
    "Piece",
    "Pipeline",
    "PlaygroundError",
    "Query",
    "Ranking",
    "Report",
    "SentenceTransformerModel",
    "StageReport",
    "Standing",
    "Trace",
    "Weighting",
    "WholeDocument",
    "Workspace",
    "corpora",
    "evaluate",
    "explain",
    "grades_by_query",
    "index_key",
    "kind_of",
    "languages",
    "measure_latency",
    "passage",
    "read_beir",
    "read_collection",
    "read_files",
    "read_pipeline",
    "sample",
    "score_rankings",
    "standings",
]


def __getattr__(name: str) -> Any:
    """`JudgmentStore` when it is first asked for: SQLAlchemy would take as long to import as all the rest."""
    if name != "JudgmentStore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from retrieval.judging import JudgmentStore

    return JudgmentStore
