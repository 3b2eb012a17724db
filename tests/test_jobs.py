"""Builds in processes of their own and in threads: one at a time, seen by everybody, cancelled, failed, killed."""

import os
import signal
import threading
import time

import pytest

from retrieval.embedders import LSA
from retrieval.errors import BadInput
from retrieval.jobs import Job, Jobs
from retrieval.pipeline import Pipeline
from retrieval.workspace import Workspace
from tests.waiting import wait_for


def test_nothing_was_built_yet(home):
    assert Jobs(home).status("nothing") is None


def test_what_a_build_says_is_seen_by_others(home, monkeypatch):
    monkeypatch.setattr("retrieval.jobs.jobs.NOTE_SECONDS", 0.0)
    jobs, others = Jobs(home), Jobs(home)
    with jobs.running("c", "weight = 1") as note:
        note("Embedding 1 of 4 chunks", 0.25)
        seen = others.status("c")
        assert (seen.state, seen.sentence, seen.share, seen.pid) == ("running", "Embedding 1 of 4 chunks", 0.25, os.getpid())
        assert seen.pipeline == "weight = 1"
        assert seen.alive
    done = others.status("c")
    assert (done.state, done.share, done.alive) == ("done", 1.0, False)
    assert done.seconds == pytest.approx(done.updated - done.started)
    assert done.sentence == "The build is done."


def test_a_corpus_is_built_once_at_a_time_and_another_beside_it(home):
    with Jobs(home).running("c", ""):
        second = Jobs(home).running("c", "")
        with pytest.raises(BadInput, match="The build cannot begin while another job of c runs; wait for it, or cancel it"):
            second.__enter__()
        assert Jobs(home).status("c").state == "running"
        with Jobs(home).running("d", ""):
            assert Jobs(home).status("d").state == "running"


def test_a_failure_leaves_its_sentence(home):
    jobs = Jobs(home)
    with pytest.raises(ValueError, match="no such thing"), jobs.running("c", ""):
        raise ValueError("no such thing")
    assert (jobs.status("c").state, jobs.status("c").sentence) == ("failed", "no such thing")


def test_a_signal_to_end_is_a_cancel(home):
    jobs = Jobs(home)
    with pytest.raises(KeyboardInterrupt, match=r"^$"), jobs.running("c", ""):  # noqa: PT012
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
    assert (jobs.status("c").state, jobs.status("c").sentence) == ("cancelled", "Cancelled; what is embedded is kept.")


def test_a_running_build_whose_process_is_gone_was_killed(home):
    jobs = Jobs(home)
    jobs._folder.mkdir(parents=True)
    jobs._write(Job("c", "running", "Embedding", 0.5, pid=0))
    assert jobs.status("c").state == "killed"
    assert "goes on from what is embedded" in jobs.status("c").sentence


def test_names_that_cannot_be_files_have_a_place_too(home):
    jobs = Jobs(home)
    with jobs.running("../../etc/passwd", ""):
        assert jobs.status("../../etc/passwd").state == "running"
    assert {path.parent for path in home.rglob("*.json")} == {home / "jobs"}


def test_a_build_in_a_process_of_its_own(home):
    jobs = Jobs(home)
    pipeline = Pipeline(embedder=LSA(8))
    started = [jobs.start("parts-catalogue", pipeline.to_toml())]
    thread = threading.Thread(target=lambda: started.append(Jobs(home).start("parts-catalogue", "weight = 0.1")))
    thread.start()
    thread.join()
    assert [job.pipeline for job in started] == [pipeline.to_toml()] * 2  # the second asker got the first one's build
    assert wait_for(jobs, "parts-catalogue", "done", "failed").state == "done"
    assert sorted(path.name.partition("-")[0] for path in Workspace(home).indexes.glob("parts-catalogue/*-*")) == [
        "chunks",
        "dense",
        "sparse",
    ]


def test_a_build_that_cannot_be_done_says_why(home):
    jobs = Jobs(home)
    jobs.start("no-such-corpus", Pipeline().to_toml())
    job = wait_for(jobs, "no-such-corpus", "failed")
    assert "no-such-corpus" in job.sentence


def test_cancelling_a_process(home):
    jobs = Jobs(home)
    jobs.start("parts-catalogue", Pipeline(embedder=LSA(8)).to_toml())
    jobs.cancel("parts-catalogue")
    assert jobs.status("parts-catalogue").state == "cancelled"
    jobs.cancel("parts-catalogue")  # nothing runs, nothing happens
    jobs.start("parts-catalogue", Pipeline(embedder=LSA(8)).to_toml())
    assert wait_for(jobs, "parts-catalogue", "done", "failed").state == "done"


def test_a_build_in_a_thread_of_this_process(home):
    jobs = Jobs(home)
    jobs.start("parts-catalogue", Pipeline(embedder=LSA(8)).to_toml(), here=True)
    job = wait_for(jobs, "parts-catalogue", "done", "failed")
    assert (job.state, job.pid, job.apart) == ("done", os.getpid(), False)


def test_cancelling_a_thread_leaves_this_process_alone(home, monkeypatch):
    jobs, started = Jobs(home), threading.Event()

    def endless(name, pipeline, home):
        with jobs.running(name, "") as note:
            started.set()
            for step in range(1_000):
                time.sleep(0.05)
                note(f"Step {step}", 0.5)

    monkeypatch.setattr("retrieval.building.build", endless)
    jobs.start("c", Pipeline().to_toml(), here=True)
    assert started.wait(30)
    Jobs(home).cancel("c")
    assert (jobs.status("c").state, jobs.status("c").sentence) == ("cancelled", "Cancelled; what is embedded is kept.")


def test_a_thread_that_cannot_begin_says_why(home):
    jobs = Jobs(home)
    jobs.start("no-such-corpus", Pipeline().to_toml(), here=True)
    assert "no-such-corpus" in wait_for(jobs, "no-such-corpus", "failed").sentence


def test_a_cancel_does_not_reach_the_next_build(home, monkeypatch):
    monkeypatch.setattr("retrieval.jobs.jobs.NOTE_SECONDS", 0.0)
    jobs = Jobs(home)
    with pytest.raises(KeyboardInterrupt, match=r"^$"), jobs.running("c", "") as note:  # noqa: PT012
        jobs._file("c", "cancel").touch()
        note("Step", 0.1)
    with jobs.running("c", "") as note:
        note("Step", 0.5)
    assert jobs.status("c").state == "done"
