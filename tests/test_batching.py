"""Windows of texts, and batches of almost equal length within them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from retrieval.embedders import batching


def features(lengths: list[int], left: bool = False) -> dict[str, object]:
    """Tokens 1, 2, … of each text, zeros where it is padded."""
    width = max(lengths)
    rows = [[0] * (width - n) + list(range(1, n + 1)) if left else list(range(1, n + 1)) + [0] * (width - n) for n in lengths]
    ids = torch.tensor(rows)
    return {"input_ids": ids, "attention_mask": (ids > 0).long(), "size": torch.tensor(lengths), "modality": "text"}


def test_windows_hold_every_row_once_and_texts_of_similar_length() -> None:
    texts = ["x" * length for length in np.random.default_rng(1).integers(0, 1000, 200).tolist()]
    found = list(batching.windows(texts))
    assert sorted(np.concatenate(found).tolist()) == list(range(200))
    assert sorted(map(len, found)) == [8, 64, 64, 64]
    spans = sorted((min(len(texts[row]) for row in rows), max(len(texts[row]) for row in rows)) for rows in found)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_no_texts_no_windows() -> None:
    assert list(batching.windows([])) == []


@pytest.mark.parametrize("left", [False, True], ids=["padded right", "padded left"])
def test_batches_are_cut_by_tokens_and_lose_their_padding(left: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "TOKENS_PER_BATCH", 8)
    found = list(batching.batches(np.array([10, 11, 12, 13, 14]), features([3, 9, 2, 4, 4], left)))
    assert [rows.tolist() for rows, _ in found] == [[11], [13, 14], [10, 12]]
    zero = [[0, 1, 2]] if left else [[1, 2, 0]]
    ids = [values["input_ids"].tolist() for _, values in found]
    assert ids == [[[1, 2, 3, 4, 5, 6, 7, 8, 9]], [[1, 2, 3, 4]] * 2, [[1, 2, 3], *zero]]
    assert [values["size"].tolist() for _, values in found] == [[9], [4, 4], [3, 2]]
    assert {values["modality"] for _, values in found} == {"text"}


def test_a_text_without_tokens_is_a_batch_with_the_others() -> None:
    given = features([1, 2])
    given["attention_mask"][0] = 0  # type: ignore[index]
    [(rows, values)] = batching.batches(np.array([0, 1]), given)
    assert rows.tolist() == [1, 0]
    assert values["attention_mask"].tolist() == [[1, 1], [0, 0]]
