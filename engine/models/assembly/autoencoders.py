"""Autoencoders in files of their own: which latents they are for, and their config, by shapes and name; no torch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.models.assembly.sizes import Sizes, count

PREFIXES = ("first_stage_model.", "vae.")
"""What may stand before every name of an autoencoder's tensors in a larger file."""
_SD3 = re.compile(r"sd[-_ ]?3|3\.5|stable[-_ ]?diffusion[-_ ]?3")
_SDXL = re.compile(r"xl|pixart")
_OF_QWEN = re.compile(r"qwen|krea|anima")


def config_for(latents: str, sizes: Sizes, name: str) -> Mapping[str, Any] | None:
    """Return the config of an autoencoder for these latents; None if the file is another one's.

    Flux.1's and Stable Diffusion 3's are alike in all shapes: that of the latter has its name in the file's. So has
    that of Stable Diffusion XL, which is like Stable Diffusion's.

    Args:
        latents: see `Architecture.latents`. sizes: without a prefix. name: of the file.
    """
    kind = _KINDS.get(latents)
    try:
        return kind(sizes, name.lower()) if kind else None
    except (KeyError, IndexError, ValueError, ArithmeticError):
        return None


def preferred(latents: str, name: str) -> bool:
    """Whether a file that fits is called as the one that was made for these latents.

    The autoencoders of Qwen-Image and of Wan have the same latents and shapes, and differ in how they draw.
    """
    return bool(_OF_QWEN.search(name.lower())) == (latents == "qwen")


def _pictures(sizes: Sizes, channels: int, **fixed: Any) -> Mapping[str, Any] | None:
    own = "encoder.mid_block.resnets.0.conv1.weight" in sizes
    if sizes["decoder.conv_in.weight"][1:2] != (channels,) or len(sizes["decoder.conv_in.weight"]) != 4:
        return None
    level = "encoder.down_blocks.{}.resnets" if own else "encoder.down.{}.block"
    levels = count(sizes, "encoder.down_blocks" if own else "encoder.down")
    widths = [sizes[f"{level.format(number)}.0.conv1.weight"][0] for number in range(levels)]
    up = "decoder.up_blocks.0.resnets" if own else "decoder.up.0.block"
    decoder = _decoder_widths(sizes, levels, own=own)
    config = {
        "in_channels": 3,
        "out_channels": 3,
        "down_block_types": ["DownEncoderBlock2D"] * levels,
        "up_block_types": ["UpDecoderBlock2D"] * levels,
        "block_out_channels": widths,
        "layers_per_block": count(sizes, up) - 1,
        "latent_channels": channels,
        "norm_num_groups": 32,
        "sample_size": 1024,
        "use_quant_conv": "quant_conv.weight" in sizes,
        "use_post_quant_conv": "post_quant_conv.weight" in sizes,
        **fixed,
    }
    return config if decoder == widths else config | {"decoder_block_out_channels": decoder}


def _decoder_widths(sizes: Sizes, levels: int, *, own: bool) -> list[int]:
    if own:
        return [sizes[f"decoder.up_blocks.{levels - 1 - n}.resnets.0.conv1.weight"][0] for n in range(levels)]
    return [sizes[f"decoder.up.{n}.block.0.conv1.weight"][0] for n in range(levels)]


def _flux1(sizes: Sizes, name: str) -> Mapping[str, Any] | None:
    if _SD3.search(name):
        return None
    fixed = {"_class_name": "AutoencoderKL", "scaling_factor": 0.3611, "shift_factor": 0.1159, "force_upcast": True}
    return _pictures(sizes, 16, **fixed)


def _sd3(sizes: Sizes, name: str) -> Mapping[str, Any] | None:
    fixed = {"_class_name": "AutoencoderKL", "scaling_factor": 1.5305, "shift_factor": 0.0609, "force_upcast": True}
    return _pictures(sizes, 16, **fixed) if _SD3.search(name) else None


def _sdxl(sizes: Sizes, name: str) -> Mapping[str, Any] | None:
    fixed = {"_class_name": "AutoencoderKL", "scaling_factor": 0.13025, "force_upcast": True}
    return _pictures(sizes, 4, **fixed) if _SDXL.search(name) else None


def _flux2(sizes: Sizes, name: str) -> Mapping[str, Any] | None:
    channels = sizes["bn.running_mean"][0] // 4
    return _pictures(sizes, channels, _class_name="AutoencoderKLFlux2", patch_size=[2, 2], batch_norm_eps=1e-4)


def _films(sizes: Sizes, kind: str) -> Mapping[str, Any] | None:
    inputs = sizes["encoder.conv_in.weight" if "encoder.conv_in.weight" in sizes else "encoder.conv1.weight"]
    outputs = sizes["decoder.conv_in.weight" if "decoder.conv_in.weight" in sizes else "decoder.conv1.weight"]
    if len(inputs) != 5 or inputs[1] != 3 or outputs[1] != 16:
        return None
    return {"_class_name": kind, "base_dim": inputs[0], "z_dim": outputs[1], "dim_mult": [1, 2, 4, 4],
            "num_res_blocks": 2, "temperal_downsample": [False, True, True]}  # fmt: skip


def _qwen21(sizes: Sizes, name: str) -> Mapping[str, Any] | None:
    own = "encoder.conv_in.weight" in sizes
    first, last = ("conv_in", "conv_out") if own else ("conv1", "head.2")
    levels, inner = ("encoder.down_blocks", "resnets") if own else ("encoder.downsamples", "downsamples")
    convolution = "conv1.weight" if own else "residual.2.weight"
    base, inputs = sizes[f"encoder.{first}.weight"][:2]
    width, channels = sizes[f"decoder.{first}.weight"][:2]
    if channels != 64:
        return None
    number = count(sizes, levels)
    times = [sizes[f"{levels}.{n}.{inner}.0.{convolution}"][0] // base for n in range(number)]
    # A level that brings moments together, too, has one more layer for that.
    joins = [any(each.startswith(f"{levels}.{n}.") and "time_conv." in each for each in sizes) for n in range(number)]
    return {
        "_class_name": "AutoencoderKLQwenImage21",
        "base_dim": base,
        "decoder_base_dim": width // times[-1],
        "z_dim": channels,
        "dim_mult": times,
        "num_res_blocks": sum(f"{levels}.0.{inner}.{n}.{convolution}" in sizes for n in range(9)),
        "temperal_downsample": joins[:-1],
        "in_channels": inputs,
        "out_channels": sizes[f"decoder.{last}.weight"][0],
    }


_KINDS: Mapping[str, Callable[[Sizes, str], Mapping[str, Any] | None]] = {
    "flux-1": _flux1,
    "flux-2": _flux2,
    "stable-diffusion-3": _sd3,
    "stable-diffusion-xl": _sdxl,
    "qwen-2.1": _qwen21,
    "qwen": lambda sizes, name: _films(sizes, "AutoencoderKLQwenImage"),
    "wan-2.1": lambda sizes, name: _films(sizes, "AutoencoderKLWan"),
}
