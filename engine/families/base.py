"""What a model family does for a generation: encode words, denoise, decode, and say how its latents are shaped."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from engine.errors import WordNotInPrompt
from engine.families import ModelFacts
from engine.fidelity import NONE
from engine.heatmaps import Heatmaps
from engine.noise import NoiseSchedule
from engine.preview import LinearPreview
from engine.protocol import Fidelity, PaintedWord, StyleReference
from engine.residence import Residence
from engine.spans import TokenizedPrompt, token_positions

ABSENT = -1e4
"""Added to the scores of tokens that a row does not hear: finite in float16, and exp of it is 0 in every dtype."""


@dataclass(frozen=True, eq=False)
class StyleTokens:
    """Where a reference's tokens stand in a context, and where in the picture they are heard.

    Attributes:
        first, last: half-open range of positions.
        weight: what is added to their scores: the logarithm of their strength.
        mask: uint8 `[height, width]` at picture size; None is everywhere.
    """

    first: int
    last: int
    weight: float
    mask: np.ndarray | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Context:
    """A prompt and its negative as the denoiser reads them, equally long.

    Attributes:
        rows: `[2, T, C]`: the negative prompt, then the prompt.
        texts: each text encoder's reading of the prompt, and the position where its tokens begin.
        heard: float32 `[2, T]` that is added to the tokens' scores: 0, the logarithm of an encoder's weight, or
            `ABSENT`; None where all are heard alike.
        present: the prompt's row has only so many positions; what follows fills it up to the negative's length.
        styles: the references' tokens, which only the prompt's row hears.
        pooled: `[2, P]` in families that want a sentence vector too.
    """

    rows: Tensor
    texts: tuple[tuple[int, TokenizedPrompt], ...]
    heard: Tensor | None = None
    present: int | None = None
    styles: tuple[StyleTokens, ...] = ()
    pooled: Tensor | None = None

    def positions(self, span: tuple[int, int]) -> tuple[int, ...]:
        """The positions of the tokens that a span of the prompt went into, in all encoders.

        Raises:
            WordNotInPrompt: no encoder reads any of its characters.
        """
        found: list[int] = []
        problem: WordNotInPrompt | None = None
        for first, text in self.texts:
            try:
                found += [first + position for position in token_positions(text, span)]
            except WordNotInPrompt as error:
                problem = error
        if not found and problem is not None:
            raise problem
        return tuple(found)


@dataclass(frozen=True, kw_only=True, eq=False)
class Area:
    """A painted word as a prompt of its own: what it reads, and its mask, uint8 `[height, width]` at picture size."""

    context: Context
    mask: np.ndarray


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
        fidelity: what else keeps to the paint.
        areas: where another prompt than the context's is heard in the cross-attention.
        watched: spans of the prompt whose attention is recorded too. heatmaps: whether that of the words is.
    """

    context: Context
    words: Sequence[PaintedWord] = field(default=())
    size: tuple[int, int]
    batch: int = 1
    guidance: float = 1.0
    law: str = "default"
    paint_weight: float = 0.0
    fidelity: Fidelity = NONE
    areas: Sequence[Area] = ()
    watched: Sequence[tuple[int, int]] = ()
    heatmaps: bool = False


class Family(Protocol):
    """One loaded model. It belongs to the thread that loaded it; one run at a time, from `begin` to `end`."""

    facts: ModelFacts
    device: torch.device
    dtype: torch.dtype
    noise: NoiseSchedule
    preview: LinearPreview
    residence: Residence
    """Where its denoiser's weights are; `Shelf.loading` gives it back with them on the device."""
    brief: Brief | None
    """The run that is on: what `begin` was last given, until `end`."""

    @property
    def latents(self) -> Hashable:
        """What the latents are; models that agree on it can share one run."""

    @property
    def reads_with(self) -> Hashable:
        """Its text and image encoders; denoisers with the same ones share a context."""

    @property
    def channels(self) -> int:
        """Channels of a latent."""

    def latent_size(self, width: int, height: int) -> tuple[int, int]:
        """(height, width) of the latent of a picture."""

    def encode(
        self,
        prompt: str,
        negative: str,
        *,
        encoders: Sequence[tuple[str, float]] | None = None,
        styles: Sequence[StyleReference] = (),
    ) -> Context:
        """Reads both prompts, of any length, and the references; see `GenerateRequest` for `encoders` and `styles`.

        Raises:
            UnsupportedModel: the model has no such encoder, or takes no references. BadRequest: all are off.
        """

    def begin(self, brief: Brief) -> None:
        """Prepares a run: projects the text once and places the words. A run that was on is over with that.

        Raises:
            WordNotInPrompt: a word's span has no token. MemoryError: the picture is too large for the machine.
        """

    def again(self) -> None:
        """Goes on with the same brief for the next pictures: what was projected stays, the heatmaps begin anew."""

    def denoise(
        self, x: Tensor, sigma: float, *, timestep: float, fraction: float, guidance: float | None = None
    ) -> Tensor:
        """x0 `[B, C, h, w]` float32 for x of that shape, x = x0 + sigma * noise; `fraction` 0..1 of the schedule.

        `guidance` goes before the brief's, which must be above 1 if this is.
        """

    def steer(self, x: Tensor, sigma: float, *, timestep: float, fraction: float) -> Tensor:
        """What to add to x before `denoise`, so that the words' own attention comes nearer to their paint."""

    def heatmaps(self) -> Heatmaps | None:
        """Where the attention of the words, then of the watched spans went; None where the run does not record it."""

    def obedience(self, heatmaps: Heatmaps) -> list[list[float | None]]:
        """For each picture of the batch and word of the brief the share of its attention in its paint.

        `heatmaps` are those of all denoisers that shared the run.
        """

    def end(self) -> None:
        """Lets go of what `begin` made."""

    def encode_picture(self, rgb: np.ndarray) -> Tensor:
        """Latents `[1, C, h, w]` float32 of a picture, uint8 `[H, W, 3]`."""

    def decode(self, latents: Tensor) -> np.ndarray:
        """uint8 RGB `[B, H, W, 3]` of latents `[B, C, h, w]`."""
