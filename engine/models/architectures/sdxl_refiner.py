"""The refiner of Stable Diffusion XL: it starts from a picture, and has only the second CLIP encoder."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture

_UNET = "model.diffusion_model.input_blocks"


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
    loras="Stable Diffusion XL",
    lora_width=1280,
    upcasts_vae=True,
    is_meant=_lacks_first_encoder,
    single_file=(
        (
            {
                f"{_UNET}.4.1.transformer_blocks.0.attn2.to_k.weight": (None, 1280),
                f"{_UNET}.0.0.weight": (None, 4, None, None),
            },
            "sdxl_refiner",
        ),
    ),
    text_tensors={"text_encoder_2": ("conditioner.embedders.0.model.",)},
)
