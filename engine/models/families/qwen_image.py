"""Qwen-Image: joint attention of [text, image] in double blocks, and a guidance that keeps the prompt's own length."""

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

TEMPLATE = (
    "<|im_start|>system\nDescribe the image by detailing the color, shape, size, texture, quantity, text, "
    "spatial relationships of the objects and background:<|im_end|>\n<|im_start|>user\n"
)
"""What stands before the prompt; the same in Krea 2."""

AFTER = "<|im_end|>\n<|im_start|>assistant\n"
DROPPED = 34
"""Tokens of the template before the user's turn, whose states the transformer never saw."""

_TOKENS = 512


class QwenImageDenoiser(PackedTextFirst):
    """How Qwen-Image's transformer is called; see `TransformerDenoiser`."""

    painted = (r"transformer_blocks\.\d+\.attn",)
    sides = LayerSides(
        text=r"txt_in|transformer_blocks\.\d+\.(attn\.(add_\w+|to_add_out)|txt_mlp\..+)",
        neither=r"time_text_embed\..+|.+\.(img|txt)_mod\.1|norm_out\.linear",
    )

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`."""
        rows, _, height, width = latents.shape
        out = self.network(
            hidden_states=packed(latents),
            timestep=torch.full((rows,), time, device=latents.device, dtype=latents.dtype),
            guidance=None,
            encoder_hidden_states=text.states,
            encoder_hidden_states_mask=text.mask,
            img_shapes=[[(1, height // 2, width // 2)]] * rows,
            return_dict=False,
        )[0]
        return unpacked(out, height, width)

    def guide(self, negative: Tensor, positive: Tensor, scale: float) -> Tensor:
        """Guidance of `[B, C, h, w]`, made as long as the prompt's own prediction in every cell."""
        height, width = positive.shape[2:]
        whole = packed(negative + scale * (positive - negative))
        own = packed(positive).norm(dim=-1, keepdim=True)
        return unpacked(whole * (own / whole.norm(dim=-1, keepdim=True).clamp_min(1e-12)), height, width)


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_qwenimage import QwenImageTransformer2DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.35)
    encoder = load_encoder(
        facts,
        dict.fromkeys(("Qwen2_5_VLForConditionalGeneration", "Qwen2_5_VLModel", "Qwen2_5_VLTextModel"), "qwen2_5_vl"),
        device=device,
        dtype=dtype,
        inner=("model", "language_model"),
    )
    reader = LanguageReader(
        load_text_tokenizer(facts),
        encoder,
        render=lambda prompt: TEMPLATE + prompt + AFTER,
        combine=lambda states: states[-1],
        drop=DROPPED,
        max_length=DROPPED + _TOKENS,
    )
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, QwenImageTransformer2DModel, device=device, dtype=dtype)
    return (yield from load_rest(facts, reader=reader, denoiser=QwenImageDenoiser(network), device=device, dtype=dtype))
