"""Long work beside the pages: index builds, evaluations and sweeps, one at a time under each name; all pages see them.

What a job has to say stands in a small file that it replaces as a whole, and a lock that the system frees when the process dies
tells whether it is alive. So any number of pages, and a terminal, can watch, stop or outlive it, and a killed one is told from a
running one. What it had finished is kept by whoever does the work, and the next job goes on from there.

A build runs in a process of its own, or, where little is to do, in a thread of the app; all else needs the engine that the app
has loaded, and runs in a thread of it.
"""

from __future__ import annotations

from retrieval.jobs.job import Job
from retrieval.jobs.jobs import Jobs

__all__ = ["Job", "Jobs"]
