"""What is exported is read again as it was; what a file cannot hold is refused before anything is written."""

import csv
import io
import json
import zipfile

import pytest

from retrieval.errors import BadInput
from retrieval.exporting import EXPORTS, beir_zip, csv_table
from retrieval.readers import Collection, read_beir
from retrieval.types import Document, Heading, Judgment, Query, Structure

COLLECTION = Collection(
    (
        Document(
            "1",
            "# Boom\nLowered.",
            "Boom",
            {"author": "Ann", "text": "yes"},
            Structure("markdown", (Heading(0, 1, "Boom"),), (0, 7)),
        ),
        Document("2", "", "Größe 漢字"),
    ),
    (Query("q1", "boom", "numeric"), Query("q2", "hook")),
    {"test": (Judgment("q1", "1", 3), Judgment("q2", "2", 0), Judgment("q1", "1", 2, 2, 6)), "dev": (Judgment("q2", "1", 1),)},
    (),
)


def zipped(collection):
    buffer = io.BytesIO()
    beir_zip(collection, buffer)
    return zipfile.ZipFile(buffer)


def test_the_files_are_those_of_beir():
    with zipped(COLLECTION) as archive:
        assert archive.namelist() == [
            "corpus.jsonl",
            "queries.jsonl",
            "qrels/test.tsv",
            "qrels/test.spans.jsonl",
            "qrels/dev.tsv",
        ]
        first, second = (json.loads(line) for line in archive.read("corpus.jsonl").splitlines())
        assert archive.read("qrels/test.tsv") == b"query-id\tcorpus-id\tscore\nq1\t1\t3\nq2\t2\t0\n"
        assert json.loads(archive.read("queries.jsonl").splitlines()[0]) == {"_id": "q1", "text": "boom", "class": "numeric"}
        assert json.loads(archive.read("qrels/test.spans.jsonl")) == {
            "query-id": "q1",
            "corpus-id": "1",
            "score": 2,
            "start": 2,
            "end": 6,
        }
    assert first["structure"] == {"syntax": "markdown", "headings": [[0, 1, "Boom"]], "pages": [0, 7]}
    assert second == {"_id": "2", "title": "Größe 漢字", "text": ""}


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_read_back_is_what_was_written(tmp_path, name):
    EXPORTS[name](COLLECTION, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert read_beir(tmp_path / "out") == COLLECTION


def test_equal_collections_give_equal_files():
    one, two = io.BytesIO(), io.BytesIO()
    beir_zip(COLLECTION, one)
    beir_zip(COLLECTION, two)
    assert one.getvalue() == two.getvalue()


@pytest.mark.parametrize(
    ("judgment", "sentence"),
    [
        (
            Judgment("q\t1", "1", 1),
            r"the query id 'q\\t1' has a tab, a line break or white space around it, which no qrels file can hold",
        ),
        (Judgment("q1", "a\nb", 1), r"the document id 'a\\nb' has a tab"),
        (Judgment("q1", " a", 1), "the document id ' a' has a tab, a line break or white space around it"),
    ],
)
def test_an_id_that_a_table_cannot_hold_is_refused_and_nothing_is_written(tmp_path, judgment, sentence):
    with pytest.raises(BadInput, match=sentence):
        beir_zip(Collection((), (), {"test": (judgment,)}, ()), tmp_path / "out.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("split", ["../test", "", ".hidden", "a/b", "a\\b", "test "])
def test_a_split_that_is_no_file_name_is_refused(split):
    with pytest.raises(BadInput, match=r"cannot be a file name; name it with letters, digits, spaces and \. _ -"):
        beir_zip(Collection((), (), {split: ()}, ()), io.BytesIO())


def test_cells_that_look_like_formulas_are_guarded():
    row = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a=b", "", "x,y", 'say "x"', -1, -0.5, None]
    (read,) = csv.reader(io.StringIO(csv_table([row]), newline=""))
    assert read == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "a=b", "", "x,y", 'say "x"', "-1", "-0.5", ""]
