"""A scene becomes a request: what acts goes in, what cannot act stays out."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict

import numpy as np
import pytest

from app.generation import request_builder
from app.generation.live_settings import LIVE_STEPS
from app.generation.request_builder import request_from_scene
from app.image_info.begun import begun_scene
from canvas.files.image_io import style_picture
from canvas.model import colour_edits, edits, picture_edits
from canvas.model.begun import Begun
from canvas.model.scene import LoraChoice, Scene, Settings
from canvas.model.tiled_mask import TiledMask
from engine.facts import Defaults, FastWay, FewSteps, ModelFacts
from engine.models.library import Library


@pytest.fixture
def scene() -> Scene:
    scene = Scene(
        prompt="a lake and a sky", negative="fog", size=(96, 64), settings=Settings(steps=30, seed=5, count=3)
    )
    for span in ((2, 6), (13, 16)):
        scene, word = edits.add_word(scene, span)
        scene = edits.fill_word(scene, word)
    return scene


def test_all_settings_arrive(scene):
    made = request_from_scene(scene, id="r1")
    assert (made.id, made.text.prompt, made.text.negative) == ("r1", "a lake and a sky", "fog")
    assert made.picture.size == (96, 64)
    assert (made.sampling.steps, made.picture.seed, made.picture.count) == (30, 5, 3)
    for part, names in ((made, ("model", "device")), (made.sampling, ("guidance", "sampler"))):
        assert all(getattr(part, name) == getattr(scene.settings, name) for name in names)
    for name in ("paint_weight", "law"):
        assert getattr(made.conditioning, name) == getattr(scene.settings, name)
    assert not made.live


def test_words_carry_span_mask_revision_and_strength(scene):
    scene = edits.change_word(scene, scene.words[0].id, strength=-0.5, window=(0.1, 0.6))
    word = request_from_scene(scene, id="r").text.words[0]
    assert word.span == (2, 6) and word.strength == -0.5 and word.window == (0.1, 0.6)
    assert word.mask.shape == (64, 96) and word.mask.dtype == np.uint8 and (word.mask == 255).all()
    assert word.revision == scene.masks[scene.words[0].id].revision


def test_what_begins_from_a_picture_leaves_picture_layers_out_and_keeps_the_colours(scene):
    rgba = np.full((64, 96, 4), 255, np.uint8)
    layered, _layer = picture_edits.add(scene, rgba, "sketch")
    begun = Begun.of("image", rgba[..., :3], 0.5)
    assert request_from_scene(layered, id="r").colours is not None
    assert request_from_scene(begun_scene(layered, begun), id="r").colours is None
    assert begun_scene(layered, Begun("refine", scale=2)) is layered is begun_scene(layered, None)
    rgba[:32] = 0
    painted = colour_edits.set_colours(layered, rgba)
    left = request_from_scene(begun_scene(painted, begun), id="r").colours
    assert left is not None and np.array_equal(left.rgba, painted.colours.to_array())


def test_arrays_that_are_asked_for_again_and_again_are_made_once(scene, monkeypatch):
    monkeypatch.setattr(request_builder, "KEPT_BYTES", 2 * 96 * 64)
    first, _second = scene.words
    sky = request_from_scene(scene, id="r").text.words[1].mask
    for _ in range(4):  # one word is painted on, the other stays as it is
        scene = edits.set_mask(scene, first.id, TiledMask.filled(scene.size))
        assert request_from_scene(scene, id="r").text.words[1].mask is sky


def test_words_that_are_gone_empty_or_of_no_strength_stay_out(scene):
    first, second = scene.words
    assert len(request_from_scene(edits.clear_word(scene, first.id), id="r").text.words) == 1
    assert len(request_from_scene(edits.set_prompt(scene, "a lake"), id="r").text.words) == 1
    assert len(request_from_scene(edits.change_word(scene, second.id, strength=0.0), id="r").text.words) == 1


def test_hidden_words_act_all_the_same(scene):
    hidden = edits.change_word(scene, scene.words[0].id, visible=False)
    assert len(request_from_scene(hidden, id="r").text.words) == 2


def test_a_live_request_is_one_picture_in_few_steps(scene):
    made = request_from_scene(scene, id="r", live=True)
    assert made.live and made.picture.count == 1 and made.sampling.steps == LIVE_STEPS
    short = scene.replace(settings=dataclasses.replace(scene.settings, steps=2))
    assert request_from_scene(short, id="r", live=True).sampling.steps == 2


@pytest.mark.parametrize(
    ("facts", "lora", "own", "expected"),
    [
        ({}, None, {}, (LIVE_STEPS, "dpmpp_2m", None)),
        ({}, None, {"steps": 3, "guidance": 5.0}, (3, "dpmpp_2m", 5.0)),
        ({}, None, {"sampler": "euler_a"}, (LIVE_STEPS, "dpmpp_2m", None)),
        ({"sampler": "dpmpp_2m_karras"}, None, {"sampler": "dpmpp_2m_karras"}, (LIVE_STEPS, "dpmpp_2m", None)),
        ({}, None, {"sampler": "lcm", "steps": 6}, (LIVE_STEPS, "lcm", None)),
        ({}, "sd15_lcm_8step", {}, (8, "lcm", 1.0)),
        ({}, "my-style", {}, (LIVE_STEPS, "dpmpp_2m", None)),
        ({"is_few_steps": True, "steps": 6, "sampler": "euler"}, None, {"sampler": "ddim"}, (6, "euler", None)),
        ({"is_few_steps": True, "steps": 6, "sampler": "euler"}, None, {"steps": 2}, (2, "euler", None)),
        ({"steps": 8, "sampler": "euler", "family": "flux"}, "flux-turbo", {}, (4, "euler", None)),
    ],
)
def test_a_live_picture_has_the_steps_and_the_sampler_of_its_model(scene, facts, lora, own, expected):
    few, family = facts.get("is_few_steps", False), facts.get("family", "sd")
    likes = Defaults(
        guidance=7.0, paint_weight=0.4, size=(64, 64), steps=facts.get("steps", 20),
        sampler=facts.get("sampler", "dpmpp_2m"),
    )  # fmt: skip
    known = ModelFacts(
        name="m", family=family, latents="sd", multiple=8, defaults=likes, is_few_steps=few,
        takes_negative=family == "sd",
    )  # fmt: skip
    loras = () if lora is None else (LoraChoice(lora),)
    scene = scene.replace(settings=dataclasses.replace(scene.settings, loras=loras, **{"steps": 20, **own}))
    made = request_from_scene(scene, id="r", live=True, facts=known).sampling
    assert (made.steps, made.sampler, made.guidance) == expected


def test_a_live_request_takes_the_quick_way_that_a_model_brings_where_nothing_is_lost(scene):
    starter = Library().inspect("starter")
    facts = dataclasses.replace(starter, fast=FastWay("quick-lcm", FewSteps(4, "lcm", 1.0)))
    wanted = edits.set_negative(scene, "")

    def live(of: Scene):
        made = request_from_scene(of, id="r", live=True, facts=facts)
        return made.sampling.steps, made.sampling.sampler, [(lora.file, lora.weight) for lora in made.adapters.loras]

    assert live(wanted) == (4, "lcm", [("quick-lcm", 1.0)])
    assert request_from_scene(wanted, id="r", live=True, facts=facts).sampling.guidance == 1.0
    with_own = edits.set_settings(wanted, loras=(LoraChoice("quick-lcm", 0.5),))
    own = (LIVE_STEPS, "dpmpp_2m")
    assert live(scene) == (*own, []), "it would not read the negative prompt"
    assert live(with_own) == (4, "lcm", [("quick-lcm", 0.5)]), "it is not there twice"
    assert live(edits.set_settings(wanted, steps=2)) == (2, "dpmpp_2m", [])
    made = request_from_scene(wanted, id="r", facts=facts)
    assert made.sampling.steps == 30 and not made.adapters.loras, "a picture is as its settings say"


def styled(scene: Scene) -> Scene:
    """With three styles: one everywhere, one of no strength, one painted nowhere yet."""
    picture = style_picture(np.full((8, 9, 3), (10, 200, 30), np.uint8))
    scene, _ = edits.add_style(scene, "dusk", picture, strength=1.5, semantic=-0.5)
    scene, _ = edits.add_style(scene, "none", picture, strength=0.0)
    scene, painted = edits.add_style(scene, "painted", picture)
    return edits.set_style_area(scene, painted, True)


def test_styles_that_act_arrive_with_their_picture_and_area(scene):
    (style,) = request_from_scene(styled(scene), id="r").conditioning.styles
    assert (style.strength, style.semantic, style.mask) == (1.5, -0.5, None)
    assert style.rgb.shape == (8, 9, 3) and (style.rgb == (10, 200, 30)).all()
    made = request_from_scene(edits.fill_word(styled(scene), "s3"), id="r")
    _, painted = made.conditioning.styles
    assert painted.mask.shape == (64, 96) and (painted.mask == 255).all()


def test_what_the_model_does_not_have_stays_out(scene, tiny_sd_folder, conditioned_folder):
    plain, able = Library().inspect(tiny_sd_folder), Library().inspect(conditioned_folder)
    scene = styled(scene)
    for weights, left in (
        ((("clip", 0.5), ("t5", 1.0)), (("clip", 0.5),)),
        ((("clip", 0.0), ("t5", 1.0)), None),
        (None, None),
    ):
        blended = edits.set_settings(scene, encoders=weights)
        assert request_from_scene(blended, id="r", facts=able).conditioning.encoders == weights
        made = request_from_scene(blended, id="r", facts=plain)
        assert made.conditioning.encoders == left and not made.conditioning.styles
    assert len(request_from_scene(scene, id="r", facts=able).conditioning.styles) == 1


def test_the_masks_that_are_kept_are_bounded_in_bytes(monkeypatch):
    monkeypatch.setattr(request_builder, "KEPT_BYTES", 3 * 64 * 64)
    monkeypatch.setattr(request_builder, "_arrays", OrderedDict())
    masks = [TiledMask.filled((64, 64)) for _ in range(5)]
    arrays = [request_builder._array_of(mask) for mask in masks]
    assert list(request_builder._arrays) == [mask.revision for mask in masks[2:]]
    assert request_builder._array_of(masks[4]) is arrays[4]
    large = TiledMask.filled((256, 256))
    assert request_builder._array_of(large).shape == (256, 256) and list(request_builder._arrays) == [large.revision]
