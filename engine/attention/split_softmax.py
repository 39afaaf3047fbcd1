"""Attention of image cells with a bias on the text alone: two softmaxes, merged by their log-sum-exp.

Image cells look at everything but the text through the fused kernel, which gives its log-sum-exp, and at the text by
hand, `[N, T]` for each head, where the bias is added. Nothing of the length of the sequence squared is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.attention.processor import scaled_scores
from engine.attention.token_layout import TokenLayout
from engine.errors import InternalError

ALIGNED = 8
"""A mask's rows start at multiples of so many numbers: torch copies others, in every call."""


def with_log_sum(
    query: Tensor, key: Tensor, value: Tensor, *, mask: Tensor | None = None, scale: float | None = None
) -> tuple[Tensor, Tensor]:
    """Fused attention `[B, heads, N, d]` and the log of its softmax's sum, float32 `[B, heads, N]`.

    Args:
        query: `[B, heads, N, d]`. key, value: `[B, heads, S, d]`; S at least 1.
        mask: added to the scores, `[B or 1, heads or 1, N, S]` in the queries' dtype.
        scale: of the scores; by default 1 / sqrt(d).
    """
    ops: Any = torch.ops.aten
    if query.device.type == "cpu":
        return ops._scaled_dot_product_flash_attention_for_cpu(
            query, key, value, 0.0, False, attn_mask=mask, scale=scale
        )[:2]
    if query.device.type in ("cuda", "meta"):
        if mask is not None:
            mask = mask.expand(*query.shape[:3], -1)
        found = ops._scaled_dot_product_efficient_attention(query, key, value, mask, True, 0.0, False, scale=scale)
        return found[0], found[1][..., : query.shape[2]].float()
    scores = (query.float() @ key.float().transpose(-1, -2)) * (query.shape[-1] ** -0.5 if scale is None else scale)
    if mask is not None:
        scores = scores + mask
    out = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale)
    return out, scores.logsumexp(dim=-1)


def spread_heads(keys: Tensor, heads: int) -> Tensor:
    """Keys or values `[B, fewer heads, S, d]` repeated so that each query head has its own (grouped queries)."""
    return keys if keys.shape[1] == heads else keys.repeat_interleave(heads // keys.shape[1], dim=1)


def image_over_all(
    query: Tensor,
    text: tuple[Tensor, Tensor],
    rest: tuple[Tensor, Tensor] | None,
    bias: Callable[[Tensor], Tensor],
    *,
    scale: float | None = None,
) -> Tensor:
    """What image cells gather, `[B, heads, N, d]`, of the text with a bias on it and of all else without one.

    Args:
        query: `[B, heads, N, d]` of the image cells.
        text: keys and values `[B, heads, T, d]`. rest: those of all else; None in cross-attention.
        bias: takes the scaled scores, float32 `[B, heads, N, T]`, and gives them with everything added; may write to
            them.
    """
    scores = bias(text_scores(query, text[0], scale=scale))
    read = torch.softmax(scores, dim=-1).to(query.dtype) @ text[1]
    if rest is None:
        return read
    out, log_sum = with_log_sum(query, *rest, scale=scale)
    return merged(out, log_sum, read, scores.logsumexp(dim=-1))


def merged(first: Tensor, first_log_sum: Tensor, second: Tensor, second_log_sum: Tensor) -> Tensor:
    """One attention of two over different keys, `[B, heads, N, d]`, by the logs of their sums, `[B, heads, N]`."""
    share = torch.sigmoid(second_log_sum - first_log_sum)[..., None].to(first.dtype)
    return torch.lerp(first, second, share.expand_as(first))


def text_scores(query: Tensor, key: Tensor, *, scale: float | None = None) -> Tensor:
    """Scaled scores, float32 `[B, heads, N, T]`, of queries and keys `[B, heads, N or T, d]`."""
    scores = scaled_scores(query, key)
    return scores if scale is None else scores * (scale * query.shape[-1] ** 0.5)


def masked(scores: Tensor, mask: Tensor | None, layout: TokenLayout) -> Tensor:
    """Scores `[B, heads, N, T]` with the model's own mask, bool or added: `[B, S]`, `[B, queries, S]` or
    `[B, heads, queries, S]`, in which heads and queries may be 1."""
    if mask is None:
        return scores
    part = mask[..., slice(*layout.text)]
    while part.ndim < 4:
        part = part.unsqueeze(1)
    if part.shape[2] not in (1, scores.shape[2]):
        part = part[:, :, slice(*layout.image)]
    return scores.masked_fill(~part, -torch.inf) if part.dtype == torch.bool else scores + part


def check_rest(mask: Tensor, layout: TokenLayout) -> None:
    if mask.ndim == 4 and mask.shape[2] != 1:
        raise InternalError(
            "Paint was applied to an attention layer of a kind that Wordbrush does not know.",
            hint="Choose another model, and please report this one.",
            details=f"a mask {list(mask.shape)} for {layout}",
        )


def empty_mask(like: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Room for a mask of that shape, in a tensor's number format on its device, its rows as `aligned`."""
    wide = -(-shape[-1] // ALIGNED) * ALIGNED
    return like.new_empty(*shape[:-1], wide)[..., : shape[-1]]


def aligned(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """A mask in that number format, with rows that the fused kernels take as they lie."""
    found = torch.empty((), dtype=dtype, device=mask.device)
    return empty_mask(found, tuple(mask.shape)).copy_(mask)


def without(keys: Tensor, text: slice) -> Tensor:
    """Keys `[B, heads, S, d]` but for the text's: a view where these stand at an end."""
    if text.start == 0:
        return keys[:, :, text.stop :]
    if text.stop == keys.shape[2]:
        return keys[:, :, : text.start]
    return torch.cat([keys[:, :, : text.start], keys[:, :, text.stop :]], dim=2)
