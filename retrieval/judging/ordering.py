"""In which order the documents of a pool are shown. Orders are siblings with one signature; the table names them.

A rater who knows where a document stood grades it accordingly. "shuffled" says nothing about that; "most informative first"
says a little, which is its price, but neither a rank nor a source. What is equal is ordered by a hash that differs from rater to
rater.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import log2

from retrieval.errors import BadSetting
from retrieval.judging.naming import digest
from retrieval.judging.pool import Pool

Order = Callable[[Pool, str, str], tuple[str, ...]]


def shuffled(pool: Pool, query_set: str, rater: str) -> tuple[str, ...]:
    """By a hash of query set, query, rater and document.

    It is the same on every rerun, differs between raters, and stays as it is where documents enter or leave the pool.
    """
    return tuple(sorted(pool.documents, key=lambda document: digest(query_set, pool.query_id, rater, document)))


def most_informative(pool: Pool, query_set: str, rater: str) -> tuple[str, ...]:
    """By `informativeness`, the highest first; equal ones shuffled."""
    values = {document: informativeness(pool, document) for document in pool.documents}
    return tuple(sorted(shuffled(pool, query_set, rater), key=lambda document: -values[document]))


ORDERS: dict[str, Order] = {"shuffled": shuffled, "most informative first": most_informative}
DEFAULT_ORDER = "shuffled"


def informativeness(pool: Pool, document: str) -> float:
    """How much a grade of `document` may change what the rankings are worth: (max w - min w) + max w, from 0 to 2.

    w is what the document's place adds to DCG for each step of its grade, 1 / log2(1 + rank), in each of the rankings; 0 where
    one does not hold it. The first term is the most that the grade moves two rankings apart, the second the most that it moves
    one. So a document that is high in one ranking and absent from another comes first; at rank 1 of all rankings it counts as
    much as at rank 3 of one alone.

    The first term follows the document weights of Carterette, Allan and Sitaraman (2006), "Minimal test collections for retrieval
    evaluation"; that the top of any ranking goes first is shared with Cormack, Palmer and Clarke (1998), "Efficient construction
    of large test collections". Left out: learning from the grades given so far.
    """
    ranks = (ranking.ranks.get(document) for ranking in pool.rankings.values())
    weights = [0.0 if rank is None else 1.0 / log2(1 + rank) for rank in ranks] or [0.0]
    return 2 * max(weights) - min(weights)


def queue(
    pool: Pool,
    judged: Collection[str],
    query_set: str,
    rater: str,
    order: str = DEFAULT_ORDER,
    later: Sequence[str] = (),
) -> tuple[str, ...]:
    """What a rater has still to judge: without the documents `judged`, those put off for `later` last, in that order.

    `query_set` is the key of the set, `judged` are the documents that need no more words of this rater. Raises BadSetting for an
    unknown order.
    """
    if order not in ORDERS:
        raise BadSetting(f'the order "{order}" is not known; choose one of {", ".join(ORDERS)}')
    left, put_off = frozenset(pool.left(judged)), dict.fromkeys(later)
    first = (document for document in ORDERS[order](pool, query_set, rater) if document in left and document not in put_off)
    return (*first, *(document for document in put_off if document in left))
