"""A corpus with its queries and judgments as a BEIR ZIP (Thakur et al., 2021): reading it back gives the same collection.

What BEIR has no place for stands in fields and files that its other readers pass over: `structure` beside a document's text, and
judgments of spans in `qrels/<split>.spans.jsonl`.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from retrieval.errors import BadInput
from retrieval.readers.beir import Collection
from retrieval.readers.transfer import document_to_dict
from retrieval.types import Document, Judgment, Query

QRELS_HEADER = "query-id\tcorpus-id\tscore\n"
EPOCH = (1980, 1, 1, 0, 0, 0)  # equal collections give equal files
_SPLIT = re.compile(r"(?!\.)[\w. -]{1,100}(?<! )")


def beir_zip(collection: Collection, target: Path | IO[bytes]) -> None:
    """Write the ZIP to a path or a buffer, document by document; judgments given in the app are the caller's to merge in first.

    Raises BadInput, before anything is written, where an id does not fit a table with tabs or a split is no file name.
    """
    files = {
        "corpus.jsonl": document_lines(collection.documents),
        "queries.jsonl": query_lines(collection.queries),
        **judgment_files(collection.judgments),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                for line in lines:
                    file.write(line.encode("utf-8"))


def document_lines(documents: Iterable[Document]) -> Iterator[str]:
    """The lines of corpus.jsonl."""
    return (as_line(document_to_dict(document)) for document in documents)


def query_lines(queries: Iterable[Query]) -> Iterator[str]:
    """The lines of queries.jsonl, each with the query's class where it has one."""
    rows = ({"_id": query.id, "text": query.text} | ({"class": query.category} if query.category else {}) for query in queries)
    return (as_line(row) for row in rows)


def judgment_files(judgments: Mapping[str, Iterable[Judgment]]) -> dict[str, list[str]]:
    """The lines of each qrels file by its name. Raises BadInput as `beir_zip` does."""
    files = {}
    for split, given in judgments.items():
        if not _SPLIT.fullmatch(split):
            raise BadInput(f"the split {split!r} cannot be a file name; name it with letters, digits, spaces and . _ -")
        whole = [judgment for judgment in given if judgment.span is None]
        files[f"qrels/{split}.tsv"] = [QRELS_HEADER, *(qrels_line(judgment) for judgment in whole)]
        spans = [span_line(judgment) for judgment in given if judgment.span is not None]
        if spans:
            files[f"qrels/{split}.spans.jsonl"] = spans
    return files


def qrels_line(judgment: Judgment) -> str:
    """Query id, document id and grade, tabs between. Raises BadInput where an id does not fit."""
    for kind, id in (("query", judgment.query_id), ("document", judgment.document_id)):
        if id != id.strip() or re.search(r"[\t\r\n]", id):
            raise BadInput(
                f"the {kind} id {id!r} has a tab, a line break or white space around it, which no qrels file can hold; rename it"
            )
    return f"{judgment.query_id}\t{judgment.document_id}\t{judgment.grade}\n"


def span_line(judgment: Judgment) -> str:
    """The judgment of a span as a JSON line."""
    row = {"query-id": judgment.query_id, "corpus-id": judgment.document_id, "score": judgment.grade}
    return as_line(row | {"start": judgment.start, "end": judgment.end})


def as_line(row: Mapping[str, object]) -> str:
    """One JSON object on one line."""
    return json.dumps(row, ensure_ascii=False) + "\n"
