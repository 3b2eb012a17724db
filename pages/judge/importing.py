"""The import of judgments: what a file would do to the set, choices for what is doubtful, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.common import cached, state
from pages.common.markup import counted, plain
from pages.judge import charts
from pages.judge.working import SHOWN, Working, anew, asked, figures, kept, refusals, round_of, store_button
from retrieval import PlaygroundError, judging

UPLOADS = "judgments"


def importing(working: Working) -> None:
    """Draw it."""
    upload, choose = st.columns([1.5, 1], gap="large")
    file = upload.file_uploader(
        f"Judgments for {plain(working.record.name)}: TREC qrels, BEIR qrels, CSV of ratings, JSON Lines",
        key=f"{state.LABEL_UPLOADS} {round_of(UPLOADS)}",
    )
    if file is None:
        upload.caption("Nothing is stored before you have seen what the file would do.")
        return
    with choose:
        read_as = _settings(file)
    if read_as is None:
        return
    format, scale, rater = read_as
    key = (file.file_id, format, str(scale), rater, cached.judgments().version(working.record.key), working.queries)

    def preview() -> judging.Preview:
        given, history = cached.counted(working.record.key), cached.judgments().history(working.record.key)
        return judging.preview_file(file.getvalue(), format, working.queries, working.rows, given, history, scale, rater)

    with st.spinner("Reading the file"):
        found = kept(state.PREVIEW_OF_FILE, key, preview)
    _found(working, found)


def _settings(file: Any) -> tuple[str, judging.Scale, str] | None:
    """How the file is read: its format, what its grades mean, and who gave them."""
    names, guess = list(judging.FORMATS), judging.guess_format(file.name, file.getvalue())
    format = st.selectbox(
        "Format",
        names,
        index=names.index(guess) if guess in names else None,
        format_func=lambda name: judging.FORMATS[name].label,
        key=f"format {file.file_id}",
        placeholder="Choose one, nothing in the file tells",
        help="Guessed from the content and the name.",
    )
    left, right = st.columns(2, gap="small")
    text = left.selectbox(
        "Scale",
        list(judging.SCALES),
        key=f"scale {file.file_id}",
        accept_new_options=True,
        help="What the file's grades are here. Clip: below 0 is 0, above 3 is 3. Binary: 1 is Relevant. Or steps, as 1=2,4=3.",
    )
    rater = right.text_input(
        "Rater", "imported", key=f"rater {file.file_id}", max_chars=100, help="Of judgments for which the file names none."
    )
    if format is None:
        return None
    st.caption(plain(judging.FORMATS[format].holds))
    try:
        return format, judging.scale_of(text or ""), rater.strip() or "imported"
    except PlaygroundError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _found(working: Working, found: judging.Preview) -> None:
    """The preview, the choices and the button."""
    figures(
        {
            "Rows read": found.rows,
            "Refused": len(found.refused),
            "Unknown queries": len(found.new) + len(found.unknown_queries),
            "Unknown documents": len(found.unknown_documents),
            "Duplicates": len(found.duplicates),
            "Conflicts": len(found.conflicts),
            "There already": found.unchanged,
        }
    )
    if found.advice:
        st.info(f"{found.advice[:1].upper()}{found.advice[1:]}.", icon=":material/straighten:")
    chart, choices = st.columns([1, 1.2], gap="large")
    if found.said:
        with chart:
            st.markdown("Grades that may enter")
            st.plotly_chart(charts.grades(found.grades), width="stretch", config={"displayModeBar": False}, key="import-grades")
    with choices:
        entering = found.resolved(_resolution(working, found))
    with choices if found.said else st.container():
        _button(working, entering)
    refusals([(refused.where, f"{refused.reason}; {refused.remedy}") for refused in found.refused], "judgments")
    _tables(working, found)


def _resolution(working: Working, found: judging.Preview) -> judging.Resolution:
    """What to do about each doubtful kind that there is."""
    defaults = judging.Resolution()
    changed = len(found.conflicts) + len(found.changed)
    conflicts, queries, documents = defaults.conflicts, defaults.queries, defaults.documents
    if changed:
        what = f"{counted(len(found.conflicts), 'conflict')} with grades that count here"
        what += f", {asked(len(found.changed))} with other words" if found.changed else ""
        conflicts = _choice(what, judging.CONFLICTS, conflicts)
        if found.conflicts and conflicts == "take" and working.record.rule != "latest":
            st.caption(f"What counts is decided by the rule of the set, {plain(working.record.rule)}, over all raters.")
    if unknown := len(found.new) + len(found.unknown_queries):
        bare = len(found.unknown_queries)
        without = f",{f' {bare:,} of them' if found.new else ''} without a text in the file" if bare else ""
        queries = _choice(f"{asked(unknown)} that the set does not have{without}", judging.UNKNOWN_QUERIES, queries)
    if found.unknown_documents:
        what = f"{counted(len(found.unknown_documents), 'document')} that the corpus does not have"
        documents = _choice(what, judging.UNKNOWN_DOCUMENTS, documents)
    return judging.Resolution(conflicts, queries, documents)


def _choice(what: str, options: Mapping[str, str], default: str) -> str:
    names = list(options)
    return str(st.radio(what, names, index=names.index(default), format_func=lambda name: options[name], key=f"do about {names}"))


def _button(working: Working, entering: judging.Entering) -> None:
    queries = (*entering.queries, *entering.changed)

    def enter() -> str:
        cached.judgments().give(working.record.key, entering.verdicts, queries)
        anew(UPLOADS)
        return f"{what} imported into {plain(working.record.name)}, all in one transaction."

    parts = [counted(len(entering.verdicts), "judgment")] if entering.verdicts or not queries else []
    parts += [asked(len(queries))] if queries else []
    what = " and ".join(parts)
    store_button(f"Import {what}", "import judgments", "download_done", enter, not entering.verdicts and not queries)
    if not entering.verdicts and not queries:
        st.caption("Nothing of this file enters by these choices.")


def _tables(working: Working, found: judging.Preview) -> None:
    """Row by row what is doubtful."""
    texts = {query.id: query.text for query in (*working.queries, *found.new)}
    place = ["query", "document", "passage"]
    conflicts = [(_line(one.line), *_place(one.place, texts), one.old, one.new, one.rater) for one in found.conflicts]
    _table("Conflicts", ["where", *place, "here", "in the file", "rater"], conflicts)
    duplicates = [
        (_line(one.line), _line(one.first), *_place(one.place, texts), one.kept, one.dropped) for one in found.duplicates
    ]
    _table("Duplicates", ["where", "repeats", *place, "counts", "left out"], duplicates)
    unknown = [(query.id, query.text) for query in found.new] + [(id, "") for id in found.unknown_queries]
    _table("Unknown queries", ["id", "query"], unknown)
    _table("Unknown documents", ["id"], [(id,) for id in found.unknown_documents])


def _line(number: int) -> str:
    return f"line {number:,}"


def _place(place: tuple[str, str, int | None, int | None], texts: Mapping[str, str]) -> tuple[str, str, str]:
    """Query, document and characters of a judgment."""
    query, document, start, end = place
    return texts.get(query) or query, document, "" if start is None else f"{start:,} to {end:,}"


def _table(title: str, columns: list[str], rows: Sequence[tuple[object, ...]]) -> None:
    if not rows:
        return
    table = pd.DataFrame(rows[:SHOWN], columns=columns)
    first = f", the first {SHOWN:,}" if len(rows) > SHOWN else ""
    with st.expander(f"{title}: {len(rows):,}{first}", expanded=title == "Conflicts"):
        keep = [name for name in columns if name != "passage" or any(table[name])]
        st.dataframe(table[keep], hide_index=True, width="stretch", key=f"table {title}")
