"""wordbrush render --fidelity: how it is written, what it changes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.cli.fidelity_option import parse_fidelity
from app.cli.output import CommandError
from canvas.files import png
from canvas.model.fidelity import FidelityPieces
from tests.app.conftest import PROMPT


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("0.5", 0.5),
        ("containment=0.5,separation=1,gradient=4", FidelityPieces(0.5, 1.0, 4)),
        (" gradient = 10 ", FidelityPieces(gradient_steps=10)),
        ("separation=0.25", FidelityPieces(separation=0.25)),
    ],
)
def test_the_dial_and_its_pieces(text, value):
    assert parse_fidelity(text) == value


BAD = ["", "exact", "-0.1", "1.1", "nan", "inf", "containment", "containment=", "containment=2", "separation=nan",
       "gradient=1.5", "gradient=11", "gradient=-1", "gradient=99999", "gradient=²", "size=1",
       "containment=1,containment=1", "containment=1,"]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_bad_ones_are_refused_with_the_way_to_write_them(text, wordbrush):
    with pytest.raises(CommandError):
        parse_fidelity(text)
    ended = wordbrush("render", "--prompt", "a lake", "--out", "o.png", f"--fidelity={text}", "--json")
    assert ended.code == 2 and "containment=0.5" in ended.error["hint"]


def test_it_acts_and_is_kept_in_the_picture(render, mask):
    def rendered(out: str, *fidelity: str) -> np.ndarray:
        paint = ("--prompt", PROMPT, "--paint", f"lake={mask}", "--paint", f"house={mask}", "--out", out)
        assert render(*paint, *fidelity).code == 0
        return np.asarray(Image.open(out))

    plain = rendered("plain.png", "--fidelity", "0")
    exact = rendered("exact.png", "--fidelity", "containment=1,separation=0.5,gradient=1")
    assert not np.array_equal(plain, exact)
    assert png.load_scene("exact.png").settings.fidelity == FidelityPieces(1.0, 0.5, 1)
    assert png.load_scene("plain.png").settings.fidelity == 0.0
    again = render("exact.png", "--out", "again.png")  # FILE's own
    assert again.code == 0 and np.array_equal(np.asarray(Image.open("again.png")), exact)
    other = render("exact.png", "--out", "other.png", "--fidelity", "0")  # a flag goes before it
    assert other.code == 0 and np.array_equal(np.asarray(Image.open("other.png")), plain)
