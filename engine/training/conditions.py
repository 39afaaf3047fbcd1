"""The starter's three encoders in miniature, CLIP text, T5 text and CLIP image, and the context that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModel,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

from engine.text.conditioning import ABSENT
from engine.training.vocabulary import MAX_LENGTH, new_t5_tokenizer, new_tokenizer

WIDTH = 128
REFERENCE_SIDE, PATCH = 128, 32
STYLE_TOKENS = 1 + (REFERENCE_SIDE // PATCH) ** 2
LONGEST_T5 = 96


def new_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """CLIP's own text encoder class, two layers of width 128."""
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


def new_t5_encoder(tokenizer: T5Tokenizer) -> T5EncoderModel:
    """T5's own encoder class, two layers of width 128."""
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
    """CLIP's own image encoder class, three layers of width 128: 17 tokens of a reference of 128x128 pixels."""
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
    """What a batch is told.

    Attributes:
        prompts: one for each row.
        clip, t5: bool `[B]`: whether the row hears this reading of its prompt.
        references: float `[B, 3, 128, 128]` in -1..1. styled: bool `[B]`: whether the row hears its reference.
        garbled: bool `[B]`: whether the row hears its reference's tokens with their numbers in disorder instead, which
            say nothing, so that the denoiser learns to leave such tokens alone.
        disorder: int64 `[17 * C]`, the order of the numbers in a garbled row. Both or neither are given.
    """

    prompts: Sequence[str]
    clip: Tensor
    t5: Tensor
    references: Tensor
    styled: Tensor
    garbled: Tensor | None = None
    disorder: Tensor | None = None

    def to(self, device: torch.device) -> EncoderInputs:
        """The same on a device."""
        ours = {each.name: getattr(self, each.name) for each in fields(self)}
        return EncoderInputs(
            **{name: value.to(device) if isinstance(value, Tensor) else value for name, value in ours.items()}
        )


class Conditions(nn.Module):
    """All encoders with their tokenizers. The order in the context is the program's: CLIP, reference, T5."""

    def __init__(
        self,
        *,
        text: CLIPTextModel,
        tokenizer: CLIPTokenizer,
        t5: T5EncoderModel,
        t5_tokenizer: T5Tokenizer,
        image: CLIPVisionModel,
    ) -> None:
        super().__init__()
        self.text, self.t5, self.image = text, t5, image
        self.tokenizer, self.t5_tokenizer = tokenizer, t5_tokenizer

    @classmethod
    def new(cls) -> Conditions:
        """Untrained encoders, with tokenizers trained from the world's captions."""
        tokenizer, t5_tokenizer = new_tokenizer(), new_t5_tokenizer()
        return cls(
            text=new_text_encoder(tokenizer),
            tokenizer=tokenizer,
            t5=new_t5_encoder(t5_tokenizer),
            t5_tokenizer=t5_tokenizer,
            image=new_image_encoder(),
        )

    @classmethod
    def load(cls, folder: Path) -> Conditions:
        """The encoders of a starter's folder; those that an earlier starter lacks are new."""
        tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
        text = CLIPTextModel.from_pretrained(folder / "text_encoder", use_safetensors=True)
        if not (folder / "text_encoder_2").is_dir():
            t5_tokenizer = new_t5_tokenizer()
            t5, image = new_t5_encoder(t5_tokenizer), new_image_encoder()
        else:
            t5_tokenizer = T5Tokenizer.from_pretrained(folder / "tokenizer_2", local_files_only=True)
            t5 = T5EncoderModel.from_pretrained(folder / "text_encoder_2", use_safetensors=True)
            image = CLIPVisionModel.from_pretrained(folder / "image_encoder", use_safetensors=True)
        return cls(text=text, tokenizer=tokenizer, t5=t5, t5_tokenizer=t5_tokenizer, image=image)

    def forward(self, told: EncoderInputs) -> tuple[Tensor, Tensor]:
        """The context `[B, 77 + 17 + T, C]`, and what is added to its tokens' scores, `[B, ...]`: 0 or ABSENT."""
        device = told.references.device
        ids = self.tokenizer(
            list(told.prompts), padding="max_length", truncation=True, max_length=MAX_LENGTH, return_tensors="pt"
        ).input_ids.to(device)
        second = self.t5_tokenizer(
            list(told.prompts), padding=True, truncation=True, max_length=LONGEST_T5, return_tensors="pt"
        ).to(device)
        read = self.t5(input_ids=second.input_ids, attention_mask=second.attention_mask).last_hidden_state
        seen = self.image(pixel_values=told.references).last_hidden_state
        styled = told.styled
        if told.garbled is not None:
            # Without a gradient: the encoder has nothing to learn from what is not its reading.
            garbled = seen.detach().flatten(1)[:, told.disorder].view_as(seen)
            seen = torch.where(told.garbled[:, None, None], garbled, seen)
            styled = styled | told.garbled
        context = torch.cat([self.text(input_ids=ids).last_hidden_state, seen, read], 1)
        token_bias = torch.cat(
            [
                told.clip[:, None].expand(-1, MAX_LENGTH),
                styled[:, None].expand(-1, STYLE_TOKENS),
                told.t5[:, None] & second.attention_mask.bool(),
            ],
            1,
        )
        return context, torch.where(token_bias, 0.0, ABSENT)

    def places(self, prompt: str, span: tuple[int, int]) -> list[int]:
        """The positions in the context of the tokens that a span of the prompt goes into, in both readings."""
        start, end = span
        found = []
        for first, tokenizer, longest in (
            (0, self.tokenizer, MAX_LENGTH),
            (MAX_LENGTH + STYLE_TOKENS, self.t5_tokenizer, LONGEST_T5),
        ):
            offsets = tokenizer(prompt, return_offsets_mapping=True, truncation=True, max_length=longest)
            for k, (a, b) in enumerate(offsets["offset_mapping"]):
                # T5's pieces take the blank before a word with them.
                a += a < b and prompt[a] == " "
                if a < end and b > start and b > a:
                    found.append(first + k)
        return found
