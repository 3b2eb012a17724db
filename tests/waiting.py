"""Waiting for the end of a job."""

import time


def wait_for(jobs, name, *states, seconds=120):
    """The job of a name once it is in one of the states."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = jobs.status(name)
        if job is not None and job.state in states:
            return job
        time.sleep(0.05)
    raise AssertionError(f"{jobs.status(name)} never became {states}")
