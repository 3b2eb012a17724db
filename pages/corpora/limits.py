"""Widgets to `Limits`: what one import may cost, each limit in the unit that a person thinks in."""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from pages.common import state
from retrieval import Limits

MIB = 2**20
DEFAULTS = Limits()
SHOWN = {
    "upload": ("Size of a file, MiB", MIB),
    "files": ("Files of an archive or a folder", 1),
    "unpacked": ("Unpacked size of an archive, MiB", MIB),
    "ratio": ("Unpacked over packed size", 1),
    "nesting": ("Archives inside archives", 1),
    "pages": ("Pages of a document", 1),
    "characters": ("Characters of a document", 1),
    "seconds": ("Seconds for a file", 1),
    "memory": ("Memory for a file, MiB", MIB),
}


def controls() -> Limits:
    """Draw them; what is beyond a limit is refused and reported, the rest goes on."""
    values = {}
    for item in fields(Limits):
        label, unit = SHOWN[item.name]
        low = 0 if item.name == "nesting" else 1
        default = int(getattr(DEFAULTS, item.name) / unit)
        key = state.limit_key(item.name)
        values[item.name] = int(st.number_input(label, low, value=default, key=key, persist_state="session")) * unit
    return Limits(**values)


def chosen() -> Limits:
    """The limits in force, before their controls are drawn."""
    given = {name: st.session_state.get(state.limit_key(name)) for name in SHOWN}
    return Limits(**{name: int(value) * SHOWN[name][1] for name, value in given.items() if value is not None})
