"""Parquet tables, read batch by batch: one row is one document; columns are named as the fields of JSON Lines, case and all.

Structs lead to dotted names. Times, decimals and the like are taken as texts; binary columns are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retrieval.readers.base import TEXT_FIELDS, Collector, ReadReport, Unusable, file_stem, report
from retrieval.readers.rows import Rows, absent
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.readers.table import chosen_names
from retrieval.types import Document

BATCH = 1024  # rows
MAGIC = b"PAR1"
SMALLEST = 12  # bytes: both marks and the length of the footer


def read_parquet(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """The documents of a Parquet file; one without an id gets the file's stem and the number of its row."""
    collector: Collector[Document] = Collector()
    try:
        _collect(collector, name, opened(data), reading)
    except Unusable as refusal:
        collector.rows += not collector.rows
        collector.refuse(name, str(refusal))
    except Exception as error:  # a damaged file makes pyarrow raise anything
        words = " ".join(str(error).split()) or type(error).__name__
        collector.refuse(name, f"is damaged after row {collector.rows} ({words:.200}); write it again")
        collector.rows += not collector.rows
    return report(collector)


def _collect(collector: Collector[Document], name: str, table: Any, reading: Reading) -> None:
    known = column_names(table.schema_arrow)
    for missing in sorted(chosen_names(reading.fields).difference(known)):
        raise Unusable(absent(missing, known))
    if not reading.fields.text and not set(TEXT_FIELDS).intersection(known):
        raise Unusable(f"has no text column ({', '.join(known):.200}); name one text, body or content, or choose one")
    rows, stem = Rows(reading), file_stem(name)
    for number, row in enumerate(records(table), start=1):
        where = f"{name} row {number}"
        collector.rows += 1
        try:
            collector.add(rows.document(row, f"{stem}-{number}"), where)
        except Unusable as refusal:
            collector.refuse(where, str(refusal))


def opened(data: bytes) -> Any:
    """A pyarrow.parquet.ParquetFile over `data`. Raises Unusable where it is none or encrypted."""
    from pyarrow import BufferReader
    from pyarrow.parquet import ParquetFile

    if data[-4:] == b"PARE":
        raise Unusable("is encrypted; write it without encryption")
    if len(data) < SMALLEST or data[:4] != MAGIC or data[-4:] != MAGIC:
        raise Unusable("is no Parquet file, or cut off; write it again")
    bounds = {"thrift_string_size_limit": 16 * 2**20, "thrift_container_size_limit": 2**20}
    return ParquetFile(BufferReader(data), memory_map=False, **bounds)


def column_names(schema: Any, prefix: str = "") -> list[str]:
    """The columns in order; those of a struct follow it under dotted names."""
    import pyarrow.types

    found = []
    for column in schema:
        found.append(prefix + column.name)
        if pyarrow.types.is_struct(column.type):
            found.extend(column_names(column.type, f"{prefix}{column.name}."))
    return found


def records(table: Any) -> Iterator[dict[str, object]]:
    """The rows by column name, values as JSON knows them."""
    for batch in table.iter_batches(batch_size=BATCH, use_threads=False):
        columns = {name: values(batch.column(at)) for at, name in enumerate(batch.schema.names)}
        for at in range(batch.num_rows):
            yield {name: plain(column[at]) for name, column in columns.items()}


def values(column: Any) -> list[object]:
    """The values of a column; times of nanoseconds become texts first, for Python has none."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind) or pa.types.is_time(kind):
        found = column.cast(pa.string()) if not pa.types.is_duration(kind) else column.cast(pa.int64())
        return list(found.to_pylist())
    return list(column.to_pylist())


def plain(value: object) -> object:
    """A value as JSON knows it: dates and decimals as texts, bytes as nothing."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return None if isinstance(value, bytes) else str(value)
