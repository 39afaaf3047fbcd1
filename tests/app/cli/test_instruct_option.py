"""`wordbrush render --instruct`: a picture changed as it is told, made again from its file, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from canvas.files import reading
from tests.tiny_instruct import save_instruct


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_instruct(tmp_path_factory.mktemp("models") / "told", kl=False)


@pytest.fixture
def photo() -> Path:
    """A picture of 64x48 in the test's own folder, and a mask of its right half."""
    rgb = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
    Image.fromarray(rgb).save("photo.png")
    Image.fromarray(np.kron(np.array([[0, 255]], np.uint8), np.ones((48, 32), np.uint8))).save("right.png")
    return Path("photo.png")


def pixels(file: str | Path) -> np.ndarray:
    return np.array(Image.open(file).convert("RGB"))


def test_a_picture_is_changed_as_it_is_told_and_made_again(wordbrush, model, photo):
    how = ("--model", model, "--device", "cpu")
    asked = ("render", "--instruct", "make it sky", "--from", photo, "--picture-guidance", "1.8", "--steps", "2")
    ended = wordbrush(*asked, "--selection", "right.png", "--seed", "3", *how, "--out", "is.png", "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["instruct"] == {"picture_guidance": 1.8, "area": 0.5, "name": "photo.png"}
    made, was = pixels("is.png"), pixels(photo)
    assert np.array_equal(made[:, :23], was[:, :23]) and not np.array_equal(made, was), "it keeps its size, too"
    found = reading.read_all(Path("is.png"))
    assert found.scene is not None and found.scene.prompt == "make it sky"
    assert found.begun is not None and found.begun.complete
    assert (found.begun.kind, found.begun.name, found.begun.picture_guidance) == ("instruct", "photo.png", 1.8)
    assert "Image CFG scale: 1.8" in Image.open("is.png").text["parameters"]
    again = wordbrush("render", "is.png", "--again", *how, "--out", "again.png")
    assert again.code == 0 and np.array_equal(pixels("again.png"), made), again.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--instruct", "make it sky"), "no picture to change"),
        (("--prompt", "sky", "--picture-guidance", "2"), "needs --instruct"),
        (("--instruct", "sky", "--prompt", "sky", "--from", "photo.png"), "cannot be combined with --prompt"),
        (("--instruct", "sky", "--from", "photo.png", "--refine", "2"), "cannot be combined with --refine"),
        (("--instruct", "sky", "--from", "photo.png:0.5"), "no strength"),
        (("--instruct", "sky", "--from", "photo.png", "--picture-guidance", "0"), "guidance by the picture"),
    ],
)
def test_what_an_instruction_does_not_go_with_is_told(wordbrush, model, photo, options, says):
    ended = wordbrush("render", *options, "--model", model, "--device", "cpu", "--out", "no.png")
    assert ended.code == 2 and says in ended.err, ended.err
