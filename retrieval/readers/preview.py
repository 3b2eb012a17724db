"""The columns of a table or the fields of JSON objects with their first rows, to choose from, and a first guess at the choice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from retrieval.errors import BadInput
from retrieval.readers import parquet
from retrieval.readers.base import ID_FIELDS, TEXT_FIELDS, TITLE_FIELDS, Unusable, decode
from retrieval.readers.json_objects import items
from retrieval.readers.json_objects import parsed as parsed_file
from retrieval.readers.jsonl import numbered, utf8_lines
from retrieval.readers.jsonl import parsed as parsed_line
from retrieval.readers.rows import flat_names
from retrieval.readers.settings import Fields
from retrieval.readers.table import named, read_header, records, table_lines

TITLES = (*TITLE_FIELDS, "headline", "subject", "name")
WORDY = 40  # characters that a column of texts has on average, at least

Row = dict[str, object]


@dataclass(frozen=True)
class Preview:
    """Names as `Fields` takes them, and for every row a text for each name, "" where it has none."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def columns(name: str, data: bytes, limit: int = 20) -> Preview:
    """The columns of a file and its first `limit` rows. Raises BadInput where it has none, or is damaged."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in PREVIEWS:
        raise BadInput(f"{name} has no columns to choose from; give one of {', '.join(PREVIEWS)}")
    try:
        header, rows = PREVIEWS[suffix](data, limit)
    except Unusable as refusal:
        raise BadInput(f"{name} {refusal}") from None
    except RecursionError:
        raise BadInput(f"{name} is nested too deeply; flatten its objects") from None
    except Exception as error:  # pyarrow raises anything for a damaged file
        raise BadInput(f"{name} is damaged ({error!s:.200}); write it again") from None
    flat = [flat_names(row) for row in rows]
    scalars = dict.fromkeys(key for row in flat for key, value in row.items() if not isinstance(value, dict))
    parents = {key for row in flat for key, value in row.items() if isinstance(value, dict)}
    known = tuple(key for key in dict.fromkeys([*header, *scalars]) if key in scalars or key not in parents)
    return Preview(known, tuple(tuple(shown(row.get(key)) for key in known) for row in flat))


def shown(value: object) -> str:
    """A value as a cell shows it: texts as they are, the rest as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def table_rows(data: bytes, limit: int) -> tuple[list[str], list[Row]]:
    """Header and first rows of CSV and TSV; rows that do not fit the header are left out."""
    lines, start = table_lines(decode(data))
    header, separator = read_header(lines[start])
    return header, fitting((row for _, row in records(lines, start + 1, separator)), lambda row: named(header, row), limit)


def jsonl_rows(data: bytes, limit: int) -> tuple[list[str], list[Row]]:
    """First objects of JSON Lines; broken lines are left out."""
    return [], fitting((line for _, line in numbered(utf8_lines(data))), parsed_line, limit)


def json_rows(data: bytes, limit: int) -> tuple[list[str], list[Row]]:
    """First objects of a JSON file."""
    value = parsed_file(data)
    found = items(value, Fields())
    rows = [value] if found is None else found
    return [], [row for row in rows[:limit] if isinstance(row, dict)]


def parquet_rows(data: bytes, limit: int) -> tuple[list[str], list[Row]]:
    """Columns and first rows of a Parquet file."""
    table = parquet.opened(data)
    return parquet.column_names(table.schema_arrow), list(islice(parquet.records(table), limit))


def fitting(rows: Iterable[object], make: Callable[..., Row], limit: int) -> list[Row]:
    """What `make` makes of the first rows that it takes."""
    found: list[Row] = []
    for row in rows:
        if len(found) == limit:
            break
        try:
            found.append(make(row))
        except (Unusable, RecursionError):
            continue
    return found


PREVIEWS: dict[str, Callable[[bytes, int], tuple[list[str], list[Row]]]] = {
    ".csv": table_rows,
    ".tsv": table_rows,
    ".parquet": parquet_rows,
    ".json": json_rows,
    ".jsonl": jsonl_rows,
    ".ndjson": jsonl_rows,
}


def guess(preview: Preview) -> Fields:
    """The usual names where there are any, else the column with the longest texts; titles go by their usual names."""
    lower = {name.lower(): name for name in reversed(preview.columns)}

    def usual(names: tuple[str, ...]) -> str:
        return next((lower[name] for name in names if name in lower), "")

    id, title = usual(ID_FIELDS), usual(TITLES)
    text = usual(TEXT_FIELDS) or longest(preview, {id, title})
    return Fields((text,) if text else (), "" if title == text else title, id)


def longest(preview: Preview, apart: set[str]) -> str:
    """The column with the longest texts on average, "" where none has 40 characters or more."""
    means = {
        name: sum(len(row[at]) for row in preview.rows) / max(1, len(preview.rows))
        for at, name in enumerate(preview.columns)
        if name not in apart
    }
    best = max(means, key=lambda name: means[name], default="")
    return best if means.get(best, 0) >= WORDY else ""
