"""The document under judgment: its text with marks in it, in which a selection becomes a span.

A component of Streamlit, since none of its elements tells what is selected. The text goes in as text nodes and never as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from pages.common import state
from pages.judge.passages import Segment

HTML = '<div id="text" tabindex="0" role="document" aria-label="Document"></div>'

CSS = """
#text {
  box-sizing: border-box; max-height: 34rem; overflow-y: auto; padding: 0.9rem 1.1rem; white-space: pre-wrap;
  overflow-wrap: anywhere; line-height: 1.6; font-size: 0.95rem; color: var(--st-text-color); font-family: var(--st-font);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
}
#text:focus-visible { outline: 2px solid var(--st-primary-color); }
#text::selection, #text span::selection { background: color-mix(in srgb, var(--st-primary-color) 35%, transparent); }
.passage { background: color-mix(in srgb, var(--st-primary-color) 12%, transparent); }
.judged { text-decoration: underline 2px var(--st-green-color, #2a9d5c); text-underline-offset: 0.2em; }
.term { font-weight: 700; background: color-mix(in srgb, var(--st-orange-color, #e08a1e) 30%, transparent); border-radius: 3px; }
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector("#text");
  if (root.dataset.name !== data.name) {
    root.dataset.name = data.name;
    root.replaceChildren(...data.segments.map((segment) => {
      const span = document.createElement("span");
      span.textContent = segment.text;
      span.dataset.start = segment.start;
      span.className = segment.kinds.join(" ");
      if (segment.label) span.title = segment.label;
      return span;
    }));
    const passage = root.querySelector(".passage");
    root.scrollTop = passage ? Math.max(0, passage.offsetTop - root.offsetTop - root.clientHeight / 4) : 0;
  }
  const place = (node, offset) => {
    if (node.nodeType !== Node.TEXT_NODE) {
      const child = node.childNodes[offset];
      if (child) return place(child.firstChild ?? child, 0);
      const last = node.lastChild;
      return last ? place(last.lastChild ?? last, (last.textContent ?? "").length) : null;
    }
    const span = node.parentElement;
    if (!span || !root.contains(span) || span.dataset.start === undefined) return null;
    return Number(span.dataset.start) + [...node.data.slice(0, offset)].length;
  };
  const selected = () => {
    const holder = parentElement.getSelection ? parentElement.getSelection() : document.getSelection();
    const range = holder && holder.rangeCount && !holder.isCollapsed ? holder.getRangeAt(0) : null;
    if (!range) return;
    const start = place(range.startContainer, range.startOffset), end = place(range.endContainer, range.endOffset);
    if (start !== null && end !== null && start < end) setTriggerValue("selected", { start, end });
  };
  root.onmouseup = selected;
  root.onkeyup = (event) => { if (event.shiftKey || event.key === "Shift") selected(); };
}
"""

_reader = st.components.v2.component("judge_reader", html=HTML, css=CSS, js=JS)


def reader(name: str, segments: Sequence[Segment], on_selected: Callable[[], None]) -> None:
    """Draw the text called `name`. What is selected in it calls `on_selected`, for which `selected` has the characters."""
    marks = hash(tuple(segments))  # another name has the browser draw the text anew
    data: dict[str, Any] = {"name": f"{name} {marks}", "segments": [asdict(segment) for segment in segments]}
    _reader(key=state.READER, data=data, on_selected_change=on_selected, height="content")


def selected() -> tuple[int, int] | None:
    """The characters that were selected just now, None where none were."""
    chosen = st.session_state[state.READER].selected
    return (int(chosen["start"]), int(chosen["end"])) if chosen else None
