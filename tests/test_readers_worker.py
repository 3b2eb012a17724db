"""Files read in a process of their own: the same reports, and no file that can stop the rest."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from retrieval.readers import Fields, Limits, Reading, read_files
from retrieval.readers.base import ReadReport, Refusal
from retrieval.readers.frames import reading_from_dict, reading_to_dict, receive, report_frames, report_from_frames, send
from retrieval.readers.safely import Worker, read_safely
from retrieval.types import Document, Heading, Judgment, Query, Structure
from tests.test_readers_zip import SET, pack

FILES = {
    "notes/a.txt": "größer \U0001f3d7".encode(),
    "b.md": b"# Title\n\ntext",
    "c.csv": b"id,text\n1,one\n1,again\n",
    "d.exe": b"MZ",
    "e.zip": pack(SET),
    "copy.txt": "größer  \U0001f3d7\n".encode(),
}


@pytest.fixture(scope="module")
def warm():
    with Worker(Reading(Limits(seconds=30))) as worker:
        yield worker


def write(folder, files):
    """The files below a folder, as (name, path)."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return [(name, folder / name) for name in files]


def fifo(folder, name):
    """A file that nobody writes to, so that reading it never ends."""
    os.mkfifo(folder / name)
    return folder / name


def test_a_batch_is_read_as_in_this_process(tmp_path, warm):
    told = []
    report = read_safely(write(tmp_path, FILES), progress=lambda *step: told.append(step), worker=warm)
    assert report == read_files(FILES.items())
    assert report.copies == 1
    assert report.queries
    assert told == [*((at, 6, name) for at, name in enumerate(FILES)), (6, 6, "")]


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_read(tmp_path):
    hangs = fifo(tmp_path, "hangs.txt")
    (good,) = write(tmp_path, {"good.txt": b"good"})
    with Worker(Reading(Limits(seconds=1))) as worker:
        report = read_safely([("hangs.txt", hangs), good], worker.reading, worker=worker)
        assert worker.deaths == 1
    assert [document.text for document in report.documents] == ["good"]
    assert [str(refusal) for refusal in report.refused] == [
        "hangs.txt takes longer to read than the limit of 1 seconds; split it, convert it or raise the limit seconds"
    ]


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_one_is_read(tmp_path):
    greedy, good = write(tmp_path, {"greedy.txt": b"a" * 150_000_000, "good.txt": b"good"})
    with Worker(Reading(Limits(memory=256 * 2**20))) as worker:
        report = read_safely([greedy, good], worker.reading, worker=worker)
    assert [document.text for document in report.documents] == ["good"]
    assert [str(refusal) for refusal in report.refused] == [
        "greedy.txt needs more memory than the limit of 256 MiB; split it or raise the limit memory"
    ]


def test_a_parser_that_crashes_costs_its_file(tmp_path):
    hangs = fifo(tmp_path, "crashes.txt")
    (good,) = write(tmp_path, {"good.txt": b"good"})
    with Worker() as worker:
        worker.read(*good)
        timer = threading.Timer(0.5, os.kill, (worker._process.pid, signal.SIGSEGV))
        timer.start()
        (refusal,) = worker.read("crashes.txt", hangs).refused
        assert worker.read(*good).documents[0].text == "good"
        assert worker.deaths == 1
    assert refusal.reason == (
        "made its parser crash (SIGSEGV), or needs more than the limit of 2,048 MiB of memory; save it again or convert it"
    )


def test_a_file_that_is_too_large_or_gone_is_refused(tmp_path, warm):
    (large,) = write(tmp_path, {"large.txt": b"12345"})
    report = read_safely([large, ("gone.txt", tmp_path / "gone.txt")], Reading(Limits(upload=4)), worker=warm)
    assert [str(refusal) for refusal in report.refused] == [
        "large.txt has 5 bytes, the limit is 4; split it or raise the limit upload",
        "gone.txt cannot be opened (No such file or directory); check that it is there and readable",
    ]


def test_a_worker_that_is_not_given_is_ended(tmp_path):
    assert read_safely(write(tmp_path, {"a.txt": b"a"})).documents == (Document("a.txt", "a", "a"),)


def test_reports_cross_the_pipe_unchanged(tmp_path):
    structure = Structure("markdown", (Heading(0, 1, "T"),), (0, 4))
    report = ReadReport(
        (Document("1", "text \U0001f3d7", "T", {"a": "b"}, structure), Document("2", "x" * 3_000_000)),
        (Refusal("a", "b"),),
        1,
        4,
        ("x", "y"),
        (Query("q", "words", "class"),),
        {"test": (Judgment("q", "1", 2), Judgment("q", "1", 3, 0, 2))},
        7,
    )
    frames = list(report_frames(report))
    with (tmp_path / "pipe").open("w+b") as stream:
        for frame in frames:
            send(stream, frame)
        stream.seek(0)
        received = [receive(stream) for _ in frames]
        assert receive(stream) is None
    assert len(frames) == 2
    assert report_from_frames(received) == report


@pytest.mark.parametrize("end", [1, 5, 9])
def test_a_cut_off_frame_is_the_end(tmp_path, end):
    with (tmp_path / "pipe").open("w+b") as stream:
        send(stream, {"a": "b"})
        stream.truncate(end)
        stream.seek(0)
        assert receive(stream) is None


def test_settings_cross_the_pipe_unchanged():
    for reading in (Reading(), Reading(Limits(files=3), Fields(("a", "b"), "t", "i", ("m",), "markdown"), True, 2)):
        assert reading_from_dict(reading_to_dict(reading)) == reading
