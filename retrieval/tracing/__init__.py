"""What a pipeline did for every query of a set, kept on disk by query, so that an evaluation does only what is missing."""

from __future__ import annotations

from retrieval.tracing.kept import STEPS, Hits, Kept
from retrieval.tracing.searching import trace, traces_key, unsearched
from retrieval.tracing.store import TraceStore
from retrieval.tracing.traces import Traces, milliseconds

__all__ = ["STEPS", "Hits", "Kept", "TraceStore", "Traces", "milliseconds", "trace", "traces_key", "unsearched"]
