"""`wordbrush farm` on this machine: which pictures, in which files, the same as render's, and none made twice."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import farm_plan
from app.cli.output import CommandError
from canvas.files import ora, png
from canvas.model import edits
from canvas.model.scene import Scene, Settings

PROMPT = "a lake and a house"


def _save(path: str, *, size: tuple[int, int] = (64, 64), **settings) -> None:
    """A small scene with a painted lake."""
    scene, lake = edits.add_word(Scene(prompt=PROMPT, size=size, settings=Settings(**{"steps": 2, **settings})), (2, 6))
    ora.save(path, edits.fill_word(scene, lake))


@pytest.fixture
def farm(wordbrush, tiny_sd_folder):
    """Runs `wordbrush farm --json` with the tiny model."""
    return lambda *arguments: wordbrush("farm", *arguments, "--model", tiny_sd_folder, "--device", "cpu", "--json")


def _times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in sorted(folder.iterdir())}


def test_every_scene_value_and_seed_is_made_as_render_makes_it_and_none_twice(farm, wordbrush, tiny_sd_folder):
    _save("a.ora")
    _save("b.ora", steps=3)
    asked = ("a.ora", "b.ora", "--seeds", "3-4", "--grid", "strength=0.5,1", "--out", "all")
    made = farm(*asked)
    assert made.code == 0, made.err
    result = made.result
    assert (result["schema"], result["made"], result["kept"], result["failed"], result["workers"]) == (1, 8, 0, 0, 1)
    assert {(image["scene"], image["seed"]) for image in result["images"]} == {(s, n) for s in "ab" for n in (3, 4)}
    assert [Path(image["path"]).name for image in result["images"]][:2] == [
        "a-strength-0.5-s3.png",
        "a-strength-1-s3.png",
    ]

    own = ("--model", tiny_sd_folder, "--device", "cpu", "--seed", "4", "--out", "one.png")
    assert wordbrush("render", "a.ora", *own).code == 0
    alone, farmed = Image.open("one.png"), Image.open("all/a-strength-1-s4.png")
    assert np.array_equal(np.asarray(alone), np.asarray(farmed))
    texts = dict(farmed.text)
    assert len(texts.pop(f"{png.NOTE}request")) == 64
    assert texts == dict(alone.text)
    weaker = png.load_scene("all/a-strength-0.5-s4.png")
    assert weaker is not None and weaker.words[0].strength == 0.5

    # Again: all is there. Then one is cut off, one is another's, and one is gone.
    before = _times(Path("all"))
    again = farm(*asked).result
    assert (again["made"], again["kept"]) == (0, 8) and _times(Path("all")) == before
    cut = Path("all/a-strength-1-s3.png")
    whole = cut.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    Path("all/a-strength-0.5-s3.png").write_bytes(whole)
    Path("all/b-strength-1-s4.png").unlink()
    mended = farm(*asked).result
    assert (mended["made"], mended["kept"]) == (3, 5)
    assert cut.read_bytes() == whole
    assert [image["state"] for image in mended["images"]].count("made") == 3


def test_a_scene_that_cannot_be_made_fails_alone(farm):
    _save("good.ora")
    _save("bad.ora", size=(60, 64))
    ended = farm("bad.ora", "good.ora", "--seeds", "1", "--out", "all")
    assert ended.code == 1
    assert (ended.result["made"], ended.result["failed"]) == (1, 1)
    assert ended.result["errors"][0]["type"] == "BadRequest" and "bad-s1.png" in ended.err
    assert [path.name for path in Path("all").iterdir()] == ["good-s1.png"]


def test_names_of_files_differ_whatever_the_scenes_and_values_are_called(tmp_path):
    scene, lake = edits.add_word(Scene(prompt=PROMPT, size=(64, 64)), (2, 6))
    scene = edits.fill_word(scene, lake)
    axes = [farm_plan.parse_axis("word:house=a/b,a b,cat"), farm_plan.parse_axis("steps=4,8,4")]
    cells = farm_plan.plan([("x", scene), ("x y", scene)], axes, (1, 2), tmp_path)
    assert len(cells) == len({cell.path for cell in cells}) == 2 * 3 * 2 * 2
    assert {cell.path.name for cell in cells} >= {
        "x-a-b-steps-4-s1.png",
        "x-a-b-steps-4-s1-2.png",
        "x-y-cat-steps-8-s2.png",
    }
    assert all(cell.path.parent == tmp_path for cell in cells)


def test_choices_in_a_prompt_are_made_by_each_seed(tmp_path):
    scene = Scene(prompt="a {red|green|blue} lake", size=(64, 64))
    cells = farm_plan.plan([("x", scene)], [], tuple(range(12)), tmp_path)
    assert {cell.scene.prompt for cell in cells} == {"a red lake", "a green lake", "a blue lake"}


@pytest.mark.parametrize("text", ["", "x", "3-1", "-1", "1-", "1,,2", f"0-{farm_plan.MOST}", str(2**63)])
def test_what_are_no_seeds_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="seeds"):
        farm_plan.parse_seeds(text)


def test_seeds_are_ranges_and_single_ones_each_once():
    assert farm_plan.parse_seeds("0-3") == (0, 1, 2, 3)
    assert farm_plan.parse_seeds("7, 1-2,2") == (7, 1, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--grid", "seed=1,2"), "--seeds"),
        (("--grid", "nonsense=1"), "no grid"),
        (("--grid", "strength=x"), "not a valid number"),
        (("--workers", "2"), "--ray"),
        (("--ray", "local", "--workers", "0"), "from 1"),
        (("--out", "a.ora"), "not a folder"),
    ],
)
def test_wrong_use_is_told_before_anything_is_made(farm, arguments, said):
    _save("a.ora")
    ended = farm("a.ora", "--seeds", "1", "--out", "all", *arguments)
    assert ended.code == 2 and said in str(ended.error) and not Path("all").exists()


def test_too_many_pictures_are_refused(tmp_path):
    scene = Scene(prompt=PROMPT, size=(64, 64))
    axes = [farm_plan.parse_axis("steps=4,8")]
    with pytest.raises(CommandError, match="too many"):
        farm_plan.plan([("x", scene)], axes, tuple(range(farm_plan.MOST // 2 + 1)), tmp_path)
