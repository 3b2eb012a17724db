"""The class of a query, suggested by rules that a person can read, and correct.

Rules are tried in the order of the table; the first that finds something gives its class, and what it found is the reason. The
names are those under which quality is reported, so that suggested and given classes fall together. "paraphrase" has no rule:
whether a query avoids the words of the documents cannot be seen in the query alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.judging.patterns import (
    ASKED_NUMBER,
    ASKED_TIME,
    BOUNDARY,
    DATE,
    IDENTIFIER,
    QUANTITY,
    QUESTION,
    QUOTED,
    WORD,
)
from retrieval.stop_words import STOP_WORDS

SCRIPTS = {
    "arabic": {"ARABIC"},
    "armenian": {"ARMENIAN"},
    "greek": {"GREEK"},
    "hindi": {"DEVANAGARI"},
    "nepali": {"DEVANAGARI"},
    "russian": {"CYRILLIC"},
    "serbian": {"CYRILLIC", "LATIN"},
    "tamil": {"TAMIL"},
    "yiddish": {"HEBREW"},
}
CLAUSES = 2  # boundaries between clauses that make a query multi-clause
PLAIN_WORDS = 2  # words beside an identifier that leave it the whole of the query
FOREIGN = 2  # stop words of another language
LOOKED_AT = 1000  # characters of a query


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class, "" where no rule fires, and the part of the query that made it so."""

    category: str = ""
    reason: str = ""


Rule = Callable[[str, str], str]


def multilingual(text: str, language: str) -> str:
    """Letters of another script, or stop words of another language, than the corpus has; nothing where `language` is "none"."""
    if language == "none":
        return ""
    return foreign_script(text, SCRIPTS.get(language, {"LATIN"})) or foreign_words(text, language)


def foreign_script(text: str, own: set[str]) -> str:
    """The letters of other scripts than `own`, where they are the greater part."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = [letter for letter in letters if script(letter) not in own]
    return "".join(foreign) if 2 * len(foreign) > len(letters) else ""


def script(letter: str) -> str:
    """The first word of a letter's Unicode name, which is its script: LATIN, CYRILLIC, CJK, …"""
    return unicodedata.name(unicodedata.normalize("NFKC", letter)[0], "UNKNOWN").split()[0]


def foreign_words(text: str, language: str) -> str:
    """Two or more different stop words of one other language, more than there are of the corpus's own."""
    words = dict.fromkeys(word.casefold() for word in WORD.findall(text))
    own = STOP_WORDS.get(language, frozenset())
    best: list[str] = []
    for stop_words in STOP_WORDS.values():
        found = [word for word in words if len(word) > 1 and word in stop_words and word not in own]
        best = max(best, found, key=len)
    return " ".join(best) if len(best) >= FOREIGN and len(best) > sum(word in own for word in words) else ""


def quoted_phrase(text: str, language: str) -> str:
    """Words in quotation marks."""
    return _first(QUOTED, text)


def exact_identifier(text: str, language: str) -> str:
    """Codes, names with inner punctuation, versions, with at most two plain words beside them."""
    found = identifiers(text)
    rest = WORD.findall(IDENTIFIER.sub(" ", text))
    return " ".join(found) if found and len(rest) <= PLAIN_WORDS and not ASKED_NUMBER.search(text) else ""


def mixed(text: str, language: str) -> str:
    """An identifier among other words."""
    return " ".join(identifiers(text))


def identifiers(text: str) -> list[str]:
    """What stands for one thing by its spelling: 'KX7.24-R2', 'E_LEASE_LOST', 'get_offsets()', 'v3.11.7', 'CC 4410'."""
    return [match.group() for match in IDENTIFIER.finditer(text)]


def chronological(text: str, language: str) -> str:
    """Dates, years, and questions of time or order in time."""
    return _first(ASKED_TIME, text) or _first(DATE, text)


def multi_clause(text: str, language: str) -> str:
    """Two or more boundaries between clauses: marks, conjunctions, relative pronouns."""
    found = [match.group().strip() for match in BOUNDARY.finditer(text)]
    return " … ".join(found) if len(found) >= CLAUSES else ""


def numeric(text: str, language: str) -> str:
    """A number with its unit, a bound, or a question for a number."""
    return _first(QUANTITY, text) or _first(ASKED_NUMBER, text)


def question(text: str, language: str) -> str:
    """A question by its first word or its mark."""
    return _first(QUESTION, text)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group().strip() if found else ""


RULES: dict[str, Rule] = {
    "multilingual": multilingual,
    "quoted phrase": quoted_phrase,
    "exact identifier": exact_identifier,
    "chronological": chronological,
    "mixed": mixed,
    "multi-clause": multi_clause,
    "numeric": numeric,
    "question": question,
}


def suggest(text: str, language: str = "english") -> Suggestion:
    """The class of a query by the first rule that fires; `language` is the corpus's, named as `Analyser` names it.

    The first 1,000 characters decide.
    """
    folded = unicodedata.normalize("NFKC", text[:LOOKED_AT])
    for category, rule in RULES.items():
        if reason := rule(folded, language):
            return Suggestion(category, reason)
    return Suggestion()
