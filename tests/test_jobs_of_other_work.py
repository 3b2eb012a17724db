"""Work other than builds, in threads: one at a time under a name, seen by everybody, cancelled, failed, killed."""

import os
import subprocess
import sys
import threading
import time

from retrieval.errors import BadInput
from retrieval.jobs import Jobs
from tests.waiting import wait_for

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
    jobs, finished, goes = Jobs(home), [], threading.Event()

    def body(progress):
        for step in range(1_000):
            finished.append(step)
            time.sleep(0.02)
            progress(f"Step {step}", step / 1_000)
            goes.set()

    jobs.begin(EVALUATION, WHAT, body, kept="every query that was searched")
    assert goes.wait(30)
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
