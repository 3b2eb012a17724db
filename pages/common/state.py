"""Every session key, in one list. Keys of settings are also the names of the URL's parameters, so they are short and stable."""

from __future__ import annotations

CORPUS = "corpus"
QUERY = "q"
PICKED = "picked"
PRESET = "preset"

CHUNKER = "chunker"
CHUNK_SIZE = "size"
CHUNK_OVERLAP = "overlap"
OVERLAP_SENTENCES = "overlap_sentences"
CONTEXT = "context"
EMBEDDER = "embedder"
MODEL = "model"
QUERY_PROMPT = "query_prompt"
DOCUMENT_PROMPT = "document_prompt"
LSA_DIMENSIONS = "dimensions"
DENSE = "dense"
HNSW_M = "m"
EF_CONSTRUCTION = "ef_construction"
EF_SEARCH = "ef_search"
BM25 = "bm25"
K1 = "k1"
B = "b"
LANGUAGE = "language"
STOP_WORDS = "stop_words"
STEMS = "stems"
IDENTIFIERS = "identifiers"
FUSION = "fusion"
RRF_K = "rrf_k"
WEIGHT = "weight"
CANDIDATES = "candidates"
RERANKER = "reranker"
RERANK_MODEL = "rerank_model"
WEIGHTING = "weighting"
WHOLE = "whole"
RERANK_COUNT = "rerank"
BLEND = "blend"
RESULTS = "results"
BUDGET = "budget"

PAGE = "page"
SECTION = "part"
NEXT = "moving_to"
IMPORT = "import"
IMPORT_FROM = "import_from"
UPLOAD_ROUND = "upload_round"
SERVER_FOLDER = "server_folder"
KEEP_COPIES = "keep_copies"
ADDED = "added"
FIND = "find"
OTHER = "other_"
PREVIEWED = "previewed"
PREVIEW_FIND = "preview_find"
PREVIEW_AT = "preview_at"
PREVIEW_CHUNK = "preview_chunk"
PROJECTED = "projected"

WHY = "why"
COLOUR_BY = "colour_by"
REPETITIONS = "repetitions"
LATENCY = "latency"
PIPELINE_FILE = "pipeline_file"
FILE_NOTE = "file_note"
LAST_GOOD = "last_good"
SETTINGS_OF = "settings_of"
RATER = "rater"


def grade_key(stage: str, query_id: str, chunk_id: str, grade: int | None) -> str:
    """The key of one grading control; the grade is part of it, so that the same result in another column follows."""
    return f"grade {stage} {query_id} {chunk_id} {grade}"


def upload_key(number: int) -> str:
    """The key of the upload; another number makes an empty one."""
    return f"uploads {number}"


def limit_key(name: str) -> str:
    """The key of the control of one limit of an import."""
    return f"limit {name}"


def field_key(field: str, file: str) -> str:
    """The key of the choice of a field for the tables of an import, of which `file` is the first."""
    return f"field {field} {file}"


def why_key(stage: str, chunk_id: str) -> str:
    """The key of one "why" button."""
    return f"why {stage} {chunk_id}"
