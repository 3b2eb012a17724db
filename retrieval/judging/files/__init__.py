"""Queries and judgments in files: pure functions from bytes to values and back, one file a format.

`guess` names the format, `preview` says what an import would do, `Preview.resolved` what enters, `export` writes.
"""

from __future__ import annotations

from retrieval.judging.files.base import Labels, Refused, Said
from retrieval.judging.files.formats import COMPLETE, FORMATS, Format, export, format_of, left_out
from retrieval.judging.files.guessing import guess
from retrieval.judging.files.importing import preview
from retrieval.judging.files.preview import Conflict, Duplicate, Preview
from retrieval.judging.files.resolution import CONFLICTS, UNKNOWN_DOCUMENTS, UNKNOWN_QUERIES, Entering, Resolution
from retrieval.judging.files.scales import AS_IS, SCALES, Scale, scale_of

__all__ = [
    "AS_IS",
    "COMPLETE",
    "CONFLICTS",
    "FORMATS",
    "SCALES",
    "UNKNOWN_DOCUMENTS",
    "UNKNOWN_QUERIES",
    "Conflict",
    "Duplicate",
    "Entering",
    "Format",
    "Labels",
    "Preview",
    "Refused",
    "Resolution",
    "Said",
    "Scale",
    "export",
    "format_of",
    "guess",
    "left_out",
    "preview",
    "scale_of",
]
