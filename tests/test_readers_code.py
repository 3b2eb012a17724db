from __future__ import annotations

import pytest

from retrieval.readers import LANGUAGES, READERS, read_code, read_markdown
from retrieval.types import Document, Structure


def test_code_is_kept_as_it_is_under_the_name_of_its_file():
    report = read_code("src/main.py", b"def f():\n\treturn 1\n")
    assert report.documents == (Document("src/main.py", "def f():\n\treturn 1\n", "main.py", structure=Structure("python")),)


def test_every_language_is_in_the_table():
    assert all(READERS[suffix] is read_code for suffix in LANGUAGES)
    assert {"python", "javascript", "typescript", "tsx", "java", "go", "rust", "c", "cpp", "csharp"} <= set(LANGUAGES.values())


def test_a_program_named_as_its_source_is_refused():
    (refusal,) = read_code("main.c", b"\x7fELF\x02\x01\x01").refused
    assert str(refusal).startswith("main.c is not what its name says: it seems to be a program, not a text")


def test_front_matter_becomes_title_and_metadata_and_is_cut_off():
    source = "---\ntitle: On cranes\ntags: [port, wind]\ndraft: no\nat: 12:30\nnested: {a: 1}\nempty:\n---\n# Heading\n"
    (document,) = read_markdown("a.md", source.encode()).documents
    metadata = {"tags": "port, wind", "draft": "no", "at": "12:30"}
    assert document == Document("a.md", "# Heading\n", "On cranes", metadata, Structure("markdown"))


@pytest.mark.parametrize(
    "source",
    [
        "---\nnot closed: 1\n",
        "---\n- a list\n---\ntext",
        "---\n{broken\n---\ntext",
        "text\n---\na: 1\n---\n",
        "---\n[" + "[" * 5000 + "\n---\n",
    ],
)
def test_what_is_no_front_matter_stays(source):
    (document,) = read_markdown("a.md", source.encode()).documents
    assert (document.text, document.metadata) == (source, {})


def test_yaml_makes_no_objects():
    source = b"---\nbad: !!python/object/apply:os.system [ls]\nsame: &a x\ntwice: *a\n---\n"
    (document,) = read_markdown("a.md", source).documents
    assert document.metadata in ({}, {"same": "x", "twice": "x", "bad": "ls"})
