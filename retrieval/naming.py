"""Names that people give to corpora and query sets, and the keys that are made of them and never change."""

from __future__ import annotations

import re
import secrets
import unicodedata

from retrieval.errors import BadInput

LONGEST_NAME = 100
LONGEST_SLUG = 40


def clean_name(name: str, of: str) -> str:
    """The name without white space around it; `of` says of what it is, "a corpus".

    Raises BadInput where it is empty, too long or holds what cannot be shown.
    """
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name):
        raise BadInput(f"the name {name!a} holds a control character; write it on one line, without tabs")
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput(f"the name of {of} must have 1 to {LONGEST_NAME} characters, this has {len(name)}; choose another")
    return name


def new_key(name: str, nameless: str, random_bytes: int) -> str:
    """A key made of the name, or of `nameless` where no letter of it can be used, and random hexadecimal digits.

    Safe in a URL and as the name of a file or folder.
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_SLUG].strip("-")
    return f"{slug or nameless}-{secrets.token_hex(random_bytes)}"
