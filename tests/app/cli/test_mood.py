"""wordbrush mood, and render --mood: made, listed, used, carried by the picture, removed; what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.mood_option import MoodOption, parse_mood
from app.cli.output import CommandError
from app.storage.result_marks import change_stars
from canvas.files import png
from tests.app.conftest import PROMPT


@pytest.fixture
def liked() -> Path:
    """A folder with two pictures; in the working folder."""
    folder = Path("liked")
    folder.mkdir()
    for number in range(2):
        rgb = np.random.default_rng(number).integers(0, 256, (40, 50, 3), dtype=np.uint8)
        Image.fromarray(rgb).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def mood(wordbrush, conditioned_folder):
    """Runs `wordbrush mood --json` for the model that has all encoders."""
    return lambda *given: wordbrush("mood", *given, "--model", conditioned_folder, "--device", "cpu", "--json")


@pytest.mark.parametrize(
    ("text", "name", "weight"),
    [("dusk", "dusk", 1.0), ("a: b:0.5", "a: b", 0.5), ("dusk:-1", "dusk", -1.0), ("C:\\x.sft", "C:\\x.sft", 1.0)],
)
def test_a_mood_is_taken_apart(text, name, weight):
    assert parse_mood(text) == MoodOption(name, weight)


def test_a_mood_is_made_listed_used_kept_in_the_picture_and_removed(mood, wordbrush, render, conditioned_folder, liked):
    made = mood("dusk", liked / "0.png", "--against", liked / "1.png")
    assert made.code == 0, made.err
    assert (made.result["mood"], made.result["liked"], made.result["usual"]) == ("dusk", 1, 1)
    file = Path(made.result["file"])
    assert file.is_file() and wordbrush("mood", "--list").out == "dusk\n"
    plain = render("--prompt", PROMPT, "--model", conditioned_folder, "--out", "plain.png")
    used = render("--prompt", PROMPT, "--model", conditioned_folder, "--mood", "dusk:0.8", "--out", "used.png")
    assert plain.result["mood"] is None and used.result["mood"] == {"name": "dusk", "weight": 0.8}, used.err
    pixels = {name: np.asarray(Image.open(f"{name}.png")) for name in ("plain", "used")}
    assert not np.array_equal(pixels["plain"], pixels["used"])
    settings = png.load_scene("used.png").settings
    assert (settings.mood, settings.mood_weight) == ("dusk", 0.8)
    assert render("used.png", "--model", conditioned_folder, "--out", "again.png").code == 0
    assert np.array_equal(np.asarray(Image.open("again.png")), pixels["used"])
    render("--prompt", PROMPT, "--model", conditioned_folder, "--mood", f"{file}:0.8", "--out", "path.png")
    assert png.load_scene("path.png").settings.mood == "dusk"  # a picture names no folder
    assert wordbrush("mood", "dusk", "--remove").code == 0 and not file.exists()
    gone = render("used.png", "--model", conditioned_folder, "--out", "again.png")
    assert gone.code == 2 and "no mood" in gone.error["message"], gone.err


def test_of_a_folder_a_mood_is_made_on_the_way(render, wordbrush, conditioned_folder, liked):
    ended = render("--prompt", PROMPT, "--model", conditioned_folder, "--taste", f"{liked}:0.5")
    assert ended.code == 0, ended.err
    assert ended.result["mood"] == {"name": "liked", "weight": 0.5} and wordbrush("mood", "--list").out == "liked\n"


def test_starred_results_are_compared_with_the_others(mood, tmp_path, liked):
    none = mood("stars", "--starred")
    assert none.code == 2 and "star" in none.error["message"]
    results = tmp_path / "home" / "results"
    results.mkdir(parents=True)
    for file in liked.iterdir():
        file.rename(results / file.name)
    change_stars(results, "1.png", True)
    made = mood("stars", "--starred")
    assert made.code == 0 and (made.result["liked"], made.result["usual"]) == (1, 1)


def test_what_is_wrong_is_said(mood, wordbrush, render, conditioned_folder, liked):
    assert mood().error["type"] == "CommandError"
    assert mood("x").error["type"] == "BadRequest"
    assert mood("x", "gone.png").error["message"] == 'There is no file "gone.png".'
    assert mood("a/b", liked).error["type"] == "BadRequest"
    assert wordbrush("mood", "--list").out.startswith("There are no moods")
    with pytest.raises(CommandError):
        parse_mood(":0.5")
    mood("x", liked)
    far = render("--prompt", PROMPT, "--model", conditioned_folder, "--mood", "x:3")
    assert far.code == 2 and "strength of the mood" in far.error["message"].lower()
    cannot = render("--prompt", PROMPT, "--mood", "x")  # a model without an image encoder
    assert cannot.code and "IP-Adapter" in cannot.error["message"], cannot.err
