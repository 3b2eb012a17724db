"""Damaged files of every format: never a crash, never a hang past the limit, always a report, every document sound.

`PLAYGROUND_FUZZ=N` tries N cases instead of 4,000. A case is named by its suffix and number, which with the seed give its bytes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from retrieval.readers import LANGUAGES, READERS, Limits, Reading, read_file
from retrieval.readers.safely import Worker
from tests.fuzz.mutations import MUTATIONS, inside
from tests.fuzz.seeds import SEEDS

SEED = 20_260_101
CASES = int(os.environ.get("PLAYGROUND_FUZZ", "4000"))
SUFFIXES = [suffix for suffix in READERS if suffix not in LANGUAGES or suffix == ".py"]
LIMITS = Limits(seconds=10, memory=1024 * 2**20, characters=2_000_000, unpacked=64 * 2**20, pages=200)
WORKERS = 2


@pytest.fixture(scope="module")
def seeds():
    return {suffix: SEEDS[suffix]() for suffix in SUFFIXES}


def damaged(seeds, suffix, number):
    """The bytes of a case."""
    random = Random(f"{SEED} {suffix} {number}")
    data = seeds[suffix]
    for _ in range(random.choice((1, 1, 2, 3))):
        packed = data.startswith(b"PK") and random.random() < 0.7  # else nearly every case ends at a checksum of the container
        mutate = inside if packed else random.choice(MUTATIONS)
        data = mutate(random, data or b"\n", seeds[random.choice(SUFFIXES)])
    return data


def check(report, case):
    """What holds of every report."""
    ids = [document.id for document in report.documents]
    assert len(set(ids)) == len(ids) == len(report.places), case
    assert report.documents or report.refused or report.rows == 0, case
    for document in report.documents:
        for text in (document.id, document.title, document.text, *document.metadata, *document.metadata.values()):
            assert "\0" not in text, case
            text.encode("utf-8")
        assert document.id.strip(), case
        assert len(document.text) <= LIMITS.characters, case
    for refusal in report.refused:
        assert refusal.reason, case


def run(seeds, folder, part):
    """Reads every second case, or whatever share `part` of the workers is; how often the process had to be started again."""
    with Worker(Reading(LIMITS)) as worker:
        for number in range(part, CASES, WORKERS):
            suffix = SUFFIXES[number % len(SUFFIXES)]
            case = f"case {suffix} {number} of seed {SEED}"
            path = folder / f"{number}{suffix}"
            path.write_bytes(damaged(seeds, suffix, number))
            before = worker.deaths
            report = worker.read(path.name, path)
            check(report, case)
            if worker.deaths > before:
                assert len(report.refused) == 1, case
                print(case, report.refused[0])
            path.unlink()
        return worker.deaths


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_seed_is_read_whole(suffix, seeds):
    report = read_file(f"seed{suffix}", seeds[suffix])
    assert report.documents
    assert report.refused == ()


def test_damaged_files_always_give_a_report(seeds, tmp_path):
    assert set(SUFFIXES) <= set(SEEDS)
    with ThreadPoolExecutor(WORKERS) as pool:
        deaths = sum(pool.map(lambda part: run(seeds, tmp_path, part), range(WORKERS)))
    print(f"{CASES} cases, {deaths} processes stopped")
    assert deaths <= CASES // 200
