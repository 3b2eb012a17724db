"""Laws of the exports: a collection that is written and read again is the same, whatever its words are."""

import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.exporting import beir_zip
from retrieval.readers import Collection, read_beir
from retrieval.types import Document, Heading, Judgment, Query, Structure

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
IDS = st.text(st.characters(exclude_characters="\0\t\r\n", exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda id: id == id.strip()
)


@st.composite
def structures(draw, text):
    starts = st.lists(st.integers(0, len(text)), max_size=3).map(sorted)
    headings = tuple(Heading(start, draw(st.integers(1, 9)), draw(WORDS)) for start in draw(starts))
    return Structure(draw(st.sampled_from(["text", "markdown", "python"])), headings, tuple(draw(starts)))


@st.composite
def documents(draw, id):
    text = draw(WORDS)
    return Document(id, text, draw(WORDS), draw(st.dictionaries(WORDS, WORDS, max_size=3)), draw(structures(text)))


@st.composite
def spans(draw, document):
    start = draw(st.integers(0, max(len(document.text) - 1, 0)))
    end = draw(st.integers(start + 1, max(len(document.text), start + 1)))
    return (start, end) if document.text[start:end].strip() and end <= len(document.text) else (None, None)


@st.composite
def collections(draw):
    found = [draw(documents(id)) for id in draw(st.lists(IDS, unique=True, max_size=4))]
    queries = [Query(id, draw(WORDS.filter(str.strip)), draw(WORDS)) for id in draw(st.lists(IDS, unique=True, max_size=3))]
    judgments = {}
    for split in draw(st.lists(st.sampled_from(["test", "dev 2", "a.b", "Größe"]), unique=True)) if found and queries else ():
        pairs = draw(st.lists(st.tuples(st.sampled_from(queries), st.sampled_from(found)), max_size=4))
        given = [Judgment(query.id, document.id, draw(st.integers(0, 3)), *draw(spans(document))) for query, document in pairs]
        once = {(judgment.query_id, judgment.document_id, judgment.span): judgment for judgment in given}
        judgments[split] = tuple(sorted(once.values(), key=lambda judgment: judgment.span is not None))
    return Collection(tuple(found), tuple(queries), judgments, ())


@settings(max_examples=150, deadline=None)
@given(collections())
def test_written_and_read_is_the_identity(collection):
    buffer = io.BytesIO()
    beir_zip(collection, buffer)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(buffer) as archive:
        archive.extractall(folder)
        assert read_beir(Path(folder)) == collection
