"""The queries and judgments that a stored corpus came with, in the files of a BEIR folder.

They are kept as they were given; those whose document is gone are left out when they are read, and count again when it is back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrieval.corpora.checks import checked
from retrieval.exporting.beir import judgment_files, query_lines
from retrieval.readers import Refusal
from retrieval.types import Document, Judgment, Query


@dataclass(frozen=True)
class Judged:
    """Queries in order, and the judgments of each split."""

    queries: tuple[Query, ...] = ()
    judgments: Mapping[str, tuple[Judgment, ...]] = field(default_factory=dict)

    def merged(self, queries: Iterable[Query], judgments: Mapping[str, Iterable[Judgment]]) -> Judged:
        """With more of both; a query with the same id and a judgment of the same text for the same query are replaced."""
        by_id = {query.id: query for query in (*self.queries, *queries)}
        splits = {}
        for split in (*self.judgments, *judgments):
            both = (*self.judgments.get(split, ()), *judgments.get(split, ()))
            splits[split] = tuple({(item.query_id, item.document_id, item.span): item for item in both}.values())
        return Judged(tuple(by_id.values()), splits)

    def over(self, documents: Sequence[Document]) -> tuple[dict[str, tuple[Judgment, ...]], tuple[Refusal, ...]]:
        """The judgments that fit `documents` and the queries, by split; and a sentence for each split that some do not fit."""
        lengths, queries = {document.id: len(document.text) for document in documents}, {query.id for query in self.queries}
        kept, refused = {}, []
        for split, given in self.judgments.items():
            fits = [
                item
                for item in given
                if item.query_id in queries and item.document_id in lengths and (item.end or 0) <= lengths[item.document_id]
            ]
            kept[split] = tuple(fits)
            if len(fits) < len(given):
                reason = f"has {len(given) - len(fits)} judgments of documents, places or queries that the corpus does not hold"
                refused.append(Refusal(f"qrels/{split}.tsv", f"{reason}; they count again when these are added again"))
        return kept, tuple(refused)

    def files(self) -> dict[str, str]:
        """Content by file name. Raises BadInput where an id does not fit a qrels file."""
        files = {"queries.jsonl": query_lines(self.queries), **judgment_files(self.judgments)}
        return {name: "".join(lines) for name, lines in files.items()}

    @property
    def fingerprint(self) -> str:
        """A 16-character name of all files, "" where there is neither a query nor a judgment."""
        if not self.queries and not self.judgments:
            return ""
        return hashlib.blake2b(json.dumps(self.files(), sort_keys=True).encode(), digest_size=8).hexdigest()


def write_judged(judged: Judged, folder: Path) -> None:
    """Write the files into `folder`."""
    (folder / "qrels").mkdir()
    for name, text in judged.files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def read_judged(folder: Path) -> Judged:
    """What `write_judged` wrote. Raises CorpusDamaged where a file is missing or not as it was written."""
    with checked(folder, "queries and judgments"):
        queries = tuple(Query(row["_id"], row["text"], row.get("class", "")) for row in rows(folder / "queries.jsonl"))
        judgments = {path.stem: tuple(judgments_of(path)) for path in sorted((folder / "qrels").glob("*.tsv"))}
        return Judged(queries, judgments)


def judgments_of(path: Path) -> Iterator[Judgment]:
    """The judgments of a split, those of whole documents first."""
    for line in path.read_text(encoding="utf-8").split("\n")[1:-1]:
        query, document, grade = line.split("\t")
        yield Judgment(query, document, int(grade))
    spans = path.with_name(f"{path.stem}.spans.jsonl")
    for row in rows(spans) if spans.exists() else ():
        yield Judgment(row["query-id"], row["corpus-id"], row["score"], row["start"], row["end"])


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file of ours."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
