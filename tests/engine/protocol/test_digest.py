"""A request's own hash: the same for the same picture, another for everything that changes one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from engine import GenerateRequest, PaintedWord, StyleReference
from engine.protocol.digest import digest


def _request(**changes) -> GenerateRequest:
    mask = np.zeros((64, 64), np.uint8)
    mask[:32] = 255
    word = PaintedWord(span=(2, 6), mask=mask, revision=7)
    return GenerateRequest.of(id="1", prompt="a lake", words=(word,), seed=3, width=64, height=64).replace(**changes)


def test_what_no_picture_depends_on_changes_nothing():
    first = _request()
    word = dataclasses.replace(first.text.words[0], revision=8, mask=first.text.words[0].mask.copy())
    assert digest(first) == digest(_request(id="other", previews=False, words=(word,)))
    assert len(digest(first)) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 4},
        {"steps": 3},
        {"prompt": "a lakf"},
        {"negative": "a"},
        {"model": "other"},
        {"guidance": 3.0},
        {"deep": True},
        {"count": 2},
        {"styles": (StyleReference(rgb=np.zeros((8, 8, 3), np.uint8)),)},
        {"words": ()},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_changes_a_picture_changes_the_hash(changes):
    assert digest(_request()) != digest(_request(**changes))


def test_paint_counts_by_its_values_shape_and_strength():
    word = _request().text.words[0]
    for other in (
        dataclasses.replace(word, strength=0.5),
        dataclasses.replace(word, mask=255 - word.mask),
        dataclasses.replace(word, mask=word.mask.reshape(32, 128)),
        dataclasses.replace(word, mask=word.mask.astype(np.float32)),
    ):
        assert digest(_request()) != digest(_request(words=(other,)))


def test_a_field_that_has_its_default_is_as_if_it_were_not_there():
    """Else every picture of a farm would be made again after an update that adds a setting."""
    spelled = _request(structured=_request().conditioning.structured, negative="")
    assert digest(spelled) == digest(_request())
