"""Batches for training what follows a denoiser: latents, and conditioning from frozen encoders."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor

from engine.training.conditions import Conditions, EncoderInputs
from engine.training.empty_prompt import EmptyPrompt


@dataclass(frozen=True, kw_only=True)
class TrainingBatch:
    """A batch, on the device.

    Attributes:
        clean: latents `[B, C, h, w]`. context: `[B, T, D]`.
        token_bias: `[B, T]`, added to the tokens' scores: 0 or `ABSENT`.
        paint, truth: `[B, h * w, t]`, where tokens are painted, and where their objects are; weight: w' `[B]`. None if
            areas are unknown.
        added: added conditions, for families that use them.
    """

    clean: Tensor
    context: Tensor
    token_bias: Tensor
    paint: Tensor | None = None
    truth: Tensor | None = None
    weight: Tensor | None = None
    added: dict[str, Tensor] | None = None


class BatchSource(Protocol):
    """Where training batches come from.

    Attributes:
        painted: whether the batches have paint and true areas.
        settings: what the batches depend on, for checkpoints.
    """

    painted: bool
    settings: dict[str, Any]

    def __call__(self, rng: np.random.Generator, size: int) -> TrainingBatch:
        """Return a batch of `size` examples that depends only on the state of `rng`."""


class Drawn(Protocol):
    """Examples as a training draws them, see `engine.training.picture_book.examples.Batch`."""

    @property
    def latents(self) -> Tensor: ...
    @property
    def inputs(self) -> EncoderInputs: ...
    @property
    def paint(self) -> Tensor: ...
    @property
    def truth(self) -> Tensor: ...
    @property
    def weight(self) -> Tensor: ...


class PaintedBatches(ABC):
    """Batches with captions, references and paint, as in the training of a starter's denoiser; see `BatchSource`.

    Args:
        conditions: the model's encoders, which stay as they are. data: what the examples come from, for `settings`.
    """

    painted = True

    def __init__(self, conditions: Conditions, accelerator: Accelerator, *, data: str) -> None:
        self.accelerator = accelerator
        self.conditions = conditions.to(accelerator.device).eval().requires_grad_(False)
        self.settings: dict[str, Any] = {"data": data}
        self._empty = EmptyPrompt(self.conditions, accelerator)

    @abstractmethod
    def draw(self, rng: np.random.Generator, size: int) -> Drawn:
        """The examples of a batch."""

    def __call__(self, rng: np.random.Generator, size: int) -> TrainingBatch:
        """See `BatchSource`."""
        device, drawn = self.accelerator.device, self.draw(rng, size)
        with torch.no_grad(), self.accelerator.autocast():
            context, token_bias = self.conditions(drawn.inputs.to(device))
        return TrainingBatch(
            clean=drawn.latents.to(device),
            context=context,
            token_bias=token_bias,
            paint=drawn.paint.to(device),
            truth=drawn.truth.to(device),
            weight=drawn.weight.to(device),
        )

    def negative(self, batch: TrainingBatch) -> TrainingBatch:
        """The other half of guidance for a batch, as in the program, see `EmptyPrompt`."""
        context, token_bias = self._empty(batch.context, batch.token_bias)
        return TrainingBatch(clean=batch.clean, context=context, token_bias=token_bias)
