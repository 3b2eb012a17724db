"""PDF files, by pdfium: text page by page in paragraphs, bookmarks as headings, else headings by the size of their letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from retrieval.readers.base import ReadReport, Unusable
from retrieval.readers.pages import joined
from retrieval.readers.pdf_headings import Bookmark, by_bookmarks, by_size
from retrieval.readers.pdf_lines import Line, Paragraph, folded, paragraphs
from retrieval.readers.pdf_text import lines_of
from retrieval.readers.settings import DEFAULT, Limits, Reading
from retrieval.readers.signatures import not_as_named
from retrieval.readers.whole import Notes, clean, counted, document_from, line, read_whole
from retrieval.types import Document, Structure

FIELDS = {"Title": "title", "Author": "author", "Subject": "subject", "Keywords": "keywords", "CreationDate": "created"}
DEEPEST_OUTLINE, MOST_BOOKMARKS = 15, 20_000
_COMPOUND = re.compile(r"\w+-\w+")
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def read_pdf(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A PDF as one document with the character where each page starts.

    Encrypted files, and files without text (scanned ones), are refused; single pages without text are noted in one refusal.
    The title is that of the file's properties, else the file's stem.
    """
    return read_whole(name, data, reading, "a PDF", _parse)


def _parse(name: str, data: bytes, reading: Reading, notes: Notes) -> Document:
    pdf = opened(data)
    try:
        if len(pdf) > reading.limits.pages:
            raise Unusable(f"has {len(pdf):,} pages, the limit is {reading.limits.pages:,}; split it or raise the limit pages")
        lines, pictures = read_pages(pdf, name, reading.limits, notes)
        bookmarks = bookmarks_of(pdf)
        metadata = metadata_of(pdf)
    finally:
        pdf.close()
    refuse_scans(name, lines, pictures, notes)
    pages = paragraphs_of(lines, bookmarks)
    text, starts = joined("\n\n".join(paragraph.text for paragraph in page) for page in pages)
    headings = by_bookmarks(text, starts, bookmarks) if bookmarks else by_size(pages, starts)
    structure = Structure("text", headings, starts)
    return document_from(name, text, metadata.pop("title", ""), metadata, structure)


def opened(data: bytes) -> Any:
    """The PDF in a file. Raises Unusable where it is none, encrypted, broken or without pages."""
    import pypdfium2
    from pypdfium2 import raw

    if not data.strip():
        raise Unusable("is empty; save it again or leave it out")
    if b"%PDF-" not in data[:1024]:
        raise Unusable(not_as_named(data, "a PDF"))
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise Unusable("is encrypted; save it without a password") from None
        raise Unusable("is a broken PDF, perhaps cut off; copy it again or print it to a new PDF") from None
    if not len(pdf):
        pdf.close()
        raise Unusable("has no pages; save it again or leave it out")
    return pdf


def read_pages(pdf: Any, name: str, limits: Limits, notes: Notes) -> tuple[list[list[Line]], list[int]]:
    """The lines of every page, and the one-based numbers of pages that hold pictures and no text."""
    import pypdfium2

    lines: list[list[Line]] = []
    pictures: list[int] = []
    characters = 0
    for index in range(len(pdf)):
        try:
            found, pictured = lines_of(pdf, index)
        except pypdfium2.PdfiumError as error:  # a damaged page costs itself alone
            notes(f"{name} page {index + 1}", f"cannot be read ({line(error)}); print the PDF to a new one")
            found, pictured = [], False
        characters += sum(len(item.text) for item in found)
        counted(characters, limits)
        lines.append(found)
        if pictured and not found:
            pictures.append(index + 1)
    return lines, pictures


def refuse_scans(name: str, lines: Sequence[Sequence[Line]], pictures: Sequence[int], notes: Notes) -> None:
    """Note pages without text. Raises Unusable where no page has any."""
    if not any(lines):
        why = "holds pages without text (scanned?); run OCR" if pictures else "holds no text; leave it out"
        raise Unusable(why)
    if pictures:
        word = "page" if len(pictures) == 1 else "pages"
        notes(f"{name} {word} {ranges(pictures)}", "without text (scanned?); run OCR")


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers in short: "1, 3-5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def paragraphs_of(lines: Sequence[Sequence[Line]], bookmarks: Sequence[Bookmark]) -> list[list[Paragraph]]:
    """The paragraphs of every page."""
    compounds = Counter(word.lower() for page in lines for item in page for word in _COMPOUND.findall(item.text))
    titles: dict[int, set[str]] = {}
    for mark in bookmarks:
        titles.setdefault(mark.page, set()).add(folded(mark.title))
    return [paragraphs(page, titles.get(index, ()), compounds) for index, page in enumerate(lines)]


def bookmarks_of(pdf: Any) -> list[Bookmark]:
    """The outline of the file in its order; entries without words or without a page of this file are left out."""
    found = []
    for entry in pdf.get_toc(max_depth=DEEPEST_OUTLINE):
        target = entry.get_dest()
        page = target.get_index() if target else None
        title = line(entry.get_title())
        if title and page is not None and 0 <= page < len(pdf):
            found.append(Bookmark(title, entry.level + 1, page))
        if len(found) >= MOST_BOOKMARKS:
            break
    return found


def metadata_of(pdf: Any) -> dict[str, str]:
    """The file's properties; the day of creation as ISO 8601."""
    known = pdf.get_metadata_dict(skip_empty=True)
    found = {field: clean(known[key]) for key, field in FIELDS.items() if key in known}
    if "created" in found:
        day = _DATE.match(found["created"])
        found["created"] = "-".join(day.groups()) if day else found["created"]
    return found
