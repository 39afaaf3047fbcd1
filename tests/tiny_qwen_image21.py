"""A tiny Qwen-Image 2.1 folder with random weights, in the real diffusers layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.tiny_qwen_image import SCHEDULE, qwen3_vl_config
from tests.tiny_transformers import spread_weights, tiny_qwen_tokenizer

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for part in message['content'] %}{{ part['text'] }}{% endfor %}{% endif %}"
    "{{ '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
"""Qwen3-VL's, as far as text goes."""


class TextProcessor:
    """What the stock pipeline asks of Qwen3-VL's processor where there are no pictures.

    The real class has a reader of films, which needs torchvision.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer

    def __call__(self, *, text: list[str], **fields: Any) -> Any:
        return self.tokenizer(text, **fields)

    def apply_chat_template(self, messages: Any, **fields: Any) -> list[list[int]]:
        return [self.tokenizer.apply_chat_template(messages, **fields)]


def tiny_vae21(*, channels: int = 16, seed: int = 0):
    """Qwen-Image 2.1's autoencoder: 16 pixels to a latent one, with an alpha channel."""
    import torch
    from diffusers import AutoencoderKLQwenImage21

    torch.manual_seed(seed)
    return AutoencoderKLQwenImage21(
        base_dim=8, decoder_base_dim=8, z_dim=channels, dim_mult=[1, 1, 1, 1, 1], num_res_blocks=1,
        latents_mean=torch.randn(channels).tolist(), latents_std=(torch.rand(channels) + 0.5).tolist(),
    )  # fmt: skip


def save_qwen_image21(folder: Path, *, sample_sigmas: list[float] | None = None, seed: int = 0) -> Path:
    """Qwen-Image 2.1's folder, or with levels of its own Turbo's."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, QwenImage21Transformer2DModel
    from transformers import Qwen3VLForConditionalGeneration

    tokenizer = tiny_qwen_tokenizer(template=CHAT_TEMPLATE)
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|image_pad|>"]}, replace_extra_special_tokens=False)
    torch.manual_seed(seed)
    transformer = QwenImage21Transformer2DModel(
        in_channels=16, out_channels=16, num_layers=2, attention_head_dim=16, num_attention_heads=2, context_in_dim=32,
        axes_dims_rope=(4, 6, 6),
    )  # fmt: skip
    parts = {
        "scheduler": ("diffusers", FlowMatchEulerDiscreteScheduler(**SCHEDULE, max_shift=0.9, max_image_seq_len=8192)),
        "vae": ("diffusers", tiny_vae21(seed=seed)),
        "text_encoder": (
            "transformers",
            Qwen3VLForConditionalGeneration(qwen3_vl_config(tokenizer, layers=2)).eval(),
        ),
        "transformer": ("diffusers", spread_weights(transformer, seed=seed)),
    }
    tokenizer.save_pretrained(folder / "processor")
    index: dict[str, Any] = {"_class_name": "QwenImage21Pipeline", "processor": ["transformers", "Qwen3VLProcessor"]}
    for name, (library, part) in parts.items():
        part.save_pretrained(folder / name)
        index[name] = [library, type(part).__name__]
    (folder / "model_index.json").write_text(json.dumps({**index, "sample_sigmas": sample_sigmas}))
    return folder


def load_stock(folder: Path) -> Any:
    """The stock pipeline over a folder's parts."""
    from diffusers import (
        AutoencoderKLQwenImage21,
        FlowMatchEulerDiscreteScheduler,
        QwenImage21Pipeline,
        QwenImage21Transformer2DModel,
    )
    from transformers import AutoTokenizer, Qwen3VLForConditionalGeneration

    index = json.loads((folder / "model_index.json").read_text())
    return QwenImage21Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler.from_pretrained(folder / "scheduler"),
        vae=AutoencoderKLQwenImage21.from_pretrained(folder / "vae"),
        text_encoder=Qwen3VLForConditionalGeneration.from_pretrained(folder / "text_encoder"),
        processor=TextProcessor(AutoTokenizer.from_pretrained(folder / "processor")),
        transformer=QwenImage21Transformer2DModel.from_pretrained(folder / "transformer"),
        sample_sigmas=index["sample_sigmas"],
    )
