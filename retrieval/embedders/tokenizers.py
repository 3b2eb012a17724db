"""How embedders count: tokens of a text without the model's weights, so that a document is split before anything is embedded.

A model's `tokenizer.json` is read by the `tokenizers` library alone; neither torch nor sentence-transformers is imported for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Backend

PIECE = 4096
TEXTS_PER_BATCH = 1024
UNBOUNDED = 1_000_000  # transformers writes a huge number where a tokenizer declares no limit

_WORD = re.compile(r"\b\w+\b")
_SURROGATE = re.compile("[\ud800-\udfff]")


class WordTokenizer:
    """Words as scikit-learn and LSA see them: runs of letters, digits and underscores. Nothing is added, nothing cut off."""

    limit: int | None = None
    added = 0

    def spans(self, text: str) -> NDArray[np.int64]:
        """The character span of every word, (n, 2)."""
        return np.array([match.span() for match in _WORD.finditer(text)], np.int64).reshape(-1, 2)

    def counts(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many words each text has; (n,)."""
        return np.array([len(_WORD.findall(text)) for text in texts], np.int64)


class ModelTokenizer:
    """A fast tokenizer of a transformer. Truncation and padding are off, special tokens are counted in `added` alone."""

    def __init__(self, backend: Backend, limit: int | None, prompt: str = "") -> None:
        self._backend = backend
        self.limit = limit
        self.added = int(backend.num_special_tokens_to_add(False)) + int(self.counts([prompt])[0])

    def spans(self, text: str) -> NDArray[np.int64]:
        """The character span of every token, (n, 2).

        A long text is read in pieces of about 4,096 characters that end before white space: measured twice as
        fast as in one go on 2 MB, and memory stays small.
        """
        found = [np.zeros((0, 2), np.int64)]
        for start, piece in _pieces(text):
            encoding = self._backend.encode(_readable(piece), add_special_tokens=False)
            found.append(np.array(encoding.offsets, np.int64).reshape(-1, 2) + start)
        return np.concatenate(found)

    def counts(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many tokens each text has, without those that the model adds; (n,)."""
        found: list[int] = []
        for start in range(0, len(texts), TEXTS_PER_BATCH):
            batch = [_readable(text) for text in texts[start : start + TEXTS_PER_BATCH]]
            found += map(len, self._backend.encode_batch_fast(batch, add_special_tokens=False))
        return np.array(found, np.int64)


@lru_cache(maxsize=1)
def word_tokenizer() -> WordTokenizer:
    """The tokenizer of embedders that see words."""
    return WordTokenizer()


def from_folder(folder: Path, declared_prompts: Sequence[str], prompt: str | None) -> ModelTokenizer | None:
    """The tokenizer of a model's folder, or None where it has no `tokenizer.json`.

    `prompt` is put in front of every document; None takes the first of `declared_prompts` that the model declares.
    """
    from tokenizers import Tokenizer as Backend

    if not (folder / "tokenizer.json").is_file():
        return None
    backend = Backend.from_file(str(folder / "tokenizer.json"))
    return _plain(backend, lambda name: _json(folder / name), declared_prompts, prompt)


def from_hub(name: str, offline: bool, declared_prompts: Sequence[str], prompt: str | None) -> ModelTokenizer:
    """The tokenizer of a hub's model, or of a folder that has only a vocabulary."""
    from tokenizers import Tokenizer as Backend
    from transformers import AutoTokenizer

    loaded = AutoTokenizer.from_pretrained(name, use_fast=True, trust_remote_code=False, local_files_only=offline)
    backend = Backend.from_str(loaded.backend_tokenizer.to_str())

    def settings(file: str) -> dict[str, Any]:
        from transformers.utils.hub import cached_file

        path = cached_file(name, file, local_files_only=offline, _raise_exceptions_for_missing_entries=False)
        return _json(Path(path)) if path else {}

    return _plain(backend, settings, declared_prompts, prompt)


def _plain(
    backend: Backend, settings: Callable[[str], dict[str, Any]], declared: Sequence[str], prompt: str | None
) -> ModelTokenizer:
    backend.no_truncation()
    backend.no_padding()
    if prompt is None:
        prompts = settings("config_sentence_transformers.json").get("prompts", {})
        prompt = next((prompts[name] for name in declared if prompts.get(name)), "")
    return ModelTokenizer(backend, _limit(settings), prompt)


def _limit(settings: Callable[[str], dict[str, Any]]) -> int | None:
    """As sentence-transformers finds it: its own setting, else the smaller of what model and tokenizer declare."""
    own = settings("sentence_bert_config.json").get("max_seq_length")
    if own is not None:
        return int(own)
    declared = (
        settings("config.json").get("max_position_embeddings"),
        settings("tokenizer_config.json").get("model_max_length"),
    )
    return min((int(limit) for limit in declared if limit and limit < UNBOUNDED), default=None)


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    values = json.loads(path.read_text(encoding="utf-8"))
    return values if isinstance(values, dict) else {}


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > PIECE:
        end = max(text.rfind(space, start + PIECE // 2, start + PIECE) for space in " \n")
        end = start + PIECE if end < 0 else end
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _readable(text: str) -> str:
    """`text` as UTF-8 can hold it; a lone surrogate becomes the replacement character, of the same length."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
