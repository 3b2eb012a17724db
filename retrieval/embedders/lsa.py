"""Latent semantic analysis: TF-IDF and a truncated SVD of the user's own corpus. Learned in seconds, no download, no network.

It follows Deerwester et al. (1990) with sublinear term frequencies; what is left out is any knowledge from outside the corpus.
Token vectors are the rows of the term space, so that late interaction works here too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Batch, Role
from retrieval.embedders.tokenizers import WordTokenizer, word_tokenizer
from retrieval.errors import require
from retrieval.types import Tokens, unit_rows

TEXTS_PER_BATCH = 512
MAX_TERMS = 200_000


@dataclass(frozen=True, slots=True)
class LSA:
    """TF-IDF reduced to `dimensions` by a truncated SVD; a corpus with fewer documents or terms gives fewer dimensions."""

    learns: ClassVar[bool] = True

    dimensions: int = 256

    def __post_init__(self) -> None:
        require(2 <= self.dimensions <= 1024, f"LSA dimensions {self.dimensions} must lie between 2 and 1024")

    @property
    def tokenizer_name(self) -> str:
        return "words"

    def tokenizer(self) -> WordTokenizer:
        """Words, without a limit."""
        return word_tokenizer()

    def prepare(self, texts: Sequence[str], folder: Path) -> None:
        """Learn vocabulary, idf and the term space from `texts`; stored without pickle."""
        vocabulary, idf, terms = _learn(texts, self.dimensions)
        (folder / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "idf.npy", idf)
        np.save(folder / "terms.npy", terms)

    def load(self, folder: Path) -> LSAEmbedder:
        """Load what `prepare` stored."""
        vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        idf = np.load(folder / "idf.npy", allow_pickle=False)
        return LSAEmbedder(vocabulary, idf, np.load(folder / "terms.npy", allow_pickle=False))


class LSAEmbedder:
    """A fitted term space: `terms` (v, dim) float32, row i for the word `vocabulary[i]`."""

    def __init__(self, vocabulary: list[str], idf: NDArray[np.float64], terms: NDArray[np.float32]) -> None:
        self._vocabulary = vocabulary
        self._index = {word: row for row, word in enumerate(vocabulary)}
        self._idf = idf
        self._terms = terms
        self._unit_terms = unit_rows(terms)
        self._split = _vectorizer().build_analyzer()

    @property
    def dimensions(self) -> int:
        return int(self._terms.shape[1])

    @property
    def vocabulary_size(self) -> int:
        return len(self._vocabulary)

    def batches(self, texts: Sequence[str], role: Role) -> Iterator[Batch]:
        for start in range(0, len(texts), TEXTS_PER_BATCH):
            rows = np.arange(start, min(start + TEXTS_PER_BATCH, len(texts)))
            yield self._encode([texts[row] for row in rows.tolist()], rows)

    def words(self, ids: Sequence[int]) -> list[str]:
        return [self._vocabulary[id] for id in ids]

    def _encode(self, texts: list[str], rows: NDArray[np.int64]) -> Batch:
        ids = [self._ids(text) for text in texts]
        vectors = np.stack([self._vector(row) for row in ids]) if ids else np.zeros((0, self.dimensions), np.float32)
        flat = np.concatenate(ids) if ids else np.zeros(0, np.int32)
        lengths = np.array([len(row) for row in ids], np.int64)
        return Batch(rows, unit_rows(vectors), Tokens(self._unit_terms[flat], flat, lengths))

    def _ids(self, text: str) -> NDArray[np.int32]:
        return np.array([self._index[word] for word in self._split(text) if word in self._index], np.int32)

    def _vector(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        terms, counts = np.unique(ids, return_counts=True)
        weights = (1.0 + np.log(counts)) * self._idf[terms]
        return np.asarray(weights.astype(np.float32) @ self._terms[terms], dtype=np.float32)


def _vectorizer(**options: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, max_features=MAX_TERMS, dtype=np.float32, **options)


def _learn(texts: Sequence[str], dimensions: int) -> tuple[list[str], NDArray[np.float64], NDArray[np.float32]]:
    """Vocabulary, idf and term vectors (v, d) with d at most `dimensions`; no vocabulary gives an empty space of width 2."""
    from sklearn.utils.extmath import randomized_svd

    vectorizer = _vectorizer()
    try:
        weights = vectorizer.fit_transform(texts)
    except ValueError:  # scikit-learn's way to say that no text holds a word
        return [], np.zeros(0), np.zeros((0, 2), np.float32)
    width = min(dimensions, *weights.shape)
    _, _, terms = randomized_svd(weights, n_components=width, random_state=0)
    padded = np.zeros((max(width, 2), weights.shape[1]), np.float32)
    padded[:width] = terms
    return list(vectorizer.get_feature_names_out()), vectorizer.idf_, np.ascontiguousarray(padded.T)
