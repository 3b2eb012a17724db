"""Which corpora there are: the samples that come with the project, and the BEIR folders below `PLAYGROUND_CORPORA`."""

from __future__ import annotations

import os
from pathlib import Path

from retrieval.errors import BadInput
from retrieval.readers import Collection, read_beir

SAMPLES = Path(__file__).resolve().parent.parent / "sample_corpora"


def corpora() -> dict[str, Path]:
    """Folder by name: the samples first, then the user's own, each in alphabetical order; a sample's name cannot be taken."""
    own = os.environ.get("PLAYGROUND_CORPORA")
    roots = [SAMPLES, *([Path(own)] if own else [])]
    found: dict[str, Path] = {}
    for root in roots:
        for path in sorted(root.glob("*/corpus.jsonl")):
            found.setdefault(path.parent.name, path.parent)
    return found


def corpus_folder(name: str) -> Path:
    """The folder of a corpus by its name, else the folder with that path; raises `BadInput` where there is neither."""
    known = corpora()
    if name in known:
        return known[name]
    folder = Path(name)
    if not folder.is_dir():
        raise BadInput(f"{name!r} is neither a folder nor a known corpus; known are {', '.join(known)}")
    return folder


def read_collection(name: str) -> Collection:
    """Read a known corpus by name or a BEIR folder by path."""
    return read_beir(corpus_folder(name))
