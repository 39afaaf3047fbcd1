"""The starter's three small encoders (CLIP text, T5 text, CLIP image) and the context that they produce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
)

from engine.text.conditioning import ABSENT
from engine.text.encoders import load_tokenizer
from resources.picture_tokens import part_of

WIDTH = 128
MAX_LENGTH = 77
"""How many tokens of CLIP's text encoder there are."""

REFERENCE_SIDE, PATCH = 128, 32
STYLE_TOKENS = 1 + (REFERENCE_SIDE // PATCH) ** 2
LONGEST_T5 = 1024
_T5_FIRST = MAX_LENGTH + STYLE_TOKENS

_T5_STEP = 16
"""T5's tokens are padded to a multiple of it, so that batches have few different shapes, whose memory is used again."""


def new_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """A new CLIP text encoder with two layers of width 128."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            projection_dim=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=MAX_LENGTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def new_t5_encoder(tokenizer: PreTrainedTokenizerFast) -> T5EncoderModel:
    """A new T5 encoder with two layers of width 128."""
    return T5EncoderModel(
        T5Config(
            vocab_size=len(tokenizer),
            d_model=WIDTH,
            d_kv=WIDTH // 4,
            d_ff=2 * WIDTH,
            num_layers=2,
            num_heads=4,
            dropout_rate=0.0,
        )
    )


def new_image_encoder() -> CLIPVisionModel:
    """A new CLIP image encoder with three layers of width 128: 17 tokens for a reference of 128x128 pixels."""
    return CLIPVisionModel(
        CLIPVisionConfig(
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            projection_dim=WIDTH,
            num_hidden_layers=3,
            num_attention_heads=4,
            image_size=REFERENCE_SIDE,
            patch_size=PATCH,
        )
    )


@dataclass(frozen=True, kw_only=True)
class EncoderInputs:
    """The encoders' inputs for a batch.

    Attributes:
        prompts: one per example.
        clip, t5: bool `[B]`: whether the context has this encoder's tokens of the prompt.
        references: float `[B, 3, 128, 128]` in -1..1.
        styled: bool `[B]`: whether the context has the reference's tokens.
        garbled: bool `[B]`: whether it has the reference's tokens with their values shuffled instead, which carry no
            information, so that the denoiser learns to ignore such tokens.
        disorder: int64 `[17 * C]`, the permutation for garbled examples. Give both or neither.
    """

    prompts: Sequence[str]
    clip: Tensor
    t5: Tensor
    references: Tensor
    styled: Tensor
    garbled: Tensor | None = None
    disorder: Tensor | None = None

    def to(self, device: torch.device) -> EncoderInputs:
        """Return the same inputs on a device."""
        ours = {each.name: getattr(self, each.name) for each in fields(self)}
        return EncoderInputs(
            **{name: value.to(device) if isinstance(value, Tensor) else value for name, value in ours.items()}
        )


class Conditions(nn.Module):
    """All encoders with their tokenizers. The context has the same order as in the program: CLIP, reference, T5."""

    def __init__(
        self,
        *,
        text: CLIPTextModel,
        tokenizer: CLIPTokenizer,
        t5: T5EncoderModel,
        t5_tokenizer: PreTrainedTokenizerFast,
        image: CLIPVisionModel,
    ) -> None:
        super().__init__()
        self.text, self.t5, self.image = text, t5, image
        self.tokenizer, self.t5_tokenizer = tokenizer, t5_tokenizer
        # Nouns are looked for in every text, and each text is asked about several times.
        self._read_by_t5 = lru_cache(4096)(self._tokenize_for_t5)

    def _tokenize_for_t5(self, prompt: str) -> tuple[list[int], list[tuple[int, int]]]:
        found = self.t5_tokenizer(prompt, return_offsets_mapping=True, truncation=True, max_length=LONGEST_T5)
        return found["input_ids"], found["offset_mapping"]

    @classmethod
    def load(cls, folder: Path) -> Conditions:
        """Load the encoders from a starter's folder."""
        tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
        text = CLIPTextModel.from_pretrained(folder / "text_encoder", use_safetensors=True)
        t5_tokenizer = load_tokenizer(folder / "tokenizer_2")
        t5 = T5EncoderModel.from_pretrained(folder / "text_encoder_2", use_safetensors=True)
        image = CLIPVisionModel.from_pretrained(folder / "image_encoder", use_safetensors=True)
        return cls(text=text, tokenizer=tokenizer, t5=t5, t5_tokenizer=t5_tokenizer, image=image)

    def forward(self, inputs: EncoderInputs) -> tuple[Tensor, Tensor]:
        """Return the context `[B, 77 + 17 + T, C]` and its token bias `[B, 77 + 17 + T]`: 0, or ABSENT if unused."""
        device = inputs.references.device
        ids = self.tokenizer(
            list(inputs.prompts), padding="max_length", truncation=True, max_length=MAX_LENGTH, return_tensors="pt"
        ).input_ids.to(device)
        rows = {"input_ids": [self._read_by_t5(prompt)[0] for prompt in inputs.prompts]}
        second = self.t5_tokenizer.pad(rows, pad_to_multiple_of=_T5_STEP, return_tensors="pt").to(device)
        read = self.t5(input_ids=second.input_ids, attention_mask=second.attention_mask).last_hidden_state
        seen = self.image(pixel_values=inputs.references).last_hidden_state
        styled = inputs.styled
        if inputs.garbled is not None:
            # Detached: shuffled values must not train the encoder.
            garbled = seen.detach().flatten(1)[:, inputs.disorder].view_as(seen)
            seen = torch.where(inputs.garbled[:, None, None], garbled, seen)
            styled = styled | inputs.garbled
        context = torch.cat([self.text(input_ids=ids).last_hidden_state, seen, read], 1)
        token_bias = torch.cat(
            [
                inputs.clip[:, None].expand(-1, MAX_LENGTH),
                styled[:, None].expand(-1, STYLE_TOKENS),
                inputs.t5[:, None] & second.attention_mask.bool(),
            ],
            1,
        )
        return context, torch.where(token_bias, 0.0, ABSENT)

    def places(self, prompt: str, span: tuple[int, int]) -> list[int]:
        """The context positions of the tokens, CLIP's and T5's, that a span of the prompt is in."""
        start, end = span
        clip = self.tokenizer(prompt, return_offsets_mapping=True, truncation=True, max_length=MAX_LENGTH)
        found = []
        for first, offsets in ((0, clip["offset_mapping"]), (_T5_FIRST, self._read_by_t5(prompt)[1])):
            for k, (a, b) in enumerate(offsets):
                # T5's tokens include the space before a word.
                a += a < b and prompt[a] == " "
                if a < end and b > start and b > a:
                    found.append(first + k)
        return found

    def pictures(self, prompt: str) -> dict[int, int]:
        """The context positions of a prompt's picture tokens, each with its part; see `part_of`."""
        pieces = self.t5_tokenizer.convert_ids_to_tokens(self._read_by_t5(prompt)[0])
        parts = {_T5_FIRST + k: part_of(piece) for k, piece in enumerate(pieces)}
        return {position: part for position, part in parts.items() if part is not None}
