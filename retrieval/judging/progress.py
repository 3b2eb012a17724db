"""How far the judging is: documents judged and left, and how much of the top of each stage is judged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from retrieval.judging.pool import Pool
from retrieval.judging.verdicts import Verdict

TOP = 10


@dataclass(frozen=True)
class Progress:
    """Documents of the pools that are `judged` and `left`; by source, the share of its top 10 that is judged (Judged@10).

    A ranking with fewer than ten documents counts by those it has, and one without any as 0, as ir-measures does it.
    """

    judged: int = 0
    left: int = 0
    shares: Mapping[str, float] = field(default_factory=dict)


def progress(pool: Pool, judged: Collection[str]) -> Progress:
    """The progress of one query; `judged` are the documents that count as judged, of one rater or of all."""
    done = frozenset(judged)
    left = len(pool.left(done))
    shares = {}
    for source, ranking in pool.rankings.items():
        top = ranking.ids[:TOP]
        shares[source] = sum(document in done for document in top) / len(top) if top else 0.0
    return Progress(len(pool.documents) - left, left, shares)


def judged_documents(latest: Iterable[Verdict], rater: str | None = None, cant_tell: bool = True) -> dict[str, set[str]]:
    """By query, the documents of which a word stands, on the whole or a part; of all raters where `rater` is None.

    `latest` are the last words. Where one was taken back, nothing stands. `cant_tell` counts "can't tell" as a word: for a queue
    it is one, for Judged@10 it is none.
    """
    found: dict[str, set[str]] = {}
    for verdict in latest:
        stands = verdict.grade is not None or (cant_tell and verdict.cant_tell)
        if stands and rater in (None, verdict.rater):
            found.setdefault(verdict.query_id, set()).add(verdict.document_id)
    return found
