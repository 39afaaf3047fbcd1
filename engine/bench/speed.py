"""The speed benchmark: a painted UNet step against a stock diffusers step with the same weights, side by side."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from diffusers.models.attention_processor import AttnProcessor2_0
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor

from engine.attention import control as attention
from engine.attention.fidelity import NONE
from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.masks import Paint
from engine.attention.self_attention import SeparationControl
from engine.errors import BadRequest
from engine.lab.progress import Clock, Progress
from engine.lab.statistics import bootstrap_interval
from engine.models.compiling import choosing
from engine.models.library import Library
from engine.protocol import Fidelity, PaintedWord
from engine.weights import loading

SD15: dict[str, Any] = {"sample_size": 64, "cross_attention_dim": 768}
"""How Stable Diffusion 1.5's UNet (860 million parameters) differs from the defaults of diffusers' UNet class."""

SDXL: dict[str, Any] = {
    "sample_size": 128,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
"""Stable Diffusion XL's: 2.6 billion."""

TOKENS = 77
SIGMA, TIMESTEP = 1.6, 601.0
"""The noise level that is timed, in the middle of Stable Diffusion's schedule."""

EXTRAS = {"heatmaps": (True, NONE), "dial": (False, Fidelity(containment=1.0, separation=1.0))}
"""What is timed in addition to plain paint, with the same words: (whether heatmaps are made, the fidelity terms)."""

_EXTRAS_WORDS = 8

FEWEST_PAIRS = 12
_PAIR_SECONDS = 0.4
_WARM_UP = 3
_STOCK, _PLAIN = "stock", "plain"
_COMPILED = ("stock compiled", "ours compiled")


@dataclass(eq=False)
class Variant:
    """One way to run a step (a call that returns the UNet's output), and its step time in each pair in ms."""

    step: Callable[[], Any]
    begin_ms: float = 0.0
    pairs: list[float] = field(default_factory=list)


def run(
    *,
    family: str = "starter",
    words: Sequence[int] = (0, 1, 8, 32),
    pairs: int = FEWEST_PAIRS,
    size: int = 256,
    device: str = "auto",
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    compile: bool = False,
) -> dict[str, Any]:
    """Time painted steps against stock ones; returns the JSON object of `wordbrush bench speed` (schema 1).

    A step is one UNet call with both halves of classifier-free guidance (batch 2). The stock and the painted UNet are
    separate modules that share their weight tensors, so dtype, memory format and threads are the same and nothing has
    to be switched between them. In each pair, the steps of all variants run in a random order and then in reverse,
    repeated for a fraction of a second: neighbouring steps belong to different variants, so a machine that speeds up
    or slows down affects all variants equally.

    In the result, `ratio` is the median over the pairs of painted / stock, and `growth_1_32` that of 32 words / 1 word
    minus 1; intervals are 95 % bootstraps over the pairs. `begin_ms` is the one-time cost of a prompt with its paint
    before the first step. `heatmaps_ratio` is a step with heatmaps of all words, and `dial_ratio` one with full
    containment and separation, each divided by a step with plain paint of the same words.

    Args:
        family: "sd15" for Stable Diffusion 1.5's UNet with random weights, otherwise a model's name or path.
        words: the how many words are painted to time, each 0..75.
        pairs: number of pairs, at least `FEWEST_PAIRS`.
        size: width and height of the picture in pixels.
        device: auto, cpu, cuda, cuda:N or mps.
        progress, cancel: see `engine.lab.progress.Clock`.
        compile: whether a stock and a painted step compiled by `torch.compile` are timed, too, with the words of the
            extras: `compiled` has them, and how long the painted one took to compile.

    Raises:
        BadRequest: a value is out of range, or the machine lacks what compiling needs. DeviceOutOfMemory: the UNet does
            not fit. ModelNotFound and others: see `engine.models.library.Library`. RunCancelled: `cancel` was set.
    """
    if pairs < FEWEST_PAIRS:
        raise BadRequest(f"The number of pairs is {pairs}.", hint=f"Ask for {FEWEST_PAIRS} or more.")
    if not words or not all(0 <= count <= TOKENS - 2 for count in words):
        raise BadRequest(f"The numbers of words are {list(words)}.", hint=f"Give numbers from 0 to {TOKENS - 2}.")
    place = loading.pick_device(device)
    dtype = loading.pick_dtype(place)
    missing = choosing.lacking(place) if compile else ""
    if missing:
        raise BadRequest(missing, hint="Leave --compile out.")
    clock = Clock(pairs + 1.0, progress, cancel)
    try:
        unet, factor = _load(family, place, dtype, library or Library())
        if size < factor or size % factor:
            raise BadRequest(f"The size is {size}.", hint=f"Give a multiple of {factor}.")
        variants = _variants(unet, size, factor, list(dict.fromkeys(words)), compile=compile)
        with torch.inference_mode():
            seconds = {name: _first_call(variants[name], place) for name in _COMPILED if name in variants}
            measure(variants, pairs, place, clock, family)
    except (RuntimeError, MemoryError) as error:
        if not loading.is_out_of_memory(error):
            raise
        raise loading.out_of_memory(error, size=(size, size), batch=1) from error
    stock = variants[_STOCK]
    growth: dict[str, Any] = {"growth_1_32": None, "growth_1_32_ci": None}
    if {"1", "32"} <= variants.keys():
        ratio, interval = compare(variants["32"], variants["1"])
        growth = {"growth_1_32": ratio - 1, "growth_1_32_ci": [bound - 1 for bound in interval]}
    rows = []
    for count in words:
        ours = variants[str(count)]
        ratio, interval = compare(ours, stock)
        rows.append(
            {
                "words": count,
                "stock_ms": statistics.median(stock.pairs),
                "ours_ms": statistics.median(ours.pairs),
                "ratio": ratio,
                "ratio_ci": interval,
                "begin_ms": ours.begin_ms,
            }
        )
    return {
        "schema": 1,
        "family": family,
        "device": str(place),
        "dtype": str(dtype).removeprefix("torch."),
        "threads": torch.get_num_threads(),
        "size": size,
        "pairs": pairs,
        "parameters": sum(parameter.numel() for parameter in unet.parameters()),
        "rows": rows,
        **growth,
        **_extras(variants),
        **_compiled(variants, seconds),
    }


def _extras(variants: dict[str, Variant]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in EXTRAS:
        found[f"{name}_ratio"], found[f"{name}_ratio_ci"] = compare(variants[name], variants[_PLAIN])
    return found


def _first_call(variant: Variant, device: torch.device) -> float:
    """Seconds of the call that compiles."""
    return _timed(variant.step, device) / 1000


def _compiled(variants: dict[str, Variant], seconds: dict[str, float]) -> dict[str, Any]:
    if not seconds:
        return {}
    stock, ours = (variants[name] for name in _COMPILED)
    ratio, interval = compare(ours, stock)
    gain, gain_interval = compare(ours, variants[_PLAIN])
    return {
        "compiled": {
            "words": _EXTRAS_WORDS,
            "stock_ms": statistics.median(stock.pairs),
            "ours_ms": statistics.median(ours.pairs),
            "ratio": ratio,
            "ratio_ci": interval,
            "to_uncompiled": gain,
            "to_uncompiled_ci": gain_interval,
            "compile_s": seconds[_COMPILED[1]],
        }
    }


def _load(family: str, device: torch.device, dtype: torch.dtype, library: Library) -> tuple[UNet2DConditionModel, int]:
    """The UNet, and how many pixels wide and high one cell of its latent is."""
    if family == "sd15":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            unet, factor = UNet2DConditionModel(**SD15).eval().requires_grad_(False), 8
    else:
        facts = library.inspect(family)
        unet, factor = loading.load_part(UNet2DConditionModel, facts.path, "unet", dtype=dtype), facts.multiple
    return unet.to(device, dtype, memory_format=torch.channels_last), factor


def twin(unet: UNet2DConditionModel) -> UNet2DConditionModel:
    """A second UNet with stock attention that shares the weight tensors of `unet`."""
    with torch.device("meta"):
        other = UNet2DConditionModel.from_config(unet.config)
    other.load_state_dict(unet.state_dict(), assign=True)
    other.set_attn_processor(AttnProcessor2_0())
    return other.eval().requires_grad_(False)


def _variants(
    unet: UNet2DConditionModel, size: int, factor: int, words: list[int], *, compile: bool = False
) -> dict[str, Variant]:
    generator = torch.Generator().manual_seed(0)
    side, config = size // factor, unet.config

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator).to(unet.device, unet.dtype)

    latents = draw(2, config.in_channels, side, side).contiguous(memory_format=torch.channels_last)
    context = draw(2, TOKENS, config.cross_attention_dim)
    timestep = torch.tensor(TIMESTEP, device=unet.device)
    stock = twin(unet)
    variants = {_STOCK: Variant(step=lambda: stock(latents, timestep, context, return_dict=False)[0])}
    for count in words:
        variants[str(count)] = _painted(twin(unet), latents, timestep, context, count, size)
    few = _EXTRAS_WORDS
    # The reference has the same words as these variants, not those that the caller chose: only the extra differs.
    variants[_PLAIN] = _painted(twin(unet), latents, timestep, context, few, size)
    for name, (heatmaps, fidelity) in EXTRAS.items():
        variants[name] = _painted(
            twin(unet), latents, timestep, context, few, size, heatmaps=heatmaps, fidelity=fidelity
        )
    if compile:
        other = _as_graph(twin(unet))
        variants[_COMPILED[0]] = Variant(step=lambda: other(latents, timestep, context, return_dict=False)[0])
        ours = twin(unet)
        variants[_COMPILED[1]] = _painted(ours, latents, timestep, context, few, size, called=_as_graph(ours))
    return variants


def _as_graph(unet: UNet2DConditionModel) -> Callable[..., Any]:
    found: Callable[..., Any] = torch.compile(unet, backend=choosing.BACKEND, fullgraph=True, dynamic=False)
    return found


def _painted(
    unet: UNet2DConditionModel,
    latents: Tensor,
    timestep: Tensor,
    context: Tensor,
    count: int,
    size: int,
    *,
    heatmaps: bool = False,
    fidelity: Fidelity = NONE,
    called: Callable[..., Any] | None = None,
) -> Variant:
    control, separation = attention.install(unet), SeparationControl(unet)
    network = unet if called is None else called
    paint = Paint(
        discs(count, size),
        [(1 + index,) for index in range(count)],
        latent_size=(latents.shape[2], latents.shape[3]),
        levels=control.levels,
        tokens=TOKENS,
        containment=fidelity.containment,
    )
    tap = None
    if heatmaps:
        tap = HeatmapRecorder(
            paint.positions,
            paint.sizes,
            layers=control.layers,
            samples=1,
            tokens=TOKENS,
            device=torch.device(latents.device),
        )

    def step() -> Tensor:
        control.set_step(sigma=SIGMA, fraction=0.5)
        separation.set_step(sigma=SIGMA, fraction=0.5)
        return network(latents, timestep, context, return_dict=False)[0]

    with torch.inference_mode():
        began = time.perf_counter()
        control.begin(context=context, conditional_rows=(1,), paint=paint if count else None, paint_weight=1.0, tap=tap)
        control.set_step(sigma=SIGMA, fraction=0.5)
        if fidelity.separation:
            separation.begin(
                paint, fidelity.separation, rows=2, conditional=slice(1, 2), device=torch.device(latents.device)
            )
            separation.set_step(sigma=SIGMA, fraction=0.5)
        begin_ms = (time.perf_counter() - began) * 1000
    return Variant(step=step, begin_ms=begin_ms)


def discs(count: int, size: int) -> list[PaintedWord]:
    """`count` painted words, each a soft disc at a random place on a square picture of `size` pixels."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:size, 0:size] / size
    words = []
    for index in range(count):
        (cy, cx), radius = rng.uniform(0.15, 0.85, 2), rng.uniform(0.08, 0.3)
        mask = np.clip((radius - np.hypot(y - cy, x - cx)) * 20 + 0.5, 0, 1) * 255
        words.append(PaintedWord(span=(index, index + 1), mask=mask.astype(np.uint8), revision=index))
    return words


def measure(variants: dict[str, Variant], pairs: int, device: torch.device, clock: Clock, family: str) -> None:
    """Run the pairs; for each pair, a variant records the median of its step times."""
    for _ in range(_WARM_UP):
        typical = statistics.median(_timed(variant.step, device) for variant in variants.values())
    clock.tick(f"{family}: warmed up", 1.0)
    repeats = max(1, round(_PAIR_SECONDS * 1000 / (2 * typical)))
    order = random.Random(0)
    for pair in range(pairs):
        times: dict[str, list[float]] = {name: [] for name in variants}
        for _ in range(repeats):
            names = order.sample(list(variants), len(variants))
            for name in (*names, *reversed(names)):
                times[name].append(_timed(variants[name].step, device))
        for name, variant in variants.items():
            variant.pairs.append(statistics.median(times[name]))
        clock.tick(f"{family}: pair {pair + 1} of {pairs}", 1.0)


def _timed(step: Callable[[], Any], device: torch.device) -> float:
    _synchronize(device)
    began = time.perf_counter()
    step()
    _synchronize(device)
    return (time.perf_counter() - began) * 1000


def _synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def compare(ours: Variant, other: Variant) -> tuple[float, list[float]]:
    ratios = np.array(ours.pairs) / np.array(other.pairs)
    return float(np.median(ratios)), list(bootstrap_interval(ratios, statistic=np.median))
