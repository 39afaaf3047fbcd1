"""Tiny models of the transformers with cross-attention, random weights, written to disk in the real layouts."""

from __future__ import annotations

from pathlib import Path

from tests.tiny_transformers import (
    spread_weights,
    tiny_qwen3,
    tiny_qwen_tokenizer,
    tiny_t5_tokenizer,
)


def tiny_film_vae(kind: str = "AutoencoderKLQwenImage", *, seed: int = 0):
    """An autoencoder of films of factor 8 and 16 channels, with statistics for each channel."""
    import diffusers
    import torch

    torch.manual_seed(seed)
    return getattr(diffusers, kind)(base_dim=4, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1).eval()


def save_anima(folder: Path, *, seed: int = 0) -> Path:
    """Anima's folder, as its modular pipeline saves it."""
    import torch
    from diffusers import (
        AnimaModularPipeline,
        AnimaTextConditioner,
        CosmosTransformer3DModel,
        FlowMatchEulerDiscreteScheduler,
    )

    tokenizer, t5_tokenizer = tiny_qwen_tokenizer(), tiny_t5_tokenizer()
    torch.manual_seed(seed)
    transformer = CosmosTransformer3DModel(
        num_attention_heads=2, attention_head_dim=18, num_layers=2, mlp_ratio=2.0, text_embed_dim=32,
        adaln_lora_dim=8, max_size=(8, 32, 32), extra_pos_embed_type=None, rope_scale=(1.0, 4.0, 4.0),
    )  # fmt: skip
    conditioner = AnimaTextConditioner(
        source_dim=32, target_dim=32, model_dim=32, num_layers=1, num_attention_heads=4,
        target_vocab_size=len(t5_tokenizer),
    )  # fmt: skip
    pipeline = AnimaModularPipeline()
    pipeline.update_components(
        tokenizer=tokenizer,
        t5_tokenizer=t5_tokenizer,
        text_encoder=tiny_qwen3(tokenizer, seed=seed),
        text_conditioner=spread_weights(conditioner, seed=seed),
        transformer=spread_weights(transformer, seed=seed),
        vae=tiny_film_vae(seed=seed),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
    )
    pipeline.save_pretrained(str(folder), safe_serialization=True, overwrite_modular_index=True)
    return folder
