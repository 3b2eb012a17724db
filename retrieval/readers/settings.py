"""What a reader is told besides the bytes: the limits in force, and which fields of a table or of JSON objects hold what."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from retrieval.errors import require

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one import may cost. Sizes are bytes, `seconds` and `memory` are those of one file in its worker process.

    `ratio`: unpacked over packed size of an archive. `nesting`: archives inside archives. `pages`: of one document, `characters`:
    of one document.
    """

    upload: int = 200 * MIB
    files: int = 10_000
    unpacked: int = 1024 * MIB
    ratio: int = 200
    nesting: int = 2
    pages: int = 5_000
    characters: int = 20_000_000
    seconds: float = 60.0
    memory: int = 2048 * MIB

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            low = 0 if item.name == "nesting" else 1
            require(value >= low, f"the limit {item.name} is {value} and must be at least {low}; raise it")


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the columns of a table, or of the fields of JSON objects; dots lead into objects ("author.name").

    An empty name takes the usual one (`_id`, `title`, `text`, …) where there is one. Several `text` fields are joined by blank
    lines. `metadata`: None takes every other scalar field. `syntax` is that of the text, see `Structure`.
    """

    text: tuple[str, ...] = ()
    title: str = ""
    id: str = ""
    metadata: tuple[str, ...] | None = None
    syntax: str = "text"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a batch of files.

    Documents with the content of an earlier one are dropped unless `keep_duplicates`. `depth` is how many archives and mails a
    file lies in; 0 is the file itself.
    """

    limits: Limits = field(default_factory=Limits)
    fields: Fields = field(default_factory=Fields)
    keep_duplicates: bool = False
    depth: int = 0

    def inside(self) -> Reading:
        """The same for a file that lies in the one that is read now."""
        return replace(self, depth=self.depth + 1)


DEFAULT = Reading()
