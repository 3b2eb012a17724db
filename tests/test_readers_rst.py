"""reStructuredText to Markdown."""

from __future__ import annotations

import pytest

from retrieval.readers import Limits, Reading, read_rst

BOOK = """\
Crane
=====

:Author: Ada
:Version: 7
:Weight: 5 t

Intro with ``code``, *stress* and :ref:`target`.

Parts
-----

- hook
- boom

  - tip

====  ====
A     B
====  ====
1     2
====  ====

.. code-block:: python

    def lift():
        return 1

Said of it::

  as  it is
"""


def test_a_document_keeps_headings_lists_tables_and_code():
    report = read_rst("my book.rst", BOOK.encode())
    (document,) = report.documents
    assert document.text == (
        "# Crane\n\nIntro with `code`, stress and :ref:`target`.\n\n## Parts\n\n- hook\n- boom\n  - tip\n\n"
        "| A | B |\n| --- | --- |\n| 1 | 2 |\n\n```python\ndef lift():\n    return 1\n```\n\nSaid of it:\n\n```\nas  it is\n```"
    )
    assert (document.id, document.title, document.structure.syntax) == ("my_book.rst", "Crane", "markdown")
    assert document.metadata == {"author": "Ada", "version": "7", "weight": "5 t"}
    assert report.refused == ()


def test_directives_that_are_not_known_keep_their_source():
    (document,) = read_rst("a.rst", b"Before.\n\n.. versionadded:: 2.0\n   A new hook.\n\nAfter.\n").documents
    assert document.text == "Before.\n\n```\n.. versionadded:: 2.0\n   A new hook.\n```\n\nAfter."


def test_nothing_is_taken_in_from_outside(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    source = (
        f"First.\n\n.. include:: {secret}\n\n.. raw:: html\n   :file: {secret}\n\n.. csv-table::\n   :file: {secret}\n\nLast.\n"
    )
    report = read_rst("a.rst", source.encode())
    assert "the secret words" not in report.documents[0].text
    assert report.documents[0].text.startswith("First.")
    assert report.documents[0].text.endswith("Last.")
    assert [str(refusal) for refusal in report.refused] == [
        f"a.rst line {line} takes in a file or raw markup, which is never done; put the text itself there" for line in (3, 5, 8)
    ]


def test_long_lines_are_read_and_the_limit_of_characters_holds():
    assert len(read_rst("a.rst", b"word " * 5000).documents[0].text) == 24_999
    report = read_rst("a.rst", b"word\n" * 5000, Reading(Limits(characters=20_000)))
    assert str(report.refused[0]) == "a.rst has 25,000 characters, the limit is 20,000; split it or raise the limit characters"


def test_lists_that_are_nested_beyond_all_bounds_are_refused():
    assert [str(refusal) for refusal in read_rst("a.rst", b"- " * 3000 + b"x").refused] == [
        "a.rst is nested too deeply; simplify it or save it as text"
    ]


@pytest.mark.parametrize("source", ["", "Title\n=", "*open", "|sub|", "`x`_", "a\n  b\n c", ".. _", ":role:`x`"])
def test_mistakes_are_no_reason_to_refuse(source, capsys):
    report = read_rst("a.rst", source.encode())
    assert (len(report.documents), report.refused) == (1, ())
    assert capsys.readouterr() == ("", "")


def test_a_foreign_file_is_refused():
    assert "it seems to be a PNG image, not reStructuredText" in read_rst("a.rst", b"\x89PNG\r\n\x1a\n").refused[0].reason
