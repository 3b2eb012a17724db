"""Retrieval Playground's library: read, split, index, search, fuse, rerank, evaluate. Usable from a notebook or a script.

For example:

    from retrieval import Corpus, Engine, Pipeline, Workspace, read_collection

    collection = read_collection("parts-catalogue")
    engine = Engine.open(Corpus("parts", collection.documents), Pipeline(), Workspace())
    trace = engine.search("24 V relay that survives wash-down")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval import judging
from retrieval.chunking import (
    CHUNKERS,
    Chunker,
    FixedSize,
    LengthReport,
    Sentences,
    StructureAware,
    Survey,
    WholeDocument,
    cut_off,
    excerpt,
    length_report,
    lengths,
    outline,
    sample_documents,
    seen_end,
    split,
    survey,
    text_parts,
)
from retrieval.chunks import Chunks
from retrieval.corpora import Known, corpora, known, open_both, read_collection
from retrieval.costs import Cost, IndexCost, index_cost
from retrieval.dense import DENSE, HNSW, Exact
from retrieval.embedders import EMBEDDERS, LSA, SentenceTransformerModel
from retrieval.embedding import duration
from retrieval.engine import Engine, Finished
from retrieval.errors import BadInput, BadSetting, DatabaseUnavailable, IndexCorrupted, ModelUnavailable, PlaygroundError
from retrieval.explanation import Explanation, Standing, explain, standings
from retrieval.exporting import beir_zip, csv_table
from retrieval.fusion import FUSIONS, RRF
from retrieval.indexes import built, index_key
from retrieval.judgeable import Judgeable
from retrieval.latency import Latency, measure_latency
from retrieval.memo import Memo
from retrieval.metrics import DEFAULT_METRICS, MEASURES, cutoff_of, grades_by_query, measure_of, score_rankings
from retrieval.passages import Piece, matched, passage
from retrieval.pipeline import Pipeline, kind_of, read_pipeline
from retrieval.readers import READERS, Collection, ReadReport, Refusal, read_beir, read_files
from retrieval.readers.folders import allowed, files_below
from retrieval.readers.preview import PREVIEWS, Preview, columns
from retrieval.readers.preview import guess as guess_fields
from retrieval.readers.safely import Worker, read_safely
from retrieval.readers.settings import Fields, Limits, Reading
from retrieval.readers.summary import Summary, summarise
from retrieval.rerankers import RERANKERS, CrossEncoder, LateInteraction, NoReranker, Weighting
from retrieval.sparse import BM25_VARIANTS
from retrieval.text import Analyser, languages
from retrieval.tracing import Traces, TraceStore, trace
from retrieval.types import GRADES, STAGES, Chunk, Corpus, Document, Heading, Judgment, Progress, Query, Ranking, Structure, Trace
from retrieval.workspace import Workspace

if TYPE_CHECKING:
    from retrieval import comparing, experiments, tracing, tuning
    from retrieval.corpora import Change, CorpusStore, Record
    from retrieval.database import back_up, latest_backup, postgresql_url
    from retrieval.evaluation import evaluate, sample
    from retrieval.jobs import Job, Jobs
    from retrieval.judging import JudgmentStore
    from retrieval.statistics import Difference, Estimate, bands, bounds, differences, estimate, interval, significance

MODULES = ("comparing", "experiments", "tracing", "tuning")
LAZY = {
    "back_up": "retrieval.database",
    "bands": "retrieval.statistics",
    "bounds": "retrieval.statistics",
    "Change": "retrieval.corpora",
    "CorpusStore": "retrieval.corpora",
    "Difference": "retrieval.statistics",
    "differences": "retrieval.statistics",
    "Estimate": "retrieval.statistics",
    "estimate": "retrieval.statistics",
    "evaluate": "retrieval.evaluation",
    "interval": "retrieval.statistics",
    "Job": "retrieval.jobs",
    "Jobs": "retrieval.jobs",
    "JudgmentStore": "retrieval.judging",
    "latest_backup": "retrieval.database",
    "postgresql_url": "retrieval.database",
    "Record": "retrieval.corpora",
    "sample": "retrieval.evaluation",
    "significance": "retrieval.statistics",
}

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
    "MEASURES",
    "PREVIEWS",
    "READERS",
    "RERANKERS",
    "RRF",
    "STAGES",
    "Analyser",
    "BadInput",
    "BadSetting",
    "Change",
    "Chunk",
    "Chunker",
    "Chunks",
    "Collection",
    "Corpus",
    "CorpusStore",
    "Cost",
    "CrossEncoder",
    "DatabaseUnavailable",
    "Difference",
    "Document",
    "Engine",
    "Estimate",
    "Exact",
    "Explanation",
    "Fields",
    "Finished",
    "FixedSize",
    "Heading",
    "IndexCorrupted",
    "IndexCost",
    "Job",
    "Jobs",
    "Judgeable",
    "Judgment",
    "JudgmentStore",
    "Known",
    "LateInteraction",
    "Latency",
    "LengthReport",
    "Limits",
    "Memo",
    "ModelUnavailable",
    "NoReranker",
    "Piece",
    "Pipeline",
    "PlaygroundError",
    "Preview",
    "Progress",
    "Query",
    "Ranking",
    "ReadReport",
    "Reading",
    "Record",
    "Refusal",
    "SentenceTransformerModel",
    "Sentences",
    "Standing",
    "Structure",
    "StructureAware",
    "Summary",
    "Survey",
    "Trace",
    "TraceStore",
    "Traces",
    "Weighting",
    "WholeDocument",
    "Worker",
    "Workspace",
    "allowed",
    "back_up",
    "bands",
    "beir_zip",
    "bounds",
    "built",
    "columns",
    "comparing",
    "corpora",
    "csv_table",
    "cut_off",
    "cutoff_of",
    "differences",
    "duration",
    "estimate",
    "evaluate",
    "excerpt",
    "experiments",
    "explain",
    "files_below",
    "grades_by_query",
    "guess_fields",
    "index_cost",
    "index_key",
    "interval",
    "judging",
    "kind_of",
    "known",
    "languages",
    "latest_backup",
    "length_report",
    "lengths",
    "matched",
    "measure_latency",
    "measure_of",
    "open_both",
    "outline",
    "passage",
    "postgresql_url",
    "read_beir",
    "read_collection",
    "read_files",
    "read_pipeline",
    "read_safely",
    "sample",
    "sample_documents",
    "score_rankings",
    "seen_end",
    "significance",
    "split",
    "standings",
    "summarise",
    "survey",
    "text_parts",
    "trace",
    "tracing",
    "tuning",
]


def __getattr__(name: str) -> Any:
    """What needs SQLAlchemy or locks, or only an evaluation does, when it is first asked for: importing stays quick."""
    from importlib import import_module

    if name in MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(LAZY[name]), name)
