"""A picture is described by what the segmenter sees; what was asked for and is not seen is missing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.describing import drawn
from engine.describing.drawn import describe, largest_piece, missing
from engine.errors import UnsupportedModel
from engine.world.scenes import HELD_OUT, NAMES, render_scene


@pytest.fixture(scope="module")
def scene():
    """A drawn scene that was never trained on."""
    return render_scene(HELD_OUT + 20_000_003)


def test_names_come_from_the_largest_on_each_where_it_is(scene):
    found = describe(scene.rgb, known=NAMES)
    assert set(scene.names) <= {word.name for word in found.words}
    areas = [word.area for word in found.words]
    assert areas == sorted(areas, reverse=True) and sum(areas) <= 1
    for word in found.words:
        assert found.caption[slice(*word.span)] == word.name and word.mask.shape == scene.rgb.shape[:2]
        if word.name in scene.names and word.area > 0.05:
            true = scene.labels == NAMES.index(word.name)
            both = (word.mask > 127) & true
            assert both.sum() / ((word.mask > 127) | true).sum() > 0.7, word.name


def test_pictures_of_any_size_are_looked_at_as_large_as_the_segmenter_knows_things(scene):
    large = np.kron(scene.rgb, np.ones((3, 3, 1), np.uint8))[:, :700]
    found = describe(large, known=NAMES)
    assert found.words and all(word.mask.shape == (768, 700) for word in found.words)
    first = found.words[0].name
    assert describe(scene.rgb, known=(first,)).caption == first, "only what the model knows is told"
    assert describe(np.zeros((20, 900, 3), np.uint8), known=NAMES).caption is not None


def test_what_is_not_seen_is_missing(scene):
    seen = scene.items[0].phrase
    other = next(name for name in NAMES if name not in describe(scene.rgb, known=NAMES, least=1e-9).caption.split(", "))
    assert missing(scene.rgb, (seen, f"a red {other}", "a dragon"), known=NAMES) == (False, True, False)


def test_nothing_is_told_without_known_names(monkeypatch):
    grey = np.full((64, 64, 3), 128, np.uint8)
    for known in ((), ("dragon",)):
        with pytest.raises(UnsupportedModel):
            describe(grey, known=known)
    monkeypatch.setattr(drawn, "segmenter", lambda: None)
    with pytest.raises(UnsupportedModel):
        describe(grey, known=NAMES)


class Scattered:
    """A segmenter that takes the upper half for a lake, and single places in it for a forest."""

    names = ("lake", "forest", "sky")

    def scores(self, rgb):
        height, width = rgb.shape[:2]
        scores = np.zeros((3, height, width), np.float32)
        scores[0, : height // 2], scores[2, height // 2 :] = 1.0, 1.0
        scores[1, 2 : height // 2 : 3, 2::3] = 2.0
        return scores


def test_a_name_needs_one_large_piece_and_its_specks_go_to_the_likeliest_other(monkeypatch):
    monkeypatch.setattr(drawn, "segmenter", Scattered)
    found = describe(np.zeros((256, 256, 3), np.uint8), known=Scattered.names)
    assert found.caption == "lake, sky"
    assert found.words[0].area == 0.5 and bool((found.words[0].mask[:128] == 255).all())
    pieces = np.zeros((10, 10), bool)
    pieces[:2, :3], pieces[5, 5] = True, True
    assert largest_piece(pieces) == 0.06 and largest_piece(np.zeros((4, 4), bool)) == 0.0


@pytest.mark.parametrize(("level", "told"), [(25, "night sky"), (110, "aurora")])
def test_an_aurora_without_light_is_a_night_sky(level, told, monkeypatch):
    class Northern:
        names = ("aurora", "night sky")

        def scores(self, rgb):
            return np.stack([np.full(rgb.shape[:2], 2.0, np.float32), np.zeros(rgb.shape[:2], np.float32)])

    monkeypatch.setattr(drawn, "segmenter", Northern)
    sky = np.full((256, 256, 3), level, np.uint8)
    assert describe(sky, known=Northern.names).caption == told
    assert missing(sky, Northern.names, known=Northern.names) == (told != "aurora", told != "night sky")
