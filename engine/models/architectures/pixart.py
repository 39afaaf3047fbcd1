"""PixArt-Sigma: a T5 encoder, a transformer with cross-attention, Stable Diffusion XL's autoencoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities
from engine.models.assembly.record import T5, DenoiserFile, Wanted
from engine.models.assembly.sizes import Sizes, count, side
from engine.text.word_kinds import T5_WORDS

_HEAD = 72
_ALPHA_TOKENS = 120
_SIDES = {"256": 32, "512": 64, "2k": 256}
"""What stands in files' names -> the latents' sides; all others are for 1024 pixels."""


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["x_embedder.proj.weight"][:2]
    return {
        "in_channels": channels,
        "out_channels": sizes["final_layer.linear.weight"][0] // 4,
        "num_layers": count(sizes, "blocks"),
        "attention_head_dim": _HEAD,
        "num_attention_heads": inner // _HEAD,
        "cross_attention_dim": inner,
        "caption_channels": sizes["y_embedder.y_proj.fc1.weight"][1],
        "use_additional_conditions": False,
        "sample_size": _side(sizes, name),
    }


def _side(sizes: Sizes, name: str) -> int:
    """The side of the latents that it was trained for, in latent pixels; files in the original layout say it."""
    if "pos_embed" in sizes:
        return 2 * side(sizes["pos_embed"][1])
    return next((length for sign, length in _SIDES.items() if sign in name), 128)


def _refuses(sizes: Sizes, name: str) -> str:
    read = sizes.get("y_embedder.y_embedding", (0,))[0]
    if "csize_embedder.mlp.0.weight" in sizes or read == _ALPHA_TOKENS or "alpha" in name:
        return "PixArt-Alpha, which reads shorter texts"
    compressed = any(".attn.sr." in each or ".attn.q_norm." in each for each in sizes)
    return "a PixArt whose attention is built in another way (4K)" if compressed else ""


_LAYERS = {
    "x_embedder.proj": "pos_embed.proj",
    "t_embedder.mlp.0": "adaln_single.emb.timestep_embedder.linear_1",
    "t_embedder.mlp.2": "adaln_single.emb.timestep_embedder.linear_2",
    "t_block.1": "adaln_single.linear",
    "y_embedder.y_proj.fc1": "caption_projection.linear_1",
    "y_embedder.y_proj.fc2": "caption_projection.linear_2",
    "final_layer.linear": "proj_out",
    "blocks.#.attn.qkv": "transformer_blocks.#.attn1.(to_q to_k to_v)",
    "blocks.#.attn.proj": "transformer_blocks.#.attn1.to_out.0",
    "blocks.#.cross_attn.q_linear": "transformer_blocks.#.attn2.to_q",
    "blocks.#.cross_attn.kv_linear": "transformer_blocks.#.attn2.(to_k to_v)",
    "blocks.#.cross_attn.proj": "transformer_blocks.#.attn2.to_out.0",
    "blocks.#.mlp.fc1": "transformer_blocks.#.ff.net.0.proj",
    "blocks.#.mlp.fc2": "transformer_blocks.#.ff.net.2",
}
"""See `Architecture.layers`."""

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
    file=DenoiserFile(
        signs=(
            "blocks.0.cross_attn.q_linear.weight",
            "blocks.0.mlp.fc1.weight",
            "t_block.1.weight",
            "y_embedder.y_proj.fc1.weight",
        ),
        names={
            "pos_embed.proj.weight": "x_embedder.proj.weight",
            "transformer_blocks.N.attn2.to_q.weight": "blocks.N.cross_attn.q_linear.weight",
            "transformer_blocks.N.ff.net.0.proj.weight": "blocks.N.mlp.fc1.weight",
            "adaln_single.linear.weight": "t_block.1.weight",
            "adaln_single.emb.resolution_embedder.linear_1.weight": "csize_embedder.mlp.0.weight",
            "caption_projection.linear_1.weight": "y_embedder.y_proj.fc1.weight",
            "proj_out.weight": "final_layer.linear.weight",
        },
        config=_config,
        schedule=lambda sizes, name: {
            "_class_name": "DPMSolverMultistepScheduler",
            "num_train_timesteps": 1000,
            "beta_start": 0.0001,
            "beta_end": 0.02,
            "beta_schedule": "linear",
            "prediction_type": "epsilon",
        },
        encoders=lambda sizes: {"text_encoder": Wanted(T5, sizes["y_embedder.y_proj.fc1.weight"][1])},
        tokenizers={"tokenizer": T5_WORDS},
        converter="pixart_names",
        refuses=_refuses,
        instead="Choose a file of PixArt-Sigma.",
    ),
    loras="PixArt-Sigma",
    layers=_LAYERS,
)
