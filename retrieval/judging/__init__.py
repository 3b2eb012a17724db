"""Judgments: query sets, the grades that people give, and what counts of them."""

from __future__ import annotations

from retrieval.judging.store import JudgmentStore
from retrieval.judging.verdicts import Verdict

__all__ = ["JudgmentStore", "Verdict"]
