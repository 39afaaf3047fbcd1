"""A model's own LoRA for styles acts wherever a style is shown, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine import GenerateRequest, ImageReady, generate
from engine.facts import STYLES
from engine.models.library import Library
from engine.protocol import StyleReference
from tests.tiny import save_deltas, save_tiny
from tests.tiny_conditions import add_conditions

SHOWN = (StyleReference(rgb=np.full((64, 64, 3), (200, 120, 40), np.uint8)),)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = save_tiny(tmp_path / "tiny", prediction="v_prediction")
    (folder / "wordbrush.json").write_text(json.dumps({"steps": 2, "guidance": 2.0}))
    return add_conditions(folder)


def picture(model: Path, styles: tuple[StyleReference, ...]) -> np.ndarray:
    request = GenerateRequest.of(
        id="style", prompt="a castle", styles=styles, width=64, height=64, model=str(model), device="cpu"
    )
    (ready,) = (event for event in generate(request, library=Library()) if isinstance(event, ImageReady))
    return ready.rgb


def test_it_acts_with_styles_and_not_without(model):
    styled, plain = picture(model, SHOWN), picture(model, ())
    save_deltas(model / STYLES)
    assert not np.array_equal(picture(model, SHOWN), styled)
    assert np.array_equal(picture(model, ()), plain)


def test_a_style_of_no_strength_is_none(model):
    unheard = (StyleReference(rgb=SHOWN[0].rgb, strength=0.0),)
    plain = picture(model, unheard)
    save_deltas(model / STYLES)
    assert np.array_equal(picture(model, unheard), plain)
