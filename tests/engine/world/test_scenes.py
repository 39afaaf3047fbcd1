"""The world is the same for the same seed, and says exactly what is where."""

from __future__ import annotations

import numpy as np
import pytest

from engine.world.scenes import NAMES, SMALLEST_SHARE, free_scene, render_scene
from engine.world.textures import FARS, GROUNDS, SKIES

MAKERS = (render_scene, free_scene)


def test_there_are_at_least_24_names_and_none_twice() -> None:
    assert len(NAMES) >= 24
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("make", MAKERS)
def test_a_seed_gives_the_same_picture_and_another_seed_another(make) -> None:
    first, again, other = make(5), make(5), make(6)
    assert np.array_equal(first.rgb, again.rgb)
    assert np.array_equal(first.labels, again.labels)
    assert first.caption == again.caption
    assert not np.array_equal(first.rgb, other.rgb)


@pytest.mark.parametrize("make", MAKERS)
def test_words_stand_in_the_caption_where_their_spans_say_and_own_their_labels(make) -> None:
    for seed in range(12):
        render = make(seed)
        assert render.rgb.shape == (256, 256, 3)
        assert render.labels.shape == (256, 256)
        owned = np.zeros((256, 256), int)
        for (phrase, (start, end), mask), item in zip(render.words(), render.items, strict=True):
            assert render.caption[start:end] == phrase
            assert set(np.unique(mask)) <= {0, 255}
            assert (mask > 0).mean() >= SMALLEST_SHARE
            assert np.all(render.labels[mask > 0] == NAMES.index(item.name))
            owned += mask > 0
        assert owned.max() == 1, "areas never overlap"


@pytest.mark.parametrize("make", MAKERS)
def test_two_of_a_kind_are_told_apart_by_their_colours(make) -> None:
    doubles = 0
    for seed in range(50):
        render = make(seed)
        phrases = [item.phrase for item in render.items]
        doubles += len(set(render.names)) < len(phrases)
        assert len(set(phrases)) == len(phrases), render.caption
    assert doubles > 0


def test_a_world_landscape_has_its_sky_above_and_its_ground_below() -> None:
    skies = [NAMES.index(name) for name in SKIES]
    grounds = [NAMES.index(name) for name in GROUNDS]
    for seed in range(10):
        labels = render_scene(seed).labels
        assert np.isin(labels[-4:], skies).mean() == 0
        assert np.isin(labels[:4], grounds).mean() == 0


def test_a_free_layout_puts_any_name_anywhere() -> None:
    above = {NAMES[label] for seed in range(40) for label in np.unique(free_scene(seed).labels[:8])}
    assert above >= {*SKIES, *FARS, *GROUNDS}


def test_the_caption_never_depends_on_the_layout() -> None:
    # The same words come in every order: no position in the text stands for one in the picture.
    firsts = [render_scene(seed).names[0] for seed in range(40)]
    assert len({name for name in firsts if name in SKIES}) > 0
    assert len({name for name in firsts if name in GROUNDS}) > 0
