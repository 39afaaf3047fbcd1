"""LoRA files of a scene: from other programs' prompts, and through the JSON of a file and back."""

from __future__ import annotations

import pytest

from canvas.files import scene_json
from canvas.files.foreign import scene_from
from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.lora_tags import take_out
from canvas.model.scene import Scene, Settings
from resources.settings import LoraChoice


@pytest.mark.parametrize(
    ("prompt", "left", "loras"),
    [
        ("a lake <lora:hat:0.8>, sky", "a lake, sky", (LoraChoice("hat", 0.8),)),
        ("<lora:my hat><LYCO:a/b:-9:1>", "", (LoraChoice("my hat", 1.0), LoraChoice("b", -4.0))),
        ("a <lake> and <hypernet:x:1>", "a <lake> and <hypernet:x:1>", ()),
    ],
)
def test_tags_are_taken_out_of_a_prompt(prompt, left, loras):
    assert take_out(prompt) == (left, loras)


def test_a_picture_of_another_program_brings_its_lora_files_along():
    text = "a lake <lora:hat:0.5>\nSteps: 4, Sampler: Euler a, Seed: 1"
    scene, remarks = scene_from({"parameters": text}, (64, 64))
    assert scene.prompt == "a lake" and scene.settings.loras == (LoraChoice("hat", 0.5),)
    assert any("“hat” (0.5)" in remark for remark in remarks)


def test_a_file_keeps_them_by_name_without_folders_and_says_nothing_where_there_are_none():
    scene, word = edits.add_word(Scene("a lake"), (2, 6))
    scene = edits.set_settings(scene, loras=(LoraChoice("/home/me/hat.safetensors", 0.5, word), LoraChoice("b")))
    value = scene_json.to_dict(scene, {})
    back = scene_json.from_dict(scene_json.loads(scene_json.dumps(value)), lambda _id, _raw: scene.masks[word])
    assert back.settings.loras == (LoraChoice("hat.safetensors", 0.5, word), LoraChoice("b"))
    assert "loras" not in scene_json.to_dict(Scene("a lake"), {})["settings"]


@pytest.mark.parametrize("lora", [LoraChoice("x", 4.5), LoraChoice(""), LoraChoice("x", float("nan"))])
def test_values_out_of_range_are_refused(lora):
    with pytest.raises(SceneError):
        Settings(loras=(lora,))
