"""Query sets as the queries and judgments of a collection, for formats that know one list of queries and splits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrieval.judging.records import QuerySet
from retrieval.readers import Collection
from retrieval.types import Judgment, Query


def with_sets(collection: Collection, sets: Iterable[tuple[QuerySet, Sequence[Query], Sequence[Judgment]]]) -> Collection:
    """The documents of a collection with the queries of `sets`, and the judgments of each as a split.

    A split has the name that it came with, or that of its set as far as a file can be called so. A query that has another text in
    an earlier set gets the set's key before its id. Judgments of documents that are not there, and of places beyond their end,
    are left out.
    """
    ends = {document.id: len(document.text) for document in collection.documents}
    queries: dict[str, Query] = {}
    splits: dict[str, tuple[Judgment, ...]] = {}
    for record, asked, judgments in sets:
        ids = {}
        for query in asked:
            same = queries.get(query.id, query).text == query.text
            ids[query.id] = query.id if same else f"{record.key}/{query.id}"
            queries.setdefault(ids[query.id], replace(query, id=ids[query.id]))
        kept = (item for item in judgments if item.document_id in ends and (item.end or 0) <= ends[item.document_id])
        splits[free_split(record, splits)] = tuple(replace(item, query_id=ids[item.query_id]) for item in kept)
    return replace(collection, queries=tuple(queries.values()), judgments=splits)


def free_split(record: QuerySet, used: Iterable[str]) -> str:
    """A name for the split of a set that can be a file's and is not `used`."""
    name = re.sub(r"[^\w. -]", "_", record.split or record.name).strip(" .")[:90] or "test"
    return name if name not in used else f"{name} {record.key[-8:]}"
