"""Documents on disk: what is written is read again, damage is found, fingerprints change with all that a document holds."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.corpora.documents import FILE, documents_in, fingerprints_in, read_table, table_of, write_table
from retrieval.errors import BadInput, CorpusDamaged
from retrieval.types import PLAIN, Corpus, Document, Heading, Structure
from retrieval.workspace import MANIFEST, write_whole

OUTLINE = Structure("markdown", (Heading(0, 1, "Crane"), Heading(4, 2, "Boom — Ausleger")), (0, 3, 9))
DOCUMENTS = (
    Document("b", "The boom is lowered.\n\n漢字 \U0001f600", "Crane", {"author": "Ann", "year": "2021"}, OUTLINE),
    Document("a", "", "", {}, Structure("python")),
    Document("c", "plain"),
)


def write(folder, documents):
    write_whole(folder, lambda making: write_table(table_of(documents), making))
    return folder


def test_what_is_written_is_read(tmp_path):
    table = read_table(write(tmp_path / "v", DOCUMENTS))
    assert documents_in(table) == DOCUMENTS
    assert documents_in(table)[2].structure is PLAIN
    assert fingerprints_in(table) == {document.id: document.fingerprint for document in DOCUMENTS}


def test_no_documents_are_no_rows(tmp_path):
    assert documents_in(read_table(write(tmp_path / "v", ()))) == ()


def test_ids_and_fingerprints_are_read_alone(tmp_path):
    table = read_table(write(tmp_path / "v", DOCUMENTS), ["id", "fingerprint"])
    assert table.column_names == ["id", "fingerprint"]
    assert list(fingerprints_in(table)) == ["b", "a", "c"]


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
marks = st.builds(Heading, st.integers(0, 2**40), st.integers(1, 9), words)
structures = st.builds(
    Structure, st.sampled_from(["text", "markdown", "c"]), st.lists(marks).map(tuple), st.lists(st.integers(0, 2**40)).map(tuple)
)
some_documents = st.lists(st.builds(Document, words, words, words, st.dictionaries(words, words), structures), max_size=6)


@settings(max_examples=60, deadline=None)
@given(some_documents)
def test_a_table_and_back_is_the_identity(documents):
    assert documents_in(table_of(documents)) == tuple(documents)


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "manifest", "no manifest"])
def test_damage_is_one_sentence(tmp_path, damage):
    folder = write(tmp_path / "v", DOCUMENTS)
    data = bytearray((folder / FILE).read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
        (folder / FILE).write_bytes(data)
    elif damage == "cut":
        (folder / FILE).write_bytes(data[:-1])
    elif damage == "gone":
        (folder / FILE).unlink()
    elif damage == "manifest":
        (folder / MANIFEST).write_text("[]")
    else:
        (folder / MANIFEST).unlink()
    with pytest.raises(
        CorpusDamaged, match=r"v are missing or damaged; restore the folder from a backup or import the files again"
    ):
        read_table(folder)


def test_a_page_is_checked_where_the_manifest_has_no_checksum(tmp_path, monkeypatch):
    monkeypatch.setattr("retrieval.workspace.CHECKSUM_LIMIT", 10)
    folder = write(tmp_path / "v", DOCUMENTS)
    data = bytearray((folder / FILE).read_bytes())
    data[60] ^= 1
    (folder / FILE).write_bytes(data)
    with pytest.raises(CorpusDamaged, match="missing or damaged"):
        read_table(folder)


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(BadInput, match=r"holds half a surrogate pair \('a\\ud800'\); repair the character"):
        table_of([Document("1", "a\ud800")])


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "Text"},
        {"title": "Title"},
        {"text": "texttitle", "title": ""},
        {"metadata": {"a": "b"}},
        {"metadata": {"ab": ""}},
        {"structure": Structure("markdown")},
        {"structure": Structure(pages=(0,))},
        {"structure": Structure(headings=(Heading(0, 1, "a"),))},
        {"structure": Structure(headings=(Heading(0, 2, "a"),))},
        {"structure": Structure(headings=(Heading(1, 1, "a"),))},
        {"structure": Structure(headings=(Heading(0, 1, "b"),))},
    ],
)
def test_a_fingerprint_changes_with_every_part(changed):
    document = Document("1", "text", "title")
    others = {
        replace(document, **other).fingerprint for other in ({"metadata": {"": "ab"}}, {"structure": Structure(pages=(1,))})
    }
    assert replace(document, **changed).fingerprint not in {document.fingerprint, *others}
    assert len(document.fingerprint) == 16
    assert Corpus("c", (replace(document, **changed),)).fingerprint != Corpus("c", (document,)).fingerprint


def test_neither_the_id_nor_the_order_of_metadata_is_part_of_a_document_s_fingerprint():
    one, two = Document("1", "t", "", {"a": "1", "b": "2"}), Document("2", "t", "", {"b": "2", "a": "1"})
    assert one.fingerprint == two.fingerprint
    assert Corpus("c", (one,)).fingerprint != Corpus("c", (two,)).fingerprint


def test_a_known_fingerprint_is_believed_and_a_key_outlives_the_name():
    corpus = Corpus("crane", DOCUMENTS, "crane-3f9c", "0123456789abcdef")
    assert (corpus.fingerprint, corpus.lineage) == ("0123456789abcdef", "crane-3f9c")
    assert Corpus("crane", DOCUMENTS).lineage == "crane"
