"""A run that begins from a picture, or makes a part of it anew: noise levels, closeness, what stays to the bit."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, StableDiffusionImg2ImgPipeline

from engine import GenerateRequest, Library, generate
from engine.protocol import Failed, Fidelity, Finished, ImageReady, PaintedWord, Preview, StartPicture, Step
from engine.reworking import session
from engine.reworking.work_area import WorkArea
from engine.sampling.loop import WalkStep
from engine.sampling.schedule import NoiseSchedule
from engine.world.scenes import HELD_OUT, Render, render_scene
from tests.engine.conftest import slow_clock
from tests.tiny import save_tiny

NOISE = NoiseSchedule({"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012})
RGB = np.kron(np.random.default_rng(3).integers(0, 256, (8, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
MASK = np.zeros((64, 64), np.uint8)
MASK[8:40, 24:56] = 255


def pictures(events) -> list[np.ndarray]:
    assert isinstance(events[-1], Finished), getattr(events[-1], "error", events[-1])
    return [event.rgb for event in events if isinstance(event, ImageReady)]


def far(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other).mean())


# --- noise levels -----------------------------------------------------------------------------------------------------


def test_a_share_of_a_walk_is_its_end():
    walk = NOISE.walk("euler", 8)
    half = NOISE.later(walk, 0.5)
    assert half.sigmas == walk.sigmas[4:] and half.timesteps == walk.timesteps[4:] and half.skipped == 4
    assert NOISE.later(walk, 1.0) == walk


@pytest.mark.parametrize("sampler", ["euler", "ddim", "dpmpp_2m", "dpmpp_2m_karras"])
def test_a_walk_that_begins_within_a_step_lies_between_the_two(sampler):
    walk = NOISE.walk(sampler, 8)
    begins = [NOISE.later(walk, share) for share in np.linspace(0.01, 1, 60)]
    sigmas = [found.sigmas[0] for found in begins]
    assert sigmas == sorted(sigmas) and sigmas[-1] == walk.sigmas[0] and sigmas[0] < walk.sigmas[-2] / 5
    assert len(set(sigmas)) == 60, "each strength is another one"
    for found in begins:
        assert len(found.sigmas) == len(found.timesteps) + 1 and found.sigmas[-1] == walk.sigmas[-1]
        assert found.timesteps[0] == pytest.approx(NOISE.timestep(found.sigmas[0]), abs=1.0)
    assert NOISE.later(walk, 0.0).sigmas[0] > 0


def test_models_of_few_levels_begin_at_one_of_them():
    noise = NoiseSchedule({"_class_name": "LCMScheduler", "beta_schedule": "scaled_linear"})
    walk = noise.walk("lcm", 4)
    for share in (0.0, 0.3, 0.6, 1.0):
        assert set(noise.later(walk, share).sigmas) <= set(walk.sigmas)


def test_steps_keep_their_place_in_the_schedule():
    walk = NOISE.later(NOISE.walk("euler", 8), 0.7)
    steps = [WalkStep(index, 6, 1.0, 0.5, walk.skipped) for index in range(6)]
    assert walk.skipped == pytest.approx(2.4)
    assert [step.fraction for step in steps] == pytest.approx([2.7 / 8, 3.5 / 8, 4.5 / 8, 5.5 / 8, 6.5 / 8, 7.5 / 8])
    assert [step.done for step in steps] == pytest.approx([0, 0.6 / 5.6, 1.6 / 5.6, 2.6 / 5.6, 3.6 / 5.6, 4.6 / 5.6])
    assert WalkStep(3, 8, 1.0, 0.5).fraction == 3.5 / 8 and WalkStep(3, 8, 1.0, 0.5).done == 3 / 8


# --- from a picture ---------------------------------------------------------------------------------------------------


def test_it_is_stock_diffusers_image_to_image(tmp_path):
    folder = save_tiny(tmp_path / "stock", kl=True, seed=3)
    library = Library(tmp_path)
    family = library.load(str(folder), "cpu")
    seen, decode = [], family.decode
    family.decode = lambda value: seen.append(value.clone()) or decode(value)
    asked = GenerateRequest.of(
        id="1", prompt="a lake", model=str(folder), device="cpu", width=64, height=64, steps=8, guidance=4.0, seed=11,
        sampler="ddim", start=StartPicture(rgb=RGB, strength=0.75),
    )  # fmt: skip
    assert isinstance(list(generate(asked, library=library))[-1], Finished)
    pipeline = StableDiffusionImg2ImgPipeline.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config, clip_sample=False)
    wanted = pipeline(
        "a lake", image=family.encode_picture(RGB), strength=0.75, num_inference_steps=8, guidance_scale=4.0,
        generator=torch.Generator().manual_seed(11), output_type="latent",
    ).images  # fmt: skip
    assert (seen[0] - wanted).abs().max() < 1e-4


def test_strength_1_is_the_picture_from_noise_and_0_the_picture_itself(run):
    (plain,) = pictures(run())
    assert np.array_equal(pictures(run(start=StartPicture(rgb=RGB, strength=1.0)))[0], plain)
    word = PaintedWord(span=(2, 6), mask=MASK)
    events = run(start=StartPicture(rgb=RGB, strength=0.0), words=(word,), obedience=True)
    assert np.array_equal(pictures(events)[0], RGB) and not [event for event in events if isinstance(event, Step)]
    assert events[-1].images[0].obedience == (None,)


def test_more_strength_makes_more_of_it_anew_in_more_steps(run):
    before = None
    for strength in (0.9, 0.5, 0.1):
        events = run(start=StartPicture(rgb=RGB, strength=strength), steps=5, sampler="euler")
        steps = [event for event in events if isinstance(event, Step)]
        assert len(steps) == steps[-1].total == {0.9: 5, 0.5: 3, 0.1: 1}[strength]
        assert before is None or steps[0].sigma < before
        before = steps[0].sigma


@pytest.mark.parametrize("mask", [None, MASK])
def test_a_batch_is_as_single_pictures(run, mask):
    start = StartPicture(rgb=RGB, strength=0.6, mask=mask)
    together = pictures(run(start=start, count=2, batch=2, seed=4, sampler="euler_a"))
    alone = [pictures(run(start=start, seed=seed, sampler="euler_a"))[0] for seed in (4, 5)]
    for one, other in zip(together, alone, strict=True):
        assert np.abs(one.astype(int) - other).max() <= 1
    assert not np.array_equal(*together)


# --- repaint ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strength", [0.5, 1.0])
@pytest.mark.parametrize("context", [None, 4])
def test_outside_the_mask_every_bit_stays(run, strength, context):
    events = run(start=StartPicture(rgb=RGB, strength=strength, mask=MASK, context=context))
    (made,) = pictures(events)
    assert made.shape == RGB.shape
    assert np.array_equal(made[MASK == 0], RGB[MASK == 0])
    assert far(made[MASK > 0], RGB[MASK > 0]) > 5
    assert all(event.rgb.shape[0] == event.rgb.shape[1] for event in events if isinstance(event, Preview))


def test_the_latents_outside_are_the_noised_original_at_each_step(ask, library):
    family = library.load(ask().model, "cpu")
    seen, denoise = [], family.denoise

    def watching(x, sigma, **rest):
        seen.append((x.clone(), sigma))
        return denoise(x, sigma, **rest)

    family.denoise = watching
    grey = MASK // 2
    try:
        list(generate(ask(start=StartPicture(rgb=RGB, mask=grey, strength=1.0), steps=4, seed=2), library=library))
    finally:
        del family.denoise
    original = family.encode_picture(RGB)
    noise = torch.randn(seen[0][0].shape[1:], generator=torch.Generator().manual_seed(2))
    inside = torch.zeros(original.shape[2:], dtype=torch.bool)
    factor = 64 // original.shape[2]
    inside[8 // factor : 40 // factor, 24 // factor : 56 // factor] = True
    for index, (x, sigma) in enumerate(seen):
        held = torch.isclose(x[0], original[0] + sigma * noise, atol=1e-4 * sigma).all(dim=0)
        assert held[~inside].all(), "outside"
        # Half grey is free for the last half of the run.
        assert held[inside].all() == (index < 3), "inside: the third step is the first that is not put back"


def test_paint_goes_along_to_the_area_that_is_worked_on(ask, library, monkeypatch):
    from engine.experts.ensemble import Ensemble

    briefs, make = [], Ensemble._make_config
    monkeypatch.setattr(Ensemble, "_make_config", lambda self, family: briefs.append(make(self, family)) or briefs[-1])
    area = WorkArea((48, 48, 112, 112), (64, 64))
    monkeypatch.setattr(session, "area_around", lambda mask, context, facts: area)
    mask = np.zeros((128, 128), np.uint8)
    mask[64:96, 64:96] = 255
    word = PaintedWord(span=(2, 6), mask=mask, revision=1)
    rgb = np.kron(RGB, np.ones((2, 2, 1), np.uint8))
    start = StartPicture(rgb=rgb, mask=mask, context=16, strength=1.0)
    asked = ask(width=128, height=128, start=start, words=(word,), obedience=True, watched=((2, 6),))
    (image,) = [
        event for event in generate(asked, library=library, clock=slow_clock()) if isinstance(event, ImageReady)
    ]
    (brief,) = briefs
    (inner,) = brief.words
    assert brief.size == (64, 64) and inner.mask.shape == (64, 64) and inner.revision != 1
    assert inner.mask[16:48, 16:48].all() and not inner.mask[:16].any() and not inner.mask[:, 48:].any()
    assert image.rgb.shape == (128, 128, 3) and len(image.obedience) == 1
    heat = image.heatmaps[0]
    scale = heat.shape[0] / 128
    place = slice(round(48 * scale), round(112 * scale))
    assert heat[place, place].any() and heat[: place.start].sum() == heat[place.stop :].sum() == 0


def test_a_picture_of_the_wrong_size_fails_with_its_message(run):
    (event,) = run(start=StartPicture(rgb=RGB[:32]))
    assert isinstance(event, Failed) and "64x32" in event.error.message


def test_experts_of_noise_that_is_left_out_do_not_work(tiny_ensemble_folder, library):
    def experts(**fields) -> list[str]:
        asked = GenerateRequest.of(
            id="1",
            prompt="a lake",
            model=str(tiny_ensemble_folder),
            device="cpu",
            width=64,
            height=64,
            steps=6,
            **fields,
        )
        events = list(generate(asked, library=library))
        assert isinstance(events[-1], Finished), events[-1]
        return list(dict.fromkeys(event.expert for event in events if isinstance(event, Step)))

    whole = experts()
    assert len(whole) > 1 and experts(start=StartPicture(rgb=RGB, strength=0.1)) == whole[-1:]


@pytest.fixture(scope="module")
def scene() -> Render:
    return render_scene(HELD_OUT + 7)


def test_the_starter_stays_near_a_picture_at_low_strength_and_keeps_all_outside_a_mask(scene, library):
    def made(**fields) -> np.ndarray:
        size = {"width": 256, "height": 256}
        asked = GenerateRequest.of(
            id="1", prompt=scene.caption, device="cpu", steps=3, experts=(), seed=1, **size, **fields
        )
        return pictures(list(generate(asked, library=library)))[0]

    low, high = (far(made(start=StartPicture(rgb=scene.rgb, strength=each)), scene.rgb) for each in (0.3, 1.0))
    assert low < 20 < high
    mask = np.zeros((256, 256), np.uint8)
    mask[96:176, 64:160] = 255
    new = made(start=StartPicture(rgb=scene.rgb, strength=1.0, mask=mask, context=32))
    assert np.array_equal(new[mask == 0], scene.rgb[mask == 0]) and far(new[mask > 0], scene.rgb[mask > 0]) > 10


def test_a_request_from_noise_runs_through_none_of_this(run, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("engine.reworking.")]:
        monkeypatch.setitem(sys.modules, name, None)  # an import of it now fails
    assert pictures(run(obedience=True))
    (event,) = run(start=StartPicture(rgb=RGB))
    assert isinstance(event, Failed), "the test would notice"


def test_gradient_steps_go_along_and_only_where_the_schedule_has_them(run):
    word = PaintedWord(span=(2, 6), mask=MASK)
    fields = {"words": (word,), "fidelity": Fidelity(gradient_steps=2), "steps": 4}
    plain = fields | {"fidelity": 0.0}
    for strength, act in ((1.0, True), (0.4, False)):
        start = StartPicture(rgb=RGB, strength=strength, mask=MASK)
        made, without = (pictures(run(start=start, **each))[0] for each in (fields, plain))
        assert np.array_equal(made[MASK == 0], RGB[MASK == 0])
        assert np.array_equal(made, without) != act
