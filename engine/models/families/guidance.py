"""Classifier-free guidance beyond its formula: rescaled predictions, and the guidance as an input of the denoiser."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.protocol import SamplingSettings


def embedding(guidance: float, width: int) -> Tensor:
    """Return the embedding `[width]` float32 of a guidance scale for distilled denoisers (arXiv 2210.03142).

    As in the stock pipelines: sines and cosines of (guidance - 1) * 1000, by frequencies from 1 to 1/10000.
    """
    half = width // 2
    angles = torch.exp(torch.arange(half) * (-math.log(10000.0) / (half - 1))) * (guidance - 1) * 1000
    return F.pad(torch.cat([angles.sin(), angles.cos()]), (0, width % 2))


Guide = Callable[[Tensor, Tensor, float], Tensor]
"""`(negative, positive, scale)`, predictions `[B, C, h, w]` without and with the prompt, to the guided one."""


def usual(negative: Tensor, positive: Tensor, scale: float) -> Tensor:
    """Return classifier-free guidance as it is defined (arXiv 2207.12598)."""
    return negative + scale * (positive - negative)


def combined(output: Tensor, scale: float, sampling: SamplingSettings, guide: Guide = usual) -> Tensor:
    """The prediction of both halves of guidance, `[2 B, C, h, w]`, negative prompt first, as one `[B, C, h, w]`."""
    negative, positive = output.chunk(2)
    guided = guide(negative, positive, scale)
    return rescale(guided, positive, sampling.guidance_rescale) if sampling.guidance_rescale else guided


def rescale(guided: Tensor, positive: Tensor, share: float) -> Tensor:
    """A guided prediction, rescaled towards the standard deviation that it has for the prompt alone.

    Guidance above 1 widens a prediction's deviation, and so the picture's contrast (arXiv 2305.08891, section 3.4,
    equations 14 to 16). The prediction, noise or v, is rescaled as the network gives it.

    Args:
        guided, positive: `[B, C, h, w]`, with guidance and of the prompt alone.
        share: 0 (as guided) .. 1 (fully the prompt's deviation).
    """
    axes = tuple(range(1, guided.ndim))
    matched = guided * (positive.std(dim=axes, keepdim=True) / guided.std(dim=axes, keepdim=True))
    return share * matched + (1 - share) * guided
