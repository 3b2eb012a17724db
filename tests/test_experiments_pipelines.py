"""Pipelines saved under a name: one name for one, evidence kept, and what cannot be read is told beside the others."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from retrieval.database import open_database, writing
from retrieval.errors import BadInput
from retrieval.experiments import PipelineStore
from retrieval.pipeline import Pipeline
from tests.test_experiments_evidence import EVIDENCE

FAST, SLOW = Pipeline(candidates=20, rerank_count=10), Pipeline(candidates=200)


@pytest.fixture
def store(database_home):
    return PipelineStore(database_home)


def overwritten(store, key, toml):
    """Store a text in the place of a pipeline's file."""
    with writing(open_database(store.home)) as connection:
        connection.execute(text("UPDATE pipelines SET toml = :toml WHERE key = :key"), {"toml": toml, "key": key})


def test_pipelines_are_listed_by_name(store):
    slow, fast = store.save("Slow", SLOW, "all of it"), store.save("Fast", FAST)
    assert store.records() == (fast, slow)
    assert store.record(slow.key) == slow
    assert (store.pipeline(fast.key), store.pipeline(slow.key)) == (FAST, SLOW)
    assert (slow.note, slow.toml, slow.evidence, slow.problem) == ("all of it", SLOW.to_toml(), None, "")
    assert slow.created == slow.changed
    assert slow.created.endswith("+00:00")
    assert fast.key.startswith("fast-")


def test_evidence_is_kept_in_the_file(store):
    record = store.save("Fast", FAST, evidence=EVIDENCE)
    assert (record.pipeline, record.evidence) == (FAST, EVIDENCE)
    assert "[evidence]" in record.toml


def test_a_name_is_one_pipelines(store):
    fast, slow = store.save("Fast", FAST), store.save("Slow", SLOW)
    sentence = "there is a saved pipeline with the name 'Fast' already; replace it or choose another name"
    with pytest.raises(BadInput, match=sentence):
        store.save(" Fast ", SLOW)
    with pytest.raises(BadInput, match=sentence):
        store.rename(slow.key, "Fast")
    assert store.records() == (fast, slow)


def test_one_that_is_replaced_keeps_its_key(store):
    old = store.save("Fast", FAST, "old", EVIDENCE)
    new = store.save("Fast", SLOW, "new", replacing=True)
    assert (new.key, new.created, new.note, new.pipeline, new.evidence) == (old.key, old.created, "new", SLOW, None)
    assert new.changed > old.changed
    assert store.records() == (new,)
    assert store.save("Other", FAST, replacing=True).key != old.key


def test_a_renamed_pipeline_keeps_its_key_and_frees_its_name(store):
    old = store.save("Fast", FAST)
    new = store.rename(old.key, " Faster ")
    assert new == replace(old, name="Faster", changed=new.changed)
    assert store.save("Fast", SLOW).key != old.key


def test_a_deleted_pipeline_is_gone_alone(store):
    fast, slow = store.save("Fast", FAST), store.save("Slow", SLOW)
    store.delete(fast.key)
    assert store.records() == (slow,)


def test_a_key_that_nothing_has_gets_a_sentence(store):
    sentence = "there is no saved pipeline 'x-1'; it may have been deleted, choose another"
    for act in (store.record, store.pipeline, store.delete, lambda key: store.rename(key, "New")):
        with pytest.raises(BadInput, match=sentence):
            act("x-1")


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("weight = ", "the pipeline file is not TOML"),
        ('[fusion]\ntype = "of tomorrow"', "unknown fusion type 'of tomorrow'"),
        ("[evidence]\nproof = 1", "has no field 'proof'"),
    ],
)
def test_one_that_cannot_be_read_is_told_and_the_others_go_on(store, toml, reason):
    bad, good = store.save("Bad", FAST), store.save("Good", SLOW)
    overwritten(store, bad.key, toml)
    told, other = store.records()
    assert other == good
    assert (told.name, told.toml, told.pipeline, told.evidence) == ("Bad", toml, None, None)
    assert told.problem.startswith("the saved pipeline 'Bad' cannot be read: ")
    assert reason in told.problem
    with pytest.raises(
        BadInput, match=r"the saved pipeline 'Bad' cannot be read: .*; download its file and correct it, or delete"
    ):
        store.pipeline(bad.key)
    assert store.save("Bad", FAST, replacing=True).problem == ""


@pytest.mark.parametrize(
    ("name", "note", "message"),
    [
        ("", "", "the name of a pipeline must have 1 to 100 characters, this has 0"),
        ("a\nb", "", "holds a control character"),
        ("Fast", "x" * 100_001, "the note has 100,001 characters"),
        ("Fast", "\ud800", r"the note holds the character U\+D800"),
    ],
)
def test_what_cannot_be_stored_is_refused(home, name, note, message):
    store = PipelineStore(home)
    with pytest.raises(BadInput, match=message):
        store.save(name, FAST, note)
    with pytest.raises(BadInput, match=r"the pipeline file holds the character U\+D800"):
        store.save("Fast", FAST, evidence=replace(EVIDENCE, corpus="\ud800"))
    assert store.records() == ()


def test_those_who_save_at_once_do_not_share_a_name(database_home):
    PipelineStore(database_home)
    saved, refused = [], []

    def save():
        try:
            saved.append(PipelineStore(database_home).save("Fast", FAST))
        except BadInput as error:
            refused.append(str(error))

    threads = [threading.Thread(target=save) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (len(saved), len(refused)) == (1, 5)
