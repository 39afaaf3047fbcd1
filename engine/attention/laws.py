"""Laws: the rules that turn paint into a bias on the attention scores, as small pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

from engine.errors import BadRequest

SIGMA_CEILING = 14.615
"""Largest sigma a bias is computed for, just above SD's own noisiest step, 14.6146. Zero-terminal-SNR schedules start
at 4096, where the bias would drown everything else."""

_BLOCKED = -1e4
"""Stands for minus infinity in hard masks; finite in fp16, and exp of it is 0 in every dtype."""


Gain: TypeAlias = float | Tensor
"""A law's factor for one step: a number, or float32 `[]` on the scores' device (for a compiled step)."""


def noise_gain(weight: float, sigma: float, fraction: float = 0.0) -> float:
    """Return `w' * log(1 + sigma)` (eDiff-I, eq. 4 and after), sigma clamped to 0..`SIGMA_CEILING`."""
    return weight * math.log1p(min(max(sigma, 0.0), SIGMA_CEILING))


def _step_gain(weight: float, sigma: float, fraction: float = 0.0) -> float:
    """Return 1 while painting is on: a hard mask ignores the size of the weight and the noise level."""
    return 1.0 if weight else 0.0


def fifth_power_gain(weight: float, sigma: float, fraction: float = 0.0) -> float:
    """Return `w' t^5`, DenseDiffusion's lambda_t (arXiv 2308.12964, 4.3); t falls from 1 to 0 with the steps."""
    return weight * (1.0 - min(max(fraction, 0.0), 1.0)) ** 5


def early_fifth_power_gain(weight: float, sigma: float, fraction: float = 0.0) -> float:
    """Return `fifth_power_gain` in the first 30 % of the steps and 0 after them, as DenseDiffusion's code does."""
    return fifth_power_gain(weight, sigma, fraction) if fraction < 0.3 else 0.0


def _no_gain(weight: float, sigma: float, fraction: float = 0.0) -> float:
    """Return 0: no bias whatever the weight."""
    return 0.0


def largest_score(scores: Tensor) -> Tensor:
    """Return the largest score of each sample, clamped at 0: `[B, 1, 1, 1]` in the scores' dtype."""
    return scores.amax(dim=(1, 2, 3), keepdim=True).clamp_min_(0.0)


def largest_of_heads(scores: Tensor) -> Tensor:
    """Return the largest score of each head of each sample, clamped at 0: `[B, heads, 1, 1]` in the scores' dtype."""
    return scores.amax(dim=(2, 3), keepdim=True).clamp_min_(0.0)


def ediffi_bias(scores: Tensor, paint: Tensor, gain: Gain) -> Tensor:
    """eDiff-I's law (arXiv 2211.01324, section 5): m is the largest score of each sample.

    The paper's `softmax((QK' + wA)/sqrt(d))V` with `w = gain * max(QK')` is, in scaled space, a bias `gain * m * A`.
    The maximum is taken over heads, pixels and tokens of one sample, never over other samples of the batch, and clamped
    at 0: a negative one would reverse the effect of the paint.
    """
    return paint * (largest_score(scores).float() * gain)


def ediffi_head_bias(scores: Tensor, paint: Tensor, gain: Gain) -> Tensor:
    """eDiff-I's law with m taken for each head separately (the paper's literal reading)."""
    return paint * (largest_of_heads(scores).float() * gain)


def ediffi_std_bias(scores: Tensor, paint: Tensor, gain: Gain) -> Tensor:
    """eDiff-I's law with m the standard deviation of a sample's scores (as in paint-with-words-sd)."""
    m = scores.float().std(dim=(1, 2, 3), keepdim=True)
    return paint * (m * gain)


def densediffusion_bias(scores: Tensor, paint: Tensor, gain: Gain) -> Tensor:
    """DenseDiffusion's modulation (arXiv 2308.12964, eq. 3 to 5), for cross-attention.

    With R = 1 where a pixel lies in a token's area and S the share of the picture that the area takes, the bias is
    `gain (1 - S) (R (max - QK') - (1 - R) (QK' - min))`, max and min over each pixel's tokens. Tokens without an area
    have R = 0: they are pushed down everywhere. Strength is ignored; an area is where paint is at least half its peak.
    """
    return modulated(scores, _inside(paint), gain)


def densediffusion_code_bias(scores: Tensor, paint: Tensor, gain: Gain) -> Tensor:
    """DenseDiffusion's modulation as in its authors' code: S is the relative size of the area that a pixel lies in (of
    the unpainted rest for a pixel in none), the same for all tokens."""
    return modulated(scores, _inside(paint), gain, by_query=True)


def modulated(scores: Tensor, together: Tensor, gain: Gain, *, by_query: bool = False) -> Tensor:
    """DenseDiffusion's formula: `[B, heads, N, K]` from scores of that shape and R `[B or 1, 1, N, K]` of 0 and 1.

    S is R's mean over the pixels, for each key; with `by_query` each pixel takes that of its largest area.
    """
    scores, share = scores.float(), together.mean(dim=-2, keepdim=True)
    if by_query:
        covered = together.amax(dim=-1, keepdim=True)
        rest = 1.0 - covered.mean(dim=-2, keepdim=True)
        share = torch.where(covered > 0, (together * share).amax(dim=-1, keepdim=True), rest)
    above = scores.amax(dim=-1, keepdim=True) - scores
    below = scores - scores.amin(dim=-1, keepdim=True)
    return (gain * (1.0 - share)) * torch.where(together > 0, above, -below)


def _inside(paint: Tensor) -> Tensor:
    peak = paint.amax(dim=-2, keepdim=True)
    return ((peak > 0) & (paint >= 0.5 * peak)).to(torch.float32)


def hard_bias(scores: Tensor, paint: Tensor, gain: Gain) -> Tensor:
    """Hard masks: a painted token gets attention only where its paint is at least half its own peak.

    A token with negative paint is the reverse: it gets none where its paint is at most half its own minimum.
    """
    peak = paint.amax(dim=-2, keepdim=True)
    trough = paint.amin(dim=-2, keepdim=True)
    outside = (peak > 0) & (paint < 0.5 * peak)
    inside = (trough < 0) & (paint <= 0.5 * trough)
    return (outside | inside).to(paint.dtype) * (_BLOCKED * gain)


def no_bias(scores: Tensor, paint: Tensor, gain: Gain) -> Tensor:
    """No law: a bias of zero, for comparison."""
    return torch.zeros_like(paint)


@dataclass(frozen=True, kw_only=True)
class Law:
    """A rule that turns paint into bias.

    Attributes:
        name: its name on the command line and in requests.
        title: one line that describes it to people.
        gain: `(paint weight, sigma, fraction) -> factor`, fraction 0..1 of the schedule; where it is 0 the stock
            attention runs.
        bias: `(scores [B, heads, N, T], paint [B or 1, 1, N, T] float32, gain) -> [B or 1, heads or 1, N, T]` float32.
            Scores are scaled (`QK'/sqrt(d)`); B counts conditional samples only. Neither argument is written to.
        factor: for laws whose bias is `paint * factor(scores) * gain` with one number for each sample: that number,
            `[B, 1, 1, 1]`, never below 0.
        of_rows: for laws whose bias is `paint * number * gain` with one number for each sample or head that the largest
            scores of the rows tell: from these, `[B, heads, N, 1]`, to `[B, 1 or heads, 1, 1]`.
        bilinear: whether masks are sampled as paint-with-words-sd does instead of averaged by area.
        between: factor on the gain of `modulated` in self-attention; 0 leaves self-attention alone. by_query: see
            `modulated`.
        regional: "attention": each painted word is a prompt of its own, mixed by area in the cross-attention;
            "denoiser": the whole denoiser runs for each such prompt; "": one prompt for the whole picture.
    """

    name: str
    title: str
    gain: Callable[[float, float, float], float]
    bias: Callable[[Tensor, Tensor, Gain], Tensor]
    factor: Callable[[Tensor], Tensor] | None = None
    of_rows: Callable[[Tensor], Tensor] | None = None
    bilinear: bool = False
    between: float = 0.0
    by_query: bool = False
    regional: str = ""

    def __call__(self, scores: Tensor, paint: Tensor, weight: float, sigma: float, fraction: float = 0.0) -> Tensor:
        """Return the bias at one point of the schedule; `paint` may also be `[N, T]`. See `bias` for the shapes."""
        return self.bias(scores, paint.reshape(-1, 1, *paint.shape[-2:]), self.gain(weight, sigma, fraction))


_ALL = (
    Law(name="none", title="no paint", gain=_no_gain, bias=no_bias),
    Law(
        name="ediffi",
        title="eDiff-I, largest score of each picture",
        gain=noise_gain,
        bias=ediffi_bias,
        factor=largest_score,
        of_rows=largest_score,
    ),
    Law(
        name="ediffi-head",
        title="eDiff-I, largest score of each head",
        gain=noise_gain,
        bias=ediffi_head_bias,
        of_rows=largest_of_heads,
    ),
    Law(name="ediffi-std", title="eDiff-I, spread of the scores", gain=noise_gain, bias=ediffi_std_bias),
    Law(
        name="cloneofsimo",
        title="paint-with-words-sd, masks sampled bilinearly",
        gain=noise_gain,
        # It takes the largest score of the whole call, and its calls hold one picture's conditional half only.
        bias=ediffi_bias,
        factor=largest_score,
        of_rows=largest_score,
        bilinear=True,
    ),
    Law(
        name="densediffusion",
        title="DenseDiffusion as in its paper, self-attention included",
        gain=fifth_power_gain,
        bias=densediffusion_bias,
        # The authors' weights: 1 for cross-attention, 0.3 for self-attention.
        between=0.3,
    ),
    Law(
        name="densediffusion-code",
        title="DenseDiffusion as in its authors' code: S by query, the first 30 % of the steps",
        gain=early_fifth_power_gain,
        bias=densediffusion_code_bias,
        between=0.3,
        by_query=True,
    ),
    Law(name="hard", title="hard masks", gain=_step_gain, bias=hard_bias),
    Law(
        name="couple",
        title="attention couple: a prompt for each area, mixed in the attention",
        gain=_no_gain,
        bias=no_bias,
        regional="attention",
    ),
    Law(
        name="multidiffusion",
        title="MultiDiffusion: a denoiser pass for each area, averaged",
        gain=_no_gain,
        bias=no_bias,
        regional="denoiser",
    ),
)
LAWS: dict[str, Law] = {law.name: law for law in _ALL}
LAWS["default"] = LAWS["ediffi"]


def find_law(name: str) -> Law:
    """Return the law of that name.

    Raises:
        BadRequest: there is none; the hint names those that exist.
    """
    try:
        return LAWS[name]
    except KeyError:
        raise BadRequest(f'There is no law named "{name}".', hint=f"Choose one of: {', '.join(LAWS)}.") from None
