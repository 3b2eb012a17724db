"""The files of a sparse index: one `.npy` a table, and the vocabulary as a JSON list. Nothing is pickled."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexCorrupted
from retrieval.sparse.postings import Postings

TERMS = "terms.json"
MAPPED = ("rows", "codes")
TYPES: dict[str, tuple[type[np.integer[Any]], ...]] = {
    "lengths": (np.int32,),
    "rows": (np.int32,),
    "codes": (np.uint16, np.uint32),
    "stairs": (np.uint16, np.uint32),
}


def save(folder: Path, postings: Postings, terms: list[str]) -> None:
    """Write everything into `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in postings.tables().items():
        np.save(folder / f"{name}.npy", table, allow_pickle=False)
    (folder / TERMS).write_text(json.dumps(terms), encoding="ascii")


def load(folder: Path) -> tuple[Postings, list[str]]:
    """Read what `save` wrote, postings memory-mapped. Raises IndexCorrupted unless every table fits the others."""
    postings = Postings(**{field.name: _table(folder / f"{field.name}.npy", field.name) for field in fields(Postings)})
    terms = _terms(folder / TERMS)
    reason = _misfit(postings, len(terms))
    if reason:
        raise IndexCorrupted(f"the sparse index in {folder} is damaged: {reason}; build the index again")
    return postings, terms


def _table(path: Path, name: str) -> NDArray[Any]:
    try:
        table = np.asarray(np.load(path, mmap_mode="r" if name in MAPPED else None, allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise IndexCorrupted(
            f"{path} of the sparse index cannot be read ({_first_line(error)}); build the index again"
        ) from error
    if table.ndim != 1 or table.dtype not in TYPES.get(name, (np.int64,)):
        raise IndexCorrupted(f"{path} of the sparse index holds {table.dtype} {table.shape}, not a list; build the index again")
    return table


def _terms(path: Path) -> list[str]:
    try:
        terms = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise IndexCorrupted(
            f"{path} of the sparse index cannot be read ({_first_line(error)}); build the index again"
        ) from error
    if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms) or len(set(terms)) != len(terms):
        raise IndexCorrupted(f"{path} of the sparse index is not a list of different terms; build the index again")
    return terms


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _misfit(postings: Postings, terms: int) -> str:
    """Why the tables do not belong together, or "". Compiled loops check no bounds, so all that they trust is checked here."""
    from retrieval.sparse import building

    pairs = len(postings.pair_tf)
    if len(postings.pair_length) != pairs or len(postings.codes) != len(postings.rows):
        return "two tables that belong together differ in length"
    for name, starts, size in (
        ("starts", postings.starts, len(postings.rows)),
        ("stair_starts", postings.stair_starts, len(postings.stairs)),
    ):
        if len(starts) != terms + 1 or starts[0] != 0 or starts[-1] != size or (np.diff(starts) < 1).any():
            return f"{name} does not divide its table among {terms} terms"
    if postings.stairs.size and int(postings.stairs.max()) >= pairs:
        return "stairs names a pair that does not exist"
    if not building.sound(postings.starts, postings.rows, postings.codes, len(postings.lengths), pairs):
        return "a posting names a row or a pair that does not exist"
    return ""
