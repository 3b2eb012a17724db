"""The cells of a grid over k1 and b, kept on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.engine import Engine
from retrieval.pieces import PieceStore, Shelf, pack, unpack
from retrieval.pipeline import Pipeline, digest
from retrieval.sparse import BM25
from retrieval.tracing import traces_key

Floats = NDArray[np.float64]

K1S = tuple(step * 3 / 10 for step in range(1, 11))
BS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A metric of each query under one BM25, (q,): of the sparse ranking alone, and fused with the dense one."""

    sparse: Floats
    fused: Floats


class CellStore(PieceStore[Cell]):
    """The cells of grids over a corpus, by `cell_name`."""

    @staticmethod
    def encode(cell: Cell, /) -> bytes:
        """Both metrics of each query."""
        return pack((cell.sparse, cell.fused))

    @staticmethod
    def decode(content: bytes, /) -> Cell:
        """The reverse of `encode`, bit for bit."""
        return Cell(*unpack(content))


def pairs(bm25: BM25, k1s: Sequence[float] = K1S, bs: Sequence[float] = BS) -> list[BM25]:
    """The same with each k1 and b, all b of the first k1 first."""
    return [replace(bm25, k1=float(k1), b=float(b)) for k1 in k1s for b in bs]


def cell_name(bm25: BM25) -> str:
    """Tells a setting from all others."""
    return repr(bm25)


def cells_key(engine: Engine, pipeline: Pipeline, metric: str, scored_by: str) -> str:
    """Names all that the cells of `pairs` depend on, whatever k1 and b the pipeline has.

    `scored_by` names the queries, in order, and their judgments.
    """
    of_any = pipeline.with_(bm25=pairs(pipeline.bm25)[0])
    return digest("cells", traces_key(engine, of_any), metric, scored_by)


def kept_cells(home: Path, lineage: str, key: str, bm25: BM25) -> Shelf[Cell]:
    """The cells of `pairs` that are finished, by the `cells_key` of a grid over a corpus; those that are put in are kept."""
    return Shelf(CellStore(home), lineage, key, map(cell_name, pairs(bm25)))
