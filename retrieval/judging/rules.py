"""Whose grade counts where several people judged one place: functions of one signature over the last words on it.

Each takes the raters' last words on a place in the order in which they were given, and the name behind the colon of the rule
("" where it has none). Who can't tell does not vote; where nobody gave a grade there is none. Grades that came with the corpus
are those of the rater "shipped".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from retrieval.errors import BadInput
from retrieval.judging.sources import SHIPPED
from retrieval.judging.verdicts import Verdict
from retrieval.types import Judgment

Rule = Callable[[Sequence[Verdict], str], int | None]


def latest(words: Sequence[Verdict], name: str = "") -> int | None:
    """The last grade that anybody gave; one that came with the corpus, however late, only where no person gave any."""
    came = None
    for word in reversed(words):
        if word.grade is not None and word.rater != SHIPPED:
            return word.grade
        came = word.grade if came is None else came
    return came


def median(words: Sequence[Verdict], name: str = "") -> int | None:
    """The median of the grades, the lower of the two in the middle of an even number."""
    votes = sorted(grades(words))
    return votes[(len(votes) - 1) // 2] if votes else None


def adjudicator(words: Sequence[Verdict], name: str) -> int | None:
    """The grade of the rater `name`, and the median where that rater gave none."""
    decided = grades(word for word in words if word.rater == name)
    return decided[-1] if decided else median(words)


RULES: dict[str, Rule] = {"latest": latest, "median": median, "adjudicator": adjudicator}


def grades(words: Iterable[Verdict]) -> list[int]:
    """The grades among the words, in their order."""
    return [word.grade for word in words if word.grade is not None]


def check_rule(rule: str) -> str:
    """The rule. Raises BadInput unless it is "latest", "median" or "adjudicator:" with a rater's name."""
    kind, _, name = rule.partition(":")
    if kind not in RULES or (kind == "adjudicator") != bool(name):
        raise BadInput(f"{rule[:80]!r} is no rule for whose grade counts; choose latest, median or adjudicator:<name of a rater>")
    return rule


def judgments_by(rule: str, words: Iterable[Verdict]) -> tuple[Judgment, ...]:
    """What counts of the last words, a judgment for each place that has a grade, in the order of their first words.

    Raises BadInput where there is no such rule.
    """
    kind, _, name = check_rule(rule).partition(":")
    places: dict[tuple[str, str, int | None, int | None], list[Verdict]] = {}
    for word in words:
        places.setdefault(word.place, []).append(word)
    counted = ((place, RULES[kind](given, name)) for place, given in places.items())
    return tuple(
        Judgment(query, document, grade, start, end) for (query, document, start, end), grade in counted if grade is not None
    )
