"""Starting, watching, stopping and running jobs."""

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
from dataclasses import asdict, fields, replace
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import BadInput
from retrieval.jobs.job import Job
from retrieval.types import Progress
from retrieval.workspace import folder_name

START_SECONDS = 60.0
NOTE_SECONDS = 0.2


class Jobs:
    """The jobs below a home folder, one at a time under each name: the key of a corpus for its build, any text for others."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._folder = home / "jobs"
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def status(self, name: str) -> Job | None:
        """The job of a name that runs or ran last; None where there was none."""
        job = self._read(name)
        if job is None or not job.alive or self._locked(name):
            return job
        if job.state == "starting" and self._may_start(job):
            return job
        job = self._read(name)  # it may have ended between the two looks
        if job is None or not job.alive:
            return job
        if job.state == "starting":
            return replace(job, state="failed", sentence=f"{job.what} did not start: {self._last_line(name)}")
        return replace(job, state="killed", sentence=f"{job.what} was killed; start it again, it goes on from {job.kept}.")

    def start(self, corpus: str, pipeline: str, here: bool = False) -> Job:
        """Build over a corpus with a pipeline (TOML) in a new process; where a build runs already, that one is returned.

        `here`: in a thread of this process, which has loaded the model already: five seconds less where little is to do.
        """

        def build_here() -> None:
            from retrieval.building import build
            from retrieval.pipeline import Pipeline

            build(corpus, Pipeline.from_toml(pipeline), self.home)

        job = Job(corpus, "starting", "Starting", pipeline=pipeline)
        launch = partial(self._in_thread, corpus, build_here) if here else partial(self._in_process, corpus, pipeline)
        return self._launched(job, launch)

    def begin(self, name: str, what: str, body: Callable[[Progress], object], kept: str = "what is finished") -> Job:
        """Run `body` in a thread of this process; where a job of this name runs already, that one is returned.

        `body` takes a function to call often with a sentence and the share that is done, 0 to 1; it raises KeyboardInterrupt
        where somebody cancels. Whatever else leaves `body` is a failure, told by its own sentence. `what` is being done, "The
        evaluation of drain pumps", and what of it is `kept` when it stops halfway.
        """

        def work() -> None:
            with self.running(name, what=what, kept=kept) as progress:
                body(progress)

        job = Job(name, "starting", "Starting", pid=os.getpid(), apart=False, what=what, kept=kept)
        return self._launched(job, partial(self._in_thread, name, work))

    def cancel(self, name: str, patience: float = 10.0) -> None:
        """Stop a job; what was finished is kept, and after a cancelled build the index before stays in use."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + patience
            job, child = self.status(name), self._children.get(name)
            if job is None or not job.alive:
                break
            if job.apart and (pid := child.pid if child is not None and child.poll() is None else job.pid):
                os.kill(pid, sent)
            while time.monotonic() < deadline and (job := self.status(name)) is not None and job.alive:
                self._file(name, "cancel").touch()  # again and again: a job that only begins clears what an earlier one left
                time.sleep(0.05)
        job = self.status(name)
        if job is not None and job.state in ("failed", "killed") and self._read(name) != job:
            self._write(job.cancelled)

    @contextmanager
    def running(
        self, name: str, pipeline: str = "", what: str = "The build", kept: str = "what is embedded"
    ) -> Iterator[Progress]:
        """Hold the job of a name in this process, and note how it goes and ends. Raises BadInput where another one runs."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._file(name, "lock"))
        try:
            lock.acquire(timeout=3.0)  # somebody may be looking
        except Timeout:
            raise BadInput(f"{what} cannot begin while another job of {name} runs; wait for it, or cancel it") from None
        self._file(name, "cancel").unlink(missing_ok=True)
        apart = threading.current_thread() is threading.main_thread()
        job = Job(name, "running", "Opening", pipeline=pipeline, pid=os.getpid(), apart=apart, what=what, kept=kept)
        try:
            self._write(job)
            with interruptible() if apart else nullcontext():
                yield self._noting(job)
            self._end(name, "done", f"{what} is done.")
        except KeyboardInterrupt:
            self._end(name, "cancelled", job.cancelled.sentence)
            raise
        except Exception as error:
            self._end(name, "failed", str(error) or type(error).__name__)
            raise
        finally:
            lock.release()

    def forget(self, name: str) -> None:
        """Remove what is noted under a name."""
        for path in self._folder.glob(f"{folder_name(name)}.*"):
            path.unlink(missing_ok=True)

    def _launched(self, job: Job, launch: Callable[[], None]) -> Job:
        """Note a job as starting and launch it, unless one of its name is alive."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._file(job.name, "starting")):
            running = self.status(job.name)
            if running is not None and running.alive:
                return running
            self._write(job)
            launch()
            return job

    def _in_process(self, corpus: str, pipeline: str) -> None:
        settings = self._file(corpus, "toml")
        settings.write_text(pipeline, encoding="utf-8")
        command = [sys.executable, "-m", "retrieval.cli", "build", corpus, "--pipeline", str(settings)]
        environment = {**os.environ, "PLAYGROUND_HOME": str(self.home.resolve())}
        with self._file(corpus, "log").open("wb") as log:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        self._children[corpus] = child
        threading.Thread(target=child.wait, daemon=True).start()  # so that it leaves no zombie

    def _in_thread(self, name: str, work: Callable[[], None]) -> None:
        """How the job ended stands in its file, also where it did not begin."""

        def run() -> None:
            try:
                work()
            except (Exception, KeyboardInterrupt) as error:
                job = self._read(name)
                if job is not None and job.alive:
                    self._write(replace(job, state="failed", sentence=str(error) or type(error).__name__, updated=time.time()))

        threading.Thread(target=run, daemon=True).start()

    def _noting(self, job: Job) -> Progress:
        last = 0.0

        def note(sentence: str, share: float) -> None:
            nonlocal job, last
            if time.monotonic() - last >= NOTE_SECONDS:
                last = time.monotonic()
                if self._file(job.name, "cancel").exists():
                    raise KeyboardInterrupt
                job = job.went_on(sentence, share)
                self._write(job)

        return note

    def _end(self, name: str, state: str, sentence: str) -> None:
        job = self._read(name)
        if job is not None:
            self._write(replace(job, state=state, sentence=sentence, share=1.0, updated=time.time()))

    def _may_start(self, job: Job) -> bool:
        """Whether a process that has not said anything may still do so."""
        child = self._children.get(job.name)
        return (child is None or child.poll() is None) and time.time() - job.started < START_SECONDS

    def _locked(self, name: str) -> bool:
        lock = FileLock(self._file(name, "lock"))
        try:
            with lock.acquire(blocking=False):
                return False
        except Timeout:
            return True

    def _file(self, name: str, suffix: str) -> Path:
        return self._folder / f"{folder_name(name)}.{suffix}"

    def _last_line(self, corpus: str) -> str:
        path = self._file(corpus, "log")
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines() if path.exists() else []
        return lines[-1] if lines else "it said nothing"

    def _read(self, name: str) -> Job | None:
        """What the file says; fields that an earlier or later version wrote and this one does not know are passed over."""
        path = self._file(name, "json")
        if not path.exists():
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
        known = {item.name: said[item.name] for item in fields(Job) if item.name in said}
        return Job(**{"name": name, "state": "done"} | known)

    def _write(self, job: Job) -> None:
        path = self._file(job.name, "json")
        making = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.making")
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
