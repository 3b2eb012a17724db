"""Judgments: query sets, the grades that people give, what counts of them, and what is worth judging.

Every name is loaded when it is first asked for: some need SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval.judging.agreement import Agreement, cohen_kappas, confusion, krippendorff_alpha, reading
    from retrieval.judging.classes import RULES as QUERY_CLASSES
    from retrieval.judging.classes import Suggestion, suggest
    from retrieval.judging.collected import with_sets
    from retrieval.judging.disagreement import Disagreement, disagreements
    from retrieval.judging.files import (
        CONFLICTS,
        FORMATS,
        SCALES,
        UNKNOWN_DOCUMENTS,
        UNKNOWN_QUERIES,
        Entering,
        Format,
        Labels,
        Preview,
        Refused,
        Resolution,
        Scale,
        left_out,
        scale_of,
    )
    from retrieval.judging.files import export as export_file
    from retrieval.judging.files import guess as guess_format
    from retrieval.judging.files import preview as preview_file
    from retrieval.judging.guidelines import GUIDELINES
    from retrieval.judging.holding import PORTIONS, held_out, portion_of
    from retrieval.judging.inherit import inherited
    from retrieval.judging.known_items import Drawn, KnownItem, KnownItems
    from retrieval.judging.listing import SHOWN, Line, lines
    from retrieval.judging.log_sample import BANDS, Candidate, LogSample
    from retrieval.judging.naming import query_id
    from retrieval.judging.ordering import DEFAULT_ORDER, ORDERS, queue
    from retrieval.judging.pool import Pool, document_rankings
    from retrieval.judging.pool import pool as pool_of
    from retrieval.judging.progress import Progress, judged_documents
    from retrieval.judging.progress import progress as progress_of
    from retrieval.judging.querylog import QueryLog, folded, read_log
    from retrieval.judging.raters import Comparison, compare_raters
    from retrieval.judging.records import QuerySet
    from retrieval.judging.rules import RULES, check_rule, judgments_by
    from retrieval.judging.runs import Run, read_run
    from retrieval.judging.sets import QuerySets
    from retrieval.judging.sources import KNOWN_ITEM, SEARCH, SHIPPED, SOURCES, is_synthetic, without_synthetic
    from retrieval.judging.store import JudgmentStore, Stats
    from retrieval.judging.verdicts import Verdict

__all__ = [
    "BANDS",
    "CONFLICTS",
    "DEFAULT_ORDER",
    "FORMATS",
    "GUIDELINES",
    "KNOWN_ITEM",
    "ORDERS",
    "PORTIONS",
    "QUERY_CLASSES",
    "RULES",
    "SCALES",
    "SEARCH",
    "SHIPPED",
    "SHOWN",
    "SOURCES",
    "UNKNOWN_DOCUMENTS",
    "UNKNOWN_QUERIES",
    "Agreement",
    "Candidate",
    "Comparison",
    "Disagreement",
    "Drawn",
    "Entering",
    "Format",
    "JudgmentStore",
    "KnownItem",
    "KnownItems",
    "Labels",
    "Line",
    "LogSample",
    "Pool",
    "Preview",
    "Progress",
    "QueryLog",
    "QuerySet",
    "QuerySets",
    "Refused",
    "Resolution",
    "Run",
    "Scale",
    "Stats",
    "Suggestion",
    "Verdict",
    "check_rule",
    "cohen_kappas",
    "compare_raters",
    "confusion",
    "disagreements",
    "document_rankings",
    "export_file",
    "folded",
    "guess_format",
    "held_out",
    "inherited",
    "is_synthetic",
    "judged_documents",
    "judgments_by",
    "krippendorff_alpha",
    "left_out",
    "lines",
    "pool_of",
    "portion_of",
    "preview_file",
    "progress_of",
    "query_id",
    "queue",
    "read_log",
    "read_run",
    "reading",
    "scale_of",
    "suggest",
    "with_sets",
    "without_synthetic",
]

_PLACES = {
    "agreement": ("Agreement", "cohen_kappas", "confusion", "krippendorff_alpha", "reading"),
    "classes": ("Suggestion", "suggest"),
    "collected": ("with_sets",),
    "disagreement": ("Disagreement", "disagreements"),
    "files": (
        "CONFLICTS",
        "FORMATS",
        "SCALES",
        "UNKNOWN_DOCUMENTS",
        "UNKNOWN_QUERIES",
        "Entering",
        "Format",
        "Labels",
        "Preview",
        "Refused",
        "Resolution",
        "Scale",
        "left_out",
        "scale_of",
    ),
    "guidelines": ("GUIDELINES",),
    "holding": ("PORTIONS", "held_out", "portion_of"),
    "inherit": ("inherited",),
    "known_items": ("Drawn", "KnownItem", "KnownItems"),
    "listing": ("SHOWN", "Line", "lines"),
    "log_sample": ("BANDS", "Candidate", "LogSample"),
    "naming": ("query_id",),
    "ordering": ("DEFAULT_ORDER", "ORDERS", "queue"),
    "pool": ("Pool", "document_rankings"),
    "progress": ("Progress", "judged_documents"),
    "querylog": ("QueryLog", "folded", "read_log"),
    "raters": ("Comparison", "compare_raters"),
    "records": ("QuerySet",),
    "rules": ("RULES", "check_rule", "judgments_by"),
    "runs": ("Run", "read_run"),
    "sets": ("QuerySets",),
    "sources": ("KNOWN_ITEM", "SEARCH", "SHIPPED", "SOURCES", "is_synthetic", "without_synthetic"),
    "store": ("JudgmentStore", "Stats"),
    "verdicts": ("Verdict",),
}
_ALIASES = {
    "QUERY_CLASSES": ("classes", "RULES"),
    "export_file": ("files", "export"),
    "guess_format": ("files", "guess"),
    "pool_of": ("pool", "pool"),
    "preview_file": ("files", "preview"),
    "progress_of": ("progress", "progress"),
}
_FOUND = {name: (module, name) for module, names in _PLACES.items() for name in names} | _ALIASES


def __getattr__(name: str) -> Any:
    if name not in _FOUND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _FOUND[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)
