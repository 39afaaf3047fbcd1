"""How an installed model will use a device's memory, judged by its files before anything of it is loaded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from engine.facts import DELTAS, InstalledModel, ManifestExpert
from engine.models import lora
from engine.models.architectures import architectures
from engine.weights import loading
from engine.weights.files import find_weights, incomplete, read_json
from engine.weights.gguf_file import read_any_header
from engine.weights.memory_plan import Need, Plan, free_bytes, plan
from engine.weights.run_memory import TILES, USUAL_TOKENS, decode_bytes, step_bytes, transformer_bytes
from engine.weights.tiers import Sizes, Way, choose, ways

_KEPT = re.compile(r"norm|embed|(^|\.)proj_(in|out)\.")
"""Names of weights that keep their format where others are stored in 8 bits, a little more than diffusers keeps."""

_HALF = 2
_SINGLE_FILE_PREFIX = "model.diffusion_model."
_CODERS = ("first_stage_model.", "vae.")
_BESIDE = (
    ("text_encoder", "model"),
    ("text_encoder_2", "model"),
    ("text_encoder_3", "model"),
    ("image_encoder", "model"),
    ("text_conditioner", "diffusion_pytorch_model"),
    ("vae", "diffusion_pytorch_model"),
)


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


def part_of(own: ManifestExpert) -> str:
    return f'expert "{own.name}"'


def need(facts: InstalledModel, own: ManifestExpert | None, *, itemsize: int) -> Need:
    """Return the memory that a denoiser takes, judged by its files: the model's base, or one of its own experts.

    Args:
        itemsize: bytes per weight.

    Raises:
        ModelIncomplete, UnsafeModel, UnsupportedModel: the files are not there, damaged, or of another kind.
    """
    if own is not None and own.folder is not None and not own.is_delta:
        files = (own.folder,) if own.folder.is_file() else _files(own.folder, part_of(own))
        shapes = _shapes(files, part=part_of(own))
        whole = _count(shapes.values()) * itemsize
        return Need(own.name, whole, whole)
    shapes = denoiser_shapes(facts)
    whole = _count(shapes.values()) * itemsize
    if own is None or own.folder is None:
        return Need(own.name if own else facts.name, whole, whole, is_base=True)
    changed = _changed(own.folder / DELTAS, part_of(own), _stamp(own.folder / DELTAS))
    extra = _count(shapes.get(f"{layer}.weight", ()) for layer in changed) * itemsize
    return Need(own.name, whole, extra)


def denoiser_shapes(facts: InstalledModel) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the base denoiser's tensors, by their names in its files; see `need` for the errors."""
    if not facts.path.is_file():
        part = architectures()[facts.family].denoiser
        return _shapes(_files(facts.path / part, part), part=part)
    shapes = _shapes((facts.path,), part="weights file")
    whole_model = any(name.startswith(_SINGLE_FILE_PREFIX) for name in shapes)
    return {name: size for name, size in shapes.items() if not whole_model or name.startswith(_SINGLE_FILE_PREFIX)}


def autoencoder(facts: InstalledModel, *, itemsize: int) -> int:
    """Return the bytes of a model's autoencoder, which `beside` counts too; 0 where its files do not tell."""
    if "vae" in facts.files:
        shapes = _shapes((facts.files["vae"],), part="vae")
        inside = facts.files["vae"] == facts.path
        return _count(shape for name, shape in shapes.items() if not inside or name.startswith(_CODERS)) * itemsize
    if facts.path.is_file():
        shapes = _shapes((facts.path,), part="weights file")
        return _count(shape for name, shape in shapes.items() if name.startswith("first_stage_model.")) * itemsize
    return _count(_shapes(_files(facts.path / "vae", "vae"), part="vae").values()) * itemsize


def beside(facts: InstalledModel, *, itemsize: int) -> int:
    """Return the bytes of a model's other parts, encoders and autoencoder, which are not moved between devices."""
    if facts.files:
        # Two encoders may have the same names: each file is counted by itself.
        total = sum(_count(_shapes((file,), part="weights file").values()) for file in {*facts.files.values()})
        if facts.path in facts.files.values():
            total -= _count(denoiser_shapes(facts).values())
        return total * itemsize
    if facts.path.is_file():
        shapes = _shapes((facts.path,), part="weights file")
        return _count(shape for name, shape in shapes.items() if not name.startswith(_SINGLE_FILE_PREFIX)) * itemsize
    total = 0
    for part, stem in _BESIDE:
        if (facts.path / part / "config.json").is_file():
            files = find_weights(facts.path / part, stem, part=part).files
            total += _count(_shapes(files, part=part).values()) * itemsize
    return total


def plan_for(facts: InstalledModel, device: torch.device) -> Plan:
    """Plan how the model's own experts would share a device on which none is loaded yet; see `need` for the errors."""
    itemsize = loading.pick_dtype(device).itemsize
    parts = {own.folder: own for own in facts.experts}
    return plan([need(facts, own, itemsize=itemsize) for own in parts.values()], free_bytes(device))


def _files(folder: Path, part: str) -> tuple[Path, ...]:
    return find_weights(folder, "diffusion_pytorch_model", part=part).files


def _shapes(files: Iterable[Path], *, part: str) -> dict[str, tuple[int, ...]]:
    return {name: shape for file in files for name, shape in _file_shapes(file, part, _stamp(file)).items()}


def _stamp(file: Path) -> tuple[int, ...]:
    """What changes when a file is written anew; empty where it is not there, which reading it will explain."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=48)  # every run plans its memory, and live painting runs several times a second
def _file_shapes(file: Path, part: str, stamp: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    header = read_any_header(file, part=part)
    try:
        return {
            name: tuple(int(side) for side in entry["shape"])
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except (KeyError, TypeError, ValueError) as error:
        raise incomplete(part, "its weights file is not a complete safetensors file", details=repr(error)) from error


@lru_cache(maxsize=48)
def _changed(file: Path, part: str, stamp: tuple[int, ...]) -> frozenset[str]:
    return lora.layers(file, part=part)


def _count(shapes: Iterable[tuple[int, ...]]) -> int:
    return sum(math.prod(shape) for shape in shapes if shape)
