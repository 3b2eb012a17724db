"""What a file seems to be by its first bytes, whatever its name says."""

from __future__ import annotations

import re

from retrieval.readers.base import Unusable

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an encrypted or old Office file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1", "a Parquet table"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
)
MARKUP = re.compile(rb"\s*(?:<!doctype\s+html|<html[\s>]|<\?xml)", re.IGNORECASE)
ONLY_BINARY = frozenset({b"PAR1", b"ID3", b"OggS", b"II*\0"})  # a text may begin with these letters


def seems(data: bytes) -> str:
    """What `data` seems to be, with its article; "" where no signature fits."""
    for signature, kind in SIGNATURES:
        if data.startswith(signature) and (signature not in ONLY_BINARY or b"\0" in data[:512]):
            return kind
    found = MARKUP.match(data[:512].removeprefix(b"\xef\xbb\xbf"))
    if not found:
        return ""
    return "an XML file" if b"<?xml" in found[0].lower() else "an HTML page"


def not_as_named(data: bytes, expected: str) -> str:
    """The reason of a refusal: `expected` is what the name promises, as "a PDF"."""
    kind = seems(data)
    if kind:
        return f"is not what its name says: it seems to be {kind}, not {expected}; give it the right suffix or convert it"
    return f"is not what its name says: it does not begin as {expected} does; give it the right suffix or save it again"


def refuse_binary(data: bytes, expected: str) -> None:
    """Raise Unusable where `data`, promised to be text, bears the signature of something else."""
    kind = seems(data)
    if kind and kind not in ("an HTML page", "an XML file"):
        raise Unusable(not_as_named(data, expected))
