"""PixArt-Sigma: cross-attention in each block; it predicts noise at a timestep, as Stable Diffusion does."""

from __future__ import annotations

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
from engine.text.t5_states import MaskedT5Reader, lowered

_TOKENS = 300


class PixArtDenoiser(AcrossText):
    """How PixArt's transformer is called; see `TransformerDenoiser`."""

    painted = (r"transformer_blocks\.\d+\.attn2",)
    sides = LayerSides(
        text=r"caption_projection\..+|transformer_blocks\.\d+\.attn2\.to_[kv]", neither=r"adaln_single\..+"
    )

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`: here the noise, at a share 0 .. 1 of the trained timesteps."""
        step = time * float(self.network.config.num_embeds_ada_norm)
        out: Tensor = self.network(
            latents,
            encoder_hidden_states=text.states,
            encoder_attention_mask=text.mask,
            timestep=torch.full((len(latents),), step, device=latents.device),
            added_cond_kwargs={"resolution": None, "aspect_ratio": None},
            return_dict=False,
        )[0]
        return out[:, : self.channels]


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.pixart_transformer_2d import PixArtTransformer2DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.35)
    encoder = load_encoder(facts, {"T5EncoderModel": "t5"}, device=device, dtype=dtype)
    reader = MaskedT5Reader(load_tokenizer(facts.config / "tokenizer"), encoder, cleaned=lowered, length=_TOKENS)
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, PixArtTransformer2DModel, device=device, dtype=dtype)
    return (yield from load_rest(facts, reader=reader, denoiser=PixArtDenoiser(network), device=device, dtype=dtype))
