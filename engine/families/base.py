"""What a model family does for a generation: encode words, denoise, decode, and say how its latents are shaped."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from engine.families import ModelFacts
from engine.noise import NoiseSchedule
from engine.preview import LinearPreview
from engine.protocol import PaintedWord
from engine.spans import TokenizedPrompt


@dataclass(frozen=True, eq=False)
class Context:
    """A prompt and its negative as the denoiser reads them, equally long.

    Attributes:
        rows: `[2, T, C]`: the negative prompt, then the prompt; T = 77 for each chunk of the longer one.
        tokenized: the prompt, with the characters that each of the T positions stands for.
        pooled: `[2, P]` in families that want a sentence vector too.
    """

    rows: Tensor
    tokenized: TokenizedPrompt
    pooled: Tensor | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Brief:
    """How one run of the denoiser is set up.

    Attributes:
        context: what is to be painted.
        words: the painted words; masks at picture size.
        size: (width, height) of the picture in pixels.
        batch: pictures per call.
        guidance: classifier-free guidance; at 1 the negative prompt is not evaluated.
        law, paint_weight: the rule that turns paint into bias, and its global weight.
        heatmaps: whether the painted words' attention is recorded.
    """

    context: Context
    words: Sequence[PaintedWord] = field(default=())
    size: tuple[int, int]
    batch: int = 1
    guidance: float = 1.0
    law: str = "default"
    paint_weight: float = 0.0
    heatmaps: bool = False


class Family(Protocol):
    """One loaded model. It belongs to the thread that loaded it; one run at a time, from `begin` to `end`."""

    facts: ModelFacts
    device: torch.device
    dtype: torch.dtype
    noise: NoiseSchedule
    preview: LinearPreview
    brief: Brief | None
    """The run that is on: what `begin` was last given, until `end`."""

    @property
    def latents(self) -> Hashable:
        """What the latents are; models that agree on it can share one run."""

    @property
    def channels(self) -> int:
        """Channels of a latent."""

    def latent_size(self, width: int, height: int) -> tuple[int, int]:
        """(height, width) of the latent of a picture."""

    def encode(self, prompt: str, negative: str) -> Context:
        """Reads both prompts; of any length."""

    def begin(self, brief: Brief) -> None:
        """Prepares a run: projects the text once and places the words. A run that was on is over with that.

        Raises:
            WordNotInPrompt: a word's span has no token. MemoryError: the picture is too large for the machine.
        """

    def denoise(self, x: Tensor, sigma: float, *, timestep: float, fraction: float) -> Tensor:
        """x0 `[B, C, h, w]` float32 for x of that shape, x = x0 + sigma * noise; `fraction` 0..1 of the schedule."""

    def obedience(self, image: int) -> tuple[float | None, ...]:
        """For each word of the brief the share of its attention in its paint, for picture `image` of the batch."""

    def end(self) -> None:
        """Lets go of what `begin` made."""

    def decode(self, latents: Tensor) -> np.ndarray:
        """uint8 RGB `[B, H, W, 3]` of latents `[B, C, h, w]`."""
