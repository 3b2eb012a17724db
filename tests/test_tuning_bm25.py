"""The grid of k1 and b over a real index: each cell is what a search with that setting gives."""

import numpy as np
import pytest

from retrieval.errors import BadInput, BadSetting
from retrieval.fusion import MinMaxSum
from retrieval.judgeable import Judgeable
from retrieval.metrics import score_rankings
from retrieval.sparse import BM25L, BM25Lucene
from retrieval.tuning import Items, bm25_grid, cells_key, kept_cells
from retrieval.types import Judgment

TEXTS = {"q1": "24 V relay", "q2": "sealed against water", "q3": "power supply of the DIN rail"}
JUDGMENTS = (Judgment("q1", "d00", 3), Judgment("q1", "d01", 1), Judgment("q2", "d02", 1), Judgment("q3", "d06", 2))
METRIC = "nDCG@10"
K1S, BS = (0.0, 1.2, 3.0), (0.0, 0.75)


@pytest.fixture
def case(engine):
    """The arguments of a grid."""
    pipeline = engine.pipeline.with_(fusion=MinMaxSum(), weight=0.3, candidates=6, bm25=BM25Lucene())
    judgeable = Judgeable.of(JUDGMENTS, engine.indexes.chunks, engine.document_of)
    items = Items.of(tuple(TEXTS), engine.indexes.chunks.table.ids, judgeable)
    dense = [engine.dense_hits(engine.embed(text)[0].vectors[0], pipeline, pipeline.candidates) for text in TEXTS.values()]
    return engine.indexes.sparse, list(TEXTS.values()), items, dense, pipeline, METRIC


def test_each_cell_is_what_searches_with_its_setting_score(engine, case):
    *_, items, _, pipeline, _ = case
    judgeable = Judgeable.of(JUDGMENTS, engine.indexes.chunks, engine.document_of)
    grid = bm25_grid(*case, K1S, BS)
    for row, k1 in enumerate(K1S):
        for column, b in enumerate(BS):
            traces = {id: engine.search(text, pipeline.with_(bm25=BM25Lucene(k1, b))) for id, text in TEXTS.items()}
            for stage, cells in (("sparse", grid.sparse), ("fused", grid.fused)):
                rankings = judgeable.rankings({id: trace.rankings[stage] for id, trace in traces.items()})
                expected = score_rankings(rankings, judgeable.grades, (METRIC,))[METRIC]
                assert cells[row, column] == pytest.approx([expected[id] for id in items.queries], abs=1e-12)
    assert len(np.unique(grid.sparse.mean(axis=2))) > 1  # the settings do differ here


def test_the_distance_from_the_default_is_in_shares_of_it():
    """k1 3.0 is 1.5 defaults above 1.2, b 0 one default below 0.75."""
    from retrieval.tuning import Grid

    empty = np.zeros((3, 2, 0))
    distances = Grid(METRIC, K1S, BS, empty, empty).distances
    assert distances == pytest.approx(np.array([[2.0, 1.0], [1.0, 0.0], [2.5, 1.5]]))


class Counted:
    """An index that counts its searches."""

    def __init__(self, index):
        self.index, self.searches = index, 0

    def search(self, terms, k, bm25):
        self.searches += 1
        return self.index.search(terms, k, bm25)


def test_a_stopped_grid_keeps_its_cells_and_goes_on_from_there(case):
    index, *rest = case
    counted, kept, told = Counted(index), {}, []

    def stop_at_two(sentence, share):
        told.append((sentence, len(kept)))
        if len(kept) == 2:
            raise KeyboardInterrupt(sentence)

    with pytest.raises(KeyboardInterrupt, match="2 of 6 pairs of k1 and b"):
        bm25_grid(counted, *rest, K1S, BS, stop_at_two, kept)
    assert [done for _, done in told] == [1, 2]
    assert counted.searches == 2 * len(TEXTS)
    grid = bm25_grid(counted, *rest, K1S, BS, kept=kept)
    assert counted.searches == 6 * len(TEXTS)
    again = bm25_grid(*case, K1S, BS)
    assert grid.fused.tolist() == again.fused.tolist()
    assert grid.sparse.tolist() == again.sparse.tolist()


def test_cells_outlive_the_program(case, tmp_path):
    index, *rest = case
    grid = bm25_grid(*case, kept=kept_cells(tmp_path, "small", "key", BM25Lucene()))
    counted = Counted(index)
    again = bm25_grid(counted, *rest, kept=kept_cells(tmp_path, "small", "key", BM25Lucene(3.0, 0.1)))
    assert counted.searches == 0
    assert (again.sparse.tolist(), again.fused.tolist()) == (grid.sparse.tolist(), grid.fused.tolist())
    assert kept_cells(tmp_path, "small", "another key", BM25Lucene()) == {}


def test_cells_depend_on_all_but_the_pair_in_use(engine, case):
    def key(metric=METRIC, judged="3 grades", **settings):
        return cells_key(engine, case[-2].with_(**settings), metric, judged)

    assert key(bm25=BM25Lucene(3.0, 0.1)) == key()
    others = [
        key("AP"),
        key(judged="4 grades"),
        key(weight=0.4),
        key(candidates=7),
        key(bm25=BM25L()),
        key(bm25=BM25L(delta=1.0)),
    ]
    assert len({key(), *others}) == 7


def test_an_empty_or_impossible_range_is_refused(case):
    with pytest.raises(BadSetting, match="The grid has no k1 or no b; give at least one of each"):
        bm25_grid(*case, (), BS)
    with pytest.raises(BadSetting, match="The grid has no k1 or no b; give at least one of each"):
        bm25_grid(*case, K1S, ())
    with pytest.raises(BadSetting, match=r"BM25's b is 1\.5; it must be from 0 to 1"):
        bm25_grid(*case, K1S, (0.5, 1.5))


def test_a_missing_text_is_refused(case):
    index, texts, *rest = case
    with pytest.raises(BadInput, match="there are 2 texts for 3 queries; give one for each"):
        bm25_grid(index, texts[:2], *rest)
