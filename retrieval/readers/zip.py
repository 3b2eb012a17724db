"""ZIP archives: every file inside is read as if it came alone, under the archive's name and its own ("archive.zip/notes/a.pdf").

Nothing is ever written to the disk. What an archive could be used to attack with is refused file by file: paths that lead out of
it, links, doubled names, and more data than the limits allow, counted while it is unpacked and not as the archive claims.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from retrieval.readers.base import ReadReport, Refusal, Unusable, refused
from retrieval.readers.batch import read_batch
from retrieval.readers.settings import DEFAULT, MIB, Limits, Reading
from retrieval.readers.signatures import not_as_named

ReadFile = Callable[[str, bytes, Reading], ReadReport]
STEP = 256 * 1024  # bytes unpacked at a time
SMALL = MIB  # bytes that may be unpacked at any ratio
ENCRYPTED = 1
HIDDEN = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass
class Spent:
    """What an archive and those inside it have cost so far."""

    files: int = 0
    unpacked: int = 0
    skipped: int = 0


@dataclass
class Archive:
    """An open archive. `entries` are the files that may be read; `refusals` says why others may not."""

    name: str
    packed: int
    file: ZipFile
    limits: Limits
    spent: Spent
    entries: list[ZipInfo] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def path(self, entry: ZipInfo) -> str:
        """The name under which a file inside is read."""
        return f"{self.name}/{PurePosixPath(entry.filename)}"

    def unpack(self, entry: ZipInfo) -> bytes:
        """The bytes of a file. Raises Unusable where they are damaged or more than the limits allow."""
        try:
            with self.file.open(entry) as stream:
                return b"".join(self.counted(stream.read, entry))
        except (NotImplementedError, RuntimeError):
            raise Unusable("is packed in a way that cannot be read; pack it again as an ordinary ZIP") from None
        except (BadZipFile, EOFError, OSError, ValueError) as error:
            raise Unusable(f"is damaged ({error!s:.200}); pack the archive again") from None
        except Unusable:
            raise
        except Exception as error:  # zlib, bz2 and lzma have errors of their own
            raise Unusable(f"is damaged ({error!s:.200}); pack the archive again") from None

    def counted(self, read: Callable[[int], bytes], entry: ZipInfo) -> Iterable[bytes]:
        """The parts of a file as they are unpacked."""
        packed = max(1, min(entry.compress_size, self.packed))
        size = 0
        while part := read(STEP):
            size += len(part)
            self.spent.unpacked += len(part)
            if size > max(SMALL, packed * self.limits.ratio):
                raise Unusable(
                    f"unpacks to more than {self.limits.ratio} times its packed size; unpack it and give the file itself"
                )
            if self.spent.unpacked > self.limits.unpacked:
                raise Unusable(f"makes the archive larger than {self.limits.unpacked:,} bytes unpacked; split the archive")
            yield part


def read_zip(name: str, data: bytes, reading: Reading = DEFAULT, *, read: ReadFile, spent: Spent | None = None) -> ReadReport:
    """The documents, queries and judgments of the files in an archive; `read` reads one of them."""
    limits = reading.limits
    if reading.depth > limits.nesting:
        return refused(name, f"lies inside {reading.depth} archives, the limit is {limits.nesting}; unpack it")
    try:
        archive = opened(name, data, limits, spent or Spent())
    except Unusable as refusal:
        return refused(name, str(refusal))
    with archive.file:
        found = read_entries(archive, reading.inside(), read)
    if archive.spent.skipped and spent is None:
        over = f"holds {archive.spent.skipped:,} more files that are not read, for the limits are reached; split the archive"
        archive.refusals.append(Refusal(name, over))
    return replace(found, refused=(*archive.refusals, *found.refused), rows=found.rows + len(archive.refusals))


def read_entries(archive: Archive, reading: Reading, read: ReadFile) -> ReadReport:
    """One report for the files that may be read."""

    def one(at: int, how: Reading) -> ReadReport:
        path = archive.path(archive.entries[at])
        if archive.spent.unpacked > archive.limits.unpacked:
            archive.spent.skipped += 1
            return ReadReport(rows=1)
        try:
            data = archive.unpack(archive.entries[at])
        except Unusable as refusal:
            return refused(path, str(refusal))
        if PurePosixPath(path).suffix.lower() == ".zip":
            return read_zip(path, data, how, read=read, spent=archive.spent)
        return read(path, data, how)

    def lines(at: int) -> Iterable[bytes]:
        return BytesIO(archive.unpack(archive.entries[at]))

    return read_batch([archive.path(entry) for entry in archive.entries], one, lines, reading)


def opened(name: str, data: bytes, limits: Limits, spent: Spent) -> Archive:
    """The archive with its files sorted into those that may be read and those that may not. Raises Unusable where it is none."""
    try:
        file = ZipFile(BytesIO(data))
    except Exception as error:  # a damaged directory makes zipfile raise anything
        kind = f"is damaged ({error!s:.200}); pack it again" if data.startswith(b"PK") else not_as_named(data, "a ZIP archive")
        raise Unusable(kind) from None
    archive = Archive(name, len(data), file, limits, spent)
    hidden: list[str] = []
    taken: set[str] = set()
    for entry in file.infolist():
        if entry.is_dir():
            continue
        if is_hidden(entry.filename):
            hidden.append(entry.filename)
        elif spent.files >= limits.files:
            spent.skipped += 1
        elif reason := why_not(entry, taken):
            archive.refusals.append(Refusal(f"{name}/{printable(entry.orig_filename)}", reason))
        else:
            spent.files += 1
            taken.add(str(PurePosixPath(entry.filename)))
            archive.entries.append(entry)
    if hidden:
        some = f"holds {len(hidden):,} hidden files (the first is {printable(hidden[0])})"
        archive.refusals.append(Refusal(name, f"{some}; they are skipped, rename those that are documents"))
    return archive


def is_hidden(filename: str) -> bool:
    """Whether a file is one of those that systems leave in archives, or hidden by a dot."""
    return any(part in HIDDEN or (part.startswith(".") and not part.startswith("..")) for part in PurePosixPath(filename).parts)


def why_not(entry: ZipInfo, taken: set[str]) -> str:
    """Why a file of an archive may not be read; "" where it may."""
    name = entry.orig_filename
    path = PurePosixPath(entry.filename)
    if name.startswith("/") or _DRIVE.match(name):
        return "has an absolute path; pack it with a path inside the archive"
    if ".." in path.parts or ".." in name.replace("\\", "/").split("/"):
        return 'leads out of the archive with ".."; pack it with a path inside the archive'
    if "\\" in name or _CONTROL.search(name):
        return "has a backslash or a control character in its name; rename it"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a symbolic link; pack the file that it points to"
    if entry.flag_bits & ENCRYPTED:
        return "is encrypted; pack it without a password"
    if str(path) in taken:
        return "has the name of an earlier file of the archive; the first is kept, rename the later one"
    return ""


def printable(name: str) -> str:
    """A name as it can be shown: control characters and half surrogate pairs escaped, the end cut off."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name[:200])
