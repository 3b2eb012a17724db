"""The corpora that come with the project, and folders named on the command line."""

from __future__ import annotations

from pathlib import Path

from retrieval.errors import BadInput
from retrieval.readers import Collection, read_beir

SAMPLES = Path(__file__).resolve().parent.parent / "sample_corpora"


def sample_names() -> tuple[str, ...]:
    """Folders of the sample corpora, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in SAMPLES.glob("*/corpus.jsonl")))


def corpus_folder(name: str) -> Path:
    """The folder of a sample by its name, else the folder with that path; raises `BadInput` where there is neither."""
    if name in sample_names():
        return SAMPLES / name
    folder = Path(name)
    if not folder.is_dir():
        raise BadInput(f"{name!r} is neither a folder nor a sample; the samples are {', '.join(sample_names())}")
    return folder


def read_collection(name: str) -> Collection:
    """Read a sample by name or a BEIR folder by path."""
    return read_beir(corpus_folder(name))
