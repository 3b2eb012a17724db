"""Chunkers as they are written on a command line: `structure-aware`, `fixed size:size=100,overlap=10`."""

from __future__ import annotations

import tomllib
from typing import Any

from retrieval.chunking import Chunker
from retrieval.errors import BadSetting
from retrieval.pipeline import Pipeline


def chunker_of(text: str) -> Chunker:
    """The chunker that `text` names, by its name in `CHUNKERS`, with its settings. Raises BadSetting with the reason."""
    name, _, settings = text.partition(":")
    values = dict(setting_of(part, text) for part in settings.split(",") if part.strip())
    return Pipeline.from_dict({"chunker": {"type": name.strip()} | values}).chunker


def setting_of(part: str, text: str) -> tuple[str, Any]:
    """The name and the value of a setting, written as in a pipeline file; what is no value of TOML is a text."""
    name, equals, value = (piece.strip() for piece in part.partition("="))
    if not equals or not name or not value:
        raise BadSetting(
            f'the chunker "{text}" has the setting "{part.strip()}"; write its name, = and its value, as in size=100'
        )
    try:
        return name, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name, value
