"""BM25's k1 and b over a grid: both are read when a query is searched, so this is a sweep like any other."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.dense import Hits
from retrieval.errors import BadInput, require
from retrieval.pipeline import Pipeline
from retrieval.sparse import BM25, SparseIndex
from retrieval.tuning.candidates import Candidates, Unscaled
from retrieval.tuning.cells import BS, K1S, Cell, cell_name, pairs
from retrieval.tuning.curves import weight_curve
from retrieval.tuning.items import Items
from retrieval.types import Progress, unheard

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """`metric` of each query under each k1 and b: `sparse` and `fused` are (k1, b, q)."""

    metric: str
    k1s: tuple[float, ...]
    bs: tuple[float, ...]
    sparse: Floats
    fused: Floats

    @property
    def distances(self) -> Floats:
        """How far each pair is from the default, as shares of its k1 and its b summed, (k1, b)."""
        default = BM25()
        k1s, bs = np.array(self.k1s) / default.k1, np.array(self.bs) / default.b
        return np.abs(k1s - 1.0)[:, None] + np.abs(bs - 1.0)


def bm25_grid(
    index: SparseIndex,
    texts: Sequence[str],
    items: Items,
    dense: Sequence[Hits],
    pipeline: Pipeline,
    metric: str,
    k1s: Sequence[float] = K1S,
    bs: Sequence[float] = BS,
    progress: Progress = unheard,
    kept: MutableMapping[str, Cell] | None = None,
) -> Grid:
    """Search the queries of `items`, which have `texts` and the hits `dense`, under each k1 and b, and fuse as the pipeline does.

    The pipeline says the variant of BM25, the analyser, candidates, fusion and weight. `kept` holds what an earlier call found
    by `cell_name`, and gets every cell as soon as it is there. Raises BadSetting for an empty range or one out of bounds, and
    whatever `progress` raises to stop the sweep.
    """
    require(len(k1s) > 0 and len(bs) > 0, "The grid has no k1 or no b; give at least one of each.")
    if len(texts) != len(items.queries):
        raise BadInput(f"there are {len(texts)} texts for {len(items.queries)} queries; give one for each")
    terms = [pipeline.analyser.terms(text) for text in texts]
    cells: MutableMapping[str, Cell] = {} if kept is None else kept
    settings = pairs(pipeline.bm25, k1s, bs)
    for done, bm25 in enumerate(settings, start=1):
        if cell_name(bm25) not in cells:
            sparse = [index.search(query, pipeline.candidates, bm25) for query in terms]
            candidates = Candidates.of(items, dense, sparse)
            alone = weight_curve(candidates, Unscaled(), metric, (0.0,))
            fused = weight_curve(candidates, pipeline.fusion, metric, (pipeline.weight,))
            cells[cell_name(bm25)] = Cell(alone.scores[0], fused.scores[0])
        progress(f"{done} of {len(settings)} pairs of k1 and b", done / len(settings))
    shape = (len(k1s), len(bs), len(items.queries))
    found = [cells[cell_name(bm25)] for bm25 in settings]
    return Grid(
        metric,
        tuple(k1s),
        tuple(bs),
        np.array([cell.sparse for cell in found]).reshape(shape),
        np.array([cell.fused for cell in found]).reshape(shape),
    )
