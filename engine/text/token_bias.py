"""Turns the weights of encoders and the areas of styles into a bias on the attention scores of their tokens."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.attention.mask_reduction import reduce_mask
from engine.attention.processor import Region
from engine.errors import BadRequest, UnsupportedModel
from engine.facts import ModelFacts
from engine.protocol import StyleReference
from engine.text.conditioning import ABSENT, Area, Conditioning
from resources.limits import ENCODERS

_FAINTEST = 1e-4


def check_encoders(facts: ModelFacts, asked: Sequence[tuple[str, float]] | None) -> dict[str, float]:
    """Return the weight, above 0, of each text encoder that is used.

    Raises:
        BadRequest: a name is unknown, a weight is not 0..1, or all are off. UnsupportedModel: the model lacks one.
    """
    if asked is None:
        return dict.fromkeys(facts.encoders, 1.0)
    weights = {}
    for name, weight in asked:
        if name not in ENCODERS:
            raise BadRequest(f'There is no text encoder named "{name}".', hint=f"Choose from: {', '.join(ENCODERS)}.")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
            raise BadRequest(f"The weight of the encoder {name} is {weight!r}.", hint="Give a number from 0 to 1.")
        if weight and name not in facts.encoders:
            raise UnsupportedModel(
                f'The model "{facts.name}" has no text encoder "{name}".',
                hint=f"It has: {', '.join(facts.encoders)}. Choose those, or another model.",
            )
        if weight:
            weights[name] = float(weight)
    if not weights:
        raise BadRequest("All text encoders are off.", hint=f"Switch one on: {', '.join(facts.encoders)}.")
    return weights


def check_takes_styles(facts: ModelFacts, styles: Sequence[StyleReference]) -> None:
    """Make sure that the model can use the style pictures.

    Raises:
        UnsupportedModel: there are some, but the model has no image encoder.
    """
    if styles and not facts.takes_styles:
        raise UnsupportedModel(
            f'The model "{facts.name}" cannot use style pictures: it has no image encoder.',
            hint="Remove the style, or choose a model with an image encoder, such as the starter.",
        )


def key_bias(
    context: Conditioning,
    halves: Sequence[int],
    *,
    batch: int,
    sizes: Sequence[tuple[int, int]],
    used: Collection[int] | None = None,
) -> list[Tensor] | None:
    """Return the bias on the scores at each attention level, float32 `[rows, 1 or N, T]`; None if there is none.

    Args:
        halves: which rows of the context the run uses, each `batch` times: 0 the negative prompt, 1 the prompt.
        sizes: `(h, w)` of each level. used: the levels with attention layers; areas are reduced for these only. By
            default all.
    """
    if context.token_bias is None and all(style.mask is None for style in context.styles):
        return None
    token_bias = torch.zeros(2, context.rows.shape[1]) if context.token_bias is None else context.token_bias
    levels = []
    for number, size in enumerate(sizes):
        level = token_bias[list(halves), None]
        for style in context.styles:
            if style.mask is not None and (used is None or number in used):
                level = _limited(level, style.first, style.last, style.mask, size)
        levels.append(level.repeat_interleave(batch, dim=0))
    return levels


def as_region(area: Area, sizes: Sequence[tuple[int, int]], used: Collection[int] | None = None) -> Region:
    """Return an area for the attention processors, its mask reduced to the size `(h, w)` of each level that is used."""
    context = area.context
    shares = [
        torch.from_numpy(reduce_mask(area.mask, size)).reshape(-1) if used is None or number in used else torch.zeros(0)
        for number, size in enumerate(sizes)
    ]
    return Region(
        context=context.rows[1:],
        token_bias=None if context.token_bias is None else context.token_bias[1],
        shares=shares,
    )


def _limited(level: Tensor, first: int, last: int, mask: np.ndarray, size: tuple[int, int]) -> Tensor:
    """Add the logarithm of a style's coverage to its tokens' bias at each pixel; `ABSENT` where the coverage is 0."""
    coverage = torch.from_numpy(np.ascontiguousarray(reduce_mask(mask, size))).reshape(1, -1, 1)
    fallen = level[:, :, first:last] + coverage.clamp_min(_FAINTEST).log()
    level = level.expand(-1, coverage.shape[1], -1).clone()
    level[:, :, first:last] = fallen.where(coverage > _FAINTEST, torch.tensor(ABSENT)).clamp_min(ABSENT)
    return level
