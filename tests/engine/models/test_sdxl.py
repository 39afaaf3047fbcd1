"""SDXL against the stock pipeline: two encoders, sentence vector, size conditions, blank negative prompt."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    StableDiffusionXLPipeline,
)

from engine import GenerateRequest, PaintedWord, find_span, generate
from engine.protocol import Finished, ImageReady
from tests.tiny_sdxl import save_sdxl


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_sdxl(tmp_path_factory.mktemp("xl") / "xl")


@pytest.mark.parametrize("negative", [None, "sky"])
@pytest.mark.parametrize("sampler", ["euler", "dpmpp_2m"])
def test_without_paint_it_is_stock_diffusers(folder, library, negative, sampler):
    pipeline = StableDiffusionXLPipeline.from_pretrained(folder, local_files_only=True, add_watermarker=False)
    pipeline.set_progress_bar_config(disable=True)
    kind = {"euler": EulerDiscreteScheduler, "dpmpp_2m": DPMSolverMultistepScheduler}[sampler]
    pipeline.scheduler = kind.from_config(pipeline.scheduler.config)
    expected = pipeline(
        prompt="a lake and sky",
        negative_prompt=negative,
        width=72,
        height=40,
        num_inference_steps=5,
        guidance_scale=5.0,
        generator=torch.Generator().manual_seed(3),
        output_type="np",
    ).images[0]
    request = GenerateRequest.of(
        id="1",
        prompt="a lake and sky",
        negative=negative or "",
        width=72,
        height=40,
        steps=5,
        guidance=5.0,
        seed=3,
        sampler=sampler,
        model=str(folder),
        device="cpu",
    )
    seen = []
    family = library.load(folder, "cpu")
    coder = family.coder
    original, coder.decode = coder.decode, lambda latents: seen.append(original(latents)) or seen[-1]
    try:
        events = list(generate(request, library=library))
    finally:
        coder.decode = original
    assert isinstance(events[-1], Finished)
    found = seen[-1][0].permute(1, 2, 0).numpy()
    assert np.abs(found - expected).max() < 1e-5


def test_paint_and_long_prompts_work(folder, library):
    prompt = "a lake and sky, " * 30
    mask = np.zeros((64, 64), np.uint8)
    mask[:32] = 255
    fields = {"prompt": prompt, "width": 64, "height": 64, "steps": 2, "model": str(folder), "device": "cpu"}
    word = PaintedWord(span=find_span(prompt, "lake", 30), mask=mask, revision=1)
    pictures = []
    for words in ((), (word,)):
        events = generate(GenerateRequest.of(id="1", words=words, paint_weight=5.0, **fields), library=library)
        pictures += [event.rgb for event in events if isinstance(event, ImageReady)]
    assert len(pictures) == 2 and not np.array_equal(*pictures)
