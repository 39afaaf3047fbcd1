"""Krea 2: one stream of [text, image] with a gate after attention; the text is a stack of an encoder's layers."""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides
from engine.facts import InstalledModel
from engine.models.families.called import PackedTextFirst
from engine.models.families.components import read_ahead
from engine.models.families.packing import packed, unpacked
from engine.models.families.qwen_image import AFTER, DROPPED, TEMPLATE
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.models.families.transformer_parts import (
    load_encoder,
    load_network,
    load_rest,
    load_text_tokenizer,
    picked_dtype,
)
from engine.text.prompt_states import LanguageReader
from engine.weights.files import incomplete, read_json

_LAYERS = (2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35)
_TOKENS = 512
_AFTER_TOKENS = 5
"""Of `AFTER`, which stand behind the prompt even where that is cut."""


class Krea2Denoiser(PackedTextFirst):
    """How Krea 2's transformer is called; see `TransformerDenoiser`."""

    # The text is fused by attention layers of its own first.
    painted = (r"transformer_blocks\.\d+\.attn",)
    sides = LayerSides(
        text=r"(text_fusion|txt_in)\..+", both=r"transformer_blocks\..+|final_layer\.linear", neither=r"time_.+"
    )

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`; all text stands at place 0."""
        rows, _, height, width = latents.shape
        cells = torch.zeros(height // 2, width // 2, 3, device=latents.device)
        cells[..., 1] += torch.arange(height // 2, device=latents.device)[:, None]
        cells[..., 2] += torch.arange(width // 2, device=latents.device)[None, :]
        out = self.network(
            hidden_states=packed(latents),
            encoder_hidden_states=text.states,
            timestep=torch.full((rows,), time, device=latents.device, dtype=latents.dtype),
            position_ids=torch.cat([cells.new_zeros(text.states.shape[1], 3), cells.flatten(0, 1)]),
            encoder_attention_mask=text.mask,
            return_dict=False,
        )[0]
        return unpacked(out, height, width)


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_krea2 import Krea2Transformer2DModel

    dtype = picked_dtype(facts, device)
    layers = _layers(facts)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.35)
    encoder = load_encoder(
        facts,
        dict.fromkeys(("Qwen3VLModel", "Qwen3VLForConditionalGeneration", "Qwen3VLTextModel"), "qwen3_vl"),
        device=device,
        dtype=dtype,
        inner=("model", "language_model"),
    )
    # The pipeline pads between the prompt and what ends its template, masks the padding everywhere and counts places
    # without it: leaving it out is the same, and less to compute.
    reader = LanguageReader(
        load_text_tokenizer(facts),
        encoder,
        render=lambda prompt: TEMPLATE + prompt,
        combine=lambda states: torch.stack([states[layer] for layer in layers], dim=2),
        drop=DROPPED,
        max_length=DROPPED + _TOKENS - _AFTER_TOKENS,
        after=AFTER,
    )
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, Krea2Transformer2DModel, device=device, dtype=dtype)
    return (yield from load_rest(facts, reader=reader, denoiser=Krea2Denoiser(network), device=device, dtype=dtype))


def _layers(facts: InstalledModel) -> tuple[int, ...]:
    """Which of the encoder's states the transformer takes, by model_index.json."""
    index = read_json(facts.config / "model_index.json", part="folder")
    try:
        return tuple(int(layer) for layer in index.get("text_encoder_select_layers") or _LAYERS)
    except (TypeError, ValueError) as error:
        raise incomplete(
            "model_index.json", "its text_encoder_select_layers make no sense", details=str(error)
        ) from error
