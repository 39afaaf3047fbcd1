"""PixArt-Sigma: a T5 encoder, a transformer with cross-attention, Stable Diffusion XL's autoencoder."""

from engine.models.architectures import Architecture, Asked, Capabilities

ARCHITECTURE = Architecture(
    name="pixart",
    pipeline="PixArtSigmaPipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=4.5,
    paint_weight=0.4,
    side=1024,
    latents="stable-diffusion-xl",
    denoiser="transformer",
    half="bfloat16",
    patch=2,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=lambda denoiser, scheduler: Asked(guidance=4.5, steps=20),
    # It predicts a variance beside the noise, in as many channels again.
    needs_a_picture=lambda denoiser: (
        denoiser.get("out_channels", 8) not in (denoiser.get("in_channels", 4), 2 * denoiser.get("in_channels", 4))
    ),
    upcasts_vae=True,
    encoders=lambda config: (),
)
