"""Names that follow from content, so that the same content gets the same name again."""

from __future__ import annotations

import hashlib


def digest(*parts: str) -> bytes:
    """8 bytes that stand for the parts in their order; no two lists of parts are joined to the same bytes first."""
    state = hashlib.blake2b(digest_size=8)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        state.update(len(encoded).to_bytes(8, "little") + encoded)
    return state.digest()


def query_id(source: str, *parts: str) -> str:
    """The id of a query that has none: its source and 16 hexadecimal digits of the parts that make it what it is."""
    return f"{source}-{digest(*parts).hex()}"
