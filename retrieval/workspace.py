"""The disk: a folder for each part of an index, named by corpus, kind, settings and version, written whole or not at all.

A part is made in a temporary folder, gets a `manifest.json` with the size and checksum of its files, and is renamed into place: a
folder without a manifest does not exist. Loaded parts are kept in memory, the least recently used are let go. Threads of one
process take turns at a part, and so do processes, by a lock file of the corpus that the system frees when its holder dies.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from retrieval.errors import IndexCorrupted

Loaded = TypeVar("Loaded")

SAFE = re.compile(r"\w[\w-]{0,99}")
MANIFEST = "manifest.json"
MAKING = ".making-"
LOCK = ".lock"
CHECKSUM_LIMIT = 64 * 2**20
KEPT_IN_MEMORY = 24


def default_home() -> Path:
    """`PLAYGROUND_HOME`, or `workspace` in the current folder."""
    return Path(os.environ.get("PLAYGROUND_HOME", "workspace"))


def folder_name(key: str) -> str:
    """A corpus's key as the name of a file or folder: itself where it can be one, else a digest of it."""
    return key if SAFE.fullmatch(key) else hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Part:
    """Names a part of an index: of which corpus (its key), what kind, made with which settings, over which version."""

    corpus: str
    kind: str
    settings: str
    version: str

    @property
    def path(self) -> Path:
        """Where it lies below the folder of all indexes."""
        return Path(self.corpus) / f"{self.kind}-{self.settings}-{self.version}"


class Workspace:
    """Built parts of indexes below `home`, in memory and on disk. Safe to share between threads."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home if home is not None else default_home()
        self._loaded: OrderedDict[Part, object] = OrderedDict()
        self._locks: dict[Part, threading.Lock] = {}
        self._guard = threading.Lock()

    @property
    def indexes(self) -> Path:
        """The folder of all indexes, one folder a corpus in it."""
        return self.home / "indexes"

    def folder(self, part: Part) -> Path:
        """Where a part lies once it is built."""
        return self.indexes / part.path

    def part(self, part: Part, build: Callable[[Path], None], load: Callable[[Path], Loaded]) -> Loaded:
        """A part from memory, else from disk, else built into a new folder and loaded from it.

        A part that is damaged on disk is built again; two callers who want the same part build it once.
        """
        with self._guard:
            lock = self._locks.setdefault(part, threading.Lock())
        with lock:
            if part not in self._loaded:
                self._keep(part, self._open(self.folder(part), build, load))
            with self._guard:
                self._loaded.move_to_end(part)
                return self._loaded[part]  # type: ignore[return-value]

    def has(self, part: Part) -> bool:
        """Whether a part is built, so that opening it takes no work."""
        return part in self._loaded or (self.folder(part) / MANIFEST).exists()

    def sweep(self, corpus: str, versions: Collection[str]) -> None:
        """Remove the parts of a corpus that are of none of its `versions`; what is open stays readable for who has it open."""
        with self.turn(corpus):
            for folder in self.indexes.joinpath(corpus).glob(f"*/{MANIFEST}"):
                if folder.parent.name.rpartition("-")[2] not in versions:
                    shutil.rmtree(folder.parent, ignore_errors=True)

    def earlier(self, part: Part) -> Path | None:
        """The newest folder of the same kind and settings over another version of the corpus; None where there is none."""
        found = self.folder(part).parent.glob(f"{part.kind}-{part.settings}-*/{MANIFEST}")
        others = [path for path in found if path.parent != self.folder(part)]
        return max(others, key=lambda path: path.stat().st_mtime_ns).parent if others else None

    @contextmanager
    def turn(self, corpus: str) -> Iterator[None]:
        """Wait until no other process or thread builds over a corpus, and keep them waiting meanwhile.

        What a killed builder left half made is swept away.
        """
        from filelock import FileLock

        folder = self.indexes / corpus
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK):
            for stale in folder.glob(f"{MAKING}*"):
                shutil.rmtree(stale, ignore_errors=True)
            yield

    def _keep(self, part: Part, loaded: object) -> None:
        with self._guard:
            self._loaded[part] = loaded
            while len(self._loaded) > KEPT_IN_MEMORY:
                self._loaded.popitem(last=False)

    def _open(self, folder: Path, build: Callable[[Path], None], load: Callable[[Path], Loaded]) -> Loaded:
        if (folder / MANIFEST).exists():
            try:
                check(folder)
                return load(folder)
            except (IndexCorrupted, OSError, ValueError):
                shutil.rmtree(folder, ignore_errors=True)
        with self.turn(folder.parent.name):
            if not (folder / MANIFEST).exists():
                write_whole(folder, build)
        return load(folder)


def write_whole(folder: Path, build: Callable[[Path], None]) -> None:
    """Let `build` fill a temporary folder, add the manifest and rename it to `folder`; a failed build leaves nothing behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder.parent))
    started = time.perf_counter()
    try:
        build(making)
        files = {path.relative_to(making).as_posix(): describe(path) for path in sorted(making.rglob("*")) if path.is_file()}
        manifest = {"version": 1, "seconds": time.perf_counter() - started, "files": files}
        (making / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """What `write_whole` noted: {"files": {name: {"size", "crc32"}}, "seconds"}. Raises IndexCorrupted."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {"files": dict(manifest["files"]), "seconds": float(manifest.get("seconds", 0.0))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexCorrupted(f"the manifest of {folder.name} cannot be read; the part is built again") from error


def check(folder: Path) -> None:
    """Raise `IndexCorrupted` where a file of `folder` is missing, has another size or another checksum than its manifest says."""
    for name, expected in read_manifest(folder)["files"].items():
        path = folder / name
        if not path.exists() or describe(path) != expected:
            raise IndexCorrupted(f"{name} of {folder.name} is missing or damaged; the part is built again")


def describe(path: Path, size: int | None = None) -> dict[str, int]:
    """Size, and the checksum of a file small enough to read at every start; of its first `size` bytes where that is given."""
    size = path.stat().st_size if size is None else size
    if size > CHECKSUM_LIMIT:
        return {"size": min(size, path.stat().st_size), "crc32": 0}
    with path.open("rb") as file:
        content = file.read(size)
    return {"size": len(content), "crc32": zlib.crc32(content)}
