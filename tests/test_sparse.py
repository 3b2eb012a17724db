"""The sparse index: worked numbers, edges, ties over many windows, threads."""

from concurrent.futures import ThreadPoolExecutor
from math import log

import numpy as np
import pytest

from retrieval.errors import BadInput, BadSetting
from retrieval.sparse import BM25_VARIANTS, BM25L, BM25Lucene, BM25Okapi, BM25Plus, SparseIndex, postings
from retrieval.types import best_rows

TWO = [["a", "b"], ["b", "c", "c", "c"]]  # N = 2, average length 3; with b = 0.75 the norms are 0.75 and 1.25


@pytest.fixture(scope="module")
def two():
    return SparseIndex.build(TWO)


@pytest.fixture(scope="module")
def crowd():
    """More rows than several windows, few words, many equal scores."""
    random = np.random.default_rng(3)
    words = [f"w{number}" for number in range(300)]
    drawn = np.minimum(random.zipf(1.3, (40_000, 12)) - 1, 299)
    lengths = random.integers(0, 13, 40_000).tolist()
    return SparseIndex.build(
        [words[number] for number in row[:length]] for row, length in zip(drawn.tolist(), lengths, strict=True)
    )


@pytest.mark.parametrize(
    ("bm25", "terms", "expected"),
    [
        # df = 2 of 2: ln 0.5 - ln 2.5 = -1.609, below 0, so the idf is 0.25 * mean(0, -1.609, 0); times 2.2 / (1 + 1.2 * norm)
        (BM25Okapi(), ["b"], [0.25 * log(0.2) / 3 * 2.2 / 1.9, 0.25 * log(0.2) / 3 * 2.2 / 2.5]),
        (BM25Okapi(), ["c"], [0.0, 0.0]),  # df = 1 of 2: ln 1.5 - ln 1.5
        (BM25Lucene(), ["c"], [0.0, log(2) * 3 / 4.5]),
        (BM25Lucene(), ["c", "c", "b"], [log(1.2) / 1.9, 2 * log(2) * 3 / 4.5 + log(1.2) / 2.5]),
        (BM25Lucene(b=0.0), ["c"], [0.0, log(2) * 3 / 4.2]),
        (BM25Lucene(k1=0.0), ["c"], [0.0, log(2)]),
        (BM25Plus(), ["c"], [log(3), log(3) * (1 + 6.6 / 4.5)]),  # delta for the row without the term, too
        (BM25L(), ["c"], [0.0, log(2) * 6.6 * 2.9 / 4.1]),  # tf in relative length: 3 / 1.25 = 2.4
    ],
)
def test_worked_by_hand(two, bm25, terms, expected):
    assert two.scores(terms, bm25) == pytest.approx(expected, abs=1e-6)


def test_only_rows_that_hold_a_term_are_found(two):
    rows, scores = two.search(["c"], 10, BM25Plus())
    assert rows.tolist() == [1]
    assert scores == pytest.approx([log(3) * (1 + 6.6 / 4.5)], abs=1e-6)
    assert two.search(["c"], 10, BM25Okapi())[0].tolist() == [1]  # although its score is 0
    assert two.search(["b"], 10, BM25Okapi())[0].tolist() == [1, 0]  # although their scores are below 0


def test_contributions_are_the_arithmetic(two):
    first, unknown, second = two.contributions(["c", "x", "b", "c"], 1, BM25Plus())
    assert (first.term, first.count, first.tf, first.document_frequency) == ("c", 2, 3, 1)
    assert first.idf == pytest.approx(log(3))
    assert first.score == pytest.approx(2 * log(3) * (1 + 6.6 / 4.5))
    assert (unknown.term, unknown.count, unknown.tf, unknown.idf, unknown.score) == ("x", 1, 0, 0.0, 0.0)
    assert first.score + second.score == pytest.approx(two.scores(["c", "x", "b", "c"], BM25Plus())[1])
    with pytest.raises(BadInput, match="row 2 is not in this index; rows are 0 to 1"):
        two.contributions(["c"], 2, BM25Plus())


def test_figures(two):
    assert (two.documents, two.terms, two.postings) == (2, 3, 4)
    assert two.posting_bytes == 24
    assert two.nbytes > two.posting_bytes
    assert [two.document_frequency(term) for term in "abcx"] == [1, 2, 1, 0]


@pytest.mark.parametrize("documents", [[], [[]], [[], []], [["a"]], [["a"], []]], ids=str)
@pytest.mark.parametrize("kind", BM25_VARIANTS.values(), ids=BM25_VARIANTS)
def test_small_corpora(documents, kind):
    index = SparseIndex.build(documents)
    held = [row for row, terms in enumerate(documents) if "a" in terms]
    assert index.search(["a"], 5, kind())[0].tolist() == held
    assert index.scores(["a"], kind()).shape == (len(documents),)
    for terms, k in ([], 5), (["unknown"], 5), (["a"], 0), (["a"], -1):
        rows, scores = index.search(terms, k, kind())
        assert rows.shape == scores.shape == (0,)
        assert rows.dtype == np.int64


@pytest.mark.parametrize("kind", BM25_VARIANTS.values(), ids=BM25_VARIANTS)
@pytest.mark.parametrize("k", [1, 7, 100, 3000, 50_000])
def test_the_best_rows_are_those_of_all_scores(crowd, kind, k):
    random = np.random.default_rng(k)
    for turn in range(12):
        terms = [f"w{number}" for number in np.exp(random.random(random.integers(1, 9)) * np.log(300)).astype(int)]
        bm25 = kind(k1=float(random.choice([0.0, 0.5, 1.2, 3.0])), b=turn / 11)
        scores = crowd.scores(terms, bm25)
        held = np.zeros(crowd.documents, bool)
        for term in set(terms) & crowd.vocabulary.keys():
            held[crowd.lists.rows[crowd.lists.span(crowd.vocabulary[term])]] = True
        expected = best_rows(np.where(held, scores, -np.inf), k)
        rows, found = crowd.search(terms, k, bm25)
        assert rows.tolist() == expected.tolist()
        assert found.tolist() == scores[expected].tolist()


def test_settings_are_live(crowd):
    before = crowd.search(["w3", "w40"], 50, BM25Okapi())
    crowd.search(["w3", "w40"], 50, BM25Okapi(k1=0.4, b=0.1))
    after = crowd.search(["w3", "w40"], 50, BM25Okapi())
    assert [part.tolist() for part in before] == [part.tolist() for part in after]
    assert before[1].tolist() != crowd.search(["w3", "w40"], 50, BM25Okapi(epsilon=3.0, b=0.2))[1].tolist()


def test_wide_codes_score_the_same(monkeypatch):
    documents = [["a"] * (1 + row % 7) + ["b"] * (row % 3) for row in range(60)]
    narrow = SparseIndex.build(documents)
    monkeypatch.setattr(postings, "NARROW", 0)
    wide = SparseIndex.build(documents)
    assert (narrow.lists.codes.dtype, wide.lists.codes.dtype) == (np.uint16, np.uint32)
    for part in zip(narrow.search(["a", "b"], 20, BM25L()), wide.search(["a", "b"], 20, BM25L()), strict=True):
        assert part[0].tolist() == part[1].tolist()


def test_threads_share_an_index(crowd):
    queries = [[f"w{number % 30}", f"w{number * 7 % 300}"] for number in range(80)]
    settings = [BM25Okapi(k1=0.1 * (number % 9)) for number in range(80)]

    def rows(number):
        return crowd.search(queries[number], 50, settings[number])[0].tolist()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(rows, range(80))) == [rows(number) for number in range(80)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BM25Okapi(k1=-0.1), "k1 is -0.1; it must be from 0 to 1000"),
        (lambda: BM25Lucene(b=1.5), "b is 1.5; it must be from 0 to 1,"),
        (lambda: BM25Lucene(k1=float("nan")), "k1 is nan; it must be from 0 to 1000"),
        (lambda: BM25Okapi(epsilon=-1), "epsilon is -1; it must be from 0"),
        (lambda: BM25Plus(delta=-1), "delta is -1; it must be from 0"),
        (lambda: BM25L(delta=float("inf")), "delta is inf; it must be from 0"),
    ],
)
def test_settings_have_ranges(make, message):
    with pytest.raises(BadSetting, match=message):
        make()
