"""Experiments on disk."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from retrieval.database import open_database, writing
from retrieval.errors import BadInput
from retrieval.experiments.records import Experiment
from retrieval.experiments.stored import COLUMNS, listed, stored_form, whole
from retrieval.experiments.tables import EXPERIMENTS
from retrieval.judging.records import now, sound
from retrieval.naming import clean_name, new_key
from retrieval.workspace import default_home


class ExperimentStore:
    """The experiments below `home`. Safe to share between threads and to open in several processes.

    Every method that takes a key raises BadInput where no experiment has it.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = home if home is not None else default_home()
        self._engine = open_database(self.home)

    def records(self, corpus: str | None = None) -> tuple[Experiment, ...]:
        """The experiments on a corpus, named by its lineage, or all; the newest first, without the scores of their queries.

        One that cannot be read is among them with its `problem`.
        """
        columns = [EXPERIMENTS.c[name] for name in (*COLUMNS, "content")]
        chosen = select(*columns).order_by(EXPERIMENTS.c.id.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(chosen if corpus is None else chosen.where(EXPERIMENTS.c.corpus == corpus))
            return tuple(listed(row) for row in rows)

    def experiment(self, key: str) -> Experiment:
        """An experiment with all scores. Raises BadInput also where it cannot be read."""
        with self._engine.connect() as connection:
            row = connection.execute(select(EXPERIMENTS).where(EXPERIMENTS.c.key == key)).first()
        if row is None:
            raise _missing(key)
        return whole(row, row.scores)

    def save(self, experiment: Experiment) -> Experiment:
        """Keep an experiment; returns it with the key, the moment and the library's version that it is kept under.

        Raises BadInput where it has no run, or two of one name, a number is NaN or infinite, or a text cannot be stored.
        """
        key = new_key(experiment.name, "experiment", 4)
        kept = replace(experiment, key=key, created=now(), library=library_version())
        values = stored_form(kept)
        with writing(self._engine) as connection:
            connection.execute(insert(EXPERIMENTS).values(values))
        return replace(kept, name=values["name"])

    def annotate(self, key: str, name: str, note: str) -> None:
        """Give an experiment another name and note. Raises BadInput where they cannot be stored."""
        values = {"name": clean_name(name, "an experiment"), "note": sound("the note", note)}
        with writing(self._engine) as connection:
            if not connection.execute(update(EXPERIMENTS).where(EXPERIMENTS.c.key == key).values(values)).rowcount:
                raise _missing(key)

    def delete(self, key: str) -> None:
        """Delete an experiment with its scores."""
        with writing(self._engine) as connection:
            if not connection.execute(delete(EXPERIMENTS).where(EXPERIMENTS.c.key == key)).rowcount:
                raise _missing(key)


@cache
def library_version() -> str:
    """The version of this library that is installed, "" where it runs without being installed."""
    try:
        return version("retrieval-playground")
    except PackageNotFoundError:
        return ""


def _missing(key: str) -> BadInput:
    return BadInput(f"there is no experiment {key[:80]!r}; it may have been deleted, choose another")
