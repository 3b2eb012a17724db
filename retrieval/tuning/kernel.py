"""The compiled loop that fuses the candidates of every query under every weight and keeps the grades of the best items.

An item's score is its best entry's; equal scores are ordered by the entries that attain them. No fast mathematics: the sums are
those of `Fusion.fuse` bit for bit, since a sum of two numbers is rounded once either way.

From one weight to the next an order hardly changes. The best items under the last weight set a bar: whatever scores less than
all of them now is not among the best, so only the few others are put in order, and most of these are in order already.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from retrieval.sparse.searching import compiled

DENSE, SPARSE = 1, 2  # who holds an entry, as bits
NOT_IN = -np.inf  # the score of what only a ranking of weight 0 holds


@compiled
def rank(
    starts: Any,
    numbers: Any,
    dense_ranks: Any,
    sparse_ranks: Any,
    grades: Any,
    dense_values: Any,
    dense_starts: Any,
    sparse_values: Any,
    sparse_starts: Any,
    multipliers: Any,
    weights: Any,
    ranked: Any,
) -> None:
    """Fill `ranked` (w, q, k) with grades, best first, for all queries; the arrays are those of `Candidates.ranked`."""
    longest = 0
    for q in range(len(starts) - 1):
        longest = max(longest, starts[q + 1] - starts[q])
    dense, sparse, scores, best = np.empty(longest), np.empty(longest), np.empty(longest), np.empty(longest)
    holders, entries, at = np.empty(longest, np.int8), np.arange(longest), np.empty(longest, np.int64)
    for q in range(len(starts) - 1):
        first, size, items = starts[q], starts[q + 1] - starts[q], 0
        for e in range(size):
            by_dense, by_sparse = dense_ranks[first + e], sparse_ranks[first + e]
            dense[e] = dense_values[dense_starts[q] + by_dense]
            sparse[e] = sparse_values[sparse_starts[q] + by_sparse]
            holders[e] = DENSE * (by_dense > 0) + SPARSE * (by_sparse > 0)
            items = max(items, numbers[first + e] + 1)
        order = np.arange(items)
        for w in range(len(weights)):
            fuse(dense, sparse, holders, multipliers, weights[w], size, scores)
            of_items, attained = scores, entries
            if items < size:
                best_of_items(scores, numbers[first : first + size], items, best, at)
                of_items, attained = best, at
            if w == 0:
                order = np.argsort(-of_items[:items])
            put_best_first(order, of_items, attained, ranked.shape[2])
            for place in range(min(items, ranked.shape[2])):
                if of_items[order[place]] > NOT_IN:
                    ranked[w, q, place] = grades[first + attained[order[place]]]


@compiled
def fuse(dense: Any, sparse: Any, holders: Any, multipliers: Any, weight: float, size: int, scores: Any) -> None:
    """The fused score of each entry; `multipliers` (4,) are by holders."""
    other = 1.0 - weight
    if weight > 0.0 and other > 0.0:
        for e in range(size):
            scores[e] = (weight * dense[e] + other * sparse[e]) * multipliers[holders[e]]
    else:
        alone = DENSE if weight > 0.0 else SPARSE
        for e in range(size):
            scores[e] = (weight * dense[e] + other * sparse[e]) * multipliers[alone] if holders[e] & alone else NOT_IN


@compiled
def best_of_items(scores: Any, numbers: Any, items: int, best: Any, at: Any) -> None:
    """The best score of each item, and the first entry that attains it."""
    best[:items] = NOT_IN
    for e in range(len(numbers)):
        if scores[e] > best[numbers[e]]:
            best[numbers[e]], at[numbers[e]] = scores[e], e


@compiled
def put_best_first(order: Any, scores: Any, at: Any, k: int) -> None:
    """Put the `k` best items at the head of `order`, equal scores by `at`; fast where its head held about the same before."""
    bar = np.inf
    for place in range(min(k, len(order))):
        bar = min(bar, scores[order[place]])
    contenders = min(k, len(order))
    for place in range(contenders, len(order)):
        if scores[order[place]] >= bar:
            order[place], order[contenders] = order[contenders], order[place]
            contenders += 1
    for place in range(1, contenders):
        item, to = order[place], place
        while to > 0 and before(item, order[to - 1], scores, at):
            order[to] = order[to - 1]
            to -= 1
        order[to] = item


@compiled
def before(item: int, other: int, scores: Any, at: Any) -> Any:
    """Whether `item` ranks before `other`."""
    return scores[item] > scores[other] or (scores[item] == scores[other] and at[item] < at[other])
