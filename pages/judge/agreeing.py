"""The section Agreement: whether raters mean the same by their grades, whose grade counts, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common import judging as common
from pages.judge import beside, charts
from pages.judge.disputes import disputes
from pages.judge.pools import Pooling
from retrieval import PlaygroundError, judging

RULE_LABELS = {"latest": "the latest grade", "median": "the median grade"}
RULE_HELP = (
    "Latest: the last grade that a person gave; one that came with the corpus where no person gave any. Median: the lower of the "
    "two in the middle of an even number. Adjudicator: the grade of one rater, and the median where that rater gave none."
)
READINGS = {
    "reliable": ("green", "The labels can be relied on: alpha is at least 0.8."),
    "tentative": ("orange", "Good for tentative conclusions only: alpha is at least 0.667, and below 0.8."),
    "not reliable": (
        "red",
        "The raters do not mean the same by their grades: alpha is below 0.667. Talk about the disagreements, sharpen the "
        "guidelines, judge again.",
    ),
}
ALPHA_HELP = (
    "Krippendorff's alpha with the ordinal metric: 1 is perfect agreement, 0 what chance would give, below 0 worse than chance. "
    "Krippendorff (2004) asks for 0.8 to rely on labels, and takes 0.667 for tentative conclusions."
)
RATERS_HELP = (
    f'What came with the corpus is from the rater "{judging.SHIPPED}", what was made from it from "{judging.KNOWN_ITEM}".'
)
KAPPA_HELP = "Cohen's kappa with linear weights: a disagreement counts by the steps between the grades."


def agreeing(corpus: str, chosen: judging.QuerySet | None, pooling: Pooling) -> None:
    """Draw it."""
    if chosen is None:
        st.info(
            "There is no query set yet, so nobody can agree on it; make one in the section Query sets.", icon=":material/group:"
        )
        return
    _agreeing(corpus, chosen.key, pooling)


@st.fragment
def _agreeing(corpus: str, key: str, pooling: Pooling) -> None:
    """Everything that a grade or another rule changes."""
    chosen, every = cached.query_sets().record(key), cached.compared(key).by_rater
    beside.fault()
    if not every:
        st.info("Nobody has judged anything in this query set yet; grade some documents first.", icon=":material/group:")
        return
    figures = st.container()
    raters, pairs, map_ = st.columns([1, 1.15, 1.25], gap="large")
    with raters:
        found = _raters(chosen, every)
    with figures:
        _figures(found)
    if found.alpha.places:
        with pairs:
            _kappas(found.kappas)
        with map_:
            _map(found)
        disputes(corpus, chosen, found, pooling.pipeline.analyser)


def _figures(found: judging.Comparison) -> None:
    """Alpha in a number and in words, and what it rests on."""
    alpha, places, differ, raters = st.columns(4, gap="small")
    value = found.alpha.value
    alpha.metric("Krippendorff's alpha", "–" if value is None else f"{value:.3f}", help=ALPHA_HELP, border=True)
    places.metric("Graded by two or more", f"{found.alpha.places:,}", help="Documents and passages", border=True)
    differ.metric("Disagreements", f"{len(found.disagreements):,}", help="Of these, with different grades", border=True)
    raters.metric("Raters", f"{len(found.by_rater):,}", border=True)
    if value is None:
        st.info(found.alpha.reason, icon=":material/group:")
    else:
        colour, meaning = READINGS[judging.reading(value)]
        st.markdown(f":{colour}-badge[{judging.reading(value)}] {meaning} :gray[:small[Krippendorff (2004)]]")


def _raters(chosen: judging.QuerySet, every: Mapping[str, int]) -> judging.Comparison:
    """All raters, whose grade counts, and who is left out of the comparison, which is returned."""
    st.markdown("##### Raters", help=RATERS_HELP)
    st.dataframe(
        pd.DataFrame({"rater": [common.who(rater) for rater in every], "judgments": list(every.values())}),
        hide_index=True,
        width="stretch",
        key="raters",
        column_config={
            "judgments": st.column_config.NumberColumn(help="Documents and passages on which the rater's word stands")
        },
    )
    _rule(chosen, every)
    key = f"{state.LEFT_OUT} {chosen.key}"
    st.session_state[key] = [rater for rater in st.session_state.get(key, []) if rater in every]
    left_out = st.multiselect(
        "Left out of the comparison",
        list(every),
        key=key,
        format_func=common.who,
        placeholder="Nobody",
        help="Their grades count as before; the figures and the disagreements here leave them out.",
    )
    return cached.compared(chosen.key, tuple(left_out))


def _rule(chosen: judging.QuerySet, by_rater: Mapping[str, int]) -> None:
    """Whose grade counts; the choice is stored with the set. Every rater may be the adjudicator, the present one too."""
    names = dict.fromkeys([chosen.rule.partition(":")[2], *by_rater, common.rater()])
    rules = [*RULE_LABELS, *(f"adjudicator:{name}" for name in names if name)]
    key = f"rule {chosen.key} {chosen.rule}"
    st.selectbox(
        "What counts",
        rules,
        index=rules.index(chosen.rule),
        key=key,
        format_func=lambda rule: RULE_LABELS.get(rule, f"adjudicator: {common.who(rule.partition(':')[2])}"),
        help=RULE_HELP,
        on_change=decide,
        args=(chosen, key),
    )


def decide(chosen: judging.QuerySet, control: str) -> None:
    """Callback of the control with this key: store whose grade counts."""
    try:
        cached.query_sets().decide(chosen.key, st.session_state[control])
    except PlaygroundError as error:
        st.session_state[state.FAULT] = str(error)
        st.session_state[control] = chosen.rule
        return
    st.session_state.pop(state.FAULT, None)


def _kappas(kappas: Mapping[tuple[str, str], judging.Agreement]) -> None:
    st.markdown("##### Two by two", help=KAPPA_HELP)
    rows = [
        {
            "rater": common.who(one),
            "and": common.who(other),
            "kappa": "–" if kappa.value is None else f"{kappa.value:.3f}",
            "places": kappa.places,
        }
        for (one, other), kappa in kappas.items()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        key="kappas",
        column_config={"places": st.column_config.NumberColumn("places", help="Graded by both")},
    )
    if any(kappa.value is None for kappa in kappas.values()):
        st.caption(
            "–: the two share no place, or all their shared grades are the same, so that chance cannot be told from agreement."
        )


def _map(found: judging.Comparison) -> None:
    """The grades of two raters against each other."""
    pairs = [pair for pair, kappa in found.kappas.items() if kappa.places]
    pair = st.selectbox(
        "Grades of two raters against each other",
        pairs,
        key=state.PAIR,
        format_func=lambda pair: f"{common.who(pair[0])} and {common.who(pair[1])}",
    )
    one, other = pair if pair in pairs else pairs[0]
    figure = charts.confusion(judging.confusion(found.words, one, other), common.who(one), common.who(other))
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="confusion")
