"""A painted step is one graph for torch.compile, and stays it whatever changes from step to step and run to run."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
import torch._dynamo as dynamo
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch._dynamo.utils import counters

from engine.attention import control
from engine.attention.control import install
from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.laws import find_law
from engine.attention.masks import Paint
from engine.attention.self_attention import SeparationControl
from engine.bench.speed import discs, twin

SIDE, TOKENS = 16, 77


@pytest.fixture(autouse=True)
def nothing_compiled():
    dynamo.reset()
    counters.clear()
    yield
    dynamo.reset()


def small_unet():
    """Cross-attention and self-attention at two levels, in four layers: all that a step has, and quick to compile."""
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=SIDE,
        in_channels=4,
        out_channels=4,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=4,
        norm_num_groups=8,
    )
    return unet.eval().requires_grad_(False)


def paint(control, count: int, *, strength: float, seed: int) -> Paint:
    words = [
        dataclasses.replace(
            word, strength=strength * (-1) ** index, mask=np.roll(word.mask, seed * 13, 1), revision=None
        )
        for index, word in enumerate(discs(count, SIDE * 8))
    ]
    positions = [(1 + index,) for index in range(count)]
    return Paint(words, positions, latent_size=(SIDE, SIDE), levels=control.levels, tokens=TOKENS, containment=0.5)


class Way:
    """One UNet with its paint, heatmaps and separated areas; `steady` where it is to be compiled."""

    def __init__(self, unet, *, steady: bool = False, law: str = "default") -> None:
        self.unet, self.control, self.separation = unet, install(unet), SeparationControl(unet)
        self.separation.steady, self.law = steady, law
        self.recorder: HeatmapRecorder | None = None

    def begin(
        self, context: torch.Tensor, seed: int, count: int, strength: float, weight: float, amount: float
    ) -> None:
        words = paint(self.control, count, strength=strength, seed=seed)
        self.recorder = HeatmapRecorder(
            words.positions,
            words.sizes,
            layers=self.control.layers,
            samples=1,
            tokens=TOKENS,
            device=context.device,
            buffers=self.control.buffers,
        )
        run = {"conditional_rows": (1,), "paint": words, "paint_weight": weight, "tap": self.recorder}
        self.control.begin(context=context, law=self.law, force=self.separation.steady, **run)
        law = find_law(self.law)
        between = {"law": law, "paint_weight": weight}
        self.separation.begin(words, amount, rows=2, conditional=slice(1, 2), device=context.device, **between)

    def set_step(self, sigma: float, *, fraction: float) -> None:
        self.control.set_step(sigma=sigma, fraction=fraction)
        self.separation.set_step(sigma=sigma, fraction=fraction)

    def places(self) -> list[int]:
        """Where all that a step reads beside weights and inputs lies."""
        buffers = (*self.control.buffers, *self.separation.buffers)
        return sorted(each.data_ptr() for each in buffers if each.numel())


@pytest.mark.parametrize(
    ("masked", "law"),
    [(False, "default"), (True, "default"), (True, "densediffusion")],
    ids=["materialised", "as a mask", "densediffusion"],
)
def test_twenty_prompts_masks_strengths_seeds_and_noise_levels_are_one_graph(masked, law, monkeypatch):
    """So are areas that are kept apart and such that are not, and a law's gain that is 0 in the last steps."""
    monkeypatch.setattr(control, "prefers_mask", lambda device: masked)
    base = small_unet()
    ours, theirs = Way(twin(base), steady=True, law=law), Way(twin(base), law=law)
    # As Inductor has it, but for the kernels: what is written in place is made a function of.
    step = torch.compile(ours.unet, backend="aot_eager", fullgraph=True)
    timestep, places = torch.zeros(()), []
    levels = np.geomspace(14.6, 0.05, 20)
    with torch.no_grad(), dynamo.config.patch(error_on_recompile=True):
        for seed, sigma in enumerate(levels):
            generator = torch.Generator().manual_seed(seed)
            context = torch.randn(2, TOKENS, 32, generator=generator)
            latents = torch.randn(2, 4, SIDE, SIDE, generator=generator)
            timestep.fill_(999.0 - 49 * seed)
            outs = []
            for way, call in ((ours, step), (theirs, theirs.unet)):
                count, amount = 1 + seed % 8, 0.5 * (seed % 3)
                way.begin(context, seed, count, 0.5 + 0.1 * seed, 0.5 + 0.05 * seed, amount)
                for each in (float(sigma), float(sigma) / 2):
                    way.set_step(each, fraction=(seed + 0.5) / 20 if law != "default" else 0.5)
                    out = call(latents, timestep, context, return_dict=False)[0]
                    way.recorder.count()
                outs.append((out, way.recorder.heatmaps()))
            (found, compiled), (expected, plain) = outs
            assert (found - expected).abs().max() < 1e-5
            for level, maps in compiled.levels.items():
                torch.testing.assert_close(maps, plain.levels[level], rtol=1e-4, atol=1e-6)
            places.append(ours.places())
    assert counters["stats"]["unique_graphs"] == 1 and not counters["graph_break"]
    assert all(each == places[0] for each in places), "so that a recorded graph may be replayed"
