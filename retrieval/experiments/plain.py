"""Frozen dataclasses as plain values, for JSON and TOML, and back with every type checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from sys import float_info
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np

WORDS: Mapping[Any, str] = {str: "a text", bool: "true or false", int: "a whole number"}


def to_plain(value: Any) -> Any:
    """Dataclasses and mappings as dicts, tuples as lists, and no field that is None: TOML has no such value."""
    if is_dataclass(value):
        pairs = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {name: to_plain(inner) for name, inner in pairs if inner is not None}
    if isinstance(value, Mapping):
        return {name: to_plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(inner) for inner in value]
    return value.item() if isinstance(value, np.generic) else value


def of_plain(hint: Any, value: Any, where: str) -> Any:
    """The value of the type `hint` that `to_plain` gave; numbers are finite, whole ones also stand for fractions.

    Of types it knows dataclasses, `tuple[X, ...]`, `Mapping[str, X]`, `X | None` (whose default in a dataclass must be None),
    str, bool, int, float, and Any for plain values. Raises ValueError, which names the place, below `where`, and the rule.
    """
    if is_dataclass(hint):
        return _dataclass(hint, _table(value, where), where)
    if get_origin(hint) is tuple:
        return tuple(of_plain(get_args(hint)[0], inner, f"{where}[{at}]") for at, inner in enumerate(_list(value, where)))
    if get_origin(hint) is Mapping:
        return {name: of_plain(get_args(hint)[1], inner, f"{where}.{name:.40}") for name, inner in _table(value, where).items()}
    if NoneType in get_args(hint):
        return None if value is None else of_plain(get_args(hint)[0], value, where)
    if hint is Any:
        return _any(value, where)
    if hint is float:
        return _number(value, where)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise _unfit(where, value, WORDS[hint])
    return value


def _dataclass(kind: Any, values: Mapping[str, Any], where: str) -> Any:
    hints = _hints(kind)
    if unknown := sorted(values.keys() - hints):
        raise ValueError(f"{where} has no field {unknown[0][:80]!r}, its fields are {', '.join(hints)}")
    for item in fields(kind):
        if item.name not in values and not _may_lack(item):
            raise ValueError(f"{where} lacks the field {item.name!r}")
    return kind(**{name: of_plain(hints[name], inner, f"{where}.{name}") for name, inner in values.items()})


def _may_lack(item: Field[Any]) -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _any(value: Any, where: str) -> Any:
    if isinstance(value, Mapping):
        return of_plain(Mapping[str, Any], value, where)
    if isinstance(value, list):
        return [_any(inner, f"{where}[{at}]") for at, inner in enumerate(value)]
    if value is None or isinstance(value, str | bool | int):
        return value
    return _number(value, where)


def _number(value: Any, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not -float_info.max <= value <= float_info.max:
        raise _unfit(where, value, "a finite number")
    return float(value)


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _unfit(where, value, "a list")
    return value


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise _unfit(where, value, "a table")
    return value


def _unfit(where: str, value: Any, rule: str) -> ValueError:
    return ValueError(f"{where} is {repr(value)[:80]}, it must be {rule}")
