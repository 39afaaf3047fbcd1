"""A request from end to end: its events, stock diffusers' pictures without paint, and what paint changes."""

from __future__ import annotations

import json
import threading
import time

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, StableDiffusionPipeline

from engine import GenerateRequest, Library, PaintedWord, find_span, generate
from engine.protocol import (
    FINAL_EVENTS,
    Cancelled,
    Failed,
    Finished,
    ImageReady,
    Loading,
    Preview,
    Started,
    Step,
)
from engine.sampling.preview import LinearPreview
from tests.engine.conftest import slow_clock
from tests.tiny import save_tiny

PROMPT = "a lake and sky"
LONG = "a house by the lake and the sky over it, " * 12


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


def names(events):
    return [type(event).__name__ for event in events]


def painted(phrase="lake", *, size=(64, 64), prompt=PROMPT, revision=1, **fields):
    mask = np.zeros((size[1], size[0]), np.uint8)
    mask[: size[1] // 2] = 255
    return PaintedWord(span=find_span(prompt, phrase), mask=mask, revision=revision, **fields)


def latents_and_picture(library, request) -> tuple[torch.Tensor, np.ndarray]:
    """A request's final latents, read where the decoder is given them, and its first picture."""
    family = library.load(request.model, "cpu")
    seen = []
    original = family.decode
    family.decode = lambda value: seen.append(value.clone()) or original(value)
    try:
        image = of(generate(request, library=library), ImageReady)[0]
    finally:
        family.decode = original
    return torch.cat(seen), image.rgb


def latents(library, request) -> torch.Tensor:
    return latents_and_picture(library, request)[0]


@pytest.fixture(scope="module", params=["epsilon", "v_prediction"])
def folder(request, tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("stock") / request.param, prediction=request.param, kl=True, seed=3)


STOCK = {
    "ddim": (DDIMScheduler, {"clip_sample": False}),
    "dpmpp_2m": (DPMSolverMultistepScheduler, {"use_karras_sigmas": False}),
    "dpmpp_2m_karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
}


@pytest.fixture(scope="module")
def stock(folder):
    pipeline = StableDiffusionPipeline.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@pytest.mark.parametrize("sampler", STOCK)
@pytest.mark.parametrize(("guidance", "share"), [(1.0, 0.0), (7.5, 0.0), (1.0, 0.7), (7.5, 0.7), (7.5, 1.0)])
def test_without_paint_it_is_stock_diffusers(folder, stock, library, sampler, guidance, share):
    size, negative = (72, 40), "ugly"
    kind, options = STOCK[sampler]
    stock.scheduler = kind.from_config(stock.scheduler.config, **options)
    expected = stock(
        prompt=PROMPT,
        negative_prompt=negative,
        width=size[0],
        height=size[1],
        num_inference_steps=6,
        guidance_scale=guidance,
        guidance_rescale=share,
        generator=torch.Generator().manual_seed(11),
        output_type="latent",
    ).images
    with torch.no_grad():
        decoded = stock.vae.decode(expected / stock.vae.config.scaling_factor, return_dict=False)[0]
    (picture,) = stock.image_processor.postprocess(decoded, output_type="np")
    for words in ((), (painted(size=size),)):  # without paint, and with paint that weighs nothing
        request = GenerateRequest.of(
            id="1",
            prompt=PROMPT,
            negative=negative,
            width=size[0],
            height=size[1],
            steps=6,
            guidance=guidance,
            guidance_rescale=share,
            seed=11,
            sampler=sampler,
            model=str(folder),
            device="cpu",
            words=words,
            paint_weight=0.0,
        )
        found, rgb = latents_and_picture(library, request)
        assert (found - expected).abs().max() < 1e-5 * max(1.0, float(expected.abs().max()))
        assert rgb.shape == (40, 72, 3)
        assert np.abs(rgb.astype(float) - picture * 255).max() <= 1.0


def test_events_come_in_the_order_of_the_protocol(tiny_sd_folder, ask, tmp_path):
    events = list(generate(ask(count=2), library=Library(tmp_path), clock=slow_clock()))
    picture = ["Step", "Preview"] * 3 + ["ImageReady"]
    assert [name for name in names(events) if name != "Loading"] == ["Started", *picture, *picture, "Finished"]
    loading = of(events, Loading)
    assert names(events)[: len(loading)] == ["Loading"] * len(loading) and len(loading) >= 4
    assert [event.fraction for event in loading] == sorted(event.fraction for event in loading)
    assert loading[-1].fraction == 1.0
    assert {event.request_id for event in events} == {"r"}
    started, finished = of(events, Started)[0], of(events, Finished)[0]
    assert (started.model, started.device, started.guidance, started.paint_weight) == ("tiny", "cpu", 7.5, 0.4)
    assert [(event.index, event.total, event.image, event.expert) for event in of(events, Step)] == [
        (index, 3, image, "base") for image in (0, 1) for index in (1, 2, 3)
    ]
    sigmas = [event.sigma for event in of(events, Step)][:3]
    assert sigmas == sorted(sigmas, reverse=True)
    assert finished.images == tuple(of(events, ImageReady)) and finished.seconds > 0 and finished.step_ms > 0
    assert finished.images[0].rgb.shape == (64, 64, 3) and finished.images[0].rgb.dtype == np.uint8


def test_a_loaded_model_is_not_loaded_again(run):
    run()
    assert of(run(), Loading) == []


def test_the_same_request_is_bit_identical(run):
    for sampler in ("euler_a", "dpmpp_2m"):
        first, again = (of(run(seed=5, sampler=sampler, words=(painted(),)), ImageReady)[0].rgb for _ in range(2))
        assert np.array_equal(first, again)


@pytest.mark.parametrize("sampler", ["ddim", "euler_a"])
def test_picture_i_is_the_single_picture_of_seed_plus_i(run, sampler):
    words = (painted(),)
    several = of(run(seed=40, count=3, sampler=sampler, words=words), ImageReady)
    assert [(event.image, event.seed) for event in several] == [(0, 40), (1, 41), (2, 42)]
    for event in several:
        alone = of(run(seed=event.seed, sampler=sampler, words=words), ImageReady)[0]
        assert np.array_equal(alone.rgb, event.rgb)
    assert not np.array_equal(several[0].rgb, several[1].rgb)


def test_a_batch_gives_what_its_members_give_alone(ask, library):
    fields = {"seed": 7, "count": 3, "sampler": "euler_a", "words": (painted(),), "paint_weight": 2.0}
    apart = latents(library, ask(**fields))
    together = latents(library, ask(**fields, batch=2))
    torch.testing.assert_close(together, apart, rtol=1e-4, atol=1e-4)
    previews = of(generate(ask(**fields, batch=2), library=library, clock=slow_clock()), Preview)
    assert [event.image for event in previews] == [0, 1] * 3 + [2] * 3


def test_guidance_and_negative_prompt_do_something(run):
    pictures = [
        of(run(guidance=guidance, negative=negative), ImageReady)[0].rgb
        for guidance, negative in ((1.0, ""), (9.0, ""), (9.0, "sky"))
    ]
    assert not np.array_equal(pictures[0], pictures[1]) and not np.array_equal(pictures[1], pictures[2])


def test_paint_changes_the_picture_and_strength_zero_does_not(ask, library):
    bare = latents(library, ask())
    assert not torch.allclose(latents(library, ask(words=(painted(),), paint_weight=5.0)), bare, atol=1e-3)
    torch.testing.assert_close(latents(library, ask(words=(painted(strength=0.0),), paint_weight=5.0)), bare)


def test_a_window_that_never_opens_is_no_paint_and_windows_add_up(ask, library):
    weight = {"paint_weight": 5.0, "steps": 4}
    whole = latents(library, ask(words=(painted(),), **weight))
    half = latents(library, ask(words=(painted(window=(0.0, 0.5)),), **weight))
    halves = (painted(window=(0.0, 0.5)), painted(window=(0.5, 1.0), revision=2))
    assert not torch.allclose(half, whole, atol=1e-4)
    torch.testing.assert_close(latents(library, ask(words=halves, **weight)), whole)


def test_a_long_prompt_is_read_to_its_end(ask, library):
    bare = latents(library, ask(prompt=LONG))
    assert not torch.allclose(latents(library, ask(prompt=LONG + "house")), bare, atol=1e-6)
    last = (LONG.rindex("sky"), LONG.rindex("sky") + 3)
    word = PaintedWord(span=last, mask=painted().mask, revision=1)
    assert not torch.allclose(latents(library, ask(prompt=LONG, words=(word,), paint_weight=5.0)), bare, atol=1e-4)


@pytest.mark.parametrize(("prompt", "negative"), [(LONG, "ugly"), ("lake", LONG), (LONG, LONG)])
def test_both_halves_of_guidance_are_padded_alike(ask, library, prompt, negative):
    context = library.load(ask().model, "cpu").encode(prompt, negative)
    assert context.rows.shape[0] == 2 and context.rows.shape[1] % 77 == 0 and context.rows.shape[1] > 77
    assert [(first, len(text.offsets)) for first, text in context.texts] == [(0, context.rows.shape[1])]


@pytest.mark.parametrize(("width", "height"), [(64, 8), (136, 72), (8, 8), (200, 264)])
def test_any_multiple_of_the_latent_factor_can_be_made(run, width, height):
    events = run(width=width, height=height, words=(painted(size=(width, height)),), paint_weight=3.0)
    assert of(events, ImageReady)[0].rgb.shape == (height, width, 3)
    assert of(events, Preview)[0].rgb.shape == (height // 8, width // 8, 3)


def test_previews_can_be_left_out(run):
    assert of(run(previews=False), Preview) == []


def test_obedience_is_measured_when_asked(run):
    words = (painted(), painted("sky", revision=2, strength=0.0))
    assert of(run(words=words), ImageReady)[0].obedience == ()
    score, nothing = of(run(words=words, obedience=True), ImageReady)[0].obedience
    assert 0 < score < 1 and nothing is None


def test_obedience_is_evidence_and_not_the_strength_of_the_paint(run):
    scores = [
        of(run(words=(painted(),), obedience=True, paint_weight=weight), ImageReady)[0].obedience[0]
        for weight in (0.0, 1.0, 4.0)
    ]
    assert max(scores) - min(scores) < 0.1, "the model is untrained: nothing goes where it was painted"


def test_watched_words_have_heatmaps_with_every_preview_painted_or_not(run):
    spans = (find_span(PROMPT, "sky"), find_span(PROMPT, "a lake"))
    events = run(width=96, height=64, watched=spans, steps=3)
    shown, done = of(events, Preview), of(events, ImageReady)[0]
    for event in (*shown, done):
        assert event.heatmaps.shape == (2, 8, 12) and event.heatmaps.dtype == np.float32
        assert event.heatmaps.min() > 0 and event.heatmaps.max() < 1
    assert done.obedience == () and not np.array_equal(shown[0].heatmaps, done.heatmaps)
    # Two tokens draw what each of them draws alone.
    parts = run(width=96, height=64, watched=(find_span(PROMPT, "a"), find_span(PROMPT, "lake")), steps=3)
    np.testing.assert_allclose(done.heatmaps[1], of(parts, ImageReady)[0].heatmaps.sum(axis=0), atol=2e-3)


def test_heatmaps_are_of_the_words_and_leave_the_picture_alone(run):
    words = (painted(),)
    plain = of(run(words=words, paint_weight=10.0), ImageReady)[0]
    watched = of(run(words=words, paint_weight=10.0, watched=(words[0].span,), obedience=True), ImageReady)[0]
    assert plain.heatmaps is None and np.array_equal(plain.rgb, watched.rgb)
    unpainted = of(run(watched=(words[0].span,)), ImageReady)[0]
    assert np.abs(watched.heatmaps - unpainted.heatmaps).mean() < 0.25 * unpainted.heatmaps.mean()


def test_each_picture_of_a_batch_has_heatmaps_of_its_own(run):
    spans = (find_span(PROMPT, "sky"),)
    both = of(run(watched=spans, count=2, batch=2, seed=4), ImageReady)
    second = of(run(watched=spans, seed=5), ImageReady)[0]
    np.testing.assert_allclose(both[1].heatmaps, second.heatmaps, atol=1e-3)
    assert np.abs(both[0].heatmaps - both[1].heatmaps).max() > 1e-3


def test_a_watched_span_outside_the_prompt_is_told(run):
    failed = run(watched=((0, len(PROMPT) + 3),))[-1]
    assert isinstance(failed, Failed) and failed.error.hint


@pytest.mark.parametrize("after", ["Started", "Step"])
def test_cancel_takes_effect_before_the_next_denoiser_call(ask, library, after):
    cancel, events, calls = threading.Event(), [], 0
    family = library.load(ask().model, "cpu")
    original = family.unet.forward

    def counted(*args, **kwargs):
        nonlocal calls
        calls += 1
        return original(*args, **kwargs)

    family.unet.forward = counted
    try:
        for event in generate(ask(steps=20), library=library, cancel=cancel):
            events.append(event)
            if type(event).__name__ == after:
                cancel.set()
    finally:
        family.unet.forward = original
    assert calls == {"Started": 0, "Step": 1}[after]
    assert isinstance(events[-1], Cancelled)
    assert sum(isinstance(event, FINAL_EVENTS) for event in events) == 1


def test_cancel_takes_effect_inside_a_step_before_the_next_layer(ask, library):
    cancel, layers = threading.Event(), []
    family = library.load(ask().model, "cpu")
    blocks = [module for module in family.unet.modules() if type(module).__name__ in ("ResnetBlock2D", "FeedForward")]

    def seen(module, args, output):
        layers.append(module)
        if len(layers) == 3:
            cancel.set()

    handles = [block.register_forward_hook(seen) for block in blocks]
    try:
        events = list(generate(ask(steps=20), library=library, cancel=cancel))
    finally:
        for handle in handles:
            handle.remove()
    assert isinstance(events[-1], Cancelled) and of(events, Step) == []
    assert len(layers) <= 4 < len(blocks), "the rest of the step was not computed"
    assert not any(module._forward_pre_hooks for module in family.unet.modules()), "nothing is left behind"


def test_cancel_takes_effect_inside_decoding_too(ask, library):
    cancel = threading.Event()
    family = library.load(ask().model, "cpu")
    handle = family.vae.decoder.layers[0].register_forward_hook(lambda *_: cancel.set())
    try:
        events = list(generate(ask(), library=library, cancel=cancel))
    finally:
        handle.remove()
    assert isinstance(events[-1], Cancelled) and of(events, ImageReady) == []
    assert len(of(events, Step)) == 3


@pytest.mark.parametrize("law", ["default", "hard", "couple", "multidiffusion", "densediffusion"])
@pytest.mark.parametrize("dial", [0.0, 0.5, 1.0])
def test_paint_weight_0_is_off_bit_for_bit_at_any_fidelity_and_law(run, law, dial):
    words = (painted(), painted("sky", strength=-1.0))
    bare = of(run(fidelity=dial, law=law), ImageReady)[0].rgb
    spans = tuple(word.span for word in words)
    off = of(run(words=words, watched=spans, obedience=True, paint_weight=0.0, fidelity=dial, law=law), ImageReady)[0]
    assert np.array_equal(off.rgb, bare) and off.heatmaps is not None and off.obedience[0] is not None


def test_previews_come_at_most_ten_times_a_second_and_the_last_heatmaps_are_exact(ask, library):
    seconds = iter([0.0, 0.03, 0.06, 0.11, 0.15, 0.19])
    fields = {"steps": 6, "watched": (find_span(PROMPT, "sky"),)}
    events = list(generate(ask(**fields), library=library, clock=lambda: next(seconds)))
    assert [event.index for event in of(events, Preview)] == [1, 4] and len(of(events, Step)) == 6
    every = list(generate(ask(**fields), library=library, clock=slow_clock()))
    assert np.array_equal(of(events, ImageReady)[0].heatmaps, of(every, ImageReady)[0].heatmaps)


def test_step_times_count_previews(ask, library, monkeypatch):
    pixels = LinearPreview.pixels
    monkeypatch.setattr(LinearPreview, "pixels", lambda self, x0: time.sleep(0.05) or pixels(self, x0))
    events = list(generate(ask(), library=library, clock=slow_clock()))
    assert min(event.step_ms for event in of(events, Step)) >= 50


def test_cancel_is_read_before_decode(ask, library):
    cancel, events = threading.Event(), []
    for event in generate(ask(), library=library, cancel=cancel):
        events.append(event)
        if isinstance(event, Step) and event.index == event.total:
            cancel.set()
    assert of(events, ImageReady) == [] and isinstance(events[-1], Cancelled)


def test_a_run_that_is_dropped_half_way_leaves_the_model_usable(ask, library, run):
    before = of(run(), ImageReady)[0].rgb
    events = generate(ask(steps=9), library=library)
    while not isinstance(next(events), Step):
        continue
    events.close()
    assert np.array_equal(of(run(), ImageReady)[0].rgb, before)


def test_of_two_runs_at_once_the_later_is_right_and_the_earlier_fails_in_words(ask, library, run):
    earlier = generate(ask(id="earlier", seed=1), library=library)
    next(event for event in earlier if isinstance(event, Step))
    alone, later = run(prompt="a house", seed=5), generate(ask(prompt="a house", seed=5), library=library)
    next(event for event in later if isinstance(event, Step))
    rest = list(earlier)
    assert isinstance(rest[-1], Failed) and "Library" in rest[-1].error.hint
    assert np.array_equal(list(later)[-1].images[0].rgb, alone[-1].images[0].rgb)


def test_the_models_own_defaults_come_from_wordbrush_json(tmp_path, library):
    folder = save_tiny(tmp_path / "own", factor=16)
    rows = [[0.1, 0.0, 0.0]] * 4 + [[0.5, 0.25, 0.75]]

    own = {"guidance": 3.0, "paint_weight": 0.9, "size": [256, 256], "preview": rows}
    (folder / "wordbrush.json").write_text(json.dumps(own))
    facts = library.inspect(folder)
    assert (facts.multiple, facts.defaults.size, facts.defaults.steps) == (16, (256, 256), 20)
    request = GenerateRequest.of(id="1", prompt="sky", width=48, height=32, steps=2, model=str(folder), device="cpu")
    events = list(generate(request, library=library))
    started = of(events, Started)[0]
    assert (started.guidance, started.paint_weight) == (3.0, 0.9)
    preview = of(events, Preview)[0].rgb
    assert preview.shape == (2, 3, 3) and (preview[..., 1] == 64).all() and (preview[..., 2] == 191).all()
