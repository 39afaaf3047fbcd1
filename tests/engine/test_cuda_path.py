"""The CUDA path without CUDA: nothing mixes devices, a step waits for nothing, memory and overflow are dealt with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import ExpertChoice, GenerateRequest, Library, generate
from engine.errors import DeviceOutOfMemory, NotFinite
from engine.experts import prefetch
from engine.models import memory_ways
from engine.models.families.sd import StableDiffusion
from engine.protocol import Failed, Fidelity, Finished, ImageReady, Loading, PaintedWord, Preview, Step, StyleReference
from engine.weights import loading
from engine.weights.run_memory import decode_bytes, gradient_bytes, step_bytes
from engine.weights.tiers import WHOLE
from tests.engine.conftest import slow_clock
from tests.fake_cuda import DeviceMixed, Watch, pretend
from tests.tiny import save_tiny, save_tiny_ensemble
from tests.tiny_conditions import add_conditions

PROMPT = "a house by a lake and a sky"
SPANS = ((2, 7), (13, 17), (24, 27), (8, 10))


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    """Three experts (deltas, base, a whole UNet), T5 and an image encoder."""
    return add_conditions(save_tiny_ensemble(tmp_path_factory.mktemp("cuda") / "whole"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    """One denoiser and an autoencoder of Stable Diffusion's own kind."""
    return save_tiny(tmp_path_factory.mktemp("cuda") / "plain", kl=True)


def masks(count: int, side: int) -> list[np.ndarray]:
    y, x = np.mgrid[0:side, 0:side] / side
    centres = np.random.default_rng(0).uniform(0.2, 0.8, (count, 2))
    return [(np.clip((0.25 - np.hypot(y - cy, x - cx)) * 20 + 0.5, 0, 1) * 255).astype(np.uint8) for cy, cx in centres]


def words(side: int) -> tuple[PaintedWord, ...]:
    mask = masks(3, side)
    return (
        PaintedWord(span=SPANS[0], mask=mask[0]),
        PaintedWord(span=SPANS[1], mask=mask[1], strength=1.5),
        PaintedWord(span=SPANS[2], mask=mask[2], strength=-0.5),
    )


def request(model: Path, *, side: int = 64, **fields) -> GenerateRequest:
    values = {"id": "1", "prompt": PROMPT, "width": side, "height": side, "steps": 4, "seed": 3, "guidance": 4.0}
    values |= {"model": str(model), "device": "cuda", "words": words(side), "obedience": True, "watched": SPANS}
    values |= {"paint_weight": 1.0, "fidelity": Fidelity(containment=0.5, separation=0.5, gradient_steps=2)}
    return GenerateRequest.of(**{**values, **fields})


def everything(side: int = 64) -> dict:
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (64, 64, 3), dtype=np.uint8)
    styles = (
        StyleReference(rgb=picture, semantic=0.3, mask=masks(1, side)[0]),
        StyleReference(rgb=picture, strength=0.5),
    )
    return {"styles": styles, "count": 4, "batch": 2}


def run(asked: GenerateRequest, watch: Watch, monkeypatch, *, library: Library | None = None) -> list:
    in_thread = prefetch.in_thread
    start = lambda job: in_thread(lambda: watch.run(job))  # noqa: E731
    monkeypatch.setitem(prefetch.Prefetcher.__init__.__kwdefaults__, "start", start)
    return list(generate(asked, library=library or Library(), clock=slow_clock()))


def pictures(events: list) -> np.ndarray:
    assert isinstance(events[-1], Finished), events[-1].error.details
    return np.stack([event.rgb for event in events if isinstance(event, ImageReady)])


def test_the_pretended_device_refuses_what_cuda_refuses():
    with pretend() as watch:
        here, there = torch.ones(3), torch.ones(3, device="cuda")
        assert there.device.type == "cuda" and (there + 1).device == there.device and there[:1].is_cuda
        with pytest.raises(DeviceMixed):
            here + there
        with pytest.raises(TypeError):
            there.numpy()
        assert float(there.sum()) == 3 and watch.total() == 1
        torch.empty(3, pin_memory=True).copy_(there, non_blocking=True)
        assert watch.total() == 1, "that copy is queued"
        torch.empty(3).copy_(there, non_blocking=True)
        assert watch.total() == 2, "without page-locked memory it is not"


@pytest.mark.parametrize("law", ["default", "densediffusion", "hard", "couple", "multidiffusion"])
def test_every_kind_of_law(plain, monkeypatch, law):
    with pretend() as watch:
        pictures(run(request(plain, law=law, steps=2), watch, monkeypatch))
    assert not watch.faults


def test_heatmaps_and_obedience_of_the_device_are_the_cpus(plain, monkeypatch):
    """There they are gathered by word, in the fused attention."""
    with pretend() as watch:
        found = run(request(plain, paint_weight=0.5), watch, monkeypatch)
    expected = run(request(plain, paint_weight=0.5, device="cpu"), watch, monkeypatch)
    ours, theirs = (next(event for event in each if isinstance(event, ImageReady)) for each in (found, expected))
    np.testing.assert_allclose(ours.heatmaps, theirs.heatmaps, atol=0.003)
    np.testing.assert_allclose(ours.obedience, theirs.obedience, atol=0.003)
    assert not watch.faults


@pytest.mark.parametrize("sampler", ["euler_a", "dpmpp_2m_karras"])
def test_all_conditions_at_once_and_the_picture_is_the_cpus(model, monkeypatch, sampler):
    fields = {**everything(), "sampler": sampler}
    with pretend() as watch:
        made = pictures(run(request(model, **fields), watch, monkeypatch))
    assert not watch.faults
    expected = pictures(run(request(model, **fields, device="cpu"), watch, monkeypatch))
    assert np.abs(made.astype(int) - expected).mean() < 3, "float16 against float32"


def test_experts_that_do_not_fit_together_take_turns_and_change_nothing(model, monkeypatch):
    found = []
    for free in (8 << 30, (1 << 30) + 700_000):
        with pretend(free=free) as watch:
            found.append((pictures(run(request(model), watch, monkeypatch)), watch))
        assert not watch.faults
    (roomy, first), (tight, second) = found
    swaps = [any("offload" in place for _, place in watch.waits) for watch in (first, second)]
    assert swaps == [False, True] and np.array_equal(roomy, tight)


def waits_by_step(model: Path, monkeypatch, **fields) -> tuple[list[int], list]:
    """How often the host waited from each step's event to the next one's."""
    counts, events = [], []
    with pretend() as watch:
        monkeypatch.setattr(prefetch.Prefetcher.__init__, "__kwdefaults__", prefetch.Prefetcher.__init__.__kwdefaults__)
        before = 0
        for event in generate(request(model, **fields), library=Library(), clock=slow_clock()):
            events.append(event)
            if isinstance(event, Step):
                counts.append(watch.total() - before)
                before = watch.total()
    assert isinstance(events[-1], Finished), events[-1].error.details
    return counts, events


def test_no_step_waits_for_the_device_with_previews_heatmaps_and_gradients(plain, monkeypatch):
    fidelity = Fidelity(containment=0.5, separation=0.5, gradient_steps=6)
    counts, events = waits_by_step(plain, monkeypatch, steps=8, fidelity=fidelity)
    shown = [event for event in events if isinstance(event, Preview)]
    assert len(shown) == 8 and all(event.heatmaps is not None for event in shown)
    # The first step's count is what loading and beginning cost; the second may still make what the run keeps.
    assert counts[2:] == [0] * 6


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_a_shown_preview_costs_at_most_one_blocking_copy(plain, monkeypatch, dtype):
    picked = loading.pick_dtype
    monkeypatch.setattr(
        loading, "pick_dtype", lambda device, *rest: dtype if device.type == "cuda" else picked(device, *rest)
    )
    blocking = ("to the CPU", "copy_ across", "read a number", "tolist")
    costs, formats, library = [], set(), Library()
    with pretend() as watch:
        before = 0
        for event in generate(request(plain, steps=6), library=library, clock=slow_clock()):
            if isinstance(event, Preview):
                copies = sum(count for (kind, _), count in watch.waits.items() if kind in blocking)
                costs.append(copies - before)
                before = copies
                formats.add(library.held(plain, "cuda").dtype)
    assert isinstance(event, Finished), event.error.details
    # The first is shown after all that loading and beginning cost, the second after what a run makes once.
    assert formats == {dtype} and len(costs) == 6 and max(costs[2:]) <= 1
    assert not watch.faults


def test_what_a_step_took_is_measured_by_the_device(plain, monkeypatch):
    _, events = waits_by_step(plain, monkeypatch)
    assert all(event.step_ms > 0 for event in events if isinstance(event, Step))


# --- memory -------------------------------------------------------------------------------------------------------


def test_too_little_memory_is_told_before_the_first_step_and_gradients_are_named(plain, monkeypatch):
    """A step counts in the leanest way there is, one half of guidance at a time, a gradient step with blocks computed
    again. Only some ways have gradients, so that picture is larger than the one its way was chosen for."""
    config = json.loads((plain / "unet" / "config.json").read_text())
    least = step_bytes(config, (32, 32), rows=1, itemsize=2)
    both = step_bytes(config, (80, 80), rows=2, itemsize=2)
    both += gradient_bytes(config, (80, 80), samples=1, itemsize=2, checkpointed=True)
    for side, free, said in ((256, least - 1, "step"), (640, both - 1, "gradient")):
        with pretend(free=free) as watch:
            events = run(request(plain, side=side, steps=2), watch, monkeypatch)
        assert isinstance(events[-1], Failed), (said, events[-1])
        error = events[-1].error
        assert type(error) is DeviceOutOfMemory and said in str(error)
        assert not any(isinstance(event, Step) for event in events)
        assert ("gradient steps" in error.hint) == (said == "gradient") and "MiB" in error.details


def test_a_gradient_that_would_not_fit_is_taken_with_blocks_computed_again_and_is_the_same(plain, monkeypatch):
    monkeypatch.setattr(memory_ways, "way_for", lambda *_, **__: WHOLE)
    config, found, library = json.loads((plain / "unet" / "config.json").read_text()), [], Library()
    step = step_bytes(config, (16, 16), rows=2, itemsize=2)
    with pretend() as watch:
        for short in (False, True):
            kept = gradient_bytes(config, (16, 16), samples=1, itemsize=2) - short
            monkeypatch.setattr(loading, "available_memory", lambda _, free=step + kept: free)
            found.append(pictures(run(request(plain, side=128, steps=2), watch, monkeypatch, library=library)))
            assert library.held(plain, "cuda").checkpoints is short
    assert not watch.faults and np.array_equal(*found)


def test_a_run_that_would_not_fit_guided_goes_on_leaner(plain, monkeypatch):
    """The bytes of one half of guidance are enough: the halves follow one another, and gradient steps are left out."""
    config = json.loads((plain / "unet" / "config.json").read_text())
    steered = []
    monkeypatch.setattr("engine.models.families.layout_energy.descend", lambda *_, **__: steered.append(1))
    library = Library()
    with pretend(free=step_bytes(config, (32, 32), rows=1, itemsize=2)) as watch:
        events = run(request(plain, side=256, steps=2), watch, monkeypatch, library=library)
        way = library.held(plain, "cuda").way
    assert pictures(events).shape == (1, 256, 256, 3) and events[-1].device == "cuda:0" and not watch.faults
    assert way.sequential and not way.trains and not steered
    assert any(isinstance(event, Loading) and "so that it fits" in event.what for event in events)


def decoded(calls: list[int]) -> Callable:
    """An operation that takes note of the largest picture that is decoded at once."""

    def on_op(func, args, kwargs):
        out = func(*args, **kwargs)
        if "conv" in str(func) and out.shape[1] == 3:
            calls.append(out.shape[-1])
        return out

    return on_op


def test_a_picture_that_would_not_fit_whole_is_decoded_in_tiles(plain, monkeypatch):
    """The rest goes the same way, so that the latents are the same: what differs is the tiles' own norms and attention
    (`test_autoencoder.py` holds that to diffusers' own tiles)."""
    side, calm = 768, {"words": (), "watched": (), "steps": 1}
    monkeypatch.setattr(memory_ways, "way_for", lambda *_, **__: WHOLE)
    with pretend() as watch:
        library = Library()
        whole = pictures(run(request(plain, side=side, **calm), watch, monkeypatch, library=library))
        vae = library.load(str(plain), "cuda").vae
        enough = decode_bytes(vae.config, 512, 512, 2)
    calls: list[int] = []
    monkeypatch.setattr(StableDiffusion, "_step_bytes", lambda *_, **__: (0, 0))
    with pretend(free=enough + 1000, on_op=decoded(calls)) as watch:
        events = run(request(plain, side=side, **calm), watch, monkeypatch)
    tiled = pictures(events)
    assert max(calls) == 512 and not watch.faults
    assert 0 < np.abs(tiled.astype(int) - whole).mean() < 1


def test_running_out_in_decoding_loses_neither_latents_nor_models(plain, monkeypatch):
    side, calm = 768, {"words": (), "watched": (), "steps": 2}
    failures: list[int] = []

    def on_op(func, args, kwargs):
        out = func(*args, **kwargs)
        if "conv" in str(func) and out.shape[-1] >= limit:
            failures.append(out.shape[-1])
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 3.75 GiB")
        return out

    limit = 600
    with pretend(on_op=on_op) as watch:
        library = Library()
        events = run(request(plain, side=side, **calm), watch, monkeypatch, library=library)
        assert pictures(events).shape == (1, side, side, 3) and failures
        assert sum(isinstance(event, Step) for event in events) == 2, "no step was made twice"
        limit = 200
        failed = run(request(plain, side=side, **calm), watch, monkeypatch, library=library)[-1]
        assert type(failed.error) is DeviceOutOfMemory and "decoding" in str(failed.error)
        assert library.held(plain, "cuda") is not None, "the models stay"


# --- numbers that are not finite ----------------------------------------------------------------------------------


def overflowing(monkeypatch, *, until: torch.dtype, from_call: int) -> list[torch.dtype]:
    """Lets the UNet's output overflow, from that call on, in number formats narrower than `until`."""
    calls: list[torch.dtype] = []
    original = StableDiffusion._take

    def take(self, unet):
        original(self, unet)
        forward = unet.forward

        def overflow(sample, *args, **kwargs):
            calls.append(sample.dtype)
            (out,) = forward(sample, *args, **kwargs)
            narrow = sample.dtype == torch.float16 or until == torch.float32 != sample.dtype
            return (out * torch.inf,) if narrow and len(calls) >= from_call else (out,)

        unet.forward = overflow

    monkeypatch.setattr(StableDiffusion, "_take", take)
    return calls


@pytest.mark.parametrize("until", [torch.bfloat16, torch.float32])
def test_a_denoiser_that_overflows_goes_on_in_a_wider_format_from_the_last_good_step(plain, monkeypatch, until):
    fields = {"steps": 5, "fidelity": 0.0, "sampler": "euler_a"}
    with pretend() as watch:
        smooth = run(request(plain, **fields), watch, monkeypatch)
    calls = overflowing(monkeypatch, until=until, from_call=3)
    with pretend() as watch:
        events = run(request(plain, **fields), watch, monkeypatch)
    assert not watch.faults and calls[0] == torch.float16 and calls[-1] == until
    said = [event.what for event in events if isinstance(event, Loading) and "denoiser in" in event.what]
    assert said[-1] == f"denoiser in {str(until).removeprefix('torch.')}"
    assert [event.index for event in events if isinstance(event, Step)] == [1, 2, 3, 4, 5]
    expected = pictures(smooth)
    assert np.abs(pictures(events).astype(int) - expected).mean() < 3, "the same noise, and the picture that was meant"
    mended, plainly = (next(e for e in found if isinstance(e, ImageReady)) for found in (events, smooth))
    np.testing.assert_allclose(mended.heatmaps, plainly.heatmaps, atol=0.02)
    np.testing.assert_allclose(mended.obedience, plainly.obedience, atol=0.05)


def test_an_autoencoder_that_overflows_goes_on_in_float32(plain, monkeypatch):
    library = Library()
    with pretend() as watch:
        family = library.load(str(plain), "cuda")
        decode, formats = family.vae.decode, []

        def overflow(latents, **kwargs):
            formats.append(latents.dtype)
            (out,) = decode(latents, **kwargs)
            return (out * torch.nan if latents.dtype == torch.float16 else out,)

        family.vae.decode = overflow
        pictures(run(request(plain, steps=2), watch, monkeypatch, library=library))
        assert formats == [torch.float16, torch.float32] and not watch.faults
        run(request(plain, steps=2), watch, monkeypatch, library=library)
        assert formats[2:] == [torch.float32], "it stays so"


def test_a_guidance_that_no_format_can_hold_fails_in_words(plain, monkeypatch):
    overflowing(monkeypatch, until=torch.float64, from_call=1)
    monkeypatch.setattr("engine.weights.precision.wider", lambda dtype, device: None)
    with pretend() as watch:
        failed = run(request(plain, experts=(ExpertChoice(name="base"),)), watch, monkeypatch)[-1]
    assert type(failed.error) is NotFinite and "denoiser" in str(failed.error) and failed.error.hint
