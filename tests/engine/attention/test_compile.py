"""A painted step is one graph for torch.compile, and stays it whatever changes from step to step and run to run."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
import torch._dynamo as dynamo
from torch._dynamo.utils import counters

from engine.attention.control import install
from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.masks import Paint
from engine.bench.speed import discs, twin
from tests.tiny import tiny_unet

SIDE, TOKENS = 16, 77


@pytest.fixture(autouse=True)
def nothing_compiled():
    dynamo.reset()
    counters.clear()
    yield
    dynamo.reset()


def paint(control, count: int, *, strength: float, seed: int) -> Paint:
    words = [
        dataclasses.replace(
            word, strength=strength * (-1) ** index, mask=np.roll(word.mask, seed * 13, 1), revision=None
        )
        for index, word in enumerate(discs(count, SIDE * 8))
    ]
    positions = [(1 + index,) for index in range(count)]
    return Paint(words, positions, latent_size=(SIDE, SIDE), levels=control.levels, tokens=TOKENS, containment=0.5)


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_prompt_masks_strengths_and_noise_level_never_compile_anew(backend):
    base = tiny_unet().eval().requires_grad_(False)
    ours, theirs = twin(base), twin(base)
    control, reference = install(ours), install(theirs)
    step = torch.compile(ours, backend=backend, fullgraph=True)
    latents, timestep = torch.randn(2, 4, SIDE, SIDE, generator=torch.Generator().manual_seed(0)), torch.tensor(601.0)
    with torch.no_grad():
        for seed, count, strength in ((0, 3, 1.0), (1, 8, 0.5), (2, 1, 2.0)):
            context = torch.randn(2, TOKENS, 32, generator=torch.Generator().manual_seed(seed))
            recorders = []
            for each in (control, reference):
                words = paint(each, count, strength=strength, seed=seed)
                recorders.append(
                    HeatmapRecorder(
                        words.positions,
                        words.sizes,
                        layers=each.layers,
                        samples=1,
                        tokens=TOKENS,
                        device=torch.device("cpu"),
                    )
                )
                each.begin(context=context, conditional_rows=(1,), paint=words, paint_weight=1.0, tap=recorders[-1])
            for sigma in (14.6, 1.6, 0.3):
                control.set_step(sigma=sigma)
                reference.set_step(sigma=sigma)
                found = step(latents, timestep, context, return_dict=False)[0]
                expected = theirs(latents, timestep, context, return_dict=False)[0]
                assert (found - expected).abs().max() < 1e-5
                for recorder in recorders:
                    recorder.count()
            compiled, plain = (recorder.heatmaps() for recorder in recorders)
            for level, maps in compiled.levels.items():
                torch.testing.assert_close(maps, plain.levels[level], rtol=1e-4, atol=1e-6)
    assert counters["stats"]["unique_graphs"] == 1 and not counters["graph_break"]
