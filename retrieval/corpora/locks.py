"""Locks of folders between processes; the system lets them go when a process ends, in whatever way."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GONE = ".gone-"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one in `folder`, which is made where it is missing; waits for its turn."""
    while (descriptor := _locked(folder)) is None:
        pass
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Keep others from removing `folder`; says whether it is there."""
    import fcntl

    if not folder.is_dir():
        yield False
        return
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield _still_there(folder, descriptor)


def discard(folder: Path) -> None:
    """Remove a folder unless somebody holds it; it loses its name first, so that it is never there in part."""
    import fcntl

    with _opened(folder) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        gone = Path(tempfile.mkdtemp(prefix=GONE, dir=folder.parent))
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _locked(folder: Path) -> int | None:
    """The locked folder, or None where it was removed before the lock was had."""
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    if _still_there(folder, descriptor):
        return descriptor
    os.close(descriptor)
    return None


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _still_there(folder: Path, descriptor: int) -> bool:
    """Whether the folder that was opened is the one that has its name now."""
    try:
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
