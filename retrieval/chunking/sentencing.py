"""Sentences by rules: the sentencex library knows the sentence marks of all scripts and common abbreviations."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

WINDOW = 4096

_SURROGATE = re.compile("[\ud800-\udfff]")


def sentence_starts(text: str) -> NDArray[np.int64]:
    """The characters where sentences start, ascending, the first one 0.

    The library's time grows with the square of a text without spaces, so it reads windows; the last sentence of a window, which
    may go on behind it, is read again as the first of the next.
    """
    import sentencex

    readable = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
    starts, at = [0], 0
    while at < len(readable):
        found = sentencex.get_sentence_boundaries("en", readable[at : at + WINDOW])
        starts += [at + sentence["start_index"] for sentence in found[1:]]
        at = starts[-1] if len(found) > 1 and at + WINDOW < len(readable) else at + WINDOW
    return np.array(starts, np.int64)
