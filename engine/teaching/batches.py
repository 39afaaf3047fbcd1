"""Batches of a lesson: pictures drawn with captions and paint, noised, with what the model should predict for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.facts import ModelFacts
from engine.teaching.captions import caption
from engine.teaching.painted import LessonAttention
from engine.teaching.pictures import VIEWS, Example

AROUND = 0.25
"""How much the cells around a thing count, where it is known where that is."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """Pictures with the latents and areas of their views; see `encoded`."""

    pictures: Sequence[Example]
    latents: Tensor
    areas: Tensor


@dataclass(frozen=True, eq=False)
class Drawn:
    """A batch: latents `[B, C, h, w]`, where the word is and how much each cell counts `[B, 1, h, w]`, captions, and
    which of them have paint, 0 or 1."""

    latents: Tensor
    areas: Tensor
    weights: Tensor
    captions: list[str]
    painted: np.ndarray

    def with_prior(self, other: Drawn) -> Drawn:
        """Both; those of the prior have no paint, as the word is not in them."""
        return Drawn(
            torch.cat([self.latents, other.latents]),
            torch.cat([self.areas, other.areas]),
            torch.cat([self.weights, torch.ones_like(other.weights)]),
            [*self.captions, *other.captions],
            np.concatenate([self.painted, np.zeros_like(other.painted)]),
        )


def draw(examples: Encoded, word: str, facts: ModelFacts, size: int, rng: np.random.Generator) -> Drawn:
    """A batch, with captions: the picture's own where it has one, else of those for any picture."""
    chosen = rng.integers(len(examples.latents), size=size)
    made = [caption(word, facts, rng) for _ in chosen]
    own = [examples.pictures[index // VIEWS] for index in chosen]
    areas = examples.areas[torch.from_numpy(chosen)]
    # Where the thing is known, what lies around it counts less: the word need not stand for that.
    known = torch.tensor([each.area is not None for each in own])[:, None, None, None]
    weights = torch.where(known, AROUND + (1 - AROUND) * areas, torch.ones_like(areas))
    return Drawn(
        examples.latents[torch.from_numpy(chosen)],
        areas,
        weights,
        [each.caption or text for each, text in zip(own, made, strict=True)],
        (rng.random(len(chosen)) < LessonAttention.painted).astype(np.float32),
    )


def noised(
    noise_levels: Any, clean: Tensor, noise: Tensor, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the UNet's input, its times, what it should predict, and sigma, for latents at random times.

    Args:
        noise_levels: the model's `NoiseSchedule`. clean, noise: `[B, C, h, w]`.

    Returns:
        `[B, C, h, w]`, `[B]`, `[B, C, h, w]` and `[B]`; the target is noise, v (arXiv 2202.00512, appendix D), x0 or,
        for flows, noise - x0, as the model predicts.
    """
    index = rng.integers(len(noise_levels.table), size=len(clean))
    sigma = torch.from_numpy(noise_levels.table[index]).float().to(clean.device)
    times = torch.tensor([noise_levels.timestep(float(each)) for each in sigma], device=clean.device)
    s = sigma[:, None, None, None]
    if noise_levels.is_flow:
        share = s / (1 + s)
        return (1 - share) * clean + share * noise, times, noise - clean, sigma
    a = 1 / (1 + s.square()).sqrt()
    b = s * a
    targets = {"epsilon": noise, "v_prediction": a * noise - b * clean, "sample": clean}
    return a * clean + b * noise, times, targets[noise_levels.prediction], sigma


def rate_at(fraction: float, peak: float) -> float:
    """The learning rate at `fraction` of the steps: a short warm-up, then half a cosine down to a twentieth."""
    if fraction < 0.03:
        return peak * max(fraction / 0.03, 0.1)
    return peak * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (fraction - 0.03) / 0.97)))
