"""What the chunks of an engine stand for in the ranking of each query, as arrays: documents, or the judged places in them.

`Judgeable` says the same by ids. Here an item has a number: documents come first, in the order of their ids, then the places of
the query, then, by their rows, the chunks that hold no place. With the query's place it makes a key: query * stride + number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInput
from retrieval.judgeable import Judgeable
from retrieval.metrics import Judged

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The items of `queries` over an engine of `rows` chunks; made once for a query set, whatever the rankings.

    `document_of` (rows,) is the number of each chunk's document, `by_place` (q,) whether a query is scored on places.
    `holders` (h,), ascending, are query * rows + row for each place that a chunk holds, those of a chunk in its order; `held`
    (h,) the places' numbers. `keys` (j,), ascending, `names` and `grades` (j,) int16 are those of all queries' judged items.
    """

    queries: tuple[str, ...]
    rows: int
    stride: int
    document_of: Ints
    by_place: NDArray[np.bool_]
    holders: Ints
    held: Ints
    keys: Ints
    names: tuple[str, ...]
    grades: NDArray[np.int16]
    judged: Judged

    @classmethod
    def of(cls, queries: Sequence[str], ids: Sequence[str], judgeable: Judgeable) -> Items:
        """`queries` are ids, `ids` the chunk id of each row. Raises BadInput without queries or where one has no judgment."""
        _check(queries, judgeable)
        places = [judgeable.places.get(query) for query in queries]
        documents = _documents(queries, ids, judgeable)
        numbers: list[Mapping[str, int]] = [documents if own is None else _numbered(own.grades, len(documents)) for own in places]
        rows = len(ids)
        stride = len(documents) + max((len(own.grades) for own in places if own), default=0) + rows
        row_of = _numbered(ids) if any(places) else {}
        judged = sorted(
            (at * stride + numbers[at][item], item, grade)
            for at, query in enumerate(queries)
            for item, grade in judgeable.grades[query].items()
        )
        held = [
            (at * rows + row_of[chunk], numbers[at][item])
            for at, own in enumerate(places)
            for chunk, items in (own.held.items() if own else ())
            for item in items
        ]
        held.sort(key=lambda pair: pair[0])  # stable: the places of a chunk stay in its order
        return cls(
            queries=tuple(queries),
            rows=rows,
            stride=stride,
            document_of=_ints(documents[judgeable.document_of[id]] for id in ids),
            by_place=np.array([own is not None for own in places]),
            holders=_ints(holder for holder, _ in held),
            held=_ints(number for _, number in held),
            keys=_ints(key for key, _, _ in judged),
            names=tuple(name for _, name, _ in judged),
            grades=np.array([grade for _, _, grade in judged], np.int16),
            judged=Judged.of(judgeable.grades, queries),
        )

    @property
    def query_of(self) -> Ints:
        """The place of the query of each judged item, (j,)."""
        return self.keys // self.stride

    def of_chunks(self, chunks: Ints) -> tuple[Ints, Ints, Ints]:
        """What `chunks` (n,) yield; they are query * rows + row, ascending.

        Three arrays with an entry for each item that a chunk yields: the chunk's place in `chunks`, the item's key, and the
        item's place in `keys`, -1 where it is not judged. The entries of a query stand in the order that decides between equal
        scores: by document and chunk id, or by chunk id and the order of the places in it.
        """
        first = np.searchsorted(self.holders, chunks)
        places = np.searchsorted(self.holders, chunks, side="right") - first
        yields = np.maximum(places, 1)
        chunk = np.repeat(np.arange(len(chunks)), yields)
        turn = np.arange(len(chunk)) - np.repeat(np.cumsum(yields) - yields, yields)
        query, row = np.divmod(chunks[chunk], max(self.rows, 1))
        by_place, document = self.by_place[query], self.document_of[row]
        number = np.where(by_place, self.stride - self.rows + row, document)
        holds = places[chunk] > 0
        number[holds] = self.held[(first[chunk] + turn)[holds]]
        order = np.argsort(query * self.stride + np.where(by_place, row, document), kind="stable")
        keys = (query * self.stride + number)[order]
        return chunk[order], keys, _found_at(self.keys, keys)


def _check(queries: Sequence[str], judgeable: Judgeable) -> None:
    if not queries:
        raise BadInput("There is no judged query to tune on; add judgments or choose another query set.")
    for query in queries:
        if query not in judgeable.grades:
            raise BadInput(f'The query "{query}" has no judgment; tune on judged queries only.')


def _documents(queries: Sequence[str], ids: Sequence[str], judgeable: Judgeable) -> dict[str, int]:
    """The number of each document that has a chunk or, though the corpus may not have it, a judgment; in the order of ids."""
    judged = {item for query in queries if query not in judgeable.places for item in judgeable.grades[query]}
    return _numbered(sorted(judged.union(judgeable.document_of[id] for id in ids)))


def _numbered(names: Iterable[str], first: int = 0) -> dict[str, int]:
    return {name: number for number, name in enumerate(names, first)}


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _found_at(keys: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` stands in the ascending `keys`, -1 where it does not."""
    at = np.searchsorted(keys, wanted)
    known = at < len(keys)
    known[known] = keys[at[known]] == wanted[known]
    return np.where(known, at, -1)
