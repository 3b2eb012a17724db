"""HTML to Markdown: headings, paragraphs, lists, tables, quotes and code; everything else gives its text.

Walks the tree by events and keeps its own stack, so that no depth of tags reaches the interpreter's limit. Links and emphasis
give their words alone: marks inside a sentence help no retriever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from retrieval.readers.base import Unusable
from retrieval.readers.pipes import escaped, fenced, pipe_table

UNSEEN = {"head", "script", "style", "template", "noscript", "datalist", "map"}
OTHER_MEDIA = {"iframe", "object", "embed", "svg", "canvas", "audio", "video"}
LEFT_OUT = frozenset({"nav"} | UNSEEN | OTHER_MEDIA)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CODE = frozenset({"code", "kbd", "samp", "tt"})
FRAMES = frozenset({"ul", "ol", "menu", "li", "blockquote", "table", "tr", "td", "th", "caption", "pre", *HEADINGS})
SECTIONS = {"address", "article", "aside", "body", "footer", "header", "hgroup", "html", "main", "section"}
PARTS = {"dd", "details", "dialog", "div", "dl", "dt", "figcaption", "figure", "hr", "p", "summary"}
FORMS = {"fieldset", "form", "legend", "option"}
BLOCKS = frozenset({"tbody", "tfoot", "thead"} | SECTIONS | PARTS | FORMS)
DEEPEST_LIST, DEEPEST_QUOTE, WIDEST_SPAN = 8, 4, 50
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # the parser forgets what follows them, browsers do not
_DIGITS = re.compile("[0-9]{1,6}")
_NUMBERED = re.compile(r"[0-9]+\. ")
_RUNS = re.compile(" {2,}")
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight|highlight-source|brush:?)[-\s]([\w+#-]+)")


@dataclass
class Frame:
    """An open element that shapes what is inside: its finished blocks, the sentence in progress and, for tables, its rows."""

    tag: str
    blocks: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    caption: list[str] = field(default_factory=list)
    layout: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    code: list[int] = field(default_factory=list)


def parse_html(text: str) -> Any:
    """The root element of a page (lxml), or None where it has none. Raises Unusable where tags are nested too deeply."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(_PAGE_END.sub("", text).encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise Unusable("is nested too deeply; close the tags or save the page as text")
    return root


def markdown_of(root: Any) -> str:
    """The Markdown of an element of `parse_html`, blocks separated by blank lines."""
    from lxml import etree

    writer, skipped = Writer(), None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            if element is not skipped:
                writer.end(tag)
            writer.text(element.tail)
        elif hidden(tag, element.attrib):
            walk.skip_subtree()
            skipped = element
        else:
            writer.start(tag, element.attrib)
            writer.text(element.text)
    return writer.finish()


def hidden(tag: str, attributes: Any) -> bool:
    """Whether a reader of the page does not see the element."""
    if tag in LEFT_OUT or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return (tag == "input") or bool(_HIDDEN.search(attributes.get("style", "")))


class Writer:
    """Takes the tags and texts of a page in order and writes Markdown."""

    def __init__(self) -> None:
        self.frames = [Frame("root")]
        self.preformatted = 0
        self.lists = 0
        self.quotes = 0

    @property
    def top(self) -> Frame:
        return self.frames[-1]

    def text(self, text: str | None) -> None:
        """Words between tags; white space collapses outside of code blocks."""
        if text:
            self.top.words.append(text if self.preformatted else _SPACE.sub(" ", text))

    def start(self, tag: str, attributes: Any) -> None:
        """An element opens; inside of a code block only line ends count."""
        if tag == "br":
            self.top.words.append("\n")
        elif self.preformatted and tag != "pre":
            if tag == "code" and "class" in attributes:
                self.top.attributes.setdefault("class", attributes["class"])
        elif tag in FRAMES:
            self.flush()
            self.frames.append(Frame(tag, attributes=dict(attributes)))
            self.preformatted += tag == "pre"
            self.lists += tag in ("ul", "ol", "menu")
            self.quotes += tag == "blockquote"
        elif tag in BLOCKS:
            self.flush()
        elif tag == "img" and attributes.get("alt"):
            self.text(attributes["alt"])
        elif tag in CODE:
            self.top.code.append(len(self.top.words))

    def end(self, tag: str) -> None:
        """An element closes."""
        if self.preformatted and tag != "pre":
            return
        if tag in FRAMES:
            self.close(tag)
        elif tag in BLOCKS:
            self.flush()
        elif tag in CODE and self.top.code:
            at = self.top.code.pop()
            code = "".join(self.top.words[at:]).strip()
            if code and "`" not in code:
                self.top.words[at:] = [f"`{code}`"]

    def flush(self) -> None:
        """End the sentence in progress as a paragraph."""
        top = self.top
        if self.preformatted or not top.words:
            return
        lines = (line.strip() for line in _RUNS.sub(" ", "".join(top.words)).split("\n"))
        paragraph = escaped("\n".join(line for line in lines if line))
        if paragraph:
            top.blocks.append(paragraph)
        top.words.clear()
        top.code.clear()

    def close(self, tag: str) -> None:
        """Shape what is inside of the frame and hand it to the one around it."""
        if tag == "pre":
            self.code()
            return
        self.flush()
        frame = self.frames.pop()
        if tag in ("td", "th"):
            self.cell(frame)
        elif tag == "caption":
            self.top.caption = frame.blocks
            self.absorb(frame)
        elif tag == "tr":
            self.top.rows.append(frame.rows[0] if frame.rows else [])
            self.absorb(frame)
        elif tag == "table":
            self.table(frame)
        elif tag in HEADINGS:
            words = " ".join(" ".join(frame.blocks).split()).lstrip("\\")
            self.put(f"{'#' * HEADINGS[tag]} {words}" if words else "", layout=True)
        elif tag == "li":
            self.item(frame)
        elif tag in ("ul", "ol", "menu"):
            self.lists -= 1
            self.put("\n".join(frame.blocks), layout=frame.layout)
        elif tag == "blockquote":
            self.quotes -= 1
            if self.quotes < DEEPEST_QUOTE and frame.blocks:
                inside = "\n\n".join(frame.blocks)
                frame.blocks = ["\n".join(f"> {line}".rstrip() for line in inside.split("\n"))]
            self.absorb(frame)
        else:
            self.absorb(frame)

    def code(self) -> None:
        """A code block ends; one inside another is part of it."""
        self.preformatted -= 1
        frame = self.frames.pop()
        code = "".join(frame.words).strip("\n")
        if self.preformatted:
            self.top.words.extend(frame.words)
        elif code.strip():
            self.put(fenced(code, language(frame.attributes)), layout=True)

    def put(self, block: str, layout: bool = False) -> None:
        """Add a finished block to the frame on top."""
        if block:
            self.top.blocks.append(block)
            self.top.layout |= layout

    def absorb(self, frame: Frame) -> None:
        """Hand the blocks of a frame on as they are."""
        self.top.blocks.extend(frame.blocks)
        self.top.layout |= frame.layout

    def cell(self, frame: Frame) -> None:
        """A cell ends: its text joins the row, its blocks are kept for tables that only arrange."""
        row = self.top
        if not row.rows:
            row.rows.append([])
        row.rows[0].append(" ".join(frame.blocks))
        row.rows[0].extend([""] * (span(frame.attributes) - 1))
        self.absorb(frame)

    def table(self, frame: Frame) -> None:
        """A table ends: pipes where it holds data, its blocks one after the other where it only arranges them."""
        rows = [row for row in frame.rows if any(cell.strip() for cell in row)]
        if frame.layout or max((len(row) for row in rows), default=0) < 2:
            self.absorb(frame)
        else:
            self.top.blocks.extend([*frame.caption, pipe_table(rows)])
        self.top.layout = True

    def item(self, frame: Frame) -> None:
        """A list item ends: its mark, and what follows its first line is indented."""
        ordered = self.top.tag == "ol"
        number = len(self.top.blocks) + first_number(self.top.attributes)
        mark = f"{number}. " if ordered else "- "
        inside = "\n".join(frame.blocks) if all(is_list(block) for block in frame.blocks[1:]) else "\n\n".join(frame.blocks)
        indent = " " * len(mark) if self.lists <= DEEPEST_LIST else ""
        lines = inside.split("\n")
        rest = [indent + line if line else "" for line in lines[1:]]
        self.put("\n".join([mark + lines[0], *rest]) if inside else "", layout=frame.layout)

    def finish(self) -> str:
        """Everything that was written."""
        while len(self.frames) > 1:
            self.close(self.top.tag)
        self.flush()
        return "\n\n".join(self.top.blocks)


def is_list(block: str) -> bool:
    """Whether a block of a list item is a list inside it."""
    return block.startswith("- ") or bool(_NUMBERED.match(block))


def language(attributes: dict[str, str]) -> str:
    """The language that a code block's class names, or ""."""
    found = _LANGUAGE.search(attributes.get("class", ""))
    return found[1] if found else ""


def span(attributes: dict[str, str]) -> int:
    """How many columns a cell takes."""
    return min(whole(attributes.get("colspan", ""), 1), WIDEST_SPAN)


def first_number(attributes: dict[str, str]) -> int:
    """The number of the first item of an ordered list."""
    return whole(attributes.get("start", ""), 1)


def whole(text: str, default: int) -> int:
    """A whole number of at most six digits, else `default`; at least 1."""
    return max(int(text), 1) if _DIGITS.fullmatch(text.strip()) else default
