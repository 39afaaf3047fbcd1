"""Anima: Qwen3 states re-read by T5's tokens, cross-attention in the blocks of Cosmos, Qwen-Image's autoencoder."""

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor

ARCHITECTURE = Architecture(
    name="anima",
    pipeline="AnimaModularPipeline",
    parts=("tokenizer", "t5_tokenizer", "text_encoder", "text_conditioner", "transformer", "vae", "scheduler"),
    guidance=4.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen",
    denoiser="transformer",
    since="0.42",
    half="bfloat16",
    patch=2,
    factor=frames_factor,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=lambda denoiser, scheduler: Asked(guidance=4.0, steps=30),
    spaced_by_steps=True,
    encoders=lambda config: (),
)
