"""What a request begins from, and its second pass, are checked with messages that say what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.errors import BadMask, BadRequest
from engine.protocol import GenerateRequest, Refinement, StartPicture
from engine.validation import check_request

RGB = np.zeros((64, 96, 3), np.uint8)
MASK = np.full((64, 96), 255, np.uint8)


def checked(start: Any = None, refine: Any = None) -> None:
    check_request(GenerateRequest.of(id="r", prompt="a lake", width=96, height=64, start=start, refine=refine))


@pytest.mark.parametrize("mask", [None, MASK])
def test_what_fits_is_taken(mask: np.ndarray | None):
    checked(StartPicture(rgb=RGB, strength=0.0, mask=mask, context=0), Refinement(scale=4, strength=1.0))


@pytest.mark.parametrize(
    ("start", "kind", "says"),
    [
        (StartPicture(rgb=RGB[..., 0]), BadRequest, "not an RGB picture"),
        (StartPicture(rgb=RGB.astype(np.float32)), BadRequest, "not an RGB picture"),
        (StartPicture(rgb=RGB[:32]), BadRequest, "is 96x32, but the picture is 96x64"),
        (StartPicture(rgb=RGB, strength=1.5), BadRequest, "The strength"),
        (StartPicture(rgb=RGB, strength=float("nan")), BadRequest, "The strength"),
        (StartPicture(rgb=RGB, context=-1), BadRequest, "The context"),
        (StartPicture(rgb=RGB, mask=RGB), BadMask, "one byte for each pixel"),
        (StartPicture(rgb=RGB, mask=MASK[:, :64]), BadMask, "is 64x64, but the picture is 96x64"),
        (StartPicture(rgb=RGB, mask=MASK * 0), BadMask, "The repaint mask is empty"),
    ],
)
def test_a_start_that_does_not_fit_is_refused(start: StartPicture, kind: type[BadRequest], says: str):
    with pytest.raises(kind, match=says) as caught:
        checked(start)
    assert caught.value.hint


@pytest.mark.parametrize("refine", [Refinement(scale=1), Refinement(scale=5), Refinement(strength=-0.1)])
def test_a_second_pass_out_of_range_is_refused(refine: Refinement):
    with pytest.raises(BadRequest, match=r"The (scale|strength of the refinement)"):
        checked(refine=refine)


def test_a_refined_picture_that_would_be_too_large_is_refused():
    with pytest.raises(BadRequest, match="16384 pixels") as caught:
        check_request(GenerateRequest.of(id="r", prompt="a", width=4096, height=64, refine=Refinement(scale=4)))
    assert "8192" in caught.value.hint
