"""A build slow enough to be killed in its midst: `python -m tests.slow_build HOME KEY`.

The embedder hashes words, waits at every text, and journals every one of them.
"""

from __future__ import annotations

import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from retrieval import vectors
from retrieval.building import build
from retrieval.embedders import EMBEDDERS, Batch
from retrieval.embedders.tokenizers import WordTokenizer
from retrieval.pipeline import Pipeline
from retrieval.rerankers import tokens
from retrieval.types import Tokens, unit_rows

DIMENSIONS, WORDS = 16, 64


@dataclass(frozen=True, slots=True)
class Slow:
    """Words hashed into a few buckets, `wait` milliseconds a text."""

    learns: ClassVar[bool] = False
    tokenizer_name: ClassVar[str] = "words"

    wait: int = 10

    def prepare(self, texts, folder):
        raise AssertionError("it learns nothing")

    def tokenizer(self):
        return WordTokenizer()

    def load(self, folder):
        return SlowEmbedder(self.wait / 1000)


class SlowEmbedder:
    dimensions, vocabulary_size = DIMENSIONS, WORDS

    def __init__(self, wait):
        self._wait = wait

    def words(self, ids):
        return [str(id) for id in ids]

    def batches(self, texts, role):
        for row, text in enumerate(texts):
            if role == "document":
                time.sleep(self._wait)
            ids = np.array([zlib.crc32(word.encode()) % WORDS for word in text.lower().split()] or [0], np.int32)
            made = unit_rows(np.random.default_rng(7).normal(size=(WORDS, DIMENSIONS)).astype(np.float32))[ids]
            yield Batch(np.array([row]), unit_rows(made.sum(0, keepdims=True)), Tokens(made, ids, np.array([len(ids)])))


def prepare():
    """The embedder in the table, and checkpoints after every text."""
    EMBEDDERS["slow"] = Slow
    vectors.CHECKPOINT_SECONDS = 0.0
    tokens.PCA_SAMPLE = vectors.PCA_SAMPLE = 20


PIPELINE = Pipeline(embedder=Slow())

if __name__ == "__main__":
    prepare()
    build(sys.argv[2], PIPELINE, Path(sys.argv[1]))
