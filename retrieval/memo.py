"""Results of finished steps, kept so that a moved slider computes only what it changed."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """The most recent `size` results by key, each with the seconds that computing it took. Safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._results: OrderedDict[Hashable, tuple[Value, float]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> tuple[Value, float]:
        """The value of `key` and the seconds it took when it was computed, now or earlier."""
        with self._guard:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = timed(compute)
        with self._guard:
            self._results[key] = result
            while len(self._results) > self._size:
                self._results.popitem(last=False)
        return result


def timed(compute: Callable[[], Value]) -> tuple[Value, float]:
    """The value and the seconds it took."""
    start = time.perf_counter()
    value = compute()
    return value, time.perf_counter() - start
