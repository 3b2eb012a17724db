"""What the benchmarks share: the table, percentiles, and texts to work on."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median, quantiles

from retrieval import Document, corpora, read_beir

HEADER = "| what | ours | peer | ratio | target | reached |\n|---|---:|---:|---:|---|---|"


def row(what: str, ours: str, peer: str, ratio: float | None, target: str, reached: bool | None) -> str:
    """One line of the table; None where there is nothing to compare or to reach."""
    verdict = "" if reached is None else "yes" if reached else "**no**"
    return f"| {what} | {ours} | {peer} | {'' if ratio is None else f'{ratio:.3g}'} | {target} | {verdict} |"


def p50_p95(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    return median(seconds) * 1e3, quantiles(seconds, n=20)[-1] * 1e3


def parser(description: str | None) -> argparse.ArgumentParser:
    """A command line with `--collection`."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--collection", type=Path, help="a BEIR folder; without one, the sample corpora")
    return made


def documents(collection: Path | None) -> tuple[Document, ...]:
    """The documents of a BEIR folder, or of all corpora that come with the project, ids made unique."""
    if collection:
        return read_beir(collection).documents
    samples = ((name, document) for name, folder in corpora().items() for document in read_beir(folder).documents)
    return tuple(Document(f"{name}/{document.id}", document.text, document.title) for name, document in samples)


def contents(items: Iterable[Document]) -> list[str]:
    """Title and text together, as they are indexed."""
    return [f"{item.title} {item.text}".strip() for item in items]
