"""Chunkers: documents to chunks whose spans index the document's text exactly. The table feeds select box, terminal and tests."""

from __future__ import annotations

from retrieval.chunking.base import Chunker, split
from retrieval.chunking.fixed import FixedSize
from retrieval.chunking.marks import outline
from retrieval.chunking.report import LengthReport, cut_off, length_report, lengths, seen_end
from retrieval.chunking.sentences import Sentences
from retrieval.chunking.structure import StructureAware
from retrieval.chunking.survey import Survey, excerpt, sample_documents, survey, text_parts
from retrieval.chunking.whole import WholeDocument

CHUNKERS: dict[str, type[WholeDocument] | type[FixedSize] | type[Sentences] | type[StructureAware]] = {
    "whole document": WholeDocument,
    "fixed size": FixedSize,
    "sentences": Sentences,
    "structure-aware": StructureAware,
}

__all__ = [
    "CHUNKERS",
    "Chunker",
    "FixedSize",
    "LengthReport",
    "Sentences",
    "StructureAware",
    "Survey",
    "WholeDocument",
    "cut_off",
    "excerpt",
    "length_report",
    "lengths",
    "outline",
    "sample_documents",
    "seen_end",
    "split",
    "survey",
    "text_parts",
]
