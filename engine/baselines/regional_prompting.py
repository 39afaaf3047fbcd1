"""Regional prompting, to compare with: every painted word becomes a separate prompt for its area."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from engine.attention.mask_reduction import reduce_mask
from engine.protocol import GenerateRequest, PaintedWord

if TYPE_CHECKING:
    from engine.models.families.base import Family, RunConfig
    from engine.text.conditioning import Area, Conditioning

_BOOTSTRAPPED = 0.4
"""For this first share of the steps MultiDiffusion fills the outside of each area with a plain colour.

That is 20 of 50 steps in the authors' code.
"""


def make_areas(request: GenerateRequest, read: Callable[[str], Conditioning]) -> list[Area]:
    """Return the areas of a request's painted words; areas that overlap share the overlap equally.

    Words of negative strength and words without paint get no area.

    Args:
        read: encodes a prompt to its conditioning.
    """
    from engine.text.conditioning import Area

    words = [word for word in request.text.words if word.strength > 0 and word.mask.any()]
    total = np.sum([word.mask.astype(np.float32) for word in words], axis=0) if words else np.zeros(())
    scale = 255.0 / np.maximum(total, 255.0)
    return [Area(context=read(_phrase(request, word)), mask=(word.mask * scale).astype(np.uint8)) for word in words]


def _phrase(request: GenerateRequest, word: PaintedWord) -> str:
    start, end = word.span
    return request.text.prompt[start:end]


class MultiDiffusion:
    """MultiDiffusion (arXiv 2302.08113, eq. 5): denoises each area with its own prompt; x0 is the mean by the masks.

    The rest of the picture follows the whole prompt. As in section 5.2 of the paper, areas are bootstrapped: during the
    first steps each one is denoised with a plain random colour, at the same noise level, outside its mask, so that its
    object forms inside.

    Args:
        family: the denoiser; between two calls it is set up for `config`.
        config: the run with the whole prompt. areas: see `make_areas`. seed: of the colours and their noise.
    """

    def __init__(self, family: Family, config: RunConfig, areas: Sequence[Area], *, seed: int) -> None:
        self._family, self._config, self._areas = family, config, list(areas)
        size = family.latent_size(*config.size)
        masks = [torch.from_numpy(reduce_mask(area.mask, size)) for area in areas]
        stacked = torch.stack(masks) if masks else torch.zeros(0, *size)
        self._masks = torch.cat([(1.0 - stacked.sum(dim=0, keepdim=True)).clamp_min(0.0), stacked]).to(family.device)
        self._rng, self._noise = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        self._fixed: Tensor | None = None

    def denoise(self, x: Tensor, sigma: float, *, timestep: float, fraction: float, guidance: float) -> Tensor:
        """Return x0 `[B, C, h, w]`; the arguments are those of `Family.denoise`."""
        made = torch.zeros_like(x)
        for index, mask in enumerate(self._masks):
            if not bool(mask.any()):
                continue
            inner = x
            if index:
                area = self._areas[index - 1]
                self._family.begin(dataclasses.replace(self._config, context=area.context, words=(), watched=()))
                if fraction < _BOOTSTRAPPED:
                    inner = x * mask + self._background(x, sigma) * (1.0 - mask)
            x0 = self._family.denoise(inner, sigma, timestep=timestep, fraction=fraction, guidance=guidance)
            made += x0 * mask
        self._family.begin(self._config)
        return made / self._masks.sum(dim=0).clamp_min(1e-6)

    def _background(self, x: Tensor, sigma: float) -> Tensor:
        if self._fixed is None:
            self._fixed = torch.randn(x.shape[1:], generator=self._noise).to(x.device)
        width, height = self._config.size
        colour = self._rng.integers(0, 256, 3).astype(np.uint8)
        plain = self._family.encode_picture(np.broadcast_to(colour, (height, width, 3))).to(x.device)
        return plain + sigma * self._fixed
