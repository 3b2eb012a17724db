"""Cross-encoders: query and candidate read together (Nogueira and Cho, 2019).

Any sentence-transformers CrossEncoder with one output, by hub name or local path.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelUnavailable, require
from retrieval.hub import reachable
from retrieval.rerankers.base import Request, Reranker
from retrieval.rerankers.tokens import TokenIndex

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder as CrossEncoderModel

SCORING = ("ForSequenceClassification", "ForCausalLM", "ForConditionalGeneration")


@dataclass(frozen=True, slots=True)
class CrossEncoder:
    """A cross-encoder with one output, by hub name or local path; time is linear in the candidates."""

    model: str = "cross-encoder/ms-marco-MiniLM-L6-v2"

    def __post_init__(self) -> None:
        require(bool(self.model.strip()), "the model's name is empty; give a hub name or a folder")

    def load(self, tokens: TokenIndex | None) -> CrossEncoderReranker:
        """Load the model; raises `ModelUnavailable` with the reason."""
        return CrossEncoderReranker(_load(self.model))


class CrossEncoderReranker(Reranker):
    """A loaded cross-encoder."""

    independent: ClassVar[bool] = True

    def __init__(self, model: CrossEncoderModel) -> None:
        self._model = model

    def score(self, request: Request) -> NDArray[np.float32]:
        pairs = [(request.query, text) for text in request.texts]
        if not pairs:
            return np.zeros(0, np.float32)
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32)


@lru_cache(maxsize=2)
def _load(name: str) -> CrossEncoderModel:
    try:
        from sentence_transformers import CrossEncoder as Model

        model: CrossEncoderModel = Model(
            name, trust_remote_code=False, local_files_only=not reachable(), model_kwargs={"use_safetensors": True}
        )
    except Exception as error:
        raise ModelUnavailable(
            f"The reranker {name!r} could not be loaded: it is neither a model folder on this computer nor a model that the hub "
            "gave us; check the name and the network, or choose late interaction, which needs neither."
        ) from error
    architectures: list[str] = getattr(model.config, "architectures", None) or []
    # sentence-transformers gives a model without a head a new one of random weights
    if not any(architecture.endswith(SCORING) for architecture in architectures):
        raise ModelUnavailable(f"The model {name!r} has no head that scores a pair of texts; choose a cross-encoder.")
    if model.num_labels != 1:
        raise ModelUnavailable(f"The model {name!r} has {model.num_labels} outputs; a reranker needs exactly one.")
    return model
