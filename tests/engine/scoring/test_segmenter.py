"""The segmenter that judges the layout lab can be trusted on pictures it never saw."""

from __future__ import annotations

import numpy as np
import pytest

from engine.scoring import segmenter
from engine.world.scenes import HELD_OUT, NAMES, free_scene, render_scene


def test_at_least_95_of_100_pixels_of_unseen_renders_are_labelled_right() -> None:
    renders = [(render_scene if i % 2 else free_scene)(HELD_OUT + 500 + i) for i in range(24)]
    predicted = segmenter.load().predict(np.stack([render.rgb for render in renders]))
    assert predicted.shape == (24, 256, 256)
    assert predicted.max() < len(NAMES)
    assert np.mean(predicted == np.stack([render.labels for render in renders])) >= 0.95


def test_the_file_names_the_worlds_names_in_their_order() -> None:
    assert segmenter.load().names == NAMES


def test_a_missing_file_is_told(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        segmenter.load(tmp_path)


def test_features_tell_pictures_apart_and_do_not_depend_on_the_batch() -> None:
    judge = segmenter.load()
    rgb = np.stack([render_scene(HELD_OUT + i).rgb for i in range(3)])
    together = judge.features(rgb)
    assert together.shape == (3, 592)
    assert np.allclose(together[1], judge.features(rgb[1:2])[0], atol=1e-4)
    assert np.abs(together[0] - together[1]).max() > 0.01
