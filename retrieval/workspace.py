"""The disk: one folder for each part of an index, named by its kind and fingerprint, written whole or not at all.

A part is made in a temporary folder, gets a `manifest.json` with the size and checksum of its files, and is renamed into place: a
folder without a manifest does not exist. Loaded parts are kept in memory, the least recently used are let go.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from retrieval.errors import IndexCorrupted

Loaded = TypeVar("Loaded")

MANIFEST = "manifest.json"
CHECKSUM_LIMIT = 64 * 2**20
KEPT_IN_MEMORY = 24


def default_home() -> Path:
    """`PLAYGROUND_HOME`, or `workspace` in the current folder."""
    return Path(os.environ.get("PLAYGROUND_HOME", "workspace"))


class Workspace:
    """Built parts of indexes below `home`, in memory and on disk. Safe to share between threads."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home if home is not None else default_home()
        self._loaded: OrderedDict[str, object] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def part(self, kind: str, fingerprint: str, build: Callable[[Path], None], load: Callable[[Path], Loaded]) -> Loaded:
        """The part `kind` with `fingerprint`: from memory, else from disk, else built into a new folder and loaded from it.

        A part that is damaged on disk is built again; two callers who want the same part build it once.
        """
        key = f"{kind}-{fingerprint}"
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._loaded:
                self._keep(key, self._open(self.home / "indexes" / key, build, load))
            with self._guard:
                self._loaded.move_to_end(key)
                return self._loaded[key]  # type: ignore[return-value]

    def has(self, kind: str, fingerprint: str) -> bool:
        """Whether the part is built, so that opening it takes no work."""
        key = f"{kind}-{fingerprint}"
        return key in self._loaded or (self.home / "indexes" / key / MANIFEST).exists()

    def _keep(self, key: str, loaded: object) -> None:
        with self._guard:
            self._loaded[key] = loaded
            while len(self._loaded) > KEPT_IN_MEMORY:
                self._loaded.popitem(last=False)

    def _open(self, folder: Path, build: Callable[[Path], None], load: Callable[[Path], Loaded]) -> Loaded:
        if (folder / MANIFEST).exists():
            try:
                check(folder)
                return load(folder)
            except (IndexCorrupted, OSError, ValueError):
                shutil.rmtree(folder, ignore_errors=True)
        write_whole(folder, build)
        return load(folder)


def write_whole(folder: Path, build: Callable[[Path], None]) -> None:
    """Let `build` fill a temporary folder, add the manifest and rename it to `folder`; a failed build leaves nothing behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        build(making)
        files = {path.name: _describe(path) for path in sorted(making.iterdir())}
        (making / MANIFEST).write_text(json.dumps({"version": 1, "files": files}, indent=1), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def check(folder: Path) -> None:
    """Raise `IndexCorrupted` where a file of `folder` is missing, has another size or another checksum than its manifest says."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError) as error:
        raise IndexCorrupted(f"the manifest of {folder.name} cannot be read; the part is built again") from error
    for name, expected in files.items():
        path = folder / name
        if not path.exists() or _describe(path) != expected:
            raise IndexCorrupted(f"{name} of {folder.name} is missing or damaged; the part is built again")


def _describe(path: Path) -> dict[str, int]:
    """Size, and the checksum of a file small enough to read at every start."""
    size = path.stat().st_size
    return {"size": size, "crc32": zlib.crc32(path.read_bytes()) if size <= CHECKSUM_LIMIT else 0}
