"""Traces on disk: a piece for each pipeline and text of a query."""

from __future__ import annotations

from retrieval.pieces import PieceStore
from retrieval.tracing.kept import Kept, decode, encode


class TraceStore(PieceStore[Kept]):
    """The traces of a corpus by its lineage, of a pipeline by `traces_key`, by the text of the query."""

    encode = staticmethod(encode)
    decode = staticmethod(decode)
