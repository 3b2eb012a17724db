"""The documents of one version of a corpus: one Parquet file, read column by column.

`documents.parquet` has a row for each document: id, title, text, metadata as a JSON object, syntax, headings, pages, and the
document's fingerprint, so that a change is found without reading a text.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retrieval.corpora.checks import checked
from retrieval.errors import BadInput
from retrieval.types import PLAIN, Document, Heading, Structure

FILE = "documents.parquet"
ROWS_IN_A_GROUP = 20_000
TEXTS = ("id", "title", "text", "metadata", "syntax")


def schema() -> Any:
    """The columns; `large_string`, for the texts of a corpus may hold more than 2 GB."""
    import pyarrow as pa

    heading = pa.struct({"start": pa.int64(), "level": pa.int16(), "title": pa.large_string()})
    lists = {"headings": pa.large_list(heading), "pages": pa.large_list(pa.int64())}
    return pa.schema({**dict.fromkeys(TEXTS, pa.large_string()), **lists, "fingerprint": pa.binary(16)})


def table_of(documents: Sequence[Document]) -> Any:
    """The documents as an Arrow table. Raises BadInput for half a surrogate pair, which no file can hold."""
    import pyarrow as pa

    rows = {
        "id": [document.id for document in documents],
        "title": [document.title for document in documents],
        "text": [document.text for document in documents],
        "metadata": [json.dumps(dict(document.metadata), ensure_ascii=False) for document in documents],
        "syntax": [document.structure.syntax for document in documents],
        "headings": [[(mark.start, mark.level, mark.title) for mark in document.structure.headings] for document in documents],
        "pages": [document.structure.pages for document in documents],
        "fingerprint": [document.fingerprint for document in documents],
    }
    try:
        return pa.table(rows, schema())
    except UnicodeEncodeError as error:
        raise BadInput(f"a document holds half a surrogate pair ({error.object[:40]!a}); repair the character") from None


def write_table(table: Any, folder: Path) -> None:
    """Write the table into `folder`, compressed with zstd, its pages with checksums."""
    import pyarrow.parquet as pq

    pq.write_table(table, folder / FILE, compression="zstd", row_group_size=ROWS_IN_A_GROUP, write_page_checksum=True)


def read_table(folder: Path, columns: Sequence[str] | None = None) -> Any:
    """The table in `folder`, all columns without `columns`. Raises CorpusDamaged where it is missing or not as it was written."""
    import pyarrow.parquet as pq

    with checked(folder, "documents"), pq.ParquetFile(folder / FILE, page_checksum_verification=True) as file:
        return file.read(columns)


def fingerprints_in(table: Any) -> dict[str, bytes]:
    """Fingerprint by id, in the order of the rows."""
    return dict(zip(table["id"].to_pylist(), table["fingerprint"].to_pylist(), strict=True))


def documents_in(table: Any) -> tuple[Document, ...]:
    """The documents of all rows."""
    ids, titles, texts, metadata, syntaxes = (table[name].to_pylist() for name in TEXTS)
    with uncollected():
        fields = json.loads(f"[{','.join(metadata)}]")
        marks = zip(syntaxes, headings_in(table), lists_in(table["pages"]), strict=True)
        structures = [PLAIN if (syntax, *rest) == ("text", (), ()) else Structure(syntax, *rest) for syntax, *rest in marks]
        return tuple(map(Document, ids, texts, titles, fields, structures))


@contextmanager
def uncollected() -> Iterator[None]:
    """Make many objects that stay: looking for garbage among them meanwhile finds nothing and takes half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def headings_in(table: Any) -> Iterator[tuple[Heading, ...]]:
    """The headings of each row."""
    column = table["headings"].combine_chunks()
    starts, levels, titles = (part.to_pylist() for part in column.flatten().flatten())
    return sliced(list(map(Heading, starts, levels, titles)), column.value_lengths().to_pylist())


def lists_in(column: Any) -> Iterator[tuple[Any, ...]]:
    """The values of each row of a column of lists."""
    joined = column.combine_chunks()
    return sliced(joined.flatten().to_pylist(), joined.value_lengths().to_pylist())


def sliced(values: Sequence[Any], lengths: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """`values` cut into pieces of the given lengths."""
    at = 0
    for length in lengths:
        yield tuple(values[at : at + length]) if length else ()
        at += length
