"""Index builds beside the pages: in a process of their own, or, where little is to do, in a thread of the app; all see them.

What a build has to say stands in a small file that it replaces as a whole, and a lock that the system frees when the process dies
tells whether it is alive. So any number of pages, and a terminal, can watch, stop or outlive it, and a killed one is told from a
running one. What it had embedded is kept, and the next build goes on from there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import BadInput
from retrieval.workspace import folder_name

Progress = Callable[[str, float], None]

CANCELLED = "Cancelled; what is embedded is kept."
START_SECONDS = 60.0
NOTE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Job:
    """A build as its file tells it.

    `state`: "starting", "running", "done", "cancelled", "failed" (with the `sentence` why) or "killed". `share` of the present
    step, 0 to 1. `pipeline` is TOML. `apart`: the process `pid` does nothing else, so that it may be ended. `started`, `updated`:
    seconds since 1970.
    """

    corpus: str
    state: str
    sentence: str = ""
    share: float = 0.0
    pipeline: str = ""
    pid: int = 0
    apart: bool = True
    started: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)

    @property
    def alive(self) -> bool:
        """Whether it may still change."""
        return self.state in ("starting", "running")

    @property
    def seconds(self) -> float:
        """How long it has taken so far, or took."""
        return (time.time() if self.alive else self.updated) - self.started


class Jobs:
    """The builds below a home folder, one at a time for each corpus, by the corpus's key."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._folder = home / "jobs"
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def status(self, corpus: str) -> Job | None:
        """The build of a corpus that runs or ran last; None where there was none."""
        job = self._read(corpus)
        if job is None or not job.alive or self._locked(corpus):
            return job
        if job.state == "starting" and self._may_start(job):
            return job
        job = self._read(corpus)  # it may have ended between the two looks
        if job is None or not job.alive:
            return job
        if job.state == "starting":
            return replace(job, state="failed", sentence=f"The build did not start: {self._last_line(corpus)}")
        return replace(job, state="killed", sentence="The build was killed; build again, it goes on from what is embedded.")

    def start(self, corpus: str, pipeline: str, here: bool = False) -> Job:
        """Build over a corpus with a pipeline (TOML) in a new process; where a build runs already, that one is returned.

        `here`: in a thread of this process, which has loaded the model already: five seconds less where little is to do.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._file(corpus, "starting")):
            running = self.status(corpus)
            if running is not None and running.alive:
                return running
            settings = self._file(corpus, "toml")
            settings.write_text(pipeline, encoding="utf-8")
            job = Job(corpus, "starting", "Starting", pipeline=pipeline)
            self._write(job)
            if here:
                threading.Thread(target=self._build_here, args=(corpus, pipeline), daemon=True).start()
                return job
            command = [sys.executable, "-m", "retrieval.cli", "build", corpus, "--pipeline", str(settings)]
            environment = {**os.environ, "PLAYGROUND_HOME": str(self.home.resolve())}
            with self._file(corpus, "log").open("wb") as log:
                child = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
                )
            self._children[corpus] = child
            threading.Thread(target=child.wait, daemon=True).start()  # so that it leaves no zombie
            return job

    def cancel(self, corpus: str, patience: float = 10.0) -> None:
        """Stop the build of a corpus; the index in use stays, and so does what was embedded."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + patience
            job, child = self.status(corpus), self._children.get(corpus)
            if job is None or not job.alive:
                break
            if job.apart and (pid := child.pid if child is not None and child.poll() is None else job.pid):
                os.kill(pid, sent)
            while time.monotonic() < deadline and (job := self.status(corpus)) is not None and job.alive:
                self._file(corpus, "cancel").touch()  # again and again: a build that only begins clears what an earlier one left
                time.sleep(0.05)
        job = self.status(corpus)
        if job is not None and job.state in ("failed", "killed") and self._read(corpus) != job:
            self._write(replace(job, state="cancelled", sentence=CANCELLED))

    @contextmanager
    def running(self, corpus: str, pipeline: str) -> Iterator[Progress]:
        """Hold the corpus's build in this process, and note how it goes and ends. Raises BadInput where another one runs."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._file(corpus, "lock"))
        try:
            lock.acquire(timeout=3.0)  # somebody may be looking
        except Timeout:
            raise BadInput(f"{corpus} is being built by another process; wait for it, or cancel it") from None
        self._file(corpus, "cancel").unlink(missing_ok=True)
        apart = threading.current_thread() is threading.main_thread()
        job = Job(corpus, "running", "Opening", pipeline=pipeline, pid=os.getpid(), apart=apart)
        try:
            self._write(job)
            with interruptible() if apart else nullcontext():
                yield self._noting(job)
            self._end(corpus, "done", "Built.")
        except KeyboardInterrupt:
            self._end(corpus, "cancelled", CANCELLED)
            raise
        except Exception as error:
            self._end(corpus, "failed", str(error) or type(error).__name__)
            raise
        finally:
            lock.release()

    def _build_here(self, corpus: str, pipeline: str) -> None:
        """The body of the thread: how the build ended stands in its file, also where it did not begin."""
        from retrieval.building import build
        from retrieval.pipeline import Pipeline

        try:
            build(corpus, Pipeline.from_toml(pipeline), self.home)
        except (Exception, KeyboardInterrupt) as error:
            job = self._read(corpus)
            if job is not None and job.alive:
                self._write(replace(job, state="failed", sentence=str(error) or type(error).__name__, updated=time.time()))

    def forget(self, corpus: str) -> None:
        """Remove what is noted of a corpus."""
        for path in self._folder.glob(f"{folder_name(corpus)}.*"):
            path.unlink(missing_ok=True)

    def _noting(self, job: Job) -> Progress:
        last = 0.0

        def note(sentence: str, share: float) -> None:
            nonlocal last
            if time.monotonic() - last >= NOTE_SECONDS:
                last = time.monotonic()
                if self._file(job.corpus, "cancel").exists():
                    raise KeyboardInterrupt
                self._write(replace(job, sentence=sentence, share=min(share, 1.0), updated=time.time()))

        return note

    def _end(self, corpus: str, state: str, sentence: str) -> None:
        job = self._read(corpus)
        if job is not None:
            self._write(replace(job, state=state, sentence=sentence, share=1.0, updated=time.time()))

    def _may_start(self, job: Job) -> bool:
        """Whether a process that has not said anything may still do so."""
        child = self._children.get(job.corpus)
        return (child is None or child.poll() is None) and time.time() - job.started < START_SECONDS

    def _locked(self, corpus: str) -> bool:
        lock = FileLock(self._file(corpus, "lock"))
        try:
            with lock.acquire(blocking=False):
                return False
        except Timeout:
            return True

    def _file(self, corpus: str, suffix: str) -> Path:
        return self._folder / f"{folder_name(corpus)}.{suffix}"

    def _last_line(self, corpus: str) -> str:
        path = self._file(corpus, "log")
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines() if path.exists() else []
        return lines[-1] if lines else "it said nothing"

    def _read(self, corpus: str) -> Job | None:
        path = self._file(corpus, "json")
        return Job(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def _write(self, job: Job) -> None:
        path = self._file(job.corpus, "json")
        making = path.with_suffix(f".{os.getpid()}.making")
        making.write_text(json.dumps(asdict(job)), encoding="utf-8")
        making.replace(path)


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, the signal that ends a process raises KeyboardInterrupt, so that what is open is closed."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
