"""Cross-attention in a lesson: with paint for the word in some pictures, so that it is learnt as it will be used."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.attention.laws import SIGMA_CEILING
from engine.text.conditioning import ABSENT

LEVELS = 8


class LessonAttention:
    """A processor for all cross-attention of a UNet: the stock one's work, with eDiff-I's bias for rows with paint.

    Painted, a word has most of the attention in its area (0.65 instead of 0.01 of it, say). Changes of values that
    were learnt unpainted would act so many times too strongly there, and what is learnt only painted, too weakly in
    other programs. So a lesson has both.

    Attributes:
        painted: how many of the examples have paint, 0..1.
    """

    painted = 0.6

    def __init__(self, unet: nn.Module) -> None:
        self._layers = [module for path, module in unet.named_modules() if path.endswith(".attn2")]
        self._stock: list[Any] = []
        self._areas: dict[int, Tensor] = {}
        self._present: Tensor | None = None

    def begin(self, weights: Tensor, areas: Tensor, tokens: Tensor, present: Tensor | None) -> None:
        """Take the layers for one step.

        Args:
            weights: `[B]`, eDiff-I's w' log(1 + sigma) of each example, 0 for those without paint.
            areas: `[B, 1, h, w]`, where the word is, 0..1. tokens: `[B, T, 1]`, 1 at the word's. present: bool
                `[B, T]`, tokens that there are; None for all.
        """
        self._weights, self._tokens, self._present = (
            weights[:, None, None, None],
            tokens[..., 0][:, None, None],
            present,
        )
        self._areas = {}
        height, width = areas.shape[-2:]
        for _ in range(LEVELS):
            self._areas[height * width] = F.adaptive_avg_pool2d(areas, (height, width)).flatten(2)[..., None]
            height, width = -(-height // 2), -(-width // 2)
        self._stock = [layer.processor for layer in self._layers]
        for layer in self._layers:
            layer.set_processor(self)

    def end(self) -> None:
        """Give the layers back."""
        for layer, stock in zip(self._layers, self._stock, strict=True):
            layer.set_processor(stock)
        self._stock, self._areas, self._present = [], {}, None

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """Return the layer's output for `hidden_states`, both `[B, N, C]`."""
        assert encoder_hidden_states is not None
        query, keys, values = (
            part.unflatten(-1, (attn.heads, -1)).transpose(1, 2)
            for part in (attn.to_q(hidden_states), attn.to_k(encoder_hidden_states), attn.to_v(encoder_hidden_states))
        )
        scores = ((query * attn.scale) @ keys.transpose(-1, -2)).float()
        if self._present is not None:
            scores = scores.masked_fill(~self._present[:, None, None], ABSENT)
        largest = scores.detach().amax(dim=(1, 2, 3), keepdim=True).clamp_min(0)
        scores = scores + self._weights * largest * self._areas[scores.shape[2]] * self._tokens
        out = (scores.softmax(-1).to(values.dtype) @ values).transpose(1, 2).flatten(2)
        return attn.to_out[1](attn.to_out[0](out)) / attn.rescale_output_factor


def gains(paint_weight: float, sigma: Tensor) -> Tensor:
    """eDiff-I's w' log(1 + sigma) (arXiv 2211.01324, equation 4 and after), as in pictures, `[B]`."""
    return paint_weight * torch.log1p(sigma.clamp(0, SIGMA_CEILING))
