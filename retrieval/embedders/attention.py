"""Attention in bfloat16 for short texts: scores, softmax and sum, each over a few texts that the cache holds.

Torch's fused attention saves the memory that long texts would need, which a few hundred tokens do not. Measured on AVX512-BF16
with 12 heads of 32 dimensions: 9.7 ms instead of 14.0 ms a layer for 8 texts of 256 tokens, 4.0 instead of 5.6 for 32 of 64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

NAME = "short_texts"
LONGEST = 512  # tokens
SCORES = 2**21  # computed at a time: 4 MB


def use(transformer: nn.Module) -> None:
    """Let a transformer that takes torch's fused attention attend by `attend`; any other one stays as it is."""
    from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
    from transformers.masking_utils import sdpa_mask

    for model in transformer.modules():
        if isinstance(model, PreTrainedModel) and model.config._attn_implementation == "sdpa":
            AttentionInterface.register(NAME, attend)
            AttentionMaskInterface.register(NAME, sdpa_mask)
            model.set_attn_implementation(NAME)
            return


def attend(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **options: Any
) -> tuple[Tensor, None]:
    """Each token's sum of `value` by its softmax over `key`, (texts, tokens, heads, dim) of (texts, heads, tokens, dim).

    What is not plain bidirectional attention within short texts goes to torch's own.
    """
    import torch
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    texts, heads, tokens, width = query.shape
    plain = (
        query.shape == key.shape == value.shape
        and tokens <= LONGEST
        and not options.get("dropout")
        and not (attention_mask is None and _causal(module, options))
        and not any(options.get(name) is not None for name in ("position_bias", "cache", "softcap", "s_aux", "sliding_window"))
        and (attention_mask is None or attention_mask.dtype is torch.bool)
    )
    if not plain:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **options)
    scaling = options.get("scaling") or width**-0.5
    bias = None if attention_mask is None else _bias(attention_mask, query.dtype)
    result = torch.empty(texts, tokens, heads, width, dtype=query.dtype, device=query.device)
    step = max(1, SCORES // (heads * tokens * tokens))
    for start in range(0, texts, step):
        some = slice(start, start + step)
        scores = (query[some] * scaling).contiguous() @ key[some].contiguous().transpose(-1, -2)
        if bias is not None:
            scores += bias[some]
        result[some] = (scores.softmax(-1) @ value[some].contiguous()).transpose(1, 2)
    return result, None


def _causal(module: nn.Module, options: dict[str, Any]) -> bool:
    """Whether a token sees only those before it where there is no mask, by the rule of transformers."""
    given = options.get("is_causal")
    return bool(getattr(module, "is_causal", True) if given is None else given)


def _bias(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """What is added to the scores: nothing where `mask` is true; one row for all tokens of a text where they share it."""
    import torch

    rows = mask[:, :, :1] if mask.stride(2) == 0 else mask
    return torch.zeros(rows.shape, dtype=dtype, device=mask.device).masked_fill_(~rows, torch.finfo(dtype).min)
