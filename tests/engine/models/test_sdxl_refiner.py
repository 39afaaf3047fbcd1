"""SDXL and its refiner share the noise levels as diffusers' own two pipelines do, one after the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import ExpertChoice, GenerateRequest, Library, generate
from engine.protocol import Failed, Finished, Step
from tests.tiny import save_tiny
from tests.tiny_sdxl import tiny_refiner, tiny_sdxl

STEPS, SHARE = 8, 0.6


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A folder with a tiny SDXL, its refiner, and a model of another kind."""
    folder = tmp_path_factory.mktemp("library")
    base, refiner = tiny_sdxl(), tiny_refiner()
    base.save_pretrained(folder / "xl", safe_serialization=True)
    refiner.save_pretrained(folder / "refiner", safe_serialization=True)
    save_tiny(folder / "sd")
    return folder, base, refiner


@pytest.mark.parametrize("guidance", [1.0, 5.0])
def test_base_and_refiner_make_what_stock_diffusers_makes(models, guidance):
    folder, base, refiner = models
    call = {
        "prompt": "a lake and sky",
        "negative_prompt": "sky",
        "num_inference_steps": STEPS,
        "guidance_scale": guidance,
    }
    latents = base(
        **call,
        width=72,
        height=40,
        denoising_end=SHARE,
        output_type="latent",
        generator=torch.Generator().manual_seed(3),
    ).images
    expected = refiner(**call, image=latents, denoising_start=SHARE, output_type="np").images[0]

    library = Library(folder)
    fields = {"prompt": call["prompt"], "negative": "sky", "width": 72, "height": 40, "steps": STEPS, "seed": 3}
    fields |= {"guidance": guidance, "sampler": "euler", "model": "xl", "device": "cpu", "id": "1"}
    sigmas = [
        event.sigma for event in generate(GenerateRequest.of(**fields), library=library) if isinstance(event, Step)
    ]
    noise = library.load("xl", "cpu").noise
    cut = next(sigma for sigma in reversed(sigmas) if noise.timestep(sigma) >= 1000 * (1 - SHARE) - 1e-6)
    experts = (ExpertChoice(name="base", low=cut), ExpertChoice(name="refiner", model="refiner", high=cut))
    events = list(generate(GenerateRequest.of(experts=experts, **fields), library=library))
    assert isinstance(events[-1], Finished), events[-1]
    assert {event.expert for event in events if isinstance(event, Step)} == {"base", "refiner"}
    assert np.abs(events[-1].images[0].rgb.astype(float) - expected * 255).max() <= 1.0


def test_the_shelf_knows_it_and_latents_of_another_kind_do_not_mix(models):
    folder, _, _ = models
    library = Library(folder)
    assert {model.name: model.family for model in library.list()} == {
        "starter": "sd",
        "refiner": "sdxl_refiner",
        "sd": "sd",
        "xl": "sdxl",
    }
    experts = (ExpertChoice(name="a", low=1.0), ExpertChoice(name="b", model="sd", high=1.0))
    request = GenerateRequest.of(
        id="1", prompt="a lake", width=64, height=64, model="xl", device="cpu", experts=experts
    )
    error = list(generate(request, library=library))[-1]
    assert isinstance(error, Failed) and '"xl" and "sd"' in error.error.message
