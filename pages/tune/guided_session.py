"""What a session decided at the steps of the guided tuning, by query set, and the pipeline that it set out from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from pages.common import pipelines, state
from pages.tune.guided_ground import Guiding
from retrieval import Pipeline, tuning

RESULT = "Result"


@dataclass(frozen=True)
class Decision:
    """`taken` is the variant of the `result` that was applied, None where the step was skipped, with a result or without."""

    result: tuning.steps.StepResult | None
    taken: int | None


@dataclass(frozen=True)
class Journey:
    """The pipeline `before` the first step, and the decisions by step; all on the ground that `key` names."""

    key: Hashable
    before: Pipeline
    decisions: Mapping[str, Decision] = field(default_factory=dict)


def journey(guiding: Guiding) -> Journey:
    """That of the query set; a new one where its queries or judgments have changed, for what was decided rests on others."""
    own = _journeys().get(guiding.query_set.key)
    return own if own is not None and own.key == guiding.key else Journey(guiding.key, guiding.pipeline)


def outdated(guiding: Guiding) -> bool:
    """Whether steps were decided on other queries or judgments."""
    own = _journeys().get(guiding.query_set.key)
    return own is not None and own.key != guiding.key


def decisions(guiding: Guiding) -> Mapping[str, Decision]:
    """The decisions by step, in the order of the steps."""
    made = journey(guiding).decisions
    return {name: made[name] for name in tuning.steps.STEPS if name in made}


def apply(guiding: Guiding, result: tuning.steps.StepResult) -> None:
    """Callback: put the variant that is chosen on the page into the session's settings, which are those of every page."""
    name = st.session_state.get(state.taken_key(result.step, result.recommended.name), result.recommended.name)
    taken = next(at for at, variant in enumerate(result.variants) if variant.name == name)
    _decide(guiding, result.step, Decision(result, taken))
    st.session_state.update(pipelines.to_state(result.variants[taken].pipeline))


def skip(guiding: Guiding, step: str, result: tuning.steps.StepResult | None) -> None:
    """Callback: leave the settings as they are."""
    _decide(guiding, step, Decision(result, None))


def start_over(guiding: Guiding) -> None:
    """Callback: forget all decisions and put the settings back to those before the first step."""
    st.session_state.update(pipelines.to_state(journey(guiding).before))
    _journeys().pop(guiding.query_set.key, None)
    st.session_state[state.GUIDED_STEP] = next(iter(tuning.steps.STEPS))


def _decide(guiding: Guiding, step: str, decision: Decision) -> None:
    """Keep a decision, and go on to the next step."""
    own = journey(guiding)
    _journeys()[guiding.query_set.key] = replace(own, decisions={**own.decisions, step: decision})
    names = [*tuning.steps.STEPS, RESULT]
    st.session_state[state.GUIDED_STEP] = names[names.index(step) + 1]


def _journeys() -> dict[str, Journey]:
    journeys: dict[str, Journey] = st.session_state.setdefault(state.GUIDED, {})
    return journeys
