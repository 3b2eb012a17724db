"""BEIR folders: corpus.jsonl, queries.jsonl and qrels/<split>.tsv (Thakur et al., 2021), read line by line.

Judged spans (`retrieval.readers.spans`) lie beside the qrels and join the judgments of their split.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retrieval.errors import BadInput
from retrieval.readers.base import Collector, Item, Refusal, Unusable, document_of, first_of, id_of, sound
from retrieval.readers.jsonl import collect, numbered
from retrieval.readers.spans import SUFFIX, read_spans
from retrieval.types import GRADES, Document, Judgment, Query

LAYOUT = "it needs corpus.jsonl; queries.jsonl and qrels/<split>.tsv are optional"
TEXT_FIELDS = ("text", "query")
HEADERS = {b"query-id", b"query_id", b"qid", b"query"}
_GRADE = re.compile(r"([0-9]{1,9})(?:\.0+)?")


@dataclass(frozen=True)
class Collection:
    """Documents and queries in file order, and for each split (the stem of its qrels file) the judgments.

    `refused` says what was not taken, of all files; `duplicates` of them were documents or queries whose id was taken.
    """

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    judgments: Mapping[str, tuple[Judgment, ...]]
    refused: tuple[Refusal, ...]
    duplicates: int = 0


def read_beir(folder: Path) -> Collection:
    """Read a BEIR folder. Raises BadInput where the folder or its corpus.jsonl does not exist."""
    folder = Path(folder)
    corpus = folder / "corpus.jsonl"
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder; give the path of a BEIR folder: {LAYOUT}")
    if not corpus.is_file():
        raise BadInput(f"{folder} is not a BEIR folder: {LAYOUT}")
    documents: Collector[Document] = Collector()
    queries: Collector[Query] = Collector()
    refused: list[Refusal] = []
    read_lines(documents, corpus, lambda row, _: document_of(row, None))
    if (folder / "queries.jsonl").is_file():
        read_lines(queries, folder / "queries.jsonl", lambda row, _: query_of(row))
    paths = [*sorted((folder / "qrels").glob("*.tsv")), *sorted((folder / "qrels").glob(f"*{SUFFIX}"))]
    judged = ((f"qrels/{path.name}", lines_of(path)) for path in paths)
    judgments = read_judgments(judged, queries.items, documents.items, refused)
    return Collection(
        tuple(documents.items.values()),
        tuple(queries.items.values()),
        judgments,
        (*documents.refused, *queries.refused, *refused),
        documents.duplicates + queries.duplicates,
    )


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, one at a time."""
    with path.open("rb") as lines:
        yield from lines


def read_lines(collector: Collector[Item], path: Path, make: Callable[[dict[str, object], int], Item]) -> None:
    """Collect from a JSON Lines file without holding it in memory."""
    collect(collector, lines_of(path), path.name, make)


def read_judgments(
    files: Iterable[tuple[str, Iterable[bytes]]],
    queries: Mapping[str, Query],
    documents: Mapping[str, Document],
    refused: list[Refusal],
) -> dict[str, tuple[Judgment, ...]]:
    """The judgments of qrels and of judged spans by split; what is refused is added to `refused` with the file's name."""
    judgments: dict[str, tuple[Judgment, ...]] = {}
    for name, lines in files:
        read, suffix = (read_spans, SUFFIX) if name.endswith(SUFFIX) else (read_qrels, ".tsv")
        split = PurePosixPath(name).name.removesuffix(suffix)
        judgments[split] = (*judgments.get(split, ()), *read(name, lines, queries, documents, refused))
    return judgments


def query_of(row: Mapping[str, object]) -> Query:
    """A query with its class, from "class" or from the metadata's. Raises Unusable where it has no id or no words."""
    id = id_of(row, None)
    text = sound("text", first_of(row, TEXT_FIELDS) or "")
    if not text.strip():
        raise Unusable("has no text; give the query one in the field text")
    metadata = row.get("metadata")
    category = row.get("class") or (metadata.get("class") if isinstance(metadata, dict) else None)
    return Query(id, text, sound("class", category or ""))


def read_qrels(
    name: str, lines: Iterable[bytes], queries: Container[str], documents: Container[str], refused: list[Refusal]
) -> tuple[Judgment, ...]:
    """The judgments of one file, first ones kept; what is refused is added to `refused`."""
    if not queries:
        refused.append(Refusal(name, "is not read, for there is no query; add queries.jsonl"))
        return ()
    found: dict[tuple[str, str], tuple[Judgment, int]] = {}
    for number, line in numbered(lines):
        try:
            judgment = judgment_of(line, queries, documents)
            pair = (judgment.query_id, judgment.document_id)
            if pair in found:
                raise Unusable(f"judges a query and document of line {found[pair][1]} again; the first is kept, remove one")
            found[pair] = (judgment, number)
        except Unusable as refusal:
            if not (number == 1 and is_header(line)):
                refused.append(Refusal(f"{name} line {number}", str(refusal)))
    return tuple(judgment for judgment, _ in found.values())


def is_header(line: bytes) -> bool:
    """Whether the first line of a qrels file names its columns."""
    return line.split(b"\t")[0].strip().lower() in HEADERS


def judgment_of(line: bytes, queries: Container[str], documents: Container[str]) -> Judgment:
    """The judgment on a line: query id, document id and grade, tabs between. Raises Unusable with the reason."""
    try:
        cells = line.decode("utf-8").rstrip("\r\n").split("\t")
    except UnicodeDecodeError:
        raise Unusable("is not valid UTF-8; save the file as UTF-8") from None
    if len(cells) != 3:
        raise Unusable(f"has {len(cells)} columns; it needs 3 with tabs between them: query id, document id, grade")
    query, document, grade = (cell.strip() for cell in cells)
    if query not in queries:
        raise Unusable(f'names the query "{query}", which queries.jsonl does not hold; add it or remove the row')
    if document not in documents:
        raise Unusable(f'names the document "{document}", which corpus.jsonl does not hold; add it or remove the row')
    return Judgment(query, document, grade_of(grade))


def grade_of(text: str) -> int:
    """A whole number of 0 to 3, "2.0" allowed. Raises Unusable for everything else."""
    match = _GRADE.fullmatch(text)
    grade = int(match[1]) if match else -1
    if grade not in GRADES:
        raise Unusable(f'has the grade "{text}"; grades are whole numbers from {min(GRADES)} to {max(GRADES)}, rescale it')
    return grade
