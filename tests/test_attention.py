"""Attention over short texts against torch's own in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import BertConfig, BertModel

from retrieval.embedders import attention

TOLERANCE = {torch.float32: 1e-5, torch.bfloat16: 0.02}


def bidirectional() -> nn.Module:
    module = nn.Module()
    module.is_causal = False
    return module


def made(texts: int, tokens: int, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(texts * tokens)
    query, key, value = (torch.randn(texts, tokens, 3, 8, generator=generator).to(dtype).transpose(1, 2) for _ in range(3))
    return query, key, value


def expected(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    result = scaled_dot_product_attention(query.double(), key.double(), value.double(), attn_mask=mask, scale=0.3)
    return result.transpose(1, 2)


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize(("texts", "tokens"), [(1, 1), (5, 7), (3, 300), (1, attention.LONGEST), (2, attention.LONGEST + 1)])
@pytest.mark.parametrize("padded", ["no mask", "keys", "all pairs"])
def test_the_same_as_torch(texts: int, tokens: int, padded: str, dtype: torch.dtype) -> None:
    query, key, value = made(texts, tokens, dtype)
    lengths = torch.arange(texts) % tokens + 1
    keys = (torch.arange(tokens) < lengths[:, None])[:, None, None]
    masks = {"no mask": None, "keys": keys.expand(-1, -1, tokens, -1), "all pairs": keys.repeat(1, 1, tokens, 1)}
    result, weights = attention.attend(bidirectional(), query, key, value, masks[padded], scaling=0.3, dropout=0.0)
    assert weights is None
    assert result.shape == (texts, tokens, 3, 8)
    assert (result - expected(query, key, value, masks[padded])).abs().max() < TOLERANCE[dtype]


def test_more_scores_than_are_computed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "SCORES", 3 * 4 * 4 * 2)  # two texts
    query, key, value = made(5, 4)
    result, _ = attention.attend(bidirectional(), query, key, value, None, scaling=0.3)
    assert (result - expected(query, key, value, None)).abs().max() < 1e-5


def test_a_model_that_does_not_say_otherwise_is_causal() -> None:
    query, key, value = made(2, 6)
    result, _ = attention.attend(nn.Module(), query, key, value, None, scaling=0.3)
    below = torch.ones(6, 6, dtype=torch.bool).tril()
    assert (result - expected(query, key, value, below)).abs().max() < 1e-5


def small_bert(attending: str) -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=32,
        attn_implementation=attending,
    )
    return BertModel(config).eval()


def test_a_model_attends_by_it_and_gives_the_same_vectors() -> None:
    model, mask = small_bert("sdpa"), torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    given = {"input_ids": torch.tensor([[3, 4, 5, 6], [7, 8, 0, 0]]), "attention_mask": mask}
    with torch.inference_mode():
        before = model(**given).last_hidden_state
        attention.use(nn.Sequential(model))
        after = model(**given).last_hidden_state
    assert model.config._attn_implementation == attention.NAME
    assert (before - after)[mask.bool()].abs().max() < 1e-5


def test_a_model_with_its_own_attention_keeps_it() -> None:
    model = small_bert("eager")
    attention.use(model)
    assert model.config._attn_implementation == "eager"
