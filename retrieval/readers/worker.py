"""The process that parses: `python -m retrieval.readers.worker`, started by `retrieval.readers.safely`.

Takes requests from its standard input and answers on its standard output, both in frames. It limits its own memory, and sets an
alarm for itself, so that it ends even where nobody is left to stop it. Whatever a parser prints goes nowhere.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import IO, Any

from retrieval.readers import read_file
from retrieval.readers.base import ReadReport, refused
from retrieval.readers.frames import reading_from_dict, receive, report_frames, send

STARVED = "needs more memory"  # the beginning of a refusal for want of memory
GRACE = 5  # seconds after which the alarm ends a process that its parent should have stopped


def main() -> None:
    """Answer requests until the input ends or the memory does."""
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        send(answers, {"ready": True})
        while (request := receive(requests)) is not None:
            if not answer(request, answers):
                return


def answer(request: dict[str, Any], answers: IO[bytes]) -> bool:
    """Read one file and send its report; False where the process had better end, for it ran out of memory."""
    reading = reading_from_dict(request["reading"])
    limit_memory(reading.limits.memory)
    alarm(int(reading.limits.seconds) + GRACE)
    try:
        report = read_file(request["name"], Path(request["path"]).read_bytes(), reading)
    except OSError as error:
        report = refused(request["name"], f"cannot be opened ({error.strerror}); check that it is there and readable")
    except MemoryError:
        report = refused(request["name"], STARVED)
    if hungry := starved(report):
        report = out_of_memory(request["name"], reading.limits.memory)
    for frame in report_frames(report):
        send(answers, {**frame, "last": hungry})
    alarm(0)
    return not hungry


def starved(report: ReadReport) -> bool:
    """Whether a reader gave up for want of memory."""
    return any(refusal.reason.startswith(STARVED) for refusal in report.refused) and not report.documents


def out_of_memory(name: str, memory: int) -> ReadReport:
    """The report of a file that needs more memory than the limit."""
    return refused(name, f"needs more memory than the limit of {memory // 2**20:,} MiB; split it or raise the limit memory")


def limit_memory(memory: int) -> None:
    """Let this process have at most `memory` bytes of address space, and write no core file; no limit where there is none."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def alarm(seconds: int) -> None:
    """End this process after so many seconds, in the middle of whatever it does; 0 calls it off."""
    if sys.platform != "win32":
        signal.alarm(seconds)


if __name__ == "__main__":
    main()
