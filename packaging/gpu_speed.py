"""What `gpu_checks.py` times: steps of full-width networks with random weights, stock and ours, eager and compiled."""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from engine.attention import control as attention
from engine.attention.fidelity import at_dial
from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.masks import Paint
from engine.attention.self_attention import SeparationControl
from engine.attention.transformer_control import TransformerControl
from engine.bench import speed
from engine.lab.progress import Clock
from engine.models.families.flux import FluxDenoiser
from engine.models.families.transformer import TextRows

Ways = dict[str, Callable[[], Tensor]]
WORDS, DIAL, SIGMA = 8, 0.5, speed.SIGMA
TO_COMPILE = {"sd15": 80.0, "flux": 80.0, "sdxl": 200.0}
"""Seconds that must be left for a network's two ways to be compiled and timed."""
_NO_TIME = "no time was left"
_log = logging.getLogger(__name__)


def random_network(kind: Any, config: dict[str, Any], device: torch.device, dtype: torch.dtype) -> Any:
    """A network of that class with random weights that are made on the device itself."""
    with torch.device("meta"):
        network = kind(**config).to(dtype)
    network = network.to_empty(device=device).eval().requires_grad_(False)
    torch.manual_seed(0)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if weight.ndim > 1:
                weight.normal_(0.0, weight[0].numel() ** -0.5)
            else:
                weight.fill_(0.0 if name.endswith("bias") else 1.0)
    return network


def with_words(device: torch.device, adapter: Any, size: tuple[int, int], tokens: int, side: int) -> tuple[Paint, Any]:
    """The words of a timed step at the window's dial, and what records their heatmaps."""
    words = Paint(
        speed.discs(WORDS, side),
        [(1 + index,) for index in range(WORDS)],
        latent_size=size,
        levels=adapter.levels,
        tokens=tokens,
        used=adapter.layers,
        containment=at_dial(DIAL).containment,
    )
    tap = HeatmapRecorder(words.positions, words.sizes, layers=adapter.layers, samples=1, tokens=tokens, device=device)
    return words, tap


def unet_ways(config: dict[str, Any], device: torch.device, dtype: torch.dtype, backend: str) -> Ways:
    """Stock and painted steps of a UNet with both halves of guidance."""
    from diffusers.models.attention_processor import AttnProcessor2_0
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    stock = random_network(UNet2DConditionModel, config, device, dtype).to(memory_format=torch.channels_last)
    stock.set_attn_processor(AttnProcessor2_0())
    side, width = config["sample_size"], config["cross_attention_dim"]
    draw = lambda *shape: torch.randn(shape, device=device, dtype=dtype)  # noqa: E731
    latents = draw(2, 4, side, side).contiguous(memory_format=torch.channels_last)
    context, told = draw(2, speed.TOKENS, width), torch.full((), speed.TIMESTEP, device=device)
    added = None
    if config.get("addition_embed_type") == "text_time":
        ids = 6 * config["addition_time_embed_dim"]
        added = {"text_embeds": draw(2, config["projection_class_embeddings_input_dim"] - ids), "time_ids": draw(2, 6)}
    ours = speed.twin(stock)
    control, separation = attention.install(ours), SeparationControl(ours)
    words, tap = with_words(device, control, (side, side), speed.TOKENS, side * 8)
    control.begin(context=context, conditional_rows=(1,), paint=words, paint_weight=1.0, tap=tap)
    separation.begin(words, at_dial(DIAL).separation, rows=2, conditional=slice(1, 2), device=device)

    def plain(network: Any) -> Tensor:
        return network(latents, told, context, added_cond_kwargs=added, return_dict=False)[0]

    def paints(network: Any) -> Tensor:
        control.set_step(sigma=SIGMA, fraction=0.5)
        separation.set_step(sigma=SIGMA, fraction=0.5)
        return plain(network)

    return four(plain, stock, paints, ours, backend)


def flux_ways(config: dict[str, Any], side: int, device: torch.device, dtype: torch.dtype, backend: str) -> Ways:
    """Stock and painted calls of one double and two single blocks of Flux; and painted ones whose attention is one
    kernel, compiled, where there is Triton, as the window has it wherever it is no slower than in parts."""
    from diffusers.models.transformers.transformer_flux import FluxTransformer2DModel

    stock = random_network(FluxTransformer2DModel, config, device, dtype)
    with torch.device("meta"):
        ours = FluxTransformer2DModel.from_config(stock.config)
    ours.load_state_dict(stock.state_dict(), assign=True)
    ours.eval().requires_grad_(False)
    tokens, cells = (64 if side < 32 else 512), side // 2
    draw = lambda *shape: torch.randn(shape, device=device, dtype=dtype)  # noqa: E731
    text = TextRows(
        states=draw(1, tokens, stock.config.joint_attention_dim),
        pooled=draw(1, stock.config.pooled_projection_dim),
        mask=None,
        counts=(tokens,),
    )
    latents, denoiser = draw(1, 16, side, side), FluxDenoiser(ours)
    control = TransformerControl(ours, denoiser.painted)
    words, tap = with_words(device, control, (cells, cells), tokens, side * 8)
    layout = denoiser.layout(tokens, (cells, cells))
    control.begin(layout=layout, rows=slice(0, 1), device=device, paint=words, paint_weight=1.0, tap=tap)
    control.set_step(sigma=SIGMA, fraction=0.5)
    control.kernel = "never"

    def plain(network: Any) -> Tensor:
        return FluxDenoiser(network).predict(latents, 0.6, text, 3.5)

    def paints(network: Any) -> Tensor:
        control.set_step(sigma=SIGMA, fraction=0.5)
        return plain(network)

    def in_the_kernel() -> Tensor:
        control.kernel = "always"
        try:
            return paints(ours)
        finally:
            control.kernel = "never"

    return four(plain, stock, paints, ours, backend) | {"ours in a kernel, compiled": in_the_kernel}


def four(plain: Callable, stock: Any, paints: Callable, ours: Any, backend: str) -> Ways:
    """The four ways by name."""
    compiled = {name: torch.compile(each, backend=backend) for name, each in (("stock", stock), ("ours", ours))}
    return {
        "stock eager": lambda: plain(stock),
        "ours eager": lambda: paints(ours),
        "stock compiled": lambda: plain(compiled["stock"]),
        "ours compiled": lambda: paints(compiled["ours"]),
    }


def timed(name: str, ways: Ways, device: torch.device, *, pairs: int, left: Callable[[], float]) -> dict[str, Any]:
    """Times the ways side by side; what does not compile, or for which no time is left, is left out and named.

    Args:
        pairs: how often all ways run, forth and back. left: gives the seconds that may still be used.
    """
    left_out: dict[str, str] = {}
    first_call: dict[str, float] = {}
    with torch.no_grad():
        for way, step in ways.items():
            if way.endswith("compiled") and left() < TO_COMPILE[name] / 2:
                left_out[way] = _NO_TIME
                continue
            began = time.perf_counter()
            try:
                step()
            except Exception as error:
                if way.endswith("eager"):
                    raise
                _log.warning("%s: %s is left out: %s", name, way, error)
                left_out[way] = f"{type(error).__name__}: {str(error)[:300]}"
            first_call[way] = time.perf_counter() - began
        variants = {way: speed.Variant(step=step) for way, step in ways.items() if way not in left_out}
        speed.measure(variants, pairs, device, Clock(pairs + 1.0, None, None), name)
    rows: dict[str, Any] = {
        way: {"ms": found.pairs, "median_ms": statistics.median(found.pairs), "first_call_s": first_call[way]}
        for way, found in variants.items()
    }
    for mode in ("eager", "compiled"):
        if f"ours {mode}" in variants and f"stock {mode}" in variants:
            ratio, interval = speed.compare(variants[f"ours {mode}"], variants[f"stock {mode}"])
            rows[f"ours {mode}"] |= {"ratio": ratio, "ratio_ci": interval}
    said = ", ".join(f"{way} {row['median_ms']:.2f}" for way, row in rows.items())
    return {"ways": rows, "left_out": left_out, "words": WORDS, "dial": DIAL, "short": f"{said} ms; "}


def uncompiled(row: dict[str, Any]) -> list[str]:
    """The ways of a `timed` result that failed to compile, with why; a want of time is no failure."""
    return [f"{way}: {why}" for way, why in row["left_out"].items() if why != _NO_TIME]


SMALL_UNET: dict[str, Any] = {
    "sample_size": 16,
    "block_out_channels": (16,),
    "layers_per_block": 1,
    "down_block_types": ("CrossAttnDownBlock2D",),
    "up_block_types": ("CrossAttnUpBlock2D",),
    "cross_attention_dim": 32,
    "attention_head_dim": 2,
    "norm_num_groups": 8,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 72,
}
FLUX: dict[str, Any] = {"num_layers": 1, "num_single_layers": 2, "guidance_embeds": True}
SMALL_FLUX: dict[str, Any] = FLUX | {
    "num_single_layers": 1,
    "attention_head_dim": 16,
    "num_attention_heads": 2,
    "joint_attention_dim": 32,
    "pooled_projection_dim": 32,
    "axes_dims_rope": (4, 6, 6),
}


def networks(*, small: bool, device: torch.device) -> dict[str, Callable[[], Ways]]:
    """What is timed, by name; each is made when it is called."""
    half = torch.float32 if device.type == "cpu" else torch.float16
    wide = torch.float32 if device.type == "cpu" else torch.bfloat16
    if small:
        return {
            "sdxl": lambda: unet_ways(SMALL_UNET, device, half, "eager"),
            "flux": lambda: flux_ways(SMALL_FLUX, 16, device, wide, "eager"),
        }
    return {
        "sd15": lambda: unet_ways(speed.SD15, device, half, "inductor"),
        "flux": lambda: flux_ways(FLUX, 128, device, wide, "inductor"),
        "sdxl": lambda: unet_ways(speed.SDXL, device, half, "inductor"),
    }
