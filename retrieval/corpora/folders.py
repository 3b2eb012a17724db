"""Corpora in folders: the samples that come with the project, and the BEIR folders below `PLAYGROUND_CORPORA`."""

from __future__ import annotations

import os
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"


def corpora() -> dict[str, Path]:
    """Folder by name: the samples first, then the user's own, each in alphabetical order; a sample's name cannot be taken."""
    own = os.environ.get("PLAYGROUND_CORPORA")
    roots = [SAMPLES, *([Path(own)] if own else [])]
    found: dict[str, Path] = {}
    for root in roots:
        for path in sorted(root.glob("*/corpus.jsonl")):
            found.setdefault(path.parent.name, path.parent)
    return found
