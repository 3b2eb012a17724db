"""Choices in words, with the numbers that they rest on."""

from __future__ import annotations

from retrieval.statistics import interval, significance
from retrieval.tuning.choice import ON_HELD_OUT, Choice


def verdict(choice: Choice, variant: int, incumbent: str = "in use") -> str:
    """How a variant stands against the rule's incumbent, which is called `incumbent`."""
    if variant == choice.rule.incumbent:
        return incumbent
    if choice.rule.incumbent is None:
        return "the best" if variant == choice.best else ""
    gained = choice.against(variant, choice.rule.incumbent)
    word = significance(gained)
    return f"{word}: {interval(gained, '+')}" if gained.improved or gained.worse else word


def keep_or_take(choice: Choice, metric: str) -> str:
    """What is recommended where costs say nothing, and why."""
    taken, incumbent, gain = choice.names[choice.recommended], choice.rule.incumbent, choice.gain
    if len(choice.names) == 1:
        return f"Only {taken} could be tried, so there is nothing to choose from."
    if incumbent is None or gain is None:
        return f"Take {taken}: it is the best of those that could be tried."
    if choice.best == incumbent:
        return f"Keep {taken}: nothing that was tried is better."
    fairly = f"{interval(gain, '+')} {metric} on queries that did not choose it"
    if choice.recommended == choice.best:
        return f"Take {taken}: it gains over {choice.names[incumbent]}, {fairly}."
    luck = f"{choice.names[choice.best]} is the best on these queries, {interval(choice.against(choice.best, incumbent), '+')}"
    noise = f"Keep {taken}: {luck}, but what is best gains {fairly}, no more than noise."
    return f"{noise} {shown(choice, choice.best, incumbent)}".strip()


def shown(choice: Choice, variant: int, other: int) -> str:
    """What difference so many queries could show at all; "" where that is not known."""
    least = choice.against(variant, other).detectable
    return f"With {len(choice.choosing):,} queries only differences of about {least:.3f} and more show." if least else ""


def tested(choice: Choice) -> str:
    """How the recommendation does on queries that had no say in it; "" where none could be left out."""
    if choice.held_out is None:
        return ""
    where = "On the held-out queries" if choice.held_out_by == ON_HELD_OUT else "Chosen and tested on different queries,"
    return f"{where} it scores {interval(choice.held_out)}."
