"""Tiny SDXL and its refiner with random weights, as stock pipelines and as folders in the real diffusers layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny import tiny_text_encoder, tiny_tokenizer, tiny_vae


def tiny_sdxl_unet(*, width: int, ids: int, seed: int):
    """A UNet with cross-attention at one level, a context of that width and so many numbers of size and crop."""
    import torch
    from diffusers import UNet2DConditionModel

    torch.manual_seed(seed)
    return UNet2DConditionModel(
        sample_size=16,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2),
        cross_attention_dim=width,
        attention_head_dim=(2, 4),
        norm_num_groups=8,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=24 + ids * 8,
    )


def _shared() -> dict[str, Any]:
    """What base and refiner have both."""
    import torch
    from diffusers import EulerDiscreteScheduler
    from transformers import CLIPTextModelWithProjection

    config = tiny_text_encoder(tiny_tokenizer(), seed=1).config
    config.projection_dim = 24
    torch.manual_seed(4)
    encoder = CLIPTextModelWithProjection(config)
    noise = EulerDiscreteScheduler(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, steps_offset=1, timestep_spacing="leading"
    )
    return {"vae": tiny_vae(kl=True), "scheduler": noise, "add_watermarker": False, "text_encoder_2": encoder}


def tiny_sdxl():
    """A stock StableDiffusionXLPipeline."""
    from diffusers import StableDiffusionXLPipeline

    tokenizer = tiny_tokenizer()
    pipeline = StableDiffusionXLPipeline(
        text_encoder=tiny_text_encoder(tokenizer),
        tokenizer=tokenizer,
        tokenizer_2=tiny_tokenizer(),
        unet=tiny_sdxl_unet(width=64, ids=6, seed=2),
        **_shared(),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def tiny_refiner():
    """A stock pipeline of the refiner, which has the second encoder only."""
    from diffusers import StableDiffusionXLImg2ImgPipeline

    pipeline = StableDiffusionXLImg2ImgPipeline(
        text_encoder=None,
        tokenizer=None,
        tokenizer_2=tiny_tokenizer(),
        unet=tiny_sdxl_unet(width=32, ids=5, seed=3),
        requires_aesthetics_score=True,
        force_zeros_for_empty_prompt=False,
        **_shared(),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def save_sdxl(folder: Path) -> Path:
    """Saves `tiny_sdxl()` and returns its folder."""
    tiny_sdxl().save_pretrained(folder, safe_serialization=True)
    return folder


def save_refiner(folder: Path) -> Path:
    """Saves `tiny_refiner()` and returns its folder."""
    tiny_refiner().save_pretrained(folder, safe_serialization=True)
    return folder
