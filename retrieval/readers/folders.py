"""Folders of the server: only those that its operator allows in `PLAYGROUND_FOLDERS`, and what lies below them, are ever read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from retrieval.errors import BadInput
from retrieval.readers.settings import Limits

VARIABLE = "PLAYGROUND_FOLDERS"


def allowed() -> tuple[Path, ...]:
    """The folders that may be read, links resolved, in the order given; none where the operator named none."""
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    return tuple(Path(name).expanduser().resolve() for name in named if name.strip())


def files_below(folder: Path | str, limits: Limits | None = None) -> list[tuple[str, Path]]:
    """Name below `folder` (with "/") and path of every file in it, in alphabetical order; hidden files and folders are skipped.

    Links to folders are not followed. Raises BadInput where the folder, or a file that a link in it points to, does not lie below
    an allowed folder, and where there are more files than the limit.
    """
    most = (limits or Limits()).files
    top = checked(Path(folder))
    found: list[tuple[str, Path]] = []
    for path in walk(top):
        if not is_below(path.resolve(), allowed()):
            raise BadInput(f"{path} is a link to a file outside the allowed folders; remove it or add its folder to {VARIABLE}")
        if path.is_file():
            found.append((readable(path.relative_to(top).as_posix()), path))
        if len(found) > most:
            raise BadInput(f"{folder} holds more than {most:,} files, which is the limit; read its folders one by one")
    return found


def readable(name: str) -> str:
    """A file's name as a text; bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def checked(folder: Path) -> Path:
    """The folder with its links resolved. Raises BadInput unless it exists below an allowed one."""
    roots = allowed()
    if not roots:
        raise BadInput(f"no folder of the server may be read; its operator can allow some in {VARIABLE}")
    path = folder.expanduser().resolve()
    if not is_below(path, roots):
        raise BadInput(
            f"{folder} is not below an allowed folder ({', '.join(map(str, roots))}); choose another, or extend {VARIABLE}"
        )
    if not path.is_dir():
        raise BadInput(f"{folder} is not a folder; give the path of one below {', '.join(map(str, roots))}")
    return path


def is_below(path: Path, roots: tuple[Path, ...]) -> bool:
    """Whether a resolved path is one of `roots` or lies below one."""
    return any(path.is_relative_to(root) for root in roots)


def walk(top: Path) -> Iterator[Path]:
    """The files below a folder, hidden ones left out."""
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(folder) / name
