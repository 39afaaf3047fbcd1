"""Exact forms of joint attention with paint on its image cells x text tokens, for laws whose bias is A times a number.

All take the same and give the same; none writes anything of the length of the sequence squared in float32. Counted for
4096 cells, 512 tokens and 24 heads of 128 in half precision (`tests/engine/counts/test_joint_forms.py` prints it),
against one fused attention without paint, the number of the law included:

    split                   5.7 times the bytes, 1.05 times the operations; 5.3 in use, heatmaps included
    one mask for all        5.3                  1.05
    one kernel              1.29                 1.06; 1.27 where 64 of the tokens are the prompt's own; 1.65 to 1.68
                                                 with heatmaps; `joint_kernel`, where there is Triton

Times on two CPU threads in float32, 1024 cells and 512 tokens, against the same (medians of five, so no more than a
hint): split 1.63, one mask 1.72, low rank for eight words 1.67, and by hand as `split_softmax` has it 1.87.

The split is what devices take where there is no Triton, where the kernel turns out slower, and in networks that are
compiled as a whole. One mask for all is counted as if it were read once; each head reads it, and it lies in memory as
`[N, S]`. Low-rank columns widen every head for all keys, and in half precision lose what a strong bias needs.
"""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.attention.split_softmax import ALIGNED, aligned, empty_mask, merged, with_log_sum, without

_FUSIBLE = ("cuda",)
"""Kinds of devices for which Triton makes kernels."""


class JointForm(Protocol):
    """One way to compute it."""

    def __call__(
        self, query: Tensor, key: Tensor, value: Tensor, text: slice, paint: Tensor, number: Tensor, scale: float | None
    ) -> Tensor:
        """What image cells gather, `[B, heads, N, d]`.

        Args:
            query: `[B, heads, N, d]` of the image cells. key, value: `[B, heads, S, d]` of the whole sequence.
            text: where in S the text's T tokens stand, at its start or its end.
            paint: A, float32 `[B or 1, 1, N, T]`. number: of the law, at least 0, `[B, 1, 1, 1]`; the bias is A times
                it.
            scale: of the scores; by default 1 / sqrt(d).
        """


def by_split(
    query: Tensor, key: Tensor, value: Tensor, text: slice, paint: Tensor, number: Tensor, scale: float | None = None
) -> Tensor:
    """Two fused attentions, of the text with a mask and of all else without, merged by their log-sum-exp.

    Each cell's largest bias is subtracted from its own row of the mask, where half precision is then finest, and added
    to its log-sum-exp.
    """
    largest = paint.amax(dim=-1, keepdim=True)
    mask = aligned((paint - largest) * number, query.dtype)
    read, log_sum = with_log_sum(query, key[:, :, text], value[:, :, text], mask=mask, scale=scale)
    log_sum = log_sum + (largest * number)[..., 0]
    rest = without(key, text), without(value, text)
    if not rest[0].shape[2]:
        return read
    return merged(*with_log_sum(query, *rest, scale=scale), read, log_sum)


def by_mask(
    query: Tensor, key: Tensor, value: Tensor, text: slice, paint: Tensor, number: Tensor, scale: float | None = None
) -> Tensor:
    """One fused attention with a mask `[N, S]`, from each row of which the cell's largest bias is subtracted.

    The largest is never below 0, the bias of everything that is no text.
    """
    largest = paint.amax(dim=-1, keepdim=True).clamp_min(0.0)
    rows = max(len(paint), len(number))
    mask = empty_mask(query, (rows, 1, query.shape[2], key.shape[2]))
    mask.copy_(-largest * number)
    mask[..., text] = ((paint - largest) * number).to(query.dtype)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale)


def by_low_rank(
    query: Tensor, key: Tensor, value: Tensor, text: slice, paint: Tensor, number: Tensor, scale: float | None = None
) -> Tensor:
    """One fused attention with columns appended to queries and keys, whose products are the bias.

    There is one for each token that is painted anywhere; the number's root is on either side, so that neither leaves
    the range of half precision.
    """
    batch, heads, _, width = query.shape
    kept = paint.abs().amax(dim=(0, 1, 2)).nonzero()[:, 0]
    scale = width**-0.5 if scale is None else scale
    root = (number / scale).sqrt()
    columns = -(-(width + len(kept)) // ALIGNED) * ALIGNED - width
    asked = F.pad(paint[..., kept] * root, (0, columns - len(kept))).to(query.dtype)
    answers = key.new_zeros(len(number), 1, key.shape[2], columns)
    places = torch.arange(len(kept), device=key.device)
    answers[:, :, text.start + kept, places] = root[:, :, :, 0].to(key.dtype).expand(-1, -1, len(kept))
    wide = torch.cat([query, asked.expand(batch, heads, -1, -1)], dim=-1)
    keys = torch.cat([key, answers.expand(batch, heads, -1, -1)], dim=-1)
    # The fused kernels want values of the same width.
    return F.scaled_dot_product_attention(wide, keys, F.pad(value, (0, columns)), scale=scale)[..., :width]


def fuses(device: torch.device) -> bool:
    """Whether Triton makes kernels for a device, as `engine.attention.joint_kernel` needs them."""
    from torch.utils._triton import has_triton

    return device.type in _FUSIBLE and has_triton()
