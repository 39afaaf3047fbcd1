"""Short forms of `wordbrush render` make the same pictures as what they stand for, and say what they lack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tiny_instruct import save_instruct

PROMPT = "a lake and sky"


@pytest.fixture
def made(wordbrush, tiny_sd_folder: Path, tmp_path: Path):
    """Renders with a tiny model; returns the picture."""

    def made(*options: str | Path, model: Path = tiny_sd_folder) -> np.ndarray:
        file = tmp_path / f"made-{len([*tmp_path.iterdir()])}.png"
        ended = wordbrush("render", *options, "--steps", "2", "--model", model, "--device", "cpu", "--out", file)
        assert ended.code == 0, ended.err
        return np.array(Image.open(file).convert("RGB"))

    return made


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    """The right half of a picture of 64x64."""
    Image.fromarray(np.kron(np.array([[0, 255]], np.uint8), np.ones((64, 32), np.uint8))).save(tmp_path / "mask.png")
    return tmp_path / "mask.png"


@pytest.fixture
def was(made, mask: Path, tmp_path: Path) -> Path:
    """A picture that carries its scene."""
    made("--prompt", PROMPT, "--paint", f"lake={mask}", "--size", "64x64", "--seed", "3", "--bits", "8")
    return next(tmp_path.glob("made-*.png"))


def test_an_edit_is_an_edit_from_the_file(made, was) -> None:
    short = made(was, "--edit", "a house and sky", "--keep", "0.5")
    long = made("--edit-from", was, "--prompt", "a house and sky", "--keep-cross", "0.5", "--keep-self", "0.5")
    assert np.array_equal(short, long)
    other = made(was, "--edit", "a house and sky", "--keep", "0.5", "--keep-self", "1")
    assert not np.array_equal(short, other), "what is given itself counts"


def test_a_selection_is_repainted(made, was, mask) -> None:
    short = made("--source", f"{was}:0.8", "--prompt", PROMPT, "--selection", mask)
    assert np.array_equal(short, made("--from", f"{was}:0.8", "--prompt", PROMPT, "--repaint", mask))
    before = np.array(Image.open(was).convert("RGB"))
    assert np.array_equal(short[:, :32], before[:, :32]) and not np.array_equal(short, before)


def test_an_instruction_is_about_the_file(made, was, mask, tmp_path) -> None:
    model = save_instruct(tmp_path / "models" / "told", kl=False)
    short = made(was, "--instruct", "make it sky", "--selection", mask, model=model)
    assert np.array_equal(short, made("--from", was, "--instruct", "make it sky", "--selection", mask, model=model))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--edit", "sky"), "no picture to edit"),
        (("was.png", "--edit", "sky", "--prompt", "sky"), "--edit cannot be combined with --prompt"),
        (("was.png", "--edit", "sky", "--instruct", "sky"), "--edit cannot be combined with --instruct"),
        (("--prompt", "sky", "--keep", "0.5"), "--keep needs an edit"),
        (("was.png", "--selection", "gone.png"), 'no file "gone.png"'),
        (("was.png", "--selection", "a.png", "--repaint", "sky"), "--selection cannot be combined with --repaint"),
        (("was.png", "--edit", "sky", "--selection", "a.png"), "--selection cannot be combined with --edit"),
    ],
)
def test_what_a_short_form_lacks_is_said(wordbrush, options, says) -> None:
    ended = wordbrush("render", *options, "--out", "no.png")
    assert ended.code == 2 and says in ended.err
