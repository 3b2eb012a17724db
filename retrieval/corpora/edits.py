"""What a change makes of the documents of a corpus, computed on Arrow tables so that no text is read that stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.corpora.documents import fingerprints_in, table_of
from retrieval.errors import BadInput
from retrieval.types import Document


@dataclass(frozen=True, slots=True)
class Change:
    """How many documents a change added, replaced, found there already word for word, and removed."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0


def added(table: Any, documents: Sequence[Document]) -> tuple[Any, Change]:
    """The table with `documents`: those with a known id take the old one's place, the others follow in their order."""
    import pyarrow as pa

    places = {id: row for row, id in enumerate(table["id"].to_pylist())}
    known = fingerprints_in(table)
    changed = [document for document in documents if known.get(document.id) != document.fingerprint]
    rows = list(range(len(table)))
    for at, document in enumerate(changed, start=len(table)):
        if document.id in places:
            rows[places[document.id]] = at
        else:
            rows.append(at)
    replaced = len(table) + len(changed) - len(rows)
    both = pa.concat_tables([table, table_of(changed)]) if changed else table
    change = Change(len(changed) - replaced, replaced, len(documents) - len(changed))
    return (both.take(rows) if replaced else both), change


def removed(table: Any, ids: Iterable[str]) -> tuple[Any, Change]:
    """The table without the documents of `ids`; ids that it does not hold are passed over."""
    import pyarrow as pa

    gone = set(ids)
    kept = table.filter(pa.array([id not in gone for id in table["id"].to_pylist()], pa.bool_()))
    return kept, Change(removed=len(table) - len(kept))


def check_ids(documents: Iterable[Document]) -> None:
    """Raise BadInput where two documents share an id."""
    id, count = next(iter(Counter(document.id for document in documents).most_common(1)), ("", 0))
    if count > 1:
        raise BadInput(f"{count} documents have the id {id!r}; give each its own")
