"""Stable Diffusion XL: two CLIP encoders side by side."""

from engine.models.architectures import Architecture, Capabilities, needs_more_than_a_picture

_UNET = "model.diffusion_model.input_blocks"

ARCHITECTURE = Architecture(
    name="sdxl",
    pipeline="StableDiffusionXLPipeline",
    instructed_pipeline="StableDiffusionXLInstructPix2PixPipeline",
    needs_a_picture=needs_more_than_a_picture,
    parts=("tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "unet", "vae", "scheduler"),
    guidance=6.0,
    paint_weight=0.6,
    side=1024,
    can=Capabilities(edits=True, controls=True, image=True, teaching=True),
    loras="Stable Diffusion XL",
    lora_width=2048,
    latents="stable-diffusion-xl",
    upcasts_vae=True,
    single_file=tuple(
        (
            {
                f"{_UNET}.4.1.transformer_blocks.0.attn2.to_k.weight": (None, 2048),
                # Distilled versions with fewer layers (SSD-1B, Segmind Vega) have no attention in the middle block.
                "model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight": (None, 2048),
                f"{_UNET}.0.0.weight": (None, channels, None, None),
            },
            "sdxl",
        )
        for channels in (4, 8)  # of the latents, without and with a picture
    ),
    text_tensors={
        "text_encoder": ("conditioner.embedders.0.transformer.",),
        "text_encoder_2": ("conditioner.embedders.1.model.",),
    },
)
