"""A picture is described by what the recogniser sees; what was asked for and is not seen is missing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.describing import drawn
from engine.describing.drawn import describe, largest_piece, missing
from engine.errors import UnsupportedModel
from tests.colour_recogniser import COLOURS, landscape, recogniser_of_colours

KNOWN = tuple(COLOURS)


@pytest.fixture(autouse=True)
def judge(monkeypatch):
    judge = recogniser_of_colours()
    monkeypatch.setattr(drawn, "recogniser", lambda: judge)


def test_names_come_from_the_largest_on_each_where_it_is():
    rgb, places = landscape()
    found = describe(rgb, known=KNOWN)
    assert {word.name for word in found.words} == set(places)
    areas = [word.area for word in found.words]
    assert areas == sorted(areas, reverse=True) and sum(areas) <= 1
    for word in found.words:
        assert found.caption[slice(*word.span)] == word.name and word.mask.shape == rgb.shape[:2]
        both = (word.mask > 127) & (places[word.name] > 0)
        assert both.sum() / ((word.mask > 127) | (places[word.name] > 0)).sum() > 0.9, word.name


def test_pictures_of_any_size_are_looked_at_as_large_as_the_recogniser_knows_things():
    rgb, _ = landscape()
    large = np.kron(rgb, np.ones((3, 3, 1), np.uint8))[:, :700]
    found = describe(large, known=KNOWN)
    assert found.words and all(word.mask.shape == (768, 700) for word in found.words)
    first = found.words[0].name
    assert describe(rgb, known=(first,)).caption == first, "only what the model knows is told"
    assert describe(np.zeros((20, 900, 3), np.uint8), known=KNOWN).caption is not None


def test_what_is_not_seen_is_missing():
    rgb, _ = landscape()
    asked = ("a red house", "a sun", "a meadow", "a dragon")
    assert missing(rgb, asked, known=KNOWN) == (False, True, False, False)


def test_nothing_is_told_without_known_names(monkeypatch):
    grey = np.full((64, 64, 3), 128, np.uint8)
    for known in ((), ("dragon",)):
        with pytest.raises(UnsupportedModel):
            describe(grey, known=known)
    monkeypatch.setattr(drawn, "recogniser", lambda: None)
    with pytest.raises(UnsupportedModel):
        describe(grey, known=KNOWN)


class Scattered:
    """A recogniser that takes the upper half for a lake, and single places in it for a forest."""

    names = ("lake", "forest", "sky")

    def scores(self, rgb):
        height, width = rgb.shape[:2]
        scores = np.zeros((3, height, width), np.float32)
        scores[0, : height // 2], scores[2, height // 2 :] = 1.0, 1.0
        scores[1, 2 : height // 2 : 3, 2::3] = 2.0
        return scores


def test_a_name_needs_one_large_piece_and_its_specks_go_to_the_likeliest_other(monkeypatch):
    monkeypatch.setattr(drawn, "recogniser", Scattered)
    found = describe(np.zeros((256, 256, 3), np.uint8), known=Scattered.names)
    assert found.caption == "lake, sky"
    assert found.words[0].area == 0.5 and bool((found.words[0].mask[:128] == 255).all())
    pieces = np.zeros((10, 10), bool)
    pieces[:2, :3], pieces[5, 5] = True, True
    assert largest_piece(pieces) == 0.06 and largest_piece(np.zeros((4, 4), bool)) == 0.0
