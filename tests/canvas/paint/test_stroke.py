"""Strokes: opacity caps a stroke, pressure is repaired, one stroke is one undo step."""

from __future__ import annotations

import math

import numpy as np
import pytest

from canvas.model.document import Document
from canvas.model.errors import StrokeError
from canvas.model.scene import Scene
from canvas.model.scene_diff import Change
from canvas.model.tiled_mask import FULL, TiledMask
from canvas.paint.brush import Brush, make_dab
from canvas.paint.stroke import Samples, Stroke

HARD = Brush(diameter=40, hardness=1.0)


@pytest.fixture
def document() -> Document:
    document = Document(Scene("a cat", size=(300, 200)))
    document.add_word((2, 5))
    return document


def draw(document: Document, brush: Brush, *points: tuple[float, ...]) -> np.ndarray:
    stroke = Stroke(document, "w1", brush)
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)
    stroke.commit()
    return document.scene.masks["w1"].to_array()


def test_one_press_paints_one_dab(document: Document) -> None:
    painted = draw(document, Brush(diameter=50, hardness=0.3), (100, 90))
    dab = make_dab(100, 90, 50, 0.3)
    expected = np.zeros((200, 300), np.uint8)
    h, w = dab.coverage.shape
    expected[dab.y : dab.y + h, dab.x : dab.x + w] = dab.coverage
    assert np.array_equal(painted, expected)


def test_a_drag_paints_a_capsule(document: Document) -> None:
    painted = draw(document, HARD, (60, 60), (200, 140))
    y, x = np.mgrid[:200, :300] + 0.5
    t = np.clip(((x - 60) * 140 + (y - 60) * 80) / (140**2 + 80**2), 0, 1)
    distance = np.hypot(x - 60 - 140 * t, y - 60 - 80 * t)
    assert painted[distance < 18.5].min() == 255
    assert painted[distance > 21.5].max() == 0


def test_opacity_caps_the_stroke_however_often_it_crosses_itself(document: Document) -> None:
    brush = Brush(diameter=40, hardness=1.0, opacity=0.5)
    points = [(100 + 30 * math.cos(k), 100 + 30 * math.sin(k)) for k in np.linspace(0, 20, 60)]
    assert draw(document, brush, *points).max() == 128


def test_strokes_do_add_up(document: Document) -> None:
    brush = Brush(diameter=40, hardness=1.0, opacity=0.5)
    draw(document, brush, (100, 100))
    assert draw(document, brush, (100, 100)).max() == 255 - round(127 * 127 / 255)


def test_the_eraser_takes_away_with_opacity_and_never_paints(document: Document) -> None:
    document.fill_word("w1")
    half = draw(document, Brush(diameter=40, hardness=1.0, opacity=0.5, erase=True), (100, 100), (101, 100), (100, 101))
    assert half.min() == 127 and half.max() == 255
    clean = draw(document, Brush(diameter=40, hardness=1.0, erase=True), (100, 100))
    assert clean[100, 100] == 0
    document.clear_word("w1")
    steps = document.undo_label
    draw(document, Brush(erase=True), (50, 50), (90, 90))
    assert document.scene.masks["w1"].is_empty and document.undo_label == steps, "erasing nothing is no step"


def test_painting_over_erased_and_half_painted_tiles_agrees_with_float_arithmetic(document: Document) -> None:
    rng = np.random.default_rng(4)
    base = rng.integers(0, 256, (200, 300), dtype=np.uint8)
    for erase in (False, True):
        document.apply(document.scene.with_mask("w1", TiledMask.from_array(base)), "Base")
        painted = draw(document, Brush(diameter=150, hardness=0.2, opacity=0.7, erase=erase), (120, 90))
        dab = make_dab(120, 90, 150, 0.2)
        cover = np.zeros((200, 300))
        h, w = dab.coverage.shape
        cover[dab.y : dab.y + h, dab.x : dab.x + w] = dab.coverage / 255 * round(0.7 * 255) / 255
        old = base / 255
        expected = old * (1 - cover) if erase else old + cover * (1 - old)
        assert np.abs(painted - expected * 255).max() <= 1.01


def test_pressure_sets_the_size_or_the_opacity_as_asked(document: Document) -> None:
    thin = draw(document, Brush(diameter=40, hardness=1.0, pressure_size=True), (100, 100, 0.5))
    assert 270 < (thin > 127).sum() < 360
    document.clear_word("w1")
    light = draw(document, Brush(diameter=40, pressure_size=False, pressure_opacity=True), (100, 100, 0.5))
    assert light.max() == 128 and (light > 0).sum() > 1000


def test_a_stroke_shows_live_and_becomes_one_undo_step(document: Document) -> None:
    before = document.scene
    changes: list[Change] = []
    document.subscribe(changes.append)
    stroke = Stroke(document, "w1", HARD)
    rect = stroke.begin(20, 20)
    assert rect == (0, 0, 64, 64)
    assert document.live is not None and document.live.mask is stroke.mask
    assert document.scene is before and document.shown_scene.masks["w1"] is stroke.mask
    assert stroke.extend(100, 20) == (0, 0, 128, 64)
    assert stroke.extend(100, 20) is None, "nothing new to paint"
    assert all(change.kinds == {"live"} for change in changes)
    assert stroke.commit() and not stroke.active and document.live is None
    assert changes[-1] == Change(frozenset({"masks"}), frozenset({"w1"}), (0, 0, 128, 64))
    assert document.undo_label == "Paint “cat”"
    document.undo()
    assert document.scene is before


def test_an_aborted_stroke_leaves_nothing(document: Document) -> None:
    before = document.scene
    stroke = Stroke(document, "w1", HARD)
    stroke.begin(20, 20)
    stroke.abort()
    stroke.abort()
    assert document.scene is before and document.live is None and document.undo_label == "Pick “cat”"
    assert stroke.extend(50, 50) is None and not stroke.commit()


def test_undo_in_mid_stroke_gives_the_stroke_up(document: Document) -> None:
    draw(document, HARD, (50, 50))
    stroke = Stroke(document, "w1", HARD)
    stroke.begin(150, 150)
    document.undo()
    assert document.live is None and document.scene.masks["w1"].is_empty
    assert stroke.extend(160, 150) is None and not stroke.commit()
    assert document.scene.masks["w1"].is_empty


def test_a_stroke_on_a_word_that_was_dropped_meanwhile_paints_nothing(document: Document) -> None:
    stroke = Stroke(document, "w1", HARD)
    stroke.begin(50, 50)
    document.remove_word("w1")
    assert not stroke.commit() and document.live is None


def test_the_prompt_may_change_in_mid_stroke(document: Document) -> None:
    stroke = Stroke(document, "w1", HARD)
    stroke.begin(50, 50)
    document.set_prompt("a big cat")
    assert stroke.commit()
    assert document.scene.prompt == "a big cat" and not document.scene.masks["w1"].is_empty


def test_only_a_word_of_the_scene_can_be_painted(document: Document) -> None:
    with pytest.raises(StrokeError) as caught:
        Stroke(document, "w9", HARD)
    assert "Click a word" in caught.value.hint


def test_paint_stops_at_the_canvas_edge_and_strokes_may_begin_outside(document: Document) -> None:
    painted = draw(document, Brush(diameter=1024, hardness=1.0), (150, 100))
    assert painted.min() == 255
    assert document.scene.masks["w1"] == TiledMask.filled((300, 200)) and document.scene.masks["w1"].nbytes == 0
    assert document.scene.masks["w1"].tiles[(0, 0)] is FULL
    document.clear_word("w1")
    assert draw(document, HARD, (-500, -500)).max() == 0
    assert draw(document, HARD, (-30, 100), (30, 100))[100, 0] == 255


def test_zero_opacity_paints_nothing_and_is_no_step(document: Document) -> None:
    label = document.undo_label
    draw(document, Brush(opacity=0.0), (50, 50))
    assert document.scene.masks["w1"].is_empty and document.undo_label == label


@pytest.mark.parametrize("pressure", [0.0, -1.0, float("nan"), float("inf"), -float("inf")])
def test_pressure_that_cannot_be_takes_the_last_good_one(pressure: float) -> None:
    samples = Samples()
    assert samples.feed(0, 0, 0.4, 1.0) == [(0, 0, 0.4)]
    assert samples.feed(5, 0, pressure, 2.0) == [(5, 0, 0.4)]
    assert samples.feed(6, 0, 7.0, 3.0) == [(6, 0, 1.0)]


def test_a_stroke_that_begins_without_pressure_waits_for_it_and_has_no_blot() -> None:
    samples = Samples()
    assert samples.feed(0, 0, 0.0, 1.0) == []
    assert samples.feed(1, 0, float("nan"), 2.0) == []
    assert samples.feed(2, 0, 0.3, 3.0) == [(0, 0, 0.3), (1, 0, 0.3), (2, 0, 0.3)]


def test_a_stroke_that_never_has_pressure_is_painted_at_its_end(document: Document) -> None:
    painted = draw(document, HARD, (50, 50, 0.0), (60, 50, 0.0))
    assert painted[50, 50] == 255 and painted[50, 60] == 255


def test_late_doubled_and_impossible_samples_are_left_out() -> None:
    samples = Samples()
    assert samples.feed(0, 0, 1.0, 10.0) == [(0, 0, 1.0)]
    assert samples.feed(0, 0, 1.0, 10.0) == [], "doubled by a second kind of event"
    assert samples.feed(4, 0, 1.0, 10.0) == [(4, 0, 1.0)], "equal times at different places are both painted"
    assert samples.feed(9, 9, 1.0, 9.0) == [], "late"
    assert samples.feed(float("nan"), 0, 1.0, 11.0) == []
    assert samples.feed(5, float("inf"), 1.0, 11.0) == []
    assert samples.feed(5, 0, 1.0, float("nan")) == [(5, 0, 1.0)]
    assert samples.feed(6, 0, 1.0, None) == [(6, 0, 1.0)]


def test_many_small_steps_paint_what_one_long_one_paints() -> None:
    masks = []
    for count in (1, 7, 100):
        document = Document(Scene("a cat", size=(300, 200)))
        document.add_word((2, 5))
        points = [(40 + 200 * k / count, 50 + 60 * k / count) for k in range(count + 1)]
        masks.append(draw(document, Brush(diameter=60, hardness=0.5), *points).astype(int))
    assert max(np.abs(masks[0] - mask).max() for mask in masks) <= 16
