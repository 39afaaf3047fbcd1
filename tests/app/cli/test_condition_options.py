"""wordbrush render with encoders and styles: how they are written, what they change, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.condition_options import parse_encoders, parse_style
from app.cli.output import CommandError
from canvas.files import ora, png
from canvas.files.image_io import style_picture
from canvas.model import edits
from tests.app.conftest import PROMPT, painted_scene

RGB = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)


@pytest.fixture
def look() -> Path:
    """A picture to take the look of; in the working folder."""
    Image.fromarray(RGB).save("dusk.png")
    return Path("dusk.png")


@pytest.fixture
def conditioned(render, conditioned_folder):
    """Runs `render` with the model that has all encoders."""
    return lambda *arguments: render(*arguments, "--model", conditioned_folder)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("clip,t5", (("clip", 1.0), ("t5", 1.0))),
        ("t5", (("t5", 1.0),)),
        ("t5, clip:0.5", (("clip", 0.5), ("t5", 1.0))),
        ("clip:0,t5:1", (("clip", 0.0), ("t5", 1.0))),
    ],
)
def test_encoders_are_read(text, weights):
    assert parse_encoders(text) == weights


@pytest.mark.parametrize(
    "text", ["", "bert", "clip,clip", "clip:", "clip:2", "clip:-0.1", "clip:nan", "clip:x", "clip;t5"]
)
def test_encoders_that_mean_nothing_are_told(text):
    with pytest.raises(CommandError) as caught:
        parse_encoders(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "file", "strength"),
    [
        ("a.png", "a.png", 1.0),
        ("a.png:1.5", "a.png", 1.5),
        ("C:\\looks\\a.png", "C:\\looks\\a.png", 1.0),
        ("a:b.png", "a:b.png", 1.0),
        ("a:2:0.5", "a:2", 0.5),
        ("a.png:much", "a.png:much", 1.0),
    ],
)
def test_a_style_is_split_at_the_last_colon_before_a_number(text, file, strength):
    option = parse_style(text)
    assert (str(option.file), option.strength) == (file, strength)


def test_a_style_changes_the_picture_and_is_carried_by_it(conditioned, look):
    plain = conditioned("--prompt", PROMPT, "--out", "plain.png")
    styled = conditioned("--prompt", PROMPT, "--style", f"{look}:1.5", "--out", "styled.png")
    assert styled.code == 0 and plain.result["styles"] == []
    assert styled.result["styles"] == [{"name": "dusk", "strength": 1.5, "semantic": 0.0, "area": False}]
    assert not np.array_equal(np.asarray(Image.open("plain.png")), np.asarray(Image.open("styled.png")))
    (style,) = png.load_scene("styled.png").styles
    assert (style.name, style.strength, style.picture) == ("dusk", 1.5, style_picture(RGB))


def test_each_choice_of_encoders_makes_a_picture_of_its_own(conditioned):
    pictures = set()
    for text, heard in (
        ("clip", {"clip": 1.0}),
        ("t5", {"t5": 1.0}),
        ("clip,t5", {"clip": 1.0, "t5": 1.0}),
        ("clip:0.5,t5", {"clip": 0.5, "t5": 1.0}),
    ):
        ended = conditioned("--prompt", PROMPT, "--encoders", text)
        assert ended.code == 0 and ended.result["encoders"] == heard
        pictures.add(Path("out.png").read_bytes())
        assert dict(png.load_scene("out.png").settings.encoders) == heard
    assert len(pictures) == 4


def test_without_a_choice_all_encoders_of_the_model_are_named(render, conditioned):
    assert conditioned("--prompt", PROMPT).result["encoders"] == {"clip": 1.0, "t5": 1.0}
    assert render("--prompt", PROMPT).result["encoders"] == {"clip": 1.0}


def test_a_picture_makes_itself_again_and_flags_go_before_what_it_carries(conditioned, look):
    conditioned("--prompt", PROMPT, "--style", f"{look}:0.5", "--encoders", "t5", "--out", "a.png")
    again = conditioned("a.png", "--out", "b.png")
    assert np.array_equal(np.asarray(Image.open("a.png")), np.asarray(Image.open("b.png")))
    assert again.result["encoders"] == {"t5": 1.0} and again.result["styles"][0]["strength"] == 0.5
    other = conditioned("a.png", "--style", look, "--style", f"{look}:2", "--encoders", "clip")
    assert [style["strength"] for style in other.result["styles"]] == [1.0, 2.0]
    assert other.result["encoders"] == {"clip": 1.0}


def test_a_painted_style_of_a_scene_file_acts_where_it_is_painted(conditioned):
    scene, style_id = edits.add_style(painted_scene(), "dusk", style_picture(RGB))
    unpainted = edits.set_style_area(scene, style_id, True)
    ora.save("unpainted.ora", unpainted)
    ora.save("painted.ora", edits.set_mask(unpainted, style_id, scene.masks["w1"]))
    assert conditioned("unpainted.ora").result["styles"] == []
    assert conditioned("painted.ora").result["styles"][0]["area"] is True


def bad_pictures() -> dict[str, Path]:
    Path("text.png").write_text("no picture")
    Image.new("1", (50_000, 3000)).save("wide.png")
    os.mkdir("folder.png")
    return {
        "missing": Path("none.png"),
        "text": Path("text.png"),
        "wide": Path("wide.png"),
        "folder": Path("folder.png"),
    }


@pytest.mark.parametrize("which", ["missing", "text", "wide", "folder"])
def test_a_style_that_is_no_picture_is_bad_use(conditioned, which):
    ended = conditioned("--prompt", PROMPT, "--style", bad_pictures()[which])
    assert ended.code == 2 and ended.error["type"] == "BadReference" and ended.error["hint"]
    assert not Path("out.png").exists()


def test_see_through_parts_are_laid_on_white(conditioned):
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save("clear.png")
    assert conditioned("--prompt", PROMPT, "--style", "clear.png").code == 0
    (style,) = png.load_scene("out.png").styles
    assert style.picture == style_picture(np.full((20, 30, 3), 255, np.uint8))


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["--style", "dusk.png:3"], "SceneError"),
        (["--style", "dusk.png:-1"], "SceneError"),
        (["--style", ":1"], "CommandError"),
        (["--style", "dusk.png"] * 9, "CommandError"),
        (["--encoders", "clip:0,t5:0"], "BadRequest"),
        (["--encoders", "bert"], "CommandError"),
    ],
    ids=str,
)
def test_values_out_of_range_are_bad_use(conditioned, look, arguments, kind):
    ended = conditioned("--prompt", PROMPT, *arguments)
    assert ended.code == 2 and ended.error["type"] == kind and ended.error["hint"]


def test_a_word_for_a_strength_is_recognised(conditioned, look):
    ended = conditioned("--prompt", PROMPT, "--style", "dusk.png:much")
    assert ended.code == 2 and '"much" is not a strength' in ended.error["hint"]


@pytest.mark.parametrize("arguments", [["--style", "dusk.png"], ["--encoders", "t5"]], ids=["style", "encoder"])
def test_a_model_that_lacks_it_is_told_before_it_is_loaded(render, look, arguments):
    ended = render("--prompt", PROMPT, *arguments)
    assert ended.code == 2 and ended.error["type"] == "BadRequest" and "model" in ended.error["hint"]
    assert "loading" not in ended.err
