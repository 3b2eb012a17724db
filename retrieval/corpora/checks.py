"""Stored folders are checked against their manifests before they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import CorpusDamaged, IndexCorrupted
from retrieval.workspace import check


@contextmanager
def checked(folder: Path, what: str) -> Iterator[None]:
    """Check `folder` and read it in the block; whatever is wrong with it becomes CorpusDamaged."""
    try:
        check(folder)
        yield
    except (IndexCorrupted, OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusDamaged(
            f"the {what} in {folder} are missing or damaged; restore the folder from a backup or import the files again"
        ) from error
