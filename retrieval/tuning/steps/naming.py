"""Parts of a pipeline in a few words, each telling from the others what is set in it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from retrieval.pipeline import PARTS, kind_of

SPOKEN = ("size", "dimensions", "model")  # settings that name the thing, and so stand without their own name
OBVIOUS = "sentence-transformers"  # where the model's name says it


def name_of(part: str, value: Any) -> str:
    """ "structure-aware 200", "LSA 256", "late interaction, weighting idf": the kind, its main setting, what is not default.

    A `part` that is a number, as `rerank_count`, is named by it.
    """
    if part not in PARTS:
        return str(value)
    kind = kind_of(part, value)
    own = {item.name: getattr(value, item.name) for item in fields(value)}
    usual = {item.name: getattr(type(value)(), item.name) for item in fields(value)}
    main = [] if kind == OBVIOUS else [kind]
    main += [str(own[name]) for name in SPOKEN if name in own]
    others = [f"{name.replace('_', ' ')} {own[name]}" for name in own if name not in SPOKEN and own[name] != usual[name]]
    return ", ".join([" ".join(main), *others])
