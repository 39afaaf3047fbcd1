"""Anima: a language model's states are read once more by T5's tokens, and cross-attention looks at one row for each."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from engine.attention.token_layout import LayerSides
from engine.facts import InstalledModel
from engine.models.families.called import AcrossText
from engine.models.families.components import load_part, read_ahead
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.models.families.transformer_parts import (
    load_encoder,
    load_network,
    load_rest,
    load_text_tokenizer,
    picked_dtype,
)
from engine.text.encoders import load_tokenizer
from engine.text.prompt_states import Kept, PromptStates
from engine.text.templates import tokenize_rendered
from engine.weights.precision import computed

_TOKENS = 512


class AnimaReader:
    """The context that Anima's own conditioner makes: a row for each T5 token, and rows of zeros behind them.

    Args:
        tokenizer, encoder: of Qwen3. t5_tokenizer: of T5, whose encoder is not needed.
        conditioner: an `AnimaTextConditioner`; it looks T5's tokens up and lets them read Qwen3's states.
    """

    def __init__(self, tokenizer: Any, encoder: Any, t5_tokenizer: Any, conditioner: Any) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder
        self.t5_tokenizer, self.conditioner = t5_tokenizer, conditioner
        self._kept = Kept()

    @property
    def parts(self) -> Mapping[str, Any]:
        """See `PromptReader`."""
        return {"text_encoder": self}

    def forget(self) -> None:
        """Drop what was read: the encoder's weights have changed."""
        self._kept.forget()

    def read(self, prompt: str) -> PromptStates:
        """See `PromptReader`; the positions seen are those of T5's tokens, its end sign among them."""
        return self._kept.get(prompt, self._read)

    def _read(self, prompt: str) -> PromptStates:
        found = self.tokenizer(prompt, max_length=_TOKENS, truncation=True)["input_ids"]
        # Nothing at all is read as one masked state of zeros, as in the stock pipeline.
        ids = torch.tensor([found or [0]], device=self.encoder.device)
        mask = torch.full_like(ids, int(bool(found)))
        tokenized = tokenize_rendered(self.t5_tokenizer, prompt, max_length=_TOKENS)
        own = torch.from_numpy(tokenized.input_ids).to(self.conditioner.device)

        def compute() -> Tensor:
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state * mask[..., None]
            rows: Tensor = self.conditioner(
                source_hidden_states=states.to(self.conditioner.device, self.conditioner.dtype),
                target_input_ids=own,
                target_attention_mask=torch.ones_like(own),
                source_attention_mask=mask.to(self.conditioner.device),
            )
            return rows

        states = computed("text encoder", self.encoder, compute, tensors=lambda rows: [rows])
        offsets = tokenized.offsets + (None,) * (states.shape[1] - len(tokenized.offsets))
        placed = type(tokenized)(prompt=prompt, input_ids=tokenized.input_ids, offsets=offsets)
        return PromptStates(states=states, tokenized=placed, seen=tuple(range(own.shape[1])))


class AnimaDenoiser(AcrossText):
    """How Anima's transformer is called; see `TransformerDenoiser`."""

    painted = (r"transformer_blocks\.\d+\.attn2",)
    sides = LayerSides(
        text=r"transformer_blocks\.\d+\.attn2\.to_[kv]", neither=r"time_embed\..+|(.+\.)?norm\w*\.linear_\d"
    )

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """See `TransformerDenoiser`; the picture is the only frame of a film."""
        config = self.network.config
        unpadded = None
        if config.concat_padding_mask or config.get("pads_itself"):
            # The network would have torchvision resize a mask of no padding to this very size. It is given as the
            # channel that it becomes, so that torchvision is not needed.
            self.network.register_to_config(concat_padding_mask=False, pads_itself=True)
            unpadded = latents.new_zeros(len(latents), 1, 1, *latents.shape[2:])
        out: Tensor = self.network(
            hidden_states=latents[:, :, None],
            timestep=torch.full((len(latents),), time, device=latents.device, dtype=latents.dtype),
            encoder_hidden_states=text.states,
            attention_mask=text.mask,
            condition_mask=unpadded,
            return_dict=False,
        )[0]
        return out[:, :, 0]


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, TransformerFamily]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    from diffusers.models.condition_embedders.condition_embedder_anima import AnimaTextConditioner
    from diffusers.models.transformers.transformer_cosmos import CosmosTransformer3DModel

    dtype = picked_dtype(facts, device)
    yield "text encoder", 0.05
    yield from read_ahead(facts, "text_encoder", "text encoder", 0.05, 0.3)
    encoder = load_encoder(facts, {"Qwen3Model": "qwen3"}, device=device, dtype=dtype)
    yield "text conditioner", 0.3
    conditioner = load_part(facts, AnimaTextConditioner, "text_conditioner", dtype=dtype).to(device)
    t5_tokenizer = load_tokenizer(facts.config / "t5_tokenizer")
    reader = AnimaReader(load_text_tokenizer(facts), encoder, t5_tokenizer, conditioner)
    yield "denoiser", 0.4
    network: nn.Module = yield from load_network(facts, CosmosTransformer3DModel, device=device, dtype=dtype)
    return (yield from load_rest(facts, reader=reader, denoiser=AnimaDenoiser(network), device=device, dtype=dtype))
