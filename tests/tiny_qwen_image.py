"""Tiny folders of what is built on Qwen's parts (Qwen-Image, Krea 2), with random weights, in the real layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny_transformers import spread_weights, tiny_qwen_tokenizer

_TEXT: dict[str, Any] = {
    "hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2,
    "max_position_embeddings": 2048, "bos_token_id": None,
}  # fmt: skip
SCHEDULE: dict[str, Any] = {"use_dynamic_shifting": True, "base_shift": 0.5, "shift": 1.0}


def tiny_qwen_vae(*, channels: int = 16, seed: int = 0):
    """Qwen-Image's autoencoder: a film's, which takes a picture as its only frame."""
    import torch
    from diffusers import AutoencoderKLQwenImage

    torch.manual_seed(seed)
    means = torch.randn(channels).tolist()
    spreads = (torch.rand(channels) + 0.5).tolist()
    return AutoencoderKLQwenImage(
        base_dim=8, z_dim=channels, dim_mult=[1, 1, 1, 1], num_res_blocks=1, latents_mean=means, latents_std=spreads
    )


def _picture_ids(tokenizer) -> dict[str, int]:
    """The three ids behind a tokenizer's own where a picture stands in a text."""
    first = len(tokenizer)
    return {"vision_start_token_id": first, "image_token_id": first + 1, "vision_end_token_id": first + 2}


def tiny_qwen25_vl(tokenizer, *, layers: int = 2, seed: int = 0, sees: bool = False):
    """Qwen2.5-VL, eyes and all; with `sees` its words have the ids for a picture too."""
    import torch
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    torch.manual_seed(seed)
    config = Qwen2_5_VLConfig(
        text_config={
            **_TEXT, "vocab_size": len(tokenizer) + 3 * sees, "num_hidden_layers": layers,
            "pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.eos_token_id,
            "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e6},
        },
        vision_config={
            "depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 32,
            "fullatt_block_indexes": [0],
        },
        **(_picture_ids(tokenizer) if sees else {}),
    )  # fmt: skip
    return Qwen2_5_VLForConditionalGeneration(config).eval()


def qwen3_vl_config(tokenizer, *, layers: int, sees: bool = False):
    from transformers import Qwen3VLConfig

    return Qwen3VLConfig(
        text_config={
            **_TEXT, "vocab_size": len(tokenizer) + 3 * sees, "num_hidden_layers": layers,
            "pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.eos_token_id, "head_dim": 8,
            "rope_parameters": {"rope_type": "default", "mrope_section": [2, 1, 1], "rope_theta": 5e6},
        },
        vision_config={
            "depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 32,
            "deepstack_visual_indexes": [0], "num_position_embeddings": 16,
        },
        **(_picture_ids(tokenizer) if sees else {}),
    )  # fmt: skip


def save_qwen_image(folder: Path, *, seed: int = 0, sees: bool = False) -> Path:
    """Qwen-Image's folder; with `sees` its encoder can be asked about pictures."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, QwenImagePipeline, QwenImageTransformer2DModel

    tokenizer = tiny_qwen_tokenizer()
    torch.manual_seed(seed)
    transformer = QwenImageTransformer2DModel(
        in_channels=64, out_channels=16, num_layers=2, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, axes_dims_rope=(4, 6, 6),
    )  # fmt: skip
    QwenImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(
            **SCHEDULE, max_shift=0.9, max_image_seq_len=8192, shift_terminal=0.02
        ),
        vae=tiny_qwen_vae(seed=seed),
        text_encoder=tiny_qwen25_vl(tokenizer, seed=seed, sees=sees),
        tokenizer=tokenizer,
        transformer=spread_weights(transformer, seed=seed),
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def save_krea2(folder: Path, *, is_distilled: bool = True, seed: int = 0) -> Path:
    """Krea 2 Turbo's folder, or Raw's."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, Krea2Pipeline, Krea2Transformer2DModel
    from transformers import Qwen3VLModel

    tokenizer = tiny_qwen_tokenizer()
    torch.manual_seed(seed)
    encoder = Qwen3VLModel(qwen3_vl_config(tokenizer, layers=4)).eval()
    transformer = Krea2Transformer2DModel(
        in_channels=64, num_layers=2, attention_head_dim=16, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=64, timestep_embed_dim=32, text_hidden_dim=32, num_text_layers=3, text_num_attention_heads=2,
        text_num_key_value_heads=2, text_intermediate_size=32, num_layerwise_text_blocks=1, num_refiner_text_blocks=1,
        axes_dims_rope=(4, 6, 6),
    )  # fmt: skip
    Krea2Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(**SCHEDULE, max_shift=1.15, max_image_seq_len=6400),
        vae=tiny_qwen_vae(seed=seed),
        text_encoder=encoder,
        tokenizer=tokenizer,
        transformer=spread_weights(transformer, seed=seed),
        text_encoder_select_layers=(1, 2, 3),
        is_distilled=is_distilled,
    ).save_pretrained(folder, safe_serialization=True)
    return folder
