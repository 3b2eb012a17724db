"""What crosses the pipe between a batch and the process that reads its files: JSON behind its length, and reports as JSON.

A frame is four bytes, the length in network order, and that many bytes of JSON. No object but texts, numbers and lists is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import IO, Any

from retrieval.readers.base import ReadReport, Refusal
from retrieval.readers.settings import Fields, Limits, Reading
from retrieval.readers.transfer import document_from_dict, document_to_dict
from retrieval.types import Judgment, Query

FRAME = 2**20  # characters of documents in one frame, about
HEAD = 4


def send(stream: IO[bytes], value: Mapping[str, Any]) -> None:
    """Write one frame."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(len(body).to_bytes(HEAD, "big") + body)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Read one frame; None where the stream ends, in the middle of a frame too."""
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return None
    length = int.from_bytes(head, "big")
    body = stream.read(length)
    if len(body) < length:
        return None
    value: dict[str, Any] = json.loads(body.decode("utf-8", "surrogatepass"))
    return value


def reading_to_dict(reading: Reading) -> dict[str, Any]:
    """The settings of a reading, as JSON knows them."""
    return asdict(reading)


def reading_from_dict(row: Mapping[str, Any]) -> Reading:
    """The settings again."""
    fields = dict(row["fields"])
    metadata = None if fields["metadata"] is None else tuple(fields["metadata"])
    chosen = Fields(**{**fields, "text": tuple(fields["text"]), "metadata": metadata})
    return Reading(Limits(**row["limits"]), chosen, row["keep_duplicates"], row["depth"])


def report_frames(report: ReadReport) -> Iterator[dict[str, Any]]:
    """A report in several frames: documents with their places first, the rest in a last one that is marked "end"."""
    rows: list[dict[str, Any]] = []
    places: list[str] = []
    size = 0
    for document, where in zip(report.documents, report.places, strict=True):
        rows.append(document_to_dict(document))
        places.append(where)
        size += len(document.text)
        if size >= FRAME:
            yield {"documents": rows, "places": places}
            rows, places, size = [], [], 0
    yield {
        "documents": rows,
        "places": places,
        "end": True,
        "refused": [[refusal.where, refusal.reason] for refusal in report.refused],
        "duplicates": report.duplicates,
        "rows": report.rows,
        "files": report.files,
        "queries": [[query.id, query.text, query.category] for query in report.queries],
        "judgments": {split: [judgment_to_list(item) for item in found] for split, found in report.judgments.items()},
    }


def judgment_to_list(judgment: Judgment) -> list[Any]:
    """The fields of a judgment in order."""
    return [judgment.query_id, judgment.document_id, judgment.grade, judgment.start, judgment.end]


def report_from_frames(frames: list[dict[str, Any]]) -> ReadReport:
    """The report again; the last of `frames` is the one marked "end"."""
    last = frames[-1]
    return ReadReport(
        tuple(document_from_dict(row) for frame in frames for row in frame["documents"]),
        tuple(Refusal(where, reason) for where, reason in last["refused"]),
        last["duplicates"],
        last["rows"],
        tuple(where for frame in frames for where in frame["places"]),
        tuple(Query(*query) for query in last["queries"]),
        {split: tuple(Judgment(*item) for item in found) for split, found in last["judgments"].items()},
        last["files"],
    )
