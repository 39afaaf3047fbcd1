"""Flux.2 Klein: joint attention of [text, image]; three layers of Qwen3's states, padded to a fixed length."""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides
from engine.facts import InstalledModel
from engine.models.families.called import PackedTextFirst
from engine.models.families.components import read_ahead
from engine.models.families.packing import packed, unpacked
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.models.families.transformer_parts import (
    load_encoder,
    load_network,
    load_rest,
    load_text_tokenizer,
    picked_dtype,
)
from engine.text.prompt_states import LanguageReader
from engine.text.templates import chat_template

_LAYERS = (9, 18, 27)
"""Whose states the transformer was trained on, one after the other in its channels; both encoders have 36."""

_TOKENS = 512


class KleinDenoiser(PackedTextFirst):
    """How Flux.2's transformer is called; see `TransformerDenoiser`."""

    painted = (r"(single_)?transformer_blocks\.\d+\.attn",)
    sides = LayerSides(
        text=r"context_embedder|transformer_blocks\.\d+\.(attn\.(add_\w+|to_add_out)|ff_context\..+)",
        both=r"single_transformer_blocks\.\d+\.attn\.to_(qkv_mlp_proj|out)",
        neither=r"time_guidance_embed\..+|\w+_stream_modulation\w*\.linear|norm_out\.linear",
    )

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`; places are (time, row, column, index in the text)."""
        rows, _, height, width = latents.shape
        tokens, device = text.states.shape[1], latents.device
        cells = torch.zeros(height // 2, width // 2, 4, device=device)
        cells[..., 1] += torch.arange(height // 2, device=device)[:, None]
        cells[..., 2] += torch.arange(width // 2, device=device)[None, :]
        words = torch.zeros(tokens, 4, device=device)
        words[:, 3] = torch.arange(tokens, device=device)
        out = self.network(
            hidden_states=packed(latents),
            timestep=torch.full((rows,), time, device=device, dtype=latents.dtype),
            guidance=None,
            encoder_hidden_states=text.states,
            txt_ids=words,
            img_ids=cells.flatten(0, 1),
            return_dict=False,
        )[0]
        return unpacked(out, height, width)


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_flux2 import Flux2Transformer2DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.35)
    kinds = {"Qwen3ForCausalLM": "qwen3", "Qwen3Model": "qwen3"}
    encoder = load_encoder(facts, kinds, device=device, dtype=dtype, inner=("model",))
    tokenizer = load_text_tokenizer(facts)
    reader = LanguageReader(
        tokenizer,
        encoder,
        render=chat_template(tokenizer, enable_thinking=False),
        combine=lambda states: torch.cat([states[layer] for layer in _LAYERS], dim=-1),
        max_length=_TOKENS,
        # The transformer was trained on the padding too: it reads it like text.
        filled=True,
    )
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, Flux2Transformer2DModel, device=device, dtype=dtype)
    return (yield from load_rest(facts, reader=reader, denoiser=KleinDenoiser(network), device=device, dtype=dtype))
