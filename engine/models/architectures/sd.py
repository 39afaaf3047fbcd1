"""Stable Diffusion 1.x and 2.x, and the starter: a CLIP encoder, optionally T5 and an image encoder as well."""

from pathlib import Path

from engine.models.architectures import Architecture, Capabilities, needs_more_than_a_picture
from engine.weights.files import read_json

_UNET = "model.diffusion_model.input_blocks"


def _encoders(config: Path) -> tuple[str, ...]:
    # Stock pipelines of this architecture have no second text encoder, and ignore one in the folder.
    file = config / "text_encoder_2" / "config.json"
    kinds = read_json(file, part="text_encoder_2").get("architectures") if file.is_file() else None
    return ("clip", "t5") if isinstance(kinds, list) and "T5EncoderModel" in kinds else ("clip",)


def _has_image_encoder(config: Path) -> bool:
    # One that projects is an IP-Adapter's: stock pipelines save it with the model that they used it with.
    file = config / "image_encoder" / "config.json"
    kinds = read_json(file, part="image_encoder").get("architectures") if file.is_file() else ()
    return file.is_file() and "CLIPVisionModelWithProjection" not in (kinds or ())


ARCHITECTURE = Architecture(
    name="sd",
    pipeline="StableDiffusionPipeline",
    guided_pipeline="LatentConsistencyModelPipeline",
    instructed_pipeline="StableDiffusionInstructPix2PixPipeline",
    needs_a_picture=needs_more_than_a_picture,
    parts=("tokenizer", "text_encoder", "unet", "vae", "scheduler"),
    guidance=7.5,
    paint_weight=0.4,
    side=512,
    can=Capabilities(edits=True, controls=True, image=True, teaching=True),
    loras="Stable Diffusion 1 or 2",
    latents="stable-diffusion",
    encoders=_encoders,
    takes_styles=_has_image_encoder,
    single_file=tuple(
        (
            {
                f"{_UNET}.1.1.transformer_blocks.0.attn2.to_k.weight": (None, width),
                f"{_UNET}.0.0.weight": (None, channels, None, None),
            },
            config,
        )
        for width, config in ((768, "sd15"), (1024, "sd21"))
        for channels in (4, 8)  # of the latents, without and with a picture
    ),
    text_tensors={"text_encoder": ("cond_stage_model.transformer.", "cond_stage_model.model.")},
)
