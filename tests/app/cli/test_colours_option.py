"""`wordbrush render --colours`: taken apart, what it makes, and what is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.colours_option import ColoursOption, parse_colours, take_colours
from app.cli.output import CommandError
from canvas.files import png
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene

PROMPT = "a lake and sky"


@pytest.fixture
def colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """64 x 64 with a red patch, in colours.png here."""
    monkeypatch.chdir(tmp_path)
    rgba = np.zeros((64, 64, 4), np.uint8)
    rgba[8:40, 16:56] = (200, 40, 30, 255)
    Image.fromarray(rgba).save("colours.png")
    return rgba


def test_it_is_taken_apart(colours):
    assert parse_colours("colours.png") == ColoursOption(Path("colours.png"), None)
    assert parse_colours("colours.png:0.7") == ColoursOption(Path("colours.png"), 0.7)
    with pytest.raises(CommandError) as caught:
        parse_colours(":0.5")
    assert caught.value.hint.startswith("Write --colours")


def test_a_picture_begins_from_them_and_carries_them(colours, render):
    render("--prompt", PROMPT, "--out", "plain.png")
    ended = render("--prompt", PROMPT, "--colours", "colours.png:1", "--out", "held.png")
    assert ended.result["colours"] == {"strength": 1.0, "painted": pytest.approx(32 * 40 / 64**2)}
    carried = png.load_scene("held.png").colours
    assert np.array_equal(carried.to_array(), colours) and carried.strength == 1.0
    render("--prompt", PROMPT, "--colours", "colours.png:0", "--out", "none.png")
    shown = {name: np.asarray(Image.open(name)).astype(int) for name in ("plain.png", "held.png", "none.png")}
    assert np.array_equal(shown["none.png"], shown["plain.png"]) and not np.array_equal(*list(shown.values())[:2])
    deep = render("--prompt", PROMPT, "--bits", "16", "--out", "deep.png")
    assert deep.code == 0 and Path("deep.png").read_bytes()[24] == 16  # and the same picture
    assert np.abs(np.asarray(Image.open("deep.png")).astype(int) - shown["plain.png"]).max() <= 1
    assert png.load_scene("deep.png") == png.load_scene("plain.png")
    again = render("held.png", "--out", "again.png")
    assert again.code == 0 and np.array_equal(np.asarray(Image.open("again.png")), shown["held.png"])


def test_a_picture_without_transparency_is_painted_all_over(colours):
    Image.fromarray(colours[..., :3]).save("opaque.png")
    assert take_colours(Scene(size=(64, 64)), parse_colours("opaque.png")).colours.alpha().coverage == 1


@pytest.mark.parametrize("bad", ["missing", "size", "broken", "empty", "strength"])
def test_what_cannot_be_used_is_refused_in_words(colours, bad):
    option, size = "colours.png", (64, 64)
    if bad == "missing":
        option = "nowhere.png"
    elif bad == "size":
        size = (128, 64)
    elif bad == "broken":
        Path("broken.png").write_bytes(Path("colours.png").read_bytes()[:100])
        option = "broken.png"
    elif bad == "empty":
        Image.fromarray(np.zeros_like(colours)).save("empty.png")
        option = "empty.png"
    else:
        option = "colours.png:1.5"
    with pytest.raises((CommandError, CanvasError)) as caught:
        take_colours(Scene(size=size), parse_colours(option))
    assert caught.value.message and caught.value.hint
