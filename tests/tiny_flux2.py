"""Tiny Flux.2 Klein folders with random weights, in the real diffusers layout."""

from __future__ import annotations

from pathlib import Path

from tests.tiny_transformers import spread_weights, tiny_qwen_tokenizer


def tiny_flux2_vae(*, channels: int = 8, seed: int = 0):
    """Flux.2's autoencoder, with statistics of its own for each of the four latent pixels of a cell."""
    import torch
    from diffusers import AutoencoderKLFlux2

    torch.manual_seed(seed)
    vae = AutoencoderKLFlux2(
        block_out_channels=(8,) * 4, down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=1, norm_num_groups=4, latent_channels=channels,
    )  # fmt: skip
    vae.bn.running_mean.normal_()
    vae.bn.running_var.uniform_(0.5, 2.0)
    return vae


def save_klein(folder: Path, *, is_distilled: bool = True, seed: int = 0) -> Path:
    """Flux.2 Klein's folder, or the base model's."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, Flux2KleinPipeline, Flux2Transformer2DModel
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = tiny_qwen_tokenizer()
    torch.manual_seed(seed)
    config = Qwen3Config(
        # As many layers as it takes to have the three that are read.
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=32, num_hidden_layers=28, num_attention_heads=2,
        num_key_value_heads=1, head_dim=8, max_position_embeddings=2048, bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    transformer = Flux2Transformer2DModel(
        in_channels=32, num_layers=1, num_single_layers=2, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=48, axes_dims_rope=(4, 4, 4, 4), guidance_embeds=False,
    )  # fmt: skip
    Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift=3.0),
        vae=tiny_flux2_vae(seed=seed),
        text_encoder=Qwen3ForCausalLM(config).eval(),
        tokenizer=tokenizer,
        transformer=spread_weights(transformer, seed=seed),
        is_distilled=is_distilled,
    ).save_pretrained(folder, safe_serialization=True)
    return folder
