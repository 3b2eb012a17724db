"""The guard of Office files: DOCX, PPTX and XLSX are ZIP archives of XML parts, checked before any parser sees them."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

from retrieval.readers.base import Unusable
from retrieval.readers.settings import MIB, Limits
from retrieval.readers.signatures import not_as_named, seems

KINDS = {"word/": "a DOCX", "ppt/": "a PPTX", "xl/": "an XLSX"}
NAMES = {"title": "title", "creator": "author", "subject": "subject", "keywords": "keywords", "created": "created"}
STOCK_TITLES = frozenset({"PowerPoint Presentation", "Word Document"})  # written by programs, not by people
PIECE = MIB
OVERLAP = 16
XML = (".xml", ".rels", ".vml")  # other parts may be whole documents of their own, such as pictures and printer settings
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']*)""")
_ENTITY = re.compile(rb"<!ENTITY")
_DECLARES = re.compile(rb"<!ENTITY|<!DOCTYPE")


def open_office(data: bytes, folder: str, limits: Limits) -> zipfile.ZipFile:
    """The archive of an Office file whose main folder is `folder` of `KINDS`. Raises Unusable where it is not sound and small."""
    expected = KINDS[folder]
    if seems(data) == "an encrypted or old Office file":
        raise Unusable(f"is encrypted or in the old format of before 2007; save it as {expected} without a password")
    if not data.startswith(b"PK"):
        raise Unusable(not_as_named(data, expected) if data else "is empty; save it again or leave it out")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise Unusable("is a broken ZIP archive, perhaps cut off; copy it again") from None
    check_kind(archive, folder)
    check_size(archive, len(data), limits)
    for info in archive.infolist():
        check_part(archive, info)
    return archive


def check_kind(archive: zipfile.ZipFile, folder: str) -> None:
    """Raise Unusable unless the archive is an Office file of this kind."""
    names = archive.namelist()
    if any(name.startswith(folder) for name in names):
        if "[Content_Types].xml" in names:
            return
        raise Unusable("is damaged, for its part [Content_Types].xml is missing; copy or save it again")
    other = next((kind for start, kind in KINDS.items() if any(name.startswith(start) for name in names)), "a ZIP archive")
    raise Unusable(f"is not what its name says: it seems to be {other}, not {KINDS[folder]}; give it the right suffix")


def check_size(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    """Raise Unusable where the parts are too many or too large; no part unpacks to more than its header says."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > limits.files:
        raise Unusable(f"holds {len(parts):,} parts, the limit is {limits.files:,}; split it or raise the limit files")
    if unpacked > limits.unpacked:
        raise Unusable(f"unpacks to {unpacked:,} bytes, the limit is {limits.unpacked:,}; split it or raise the limit unpacked")
    if unpacked > MIB and unpacked > limits.ratio * packed:
        ratio = unpacked // max(packed, 1)
        raise Unusable(
            f"unpacks to {ratio:,} times its size, the limit is {limits.ratio:,}; raise the limit ratio if you trust it"
        )


def check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Raise Unusable where a part is encrypted or damaged, declares an entity, or is XML with a DOCTYPE.

    Zero bytes are left out before the search, which makes UTF-16 of ASCII letters ASCII.
    """
    declares = _DECLARES if info.filename.lower().endswith(XML) else _ENTITY
    if info.flag_bits & 1:
        raise Unusable("is encrypted; save it without a password")
    try:
        with archive.open(info) as part:
            tail, first = b"", True
            while piece := part.read(PIECE):
                squeezed = tail + piece.replace(b"\0", b"")
                if declares.search(squeezed):
                    raise Unusable(f"declares entities in {info.filename:.80}, which are never expanded; save it again")
                if first:
                    check_encoding(squeezed, info.filename)
                tail, first = squeezed[-OVERLAP:], False
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError) as error:
        raise Unusable(f"is damaged in its part {info.filename:.80} ({error}); copy or save it again") from None
    except Exception as error:
        if type(error).__module__ not in ("zlib", "lzma", "_lzma"):
            raise
        raise Unusable(f"is damaged in its part {info.filename:.80} ({error}); copy or save it again") from None


def check_encoding(start: bytes, part: str) -> None:
    """Raise Unusable where an XML part names an encoding that could hide a declaration."""
    named = _ENCODING.search(start[:400])
    if named and named[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"ascii"):
        encoding = named[1].decode("ascii", "replace")
        raise Unusable(f'is encoded as "{encoding:.40}" in {part:.80}; Office files are UTF-8 or UTF-16, save it again')


def properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title, author, subject, keywords and day of creation, as far as the file has them."""
    try:
        root = ElementTree.fromstring(archive.read("docProps/core.xml"))
    except (KeyError, ElementTree.ParseError):
        return {}
    found = {NAMES[tag]: element.text or "" for element in root if (tag := element.tag.rpartition("}")[2]) in NAMES}
    if found.get("title") in STOCK_TITLES:
        del found["title"]
    if "created" in found:
        found["created"] = found["created"][:10]
    return found
