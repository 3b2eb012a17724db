"""Builds in processes of their own and other work in threads: one at a time, seen by everybody, cancelled, failed, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import pytest

from retrieval.embedders import LSA
from retrieval.errors import BadInput
from retrieval.jobs import Job, Jobs
from retrieval.pipeline import Pipeline
from retrieval.workspace import Workspace


def wait_for(jobs, corpus, *states, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = jobs.status(corpus)
        if job is not None and job.state in states:
            return job
        time.sleep(0.05)
    raise AssertionError(f"{jobs.status(corpus)} never became {states}")


def test_nothing_was_built_yet(home):
    assert Jobs(home).status("nothing") is None


def test_what_a_build_says_is_seen_by_others(home):
    jobs, others = Jobs(home), Jobs(home)
    with jobs.running("c", "weight = 1") as note:
        time.sleep(0.3)
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


def test_a_cancel_does_not_reach_the_next_build(home):
    jobs = Jobs(home)
    with pytest.raises(KeyboardInterrupt, match=r"^$"), jobs.running("c", "") as note:  # noqa: PT012
        jobs._file("c", "cancel").touch()
        note("Step", 0.1)
    with jobs.running("c", "") as note:
        time.sleep(0.25)
        note("Step", 0.5)
    assert jobs.status("c").state == "done"


EVALUATION = "evaluation of drain pumps"
WHAT = "The evaluation of drain pumps"


def test_other_work_runs_in_a_thread_and_all_see_how_it_goes(home):
    told, go_on = threading.Event(), threading.Event()

    def body(progress):
        progress("Search 1 of 4", 0.25)
        told.set()
        assert go_on.wait(30)

    started = Jobs(home).begin(EVALUATION, WHAT, body)
    assert (started.state, started.apart, started.pid) == ("starting", False, os.getpid())
    assert told.wait(30)
    seen = Jobs(home).status(EVALUATION)
    assert (seen.state, seen.sentence, seen.share, seen.what) == ("running", "Search 1 of 4", 0.25, WHAT)
    go_on.set()
    done = wait_for(Jobs(home), EVALUATION, "done", "failed")
    assert (done.state, done.sentence, done.share) == ("done", "The evaluation of drain pumps is done.", 1.0)


def test_work_under_a_name_is_begun_once_at_a_time(home):
    go_on, begun = threading.Event(), []

    def body(progress):
        begun.append(1)
        assert go_on.wait(30)

    jobs = Jobs(home)
    jobs.begin(EVALUATION, WHAT, body)
    assert jobs.begin(EVALUATION, WHAT, body).alive
    assert Jobs(home).begin(EVALUATION, WHAT, body).alive
    go_on.set()
    wait_for(jobs, EVALUATION, "done")
    assert begun == [1]
    jobs.begin(EVALUATION, WHAT, body)
    wait_for(jobs, EVALUATION, "done")
    assert begun == [1, 1]


def test_work_that_fails_leaves_its_sentence(home):
    jobs = Jobs(home)

    def body(progress):
        raise BadInput("None of the queries has a judgment.")

    jobs.begin(EVALUATION, WHAT, body)
    job = wait_for(jobs, EVALUATION, "done", "failed")
    assert (job.state, job.sentence) == ("failed", "None of the queries has a judgment.")


def test_work_that_is_cancelled_hears_it_from_its_progress(home):
    jobs, finished = Jobs(home), []

    def body(progress):
        for step in range(1_000):
            finished.append(step)
            time.sleep(0.02)
            progress(f"Step {step}", step / 1_000)

    jobs.begin(EVALUATION, WHAT, body, kept="every query that was searched")
    while len(finished) < 2:
        time.sleep(0.01)
    Jobs(home).cancel(EVALUATION)
    job = jobs.status(EVALUATION)
    assert (job.state, job.sentence) == ("cancelled", "Cancelled; every query that was searched is kept.")
    assert len(finished) < 1_000
    jobs.begin(EVALUATION, WHAT, lambda progress: progress("Again", 0.5))  # which the cancel does not reach
    assert wait_for(jobs, EVALUATION, "done", "cancelled").state == "done"


def test_a_build_and_an_evaluation_of_one_corpus_go_side_by_side(home):
    jobs, go_on = Jobs(home), threading.Event()
    jobs.begin("evaluation of c", "The evaluation of c", lambda progress: go_on.wait(30))
    with jobs.running("c", ""):
        wait_for(jobs, "evaluation of c", "running")
        assert jobs.status("c").state == "running"
    go_on.set()
    wait_for(jobs, "evaluation of c", "done")


def test_work_of_a_process_that_died_was_killed(home):
    code = """
import os, sys
from pathlib import Path
from retrieval.jobs import Jobs
def body(progress):
    progress("Search 7 of 9", 0.7)
    os._exit(1)
Jobs(Path(sys.argv[1])).begin(sys.argv[2], "The evaluation of drain pumps", body)
import time
time.sleep(60)
"""
    assert subprocess.run([sys.executable, "-c", code, str(home), EVALUATION], check=False).returncode == 1
    job = Jobs(home).status(EVALUATION)
    assert (job.state, job.alive, job.share) == ("killed", False, 0.7)
    assert job.sentence == "The evaluation of drain pumps was killed; start it again, it goes on from what is finished."


def test_the_time_left_follows_from_the_pace_of_the_step():
    """From 20 % to 60 % in 8 s: the other 40 % take 8 s more."""
    job = Job("c", "running", share=0.6, step_started=100.0, step_share=0.2, updated=108.0)
    assert job.seconds_left == pytest.approx(8.0)


@pytest.mark.parametrize("changes", [{"share": 0.0}, {"share": 0.2}, {"state": "done"}, {"state": "killed"}])
def test_the_time_left_is_unknown_at_the_start_and_after_the_end(changes):
    job = Job("c", "running", share=0.6, step_started=100.0, step_share=0.2, updated=108.0)
    assert replace(job, **changes).seconds_left is None


def test_a_step_begins_with_its_first_word_and_where_the_share_falls(monkeypatch):
    clock = count(1_000)
    monkeypatch.setattr("retrieval.jobs.job.time", SimpleNamespace(time=lambda: float(next(clock))))
    job = Job("c", "running", started=0.0, updated=0.0, step_started=0.0)
    steps = []
    for share in (0.5, 0.6, 0.9, 0.1, 0.3, 1.7):
        job = job.went_on("Step", share)
        steps.append((job.share, job.step_started, job.step_share, job.seconds_left))
    known = 3 * [(1_000.0, 0.5)] + 3 * [(1_003.0, 0.1)]
    assert [step[1:3] for step in steps] == known
    assert [step[0] for step in steps] == [0.5, 0.6, 0.9, 0.1, 0.3, 1.0]
    assert steps[0][3] is steps[3][3] is None
    # 10 % in 1 s leaves 40 %; 40 % in 2 s leaves 10 %; 20 % in 1 s leaves 70 %; all done
    assert [steps[at][3] for at in (1, 2, 4, 5)] == pytest.approx([4.0, 0.5, 3.5, 0.0])


def test_files_of_other_versions_are_read(home):
    (home / "jobs").mkdir(parents=True)
    earlier = {"corpus": "c", "state": "failed", "sentence": "no such thing", "share": 1.0, "started": 5.0, "updated": 7.5}
    (home / "jobs" / "c.json").write_text(json.dumps(earlier))
    (home / "jobs" / "d.json").write_text(json.dumps({"state": "running", "of a later version": [1, 2]}))
    jobs = Jobs(home)
    assert (jobs.status("c").name, jobs.status("c").sentence, jobs.status("c").seconds) == ("c", "no such thing", 2.5)
    assert jobs.status("d").sentence == "The build was killed; start it again, it goes on from what is embedded."
