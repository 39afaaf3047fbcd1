"""Batches for training experts (latents, and conditioning from frozen encoders), and their source for the world."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from accelerate import Accelerator
from diffusers import AutoencoderTiny
from torch import Tensor

from engine.errors import UnsupportedModel
from engine.facts import InstalledModel
from engine.training import checkpoint_io
from engine.training.batches import Batch, Batches
from engine.training.conditions import WIDTH, Conditions, EncoderInputs
from engine.training.data import SIZE, WorldData, load_or_draw
from engine.training.denoiser import encode_all
from engine.training.empty_prompt import EmptyPrompt
from engine.training.painted_attention import CELLS
from engine.weights import loading
from engine.weights.files import read_json


@dataclass(frozen=True, kw_only=True)
class TrainingBatch:
    """A batch, on the device.

    Attributes:
        clean: latents `[B, C, h, w]`. context: `[B, T, D]`.
        token_bias: `[B, T]`, added to the tokens' scores: 0 or `ABSENT`.
        paint, truth: `[B, 256, t]`, where tokens are painted, and where their objects are; weight: w' `[B]`. None if
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
    """Examples as a training draws them, see `engine.training.batches.Batch`."""

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


class WorldBatches(PaintedBatches):
    """Renders of the world."""

    def __init__(self, data: WorldData, latents: Tensor, conditions: Conditions, accelerator: Accelerator) -> None:
        super().__init__(conditions, accelerator, data=f"world of {len(data)}")
        self.data, self.latents = data, latents

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """See `PaintedBatches`."""
        return Batches(self.data, self.latents, self.conditions, rng)(size)


def world_batches(facts: InstalledModel, work: Path, *, pictures: int, accelerator: Accelerator) -> WorldBatches:
    """Batches of the world for a starter: renders in `work`/world, drawn if they are missing, and their latents.

    Raises:
        UnsupportedModel: the model is not a starter with all three encoders. ModelIncomplete: its files are damaged.
        OSError: `work` cannot be written.
    """
    _check_is_starter(facts)
    with accelerator.main_process_first():
        data = load_or_draw(
            work / "world",
            pictures,
            workers=os.cpu_count() or 1,
            progress=lambda text: print(text, flush=True) if accelerator.is_main_process else None,
        )
        vae = loading.load_part(AutoencoderTiny, facts.path, "vae", dtype=torch.float32)
        latents = _latents(data, vae, work, accelerator.device)
    return WorldBatches(data, latents, Conditions.load(facts.path).float(), accelerator)


def _check_is_starter(facts: InstalledModel) -> None:
    unet = read_json(facts.config / "unet" / "config.json", part="unet")
    vae = read_json(facts.config / "vae" / "config.json", part="vae")
    alike = (unet.get("sample_size"), unet.get("cross_attention_dim")) == (CELLS, WIDTH)
    whole = facts.takes_styles and facts.encoders == ("clip", "t5") and facts.multiple == SIZE // CELLS
    if not alike or not whole or vae.get("_class_name") != "AutoencoderTiny":
        raise UnsupportedModel(
            f'"{facts.name}" is not a starter that was trained on the world with all three encoders.',
            hint="Train one with engine.training.starter, or give --data a folder of captioned pictures.",
        )


def _latents(data: WorldData, vae: AutoencoderTiny, work: Path, device: torch.device) -> Tensor:
    """The latents cached in `work` if this autoencoder made them, otherwise new ones, in its subfolder "experts"."""
    for folder in (work, work / "experts"):
        latents = checkpoint_io.read(folder / "latents.pt")
        if latents is not None and len(latents) == 2 * len(data) and _made_by(latents, data, vae):
            return latents
    (work / "experts").mkdir(parents=True, exist_ok=True)
    (work / "experts" / "latents.pt").unlink(missing_ok=True)
    return encode_all(data, vae, work / "experts", device)


@torch.no_grad()
def _made_by(latents: Tensor, data: WorldData, vae: AutoencoderTiny, count: int = 4) -> bool:
    rgb = torch.from_numpy(np.array(data.rgb[:count])).permute(0, 3, 1, 2).float() / 127.5 - 1
    wanted = vae.encode(rgb).latents * vae.config.scaling_factor
    # Cached latents were rounded to half precision.
    return bool((latents[:count].float() - wanted).square().mean() < 0.01 * wanted.square().mean())
