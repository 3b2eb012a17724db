"""All settings of a retrieval pipeline as one frozen value, its fingerprints, and its TOML form.

A fingerprint names everything that a stage's result depends on, class names included, so that what has not changed is not
computed again.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from retrieval.chunking import CHUNKERS, FixedSize, Sentences, StructureAware, WholeDocument
from retrieval.dense import DENSE, HNSW, Exact
from retrieval.embedders import EMBEDDERS, LSA, SentenceTransformerModel
from retrieval.errors import BadInput, BadSetting, require
from retrieval.fusion import FUSIONS, RRF, Fusion
from retrieval.rerankers import RERANKERS, CrossEncoder, LateInteraction, NoReranker
from retrieval.sparse import BM25, BM25_VARIANTS, BM25Okapi
from retrieval.text import Analyser

PARTS: dict[str, Mapping[str, type]] = {
    "chunker": CHUNKERS,
    "embedder": EMBEDDERS,
    "dense": DENSE,
    "analyser": {"words and identifiers": Analyser},
    "bm25": BM25_VARIANTS,
    "fusion": FUSIONS,
    "reranker": RERANKERS,
}
EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Every choice between a document and the results of a query.

    `weight`: 0 = keywords only, 1 = meaning only. `candidates`: how many each retriever hands to fusion. `rerank_count`: how many
    of the fused ranking are reranked, at least `results`. `blend`: 0 = fused score only, 1 = reranker only.
    """

    chunker: WholeDocument | FixedSize | Sentences | StructureAware = field(default_factory=WholeDocument)
    embedder: SentenceTransformerModel | LSA = field(default_factory=SentenceTransformerModel)
    dense: Exact | HNSW = field(default_factory=Exact)
    analyser: Analyser = field(default_factory=Analyser)
    bm25: BM25 = field(default_factory=BM25Okapi)
    fusion: Fusion = field(default_factory=RRF)
    reranker: LateInteraction | CrossEncoder | NoReranker = field(default_factory=LateInteraction)
    weight: float = 0.5
    candidates: int = 100
    rerank_count: int = 50
    blend: float = 0.5
    results: int = 10

    def __post_init__(self) -> None:
        require(0 <= self.weight <= 1, f"weight {self.weight} must lie between 0 (keywords only) and 1 (meaning only)")
        require(0 <= self.blend <= 1, f"blend {self.blend} must lie between 0 (fused only) and 1 (reranker only)")
        require(self.candidates >= 1, f"candidates {self.candidates} must be at least 1")
        require(self.results >= 1, f"results {self.results} must be at least 1")
        require(
            self.rerank_count >= self.results,
            f"rerank count {self.rerank_count} must be at least the {self.results} results shown; raise it or show fewer",
        )

    @property
    def weights(self) -> tuple[float, float]:
        """The weights of the dense and the sparse ranking."""
        return (self.weight, 1.0 - self.weight)

    def with_(self, **changes: Any) -> Pipeline:
        """A copy with some settings changed."""
        return replace(self, **changes)

    def fingerprint(self, *names: str) -> str:
        """A short name of the settings `names` (all where none is given); equal exactly when they are equal, class included."""
        chosen = names or tuple(item.name for item in fields(self))
        return digest(*(f"{name}={getattr(self, name)!r}" for name in chosen))

    def to_dict(self) -> dict[str, Any]:
        """Plain values: one table a part with its `type`, and the numbers."""
        plain: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in PARTS}
        return plain | {name: _part_to_dict(name, getattr(self, name)) for name in PARTS}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Pipeline:
        """The reverse of `to_dict`; what is missing takes its default, what is unknown raises `BadSetting`."""
        known = {item.name for item in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise BadSetting(f"unknown pipeline setting {unknown[0]!r}; known are {', '.join(sorted(known))}")
        made = {name: _part_from_dict(name, value) if name in PARTS else value for name, value in values.items()}
        pipeline: Pipeline = _construct(cls, made)
        return pipeline

    def to_toml(self) -> str:
        """The pipeline file that the app saves and the terminal reads."""
        import tomli_w

        return tomli_w.dumps(self.to_dict())

    @classmethod
    def from_toml(cls, text: str) -> Pipeline:
        """Read a pipeline file's text; its table `evidence`, which says why it is so (`retrieval.experiments`), is no setting."""
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadInput(f"the pipeline file is not TOML: {error}") from error
        values.pop(EVIDENCE, None)
        return cls.from_dict(values)


def read_pipeline(path: Path) -> Pipeline:
    """Read a pipeline file."""
    try:
        return Pipeline.from_toml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the pipeline file {path} cannot be read: {error}") from error


def digest(*parts: str) -> str:
    """A 16-character name of some texts, in order."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


def kind_of(part: str, value: object) -> str:
    """The name in `PARTS[part]` of a setting's class."""
    return next(name for name, kind in PARTS[part].items() if type(value) is kind)


def _part_to_dict(part: str, value: Any) -> dict[str, Any]:
    plain = {item.name: getattr(value, item.name) for item in fields(value)}
    listed = {name: list(inner) if isinstance(inner, tuple) else inner for name, inner in plain.items() if inner is not None}
    return {"type": kind_of(part, value)} | listed


def _part_from_dict(part: str, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise BadSetting(f"{part} must be a table with a type, not {value!r}")
    settings: dict[str, Any] = {name: tuple(inner) if isinstance(inner, list) else inner for name, inner in value.items()}
    kind = settings.pop("type", next(iter(PARTS[part])))
    if kind not in PARTS[part]:
        raise BadSetting(f"unknown {part} type {kind!r}; known are {', '.join(PARTS[part])}")
    return _construct(PARTS[part][kind], settings)


def _construct(kind: Any, settings: Mapping[str, Any]) -> Any:
    """Call a settings class; a wrong name or a wrong type is the user's, so it gets a sentence."""
    hints = get_type_hints(kind)
    known = {item.name: hints[item.name] for item in fields(kind)}
    for name, value in settings.items():
        if name not in known:
            raise BadSetting(f"{kind.__name__} has no setting {name!r}; its settings are {', '.join(known) or 'none'}")
        if not _accepts(known[name], value):
            raise BadSetting(f"{kind.__name__}'s {name} cannot be {value!r}; give {_described(known[name])}")
    return kind(**{name: float(value) if known[name] is float else value for name, value in settings.items()})


def _accepts(hint: Any, value: object) -> bool:
    """Whether `value` is of the type `hint`; a whole number is also a fraction, and truth is no number."""
    if get_origin(hint) is Literal:
        return isinstance(value, str)
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(_accepts(get_args(hint)[0], item) for item in value)
    if hint in (int, float):
        return isinstance(value, int | hint) and not isinstance(value, bool)
    return isinstance(value, hint)


def _described(hint: Any) -> str:
    words = {int: "a whole number", float: "a number", bool: "true or false"}
    return words.get(hint, "a list of numbers" if get_origin(hint) is tuple else "a text")
