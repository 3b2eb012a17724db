"""What one pipeline did for one query, as a value and as bytes."""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.types import STAGES, Trace

Hits = tuple[NDArray[np.int64], NDArray[np.float64]]

STEPS = ("embed", *STAGES)
ROWS, NUMBERS = np.dtype("<i4"), np.dtype("<f8")
HEADER = struct.Struct("<dI4I")  # when measured, repetitions, results of each stage


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The rankings of one query after every stage, and the seconds of its searches.

    `hits` by stage: the rows (n,) of the index in ranking order, and their scores (n,). `seconds` (repetitions, steps) of the
    steps `STEPS`. `measured`: when the last search ended, seconds since 1970.
    """

    hits: Mapping[str, Hits]
    seconds: NDArray[np.float64]
    measured: float = field(default_factory=time.time)

    @classmethod
    def of(cls, trace: Trace, row_of: Mapping[str, int]) -> Kept:
        """What one search did; `row_of` maps chunk id to row."""
        hits = {
            stage: (np.array([row_of[id] for id in ranking.ids], np.int64), np.array(ranking.scores, np.float64))
            for stage, ranking in trace.rankings.items()
        }
        return cls(hits, np.array([[trace.seconds[step] for step in STEPS]]))

    def again(self, trace: Trace) -> Kept:
        """The same rankings with the seconds of one more search."""
        seconds = np.array([[trace.seconds[step] for step in STEPS]])
        return replace(self, seconds=np.concatenate([self.seconds, seconds]), measured=time.time())


def encode(kept: Kept) -> bytes:
    """The header, seconds, scores and rows; rows take 32 bits, all other numbers stay as they are."""
    hits = [kept.hits[stage] for stage in STAGES]
    header = HEADER.pack(kept.measured, len(kept.seconds), *(len(rows) for rows, _ in hits))
    numbers = [array.astype(NUMBERS).tobytes() for array in (kept.seconds, *(scores for _, scores in hits))]
    return b"".join((header, *numbers, *(rows.astype(ROWS).tobytes() for rows, _ in hits)))


def decode(content: bytes) -> Kept:
    """The reverse of `encode`, bit for bit."""
    measured, repetitions, *lengths = HEADER.unpack_from(content)
    steps, total = repetitions * len(STEPS), sum(lengths)
    numbers = np.frombuffer(content, NUMBERS, steps + total, HEADER.size).astype(np.float64)
    rows = np.frombuffer(content, ROWS, total, HEADER.size + numbers.nbytes).astype(np.int64)
    ends = np.cumsum(lengths)[:-1]
    hits = zip(np.split(rows, ends), np.split(numbers[steps:], ends), strict=True)
    return Kept(dict(zip(STAGES, hits, strict=True)), numbers[:steps].reshape(-1, len(STEPS)), measured)
