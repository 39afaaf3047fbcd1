"""Estimates from configs what a run needs of a device's memory besides the weights: step, gradient step, decoding.

The factors are counts of live tensors on full-width networks (SD 1.5 at 512 and SDXL at 1024 pixels), which they meet
within a tenth; convolution workspaces come on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import DeviceOutOfMemory

TILES = (512, 256)
"""Sides in pixels of the tiles that a picture is decoded in where it would not fit as a whole; the larger first."""

USUAL_TOKENS = 512
"""Tokens of a transformer's text, where they are not known yet."""

_DECODER = 3.75
"""Full-size activations that a decoder holds at once: a layer's input and output, the residual, a transposed copy."""

_FILM_DECODER, _RESIDUAL_FILM_DECODER = 19.1, 23.4
"""The same for decoders of films, by their width: each convolution keeps its input for a frame that would follow."""

_STEP = 20
"""Activations of the widest level that a denoiser's last blocks hold at once, for each row."""

_BLOCK = 14
"""Activations of a token's width that a transformer's block holds at once: q, k, v, output, the feed-forward's four."""

_RESNET, _TRANSFORMER = 14, 20
"""Activations that a gradient keeps of each residual block and of each transformer layer."""

_RESNET_INPUT, _TRANSFORMER_INPUT = 2, 1
"""The same where blocks are computed again for the gradient: what goes in, a residual block's skip with it."""

_SCORES = 3
"""Copies of a layer's attention scores, float32, where a bias is added to them."""


def decode_bytes(vae: Mapping[str, Any], width: int, height: int, itemsize: int) -> int:
    """Bytes that decoding a picture of that size in pixels takes.

    Args:
        vae: the autoencoder's config. itemsize: bytes of a number in it.
    """
    if vae.get("base_dim"):
        own = int(vae.get("decoder_base_dim") or vae["base_dim"])
        held = _RESIDUAL_FILM_DECODER if vae.get("is_residual") else _FILM_DECODER
        return int(held * width * height * own * itemsize)
    widest = vae.get("decoder_block_out_channels") or vae.get("block_out_channels", (128, 256))[:2]
    return int(_DECODER * width * height * max(widest) * itemsize)


def tile_for(vae: Mapping[str, Any], width: int, height: int, itemsize: int, free: int | None) -> int | None:
    """The side in pixels of the tiles to decode in with `free` bytes of memory; None is in one piece.

    Raises:
        DeviceOutOfMemory: not even the smallest tile would fit.
    """
    if free is None or decode_bytes(vae, width, height, itemsize) <= free:
        return None
    for side in TILES:
        if side < max(width, height) and decode_bytes(vae, side, side, itemsize) <= free:
            return side
    least = decode_bytes(vae, min(TILES[-1], width), min(TILES[-1], height), itemsize)
    raise too_large("decoding the picture", least, free, less="a smaller model")


@dataclass(frozen=True)
class _Level:
    channels: int
    resnets: int
    layers: int


def _levels(unet: Mapping[str, Any]) -> list[_Level]:
    channels = list(unet.get("block_out_channels") or (320, 640, 1280, 1280))
    per_block = _each(unet.get("layers_per_block") or 2, len(channels))
    depth = _each(unet.get("transformer_layers_per_block") or 1, len(channels))
    kinds = list(unet.get("down_block_types") or ())
    found = []
    for level, width in enumerate(channels):
        blocks = int(per_block[level])
        crossed = level >= len(kinds) or "CrossAttn" in str(kinds[level])
        last = level == len(channels) - 1
        resnets = 2 * blocks + 1 + (2 if last else 0)
        layers = ((2 * blocks + 1) * depth[level] if crossed else 0) + (depth[level] if last else 0)
        found.append(_Level(int(width), resnets, layers))
    return found


def _each(value: Any, count: int) -> list[int]:
    values = list(value) if isinstance(value, Sequence) else [value] * count
    return [int(max(each) if isinstance(each, Sequence) else each) for each in values]


def step_bytes(unet: Mapping[str, Any], latent: tuple[int, int], *, rows: int, itemsize: int, tokens: int = 77) -> int:
    """Return the bytes that a denoiser's step takes on top of its weights.

    Args:
        unet: its config. latent: (height, width). rows: of the batch, both halves of guidance counted.
    """
    pixels, levels = latent[0] * latent[1], _levels(unet)
    activations = _STEP * pixels * levels[0].channels * rows * itemsize
    first = next((index for index, level in enumerate(levels) if level.layers), 0)
    heads = unet.get("attention_head_dim") or 8  # in diffusers' UNet configs this is the number of heads
    there = _each(unet.get("num_attention_heads") or heads, len(levels))[first]
    return activations + _SCORES * there * (pixels // 4**first) * tokens * rows * 4


def transformer_bytes(width: int, heads: int, cells: int, tokens: int, *, rows: int, itemsize: int) -> int:
    """Bytes of a transformer's step beside its weights.

    Args:
        width: channels of a token. cells, tokens: of the image and of the text, in one sequence. rows: of the batch.
    """
    activations = _BLOCK * (cells + tokens) * width * rows * itemsize
    return activations + _SCORES * heads * cells * tokens * rows * 4


def gradient_bytes(
    unet: Mapping[str, Any], latent: tuple[int, int], *, samples: int, itemsize: int, checkpointed: bool = False
) -> int:
    """Bytes that a gradient step keeps for its backward pass; see `step_bytes`.

    Args:
        samples: pictures at once. checkpointed: whether blocks are computed again, one at a time.
    """
    pixels = latent[0] * latent[1]
    resnet, layer = (_RESNET_INPUT, _TRANSFORMER_INPUT) if checkpointed else (_RESNET, _TRANSFORMER)
    levels = list(enumerate(_levels(unet)))
    kept = sum(level.channels * (level.resnets * resnet + level.layers * layer) / 4**index for index, level in levels)
    if checkpointed:
        kept += max(level.channels * (_TRANSFORMER if level.layers else _RESNET) / 4**index for index, level in levels)
    return int(pixels * kept * samples * itemsize)


def too_large(what: str, needed: int, free: int, *, less: str) -> DeviceOutOfMemory:
    """The error for work that would not fit, before it is begun; `less` is what to choose instead."""
    return DeviceOutOfMemory(
        f"The device has too little free memory for {what}.",
        hint=f"Choose {less}, close other programs that use the device, or choose the device cpu.",
        details=f"about {needed / 2**20:.0f} MiB are needed and {free / 2**20:.0f} MiB are free",
    )
