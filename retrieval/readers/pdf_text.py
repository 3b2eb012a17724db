"""Letters of a PDF page to lines, through the functions of pdfium itself: a call a letter, two more a word."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from retrieval.readers.pdf_lines import Line
from retrieval.readers.whole import clean

BREAKS = (10, 13)
HYPHEN = 2  # what pdfium gives for a hyphen at a line's end, the line end included
REPLACED = {0xFFFE: HYPHEN, 0: 32, 0xFFFF: 32}


def lines_of(pdf: Any, index: int) -> tuple[list[Line], bool]:
    """The lines of a page in reading order, and whether it holds pictures (asked only where there is no text)."""
    from pypdfium2 import raw

    page = pdf[index]
    try:
        text = page.get_textpage()
        try:
            found = [line_of(text.raw, letters, start) for start, letters in runs(text.raw, text.count_chars())]
        finally:
            text.close()
        lines = [line for line in found if line is not None]
        pictured = not lines and any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    finally:
        page.close()
    return lines, pictured


def runs(text: Any, count: int) -> Iterator[tuple[int, list[int]]]:
    """Index of the first letter and code points of every line."""
    from pypdfium2 import raw

    unicode = raw.FPDFText_GetUnicode
    letters: list[int] = []
    start = 0
    for at in range(count):
        code = unicode(text, at)
        code = REPLACED.get(code, code)
        if code not in BREAKS:
            letters.append(code)
        if code in BREAKS or code == HYPHEN:
            yield start, letters
            letters, start = [], at + 1
    yield start, letters


def line_of(text: Any, letters: list[int], start: int) -> Line | None:
    """The line of `letters`, the first of which is number `start` of the page; None where it has no words."""
    from pypdfium2 import raw

    shown = [at for at, code in enumerate(letters) if code not in (32, 160, 9)]
    if not shown:
        return None
    first, last = shown[0], shown[-1]
    spaces = [(before, after) for before, after in pairwise(shown) if after > before + 1]
    ends = [(sides(text, start + before)[1], sides(text, start + after)[0]) for before, after in spaces]
    x, base = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, start + first, x, base)
    size = raw.FPDFText_GetFontSize(text, start + first) * scale(text, start + first)
    left, _ = sides(text, start + first)
    right = sides(text, start + last)[1]
    gap = max((after - before for before, after in ends), default=0.0)
    return Line(words(letters), size, base.value, left, right, ends[0][0] if ends else right, gap)


def scale(text: Any, at: int) -> float:
    """How much the page enlarges the letter; a font of size 1 is often enlarged to what is seen."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text, at, matrix):
        return 1.0
    return max(math.hypot(matrix.c, matrix.d), 1e-3)


def sides(text: Any, at: int) -> tuple[float, float]:
    """Left and right end of a letter in points."""
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, at, left, right, bottom, top)
    return left.value, right.value


def words(letters: list[int]) -> str:
    """The text of a line: ligatures apart, white space single, the mark of a hyphen kept at the end."""
    text = "".join(map(chr, letters))
    hyphen = "\x02" if letters[-1] == HYPHEN else ""
    body = " ".join(clean(text).split())
    if any("ﬀ" <= letter <= "ﬆ" for letter in body):
        body = "".join(unicodedata.normalize("NFKC", letter) if "ﬀ" <= letter <= "ﬆ" else letter for letter in body)
    return body + hyphen
