"""What a painted step costs a device, counted at full width: at most what stock diffusers' step costs."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor2_0
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from engine.attention.control import install
from engine.attention.fidelity import at_dial
from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.masks import Paint
from engine.attention.self_attention import SeparationControl
from engine.bench.speed import SD15, SDXL, TOKENS, discs
from tests.kernel_counter import Count, count

META = torch.device("meta")
DEFAULT_DIAL = 0.5
WATCHED = 12
"""Spans of the prompt whose heatmaps the window shows beside the words'."""

MOST_KERNELS = {"SD 1.5 at 512": 1.10, "SDXL at 1024": 1.18}
CONFIGS: dict[str, dict[str, Any]] = {"SD 1.5 at 512": SD15, "SDXL at 1024": SDXL}


class Bench:
    """A UNet of full width in half precision and one step's inputs, on nothing."""

    def __init__(self, config: dict[str, Any], dtype: torch.dtype = torch.float16) -> None:
        self.config = config
        with torch.device("meta"):
            unet = UNet2DConditionModel(**config).eval().requires_grad_(False).to(dtype)
        self.unet = unet.to(memory_format=torch.channels_last)
        self.unet.set_attn_processor(AttnProcessor2_0())
        self.side = config["sample_size"]
        shape = (2, 4, self.side, self.side)
        self.latents = torch.empty(shape, device=META, dtype=dtype).contiguous(memory_format=torch.channels_last)
        self.context = torch.empty(2, TOKENS, config["cross_attention_dim"], device=META, dtype=dtype)
        self.timestep = torch.empty((), device=META)
        self.added = None
        if config.get("addition_embed_type") == "text_time":
            self.added = {
                "text_embeds": torch.empty(2, 1280, device=META, dtype=dtype),
                "time_ids": torch.empty(2, 6, device=META, dtype=dtype),
            }

    def call(self) -> torch.Tensor:
        return self.unet(self.latents, self.timestep, self.context, added_cond_kwargs=self.added, return_dict=False)[0]

    def stock(self) -> Count:
        return count(self.call)

    def painted(self, words: int, *, heatmaps: bool = True, dial: float = DEFAULT_DIAL) -> Count:
        """A step in the middle of a run, as the window asks for it."""
        control, separation = install(self.unet), SeparationControl(self.unet)
        fidelity = at_dial(dial)
        paint = Paint(
            discs(words, self.side * 8),
            [(1 + index,) for index in range(words)],
            latent_size=(self.side, self.side),
            levels=control.levels,
            tokens=TOKENS,
            used=control.layers,
            containment=fidelity.containment,
        )
        recorder = None
        if heatmaps:
            places = [*paint.positions, *[(1 + index,) for index in range(WATCHED)]]
            recorder = HeatmapRecorder(
                places, paint.sizes, layers=control.layers, samples=1, tokens=TOKENS, device=META
            )
        control.begin(context=self.context, conditional_rows=(1,), paint=paint, paint_weight=1.0, tap=recorder)
        if fidelity.separation:
            separation.begin(paint, fidelity.separation, rows=2, conditional=slice(1, 2), device=META)

        def step() -> None:
            control.set_step(sigma=1.6, fraction=0.5)
            separation.set_step(sigma=1.6, fraction=0.5)
            self.call()

        step()  # what changes only when other words act
        found = count(step)
        separation.end()
        control.uninstall()
        return found


@pytest.fixture(scope="module", params=list(CONFIGS))
def bench(request) -> tuple[str, Bench, Count]:
    made = Bench(CONFIGS[request.param])
    return request.param, made, made.stock()


def ratios(found: Count, stock: Count) -> tuple[float, float, float]:
    return found.flops / stock.flops, found.bytes / stock.bytes, found.kernels / stock.kernels


def test_the_windows_painted_step_costs_no_more_than_stock(bench):
    name, made, stock = bench
    found = made.painted(8)
    flops, size, kernels = ratios(found, stock)
    print(
        f"\n{name}: stock {stock.flops / 1e12:.3f} TFLOP, {stock.bytes / 1e9:.2f} GB, {stock.kernels} kernels; "
        f"painted x{flops:.4f}, x{size:.4f}, x{kernels:.4f}"
    )
    assert flops <= 1.0 and size <= 1.0 and kernels <= MOST_KERNELS[name], found.by_name()


def test_thirty_two_words_cost_a_hundredth_more_at_most(bench):
    _, made, stock = bench
    flops, size, _ = ratios(made.painted(32), stock)
    assert flops <= 1.01 and size <= 1.01


def test_the_counter_sees_what_it_is_to_see():
    q = torch.empty(2, 8, 4096, 40, device=META, dtype=torch.float16)
    k = torch.empty(2, 8, 77, 40, device=META, dtype=torch.float16)
    attend = torch.nn.functional.scaled_dot_product_attention
    plain = count(lambda: attend(q, k, k))
    assert plain.kernels == 1 and plain.bytes == 2 * (2 * q.numel() + 2 * k.numel())
    assert plain.flops == 4 * 2 * 8 * 4096 * 77 * 40
    mask = torch.empty(2, 1, 4096, 77, device=META, dtype=torch.float16)
    wide = torch.empty(2, 1, 4096, 80, device=META, dtype=torch.float16)[..., :77]
    unaligned, masked = (count(lambda each=each: attend(q, k, k, attn_mask=each)) for each in (mask, wide))
    assert unaligned.kernels == 2 and masked.kernels == 1
    assert unaligned.bytes == masked.bytes + 2 * 2 * mask.numel()
    written = count(lambda: (q @ k.transpose(2, 3)).float().softmax(-1))
    assert max(each.largest for each in written.operations) == 2 * 8 * 4096 * 77
