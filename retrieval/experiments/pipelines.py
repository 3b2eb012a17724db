"""Pipelines that people saved under a name, with the evidence for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from retrieval.database import open_database, writing
from retrieval.errors import BadInput
from retrieval.experiments.evidence import Evidence, pipeline_file, read_evidence
from retrieval.experiments.tables import PIPELINES
from retrieval.judging.records import now, sound
from retrieval.naming import clean_name, new_key
from retrieval.pipeline import Pipeline
from retrieval.workspace import default_home

LONGEST_FILE = 1_000_000  # characters; 100 settings tried at each of five steps take about 50,000


@dataclass(frozen=True, slots=True)
class SavedPipeline:
    """A pipeline under a name of its own. `toml` is its file, evidence included; times are UTC, ISO 8601.

    Where the file cannot be read, as one of another version of the library, `pipeline` is None and `problem` says why.
    """

    key: str
    name: str
    note: str
    toml: str
    created: str
    changed: str
    pipeline: Pipeline | None
    evidence: Evidence | None
    problem: str = ""

    @classmethod
    def of(cls, row: Any) -> SavedPipeline:
        """The record in a row of the table."""
        stored = (row.key, row.name, row.note, row.toml, row.created, row.changed)
        try:
            return cls(*stored, Pipeline.from_toml(row.toml), read_evidence(row.toml))
        except BadInput as error:
            problem = f"the saved pipeline {row.name!r} cannot be read: {error}; download its file and correct it, or delete it"
            return cls(*stored, None, None, problem)


class PipelineStore:
    """The saved pipelines below `home`. Safe to share between threads and to open in several processes.

    Every method that takes a key raises BadInput where no pipeline has it.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = home if home is not None else default_home()
        self._engine = open_database(self.home)

    def records(self) -> tuple[SavedPipeline, ...]:
        """All saved pipelines by name."""
        with self._engine.connect() as connection:
            found = [SavedPipeline.of(row) for row in connection.execute(select(PIPELINES))]
        return tuple(sorted(found, key=lambda record: record.name))

    def record(self, key: str) -> SavedPipeline:
        """The record of a saved pipeline."""
        with self._engine.connect() as connection:
            return _record(connection, key)

    def pipeline(self, key: str) -> Pipeline:
        """A saved pipeline. Raises BadInput also where its file cannot be read."""
        record = self.record(key)
        if record.pipeline is None:
            raise BadInput(record.problem)
        return record.pipeline

    def save(
        self, name: str, pipeline: Pipeline, note: str = "", evidence: Evidence | None = None, replacing: bool = False
    ) -> SavedPipeline:
        """Save a pipeline under a name; with `replacing` it takes the place, and the key, of one that has the name.

        Raises BadInput where the name is taken and nothing may be replaced, or name, note or evidence cannot be stored.
        """
        name, note = clean_name(name, "a pipeline"), sound("the note", note)
        toml = sound("the pipeline file", pipeline_file(pipeline, evidence), LONGEST_FILE)
        moment = now()
        with writing(self._engine) as connection:
            key = connection.scalar(select(PIPELINES.c.key).where(PIPELINES.c.name == name))
            if key is not None and not replacing:
                raise _taken(name)
            if key is None:
                key = new_key(name, "pipeline", 4)
                values = {"key": key, "name": name, "note": note, "toml": toml, "created": moment, "changed": moment}
                connection.execute(insert(PIPELINES).values(values))
            else:
                change = update(PIPELINES).where(PIPELINES.c.key == key)
                connection.execute(change.values(note=note, toml=toml, changed=moment))
            return _record(connection, key)

    def rename(self, key: str, name: str) -> SavedPipeline:
        """Give a pipeline another name; its key stays. Raises BadInput where the name is taken or cannot be used."""
        name = clean_name(name, "a pipeline")
        try:
            with writing(self._engine) as connection:
                connection.execute(update(PIPELINES).where(PIPELINES.c.key == key).values(name=name, changed=now()))
                return _record(connection, key)
        except IntegrityError:
            raise _taken(name) from None

    def delete(self, key: str) -> None:
        """Delete a saved pipeline."""
        with writing(self._engine) as connection:
            if not connection.execute(delete(PIPELINES).where(PIPELINES.c.key == key)).rowcount:
                raise _missing(key)


def _record(connection: Connection, key: str) -> SavedPipeline:
    row = connection.execute(select(PIPELINES).where(PIPELINES.c.key == key)).first()
    if row is None:
        raise _missing(key)
    return SavedPipeline.of(row)


def _missing(key: str) -> BadInput:
    return BadInput(f"there is no saved pipeline {key[:80]!r}; it may have been deleted, choose another")


def _taken(name: str) -> BadInput:
    return BadInput(f"there is a saved pipeline with the name {name!r} already; replace it or choose another name")
