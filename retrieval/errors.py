"""Everything this library raises on purpose: one sentence that names the thing, the rule and the remedy."""

from __future__ import annotations


class PlaygroundError(Exception):
    """Any expected failure. Its text is shown to the user as it is."""


class BadInput(PlaygroundError):
    """A file, a corpus, a query or a setting that cannot be used as given."""


class BadSetting(BadInput):
    """A setting outside its allowed range."""


class ModelUnavailable(PlaygroundError):
    """A model that cannot be loaded: unknown name, no network, or not a model of this kind."""


class IndexCorrupted(PlaygroundError):
    """A stored part of an index that does not match its manifest."""


class CorpusDamaged(PlaygroundError):
    """Stored documents that are missing or do not match their manifest."""


class DatabaseUnavailable(PlaygroundError):
    """A database that cannot be used as it is: damaged, locked, full, read-only, out of reach, or of a later app."""


def require(condition: bool, message: str) -> None:
    """Raise `BadSetting` with `message` unless `condition` holds; the guard of every settings dataclass."""
    if not condition:
        raise BadSetting(message)
