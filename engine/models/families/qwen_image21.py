"""Qwen-Image 2.1: the text never sees the picture, so that its keys and values are computed once in a run."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides, TokenLayout
from engine.facts import InstalledModel
from engine.models.families.components import read_ahead
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.models.families.transformer_parts import (
    load_encoder,
    load_network,
    load_rest,
    load_text_tokenizer,
    picked_dtype,
)
from engine.text.prompt_states import LanguageReader
from engine.weights.files import incomplete

_SYSTEM = "Comprehend and analyze the provided prompt."
_BEFORE, _AFTER = f"<|im_start|>system\n{_SYSTEM}<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"
_TOKENS = 4096
"""More than that, with the picture's cells, the transformer has no places for."""

_SLOT = 4
"""Cells of the picture for each of the encoder's places for one."""


class QwenImage21Denoiser:
    """How Qwen-Image 2.1's transformer is called; see `TransformerDenoiser`.

    What it computes of a text depends on neither the picture nor the noise; it is kept for as long as the text's rows.
    """

    painted = (r"transformer_blocks\.\d+\.attn",)
    sides = LayerSides(
        text=r"txt_in\..+",
        both=r"transformer_blocks\..+|proj_out",
        neither=r"time_text_embed\..+|modulation\.1|norm_out\.linear",
    )
    takes_guidance = False
    # The text's length moves the picture's places: a shorter text may not be padded.
    own_lengths = True

    def __init__(self, network: Any) -> None:
        self.network = network
        self.channels = int(network.config.in_channels)
        self.width, self.heads = int(network.inner_dim), int(network.config.num_attention_heads)
        self._kept: WeakKeyDictionary[TextRows, Any] = WeakKeyDictionary()

    def layout(self, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """The picture's cells ask in calls of their own, text and picture answer."""
        return TokenLayout.image_apart(tokens, grid)

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`."""
        rows, channels, height, width = latents.shape
        tokens, cells = text.states.shape[1], height * width
        slots = torch.ones(rows, tokens + cells // _SLOT, dtype=torch.bool, device=latents.device)
        slots[:, :tokens] = False
        out = self.network(
            hidden_states=latents.flatten(2).transpose(1, 2),
            encoder_hidden_states=text.states,
            timestep=torch.full((rows,), time, device=latents.device, dtype=latents.dtype),
            img_shapes=[[(1, height, width)]] * rows,
            img_mask=slots,
            encoder_hidden_states_mask=text.mask,
            return_dict=False,
            **self._cache(text),
        )[0]
        return out[:, -cells:].transpose(1, 2).reshape(rows, channels, height, width)

    def _cache(self, text: TextRows) -> dict[str, Any]:
        """What makes the network keep the text's keys and values, or use those that it kept."""
        from diffusers.models.transformers.transformer_qwenimage21 import QwenImage21KVCache

        if not self.network.config.causal_condition:
            return {}
        mode = "cached" if text in self._kept else "extract"
        if mode == "extract":
            self._kept[text] = QwenImage21KVCache(len(self.network.transformer_blocks))
        return {"kv_cache": self._kept[text], "kv_cache_mode": mode}


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.transformers.transformer_qwenimage21 import QwenImage21Transformer2DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.35)
    encoder = load_encoder(
        facts,
        dict.fromkeys(("Qwen3VLForConditionalGeneration", "Qwen3VLModel", "Qwen3VLTextModel"), "qwen3_vl"),
        device=device,
        dtype=dtype,
        inner=("model", "language_model"),
    )
    # The transformer was trained on the last layer's states before they are normalised.
    encoder.norm = nn.Identity()
    tokenizer = load_text_tokenizer(facts, "processor")
    reader = LanguageReader(
        tokenizer,
        encoder,
        # Without a token of a prompt there would be nothing to read.
        render=lambda prompt: _BEFORE + (prompt or " ") + _AFTER,
        combine=lambda states: states[-1],
        drop=_dropped(tokenizer),
        max_length=_TOKENS,
    )
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, QwenImage21Transformer2DModel, device=device, dtype=dtype)
    return (
        yield from load_rest(facts, reader=reader, denoiser=QwenImage21Denoiser(network), device=device, dtype=dtype)
    )


def _dropped(tokenizer: Any) -> int:
    """Tokens of the system's turn, whose states the transformer never saw."""
    if not tokenizer.chat_template:
        raise incomplete("processor", "its chat template is missing")
    turn = [{"role": "system", "content": [{"type": "text", "text": _SYSTEM}]}]
    return len(tokenizer.apply_chat_template(turn, tokenize=True, return_dict=False))
