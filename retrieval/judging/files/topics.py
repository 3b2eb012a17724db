"""TREC topics of the classic kind: <top>, then <num>, <title>, <desc> and <narr>, whose ends are left out.

The title is the query, description and narrative are its note; where there is no title the description is the query. White
space counts for nothing. Texts stand as they are: these files know no escapes, and a "<" is a mark only in a mark of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from retrieval.judging.files.base import Labels, Sheet, Wrong
from retrieval.judging.files.trec import trec_id
from retrieval.judging.files.writing import encoded, fitting
from retrieval.judging.sources import IMPORTED
from retrieval.readers.base import decode
from retrieval.types import Query

TOPIC = "Topic:"  # in front of every title of the first TRECs
LABELS = {"num": "Number:", "desc": "Description:", "narr": "Narrative:"}
_TOP = re.compile(r"<top>(.*?)(?=<top>|</top>|\Z)", re.IGNORECASE | re.DOTALL)
_MARK = re.compile(r"</?(top|num|title|desc|narr|dom|smry|con|fac|def|head)>", re.IGNORECASE)


def read_classic(data: bytes, sheet: Sheet) -> None:
    """Put the topics of a file on the sheet."""
    text = decode(data)
    found = list(blocks(text))
    if not found and text.strip():
        sheet.rows += 1
        sheet.refuse(0, "has no <top> in it", "choose another format")
    labelled = bool(found) and all(parts.get("title", TOPIC).startswith(TOPIC) for _, parts in found)
    sheet.take(found, lambda line, parts: sheet.ask(line, query_of(parts, TOPIC if labelled else "")))


def blocks(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The line that each topic starts at and its parts by their marks, white space made one blank."""
    line, at = 1, 0
    for top in _TOP.finditer(text):
        line, at = line + text.count("\n", at, top.start()), top.start()
        pieces = _MARK.split(top[1])
        parts: dict[str, str] = {}
        for mark, words in zip(pieces[1::2], pieces[2::2], strict=True):
            name, words = mark.lower(), " ".join(words.split())
            if words:
                parts.setdefault(name, words.removeprefix(LABELS.get(name, "")).strip())
        yield line, parts


def query_of(parts: Mapping[str, str], topic: str) -> Query:
    """The query of a topic whose title begins with `topic`. Raises Wrong where it has no number or no words."""
    if not parts.get("num"):
        raise Wrong("starts a topic without a number", "give it one in <num>")
    return topic_query(parts["num"], parts.get("title", "").removeprefix(topic).strip(), parts.get("desc"), parts.get("narr"))


def topic_query(id: str, title: str, description: str | None, narrative: str | None, category: str = "") -> Query:
    """The query of a topic's parts. Raises Wrong where it has no words."""
    words = [part for part in (title, description, narrative) if part]
    if not words:
        raise Wrong("starts a topic without words", "give it a title")
    return Query(id, words[0], category, "\n\n".join(words[1:]), IMPORTED)


def write_classic(labels: Labels) -> bytes:
    """All queries. Raises BadInput where an id or a text does not fit the format."""
    topic = bool(labels.queries) and all(query.text.lstrip().startswith(TOPIC) for query in labels.queries)
    return encoded("\n".join(block(query, f"{TOPIC} " if topic else "") for query in labels.queries))


def block(query: Query, topic: str) -> str:
    """A topic."""
    id, text, note = trec_id("query id", query.id), plain(query.text), plain(query.note)
    return f"<top>\n<num> Number: {id}\n<title> {topic}{text}\n<desc> Description:\n{note}\n</top>\n"


def plain(text: str) -> str:
    """The text on one line. Raises BadInput where it would be read as a mark of the format."""
    words = " ".join(text.split())
    return fitting("text", words, _MARK, "has a mark of TREC topics in it", "export topics as XML or JSON Lines")
