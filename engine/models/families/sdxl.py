"""Stable Diffusion XL: two text encoders, with a pooled text embedding and the picture's size as conditions."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import torch
from torch import Tensor

from engine.errors import UnsupportedModel
from engine.facts import InstalledModel
from engine.models.families.base import RunConfig
from engine.models.families.components import load_noise, load_reader, load_unet, load_vae, read_ahead
from engine.models.families.sd import StableDiffusion
from engine.protocol import StyleReference
from engine.text.conditioning import Conditioning
from engine.text.token_bias import check_encoders, check_takes_styles
from engine.weights import loading
from engine.weights.files import read_json

PENULTIMATE = -2


class StableDiffusionXL(StableDiffusion):
    """SDXL base; see `Family` for what each method does. Both encoders must split a text into the same tokens.

    Attributes:
        zero_negative: whether a blank negative prompt becomes zeros instead of an encoded empty text.
    """

    zero_negative = True

    @torch.inference_mode()
    def encode(
        self,
        prompt: str,
        negative: str,
        *,
        encoders: Sequence[tuple[str, float]] | None = None,
        styles: Sequence[StyleReference] = (),
    ) -> Conditioning:
        """Encodes both prompts with both encoders, concatenated along the channels: `[2, T, C1 + C2]`."""
        check_encoders(self.facts, encoders)
        check_takes_styles(self.facts, styles)
        chunks = max(reader.tokenize(text).chunks for reader in self.readers for text in (prompt, negative))
        cuts = [reader.tokenize(prompt, chunks=chunks) for reader in self.readers]
        if any(cut.offsets != cuts[0].offsets for cut in cuts):
            raise UnsupportedModel(
                "This model's two text encoders cut the prompt into different tokens.", hint="Choose another model."
            )
        positive, sentence = self._read(prompt, chunks)
        if self.zero_negative and not negative.strip():
            opposite, opposite_sentence = torch.zeros_like(positive), torch.zeros_like(sentence)
        else:
            opposite, opposite_sentence = self._read(negative, chunks)
        return Conditioning(
            rows=torch.cat([opposite, positive]).to(self._text_dtype),
            texts=((0, cuts[0]),),
            pooled=torch.cat([opposite_sentence, sentence]).to(self._text_dtype),
        )

    def _read(self, text: str, chunks: int) -> tuple[Tensor, Tensor]:
        (first, _), (second, sentence) = (reader.read(reader.tokenize(text, chunks=chunks)) for reader in self.readers)
        assert sentence is not None, "the second encoder projects"
        return torch.cat([first, second], dim=-1), sentence

    def _added_conditions(self, brief: RunConfig, halves: list[int]) -> dict[str, Tensor] | None:
        """Pooled text embeddings and the SDXL paper's micro-conditions: size, crop at 0,0 and target size in pixels."""
        width, height = brief.size
        assert brief.context.pooled is not None, "made by this family's encode"
        pooled = brief.context.pooled[halves].repeat_interleave(brief.batch, dim=0).to(self.device, self.dtype)
        sizes = torch.tensor([[height, width, 0, 0, height, width]], dtype=self.dtype, device=self.device)
        return {"text_embeds": pooled, "time_ids": sizes.expand(len(pooled), -1)}


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, StableDiffusionXL]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    noise = load_noise(facts)  # first: it may refuse the model, and then no weights have been read in vain
    dtype = loading.pick_dtype(device)
    yield "text encoder", 0.15
    first = load_reader(facts, device=device, dtype=dtype, layer=PENULTIMATE)
    yield "second text encoder", 0.25
    yield from read_ahead(facts, "text_encoder_2", "second text encoder", 0.25, 0.4)
    second = load_reader(facts, device=device, dtype=dtype, suffix="_2", layer=PENULTIMATE)
    yield "denoiser", 0.45
    yield from read_ahead(facts, "unet", "denoiser", 0.45, 0.7)
    unet = load_unet(facts, device=device, dtype=dtype)
    yield "autoencoder", 0.9
    vae = load_vae(facts, device=device, dtype=dtype)
    family = StableDiffusionXL(facts, readers=(first, second), unet=unet, vae=vae, noise=noise)
    index: dict[str, Any] = read_json(facts.config / "model_index.json", part="folder")
    family.zero_negative = bool(index.get("force_zeros_for_empty_prompt", True))
    return family
