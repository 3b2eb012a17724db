"""Guided tuning: five steps, one thing at a time, on one fixed query set. One file a step; the table is their order.

For example:

    ground = Ground.of(corpus, queries, judgments, Workspace())
    for step in STEPS.values():
        result = step.run(ground, pipeline, step.defaults, lambda sentence, share: None, silent)
        print(result.sentence)
        pipeline = result.recommended.pipeline
"""

from __future__ import annotations

from retrieval.tuning.steps.base import Costs, Ground, Searched, Step, StepResult, Variant, silent, varied
from retrieval.tuning.steps.chunker import CHUNKER
from retrieval.tuning.steps.count import COUNT
from retrieval.tuning.steps.embedder import EMBEDDER
from retrieval.tuning.steps.evidence import evidence, told
from retrieval.tuning.steps.fusion import FUSION
from retrieval.tuning.steps.naming import name_of
from retrieval.tuning.steps.reranker import RERANKER

STEPS: dict[str, Step] = {step.name: step for step in (CHUNKER, EMBEDDER, RERANKER, COUNT, FUSION)}

__all__ = [
    "STEPS",
    "Costs",
    "Ground",
    "Searched",
    "Step",
    "StepResult",
    "Variant",
    "evidence",
    "name_of",
    "silent",
    "told",
    "varied",
]
