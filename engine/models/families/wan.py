"""Wan at one frame: cross-attention in each block; the two experts of 2.2 share a timeline as eDiff-I's do."""

from __future__ import annotations

import math
from collections.abc import Generator

import torch
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides
from engine.facts import InstalledModel
from engine.models.families.called import AcrossText
from engine.models.families.components import read_ahead
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.models.families.transformer_parts import load_encoder, load_network, load_rest, picked_dtype
from engine.text.encoders import load_tokenizer
from engine.text.t5_states import MaskedT5Reader, tidied

_TOKENS = 512
_TIMES = 1000
_NEARLY = 1e-6


class WanDenoiser(AcrossText):
    """How Wan's transformer is called; see `TransformerDenoiser`."""

    painted = (r"blocks\.\d+\.attn2",)
    sides = LayerSides(
        text=r"condition_embedder\.text_embedder\..+|blocks\.\d+\.attn2\.to_[kv]", neither=r"condition_embedder\.time.+"
    )

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`; the picture is a film's only frame, and times are whole thousandths, cut off."""
        step = math.floor(time * _TIMES + _NEARLY)
        out: Tensor = self.network(
            hidden_states=latents[:, :, None],
            timestep=torch.full((len(latents),), step, device=latents.device),
            encoder_hidden_states=text.states,
            return_dict=False,
        )[0]
        return out[:, :, 0]


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_wan import WanTransformer3DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.35)
    encoder = load_encoder(facts, {"UMT5EncoderModel": "umt5"}, device=device, dtype=dtype)
    tokenizer = load_tokenizer(facts.config / "tokenizer")
    reader = MaskedT5Reader(tokenizer, encoder, cleaned=tidied, length=_TOKENS, zeros=True)
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, WanTransformer3DModel, device=device, dtype=dtype)
    return (yield from load_rest(facts, reader=reader, denoiser=WanDenoiser(network), device=device, dtype=dtype))
