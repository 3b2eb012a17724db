"""What those who judge a set are told, and which of its queries tuning never looks at."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common.markup import plain
from pages.judge.working import Working, anew, asked, attempt, round_of
from retrieval import judging

HELD = "queries"  # the table of the queries shows what is held out, and has to be drawn anew


def guidelines(working: Working) -> None:
    """Draw the editor of the guidelines, and beside it what raters see."""
    key, set_key = f"guidelines {working.record.key} {round_of('guidelines')}", working.record.key

    def store() -> str:
        cached.query_sets().guide(set_key, st.session_state[key])
        return "The guidelines are stored; raters see them beside every document."

    def restore() -> str:
        cached.query_sets().guide(set_key, judging.GUIDELINES)
        anew("guidelines")
        return "The guidelines are the usual ones again."

    write, look = st.columns(2, gap="large")
    with write:
        text = st.text_area("Markdown", working.record.guidelines, key=key, height=440, max_chars=100_000)
        with st.container(horizontal=True, gap="small"):
            same = text == working.record.guidelines
            st.button(
                "Store",
                key="store guidelines",
                type="primary",
                icon=":material/save:",
                disabled=same,
                on_click=attempt,
                args=(store,),
            )
            usual = working.record.guidelines == judging.GUIDELINES
            st.button(
                "Back to the usual ones",
                key="restore guidelines",
                icon=":material/undo:",
                disabled=usual,
                on_click=attempt,
                args=(restore,),
            )
    with look:
        st.caption("What raters see")
        with st.container(border=True, height=440):
            st.markdown(text or "")


def held_out(working: Working) -> None:
    """Draw the share to hold out, and what of each class is held out now and would be."""
    if not working.queries:
        st.info("This set has no query yet; add some under **Add queries**.", icon=":material/playlist_add:")
        return
    choose, look = st.columns([1, 1.6], gap="large")
    with choose:
        st.markdown(
            "A query that is held out has no part in tuning: settings are chosen on the others, and these say whether the choice"
            " holds. Draw them once, before tuning, and let them be."
        )
        share = st.slider("Share to hold out", 5, 50, 20, 5, format="%d %%", key=state.HELD_SHARE, persist_state="session") / 100
        planned = judging.held_out(working.queries, share, 0)
        new = sum(not query.held_out for query in planned)
        st.button(
            f"Hold out {asked(new, 'more')}" if new else "Nothing more to hold out",
            key="hold out",
            type="primary",
            icon=":material/lock:",
            disabled=not new,
            on_click=attempt,
            args=(lambda: _hold_out(working, share),),
        )
        st.caption("Drawn at random, the same share of every class; what is held out stays so. Release some under **Queries**.")
    with look:
        _by_class(working, {query.id for query in planned}, share)


def _hold_out(working: Working, share: float) -> str:
    """Hold out a share; returns how many of each class are held out now."""
    held = set(cached.query_sets().hold_out(working.record.key, share))
    anew(HELD)
    counts = Counter(query.category or "without a class" for query in working.queries if query.id in held)
    return f"Held out now: {asked(len(held))} ({', '.join(f'{plain(name)} {count}' for name, count in sorted(counts.items()))})."


def _by_class(working: Working, planned: set[str], share: float) -> None:
    total, now, then = Counter[str](), Counter[str](), Counter[str]()
    for query in working.queries:
        name = (query.category or "without a class") + (" · synthetic" if judging.is_synthetic(query) else "")
        total[name] += 1
        now[name] += query.held_out
        then[name] += query.id in planned
    rows = [(name, total[name], now[name], 100 * now[name] / total[name], then[name]) for name in sorted(total)]
    rows.append(("all", total.total(), now.total(), 100 * now.total() / total.total(), then.total()))
    would = f"with {share:.0%}"
    st.dataframe(
        pd.DataFrame(rows, columns=["class", "queries", "held out", "share", would]),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={
            "share": st.column_config.ProgressColumn(format="%.0f%%", min_value=0.0, max_value=100.0),
            would: st.column_config.NumberColumn(help="How many would be held out after the button is pressed."),
        },
        key="held out by class",
    )
