"""What the tests of files share: a small set, and how a file is read against it."""

from __future__ import annotations

from retrieval.judging.files import Labels, preview
from retrieval.types import Judgment, Query

QUERIES = (Query("q1", "24 V relay"), Query("q2", "water pump"))
JUDGMENTS = (Judgment("q1", "d1", 3), Judgment("q1", "d2", 0), Judgment("q2", "d3", 2), Judgment("q2", "d3", 1, 4, 9))
LABELS = Labels(QUERIES, JUDGMENTS)


def read(format, data, **options):
    """The preview of a file against the set."""
    data = data.encode() if isinstance(data, str) else data
    return preview(data, format, QUERIES, {"d1", "d2", "d3"}, **options)


def said(found):
    """Line, query, document and grade of every verdict of a preview."""
    return [(one.line, one.verdict.query_id, one.verdict.document_id, one.verdict.grade) for one in found.said]


def sentences(found):
    """What was refused, in sentences."""
    return [str(refusal) for refusal in found.refused]
