"""What a history of verdicts says now, and how its last word is taken back.

A history only grows, so taking back is a word too: it says again what the rater said before on that place, and bears the moment
of the word that it takes back. A word and its undoing thus cancel, and the word before them is in force again with the order and
the moment that it had. Taking back again reaches the word before that one, and never the undoing itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from retrieval.judging.verdicts import Verdict

State = tuple[int | None, bool, str]
Place = tuple[str, str, int | None, int | None, str]
SILENCE: State = (None, False, "")


def state_of(verdict: Verdict) -> State:
    """What a verdict says: grade, can't tell and note."""
    return verdict.grade, verdict.cant_tell, verdict.note


def place_of(verdict: Verdict) -> Place:
    """On what and by whom: query, document, span and rater."""
    return (*verdict.place, verdict.rater)


def standing(history: Iterable[Verdict]) -> dict[Place, list[tuple[int, Verdict]]]:
    """For every place and rater, the words that were not taken back, the last at the end, each with its number in `history`."""
    words: dict[Place, list[tuple[int, Verdict]]] = {}
    for number, verdict in enumerate(history):
        stack = words.setdefault(place_of(verdict), [])
        before = state_of(stack[-2][1]) if len(stack) > 1 else SILENCE
        if stack and stack[-1][1].at == verdict.at and before == state_of(verdict):
            stack.pop()
        else:
            stack.append((number, verdict))
    return words


def last_words(history: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The word in force of every rater on every place, in the order in which they were given; places that a rater cleared,
    or never spoke on, have none.
    """
    tops = sorted(stack[-1] for stack in standing(history).values() if stack)
    return tuple(word for _, word in tops if word.grade is not None or word.cant_tell)


def undoing(history: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """What takes back one rater's last word, and with it all words of that moment (a grade for many documents at once): for each
    place the state before. Empty where nothing is left.
    """
    stacks = [stack for stack in standing(history).values() if stack]
    if not stacks:
        return ()
    moment = max(stack[-1] for stack in stacks)[1].at
    return tuple(_before(stack) for stack in stacks if stack[-1][1].at == moment)


def _before(stack: list[tuple[int, Verdict]]) -> Verdict:
    word = stack[-1][1]
    grade, cant_tell, note = state_of(stack[-2][1]) if len(stack) > 1 else SILENCE
    return replace(word, grade=grade, cant_tell=cant_tell, note=note)
