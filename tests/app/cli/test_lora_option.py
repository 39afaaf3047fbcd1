"""`--lora`: what its text means, and what becomes of it in a scene and a request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from app.cli.lora_option import parse_lora, take_loras
from app.cli.output import CommandError
from app.cli.paint_option import parse_paint
from app.cli.render import scene_of
from app.generation.request_builder import request_from_scene
from canvas.files import ora
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from engine.errors import WordNotInPrompt
from engine.facts import Defaults, FewSteps, ModelFacts
from engine.models.adapters.notes import suited
from engine.protocol import Lora
from resources.settings import LoraChoice


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hat", ("hat", 1.0, "", 1)),
        ("hat:0.8", ("hat", 0.8, "", 1)),
        ("C:\\x\\hat.safetensors:-1@the lake#2", ("C:\\x\\hat.safetensors", -1.0, "the lake", 2)),
    ],
)
def test_its_parts(text, parts):
    option = parse_lora(text)
    assert (option.file, option.weight, option.phrase, option.number) == parts


@pytest.mark.parametrize("text", ["", ":1", "hat@", "@lake"])
def test_what_names_nothing_is_refused(text):
    with pytest.raises(CommandError):
        parse_lora(text)


def test_a_painted_word_s_lora_reaches_the_request_by_the_word_s_place():
    scene, _ = edits.add_word(Scene("a lake and sky"), (2, 6))
    scene, word = edits.add_word(scene, (11, 14))
    scene = take_loras(
        scene.with_mask(word, TiledMask.filled(scene.size)), [parse_lora("hat:0.5@sky"), parse_lora("b")]
    )
    assert scene.settings.loras == (LoraChoice("hat", 0.5, word), LoraChoice("b"))
    assert request_from_scene(scene, id="1").adapters.loras == (Lora("hat", 0.5, 0), Lora("b"))
    bare = scene.with_mask(word, TiledMask(scene.size))
    assert request_from_scene(bare, id="1").adapters.loras == (Lora("b"),)


def test_a_lora_of_few_steps_brings_its_settings_unless_others_are_given(capsys, tmp_path):
    lora = [parse_lora("sdxl_lightning_2step_lora.safetensors")]
    made = scene_of(file=None, prompt="a lake", paint=(), changes={"lora": lora}).settings
    assert (made.steps, made.sampler, made.guidance) == (2, "euler", 1.0)
    assert "few steps: --steps 2 --sampler euler --guidance 1\n" in capsys.readouterr().err
    assert scene_of(file=None, prompt="a lake", paint=(), changes={"lora": lora, "steps": 9}).settings.steps == 9
    assert capsys.readouterr().err.endswith("Add: --steps 2\n")
    ora.save(tmp_path / "a.ora", Scene("a lake"))
    assert (
        scene_of(file=tmp_path / "a.ora", prompt=None, paint=(), changes={"lora": lora}).settings.steps
        == Scene("").settings.steps
    )
    assert "Add: --steps 2 --sampler euler --guidance 1" in capsys.readouterr().err


def test_flows_keep_their_sampler_and_networks_their_own_guidance():
    few = FewSteps(8, "ddim", 1.0)
    flux = ModelFacts(
        name="x", family="flux", latents="flux-1", multiple=16, defaults=Defaults(3.5, 0.4, (1024, 1024), "euler"),
        takes_negative=False,
    )  # fmt: skip
    assert suited(few, flux) == FewSteps(8, "euler", None)
    assert suited(few, replace(flux, family="sdxl")) == few


def test_a_word_must_be_painted_and_in_the_prompt():
    with pytest.raises(WordNotInPrompt):
        take_loras(Scene("a lake"), [parse_lora("hat@dog")])
    with pytest.raises(CommandError, match="not painted"):
        take_loras(Scene("a lake"), [parse_lora("hat@lake")])


def test_tags_of_a_typed_prompt_are_files_of_the_scene_and_phrases_are_found_outside_of_them(tmp_path):
    Image.new("L", (512, 512), 255).save(tmp_path / "mask.png")
    prompt = "<lora:hat:0.5> a hat by a lake <lora:sdxl_lightning_2step_lora>"
    paint = [parse_paint(f"hat={tmp_path / 'mask.png'}")]
    scene = scene_of(file=None, prompt=prompt, paint=paint, changes={"lora": [parse_lora("boots")]})
    assert scene.prompt == "a hat by a lake" and [word.span for word in scene.words] == [(2, 5)]
    files = [(each.file, each.weight) for each in scene.settings.loras]
    assert files == [("boots", 1.0), ("hat", 0.5), ("sdxl_lightning_2step_lora", 1.0)]
    assert scene.settings.steps == 2
