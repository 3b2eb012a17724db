"""Presentations (PPTX) as Markdown, by python-pptx: a slide is a page and a section, bullets keep their levels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from retrieval.readers.base import ReadReport, Unusable
from retrieval.readers.office import open_office, properties
from retrieval.readers.pages import joined
from retrieval.readers.pipes import escaped, pipe_table
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.readers.whole import Notes, clean, document_from, line, read_whole
from retrieval.types import Document, Structure


def read_pptx(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A presentation as one Markdown document, a slide a page, with its notes; pictures and charts are left out.

    Slides are headings of level 2. The document's title is that of the file's properties, else of its first slide.
    """
    return read_whole(name, data, reading, "a PPTX", _parse)


def _parse(name: str, data: bytes, reading: Reading, notes: Notes) -> Document:
    from pptx import Presentation

    with open_office(data, "ppt/", reading.limits) as archive:
        metadata = properties(archive)
    slides = Presentation(io.BytesIO(data)).slides
    if len(slides) > reading.limits.pages:
        raise Unusable(f"has {len(slides):,} slides, the limit is {reading.limits.pages:,}; split it or raise the limit pages")
    pages = []
    for number, slide in enumerate(slides, start=1):
        try:
            pages.append(clean(page_of(slide, number)))
        except Exception as error:  # a damaged slide costs itself alone
            pages.append("")
            notes(f"{name} slide {number}", f"cannot be read ({line(error):.200}); save the presentation again")
    text, starts = joined(pages)
    first = title_of(slides[0]) if len(slides) else ""
    return document_from(name, text, metadata.pop("title", "") or first, metadata, Structure("markdown", pages=starts))


def page_of(slide: Any, number: int) -> str:
    """The Markdown of one slide; one without a title is called by its number."""
    blocks = [f"## {title_of(slide) or f'Slide {number}'}"]
    title = slide.shapes.title
    for shape in shapes_of(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            blocks.append(pipe_table([[cell.text for cell in row.cells] for row in shape.table.rows]))
        elif shape.has_text_frame:
            blocks.append(bullets(shape))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        words = slide.notes_slide.notes_text_frame.text.strip()
        blocks.append(f"Notes: {words}" if words else "")
    return "\n\n".join(block for block in blocks if block)


def title_of(slide: Any) -> str:
    """The words of a slide's title on one line, or ""."""
    title = slide.shapes.title
    return line(title.text_frame.text) if title is not None and title.has_text_frame else ""


def shapes_of(shapes: Any) -> Iterator[Any]:
    """Shapes in reading order, those inside groups among them."""
    waiting = list(shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if hasattr(shape, "shapes"):
            waiting.extend(list(shape.shapes)[::-1])
        else:
            yield shape


def bullets(shape: Any) -> str:
    """A text box: items of a list where it is the slide's body or has levels, else paragraphs."""
    paragraphs = [(paragraph.level, line(paragraph.text)) for paragraph in shape.text_frame.paragraphs]
    paragraphs = [(level, words) for level, words in paragraphs if words]
    listed = len(paragraphs) > 1 and (shape.is_placeholder or any(level for level, _ in paragraphs))
    if listed:
        return "\n".join(f"{'  ' * level}- {words}" for level, words in paragraphs)
    return "\n\n".join(escaped(words) for _, words in paragraphs)
