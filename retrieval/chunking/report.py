"""How long chunks are for a model, and what of them it will not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Chunk, Tokenizer


def lengths(chunks: Sequence[Chunk], tokenizer: Tokenizer) -> NDArray[np.int64]:
    """Tokens of each chunk's content, with those that the model adds; (n,)."""
    return tokenizer.counts([chunk.content for chunk in chunks]) + tokenizer.added


def cut_off(lengths: NDArray[np.int64], limit: int | None) -> tuple[float, int]:
    """The share of chunks that have more than `limit` tokens, 0 to 1, and how many tokens the model will not see of them all."""
    if limit is None or not len(lengths):
        return 0.0, 0
    over = np.maximum(lengths - limit, 0)
    return float(np.mean(over > 0)), int(over.sum())


@dataclass(frozen=True, slots=True)
class LengthReport:
    """How many chunks there are, their tokens, the share that the model cuts off (0 to 1) and the tokens that it does not see."""

    chunks: int
    mean: float
    median: float
    longest: int
    cut: float
    unseen: int


def length_report(lengths: NDArray[np.int64], limit: int | None) -> LengthReport:
    """The report of chunks that have `lengths` (n,) tokens, for a model that reads `limit`; all zero where there are none."""
    if not len(lengths):
        return LengthReport(0, 0.0, 0.0, 0, 0.0, 0)
    return LengthReport(
        len(lengths), float(lengths.mean()), float(np.median(lengths)), int(lengths.max()), *cut_off(lengths, limit)
    )


def seen_end(chunk: Chunk, tokenizer: Tokenizer) -> int:
    """The character of the document up to which a model sees `chunk`: `chunk.end`, or less where the model cuts it off."""
    if tokenizer.limit is None:
        return chunk.end
    kept = max(0, tokenizer.limit - tokenizer.added)
    spans = tokenizer.spans(chunk.content)
    if len(spans) <= kept:
        return chunk.end
    if not chunk.context:
        return chunk.start + int(spans[kept, 0])
    raw = f"{chunk.context} {chunk.text}"
    in_front = len(raw) - len(raw.lstrip()) - len(chunk.context) - 1
    return max(chunk.start, chunk.start + int(spans[kept, 0]) + in_front)
