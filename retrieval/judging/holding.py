"""Which queries of a set are frozen, so that tuning never sees them: a random share of every class."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from math import floor

from retrieval.errors import require
from retrieval.judging.sources import is_synthetic
from retrieval.types import Query

Stratum = tuple[str, bool]
ALL = "all"
PORTIONS = {ALL: (True, False), "without held-out": (False,), "held-out only": (True,)}


def portion_of(queries: Sequence[Query], name: str) -> tuple[Query, ...]:
    """One of the `PORTIONS` of some queries, in their order. Raises BadSetting for another name."""
    require(name in PORTIONS, f"there is no portion {name!r} of a query set; choose one of {', '.join(PORTIONS)}")
    return tuple(query for query in queries if query.held_out in PORTIONS[name])


def held_out(queries: Sequence[Query], share: float, seed: int) -> tuple[Query, ...]:
    """The queries to hold out, in their order: those that are, and as many more of each class as its share lacks.

    Synthetic queries are drawn apart from the others, so that the share holds without them. Of `share` times all queries,
    rounded, each class gets the whole number below its own share, and the rest go to the classes that lose most by that (the
    method of largest remainders). Who is drawn depends on the seed and the id alone. Raises BadSetting unless 0 < share < 1.
    """
    require(0 < share < 1, f"the share held out is {share:g}, it must be above 0 and below 1; 0.2 is usual")
    strata: dict[Stratum, list[Query]] = {}
    for query in queries:
        strata.setdefault((query.category, is_synthetic(query)), []).append(query)
    counts = apportioned({stratum: len(members) for stratum, members in strata.items()}, share, seed)
    chosen = set()
    for stratum, members in strata.items():
        drawn = sorted(members, key=lambda query: (not query.held_out, lot(seed, query.id)))
        already = sum(query.held_out for query in members)
        chosen |= {query.id for query in drawn[: max(counts[stratum], already)]}
    return tuple(query for query in queries if query.id in chosen)


def apportioned(sizes: dict[Stratum, int], share: float, seed: int) -> dict[Stratum, int]:
    """How many of each stratum make `share` of all, by largest remainders; equal remainders by lot."""
    counts = {stratum: floor(share * size) for stratum, size in sizes.items()}
    rest = floor(share * sum(sizes.values()) + 0.5) - sum(counts.values())
    losses = sorted(sizes, key=lambda stratum: (counts[stratum] - share * sizes[stratum], lot(seed, repr(stratum))))
    for stratum in losses[: max(rest, 0)]:
        counts[stratum] += 1
    return counts


def lot(seed: int, id: str) -> bytes:
    """A number drawn for an id, the same for the same seed wherever it is drawn."""
    return hashlib.blake2b(f"{seed} {id}".encode(), digest_size=8).digest()
