"""A process that judges: `python -m tests.judging_worker`, told on its input what to do, a JSON object a line.

It loads the library once and forks for every line, so that fifty processes can be started and killed within seconds. Each one
gives verdicts one after the other and, after each `give` has returned, appends its number to a file: the acknowledgment.
"""

import json
import os
import signal
import sys
from pathlib import Path

from retrieval.judging import JudgmentStore, Verdict


def verdict(number: int, rater: str) -> Verdict:
    """The verdict with this number; no two of a rater are on one place."""
    return Verdict(f"q{number % 10}", f"d{number // 10}", number % 4, rater=rater, note=str(number))


def judge(home: str, key: str, rater: str, count: int, acknowledged: str) -> None:
    """Give `count` verdicts and acknowledge each."""
    store = JudgmentStore(Path(home))
    file = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(count):
        store.give(key, [verdict(number, rater)])
        os.write(file, f"{number}\n".encode())


def main() -> None:
    """Fork for every line and say the child's process id; its end needs nobody's attention."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                judge(**json.loads(line))
            finally:
                os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
