"""Word files (DOCX) as Markdown, by mammoth: headings by their styles, lists, tables, footnotes, code by its style."""

from __future__ import annotations

import io
from typing import Any

from retrieval.readers.base import ReadReport
from retrieval.readers.html import MARKDOWN
from retrieval.readers.markup import markdown_of, parse_html
from retrieval.readers.office import open_office, properties
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.readers.whole import Notes, document_from, read_whole
from retrieval.types import Document

STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Code'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""


def read_docx(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A Word file as one Markdown document; pictures give their alternative text, comments and headers are left out.

    The title is that of the file's properties, else its first heading of level 1 (or "Title"), else the file's stem.
    """
    return read_whole(name, data, reading, "a DOCX", _parse)


def _parse(name: str, data: bytes, reading: Reading, notes: Notes) -> Document:
    import mammoth

    with open_office(data, "word/", reading.limits) as archive:
        metadata = properties(archive)
    pictures = mammoth.images.img_element(alternative)
    result = mammoth.convert_to_html(
        io.BytesIO(data), style_map=STYLES, convert_image=pictures, include_embedded_style_map=False, ignore_empty_paragraphs=True
    )
    root = parse_html(result.value)
    text = "" if root is None else markdown_of(root)
    return document_from(name, text, metadata.pop("title", ""), metadata, MARKDOWN)


def alternative(image: Any) -> dict[str, str]:
    """The attributes of a picture without the picture; mammoth adds the alternative text."""
    return {"src": ""}
