"""Files read in a process of their own, so that a parser that hangs, crashes or eats memory costs one file and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from retrieval.errors import PlaygroundError
from retrieval.readers import too_large
from retrieval.readers.base import ReadReport, Unusable, refused
from retrieval.readers.batch import read_batch
from retrieval.readers.beir import lines_of
from retrieval.readers.copies import without_copies
from retrieval.readers.frames import reading_to_dict, receive, report_from_frames, send
from retrieval.readers.settings import DEFAULT, Reading

ROOT = Path(__file__).resolve().parents[2]
START = 120.0  # seconds that a process has to start
LINGER = 5.0  # seconds that a process has to end
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # each reserves address space

FileProgress = Callable[[int, int, str], object]
"""Is told how many files are read, of how many, and the name of the next one ("" at the end)."""


def silent(done: int, total: int, name: str) -> None:
    """A progress that tells nobody."""


class Worker:
    """A process that reads one file after the other; it is started when it is needed, and again when it had to be stopped.

    `deaths` counts how often it was stopped or died. Use it in a `with` block, from one thread at a time.
    """

    def __init__(self, reading: Reading = DEFAULT) -> None:
        self.reading = reading
        self.deaths = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    discard(stream)

    def read(self, name: str, path: Path, reading: Reading | None = None) -> ReadReport:
        """The report of the file at `path`; one that takes more time or memory than the limits is refused."""
        how = reading or self.reading
        try:
            size = path.stat().st_size
        except OSError as error:
            return refused(name, f"cannot be opened ({error.strerror}); check that it is there and readable")
        if size > how.limits.upload:
            return refused(name, too_large(size, how.limits))
        process = self._process or self._start()
        request = {"name": name, "path": str(path.absolute()), "reading": reading_to_dict(how)}
        frames, timed_out = exchange(process, request, how.limits.seconds)
        if frames and frames[-1].get("end"):
            if timed_out or frames[-1]["last"]:
                self.close()
            return report_from_frames(frames)
        self.deaths += 1
        code = ended(process)
        self.close()
        return refused(name, why_dead(code, timed_out, how))

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        process = subprocess.Popen(
            [sys.executable, "-m", "retrieval.readers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
        )
        self._process = process
        frames, _ = exchange(process, None, START)
        if not frames:
            self.close()
            raise PlaygroundError("the process that reads files does not start; check that the library is installed whole")
        return process


def ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a process that closed its output; one that lingers is killed."""
    try:
        return process.wait(timeout=LINGER)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def discard(stream: Any) -> None:
    """Close a pipe whose other end may be gone."""
    try:
        stream.close()
    except OSError:
        return


def exchange(
    process: subprocess.Popen[bytes], request: dict[str, Any] | None, seconds: float
) -> tuple[list[dict[str, Any]], bool]:
    """Send a request and take the frames of its answer, and whether the time was up first; then the process is killed."""
    expired = threading.Event()

    def stop() -> None:
        expired.set()
        process.kill()

    assert process.stdin is not None
    assert process.stdout is not None
    frames: list[dict[str, Any]] = []
    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        if request is not None:
            send(process.stdin, request)
        while (frame := receive(process.stdout)) is not None:
            frames.append(frame)
            if "end" in frame or "ready" in frame:
                break
    except BrokenPipeError:  # it died between two files
        frames.clear()
    finally:
        timer.cancel()
    return frames, expired.is_set()


def why_dead(code: int, timed_out: bool, reading: Reading) -> str:
    """Why the file is refused that a process was reading when it ended with `code`."""
    limits = reading.limits
    if timed_out:
        return (
            f"takes longer to read than the limit of {limits.seconds:g} seconds; split it, convert it or raise the limit seconds"
        )
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    memory = f"{limits.memory // 2**20:,} MiB"
    return f"made its parser crash ({how}), or needs more than the limit of {memory} of memory; save it again or convert it"


def read_safely(
    paths: Iterable[tuple[str, Path]], reading: Reading = DEFAULT, progress: FileProgress = silent, worker: Worker | None = None
) -> ReadReport:
    """One report for a batch of (name, path), as `read_files` makes it, every file parsed within the limits of time and memory.

    A `worker` that is given is used and left running, so that the next batch starts warm.
    """
    files = list(paths)
    own = worker or Worker(reading)

    def read(at: int, how: Reading) -> ReadReport:
        progress(at, len(files), files[at][0])
        return own.read(*files[at], how)

    def lines(at: int) -> Iterable[bytes]:
        try:
            if files[at][1].stat().st_size > reading.limits.upload:
                raise Unusable(too_large(files[at][1].stat().st_size, reading.limits))
        except OSError as error:
            raise Unusable(f"cannot be opened ({error.strerror}); check that it is there and readable") from None
        return lines_of(files[at][1])

    try:
        report = read_batch([name for name, _ in files], read, lines, reading)
    finally:
        if worker is None:
            own.close()
    progress(len(files), len(files), "")
    return report if reading.keep_duplicates else without_copies(report)
