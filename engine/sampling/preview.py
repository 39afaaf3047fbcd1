"""Previews: x0 as RGB by a small linear map of its channels, which is much cheaper than decoding."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

_FIT_LATENTS = 8
_FIT_SIDE = 16
_RIDGE = 1e-4

PREVIEW_SECONDS = 0.1
"""The least time between two previews of a run."""


class LinearPreview:
    """One linear map from a latent pixel, or its 3x3 neighbourhood, to one RGB pixel or a patch of them.

    Args:
        rows: for each latent channel (for 3x3: for each channel and each of its nine neighbours, row by row) its weight
            on each output, then one row of bias; RGB 0..1. A row of 3 is (r, g, b) of one pixel. A row of `3 * s * s`
            is a patch of s x s pixels: s*s values of red, then green, then blue, each row by row.
        channels: of the latents; by default the number of rows without the bias.
        device: where the latents will be.

    Raises:
        ValueError: the rows have another shape.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[float]],
        *,
        channels: int | None = None,
        device: torch.device | None = None,
    ) -> None:
        table = torch.tensor([list(row) for row in rows], dtype=torch.float32)
        self.channels = channels or len(rows) - 1
        self.scale = math.isqrt(table.shape[-1] // 3)
        inputs = len(rows) - 1
        if table.ndim != 2 or inputs not in (self.channels, 9 * self.channels) or table.shape[1] != 3 * self.scale**2:
            raise ValueError(f"a table of shape {list(table.shape)} does not fit {self.channels} channels")
        self.kernel = 1 if inputs == self.channels else 3
        weight = table[:-1].T.reshape(-1, self.channels, self.kernel, self.kernel).contiguous()
        self.rows, self._weight = table.to(device or "cpu"), weight.to(device or "cpu")

    def __call__(self, x0: Tensor) -> np.ndarray:
        """Return `pixels(x0)` as an array on the CPU."""
        return self.pixels(x0).cpu().numpy()

    def pixels(self, x0: Tensor) -> Tensor:
        """Return uint8 RGB `[B, h * scale, w * scale, 3]` of finite latents `[B, C, h, w]`, on the latents' device;
        values out of range are clamped. Does not wait for the device."""
        self.rows, self._weight = self.rows.to(x0.device), self._weight.to(x0.device)
        margin = (self.kernel // 2,) * 4
        padded = F.pad(x0.detach().float(), margin, mode="replicate") if self.kernel > 1 else x0.detach().float()
        rgb = F.pixel_shuffle(F.conv2d(padded, self._weight, self.rows[-1]), self.scale)
        return (rgb.clamp(0, 1).permute(0, 2, 3, 1) * 255).round().to(torch.uint8)


class PreviewPace:
    """Decides when the next preview is due: no more often than people can notice.

    Args:
        clock: a monotonic clock in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._shown: float | None = None

    def due(self) -> bool:
        """Whether another preview is due; if so, it counts as shown."""
        now = self._clock()
        if self._shown is not None and now - self._shown < PREVIEW_SECONDS:
            return False
        self._shown = now
        return True


def fit_to_pictures(latents: Tensor, pictures: Tensor, *, kernel: int = 1, scale: int = 1) -> LinearPreview:
    """Fit the map to pairs of latents and pictures, by least squares.

    Args:
        latents: `[B, C, h, w]`, scaled as for the denoiser. pictures: their RGB `[B, 3, H, W]`, 0..1, of any size.
        kernel: 1 or 3. scale: output pixels per latent pixel, along each side.
    """
    size = (latents.shape[2] * scale, latents.shape[3] * scale)
    targets = F.pixel_unshuffle(F.adaptive_avg_pool2d(pictures.float(), size), scale).flatten(2)
    padded = F.pad(latents.float(), (kernel // 2,) * 4, mode="replicate") if kernel > 1 else latents.float()
    inputs = F.unfold(padded, kernel).transpose(1, 2).flatten(0, 1)
    inputs = torch.cat([inputs, inputs.new_ones(len(inputs), 1)], dim=1).double()
    outputs = targets.transpose(1, 2).flatten(0, 1).double()
    squares = inputs.T @ inputs
    # Slightly regularised (ridge): neighbours in smooth latents are nearly equal, and would get huge opposite weights.
    squares += torch.eye(len(squares), dtype=torch.float64, device=squares.device) * _RIDGE * len(inputs)
    rows = torch.linalg.solve(squares, inputs.T @ outputs)
    return LinearPreview(rows.tolist(), channels=latents.shape[1])


def fit_to_decoder(
    decode: Callable[[Tensor], Tensor], channels: int, *, device: torch.device | None = None
) -> LinearPreview:
    """Fit a map of single pixels to a decoder, using smooth random latents.

    Args:
        decode: latents `[B, channels, h, w]` (unit variance, CPU) -> RGB `[B, 3, H, W]`, 0..1.
        device: where the latents to preview will be.
    """
    generator = torch.Generator().manual_seed(0)
    coarse = torch.randn(_FIT_LATENTS, channels, 4, 4, generator=generator)
    fine = torch.randn(_FIT_LATENTS, channels, _FIT_SIDE, _FIT_SIDE, generator=generator)
    # Smooth areas like those of pictures, with some noise so that the channels stay independent.
    latents = F.interpolate(coarse, size=_FIT_SIDE, mode="bilinear") * 1.3 + fine * 0.3
    fitted = fit_to_pictures(latents, decode(latents).cpu())
    return LinearPreview(fitted.rows.tolist(), channels=channels, device=device)
