"""The supported model architectures: a small file for each says how to recognise its folders and what it can do.

A new architecture is one more file in this folder that defines `ARCHITECTURE`, and one of the same name in
`engine.models.families` that loads its networks; nothing else names it. No torch here: weights are not loaded.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import UnsupportedModel
from engine.models.assembly.record import DenoiserFile

_MOST_BLOCKS = 8


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What models of an architecture can do beside painting words.

    Attributes:
        negative: they take a negative prompt. guidance_embedded: some of them take guidance as an input instead, by
            their config; those read no negative prompt.
        heatmaps: where words' attention went can be seen. separation, gradient_steps, regions: areas can be kept apart,
            moved towards their paint, and have prompts of their own in the attention.
        edits: words of a picture's prompt can be edited (`engine.editing`).
        controls: they take ControlNets. image: they take IP-Adapters, by which pictures give a style.
        teaching: words can be taught to them, and those of embeddings that fit all of their text encoders are told.
    """

    negative: bool = True
    guidance_embedded: bool = False
    heatmaps: bool = True
    separation: bool = True
    gradient_steps: bool = True
    regions: bool = True
    edits: bool = False
    controls: bool = False
    image: bool = False
    teaching: bool = False


@dataclass(frozen=True)
class Asked:
    """What a model's own configs ask for instead of the architecture's defaults; None leaves those."""

    guidance: float | None = None
    steps: int | None = None
    sampler: str | None = None


def blocks_factor(vae: Mapping[str, Any]) -> int | None:
    """Pixels for each latent pixel, by an autoencoder's config that names its blocks; None where it names none."""
    blocks = vae.get("block_out_channels") or vae.get("decoder_block_out_channels")
    return 2 ** (len(blocks) - 1) if isinstance(blocks, list) and 1 <= len(blocks) <= _MOST_BLOCKS else None


def frames_factor(vae: Mapping[str, Any]) -> int | None:
    """The same, by the config of one that knows films too: each of its levels but one halves the sides."""
    levels = vae.get("temperal_downsample")
    return 2 ** len(levels) if isinstance(levels, list) and 1 <= len(levels) < _MOST_BLOCKS else None


def needs_more_than_a_picture(denoiser: Mapping[str, Any]) -> bool:
    """Whether a denoiser's input is neither latents alone nor latents beside a picture's (InstructPix2Pix)."""
    latents = denoiser.get("out_channels", 4)
    return denoiser.get("in_channels", 4) not in (latents, 2 * latents)


def _needs_a_picture(denoiser: Mapping[str, Any]) -> bool:
    return bool(denoiser.get("in_channels", 4) != denoiser.get("out_channels", 4))


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """What is known about an architecture before a model of it is loaded.

    Attributes:
        name: the name of this file, and of the file in `engine.models.families` that loads it.
        pipeline: the `_class_name` in its model_index.json. guided_pipeline: that of models whose denoiser takes
            guidance as an input, instructed_pipeline: that of models that follow instructions for a picture, which
            their denoiser takes beside the noise; None where it is the same, or there are none.
        parts: the subfolders that a model must have.
        guidance, paint_weight, side: the defaults for models that state none; `side` in pixels.
        latents: the kind of its latents; denoisers with the same kind can work on one picture.
        denoiser: the folder of its denoiser. joint: whether image and text meet in one sequence of both (joint
            attention); otherwise the image asks the text alone (cross-attention).
        since: the first version of diffusers that has its classes.
        half: the number format it works in where that is not float32: "float16" or "bfloat16".
        patch: latent pixels along a side of one of the denoiser's cells; sizes are multiples of a cell.
        cells: sides of pictures are multiples of so many cells.
        factor: pixels for each latent pixel by the autoencoder's config; None where that makes no sense.
        can: see `Capabilities`.
        asks: defaults of the model itself, given the configs of its denoiser and of its scheduler (with `schedule`).
        schedule: what its pipeline adds to the scheduler's config, by its model_index.json; see `engine.sampling.flow`.
        spaced_by_steps: its pipeline spaces a flow's times from 1 to 1/steps, before any shift, as most do.
        needs_a_picture: whether a denoiser of that config starts from more than noise (inpainting and the like).
        upcasts_vae: whether to assume that its autoencoder overflows in half precision; a model's config can override
            it.
        is_meant: given a model_index.json with that `_class_name`, whether it is this architecture.
        encoders: given the folder of the config files, the text encoders that can be switched on and off.
        takes_styles: given that folder, whether it has an image encoder.
        sees: whether its text encoder is a vision-language model, which says what a picture shows where the files have
            its eyes (`engine.models.eyes`).
        experts: given a model_index.json, its denoisers by noise: name, the sigmas from and below which each works,
            and its folder ("" for `denoiser`); none for a single denoiser.
        single_file: tensor shapes that identify a single file in the original layout (None: any length), and the name
            of the shipped config files to use with it.
        text_tensors: for each text encoder, the prefix of its tensors in such a file: "transformer." is followed by
            transformers' names, "model." by OpenCLIP's.
        file: how a file with its transformer alone is recognised; None where none can be used.
        loras: what the LoRA files that it takes are made for, as a person calls it; "" where it takes none.
        lora_width: columns of the text that such a file's layers of cross-attention read; None for any that is nobody
            else's.
        layers: of its transformer, by the names of its original code, which LoRA files have -> diffusers'. "#" is a
            number; "a.(b c)" are the modules a.b and a.c that one layer was cut into; behind "~" the halves of its
            outputs (shift and scale), where these are all, come the other way round.
        layer_ratios: outputs for each input of some of them, which tell it from others with layers of the same names.
    """

    name: str
    pipeline: str
    guided_pipeline: str | None = None
    instructed_pipeline: str | None = None
    parts: tuple[str, ...]
    guidance: float
    paint_weight: float
    side: int
    latents: str
    denoiser: str = "unet"
    joint: bool = False
    since: str = "0.38"
    half: str = "float16"
    patch: int = 1
    cells: int = 1
    factor: Callable[[Mapping[str, Any]], int | None] = blocks_factor
    can: Capabilities = Capabilities()
    asks: Callable[[Mapping[str, Any], Mapping[str, Any]], Asked] = lambda denoiser, scheduler: Asked()
    schedule: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda index: {}
    spaced_by_steps: bool = False
    needs_a_picture: Callable[[Mapping[str, Any]], bool] = _needs_a_picture
    upcasts_vae: bool = False
    is_meant: Callable[[Mapping[str, Any]], bool] = lambda index: True
    encoders: Callable[[Path], tuple[str, ...]] = lambda config: ("clip",)
    takes_styles: Callable[[Path], bool] = lambda config: False
    sees: bool = False
    experts: Callable[[Mapping[str, Any]], tuple[tuple[str, float, float, str], ...]] = lambda index: ()
    single_file: tuple[tuple[Mapping[str, tuple[int | None, ...]], str], ...] = ()
    text_tensors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: DenoiserFile | None = None
    loras: str = ""
    lora_width: int | None = None
    layers: Mapping[str, str] = field(default_factory=dict)
    layer_ratios: Mapping[str, int] = field(default_factory=dict)


def pieces_of(template: str) -> list[str]:
    """The modules that one layer of the original code became: "a.(b c)" is a.b and a.c; "~" is no part of a name."""
    before, _, inside = template.removeprefix("~").partition("(")
    return [before + each for each in inside.rstrip(")").split(" ")] if inside else [before]


@cache
def architectures() -> Mapping[str, Architecture]:
    """Return all architectures by name, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}").ARCHITECTURE for name in names]
    return {each.name: each for each in found}


def of_index(index: Mapping[str, Any]) -> Architecture:
    """Return the architecture of a model folder, given its model_index.json.

    Raises:
        UnsupportedModel: it is none of these; the hint names the supported ones.
    """
    kind = index.get("_class_name")
    for each in architectures().values():
        others = (name or each.pipeline for name in (each.guided_pipeline, each.instructed_pipeline))
        if kind in (each.pipeline, *others) and each.is_meant(index):
            _check_installed(each)
            return each
    known = dict.fromkeys(each.pipeline for each in architectures().values())
    raise UnsupportedModel(
        f"Models of the kind {kind} are not supported.", hint=f"Choose a model of the kind {' or '.join(known)}."
    )


def _check_installed(architecture: Architecture) -> None:
    """Makes sure that the diffusers that is installed has the architecture's classes."""
    installed = importlib.metadata.version("diffusers")
    if _version(installed) < _version(architecture.since):
        raise too_old(architecture)


def is_available(architecture: Architecture) -> bool:
    """Whether the diffusers that is installed has its classes."""
    try:
        _check_installed(architecture)
    except UnsupportedModel:
        return False
    return True


def too_old(architecture: Architecture, details: str = "") -> UnsupportedModel:
    """The error that tells which diffusers has an architecture's classes, and which one is installed."""
    installed = importlib.metadata.version("diffusers")
    return UnsupportedModel(
        f"Models of the kind {architecture.pipeline} need diffusers {architecture.since} or newer; "
        f"{installed} is installed.",
        hint=f'Install it: pip install --upgrade "diffusers>={architecture.since}".',
        details=details,
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def shipped_config(header: Mapping[str, Any]) -> str | None:
    """Return the name of the shipped config files for a single file with that header; None if there are none."""
    for each in architectures().values():
        for shapes, config in each.single_file:
            if all(_has_shape(header.get(name), shape) for name, shape in shapes.items()):
                return config
    return None


def _has_shape(entry: Any, wanted: tuple[int | None, ...]) -> bool:
    shape = entry.get("shape") if isinstance(entry, dict) else None
    if not isinstance(shape, list) or len(shape) != len(wanted):
        return False
    return all(length is None or side == length for side, length in zip(shape, wanted, strict=True))
