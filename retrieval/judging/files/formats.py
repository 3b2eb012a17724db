"""The formats by their names. A new format is one file with a reader and a writer, and one line in the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from retrieval.errors import BadInput
from retrieval.judging.files import beir, jsonl, query_tables, ratings, topics, topics_xml, trec
from retrieval.judging.files.base import Labels, Sheet

COMPLETE = "jsonl"


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is called, what a row holds, its suffix, and what reads and writes it.

    `judgments` and `queries` say what it is for. With `history` it holds every verdict with rater, note, time and span; without,
    the judgments of whole documents that count.
    """

    label: str
    holds: str
    suffix: str
    read: Callable[[bytes, Sheet], None]
    write: Callable[[Labels], bytes]
    judgments: bool = False
    queries: bool = False
    history: bool = False


FORMATS: dict[str, Format] = {
    COMPLETE: Format(
        "JSON Lines",
        "everything: queries, passages, raters, notes, times, all earlier grades",
        ".jsonl",
        jsonl.read_jsonl,
        jsonl.write_jsonl,
        judgments=True,
        queries=True,
        history=True,
    ),
    "trec": Format("TREC qrels", "qid 0 docid grade", ".qrels", trec.read_qrels, trec.write_qrels, judgments=True),
    "beir": Format(
        "BEIR qrels", "query-id, corpus-id, score; tabs between", ".tsv", beir.read_qrels, beir.write_qrels, judgments=True
    ),
    "csv": Format(
        "CSV of ratings",
        "query,docid,rating with the query's text, as Quepid and OpenSearch read it",
        ".csv",
        ratings.read_ratings,
        ratings.write_ratings,
        judgments=True,
    ),
    "beir-queries": Format(
        "BEIR queries",
        "_id, text, metadata; one object a line",
        ".jsonl",
        jsonl.read_jsonl,
        jsonl.write_beir_queries,
        queries=True,
    ),
    "csv-queries": Format(
        "CSV of queries",
        "id,text,class,note,source,added,held_out; text is enough",
        ".csv",
        query_tables.read_csv_queries,
        query_tables.write_csv_queries,
        queries=True,
    ),
    "tsv-queries": Format(
        "TSV of queries",
        "id and text, or a header as in CSV; tabs between",
        ".tsv",
        query_tables.read_tsv_queries,
        query_tables.write_tsv_queries,
        queries=True,
    ),
    "topics": Format(
        "TREC topics", "<top> with <num>, <title>, <desc>", ".topics", topics.read_classic, topics.write_classic, queries=True
    ),
    "topics-xml": Format(
        "TREC topics in XML",
        "<topic number> with <query> and <description>",
        ".xml",
        topics_xml.read_xml,
        topics_xml.write_xml,
        queries=True,
    ),
}


def format_of(name: str) -> Format:
    """The format of a name. Raises BadInput where there is none."""
    if name not in FORMATS:
        raise BadInput(f"the format {name!r} is not known; choose one of {', '.join(FORMATS)}")
    return FORMATS[name]


def export(name: str, labels: Labels) -> bytes:
    """The file of a query set in a format. Raises BadInput where there is no such format, or it cannot hold an id or a text."""
    return format_of(name).write(labels)


def left_out(name: str, labels: Labels) -> str:
    """A sentence on the judgments that a format cannot hold, "" where it holds all."""
    form, spans = format_of(name), sum(judgment.span is not None for judgment in labels.judgments)
    if form.history or not form.judgments or not spans:
        return ""
    noun = "judgment of a passage is" if spans == 1 else "judgments of passages are"
    return (
        f"{spans:,} {noun} left out, for {form.label} holds whole documents alone; export {FORMATS[COMPLETE].label} to keep all"
    )
