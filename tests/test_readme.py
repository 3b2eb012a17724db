"""The README tells the truth: its example runs, its commands exist, its numbers of entries are those of the tables."""

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from retrieval import EMBEDDERS, FUSIONS, RERANKERS, Corpus, Document, Engine, NoReranker, Pipeline, Workspace
from retrieval.cli import app
from retrieval.embedders import Batch, word_tokenizer
from retrieval.types import unit_rows

README = Path(__file__).resolve().parent.parent / "README.md"


@pytest.fixture(scope="module")
def readme():
    return README.read_text(encoding="utf-8")


def test_the_example_embedder_runs(readme, tmp_path):
    code = re.search(r"```python\n(.*?)```", readme, re.DOTALL).group(1)
    names = {"dataclass": dataclass, "np": np, "zlib": zlib, "Batch": Batch, "unit_rows": unit_rows, "__name__": "example"}
    names["word_tokenizer"] = word_tokenizer
    exec(compile(code, "README.md", "exec"), names)
    corpus = Corpus("two", (Document("a", "a sealed relay"), Document("b", "a pump for water")))
    pipeline = Pipeline(embedder=names["Hashing"](), reranker=NoReranker())
    trace = Engine.open(corpus, pipeline, Workspace(tmp_path)).search("sealed relay")
    assert trace.rankings["dense"].ids == ("a", "b")
    assert trace.rankings["dense"].scores[0] == pytest.approx(2 / np.sqrt(2 * 3))  # two of three words, unless they collide


def test_every_command_of_the_readme_exists(readme):
    named = set(re.findall(r"^    playground (\w+)", readme, re.MULTILINE))
    assert named == {"search", "build", "evaluate", "app", "judgments"}
    for command in named:
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_the_folders_and_files_it_links_to_exist(readme):
    links = re.findall(r"\]\(([^)#:]+)\)", readme)
    assert len(links) >= 5
    assert [link for link in links if not (README.parent / link).exists()] == []


def test_the_tables_are_named(readme):
    for word in ("LSA", "late interaction", "cross-encoder", "RRF", "min-max", "z-score", "CombMNZ"):
        assert word in readme
    assert {"LSA"} <= set(EMBEDDERS)
    assert {"RRF", "min-max", "z-score", "CombMNZ"} <= set(FUSIONS)
    assert {"late interaction", "cross-encoder"} <= set(RERANKERS)
