"""User text into Markdown that shows exactly that text: no HTML, no formatting, no shortcodes, no formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval import Piece

PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:=\"'/^@%])")
SHORTCODE = re.compile(r":(?=[\w+\-/]+:)")
ARROWS = re.compile(r"(<|-|>|~)(?=[-=>])")
SPACE = re.compile(r"\s+")
WORD_JOINER = "\u2060"
LONGEST = 20_000


def plain(text: str) -> str:
    """Markdown that renders as `text`, white space folded.

    Emoji shortcodes, icons and arrows are replaced after Markdown is parsed, so a backslash does not stop them; an invisible word
    joiner inside does.
    """
    folded = SPACE.sub(" ", text[:LONGEST])
    broken = ARROWS.sub(r"\1" + WORD_JOINER, SHORTCODE.sub(":" + WORD_JOINER, folded))
    return PUNCTUATION.sub(r"\\\1", broken)


def sentence(reason: str) -> str:
    """A reason as Markdown, as a sentence that stands alone."""
    return plain(f"{reason[:1].upper()}{reason[1:]}".removesuffix(".") + ".")


def marked(pieces: Iterable[Piece]) -> str:
    """Pieces of a passage with the matched ones on an orange ground and bold, so that colour is not the only sign."""
    return "".join(
        f":orange-background[**{plain(piece.text).strip()}**]" if piece.matched else plain(piece.text) for piece in pieces
    )


def counted(count: int, noun: str) -> str:
    """ "1 file", "1,204 files"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
