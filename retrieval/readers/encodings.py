"""Which encoding a text file is in: marks first, then UTF-8, then what the bytes look like.

UTF-16 without a mark shows by zero bytes on one side of every pair. Bytes above 127 that stand side by side are a script
of their own (Cyrillic, Greek, Japanese, …), which charset-normalizer tells apart. Bytes that stand alone among ASCII letters
are a western or central European text: Windows-1252 is taken unless it puts signs inside words where another one puts letters.
"""

from __future__ import annotations

import codecs
import re

SAMPLE = 64 * 1024
FEW = 24  # bytes above 127 that are too few to ask for statistics
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
LATIN = ("cp1252", "cp1250", "iso8859_2", "cp1254")
CONTROLS = frozenset({*range(9), *range(14, 27), *range(28, 32)})
_HIGH = re.compile(rb"[\x80-\xff]+")
_SIGN = "¡-©¬®-´¶¸¹¼-¿×÷"
_MISPLACED = re.compile(rf"[\x80-\x9f]|(?<=[^\W\d_])[{_SIGN}](?=[^\W\d_])|(?<!\w)[¢-©¬®-´¶¸¹¼-¾](?=[a-zß-öø-ÿ])")


def encoding_of(data: bytes) -> str:
    """The name of a codec that reads `data`, or "" where it is no text in a known one. A mark is believed."""
    marked = next((name for mark, name in MARKS.items() if data.startswith(mark)), "")
    if marked:
        return marked
    if 0 in data and (wide := wide_encoding(data)):
        return wide
    if reads(data, "utf-8"):
        return "utf-8"
    if 0 in data or looks_binary(data):
        return ""
    return next((name for name in guesses(sample(data)) if reads(data, name)), "")


def wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark, by the side on which all zero bytes are; "" where they are on both or too few to tell."""
    if len(data) % 2:
        return ""
    zeros = {"utf-16-le": data[1::2].count(0), "utf-16-be": data[::2].count(0)}
    best, other = sorted(zeros, key=lambda name: -zeros[name])
    enough = zeros[best] >= max(2, len(data) // 100)
    return best if enough and not zeros[other] and reads(data, best) else ""


def reads(data: bytes, encoding: str) -> bool:
    """Whether every byte fits."""
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def looks_binary(data: bytes) -> bool:
    """Whether more than one byte in a hundred of the beginning is a control character that no text has."""
    head = data[:SAMPLE]
    return 100 * sum(byte in CONTROLS for byte in head) > len(head)


def sample(data: bytes) -> bytes:
    """The part of `data` that decides, from the first byte above 127 on, cut where no character is cut."""
    first = _HIGH.search(data)
    start = data.rfind(b"\n", 0, first.start()) + 1 if first else 0
    part = data[start : start + SAMPLE]
    return part[: part.rfind(b"\n") + 1] or part if len(data) > start + SAMPLE else part


def guesses(part: bytes) -> list[str]:
    """Encodings to try, the likeliest first."""
    runs = [len(run) for run in _HIGH.findall(part)]
    high = sum(runs)
    foreign = statistics(part) if high >= max(8, 2 * len(runs)) else []
    return foreign or latin(part, high)


def statistics(part: bytes) -> list[str]:
    """What charset-normalizer takes for possible, the likeliest first."""
    from charset_normalizer import from_bytes

    return [match.encoding for match in from_bytes(part)]


def latin(part: bytes, high: int) -> list[str]:
    """Western and central European encodings that fit, those that misplace the fewest signs first.

    One that misplaces every third byte above 127 fits nothing. Where several misplace none, Windows-1252 wins a short text; in a
    longer one statistics may speak for another.
    """
    counts = {name: len(_MISPLACED.findall(part.decode(name))) for name in LATIN if reads(part, name)}
    misplaced = {name: count for name, count in counts.items() if 3 * count <= high}
    order = sorted(misplaced, key=lambda name: misplaced[name])
    if not order:
        return order
    tied = tuple(name for name in order if misplaced[name] == misplaced[order[0]])
    if len(tied) > 1 and (high >= FEW or tied[0] != LATIN[0]):
        likely = likeliest(part, tied)
        order.sort(key=lambda name: (misplaced[name], name != likely))
    return order


def likeliest(part: bytes, tied: tuple[str, ...]) -> str:
    """The encoding with the least noise and then the most familiar letters; the earlier one where nothing tells them apart."""
    from charset_normalizer import from_bytes

    matches: dict[str, tuple[float, float]] = {}
    for match in from_bytes(part, cp_isolation=list(tied)):
        for name in match.could_be_from_charset:  # those that read the same text stand together
            matches[name] = (-match.chaos, match.coherence)
    return max(tied, key=lambda name: matches.get(name, (-1.0, 0.0)))
