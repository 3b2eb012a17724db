"""How the grades of a file become grades of 0 to 3: files grade by 0 and 1, by 0 to 4, or give spam a -2, and none says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.errors import BadSetting, require
from retrieval.types import GRADES

LOWEST, HIGHEST = min(GRADES), max(GRADES)
_STEP = re.compile(r"\s*([+-]?[0-9]{1,9})\s*=\s*([0-9])\s*")


@dataclass(frozen=True, slots=True)
class Scale:
    """What a file's grades mean here. `steps` are pairs of the file's grade and ours; other grades stay as they are.

    With `clip`, what is still below 0 counts as 0 and what is above 3 as 3. Raises BadSetting where a step leads to no grade, or
    two steps start at one.
    """

    steps: tuple[tuple[int, int], ...] = ()
    clip: bool = False

    def __post_init__(self) -> None:
        given = [step[0] for step in self.steps]
        require(len(set(given)) == len(given), f"the scale gives a grade of the file twice ({self}); give each one once")
        for mine, ours in self.steps:
            require(ours in GRADES, f"the scale makes {mine} a {ours}; it must be one of {', '.join(map(str, GRADES))}")

    def __str__(self) -> str:
        return ",".join(f"{mine}={ours}" for mine, ours in self.steps) or ("clip" if self.clip else "as is")

    def grade(self, given: int) -> int | None:
        """What a grade of the file counts here, None where it is none of 0 to 3."""
        grade = dict(self.steps).get(given, given)
        if self.clip:
            grade = min(max(grade, LOWEST), HIGHEST)
        return grade if grade in GRADES else None


AS_IS = Scale()
SCALES: dict[str, Scale] = {
    "as is": AS_IS,
    "clip": Scale(clip=True),
    "binary": Scale(((0, 0), (1, 2))),
}


def scale_of(text: str) -> Scale:
    """The scale of a name in `SCALES`, or of steps as in "1=2,4=3". Raises BadSetting where it is neither."""
    if text in SCALES:
        return SCALES[text]
    found = [_STEP.fullmatch(part) for part in text.split(",")]
    steps = tuple((int(match[1]), int(match[2])) for match in found if match)
    if len(steps) < len(found):
        raise BadSetting(f"unknown scale {text!r}; choose {', '.join(SCALES)}, or give steps as in 1=2,4=3")
    return Scale(steps)


def advice(given: frozenset[int], scale: Scale) -> str:
    """A sentence on the grades of a file where they do not fit 0 to 3, or may mean something else; "" where there is none."""
    if any(scale.grade(grade) is None for grade in given):
        run = f"the file's grades run from {min(given)} to {max(given)}, those here from {LOWEST} to {HIGHEST}"
        return f"{run}; choose the scale clip, which takes all below for {LOWEST} and all above for {HIGHEST}, or give steps"
    if scale == AS_IS and 1 in given and given <= {0, 1}:
        return f"the file knows no other grades than 0 and 1; choose the scale binary if its 1 means {GRADES[2]}, not {GRADES[1]}"
    return ""
