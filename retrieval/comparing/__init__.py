"""Runs compared on a query set: quality and time, differences with their uncertainty, classes, files, and a gate."""

from __future__ import annotations

from retrieval.comparing.classes import FEW, NO_CLASS, ClassTable, class_table, members_of
from retrieval.comparing.comparison import Comparison, compare, judged_at
from retrieval.comparing.files import about, per_query_csv, report, trec_run
from retrieval.comparing.gate import Bound, below, bound_of, changed, read_report, worse
from retrieval.comparing.keeping import experiment
from retrieval.comparing.notes import notes
from retrieval.comparing.runs import FINAL, Run, imported_run, stage_run, stage_runs

__all__ = [
    "FEW",
    "FINAL",
    "NO_CLASS",
    "Bound",
    "ClassTable",
    "Comparison",
    "Run",
    "about",
    "below",
    "bound_of",
    "changed",
    "class_table",
    "compare",
    "experiment",
    "imported_run",
    "judged_at",
    "members_of",
    "notes",
    "per_query_csv",
    "read_report",
    "report",
    "stage_run",
    "stage_runs",
    "trec_run",
    "worse",
]
