"""Z-Image: one stream of [image, text] with its own sign of time; both are filled up to multiples of 32."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import torch
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides, TokenLayout
from engine.facts import InstalledModel
from engine.models.families.components import read_ahead
from engine.models.families.transformer import (
    TextRows,
    TransformerFamily,
)
from engine.models.families.transformer_parts import (
    load_encoder,
    load_network,
    load_rest,
    load_text_tokenizer,
    picked_dtype,
)
from engine.text.prompt_states import LanguageReader
from engine.text.templates import chat_template

_FILLED = 32


class ZImageDenoiser:
    """How Z-Image's transformer is called; see `TransformerDenoiser`."""

    # The refiners before the stream see image or text alone.
    painted = (r"layers\.\d+\.attention",)
    sides = LayerSides(
        text=r"context_refiner\..+|cap_embedder\.1",
        both=r"layers\.\d+\.(attention|feed_forward)\..+|all_final_layer\.[^.]+\.linear",
        neither=r"t_embedder\..+|.+\.adaLN_modulation\.\d",
    )
    takes_guidance = False

    def __init__(self, network: Any) -> None:
        self.network = network
        self.channels = int(network.config.in_channels)
        self.width, self.heads = int(network.config.dim), int(network.config.n_heads)

    def layout(self, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """The image comes first; text is filled up with tokens of its own, which nothing masks."""
        return TokenLayout.image_first(-(-tokens // _FILLED) * _FILLED, grid, filled_to=_FILLED)

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`; the network's time runs from noise at 0, and it predicts x0 - noise."""
        out = self.network(
            list(latents[:, :, None].unbind()),
            torch.full((len(latents),), 1.0 - time, device=latents.device),
            text.separate(),
            return_dict=False,
        )[0]
        return -torch.stack([each.float() for each in out])[:, :, 0]


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.35)
    encoder = load_encoder(facts, {"Qwen3Model": "qwen3", "Qwen3ForCausalLM": "qwen3"}, device=device, dtype=dtype)
    tokenizer = load_text_tokenizer(facts)
    reader = LanguageReader(
        tokenizer,
        encoder,
        render=chat_template(tokenizer, enable_thinking=True),
        combine=lambda states: states[-2],
    )
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, ZImageTransformer2DModel, device=device, dtype=dtype)
    return (yield from load_rest(facts, reader=reader, denoiser=ZImageDenoiser(network), device=device, dtype=dtype))
