"""Working on a picture: repaint a selection or a word's paint, vary, fill, refine; each begins from what is shown."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from canvas.files import png
from canvas.model.scene import Scene, Settings
from canvas.paint import selecting, shapes


@pytest.fixture
def painter(make_window, tiny: Settings):
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)


@pytest.fixture
def with_picture(painter):
    painter.generate()
    return painter


def select(painter, box: tuple[int, int, int, int]) -> None:
    scene = painter.window.document.scene
    patch = shapes.rectangle(box[:2], box[2:], scene.size)
    painter.window.document.apply(scene.replace(selection=selecting.of_patch(patch, scene.size)), "Select")


def last(painter):
    return [request for request in painter.executor.requests if not request.live][-1]


def wait(painter) -> None:
    painter.qtbot.waitUntil(lambda: not len(painter.window.session.jobs), timeout=30_000)


def test_without_a_picture_there_is_nothing_to_work_on(painter):
    table = painter.window.actions_table
    assert not any(table[f"rework.{name}"].isEnabled() for name in ("repaint", "vary", "refine"))
    select(painter, (8, 8, 40, 40))
    assert not painter.window.rework_bar.isVisible()


def test_a_selection_is_repainted_from_the_bar_with_its_strength(with_picture):
    shown, bar = with_picture.window.shown.rgb, with_picture.window.rework_bar
    assert not bar.isVisible()
    select(with_picture, (8, 8, 40, 60))
    assert bar.isVisible() and bar.button.text() == "Repaint" and bar.width() >= bar.sizeHint().width()
    bar.slider.set_value(40)
    with_picture.click(bar.button)
    wait(with_picture)
    start = last(with_picture).start
    assert np.array_equal(start.rgb, shown) and start.strength == pytest.approx(0.4)
    assert start.mask[20, 20] == 255 and start.mask[4, 4] == 0
    assert with_picture.window.shown.rgb is not shown, "the result is on the canvas"


def test_the_chosen_words_paint_is_what_is_made_anew_without_a_selection(with_picture):
    document = with_picture.window.document
    word = document.add_word((2, 6))
    with_picture.window.session.choose_word(word)
    with_picture.window.actions_table["rework.repaint"].trigger()
    assert last(with_picture).start is None, "it has no paint yet"
    patch = shapes.rectangle((10, 10), (20, 20), (64, 64))
    document.apply(document.scene.with_mask(word, selecting.of_patch(patch, (64, 64))), "Paint")
    with_picture.control(Qt.Key.Key_R, widget=with_picture.window.view)
    start = last(with_picture).start
    assert start.mask.sum() == 255 * 100 and start.context is not None, "a small area is worked on by itself"
    wait(with_picture)


def test_a_variation_begins_from_the_picture_with_another_seed(with_picture):
    shown, before = with_picture.window.shown.rgb, last(with_picture).picture.seed
    with_picture.window.actions_table["rework.vary"].trigger()
    request = last(with_picture)
    assert request.start.mask is None and np.array_equal(request.start.rgb, shown) and request.picture.seed != before
    assert with_picture.window.document.scene.settings.seed == before, "the scene keeps its own"
    wait(with_picture)


def test_refine_asks_for_twice_the_size(with_picture):
    with_picture.window.actions_table["rework.refine"].trigger()
    request = last(with_picture)
    assert request.refine.scale == 2 and request.start.strength == 0
    began_from = with_picture.window.shown.result.name
    wait(with_picture)
    kept = png.read_all(with_picture.window.shown.result)
    assert "Size: 128x128" in kept.parameters and f"Init image: {began_from}" in kept.parameters
    assert kept.scene.size == (64, 64) and np.array_equal(kept.begun.rgb, request.start.rgb)


def test_a_larger_canvas_is_filled_around_the_picture(with_picture):
    shown, bar = with_picture.window.shown.rgb, with_picture.window.rework_bar
    _crop(with_picture, (128, 64))
    assert bar.isVisible() and bar.button.text() == "Fill" and not bar.slider.isVisible()
    with_picture.click(bar.button)
    start = last(with_picture).start
    assert start.rgb.shape == (64, 128, 3) and start.mask[32, 2] == 255 and start.mask[32, 64] == 0
    assert np.array_equal(start.rgb[:, 56:72], shown[:, 24:40])
    wait(with_picture)


def _crop(painter, size: tuple[int, int]) -> None:
    painter.window.session.crop(size, (0.5, 0.5))
