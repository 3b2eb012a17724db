"""Whether raters mean the same by their grades: Krippendorff's alpha over all of them, weighted kappa for each pair.

1 is perfect agreement, 0 what chance would give, below 0 worse than chance. Krippendorff (2004) asks for 0.8 to rely on labels,
and takes 0.667 for tentative conclusions. "Can't tell" and words taken back are missing values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from retrieval.judging.verdicts import Verdict
from retrieval.types import GRADES

RELIABLE = 0.8
TENTATIVE = 0.667
Place = tuple[str, str, int | None, int | None]
Words = dict[Place, dict[str, Verdict]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient over `places` that at least two of the raters graded; None where it is not defined, and `reason` says why."""

    value: float | None
    places: int
    reason: str = ""


def by_place(verdicts: Iterable[Verdict]) -> Words:
    """The standing words on every place (query, document, span) by rater; of several by one rater the last one given counts."""
    words: Words = {}
    for verdict in verdicts:
        words.setdefault(verdict.place, {})[verdict.rater] = verdict
    stands = {place: {rater: word for rater, word in of.items() if stands_for(word)} for place, of in words.items()}
    return {place: of for place, of in stands.items() if of}


def stands_for(verdict: Verdict) -> bool:
    """Whether it says anything: a grade or "can't tell", rather than a word taken back."""
    return verdict.grade is not None or verdict.cant_tell


def graded(words: Words) -> dict[Place, dict[str, int]]:
    """The grades on every place by rater; places without any are left out."""
    grades = {place: {rater: word.grade for rater, word in of.items() if word.grade is not None} for place, of in words.items()}
    return {place: of for place, of in grades.items() if of}


def krippendorff_alpha(verdicts: Iterable[Verdict]) -> Agreement:
    """Krippendorff's alpha of all raters with the ordinal metric (Krippendorff, 2004), on the places that two or more graded."""
    grades = graded(by_place(verdicts))
    shared = [list(of.values()) for of in grades.values() if len(of) > 1]
    raters = {rater for of in grades.values() for rater in of}
    if reason := undefined(len(raters), shared):
        return Agreement(None, len(shared), reason)
    counts = np.array([[given.count(grade) for grade in GRADES] for given in shared])
    return Agreement(ordinal_alpha(counts), len(shared))


def ordinal_alpha(counts: NDArray[np.int64]) -> float:
    """Alpha of `counts` (n, grades): how many raters gave each grade, in ascending order, to each of n places.

    At least two different grades must occur on places with two or more grades; else it is not defined.
    """
    import krippendorff

    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal"))


def cohen_kappas(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], Agreement]:
    """Cohen's kappa with linear weights for every two raters, by name, on the places that both graded.

    Linear weights (Cohen, 1968; Cicchetti and Allison, 1971) count a disagreement by the steps between the grades. Without
    weights 2 against 3 were as bad as 0 against 3; with quadratic ones raters who differ by one step throughout seem to agree.
    """
    grades = graded(by_place(verdicts))
    raters = sorted({rater for of in grades.values() for rater in of})
    return {pair: kappa_of(pair, grades) for pair in combinations(raters, 2)}


def kappa_of(pair: tuple[str, str], grades: dict[Place, dict[str, int]]) -> Agreement:
    """The weighted kappa of two raters."""
    one, other = pair
    shared = [[of[one], of[other]] for of in grades.values() if one in of and other in of]
    if reason := undefined(2, shared):
        return Agreement(None, len(shared), reason)
    return Agreement(linear_kappa(*zip(*shared, strict=True)), len(shared))


def linear_kappa(one: Sequence[int], other: Sequence[int]) -> float:
    """Linearly weighted kappa of two lists of grades, not all of them the same."""
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(one, other, labels=list(GRADES), weights="linear"))


def confusion(verdicts: Iterable[Verdict], one: str, other: str) -> NDArray[np.int64]:
    """How many places got which grades of two raters, (grades, grades): rows are the grades of `one`, columns those of `other`.

    Places that only one of them graded have no part in it.
    """
    counts = np.zeros((len(GRADES), len(GRADES)), np.int64)
    for given in graded(by_place(verdicts)).values():
        if one in given and other in given:
            counts[given[one], given[other]] += 1
    return counts


def reading(alpha: float) -> str:
    """What an alpha allows, in words, by the bounds of Krippendorff (2004): "reliable", "tentative" or "not reliable"."""
    return "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "not reliable"


def undefined(raters: int, shared: Sequence[Sequence[int]]) -> str:
    """Why no coefficient is defined for the grades of the places that raters share, "" where one is."""
    if raters < 2:
        return "Agreement needs two raters who graded the same documents; ask a second one to judge."
    if not shared:
        return "No two raters graded the same document; let them judge the same queries."
    values = {grade for given in shared for grade in given}
    if len(values) == 1:
        (grade,) = values
        name = f"{grade} ({GRADES[grade]})"
        return f"Every shared grade is {name}, so chance cannot be told from agreement; judge documents that differ."
    return ""
