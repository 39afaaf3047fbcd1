"""Stable Diffusion XL: two CLIP encoders side by side."""

from engine.models.architectures import Architecture

ARCHITECTURE = Architecture(
    name="sdxl",
    pipeline="StableDiffusionXLPipeline",
    parts=("tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "unet", "vae", "scheduler"),
    guidance=6.0,
    paint_weight=0.6,
    side=1024,
    latents="stable-diffusion-xl",
    upcasts_vae=True,
)
