"""Readers: bytes to Documents, one file a format. A new format is one function and one line in the table.

Nothing that a reader is given makes it fail: what cannot be used is refused with its place and the reason, and the rest goes on.
Parsers that may hang or eat memory belong into a process of their own: `retrieval.readers.safely` reads files there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath

from retrieval.readers.base import ReadReport, Refusal, refused
from retrieval.readers.batch import read_batch
from retrieval.readers.beir import Collection, read_beir
from retrieval.readers.copies import without_copies
from retrieval.readers.docx import read_docx
from retrieval.readers.eml import read_eml
from retrieval.readers.html import read_html
from retrieval.readers.json_objects import read_json
from retrieval.readers.jsonl import read_jsonl
from retrieval.readers.languages import LANGUAGES
from retrieval.readers.parquet import read_parquet
from retrieval.readers.pdf import read_pdf
from retrieval.readers.plain import read_code, read_markdown, read_text
from retrieval.readers.pptx import read_pptx
from retrieval.readers.rst import read_rst
from retrieval.readers.settings import DEFAULT, Fields, Limits, Reading
from retrieval.readers.table import read_table
from retrieval.readers.xlsx import read_xlsx
from retrieval.readers.zip import read_zip

Reader = Callable[[str, bytes, Reading], ReadReport]


def read_file(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """The report of one file by its suffix; one of an unknown suffix is refused with those that are known."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in READERS:
        return refused(name, unknown(suffix))
    if len(data) > reading.limits.upload:
        return refused(name, too_large(len(data), reading.limits))
    try:
        return READERS[suffix](name, data, reading)
    except MemoryError:
        return refused(name, "needs more memory than there is; split it")
    except Exception as error:  # the last net: a reader that fails costs one file, never the batch
        words = " ".join(str(error).split()) or "no reason given"
        return refused(name, f"made its reader fail ({type(error).__name__}: {words:.200}); save it again or convert it")


def unknown(suffix: str) -> str:
    """Why a file of an unknown suffix is refused."""
    code = "a suffix of source code"
    known = [known for known in READERS if known not in LANGUAGES]
    return f'has the unknown suffix "{suffix}"; convert it to one of {", ".join(known)} or {code}'


def too_large(size: int, limits: Limits) -> str:
    """Why a file of `size` bytes is refused."""
    return f"has {size:,} bytes, the limit is {limits.upload:,}; split it or raise the limit upload"


READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_table,
    ".tsv": read_table,
    ".parquet": read_parquet,
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".pptx": read_pptx,
    ".xlsx": read_xlsx,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".rst": read_rst,
    ".eml": partial(read_eml, read=read_file),
    ".zip": partial(read_zip, read=read_file),
    **dict.fromkeys(LANGUAGES, read_code),
}

__all__ = [
    "LANGUAGES",
    "READERS",
    "Collection",
    "Fields",
    "Limits",
    "ReadReport",
    "Reader",
    "Reading",
    "Refusal",
    "read_beir",
    "read_code",
    "read_docx",
    "read_eml",
    "read_file",
    "read_files",
    "read_html",
    "read_json",
    "read_jsonl",
    "read_markdown",
    "read_parquet",
    "read_pdf",
    "read_pptx",
    "read_rst",
    "read_table",
    "read_text",
    "read_xlsx",
    "read_zip",
]


def read_files(items: Iterable[tuple[str, bytes]], reading: Reading = DEFAULT) -> ReadReport:
    """One report for a batch of (file name, content); ids are unique over the whole batch, the first one is kept.

    BEIR folders among the files bring their queries and judgments along. Documents with the content of an earlier one are
    dropped unless `reading` keeps them.
    """
    files = list(items)
    names = [name for name, _ in files]
    report = read_batch(names, lambda at, how: read_file(*files[at], how), lambda at: BytesIO(files[at][1]), reading)
    return report if reading.keep_duplicates else without_copies(report)
