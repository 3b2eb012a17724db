"""What an embedder is: a setting that loads into something that turns texts into unit vectors, batch by batch.

A new embedder is one file with a setting (a frozen dataclass that prepares, loads and counts) and one entry in `EMBEDDERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Tokenizer, Tokens

Role = Literal["query", "document"]


@dataclass(frozen=True)
class Batch:
    """The texts `rows` of a call, encoded: `vectors` (b, dim) float32 unit rows (a text without content may be a zero row).

    `tokens` come from the same forward pass, in the order of `rows`; None for embedders that have none (a hosted API, say).
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    tokens: Tokens | None


class Embedder(Protocol):
    """A loaded embedder."""

    @property
    def dimensions(self) -> int:
        """Width of a vector."""
        ...

    @property
    def vocabulary_size(self) -> int:
        """One more than the largest token id."""
        ...

    def batches(self, texts: Sequence[str], role: Role) -> Iterator[Batch]:
        """Encode `texts`, in whatever order is fastest; every row comes exactly once."""
        ...

    def words(self, ids: Sequence[int]) -> list[str]:
        """Token ids as a person may read them."""
        ...


class EmbedderSetting(Protocol):
    """A frozen dataclass that names an embedder and its knobs.

    `learns` says whether a text's vector depends on the corpus, so that vectors of another corpus are of no use.
    """

    learns: ClassVar[bool]

    @property
    def tokenizer_name(self) -> str:
        """Names the tokenizer without loading it; equal names split a text alike."""
        ...

    def tokenizer(self) -> Tokenizer:
        """How the embedder counts, without its weights; raises `ModelUnavailable` with the reason."""
        ...

    def prepare(self, texts: Sequence[str], folder: Path) -> None:
        """Learn from the corpus, where the method does so, and store what was learned in `folder`."""
        ...

    def load(self, folder: Path) -> Embedder:
        """Load the model, with what `prepare` stored."""
        ...


def encode(embedder: Embedder, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
    """Unit vectors of `texts`, (n, dim) float32, in their order."""
    vectors = np.zeros((len(texts), embedder.dimensions), np.float32)
    for batch in embedder.batches(texts, role):
        vectors[batch.rows] = batch.vectors
    return vectors
