"""The refiner of Stable Diffusion XL: a denoiser for low noise, with one text encoder and an aesthetic score."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import torch
from torch import Tensor

from engine.facts import InstalledModel
from engine.models.families.base import RunConfig
from engine.models.families.components import load_noise, load_reader, load_unet, load_vae, read_ahead
from engine.models.families.sdxl import PENULTIMATE, StableDiffusionXL
from engine.weights import loading
from engine.weights.files import read_json

_BEAUTY = (2.5, 6.0)
"""The stock pipeline's aesthetic scores for the negative prompt and for the prompt."""


class StableDiffusionXLRefiner(StableDiffusionXL):
    """SDXL's refiner, which has the second text encoder only."""

    zero_negative = False

    def _read(self, text: str, chunks: int) -> tuple[Tensor, Tensor]:
        (reader,) = self.readers
        states, sentence = reader.read(reader.tokenize(text, chunks=chunks))
        assert sentence is not None, "the second encoder projects"
        return states, sentence

    def _added_conditions(self, brief: RunConfig, halves: list[int]) -> dict[str, Tensor] | None:
        """Pooled text embeddings, and the picture's size, crop at 0,0 and aesthetic score."""
        width, height = brief.size
        assert brief.context.pooled is not None, "made by this family's encode"
        pooled = brief.context.pooled[halves].repeat_interleave(brief.batch, dim=0).to(self.dtype)
        rows = [[height, width, 0, 0, _BEAUTY[half]] for half in halves for _ in range(brief.batch)]
        return {"text_embeds": pooled, "time_ids": torch.tensor(rows, dtype=self.dtype, device=self.device)}


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, StableDiffusionXLRefiner]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    noise = load_noise(facts)  # first: it may refuse the model, and then no weights have been read in vain
    dtype = loading.pick_dtype(device)
    yield "text encoder", 0.15
    reader = load_reader(facts, device=device, dtype=dtype, suffix="_2", layer=PENULTIMATE)
    yield "denoiser", 0.45
    yield from read_ahead(facts, "unet", "denoiser", 0.45, 0.7)
    unet = load_unet(facts, device=device, dtype=dtype)
    yield "autoencoder", 0.9
    vae = load_vae(facts, device=device, dtype=dtype)
    family = StableDiffusionXLRefiner(facts, readers=(reader,), unet=unet, vae=vae, noise=noise)
    index: dict[str, Any] = read_json(facts.config / "model_index.json", part="folder")
    family.zero_negative = bool(index.get("force_zeros_for_empty_prompt", False))
    return family
