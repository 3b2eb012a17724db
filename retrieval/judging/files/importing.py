"""Holds a file against a query set: `preview` says what an import would do and changes nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from retrieval.judging.files.base import Refused, Said, Sheet, Wrong, parted
from retrieval.judging.files.formats import FORMATS, Format
from retrieval.judging.files.preview import Conflict, Duplicate, Place, Preview
from retrieval.judging.files.queries import Queries
from retrieval.judging.files.scales import AS_IS, Scale
from retrieval.judging.sources import IMPORTED
from retrieval.judging.verdicts import Verdict
from retrieval.readers.base import Unusable
from retrieval.types import Judgment, Query


def preview(
    data: bytes,
    format: str,
    queries: Iterable[Query] = (),
    documents: Container[str] = (),
    existing: Sequence[Judgment] = (),
    history: Iterable[Verdict] = (),
    scale: Scale = AS_IS,
    rater: str = IMPORTED,
) -> Preview:
    """What importing a file in a format of `FORMATS` would do to a query set; nothing in the file makes it fail.

    `queries` are those of the set, `documents` the ids of the corpus, `existing` the judgments that count now. Verdicts that are
    in `history` already do not enter again. A verdict is the file's rater's, else `rater`'s.
    """
    form = FORMATS.get(format)
    if form is None:
        return Preview(format, refused=(Refused(0, "is in no known format", f"choose one of {', '.join(FORMATS)}"),))
    sheet = read(form, data, scale, rater)
    asked = Queries.of(queries)
    for query in sheet.asked:
        asked.take(query, sheet)
    said = list(placed(sheet, asked))
    duplicates: list[Duplicate] = []
    once = list((events if form.history else firsts)(said, duplicates))
    counts: dict[Place, int] = {(one.query_id, one.document_id, one.start, one.end): one.grade for one in existing}
    entering = list(news(once, form, counts, history))
    refused = tuple(sorted(sheet.refused, key=lambda refusal: refusal.line))
    named = {one.verdict.query_id: None for one in entering}
    return Preview(
        format,
        sheet.rows,
        refused,
        tuple(entering),
        tuple(asked.new.values()),
        tuple(asked.changed.values()),
        tuple(id for id in named if id not in asked.known and id not in asked.new),
        tuple({one.verdict.document_id: None for one in entering if one.verdict.document_id not in documents}),
        tuple(duplicates),
        tuple(conflicts(entering, counts)),
        len(once) - len(entering) + asked.repeated,
        dict(sorted(sheet.given.items())),
        scale,
    )


def read(form: Format, data: bytes, scale: Scale, rater: str) -> Sheet:
    """What a file holds, on a sheet; a file that cannot be read at all is one refusal."""
    sheet = Sheet(scale, rater)
    try:
        form.read(data, sheet)
    except Unusable as unusable:
        sheet.refuse(0, *parted(unusable))
    except (RecursionError, MemoryError):
        sheet.refuse(0, "is too large or nested too deeply to be read", "split it")
    if not sheet.rows and not sheet.refused:
        sheet.refuse(0, "holds no row", f"give it rows of {form.holds}")
    return sheet


def placed(sheet: Sheet, queries: Queries) -> Iterator[Said]:
    """The verdicts with the ids of their queries; a query that only its text names is new."""
    for one in sheet.said:
        id = one.verdict.query_id
        try:
            id = id or queries.id_of(one.text)
        except Wrong as wrong:
            sheet.refuse(one.line, wrong.reason, wrong.remedy)
            continue
        if one.text.strip() and id not in queries.known and id not in queries.new:
            queries.add(Query(id, one.text, source=IMPORTED))
        yield one if one.verdict.query_id else replace(one, verdict=replace(one.verdict, query_id=id))


def firsts(said: Iterable[Said], duplicates: list[Duplicate]) -> Iterator[Said]:
    """The first verdict on each place; later ones are noted."""
    found: dict[Place, Said] = {}
    for one in said:
        first = found.setdefault(one.verdict.place, one)
        if first is one:
            yield one
        else:
            duplicates.append(noted(one, first))


def events(said: Iterable[Said], duplicates: list[Duplicate]) -> Iterator[Said]:
    """Verdicts of a history: only one that is the same in all, the time included, is a duplicate."""
    found: dict[Verdict, Said] = {}
    for one in said:
        first = found.setdefault(one.verdict, one) if one.verdict.at else one
        if first is one:
            yield one
        else:
            duplicates.append(noted(one, first))


def noted(one: Said, first: Said) -> Duplicate:
    """A later row on the place of an earlier one."""
    return Duplicate(one.line, first.line, one.verdict.place, first.verdict.grade, one.verdict.grade)


def news(said: Iterable[Said], form: Format, counts: Mapping[Place, int], history: Iterable[Verdict]) -> Iterator[Said]:
    """The verdicts that say something new: not in the history, and, from a file without one, not just the grade that counts."""
    told = set(history)
    for one in said:
        repeats = one.verdict in told if form.history else counts.get(one.verdict.place) == one.verdict.grade
        if not repeats:
            yield one


def conflicts(said: Iterable[Said], counts: Mapping[Place, int]) -> Iterator[Conflict]:
    """The places where the last grade of the file is another than the one that counts."""
    for place, one in {one.verdict.place: one for one in said}.items():
        old, new = counts.get(place), one.verdict.grade
        if old is not None and new is not None and old != new:
            yield Conflict(one.line, place, old, new, one.verdict.rater)
