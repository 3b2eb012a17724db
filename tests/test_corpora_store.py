"""The store of corpora: changes are counted, versions come and go, the index in use keeps its documents."""

import contextlib
import re
import sys

import pytest

from retrieval.corpora import CorpusStore
from retrieval.corpora.edits import Change
from retrieval.errors import BadInput, CorpusDamaged
from retrieval.types import Corpus, Document, Heading, Judgment, Query, Structure

ONE = Document("1", "The boom is lowered.", "Boom", {"author": "Ann"}, Structure("markdown", (Heading(0, 1, "Boom"),), (0,)))
TWO, THREE = Document("2", "The hook turns."), Document("3", "The rope is greased.")


@pytest.fixture
def store(database_home):
    return CorpusStore(database_home)


@pytest.fixture
def key(store):
    return store.create("Crane handbook").key


def versions(store, key):
    return {path.name for path in (store.home / "corpora" / key).iterdir()} - {"collection"}


def test_a_new_corpus_is_empty(store):
    record = store.create("  Crane hándbook 2 ")
    assert re.fullmatch("crane-handbook-2-[0-9a-f]{4}", record.key)
    assert (record.name, record.latest, record.used, record.settings, record.documents) == ("Crane hándbook 2", "", "", "", 0)
    assert record.created == record.updated
    assert store.corpus(record.key) == Corpus("Crane hándbook 2", (), record.key)
    assert store.collection(record.key).documents == ()
    assert re.fullmatch("corpus-[0-9a-f]{4}", store.create("漢字").key)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "must have 1 to 100 characters, this has 0; choose another"),
        (" ", "must have 1 to 100 characters, this has 0; choose another"),
        ("x" * 101, "must have 1 to 100 characters, this has 101; choose another"),
        ("a\tb", r"the name 'a\\tb' holds a control character"),
        ("a\u2028b", r"the name 'a\\u2028b' holds a control character"),
        ("Taken", "the name 'Taken' is taken by another corpus; choose another"),
        ("parts-catalogue", "the name 'parts-catalogue' is taken by another corpus; choose another"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(store, key, name, sentence):
    store.create("Taken")
    with pytest.raises(BadInput, match=sentence):
        store.create(name)
    with pytest.raises(BadInput, match=sentence):
        store.rename(key, name)
    assert [record.name for record in store.records()] == ["Crane handbook", "Taken"]


def test_a_change_counts_what_it_did(store, key):
    assert store.add(key, [ONE, TWO]) == Change(added=2)
    assert store.add(key, [Document("1", "New."), TWO, THREE]) == Change(added=1, replaced=1, unchanged=1)
    assert store.corpus(key).documents == (Document("1", "New."), TWO, THREE)
    assert store.remove(key, ["2", "2", "9"]) == Change(removed=1)
    assert store.corpus(key).documents == (Document("1", "New."), THREE)
    assert store.record(key).documents == 2


def test_a_corpus_read_again_is_the_one_that_was_stored(store, key):
    store.add(key, [TWO, ONE])
    corpus = CorpusStore(store.home).corpus(key)
    assert corpus == Corpus("Crane handbook", (TWO, ONE), key)
    assert corpus.fingerprint == store.record(key).latest == Corpus("other", (ONE, TWO)).fingerprint


def test_what_changes_nothing_leaves_the_version(store, key):
    store.add(key, [ONE, TWO])
    before = store.record(key)
    assert store.add(key, [ONE]) == Change(unchanged=1)
    assert store.remove(key, ["9"]) == Change()
    assert store.record(key) == before


def test_only_the_latest_version_is_kept(store, key):
    for documents in ([ONE], [TWO], [THREE]):
        store.add(key, documents)
        assert versions(store, key) == {store.record(key).latest}
    store.remove(key, ["1", "2", "3"])
    assert (store.record(key).latest, versions(store, key)) == ("", set())
    assert store.corpus(key).documents == ()


def test_the_version_in_use_stays_until_another_is_used(store, key):
    store.add(key, [ONE])
    first = store.record(key).latest
    store.adopt(key, first, "weight = 0.5")
    store.add(key, [TWO])
    store.add(key, [THREE])
    record = store.record(key)
    assert (record.used, record.settings, record.stale) == (first, "weight = 0.5", True)
    assert versions(store, key) == {first, record.latest}
    assert store.in_use(key)[0].documents == store.corpus(key, first).documents == (ONE,)
    assert store.corpus(key).documents == (ONE, TWO, THREE)
    store.adopt(key, record.latest, "weight = 1.0")
    assert versions(store, key) == {record.latest}
    assert not store.record(key).stale


def test_a_version_that_is_held_is_kept_for_its_build(store, key):
    store.add(key, [ONE])
    first = store.record(key).latest
    with store.hold(key, first):
        store.add(key, [TWO])
        assert versions(store, key) == {first, store.record(key).latest}
        store.adopt(key, first, "")
    store.add(key, [THREE])
    assert store.in_use(key)[0].documents == (ONE,)


def test_a_version_that_is_gone_is_neither_held_nor_used(store, key):
    store.add(key, [ONE])
    first = store.record(key).latest
    store.add(key, [TWO])
    with pytest.raises(BadInput, match=rf"version {first} of {key} is not stored any more; build the index of the latest one"):
        store.adopt(key, first, "")
    with (
        pytest.raises(BadInput, match=rf"version {first} of {key} is not stored any more; take the latest one"),
        store.hold(key, first),
    ):
        pass
    with pytest.raises(CorpusDamaged, match="missing or damaged"):
        store.corpus(key, first)


def test_a_version_is_no_path(store, key):
    with pytest.raises(BadInput, match=r"'\.\./other' is no version of a corpus; it must be 16 hexadecimal digits"):
        store.corpus(key, "../other")


def test_equal_ids_in_one_change_are_refused(store, key):
    store.add(key, [ONE])
    with pytest.raises(BadInput, match="2 documents have the id '2'; give each its own"):
        store.add(key, [TWO, Document("2", "Another.")])
    assert store.corpus(key).documents == (ONE,)


def test_queries_and_judgments_come_along(store, key):
    spans = Judgment("q1", "1", 3, 4, 8)
    given = {"test": [Judgment("q1", "1", 2), Judgment("q1", "2", 1), spans], "train": [Judgment("q2", "2", 3)]}
    store.add(key, [ONE, TWO], [Query("q1", "boom", "numeric"), Query("q2", "hook")], given)
    store.add(key, [], [Query("q2", "hooks"), Query("q3", "rope")], {"test": [Judgment("q1", "2", 0)]})
    collection = store.collection(key)
    assert collection.documents == (ONE, TWO)
    assert collection.queries == (Query("q1", "boom", "numeric"), Query("q2", "hooks"), Query("q3", "rope"))
    assert collection.judgments == {
        "test": (Judgment("q1", "1", 2), Judgment("q1", "2", 0), spans),
        "train": (Judgment("q2", "2", 3),),
    }
    assert collection.refused == ()
    assert len(list((store.home / "corpora" / key / "collection").iterdir())) == 1


def test_judgments_that_fit_no_document_are_told_and_come_back(store, key):
    far = Judgment("q", "2", 3, 8, 15)
    store.add(key, [ONE, TWO], [Query("q", "hook")], {"test": [Judgment("q", "1", 1), far, Judgment("no", "1", 1)]})
    store.remove(key, ["1"])
    store.add(key, [Document("2", "Short.")])
    collection = store.collection(key)
    assert collection.judgments == {"test": ()}
    assert [str(refusal) for refusal in collection.refused] == [
        "qrels/test.tsv has 3 judgments of documents, places or queries that the corpus does not hold;"
        " they count again when these are added again"
    ]
    store.add(key, [ONE, TWO])
    assert store.collection(key).judgments == {"test": (Judgment("q", "1", 1), far)}


def test_an_id_that_no_qrels_file_can_hold_changes_nothing(store, key):
    with pytest.raises(BadInput, match=r"the document id 'a\\tb' has a tab, a line break or white space around it"):
        store.add(key, [Document("a\tb", "x")], [Query("q", "x")], {"test": [Judgment("q", "a\tb", 1)]})
    assert store.record(key).latest == ""


def test_damaged_queries_are_one_sentence(store, key):
    store.add(key, [ONE], [Query("q", "x")])
    (folder,) = (store.home / "corpora" / key / "collection").iterdir()
    (folder / "queries.jsonl").write_text("{}")
    with pytest.raises(CorpusDamaged, match=r"the queries and judgments in .* are missing or damaged; restore"):
        store.collection(key)


def test_a_renamed_corpus_keeps_key_and_documents(store, key):
    store.add(key, [ONE])
    assert store.rename(key, "Cranes").name == "Cranes"
    assert store.corpus(key) == Corpus("Cranes", (ONE,), key)


def test_a_deleted_corpus_leaves_nothing_and_is_not_known(store, key):
    kept = store.create("Kept").key
    for name in (key, kept):
        store.add(name, [ONE])
        for part in ("indexes", "vectors", "pieces"):
            (store.home / part / name).mkdir(parents=True)
    store.delete(key)
    left = {path.relative_to(store.home).as_posix() for path in store.home.glob("*/*")}
    assert left == {f"{part}/{kept}" for part in ("corpora", "indexes", "vectors", "pieces")}
    assert [record.key for record in store.records()] == [kept]
    for act in (store.delete, store.corpus, store.record, lambda key: store.rename(key, "x"), lambda key: store.add(key, [])):
        with pytest.raises(BadInput, match=f"there is no stored corpus '{key}'; it may have been deleted"):
            act(key)


def test_leftovers_are_swept_and_nothing_else(store, key):
    store.add(key, [ONE], [Query("q", "x")])
    unknown = store.home / "corpora" / "not-ours"
    gone = store.create("Gone").key
    store.delete(gone)
    for folder in (unknown, store.home / "corpora" / gone, store.home / "indexes" / gone):
        folder.mkdir(parents=True)
    for name in (".making-x", ".gone-y", "0123456789abcdef", "collection/.making-z", "collection/0123456789abcdef"):
        (store.home / "corpora" / key / name / "deep").mkdir(parents=True)
    store.sweep()
    assert {path.name for path in (store.home / "corpora").iterdir()} == {key, "not-ours"}
    assert not (store.home / "indexes" / gone).exists()
    assert versions(store, key) == {store.record(key).latest}
    assert [path.name for path in (store.home / "corpora" / key / "collection").iterdir()] == [store.record(key).collection]
    assert store.collection(key).queries == (Query("q", "x"),)


def test_a_damaged_version_is_written_again(store, key):
    store.add(key, [ONE])
    first = store.record(key).latest
    store.adopt(key, first, "")
    store.add(key, [TWO])
    (store.home / "corpora" / key / first / "documents.parquet").write_bytes(b"")
    store.remove(key, ["2"])
    assert store.corpus(key).documents == (ONE,)


def test_a_change_is_redone_on_top_of_another_s_where_locks_do_nothing(store, key, monkeypatch):
    monkeypatch.setattr(sys.modules[CorpusStore.__module__], "locked", lambda folder: contextlib.nullcontext())
    other = CorpusStore(store.home)
    waiting = [([TWO], ()), ([], [Query("q", "x")])]
    switch = store._switch

    def late(record, **values):
        if waiting:
            other.add(key, *waiting.pop())
        return switch(record, **values)

    monkeypatch.setattr(store, "_switch", late)
    assert store.add(key, [ONE]) == Change(added=1)
    assert waiting == []
    assert {document.id for document in store.corpus(key).documents} == {"1", "2"}
    assert store.collection(key).queries == (Query("q", "x"),)


def test_a_version_that_vanishes_while_it_is_read_is_read_anew(store, key, monkeypatch):
    store.add(key, [ONE])
    read = store._read
    late = [lambda: store.add(key, [TWO])]

    def slow(record, version):
        if late:
            late.pop()()
        return read(record, version)

    monkeypatch.setattr(store, "_read", slow)
    assert store.corpus(key).documents == (ONE, TWO)
