"""The picture book's scenes as batches for what is trained after its denoiser: experts and few-step weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from accelerate import Accelerator

from engine.errors import BadRequest, UnsupportedModel
from engine.facts import InstalledModel
from engine.training.conditions import Conditions
from engine.training.picture_book.examples import Batch, Examples
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.shards import ShardStore, is_store
from engine.training.training_batches import PaintedBatches
from engine.weights.files import read_json

_STYLED = 0.1
"""The share of other styles, as the denoiser learnt them."""


class BookBatches(PaintedBatches):
    """Scenes of shards, in windows of `side` x `side` latents."""

    def __init__(self, store: ShardStore, side: int, conditions: Conditions, accelerator: Accelerator) -> None:
        super().__init__(conditions, accelerator, data=f"book of {len(store)}, windows of {side}")
        self._examples = Examples(store, self.conditions, np.random.default_rng(0), side, nouns(), _STYLED)

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """See `PaintedBatches`."""
        self._examples.rng = rng
        return self._examples(size)


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
