"""Control pictures beside the paint: equal to the stock pipelines without paint, and the paint acts all the same."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from diffusers import (
    DDIMScheduler,
    EulerDiscreteScheduler,
    StableDiffusionControlNetPipeline,
    StableDiffusionXLControlNetPipeline,
    StableDiffusionXLControlNetUnionPipeline,
)
from PIL import Image

from engine import Library, PaintedWord, find_span, generate
from engine.errors import BadRequest, ModelNotFound, UnsafeModel, UnsupportedModel
from engine.protocol import Cancelled, ControlPicture, Failed, ImageReady, Step, dumps, loads
from tests.tiny_controls import save_control
from tests.tiny_sdxl import save_sdxl

PROMPT = "a lake and sky"
SIZE = (72, 40)


@pytest.fixture(scope="module")
def xl_folder(tmp_path_factory):
    return save_sdxl(tmp_path_factory.mktemp("xl") / "xl")


@pytest.fixture(scope="module")
def controls(tmp_path_factory, library, tiny_sd_folder, xl_folder):
    """A ControlNet for each family and a union for SDXL, by name."""
    home = tmp_path_factory.mktemp("controls")
    sd, xl = library.load(tiny_sd_folder, "cpu").unet, library.load(xl_folder, "cpu").unet
    return {
        "sd": save_control(home / "tiny-scribble", sd),
        "other": save_control(home / "tiny-depth", sd, seed=7),
        "xl": save_control(home / "tiny-xl-canny", xl),
        "union": save_control(home / "tiny-union", xl, union=True),
    }


@pytest.fixture(scope="module")
def sketch():
    rgb = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    rgb[8:30, 20:24] = 255
    rgb[20:24, 10:60] = 255
    return rgb


@contextmanager
def latents_of(family):
    """The latents that the family is asked to decode."""
    seen, original = [], family.decode
    family.decode = lambda latents: seen.append(latents.clone()) or original(latents)
    try:
        yield seen
    finally:
        del family.decode


def events_of(request, library, **more):
    events = list(generate(request, library=library, **more))
    failed = [event.error for event in events if isinstance(event, Failed)]
    assert not failed, (failed, failed[0].details)
    return events


def pictures(events):
    return [event.rgb for event in events if isinstance(event, ImageReady)]


def ours(request, library):
    """The latents of a request's pictures."""
    with latents_of(library.load(request.model, "cpu")) as seen:
        events_of(request, library)
    return torch.cat(seen)


def stock(kind, folder, control, scheduler, **call):
    pipeline = kind.from_pretrained(folder, controlnet=control, local_files_only=True)
    pipeline.scheduler = scheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(
        prompt=PROMPT,
        negative_prompt="sky",
        width=SIZE[0],
        height=SIZE[1],
        num_inference_steps=4,
        guidance_scale=5.0,
        generator=torch.Generator().manual_seed(3),
        output_type="latent",
        **call,
    ).images


def loaded(path):
    from diffusers import ControlNetModel
    from diffusers.models.controlnets.controlnet_union import ControlNetUnionModel

    kind = ControlNetUnionModel if "union" in path.name else ControlNetModel
    return kind.from_pretrained(path, local_files_only=True)


ASKED = {"width": SIZE[0], "height": SIZE[1], "steps": 4, "guidance": 5.0, "seed": 3, "negative": "sky"}


@pytest.mark.parametrize("window", [(0.0, 1.0), (0.25, 0.75)])
def test_without_paint_it_is_the_stock_pipeline(ask, library, controls, sketch, tiny_sd_folder, window):
    expected = stock(
        StableDiffusionControlNetPipeline,
        tiny_sd_folder,
        loaded(controls["sd"]),
        DDIMScheduler,
        image=Image.fromarray(sketch),
        controlnet_conditioning_scale=0.8,
        control_guidance_start=window[0],
        control_guidance_end=window[1],
    )
    control = ControlPicture(rgb=sketch, model=str(controls["sd"]), strength=0.8, window=window)
    found = ours(ask(sampler="ddim", controls=(control,), **ASKED), library)
    assert (found - expected).abs().max() < 1e-4
    plain = ours(ask(sampler="ddim", **ASKED), library)
    assert (found - plain).abs().max() > 1e-2


def test_two_control_pictures_add_up_as_in_the_stock_pipeline(ask, library, controls, sketch, tiny_sd_folder):
    expected = stock(
        StableDiffusionControlNetPipeline,
        tiny_sd_folder,
        [loaded(controls["sd"]), loaded(controls["other"])],
        DDIMScheduler,
        image=[Image.fromarray(sketch), Image.fromarray(255 - sketch)],
        controlnet_conditioning_scale=[0.8, 0.5],
    )
    both = (
        ControlPicture(rgb=sketch, model=str(controls["sd"]), strength=0.8),
        ControlPicture(rgb=255 - sketch, model=str(controls["other"]), strength=0.5),
    )
    assert (ours(ask(sampler="ddim", controls=both, **ASKED), library) - expected).abs().max() < 1e-4


def test_sdxl_without_paint_is_the_stock_pipeline(ask, library, controls, sketch, xl_folder):
    expected = stock(
        StableDiffusionXLControlNetPipeline,
        xl_folder,
        loaded(controls["xl"]),
        EulerDiscreteScheduler,
        image=Image.fromarray(sketch),
        controlnet_conditioning_scale=0.8,
    )
    control = ControlPicture(rgb=sketch, model=str(controls["xl"]), strength=0.8)
    found = ours(ask(sampler="euler", controls=(control,), **ASKED, model=str(xl_folder)), library)
    assert (found - expected).abs().max() < 1e-4


@pytest.mark.parametrize("kinds", [("scribble",), ("depth", "canny")])
def test_a_union_is_told_what_the_pictures_show(ask, library, controls, sketch, xl_folder, kinds):
    places = [{"depth": 1, "scribble": 2, "canny": 3}[kind] for kind in kinds]
    rgbs = [sketch, 255 - sketch][: len(kinds)]
    expected = stock(
        StableDiffusionXLControlNetUnionPipeline,
        xl_folder,
        loaded(controls["union"]),
        EulerDiscreteScheduler,
        control_image=[Image.fromarray(rgb) for rgb in rgbs],
        control_mode=places,
        controlnet_conditioning_scale=[0.8, 0.6][: len(kinds)],
    )
    asked = tuple(
        ControlPicture(rgb=rgb, kind=kind, model=str(controls["union"]), strength=strength)
        for rgb, kind, strength in zip(rgbs, kinds, (0.8, 0.6), strict=False)
    )
    found = ours(ask(sampler="euler", controls=asked, **ASKED, model=str(xl_folder)), library)
    assert (found - expected).abs().max() < 1e-4


def test_strength_0_is_the_run_without_it_to_the_bit(ask, library, controls, sketch):
    plain = pictures(events_of(ask(**ASKED), library))
    none = ControlPicture(rgb=sketch, model=str(controls["sd"]), strength=0.0)
    assert np.array_equal(pictures(events_of(ask(controls=(none,), **ASKED), library)), plain)
    full = ControlPicture(rgb=sketch, model=str(controls["sd"]), strength=2.0)
    assert not np.array_equal(pictures(events_of(ask(controls=(full,), **ASKED), library)), plain)
    assert np.array_equal(pictures(events_of(ask(**ASKED), library)), plain)


def painted(top):
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    mask[: SIZE[1] // 2 if top else None] = 255
    if not top:
        mask[: SIZE[1] // 2] = 0
    return (PaintedWord(span=find_span(PROMPT, "lake"), mask=mask),)


@pytest.mark.parametrize("memory", ["auto", "halves"])
def test_paint_moves_the_word_beside_a_control_picture(ask, library, controls, sketch, memory):
    control = ControlPicture(rgb=sketch, model=str(controls["sd"]))
    family = library.load(ask().model, "cpu")
    before = family.way
    if memory == "halves":
        from dataclasses import replace

        family.way = replace(before, sequential=True)
    try:
        shares = []
        for weight in (0.0, 2.0):
            for top in (True, False):
                asked = ask(
                    words=painted(top), controls=(control,), paint_weight=weight, fidelity=0.0, obedience=True, **ASKED
                ).replace(watched=(find_span(PROMPT, "lake"),))
                events = events_of(asked, library)
                maps = next(event.heatmaps for event in events if isinstance(event, ImageReady))[0]
                half = len(maps) // 2
                shares.append(float(maps[:half].sum() / maps.sum()))
    finally:
        family.way = before
    same_top, same_bottom, top, bottom = shares
    assert same_top == pytest.approx(same_bottom, abs=1e-6)
    assert top > bottom


def test_gradient_steps_see_the_control_picture(ask, library, controls, sketch):
    control = ControlPicture(rgb=sketch, model=str(controls["sd"]), strength=2.0)
    steered = [
        ours(ask(words=painted(True), fidelity=1.0, paint_weight=1.0, controls=each, **ASKED), library)
        for each in ((), (control,))
    ]
    assert not torch.equal(*steered)


def test_a_batch_is_its_single_pictures(ask, library, controls, sketch):
    control = ControlPicture(rgb=sketch, model=str(controls["sd"]))
    together = pictures(events_of(ask(controls=(control,), count=2, batch=2, words=painted(True), **ASKED), library))
    for number, found in enumerate(together):
        asked = {**ASKED, "seed": ASKED["seed"] + number}
        (single,) = pictures(events_of(ask(controls=(control,), words=painted(True), **asked), library))
        assert np.abs(found.astype(int) - single).max() <= 1


def test_a_cancelled_run_leaves_nothing_behind(ask, library, controls, sketch):
    plain = pictures(events_of(ask(**ASKED), library))
    cancel, events = threading.Event(), []
    control = ControlPicture(rgb=sketch, model=str(controls["sd"]))
    for event in generate(ask(controls=(control,), **ASKED), library=library, cancel=cancel):
        events.append(event)
        if isinstance(event, Step):
            cancel.set()
    assert isinstance(events[-1], Cancelled)
    (network,) = library.controls.values()
    assert not network._forward_pre_hooks and not network.conv_in._forward_pre_hooks
    assert np.array_equal(pictures(events_of(ask(**ASKED), library)), plain)


def failed(request, library):
    last = list(generate(request, library=library))[-1]
    assert isinstance(last, Failed), last
    return last.error


def test_what_cannot_be_used_is_said_with_a_way_out(ask, library, controls, sketch, tmp_path, xl_folder):
    def error(**fields):
        return failed(ask(controls=(ControlPicture(rgb=sketch, **fields),), **ASKED), library)

    wrong = error(model=str(controls["xl"]))
    assert isinstance(wrong, UnsupportedModel) and '"tiny-xl-canny"' in wrong.message and "family" in wrong.hint
    missing = error(model=str(tmp_path / "gone.safetensors"))
    assert isinstance(missing, ModelNotFound) and "gone" in missing.message
    assert isinstance(error(model="nobody"), ModelNotFound)
    assert isinstance(error(kind="depth"), ModelNotFound)
    (tmp_path / "old.pth").write_bytes(b"x")
    assert isinstance(error(model=str(tmp_path / "old.pth")), UnsafeModel)
    assert isinstance(error(strength=3.0, model=str(controls["sd"])), BadRequest)
    assert isinstance(error(kind="mood", model=str(controls["sd"])), BadRequest)
    assert isinstance(error(window=(0.8, 0.2), model=str(controls["sd"])), BadRequest)
    untold = ControlPicture(rgb=sketch, model=str(controls["union"]))
    said = failed(ask(controls=(untold,), **ASKED, model=str(xl_folder)), library)
    assert isinstance(said, BadRequest) and "scribble" in said.hint


def test_one_is_found_by_name_and_by_kind(ask, controls, sketch, tiny_sd_folder, tmp_path):
    library = Library(tmp_path / "models")
    place = tmp_path / "controlnet"
    place.mkdir()
    for each in controls.values():
        (place / each.name).symlink_to(each)
    asked = {kind: ControlPicture(rgb=sketch, kind=kind) for kind in ("scribble", "depth")}
    named = {
        "scribble": ControlPicture(rgb=sketch, kind="scribble", model="Tiny-Scribble"),
        "depth": ControlPicture(rgb=sketch, kind="depth", model="tiny-depth"),
    }
    for kind, control in asked.items():
        by_kind = pictures(events_of(ask(controls=(control,), **ASKED), library))
        assert np.array_equal(by_kind, pictures(events_of(ask(controls=(named[kind],), **ASKED), library)))


def test_a_control_picture_travels_without_folders(ask, sketch):
    control = ControlPicture(rgb=sketch, kind="canny", prepare="edges", model="/home/me/x.safetensors", window=(0, 0.5))
    (back,) = loads(dumps(ask(controls=(control,)))).adapters.controls
    assert np.array_equal(back.rgb, sketch) and back.model == "x.safetensors" and back.window == (0, 0.5)
    assert (back.kind, back.prepare, back.strength) == ("canny", "edges", 1.0)
