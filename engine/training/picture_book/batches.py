"""The picture book's scenes as batches for what is trained after its denoiser: experts and few-step weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator

from engine.errors import BadRequest, UnsupportedModel
from engine.facts import InstalledModel
from engine.training.conditions import Conditions
from engine.training.empty_prompt import EmptyPrompt
from engine.training.picture_book.examples import Examples
from engine.training.picture_book.shards import ShardStore, is_store
from engine.training.training_batches import TrainingBatch
from engine.weights.files import read_json


class BookBatches:
    """Scenes of shards with captions, references and paint, as in the denoiser's training; see `BatchSource`.

    Args:
        side: width and height of the windows of latents. conditions: the model's encoders, which stay as they are.
    """

    painted = True

    def __init__(self, store: ShardStore, side: int, conditions: Conditions, accelerator: Accelerator) -> None:
        self.store, self.side, self.accelerator = store, side, accelerator
        self.conditions = conditions.to(accelerator.device).eval().requires_grad_(False)
        self.settings: dict[str, Any] = {"data": f"book of {len(store)}, windows of {side}"}
        self._empty = EmptyPrompt(self.conditions, accelerator)

    def __call__(self, rng: np.random.Generator, size: int) -> TrainingBatch:
        """See `BatchSource`."""
        device = self.accelerator.device
        drawn = Examples(self.store, self.conditions, rng, self.side)(size)
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


def book_batches(
    facts: InstalledModel, shards: Path, *, size: tuple[int, int], accelerator: Accelerator
) -> BookBatches | None:
    """Batches of a folder's shards for a picture book, or None if there are none.

    Args:
        size: (width, height) in pixels of the windows.

    Raises:
        UnsupportedModel: the model is no picture book, or has another autoencoder. BadRequest: there are no such
        windows. ModelIncomplete: its files are damaged.
    """
    if not is_store(shards):
        return None
    store = ShardStore(shards)
    channels, whole, _ = store[0].latents.shape
    unet = read_json(facts.config / "unet" / "config.json", part="unet")
    alike = facts.takes_styles and facts.encoders == ("clip", "t5") and unet.get("in_channels") == channels
    if not alike:
        raise UnsupportedModel(
            f'"{facts.name}" is not a picture book, whose latents these shards have.',
            hint="Train one with engine.training.picture_book, or give --data a folder of captioned pictures.",
        )
    side = size[0] // facts.multiple
    if size[0] != size[1] or size[0] % facts.multiple or not 1 <= side <= whole:
        most = whole * facts.multiple
        raise BadRequest(
            f"There are no windows of {size[0]}x{size[1]} pixels.",
            hint=f"Give --size a square of at most {most}x{most}, in multiples of {facts.multiple}.",
        )
    return BookBatches(store, side, Conditions.load(facts.path).float(), accelerator)
