"""wordbrush render: from a prompt, a scene file or a picture to pictures on disk, as the contract says."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import render as command
from canvas.files import png
from engine.protocol import ImageReady
from tests.app.conftest import PROMPT, painted_scene, save_mask


def pixels(path: str | Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def test_a_prompt_with_paint_becomes_a_picture_and_the_contracts_json(render, mask):
    ended = render("--prompt", PROMPT, "--paint", f"lake#2={mask}:1.5", "--paint", f"house={mask}:-1", "--seed", "7")
    assert ended.code == 0
    result = ended.result
    assert result["schema"] == 1
    assert {key: result["images"][0][key] for key in ("path", "seed", "width", "height")} == {
        "path": "out.png",
        "seed": 7,
        "width": 64,
        "height": 64,
    }
    lake, house = result["words"]
    assert (lake["phrase"], lake["span"], lake["strength"]) == ("lake", [25, 29], 1.5)
    assert (house["phrase"], house["span"], house["strength"]) == ("house", [13, 18], -1.0)
    assert 0 <= lake["obedience"] <= 1
    assert result["seconds"] > 0 and result["step_ms"] > 0
    assert result["model"] == "tiny" and result["device"] == "cpu"
    assert pixels("out.png").shape == (64, 64, 3)


def test_results_go_to_stdout_and_progress_to_stderr(wordbrush, tiny_sd_folder):
    ended = wordbrush(
        *("render", "--prompt", "a lake", "--size", "64x64", "--steps", "2", "--model", tiny_sd_folder),
        *("--count", "2", "--out", "out.png"),
    )
    assert ended.code == 0
    assert ended.out == "out.png\nout-1.png\n"
    assert "\r" not in ended.err and "\x1b" not in ended.err


def test_a_terminal_shows_every_step(render, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ended = render("--prompt", "a lake", "--count", "2")
    assert "picture 1 of 2, step 2 of 2 (50%)" in ended.err and "picture 2 of 2" in ended.err
    assert ended.err.count("\n") == 1 and "done in" in ended.err.split("\r")[-1]


def test_words_that_the_model_has_not_learnt_are_named(render, tiny_sd_folder):
    model = Path(shutil.copytree(tiny_sd_folder, "small model"))
    (model / "wordbrush.json").write_text(json.dumps({"names": ["lake", "blue sky"], "words": ["red"]}))
    ended = render("--prompt", "a red lake, a cat and a dog", "--model", model)
    assert ended.code == 0 and ended.result["unknown_words"] == ["cat", "dog"]
    said = 'The model small model does not know "cat" and "dog". It paints: lake, blue sky.'
    assert ended.err.splitlines().count(said) == 1
    ended = render("--prompt", "a red lake", "--model", model)
    assert ended.result["unknown_words"] == [] and "does not know" not in ended.err
    assert render("--prompt", "a cat").result["unknown_words"] == []


def test_picture_i_of_a_count_is_the_single_picture_of_seed_plus_i(render):
    ended = render("--prompt", PROMPT, "--seed", "40", "--count", "3")
    assert [(image["path"], image["seed"]) for image in ended.result["images"]] == [
        ("out.png", 40),
        ("out-1.png", 41),
        ("out-2.png", 42),
    ]
    render("--prompt", PROMPT, "--seed", "42", "--out", "single.png")
    assert np.array_equal(pixels("out-2.png"), pixels("single.png"))
    assert png.load_scene("out-2.png").settings.seed == 42 and png.load_scene("out-2.png").settings.count == 1


def test_paint_changes_the_picture(render, mask):
    render("--prompt", PROMPT, "--out", "plain.png")
    render("--prompt", PROMPT, "--out", "painted.png", "--paint", f"lake={mask}", "--paint-weight", "5")
    assert not np.array_equal(pixels("plain.png"), pixels("painted.png"))


def test_a_scene_file_renders_what_it_holds(render, scene_file):
    ended = render(scene_file)
    assert ended.code == 0, ended.err
    (word,) = ended.result["words"]
    assert (word["phrase"], word["span"], word["strength"]) == ("lake", [25, 29], 1.5)
    assert ended.result["images"][0]["seed"] == 5


def test_a_picture_renders_again_bit_for_bit_from_what_it_carries(render, scene_file):
    render(scene_file, "--out", "first.png")
    ended = render("first.png", "--out", "second.png")
    assert ended.code == 0, ended.err
    assert np.array_equal(pixels("first.png"), pixels("second.png"))
    again = png.load_scene("second.png")
    assert again == png.load_scene("first.png")
    assert again.masks[again.words[0].id] == painted_scene().masks[painted_scene().words[0].id]


def test_flags_go_before_what_the_file_says(render, scene_file):
    ended = render(
        *(scene_file, "--seed", "9", "--steps", "3", "--guidance", "2.5", "--paint-weight", "1.25"),
        *("--negative", "rain", "--sampler", "euler", "--law", "ediffi-head", "--size", "128x64"),
    )
    assert ended.code == 0, ended.err
    scene = png.load_scene("out.png")
    settings = scene.settings
    assert (settings.seed, settings.steps, settings.guidance, settings.paint_weight) == (9, 3, 2.5, 1.25)
    assert (scene.negative, settings.sampler, settings.law) == ("rain", "euler", "ediffi-head")
    assert pixels("out.png").shape == (64, 128, 3)
    painted = scene.masks[scene.words[0].id].to_array()
    assert painted.shape == (64, 128) and painted[:, :60].min() == 255 and painted[:, 68:].max() == 0


def test_paint_is_added_to_a_files_own_words(render, scene_file, mask):
    ended = render(scene_file, "--paint", f"house={mask}")
    assert [word["phrase"] for word in ended.result["words"]] == ["lake", "house"]


def test_the_picture_carries_parameters_and_scene_but_no_path(render, mask, tmp_path):
    ended = render("--prompt", PROMPT, "--negative", "fog", "--paint", f"lake={mask}", "--seed", "3")
    assert ended.code == 0
    lines = png.read_parameters("out.png").splitlines()
    assert lines[:2] == [PROMPT, "Negative prompt: fog"]
    for part in ("Steps: 2", "Sampler: DPM++ 2M", "CFG scale: 7.5", "Seed: 3", "Size: 64x64", "Model: tiny"):
        assert part in lines[-1]
    data = Path("out.png").read_bytes()
    assert str(tmp_path).encode() not in data and b"mask.png" not in data


def test_size_and_steps_and_sampler_are_the_models_own_where_none_are_given(wordbrush, tmp_path, tiny_sd_folder):
    model = shutil.copytree(tiny_sd_folder, tmp_path / "home" / "models" / "mine")
    (model / "wordbrush.json").write_text(json.dumps({"size": [96, 64], "steps": 3, "sampler": "ddim", "guidance": 2}))
    ended = wordbrush("render", "--prompt", "a lake", "--model", model, "--out", "out.png", "--json")
    assert ended.code == 0, ended.err
    assert pixels("out.png").shape == (64, 96, 3)
    settings = png.load_scene("out.png").settings
    assert (settings.steps, settings.sampler, settings.model) == (3, "ddim", "mine")


def test_a_word_without_paint_or_strength_is_listed_without_obedience(render, mask):
    save_mask(Path("black.png"), right=0)
    ended = render("--prompt", PROMPT, "--paint", "lake=black.png", "--paint", f"house={mask}:0")
    assert ended.code == 0, ended.err
    assert [word["obedience"] for word in ended.result["words"]] == [None, None]


def test_an_existing_picture_is_replaced(render):
    Path("out.png").write_bytes(b"what was here before")
    assert render("--prompt", PROMPT).code == 0
    assert pixels("out.png").shape == (64, 64, 3)


def test_prompts_in_any_script_come_through(render, mask):
    prompt = "夕焼けの湖 – ein Haus, žluťoučký kůň"
    ended = render("--prompt", prompt, "--paint", f"kůň={mask}", "--paint", f"湖={mask}")
    assert ended.code == 0, ended.err
    assert png.load_scene("out.png").prompt == prompt
    assert [word["phrase"] for word in ended.result["words"]] == ["kůň", "湖"]
    assert ended.out.isascii()


@pytest.mark.parametrize("size", ["64x128", "64X128", "64×128"])
def test_size_is_width_then_height(render, size):
    assert render("--prompt", PROMPT, "--size", size).code == 0
    assert pixels("out.png").shape == (128, 64, 3)


def test_a_scene_takes_another_prompt_and_keeps_the_paint_of_words_that_still_stand(render, scene_file):
    ended = render(scene_file, "--prompt", "a red house and a wide lake")
    assert ended.code == 0, ended.err
    (lake,) = ended.result["words"]
    assert lake["span"] == [23, 27] and lake["strength"] == 1.5 and lake["obedience"] is not None
    scene = png.load_scene("out.png")
    assert scene.prompt == "a red house and a wide lake" and scene.negative == "fog"
    gone = render(scene_file, "--prompt", "a forest")
    assert gone.code == 0 and gone.result["words"][0]["span"] is None and gone.result["words"][0]["obedience"] is None
    assert 'Not in the prompt, so ignored: "lake".' in gone.err
    assert render(scene_file, "--prompt", " ").error["type"] == "BadRequest"


def test_a_random_seed_is_a_new_one_each_time_and_is_said(render):
    seeds = [render("--prompt", PROMPT, "--seed", "random").result["images"][0]["seed"] for _ in range(2)]
    assert seeds[0] != seeds[1] and all(0 <= seed < 2**32 for seed in seeds)
    again = render("--prompt", PROMPT, "--seed", str(seeds[1]), "--out", "again.png")
    assert again.code == 0 and (pixels("again.png") == pixels("out.png")).all()


def test_scores_that_are_no_numbers_are_not_known_and_no_error(render, scene_file, monkeypatch):
    made = command.generate

    def generate(request, **rest):
        for event in made(request, **rest):
            nan = (float("nan"),) * len(request.text.words)
            yield dataclasses.replace(event, obedience=nan, seen=nan) if isinstance(event, ImageReady) else event

    monkeypatch.setattr(command, "generate", generate)
    ended = render(scene_file)
    assert ended.code == 0, ended.err
    (word,) = ended.result["words"]
    assert word["obedience"] is None and word["seen"] is None
    assert ended.result["images"][0]["obedience"] == [None] and png.load_scene("out.png").prompt == PROMPT


@pytest.mark.parametrize(
    "arguments",
    [
        ["{long}.ora", "--out", "o.png"],
        ["--prompt", "a lake", "--out", "{long}.png"],
        ["--prompt", "a lake", "--out", "{long}/o.png"],
        ["--prompt", "a lake", "--out", "o.png", "--paint", "lake={long}.png"],
        ["--prompt", "a lake", "--out", "o.png", "--style", "{long}.png"],
        ["--prompt", "a lake", "--out", "o.png", "--heatmaps", "{long}"],
        ["--prompt", "a lake", "--out", "o.png", "--model", "{long}"],
    ],
)
def test_a_name_that_no_disk_takes_is_bad_use(wordbrush, arguments):
    ended = wordbrush("render", *(part.format(long="x" * 300) for part in arguments), "--json")
    assert ended.code == 2 and ended.error["type"] != "InternalError", ended.err
    assert ended.error["hint"] and len(ended.error["message"]) < 500


def test_each_picture_of_a_prompt_with_choices_has_the_words_of_its_own_seed(render, mask):
    prompt = "a {cat|dog} at a lake"
    ended = render("--prompt", prompt, "--paint", f"dog={mask}", "--seed", "8", "--count", "2")
    assert ended.code == 0, ended.err
    images = ended.result["images"]
    assert [(image["path"], image["seed"]) for image in images] == [("out.png", 8), ("out-1.png", 9)]
    texts = [image["prompt"] for image in images]
    assert texts == ["a cat at a lake", "a dog at a lake"]
    for image, text in zip(images, texts, strict=True):
        assert png.load_scene(Path(image["path"])).prompt == text
        assert Image.open(image["path"]).text["parameters"].startswith(text)
    render("--prompt", texts[1], "--paint", f"dog={mask}", "--seed", "9", "--out", "alone.png")
    assert (pixels("alone.png") == pixels("out-1.png")).all()
