"""Previews: x0 as RGB by a small linear map of its channels, so that no step pays for the decoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

_FIT_LATENTS = 8
_FIT_SIDE = 16


class LinearPreview:
    """RGB of a latent, pixel for pixel: `rgb = latent @ weight + bias`, 0..1.

    Args:
        rows: (r, g, b) for each latent channel, then one row of bias.
    """

    def __init__(self, rows: Sequence[Sequence[float]]) -> None:
        table = torch.tensor([list(row) for row in rows], dtype=torch.float32)
        self.weight, self.bias = table[:-1], table[-1]

    def __call__(self, x0: Tensor) -> np.ndarray:
        """uint8 RGB `[B, h, w, 3]` of latents `[B, C, h, w]`; values out of range and non-finite ones are clamped."""
        latents = x0.detach().float().permute(0, 2, 3, 1)
        rgb = latents @ self.weight.to(latents.device) + self.bias.to(latents.device)
        rgb = rgb.nan_to_num(0.5).clamp(0, 1)
        return (rgb * 255).round().to(torch.uint8).cpu().numpy()


def fit_preview(decode: Callable[[Tensor], Tensor], channels: int) -> LinearPreview:
    """The map that comes nearest to a decoder, by least squares over what it makes of smooth random latents.

    Args:
        decode: latents `[B, channels, h, w]` (unit variance, CPU) -> RGB `[B, 3, H, W]`, 0..1.
    """
    generator = torch.Generator().manual_seed(0)
    coarse = torch.randn(_FIT_LATENTS, channels, 4, 4, generator=generator)
    fine = torch.randn(_FIT_LATENTS, channels, _FIT_SIDE, _FIT_SIDE, generator=generator)
    # Smooth areas as pictures have them, with some grain so that the channels stay independent.
    latents = F.interpolate(coarse, size=_FIT_SIDE, mode="bilinear") * 1.3 + fine * 0.3
    rgb = F.adaptive_avg_pool2d(decode(latents).float().cpu(), _FIT_SIDE)
    inputs = latents.permute(0, 2, 3, 1).reshape(-1, channels)
    targets = rgb.permute(0, 2, 3, 1).reshape(-1, 3)
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1)
    return LinearPreview(torch.linalg.lstsq(inputs, targets).solution.tolist())
