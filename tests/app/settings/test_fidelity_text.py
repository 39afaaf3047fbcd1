"""What the dial switches on, in words."""

from __future__ import annotations

import dataclasses

import pytest

from app.settings.fidelity_text import LOOSE, in_words, pieces_of
from canvas.model.fidelity import FidelityPieces
from engine.attention.fidelity import at_dial


@pytest.mark.parametrize("dial", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_the_dial_is_the_engines(dial):
    assert dataclasses.asdict(pieces_of(dial)) == dataclasses.asdict(at_dial(dial))
    assert pieces_of(None, own=dial) == pieces_of(dial)


def test_each_piece_is_named_and_those_that_are_off_are_not():
    text = in_words(FidelityPieces(containment=0.5, separation=0.25, gradient_steps=3))
    assert "50%" in text and "25%" in text and "3 steps" in text
    assert in_words(FidelityPieces(separation=1.0)) == "Areas kept apart (100%)."
    assert "first step " in in_words(FidelityPieces(gradient_steps=1)).lower()
    assert in_words(0.0) == in_words(FidelityPieces()) == in_words(None) == LOOSE
