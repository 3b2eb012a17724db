"""reStructuredText as Markdown, by docutils: nothing is included from outside, no raw markup is passed on."""

from __future__ import annotations

from typing import Any

from retrieval.readers.base import ReadReport, decode, within
from retrieval.readers.html import MARKDOWN
from retrieval.readers.markup import markdown_of, parse_html
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.readers.signatures import refuse_binary
from retrieval.readers.whole import Notes, document_from, line, read_whole
from retrieval.types import Document

ERROR = 3  # the level of docutils from which a part of the text could not be understood


def read_rst(name: str, data: bytes, reading: Reading = DEFAULT) -> ReadReport:
    """A reStructuredText file as one Markdown document.

    Directives that are not known (those of Sphinx) keep their source as a code block; files to include and raw markup are refused
    with their line. The title is the document's, else the file's stem.
    """
    return read_whole(name, data, reading, "reStructuredText", _parse)


def _parse(name: str, data: bytes, reading: Reading, notes: Notes) -> Document:
    from docutils.core import publish_doctree, publish_from_doctree

    refuse_binary(data, "reStructuredText")
    settings = options(reading)
    tree = publish_doctree(within(decode(data), reading.limits), settings_overrides=settings)
    keep_source(tree, name, notes)
    mark_code(tree)
    metadata = fields_of(tree)
    html = publish_from_doctree(tree, writer="html5", settings_overrides={**settings, "output_encoding": "unicode"})
    root = parse_html(html)
    return document_from(name, "" if root is None else markdown_of(root), line(tree.get("title")), metadata, MARKDOWN)


def options(reading: Reading) -> dict[str, object]:
    """Settings of docutils that keep it from the disk, the terminal and the network."""
    return {
        "_disable_config": True,
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "embed_stylesheet": False,
        "stylesheet_path": None,
        "stylesheet": None,
        "report_level": 5,
        "halt_level": 5,
        "warning_stream": False,
        "syntax_highlight": "none",
        "math_output": "LaTeX",
        "doctitle_xform": True,
        "docinfo_xform": True,
        "toc_backlinks": False,
        "section_self_link": False,
        "smart_quotes": False,
        "line_length_limit": reading.limits.characters,
    }


def keep_source(tree: Any, name: str, notes: Notes) -> None:
    """Put the source of what docutils could not understand in the place of its message, and note what is switched off."""
    from docutils import nodes

    for message in list(tree.findall(nodes.system_message)):
        words = message[0].astext() if len(message) else ""
        source = next(iter(message.findall(nodes.literal_block)), None)
        if "directive disabled" in words or "access deactivated" in words:
            where = f"{name} line {message.get('line', '?')}"
            notes(where, "takes in a file or raw markup, which is never done; put the text itself there")
        if message.get("level", 0) >= ERROR and source is not None and message.parent is not None:
            message.parent.replace(message, nodes.literal_block(source.astext(), source.astext()))


def mark_code(tree: Any) -> None:
    """Write what docutils shows by style alone: ticks around code in a sentence, the language of a code block."""
    from docutils import nodes

    for literal in list(tree.findall(nodes.literal)):
        words = literal.astext()
        literal.parent.replace(literal, nodes.Text(words if "`" in words else f"`{words}`"))
    for block in tree.findall(nodes.literal_block):
        if len(block["classes"]) > 1 and block["classes"][0] == "code":
            block["classes"] = [f"highlight-{block['classes'][1]}"]


def fields_of(tree: Any) -> dict[str, str]:
    """The fields at the top of the document: author, date, version and others; taken out of the text."""
    from docutils import nodes

    found: dict[str, str] = {}
    for info in list(tree.findall(nodes.docinfo)):
        for item in info:
            if isinstance(item, nodes.field):
                found.setdefault(item[0].astext().lower(), item[1].astext())
            elif isinstance(item, nodes.authors):
                found.setdefault("author", ", ".join(author.astext() for author in item))
            else:
                found.setdefault(item.tagname, item.astext())
        info.parent.remove(info)
    return found
