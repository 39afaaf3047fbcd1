"""Levels of detail: which one is shown, when another comes, and that it shows the scene of now."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.document import Document
from canvas.model.scene import Scene
from canvas.paint.brush import Brush
from canvas.paint.stroke import Stroke
from canvas.view import layers as module
from canvas.view.layers import Layers
from canvas.view.qimage import to_rgb
from tests.canvas.scenes import scene_of

WHOLE = (0, 0, 300, 200)
PICTURE = np.random.default_rng(1).integers(0, 256, (50, 75, 3), dtype=np.uint8)


def shown(scene: Scene, zoom: float) -> np.ndarray:
    """What layers show that have never shown anything else."""
    fresh = Layers(scene.size, list)
    fresh.set_zoom(zoom)
    fresh.set_picture(PICTURE)
    fresh.sync(scene, selected="w2", live=None)
    return to_rgb(fresh.image(WHOLE)[0])


def test_the_level_before_is_shown_until_the_next_is_there_and_that_one_shows_the_scene_of_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LITTLE", 0)
    scene, arrived = scene_of(4, WHOLE[2:]), list[int]()
    layers = Layers(scene.size, lambda: arrived.append(1))
    layers.set_picture(PICTURE)
    layers.sync(scene, selected="w2", live=None)
    assert layers.image(WHOLE)[1] == 0, "nothing else is there to be shown in its place"
    for zoom, level in ((0.4, 1), (1.0, 0), (0.2, 2), (1.0, 0)):
        scene = edits.fill_word(scene, "w1") if level == 0 else edits.clear_word(scene, "w1")
        layers.sync(scene, selected="w2", live=None)
        before = layers.image(WHOLE)[1]
        layers.set_zoom(zoom)
        layers.move()
        assert layers.image(WHOLE)[1] == before != level
        arrived.clear()
        while not arrived:
            assert layers.prepare(0.0001)
        image, now = layers.image(WHOLE)
        assert now == level and np.array_equal(to_rgb(image), shown(scene, zoom))


def test_a_level_that_takes_no_time_is_shown_at_once_and_small_steps_about_a_limit_change_none() -> None:
    scene = scene_of(2, WHOLE[2:])
    layers = Layers(scene.size, list)
    layers.sync(scene, selected=None, live=None)
    for zoom, level in ((1.0, 0), (0.4, 1), (0.52, 0), (0.48, 0), (0.44, 1), (0.05, 4)):
        layers.set_zoom(zoom)
        layers.move()
        image, now = layers.image(WHOLE)
        assert now == level and (image.width(), image.height()) == (-(-300 >> level), -(-200 >> level))


def test_what_a_stroke_took_of_other_words_is_laid_anew_a_few_cells_at_a_time_once_it_is_over() -> None:
    document, renewed = Document(scene_of(4, WHOLE[2:])), list[tuple[int, int, int, int]]()
    for word in document.scene.words:
        document.set_exclusive(word.id, True)
    layers = Layers(document.scene.size, list, renewed.append)
    layers.set_picture(PICTURE)

    def sync() -> list:
        return layers.sync(document.scene, selected="w2", live=document.live)

    sync()
    layers.image(WHOLE)
    stroke = Stroke(document, "w2", Brush(diameter=120))
    stroke.begin(60, 60)
    stroke.extend(240, 140)
    assert sync()
    during = to_rgb(layers.image(WHOLE)[0])
    stroke.commit()
    assert sync() == [] and np.array_equal(to_rgb(layers.image(WHOLE)[0]), during), "nothing waits for it"
    assert layers.prepare(0.0) and len(renewed) > 0
    while layers.prepare(0.01):
        pass
    assert np.array_equal(to_rgb(layers.image(WHOLE)[0]), shown(document.scene, 1.0))
    document.undo()
    sync()
    assert np.array_equal(to_rgb(layers.image(WHOLE)[0]), shown(document.scene, 1.0))
