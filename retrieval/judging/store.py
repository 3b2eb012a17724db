"""Grades that people give, on disk the moment they are given. Every grade is kept; the latest one counts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from retrieval.database import open_database
from retrieval.errors import require
from retrieval.types import GRADES, Judgment

METADATA = MetaData()
JUDGMENTS = Table(
    "judgments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("corpus", String, nullable=False, index=True),
    Column("query_id", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("grade", Integer, nullable=True),
    Column("rater", String, nullable=False),
    Column("at", String, nullable=False),
)


class JudgmentStore:
    """Judgments in an SQLite file; a changed grade is a new row and never erases the old one."""

    def __init__(self, path: Path) -> None:
        self._engine = open_database(path, METADATA)

    def add(self, corpus: str, query_id: str, document_id: str, grade: int | None, rater: str = "") -> None:
        """Store a grade of `GRADES`, or None to take the grade back."""
        require(grade is None or grade in GRADES, f"grade {grade} must be one of {', '.join(map(str, GRADES))}")
        row = {"corpus": corpus, "query_id": query_id, "document_id": document_id, "grade": grade, "rater": rater}
        with self._engine.begin() as connection:
            connection.execute(insert(JUDGMENTS).values(**row, at=datetime.now(UTC).isoformat()))

    def latest(self, corpus: str) -> dict[tuple[str, str], int | None]:
        """The last word on each query and document of a corpus; None where a grade was taken back."""
        query = select(JUDGMENTS).where(JUDGMENTS.c.corpus == corpus).order_by(JUDGMENTS.c.id)
        with self._engine.connect() as connection:
            return {(row.query_id, row.document_id): row.grade for row in connection.execute(query)}

    def overlay(self, corpus: str, shipped: tuple[Judgment, ...]) -> tuple[Judgment, ...]:
        """The judgments that came with a corpus, with the grades given here on top; grades of spans stay as they came."""
        spans = tuple(item for item in shipped if item.span is not None)
        grades: dict[tuple[str, str], int | None] = {
            (item.query_id, item.document_id): item.grade for item in shipped if item.span is None
        }
        grades |= self.latest(corpus)
        documents = (Judgment(query, document, grade) for (query, document), grade in grades.items() if grade is not None)
        return (*documents, *spans)
