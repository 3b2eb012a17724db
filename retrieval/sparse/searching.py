"""The compiled loops that answer a query: all scores (`add_up`), or the best rows without looking at most postings (`best`).

`best` goes through the rows in windows whose scores fit the first-level cache, with the terms in one fixed order, rarest first.
It rests on MaxScore (Turtle and Flood, 1995): once k rows are found, a further row has to beat the worst of them, the **bar**.
`rest[i]` is the most that terms i and later can add to any row. A row that holds only terms from i on, with `rest[i]` not above
the bar, cannot get in; so those terms are not scanned, but looked up for the rows that the earlier terms brought up and that can
still pass the bar. These are the long lists of frequent words, and there are few such rows. The most frequent words have a
column (`Postings.columns`), where a look-up is one read; in other lists it is a search, and many searches are dearer than a scan.

Every row's impacts are added in the same order as in `add_up`, so the two agree to the last bit. `best` needs weights above 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True)

WINDOW = 8192  # rows
GROUP = 64  # rows that are compared with the bar at once
DENSE = 2048  # postings in a window from which on it is read row by row, not posting by posting
WORTH = 64  # postings that are scanned in the time of one look-up
SAMPLE = 1024  # postings that give the first bar


@compiled
def add_up(starts: Any, rows: Any, codes: Any, terms: Any, weights: Any, impacts: Any, totals: Any, held: Any) -> None:
    """Add every posting of `terms` to `totals` and mark its row in `held`; both are (documents,)."""
    for i in range(len(terms)):
        for at in range(starts[terms[i]], starts[terms[i] + 1]):
            totals[rows[at]] += weights[i] * impacts[codes[at]]
            held[rows[at]] = True


@compiled
def best(
    starts: Any,
    rows: Any,
    codes: Any,
    stair_starts: Any,
    stairs: Any,
    columns: Any,
    column_of: Any,
    impacts: Any,
    terms: Any,
    weights: Any,
    documents: int,
    k: int,
) -> Any:
    """The k best rows among those that hold one of `terms`, best first, equal scores by ascending row, and their scores."""
    slack = 1.0 - (len(terms) + 1) * 2.0**-23  # float32 sums may exceed their bound by rounding
    rest = upper_bounds(stair_starts, stairs, impacts, terms, weights)
    bar = slack * first_bar(starts, rows, codes, columns, column_of, impacts, terms, weights, k)
    begins, cursors, ends = starts[terms], starts[terms], starts[terms + 1]
    expected = (ends - cursors) * (WINDOW / documents)  # postings in a window
    window = np.zeros(WINDOW, np.float32)
    found, values = np.empty(WINDOW, np.int32), np.empty(WINDOW, np.float32)
    heap_scores, heap_rows = np.empty(k, np.float32), np.empty(k, np.int32)
    size = 0
    for base in range(0, documents, WINDOW):
        scanned = 0
        postings = 0
        while scanned < len(terms) and rest[scanned] > bar:
            begins[scanned], cursors[scanned] = within(rows, cursors[scanned], ends[scanned], base)
            scan(rows, codes, begins[scanned], cursors[scanned], base, weights[scanned], impacts, window)
            postings += cursors[scanned] - begins[scanned]
            scanned += 1
        if scanned == 0:
            break
        if postings == 0:
            continue
        if postings > DENSE:
            held = collect_rows(window, base, bar - rest[scanned], found, values)
        else:
            held = collect_postings(rows, begins, cursors, scanned, window, base, bar - rest[scanned], found, values)
        for i in range(scanned, len(terms)):
            column = column_of[terms[i]]
            if column >= 0:
                read(columns[column], weights[i], impacts, found, values, held)
            elif expected[i] < WORTH * held:
                begin, end = within(rows, cursors[i], ends[i], base)
                scan(rows, codes, begin, end, base, weights[i], impacts, window)
                pick_up(window, base, found, values, held)
                cursors[i] = end
            else:
                cursors[i] = look_up(rows, codes, cursors[i], ends[i], weights[i], impacts, found, values, held)
            held = keep(found, values, held, bar - rest[i + 1])
        for c in range(held):
            size = offer(heap_scores, heap_rows, size, values[c], found[c])
        if size == k:
            bar = max(bar, slack * heap_scores[0])
    return in_order(heap_scores, heap_rows, size)


@compiled
def upper_bounds(stair_starts: Any, stairs: Any, impacts: Any, terms: Any, weights: Any) -> Any:
    """`rest`: the most that terms i and later can add to a row's score, and 0 at the end; (terms + 1,)."""
    rest = np.zeros(len(terms) + 1, np.float64)
    for i in range(len(terms) - 1, -1, -1):
        most = np.float32(0.0)
        for step in range(stair_starts[terms[i]], stair_starts[terms[i] + 1]):
            most = max(most, impacts[stairs[step]])
        rest[i] = rest[i + 1] + weights[i] * most
    return rest


@compiled
def first_bar(
    starts: Any, rows: Any, codes: Any, columns: Any, column_of: Any, impacts: Any, terms: Any, weights: Any, k: int
) -> float:
    """A score that k rows are known to reach, else -1: the k-th best in a sample of the rarest term's rows that are k or more.

    Their scores for this term and for the terms after it that have a column, which are cheap to read.
    """
    for i in range(len(terms)):
        begin = starts[terms[i]]
        size = min(starts[terms[i] + 1] - begin, max(SAMPLE, k))
        if size >= k:
            found, values = rows[begin : begin + size], np.empty(size, np.float32)
            for j in range(size):
                values[j] = weights[i] * impacts[codes[begin + j]]
            for j in range(i + 1, len(terms)):
                if column_of[terms[j]] >= 0:
                    read(columns[column_of[terms[j]]], weights[j], impacts, found, values, size)
            scores, heap_rows, filled = np.empty(k, np.float32), np.empty(k, np.int32), 0
            for j in range(size):
                filled = offer(scores, heap_rows, filled, values[j], found[j])
            return float(scores[0])
    return -1.0


@compiled
def scan(rows: Any, codes: Any, begin: int, end: int, base: int, weight: Any, impacts: Any, window: Any) -> None:
    """Add the postings `begin` to `end` to the window that starts at row `base`."""
    for at in range(begin, end):
        window[rows[at] - base] += weight * impacts[codes[at]]


@compiled
def collect_rows(window: Any, base: int, above: float, found: Any, values: Any) -> int:
    """Find the rows that score above `above` in the window that starts at row `base`, and zero it. Returns how many."""
    lift = np.float32(max(above, 0.0))
    held = 0
    for group in range(0, len(window), GROUP):
        if reaches(window, group, lift):
            for row in range(group, group + GROUP):
                if window[row] > lift:
                    found[held], values[held] = base + row, window[row]
                    held += 1
    window[:] = 0.0
    return held


@compiled
def reaches(window: Any, group: int, lift: Any) -> bool:
    """Whether one of the GROUP scores from `group` on is above `lift`; without branches, it compiles to vector instructions."""
    above = False
    for row in range(np.uint64(group), np.uint64(group + GROUP)):
        above = above | (window[row] > lift)
    return above


@compiled
def collect_postings(
    rows: Any, begins: Any, ends: Any, scanned: int, window: Any, base: int, above: float, found: Any, values: Any
) -> int:
    """The same for a window with few postings, by going through them again: rows ascend by term, not overall."""
    lift = np.float32(max(above, 0.0))
    held = 0
    for i in range(scanned):
        for at in range(begins[i], ends[i]):
            row = rows[at] - base
            if window[row] > lift:
                found[held], values[held] = rows[at], window[row]
                held += 1
            window[row] = 0.0
    return held


@compiled
def pick_up(window: Any, base: int, found: Any, values: Any, held: int) -> None:
    """Add the window's scores to the found rows, and zero it."""
    for c in range(held):
        values[c] += window[found[c] - base]
    window[:] = 0.0


@compiled
def read(column: Any, weight: Any, impacts: Any, found: Any, values: Any, held: int) -> None:
    """Add a term that has a column to the found rows."""
    for c in range(held):
        code = column[found[c]]
        if code < len(impacts):
            values[c] += weight * impacts[code]


@compiled
def look_up(rows: Any, codes: Any, at: int, end: int, weight: Any, impacts: Any, found: Any, values: Any, held: int) -> int:
    """Add one term to the found rows that hold it, without the postings between them. Returns the cursor."""
    begin, last = at, -1
    for c in range(held):
        at = first_at(rows, found[c], at if found[c] > last else begin, end)
        last = found[c]
        if at < end and rows[at] == found[c]:
            values[c] += weight * impacts[codes[at]]
    return at


@compiled
def keep(found: Any, values: Any, held: int, above: float) -> int:
    """Keep the found rows that score above `above`. Returns how many."""
    kept = 0
    for c in range(held):
        found[kept], values[kept] = found[c], values[c]
        kept += values[c] > above
    return kept


@compiled
def within(rows: Any, begin: int, end: int, base: int) -> Any:
    """Which postings of `begin` to `end` are in the window that starts at row `base`."""
    first = first_at(rows, base, begin, end)
    return first, first_at(rows, base + WINDOW, first, end)


@compiled
def first_at(rows: Any, row: int, begin: int, end: int) -> int:
    """The first posting of `begin` to `end` whose row is at least `row`; a near one is found in few steps."""
    low, high, step = begin, begin, 1
    while high < end and rows[high] < row:
        low = high + 1
        high += step
        step *= 2
    high = min(high, end)
    while low < high:
        middle = (low + high) // 2
        if rows[middle] < row:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def offer(scores: Any, rows: Any, size: int, score: Any, row: int) -> int:
    """Put a row into the heap of the best, its worst entry at 0; of equal scores the later row is worse. Returns the new size."""
    if size < len(scores):
        scores[size], rows[size] = score, row
        rise(scores, rows, size)
        return size + 1
    if score > scores[0] or (score == scores[0] and row < rows[0]):
        scores[0], rows[0] = score, row
        sink(scores, rows, 0, size)
    return size


@compiled
def in_order(scores: Any, rows: Any, size: int) -> Any:
    """The heap's entries, best first: the worst one goes to the end, again and again."""
    for last in range(size - 1, 0, -1):
        swap(scores, rows, 0, last)
        sink(scores, rows, 0, last)
    return rows[:size].astype(np.int64), scores[:size].astype(np.float64)


@compiled
def worse(scores: Any, rows: Any, i: int, j: int) -> Any:
    """Whether entry `i` ranks behind entry `j`: a lower score, or an equal one in a later row."""
    return scores[i] < scores[j] or (scores[i] == scores[j] and rows[i] > rows[j])


@compiled
def swap(scores: Any, rows: Any, i: int, j: int) -> None:
    """Exchange two entries."""
    scores[i], scores[j] = scores[j], scores[i]
    rows[i], rows[j] = rows[j], rows[i]


@compiled
def rise(scores: Any, rows: Any, at: int) -> None:
    """Move entry `at` up, above the entries that are better."""
    while at > 0 and worse(scores, rows, at, (at - 1) // 2):
        swap(scores, rows, at, (at - 1) // 2)
        at = (at - 1) // 2


@compiled
def sink(scores: Any, rows: Any, at: int, size: int) -> None:
    """Move entry `at` down, below the entries that are worse."""
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and worse(scores, rows, child + 1, child):
            child += 1
        if not worse(scores, rows, child, at):
            return
        swap(scores, rows, child, at)
        at = child
