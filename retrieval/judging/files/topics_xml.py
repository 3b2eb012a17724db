"""TREC topics as XML: <topic number="1" type="…"> with <query> or <title>, <description> or <question>, and <narrative>.

Broken XML is read as far as it goes. No entity and no file outside is ever opened. White space counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from retrieval.judging.files.base import Labels, Sheet, Wrong
from retrieval.judging.files.topics import topic_query
from retrieval.judging.files.trec import trec_id
from retrieval.judging.files.writing import encoded, fitting
from retrieval.readers.base import decode

TOPICS = ("topic", "top")
IDS = ("number", "num", "id", "qid", "topic-id")
TITLES = ("title", "query", "summary")
DESCRIPTIONS = ("description", "desc", "question")
NARRATIVES = ("narrative", "narr")
DROPPED = {"remove_comments": True, "remove_pis": True}
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_xml(data: bytes, sheet: Sheet) -> None:
    """Put the topics of a file on the sheet."""
    text = decode(data)
    if not text.strip():
        return
    root = tree(text)
    found = [] if root is None else [(element.sourceline or 0, element) for element in root.iter(*anywhere(TOPICS))]
    if not found:
        sheet.rows += 1
        sheet.refuse(0, "has no <topic> in it", "choose another format")
    sheet.take(found, lambda line, element: add_topic(sheet, line, element))


def tree(text: str) -> Any:
    """The root element of an XML text (lxml), None where nothing in it can be read."""
    from lxml import etree

    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True, **DROPPED)
    try:
        return etree.fromstring(text.strip().encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None


def add_topic(sheet: Sheet, line: int, element: Any) -> None:
    """Put the query of a topic on the sheet. Raises Wrong where it has no number or no words."""
    id = " ".join(next((element.get(name) for name in IDS if element.get(name)), "").split()) or part(element, IDS)
    if not id:
        raise Wrong("starts a topic without a number", 'give it one, as in <topic number="1">')
    title, description, narrative = (part(element, names) for names in (TITLES, DESCRIPTIONS, NARRATIVES))
    sheet.ask(line, topic_query(id, title, description, narrative, " ".join((element.get("type") or "").split())))


def part(element: Any, names: tuple[str, ...]) -> str:
    """The words of the first child with one of `names` that has any, white space made one blank."""
    children = element.iterchildren(*anywhere(names))
    return next((words for child in children if (words := " ".join("".join(child.itertext()).split()))), "")


def anywhere(names: tuple[str, ...]) -> list[str]:
    """The names in any name space."""
    return [f"{{*}}{name}" for name in names]


def write_xml(labels: Labels) -> bytes:
    """All queries with their classes. Raises BadInput where an id or a text does not fit the format."""
    return encoded("".join(["<topics>\n", *lines(labels), "</topics>\n"]))


def lines(labels: Labels) -> Iterator[str]:
    """A line for each topic."""
    from xml.sax.saxutils import escape, quoteattr

    for query in labels.queries:
        id, kind = quoteattr(fit(trec_id("query id", query.id))), quoteattr(fit(query.category))
        words = f"<query>{escape(fit(query.text))}</query><description>{escape(fit(query.note))}</description>"
        yield f"  <topic number={id}{f' type={kind}' if query.category else ''}>{words}</topic>\n"


def fit(text: str) -> str:
    """The text, if XML can hold it. Raises BadInput with the rule."""
    return fitting("text", text, _UNFIT, "has a control character in it, which no XML file can hold", "export JSON Lines")
