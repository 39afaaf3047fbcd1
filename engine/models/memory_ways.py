"""How an installed model will use a device's memory, judged by its files before anything of it is loaded."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import torch

from engine.facts import InstalledModel, ManifestExpert
from engine.models.architectures import architectures
from engine.models.expert_loading import autoencoder, beside, denoiser_shapes, need
from engine.weights import loading
from engine.weights.files import incomplete, read_json
from engine.weights.run_memory import TILES, USUAL_TOKENS, decode_bytes, step_bytes, transformer_bytes
from engine.weights.tiers import Sizes, Way, choose, ways

_KEPT = re.compile(r"norm|embed|(^|\.)proj_(in|out)\.")
"""Names of weights that keep their format where others are stored in 8 bits, a little more than diffusers keeps."""

_HALF = 2


def sizes_of(facts: InstalledModel, device: torch.device) -> Sizes:
    """What a model takes on a device at its own picture size.

    Raises:
        ModelIncomplete, UnsafeModel, UnsupportedModel: the files are not there, damaged, or of another kind.
    """
    try:
        return _sizes(facts, device)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        part = architectures()[facts.family].denoiser
        raise incomplete(part, "its config makes no sense", details=repr(error)) from error


def _sizes(facts: InstalledModel, device: torch.device) -> Sizes:
    architecture = architectures()[facts.family]
    dtype = loading.pick_dtype(device, architecture.half)
    itemsize = dtype.itemsize
    config = read_json(facts.config / architecture.denoiser / "config.json", part=architecture.denoiser)
    vae = read_json(facts.config / "vae" / "config.json", part="vae")
    width, height = facts.defaults.size
    experts: list[ManifestExpert | None] = [*{own.folder: own for own in facts.experts}.values()] or [None]
    # Where half precision overflows it is kept in float32.
    decoded = 4 if architecture.upcasts_vae and vae.get("force_upcast", True) else itemsize
    coder = autoencoder(facts, itemsize=itemsize)
    halves = _is_halved(facts, config)
    denoiser = max(need(facts, own, itemsize=itemsize).whole for own in experts)
    return Sizes(
        denoiser=denoiser,
        small=min(denoiser, _in_eight_bits(denoiser_shapes(facts), itemsize)),
        encoders=max(0, beside(facts, itemsize=itemsize) - coder),
        autoencoder=coder * decoded // itemsize,
        step=_step(facts, config, itemsize, rows=1 + halves),
        decode=decode_bytes(vae, width, height, decoded),
        tile=decode_bytes(vae, min(TILES[-1], width), min(TILES[-1], height), decoded),
        precision=str(dtype).removeprefix("torch."),
        halves=halves,
        swapped=len(experts) > 1,
    )


def way_for(facts: InstalledModel, device: torch.device, mode: str = "auto", *, held: int = 0) -> Way:
    """How the model will use the device's free memory, and why; see `sizes_of` for the errors.

    Args:
        mode: one of `resources.limits.MEMORY`. held: bytes that will be free as well.
    """
    free = loading.available_memory(device)
    return choose(sizes_of(facts, device), device.type, None if free is None else free + held, mode)


def ways_of(facts: InstalledModel, device: torch.device) -> list[Way]:
    """All ways in which the model can use the device, the fastest first."""
    return ways(sizes_of(facts, device), device.type)


def _is_halved(facts: InstalledModel, config: Mapping[str, Any]) -> bool:
    takes_guidance = bool(config.get("guidance_embeds")) or config.get("time_cond_proj_dim") is not None
    return architectures()[facts.family].can.negative and not takes_guidance


def _in_eight_bits(shapes: Mapping[str, tuple[int, ...]], itemsize: int) -> int:
    return sum(
        math.prod(shape) * (itemsize if len(shape) < _HALF or _KEPT.search(name) else 1)
        for name, shape in shapes.items()
    )


def _step(facts: InstalledModel, config: Mapping[str, Any], itemsize: int, *, rows: int) -> int:
    width, height = (side // facts.multiple for side in facts.defaults.size)
    if architectures()[facts.family].denoiser == "unet":
        return step_bytes(config, (height, width), rows=rows, itemsize=itemsize)
    heads = int(config.get("num_attention_heads") or config.get("n_heads") or 24)
    inner = config.get("dim") or config.get("hidden_size") or heads * int(config.get("attention_head_dim") or 128)
    return transformer_bytes(int(inner), heads, width * height, USUAL_TOKENS, rows=rows, itemsize=itemsize)
