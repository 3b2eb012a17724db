"""Pools: what is worth judging for a query, because a stage or another system ranks it high.

A document that is in no pool stays unjudged, and metrics count it as irrelevant; so a pool takes the top of every ranking there
is (Spärck Jones and van Rijsbergen, 1975).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from retrieval.errors import require
from retrieval.types import Ranking

DEPTH = 20


@dataclass(frozen=True)
class Pool:
    """The documents to judge for one query, by id ascending, and the `rankings` of documents, by source, that they came from."""

    query_id: str
    documents: tuple[str, ...]
    rankings: Mapping[str, Ranking]

    def left(self, judged: Collection[str]) -> tuple[str, ...]:
        """The documents that are not among those `judged`."""
        done = frozenset(judged)
        return tuple(document for document in self.documents if document not in done)


def pool(query_id: str, rankings: Mapping[str, Ranking], depth: int = DEPTH) -> Pool:
    """The union of the first `depth` documents of every ranking of documents, by source: a stage, or the name of a run.

    Raises BadSetting where `depth` is below 1.
    """
    require(depth >= 1, f"the depth of the pool is {depth} and must be at least 1; raise it")
    documents = {document for ranking in rankings.values() for document in ranking.ids[:depth]}
    return Pool(query_id, tuple(sorted(documents)), dict(rankings))


def document_rankings(rankings: Mapping[str, Ranking], document_of: Mapping[str, str]) -> dict[str, Ranking]:
    """Rankings of chunks by stage, as a `Trace` has them, as rankings of documents."""
    return {stage: ranking.by_document(document_of) for stage, ranking in rankings.items()}
