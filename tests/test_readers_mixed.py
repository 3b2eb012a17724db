"""The project's own folder of mixed files: everything is read, and every fact stands where `FACTS` says."""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_right
from pathlib import Path

import pytest

from retrieval.readers import read_files
from tests import mixed_files

ANSWERS = {
    "handbook.pdf 2": "17 metres per second",
    "handbook.pdf 3": "Maren Solheim may lift the quarantine",
    "maintenance.docx": "every 250 working hours",
    "training.pptx 2": "both arms out",
    "prices.xlsx 1": "| Tandem lift | 1945.5 | 2024-01-15 |",
    "berths.html": "11.3 metres",
    "storm.eml": "the old lighthouse",
    "storm.eml/drill.md": "behind the salt shed",
    "welcome.md": "opens at 05:40",
    "glossary.rst": "keeps a hanging load from turning",
    "cranes.csv": "the longest boom",
    "sling_load.py": "one over its cosine",
    "incidents.jsonl": "A shackle of 3 kg",
    "visitors.txt": "white helmet with a blue stripe",
    "night.zip/night/lights.md": "Forty-two lamps",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixed")
    mixed_files.make(folder)
    return read_files([(path.name, path.read_bytes()) for path in sorted(folder.iterdir())])


def test_every_file_is_read_and_nothing_refused(report):
    assert report.refused == ()
    assert (len(report.documents), report.files) == (18, 15)
    assert len({document.id for document in report.documents}) == 18


@pytest.mark.parametrize("fact", mixed_files.FACTS, ids=lambda fact: f"{fact[1]} {fact[0]}")
def test_every_fact_stands_once_in_its_file_on_its_page_below_its_heading(report, fact):
    _, file, page, heading = fact
    answer = ANSWERS[f"{file} {page}" if page else file]
    (at,) = [at for at, document in enumerate(report.documents) if answer in document.text]
    document = report.documents[at]
    assert report.places[at].startswith(file)
    start = document.text.index(answer)
    assert (bisect_right(document.structure.pages, start) or None) == page
    assert above(document, start) == heading


def above(document, start: int) -> str:
    """The nearest heading before a character, "" where there is none."""
    marked = [line.lstrip("# ") for line in document.text[:start].splitlines() if line.startswith("#")]
    given = [heading.title for heading in document.structure.headings if heading.start <= start]
    return (given or (marked if document.structure.syntax == "markdown" else []) or [""])[-1]


def test_the_script_writes_the_same_files(report, tmp_path):
    root = Path(mixed_files.__file__).parents[1]
    subprocess.run([sys.executable, "-m", "tests.mixed_files", str(tmp_path / "made")], check=True, cwd=root)
    again = read_files([(path.name, path.read_bytes()) for path in sorted((tmp_path / "made").iterdir())])
    assert [document.text for document in again.documents] == [document.text for document in report.documents]
