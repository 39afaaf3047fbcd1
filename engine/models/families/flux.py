"""Flux.1: joint attention of [text, image] in double and single blocks; latents packed in cells of 2x2."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides, TokenLayout
from engine.facts import InstalledModel
from engine.models.families.components import TextReader, load_reader, read_ahead
from engine.models.families.packing import packed, unpacked
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.models.families.transformer_parts import load_encoder, load_network, load_rest, picked_dtype
from engine.text.encoders import load_tokenizer
from engine.text.prompt_states import FilledT5Reader, PromptStates
from engine.weights.precision import computed

_SCHNELL_TOKENS, _TOKENS = 256, 512


class FluxReader:
    """T5's states, padded to the length the model was trained with, and CLIP's sentence vector."""

    def __init__(self, clip: TextReader, t5: FilledT5Reader) -> None:
        self.clip, self.t5 = clip, t5

    @property
    def parts(self) -> Mapping[str, Any]:
        """See `PromptReader`."""
        return {"text_encoder": self.clip, "text_encoder_2": self.t5}

    def read(self, prompt: str) -> PromptStates:
        """See `PromptReader`."""
        found = self.t5.read(prompt)
        # The stock pipeline cuts what CLIP has no room for; T5 reads on.
        whole = self.clip.tokenize(prompt)
        cut = replace(whole, learnt=tuple(each for each in whole.learnt if each[0] < self.clip.length))
        ids = torch.from_numpy(whole.input_ids[:1]).to(self.clip.encoder.device)
        with self.clip.looking_up(cut):
            pooled = computed(
                "text encoder",
                self.clip.encoder,
                lambda: self.clip.encoder(ids).pooler_output,
                tensors=lambda vector: [vector],
            )
        return PromptStates(
            states=found.states, tokenized=found.tokenized, seen=found.seen, pooled=pooled.to(found.states.dtype)
        )


class FluxDenoiser:
    """How Flux's transformer is called; see `TransformerDenoiser`."""

    painted = (r"(single_)?transformer_blocks\.\d+\.attn",)
    sides = LayerSides(
        text=r"context_embedder|transformer_blocks\.\d+\.(attn\.(add_\w+|to_add_out)|ff_context\..+)",
        both=r"single_transformer_blocks\.\d+\.(attn\.to_[qkv]|proj_mlp|proj_out)",
        neither=r"time_text_embed\..+|(.+\.)?norm\w*\.linear",
    )

    def __init__(self, network: Any) -> None:
        self.network = network
        self.channels = int(network.config.in_channels) // 4
        self.width = int(network.inner_dim)
        self.heads = int(network.config.num_attention_heads)
        self.takes_guidance = bool(network.config.guidance_embeds)

    def layout(self, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """The text comes first."""
        return TokenLayout.text_first(tokens, grid)

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`."""
        rows, _, height, width = latents.shape
        places = torch.zeros(height // 2, width // 2, 3, device=latents.device, dtype=latents.dtype)
        places[..., 1] += torch.arange(height // 2, device=latents.device)[:, None]
        places[..., 2] += torch.arange(width // 2, device=latents.device)[None, :]
        told = torch.full((rows,), guidance, device=latents.device) if self.takes_guidance else None
        out = self.network(
            hidden_states=packed(latents),
            timestep=torch.full((rows,), time, device=latents.device, dtype=latents.dtype),
            guidance=told,
            pooled_projections=text.pooled,
            encoder_hidden_states=text.states,
            txt_ids=places.new_zeros(text.states.shape[1], 3),
            img_ids=places.flatten(0, 1),
            return_dict=False,
        )[0]
        return unpacked(out, height, width)


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_flux import FluxTransformer2DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    clip = load_reader(facts, device=device, dtype=dtype)
    yield "second text encoder", 0.1
    yield from read_ahead(facts, "text_encoder_2", "second text encoder", 0.1, 0.35)
    t5 = load_encoder(facts, {"T5EncoderModel": "t5"}, device=device, dtype=dtype, part="text_encoder_2")
    t5_tokenizer = load_tokenizer(facts.config / "tokenizer_2")
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, FluxTransformer2DModel, device=device, dtype=dtype)
    denoiser = FluxDenoiser(network)
    length = _TOKENS if denoiser.takes_guidance else _SCHNELL_TOKENS
    reader = FluxReader(clip, FilledT5Reader(t5_tokenizer, t5, length=length))
    return (yield from load_rest(facts, reader=reader, denoiser=denoiser, device=device, dtype=dtype))
