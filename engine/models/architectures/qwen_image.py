"""Qwen-Image (and Qwen-Image-2512): a Qwen2.5-VL encoder, joint attention in double blocks, true guidance."""

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor

ARCHITECTURE = Architecture(
    name="qwen_image",
    pipeline="QwenImagePipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=4.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen",
    denoiser="transformer",
    since="0.35",
    half="bfloat16",
    patch=2,
    factor=frames_factor,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    spaced_by_steps=True,
    # Those that edit pictures have pipelines of other names; out_channels counts latents, in_channels whole cells.
    needs_a_picture=lambda denoiser: False,
    encoders=lambda config: (),
    asks=lambda denoiser, scheduler: Asked(guidance=4.0, steps=50),
)
