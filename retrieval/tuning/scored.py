"""What a reranker gave the candidates of a query, kept on disk by query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.engine import Engine
from retrieval.pieces import PieceStore, pack, unpack
from retrieval.pipeline import Pipeline, digest
from retrieval.tracing import traces_key


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What a reranker gave the first candidates of one query alone, `scores` (at most count,) for each count, in `seconds`."""

    scores: tuple[NDArray[np.float32], ...]
    seconds: float

    @property
    def shares(self) -> list[float]:
        """The seconds of each count where every candidate takes the same."""
        return [self.seconds * len(scores) / max(len(self.scores[-1]), 1) for scores in self.scores]


class ScoreStore(PieceStore[Scored]):
    """What rerankers gave over a corpus by its lineage, with one pipeline by `scores_key`, by the text of the query."""

    @staticmethod
    def encode(scored: Scored, /) -> bytes:
        """The seconds, then the scores for each count."""
        return pack((np.array(scored.seconds), *scored.scores))

    @staticmethod
    def decode(content: bytes, /) -> Scored:
        """The reverse of `encode`, bit for bit."""
        seconds, *scores = unpack(content)
        return Scored(tuple(scores), float(seconds))


def scores_key(engine: Engine, pipeline: Pipeline, counts: Sequence[int]) -> str:
    """Names all that the scores of the first `counts` candidates depend on; the blend is not among it."""
    return digest("scores", traces_key(engine, pipeline.with_(blend=0.0, rerank_count=max(counts))), *map(str, counts))
