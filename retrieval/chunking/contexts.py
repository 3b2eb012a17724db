"""What is put in front of a chunk: the document's title and the path of headings that began before it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Heading, Tokenizer

SEPARATOR = " > "


class Contexts:
    """The contexts of one document, each with its tokens; one that has more than `limit` is shortened, None bounds nothing.

    `starts` (n,) are the places of `headings`, ascending.
    """

    def __init__(
        self,
        title: str,
        headings: Sequence[Heading],
        starts: NDArray[np.int64],
        tokenizer: Tokenizer,
        limit: int | None,
    ) -> None:
        self._title, self._starts, self._tokenizer, self._limit = title.strip(), starts, tokenizer, limit
        self._headings = headings
        self._paths = _paths(headings)
        self._known: dict[tuple[str, ...], tuple[str, int]] | None = None

    def path(self, place: int) -> tuple[Heading, ...]:
        """The headings in force at `place`, with those that start there; headings without words only end sections."""
        return tuple(self._headings[at] for at in self._in_force(place) if self._headings[at].title.strip())

    def section_start(self, place: int) -> int:
        """The place of the last heading up to `place`, 0 where there is none."""
        at = int(self._starts.searchsorted(place, "right"))
        return int(self._starts[at - 1]) if at else 0

    def at(self, place: int) -> tuple[str, int]:
        """The context of a chunk that starts at `place`, and its tokens."""
        if self._known is None:
            self._known = self._measure()
        return self._known[self._titles(place)]

    def _in_force(self, place: int) -> tuple[int, ...]:
        return self._paths[int(self._starts.searchsorted(place, "right"))]

    def _titles(self, place: int) -> tuple[str, ...]:
        before = (self._headings[at].title.strip() for at in self._in_force(place) if self._starts[at] < place)
        return tuple(title for title in (self._title, *(title for title in before if title != self._title)) if title)

    def _measure(self) -> dict[tuple[str, ...], tuple[str, int]]:
        """Every context that a chunk of the document can have: at a heading, after it, and before all of them."""
        places = np.unique(np.concatenate([[-1], self._starts, self._starts + 1])).tolist()
        found = list(dict.fromkeys(self._titles(place) for place in places))
        texts = [SEPARATOR.join(titles) for titles in found]
        known = {}
        for titles, text, count in zip(found, texts, self._tokenizer.counts(texts).tolist(), strict=True):
            fits = self._limit is None or count <= self._limit
            known[titles] = (text, count) if fits else self._shortened(titles)
        return known

    def _shortened(self, titles: tuple[str, ...]) -> tuple[str, int]:
        """Fewer titles, the first and the last longest; a single one that is too long keeps its first tokens."""
        limit = self._limit or 0
        while len(titles) > 1:
            titles = (titles[0], *titles[2:]) if len(titles) > 2 else titles[1:]
            if (count := self._count(SEPARATOR.join(titles))) <= limit:
                return SEPARATOR.join(titles), count
        ends = self._tokenizer.spans(titles[0])[:, 1]
        for kept in range(min(limit, len(ends)), 0, -1):
            text = titles[0][: ends[kept - 1]].strip()
            if (count := self._count(text)) <= limit:
                return text, count
        return "", 0

    def _count(self, text: str) -> int:
        return int(self._tokenizer.counts([text])[0])


def _paths(headings: Sequence[Heading]) -> list[tuple[int, ...]]:
    """Which headings are in force before the first, and after each."""
    paths: list[tuple[int, ...]] = [()]
    for at, heading in enumerate(headings):
        paths.append((*(above for above in paths[-1] if headings[above].level < heading.level), at))
    return paths
