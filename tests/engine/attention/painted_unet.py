"""What the tests of attention on a real UNet share: inputs, paint, calls and a recorder."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

import engine.attention.control
import engine.attention.processor
from engine.attention.control import install
from engine.attention.masks import level_sizes
from engine.protocol import PaintedWord

TOKENS = 11
SIZE = (10, 7)
TIMESTEP = 400


def noise(rows: int, size=SIZE, seed: int = 0) -> Tensor:
    return torch.randn(rows, 4, *size, generator=torch.Generator().manual_seed(seed))


def text(rows: int, tokens: int = TOKENS, seed: int = 1) -> Tensor:
    # Larger than unit variance, so that scores spread and a bias matters.
    return 3 * torch.randn(rows, tokens, 32, generator=torch.Generator().manual_seed(seed))


def random_paint(levels: int, *, samples: int | None = None, size=SIZE, tokens: int = TOKENS, seed=2) -> list[Tensor]:
    """A for each level with two painted columns; `[N, T]`, or `[samples, N, T]`."""
    generator = torch.Generator().manual_seed(seed)
    matrices = []
    for height, width in level_sizes(*size, levels):
        shape = (height * width, tokens) if samples is None else (samples, height * width, tokens)
        matrix = torch.zeros(shape)
        matrix[..., [3, 5]] = torch.rand((*shape[:-1], 2), generator=generator)
        matrices.append(matrix)
    return matrices


def word(mask: np.ndarray, **fields) -> PaintedWord:
    return PaintedWord(span=(0, 1), mask=mask, revision=id(mask), **fields)


def top_half(size=SIZE) -> np.ndarray:
    mask = np.zeros((size[0] * 8, size[1] * 8), np.uint8)
    mask[: size[0] * 4] = 255
    return mask


@torch.no_grad()
def call(unet, latents: Tensor, context: Tensor) -> Tensor:
    return unet(latents, TIMESTEP, encoder_hidden_states=context, return_dict=False)[0]


def painted(unet, latents: Tensor, context: Tensor, *, sigma: float = 5.0, fraction: float = 0.5, **run) -> Tensor:
    """One call with paint, installed and uninstalled around it."""
    control = install(unet)
    control.begin(context=context, **run)
    control.set_step(sigma=sigma, fraction=fraction)
    out = call(unet, latents, context)
    control.uninstall()
    return out


class Recorder:
    """Stands in for a tap: keeps each layer's shares in the order of the calls."""

    def __init__(self) -> None:
        self.shares: list[tuple[int, Tensor]] = []

    def add(self, level: int, shares: Tensor) -> None:
        self.shares.append((level, shares))


def take(way: str, monkeypatch) -> str:
    monkeypatch.setattr(engine.attention.processor, "_SMALL", 0 if way == "apart" else 1 << 40)
    monkeypatch.setattr(engine.attention.control, "prefers_mask", lambda device: way == "mask")
    return way
