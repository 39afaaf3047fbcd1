"""The refiner of Stable Diffusion XL: it starts from a picture, and has the second CLIP encoder alone."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture


def _lacks_first_encoder(index: Mapping[str, Any]) -> bool:
    first = index.get("text_encoder")
    return not (isinstance(first, list) and any(first))


ARCHITECTURE = Architecture(
    name="sdxl_refiner",
    pipeline="StableDiffusionXLImg2ImgPipeline",
    parts=("tokenizer_2", "text_encoder_2", "unet", "vae", "scheduler"),
    guidance=6.0,
    paint_weight=0.6,
    side=1024,
    latents="stable-diffusion-xl",
    upcasts_vae=True,
    is_meant=_lacks_first_encoder,
)
