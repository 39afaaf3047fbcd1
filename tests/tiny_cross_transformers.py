"""Tiny models of transformers with cross-attention and of Stable Diffusion 3, written to disk in the real layouts."""

from __future__ import annotations

from pathlib import Path

from tests.tiny import tiny_text_encoder, tiny_tokenizer
from tests.tiny_transformers import (
    spread_weights,
    tiny_flux_vae,
    tiny_qwen3,
    tiny_qwen_tokenizer,
    tiny_t5,
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


def save_pixart(folder: Path, *, seed: int = 0) -> Path:
    """PixArt-Sigma's folder."""
    import torch
    from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, PixArtSigmaPipeline, PixArtTransformer2DModel

    tokenizer = tiny_t5_tokenizer()
    torch.manual_seed(seed)
    transformer = PixArtTransformer2DModel(
        num_attention_heads=2, attention_head_dim=16, in_channels=4, out_channels=8, num_layers=2,
        cross_attention_dim=32, attention_bias=True, sample_size=16, caption_channels=32, interpolation_scale=2,
        use_additional_conditions=False,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=(8,) * 4, down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=1, norm_num_groups=4, scaling_factor=0.13025,
    )  # fmt: skip
    PixArtSigmaPipeline(
        scheduler=DPMSolverMultistepScheduler(beta_schedule="linear", beta_end=0.006),
        vae=vae,
        text_encoder=tiny_t5(tokenizer, seed=seed),
        tokenizer=tokenizer,
        transformer=spread_weights(transformer, seed=seed),
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def tiny_clip_with_projection(tokenizer, *, width: int = 16, seed: int = 0):
    """A CLIP text encoder of two layers that gives a sentence vector."""
    import torch
    from transformers import CLIPTextModelWithProjection

    config = tiny_text_encoder(tokenizer, width=width).config
    config.projection_dim, config.hidden_act = width, "gelu"
    torch.manual_seed(seed)
    return CLIPTextModelWithProjection(config).eval()


def save_sd3(folder: Path, *, with_t5: bool = True, seed: int = 0) -> Path:
    """Stable Diffusion 3.5's folder, or one whose third text encoder was left out."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline

    clip, t5 = tiny_tokenizer(), tiny_t5_tokenizer()
    torch.manual_seed(seed)
    transformer = SD3Transformer2DModel(
        sample_size=16, num_layers=3, attention_head_dim=16, num_attention_heads=2, joint_attention_dim=48,
        caption_projection_dim=32, pooled_projection_dim=32, pos_embed_max_size=16, dual_attention_layers=(0, 1),
        qk_norm="rms_norm",
    )  # fmt: skip
    StableDiffusion3Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=tiny_flux_vae(seed=seed),
        text_encoder=tiny_clip_with_projection(clip, seed=seed),
        tokenizer=clip,
        text_encoder_2=tiny_clip_with_projection(clip, seed=seed + 1),
        tokenizer_2=clip,
        text_encoder_3=tiny_t5(t5, width=48, seed=seed) if with_t5 else None,
        tokenizer_3=t5 if with_t5 else None,
        transformer=spread_weights(transformer, seed=seed, gain=0.8),
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def save_wan(folder: Path, *, boundary_ratio: float | None = 0.875, seed: int = 0) -> Path:
    """Wan 2.2 A14B's folder with both experts, or without a boundary 2.1's."""
    import torch
    from diffusers import UniPCMultistepScheduler, WanPipeline, WanTransformer3DModel

    def transformer(seed: int) -> WanTransformer3DModel:
        torch.manual_seed(seed)
        network = WanTransformer3DModel(
            num_attention_heads=2, attention_head_dim=18, text_dim=32, freq_dim=16, ffn_dim=48, num_layers=2,
            rope_max_seq_len=64,
        )  # fmt: skip
        return spread_weights(network, seed=seed)

    tokenizer = tiny_t5_tokenizer()
    WanPipeline(
        tokenizer=tokenizer,
        text_encoder=tiny_t5(tokenizer, kind="UMT5", seed=seed),
        vae=tiny_film_vae("AutoencoderKLWan", seed=seed),
        scheduler=UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0),
        transformer=transformer(seed),
        transformer_2=transformer(seed + 1) if boundary_ratio else None,
        boundary_ratio=boundary_ratio,
    ).save_pretrained(folder, safe_serialization=True)
    return folder
