"""Shared by the trainings and their sheets: painted cross-attention, the grounding loss, and the noise schedule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from diffusers import DDIMScheduler
from torch import Tensor
from torch.nn import functional as F

from engine.training.conditions import MAX_LENGTH, STYLE_TOKENS
from engine.training.painted_softmax import PaintedSoftmax

CELLS = 16

_REFERENCE = slice(MAX_LENGTH, MAX_LENGTH + STYLE_TOKENS)
"""The tokens of the reference, which paint never touches."""

HEARD = 0.15
"""The share of the attention that a reference has at least, see `hearing_loss`."""

_OFFSET = 0.2
"""The standard deviation of the offset that is added to the noise of each channel."""


def new_scheduler() -> DDIMScheduler:
    """Stable Diffusion's noise schedule with v-prediction (arXiv 2202.00512)."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        timestep_spacing="leading",
    )


def offset_noise(shape: Sequence[int], generator: torch.Generator, *, rows: Tensor | None = None) -> Tensor:
    """Noise `[B, C, h, w]` with a random offset per channel (offset noise, Guttenberg 2023).

    The mean of plain noise over a picture is nearly 0, so a denoiser can read a picture's palette and light from even
    the noisiest latents, and never learns to take them from a reference or from the prompt.

    Args:
        rows: bool `[B]`, which examples get an offset; by default all. The others get plain noise.
    """
    noise = torch.randn(*shape, generator=generator)
    offset = _OFFSET * torch.randn(*shape[:2], 1, 1, generator=generator)
    return noise + (offset if rows is None else offset * rows[:, None, None, None])


class PaintedTraining:
    """A cross-attention processor for training that adds eDiff-I's bias (eq. 3 of arXiv 2211.01324) and records maps.

    One object serves all layers. `weight` float `[B]` is w' * log(1 + sigma); `paint` maps a layer's number of cells to
    A, float `[B, cells, tokens]`; `token_bias` float `[B, tokens]`, 0 or `ABSENT`, is added to the scores; `seen`
    collects the attention of layers of 4x4 cells and more, averaged over heads; `gathered` what the layers of the
    finest level make of the tokens, `[B, cells, C]`.
    """

    def __init__(self) -> None:
        self.weight: Tensor | None = None
        self.paint: dict[int, Tensor] = {}
        self.token_bias: Tensor | None = None
        self.seen: list[Tensor] = []
        self.gathered: list[Tensor] = []

    def prepare(self, paint: Tensor, weight: Tensor, alpha: Tensor, token_bias: Tensor) -> None:
        """Set the paint for the next step; call it before each step.

        Args:
            paint: `[B, side * side, t]`; tokens after the first t are not painted. weight: w' `[B]`.
            alpha: alpha-bar at each example's timestep, `[B]`. token_bias: `[B, tokens]`.
        """
        self.seen, self.gathered, self.token_bias = [], [], token_bias
        self.paint = at_levels(widened(paint, token_bias.shape[1]))
        self.weight = weight * torch.log1p(((1 - alpha) / alpha).sqrt())

    def clear(self) -> None:
        """Release the tensors of the last step."""
        self.seen, self.gathered, self.paint, self.weight, self.token_bias = [], [], {}, None, None

    def __call__(
        self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor | None = None, **_: Any
    ) -> Tensor:
        assert encoder_hidden_states is not None
        q, k, v = (
            part.unflatten(-1, (attn.heads, -1)).transpose(1, 2)
            for part in (attn.to_q(hidden_states), attn.to_k(encoder_hidden_states), attn.to_v(encoder_hidden_states))
        )
        scores = (q * attn.scale) @ k.transpose(-1, -2)
        if self.token_bias is not None:
            scores = scores + self.token_bias[:, None, None].to(scores.dtype)
        cells = scores.shape[2]
        if self.weight is None:
            shares = scores.softmax(-1)
        else:
            largest = scores.detach().amax((1, 2, 3)).clamp_min(0).float()
            bias = (self.weight * largest)[:, None, None] * self.paint[cells]
            shares = PaintedSoftmax.apply(scores, bias[:, None], _REFERENCE)
        if cells >= 16:
            self.seen.append(shares.mean(1, dtype=torch.float32))
        out = attn.to_out[0]((shares.to(v.dtype) @ v).transpose(1, 2).flatten(2))
        if cells == max(self.paint, default=0):
            self.gathered.append(out)
        return out


def self_attention(attn: Any, hidden_states: Tensor, *_: Any, **__: Any) -> Tensor:
    """Self-attention for training: on a CPU without the fused kernel, which is slower there with few cells.

    A processor for diffusers' `Attention` in transformer blocks, which have no norm, mask or residual of their own.
    """
    q, k, v = (
        part(hidden_states).unflatten(-1, (attn.heads, -1)).transpose(1, 2)
        for part in (attn.to_q, attn.to_k, attn.to_v)
    )
    if q.device.type == "cpu":
        out = ((q * attn.scale) @ k.transpose(-1, -2)).softmax(-1).to(v.dtype) @ v
    else:
        out = F.scaled_dot_product_attention(q, k, v)
    return attn.to_out[0](out.transpose(1, 2).flatten(2))


def grounding_loss(seen: list[Tensor], truth: dict[int, Tensor]) -> Tensor:
    """The squared share of each word's attention outside its area (TokenCompose, arXiv 2312.03626, eq. 3).

    Args:
        seen: attention maps float `[B, cells, tokens]`, one per layer.
        truth: for each number of cells, the words' areas float `[B, cells, tokens]`; zero for tokens of no word.
    """
    losses = []
    for shares in seen:
        area = truth[shares.shape[1]]
        words = area.sum(1) > 0
        inside = (shares * area.clamp(max=1)).sum(1) / shares.sum(1).clamp_min(1e-6)
        losses.append(((1 - inside).square() * words).sum() / words.sum().clamp_min(1))
    return torch.stack(losses).mean()


def hearing_loss(seen: list[Tensor], styled: Tensor) -> Tensor:
    """The squared part of `HEARD` that the reference's share of a cell's attention lacks, on average.

    Without it, a denoiser that has learnt words well, whose keys are long by then, looks at no reference, and so never
    learns what one says.

    Args:
        seen: attention maps float `[B, cells, tokens]`, one per layer. styled: bool `[B]`, which hear a reference.
    """
    lacks = [(HEARD - shares[styled][..., _REFERENCE].sum(-1)).clamp_min(0).square().mean() for shares in seen]
    return torch.stack(lacks).mean() if bool(styled.any()) else seen[0].new_zeros(())


def at_levels(planes: Tensor, levels: int = 3) -> dict[int, Tensor]:
    """Areas `[B, side * side, tokens]` averaged to each level of the denoiser, keyed by the level's number of cells."""
    side = math.isqrt(planes.shape[1])
    found = {side * side: planes}
    square = planes.transpose(1, 2).unflatten(2, (side, side))
    for _ in range(levels - 1):
        square = F.avg_pool2d(square, 2)
        found[square.shape[-1] ** 2] = square.flatten(2).transpose(1, 2)
    return found


def widened(planes: Tensor, tokens: int) -> Tensor:
    """`[B, N, t]` padded with zeros to `[B, N, tokens]`."""
    return F.pad(planes, (0, tokens - planes.shape[-1]))
