"""Stable Diffusion 3 and 3.5: two CLIP encoders and T5 one behind the other, joint attention."""

from engine.models.architectures import Architecture, Asked, Capabilities

ARCHITECTURE = Architecture(
    name="sd3",
    pipeline="StableDiffusion3Pipeline",
    # T5 may be left out: the model then reads rows of zeros in its place.
    parts=("tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "transformer", "vae", "scheduler"),
    guidance=4.5,
    paint_weight=0.4,
    side=1024,
    latents="stable-diffusion-3",
    denoiser="transformer",
    half="bfloat16",
    patch=2,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=lambda denoiser, scheduler: Asked(guidance=4.5, steps=28),
    needs_a_picture=lambda denoiser: (
        (denoiser.get("out_channels") or denoiser.get("in_channels", 16)) != denoiser.get("in_channels", 16)
    ),
    encoders=lambda config: (),
)
