"""The raters of a query set against one another, all figures at once, for a page or a terminal to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrieval.judging.agreement import Agreement, cohen_kappas, krippendorff_alpha
from retrieval.judging.disagreement import Disagreement, disagreements
from retrieval.judging.verdicts import Verdict


@dataclass(frozen=True)
class Comparison:
    """The last `words` of all raters, and what follows from them.

    `by_rater` counts the places on which each rater's word is in force, `alpha` is Krippendorff's, `kappas` are Cohen's for every
    two raters by name.
    """

    words: tuple[Verdict, ...]
    by_rater: Mapping[str, int]
    alpha: Agreement
    kappas: Mapping[tuple[str, str], Agreement]
    disagreements: tuple[Disagreement, ...]


def compare_raters(latest: Iterable[Verdict]) -> Comparison:
    """The comparison of all raters by their last words."""
    words = tuple(latest)
    by_rater = dict(sorted(Counter(word.rater for word in words).items()))
    return Comparison(words, by_rater, krippendorff_alpha(words), cohen_kappas(words), disagreements(words))
