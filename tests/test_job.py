"""A job as it is read from its file: the time that is left, and files of other versions."""

import json
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import pytest

from retrieval.jobs import Job, Jobs


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
