"""Strokes that build up, mirror, are calm, or follow the curve of the pen's pressure."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model.document import Document
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from canvas.paint.brush import Brush
from canvas.paint.smoothing import Pulled
from canvas.paint.stroke import Stroke


def draw(brush: Brush, *points: tuple[float, ...], size: tuple[int, int] = (300, 200)) -> np.ndarray:
    document = Document(Scene("a cat", size=size))
    document.add_word((2, 5))
    stroke = Stroke(document, "w1", brush)
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)
    stroke.commit()
    return document.scene.masks["w1"].to_array()


POINTS = ((60.3, 50.0), (90.0, 71.6), (40.0, 90.0))


@pytest.mark.parametrize("diameter", [7.0, 40.0, 90.0])
@pytest.mark.parametrize("size", [(300, 200), (301, 203)])
def test_a_mirrored_stroke_is_the_same_on_all_sides(diameter, size):
    plain = draw(Brush(diameter=diameter, hardness=0.5), *POINTS, size=size)
    across = draw(Brush(diameter=diameter, hardness=0.5, mirror_x=True), *POINTS, size=size)
    both = draw(Brush(diameter=diameter, hardness=0.5, mirror_x=True, mirror_y=True), *POINTS, size=size)
    assert np.array_equal(across, np.maximum(plain, plain[:, ::-1]))
    assert np.array_equal(both, np.maximum(across, across[::-1]))


def test_the_axis_may_lie_anywhere_and_a_stroke_is_repeated_around_the_crossing():
    plain = draw(Brush(diameter=30, hardness=0.5), *POINTS)
    moved = draw(Brush(diameter=30, hardness=0.5, mirror_x=True, axis=(0.4, 0.5)), *POINTS)
    other = np.zeros_like(plain)
    other[:, :240] = plain[:, :240][:, ::-1]  # about x = 120
    assert np.array_equal(moved, np.maximum(plain, other))
    four = draw(Brush(diameter=30, hardness=0.5, turns=4, axis=(0.5, 0.5)), *POINTS)
    middle = four[:, 50:250].astype(int)  # the square about the middle
    assert np.abs(middle - np.rot90(middle)).max() <= 40 and four.astype(int).sum() > 3.5 * plain.astype(int).sum()
    assert np.array_equal(plain, np.minimum(plain, four))
    with pytest.raises(SceneError):
        Brush(axis=(1.5, 0.5))


def test_mirrored_erasing_is_one_undo_step():
    document = Document(Scene("a cat", size=(300, 200)))
    document.fill_word(document.add_word((2, 5)))
    stroke = Stroke(document, "w1", Brush(diameter=40, hardness=1.0, erase=True, mirror_x=True))
    stroke.begin(50, 100)
    stroke.commit()
    mask = document.scene.masks["w1"].to_array()
    assert mask[100, 50] == 0 and mask[100, 249] == 0 and mask[100, 150] == 255
    document.undo()
    assert document.scene.masks["w1"].coverage == 1


def test_dabs_of_a_brush_with_a_gap_stand_apart_however_often_the_pointer_tells():
    few = draw(Brush(diameter=20, hardness=1.0, gap=2.0), (30, 100), (270, 100))
    many = draw(Brush(diameter=20, hardness=1.0, gap=2.0), *[(30 + 3 * k, 100) for k in range(81)])
    assert np.array_equal(few, many)
    assert few[100, 30:271:40].min() == 255 and few[100, 50:271:40].max() == 0


def test_flow_builds_up_within_a_stroke_to_the_opacity():
    once = draw(Brush(diameter=40, hardness=1.0, flow=0.2, opacity=0.6), (100, 100))
    assert once[100, 100] == pytest.approx(255 * 0.2 * 0.6, abs=1)
    more = draw(Brush(diameter=40, hardness=1.0, flow=0.2, opacity=0.6), *[(100 + k % 2, 100) for k in range(60)])
    assert more[100, 100] == pytest.approx(255 * 0.6, abs=2)
    assert draw(Brush(diameter=40, flow=0.999), (100, 100))[100, 100] >= 253


def test_the_pressure_curve_makes_a_light_hand_heavy_or_the_other_way_round():
    soft, hard = Brush(pressure_gamma=0.5), Brush(pressure_gamma=2.0, pressure_floor=0.2)
    assert soft.pressed(0.25) == 0.5 and soft.pressed(1.0) == 1.0
    assert hard.pressed(0.5) == pytest.approx(0.2 + 0.8 * 0.25) and hard.pressed(1.0) == 1.0
    widths = [
        (draw(Brush(diameter=80, hardness=1.0, pressure_gamma=gamma), (150, 100, 0.25))[100] > 127).sum()
        for gamma in (0.5, 1.0, 2.0)
    ]
    assert widths == [pytest.approx(40, abs=1), pytest.approx(20, abs=1), pytest.approx(5, abs=1)]


@pytest.mark.parametrize(
    "values", [{"flow": 0.0}, {"smoothing": 1.5}, {"pressure_gamma": 0.0}, {"pressure_floor": 1.0}]
)
def test_what_no_brush_has_is_refused(values):
    with pytest.raises(SceneError):
        Brush(**values)


def test_a_string_swallows_trembling_and_pulls_straight():
    string = Pulled((0.0, 0.0), 10.0)
    assert not any(string.pull((3.0, dy)) for dy in (-2.0, 2.0, -3.0)) and string.at == (0.0, 0.0)
    assert string.pull((30.0, 0.0)) and string.at == pytest.approx((20.0, 0.0))
    for step in range(200):
        string.pull((30.0 + step, 3.0 * (-1) ** step))
    assert abs(string.at[1]) < 1.0 and string.at[0] == pytest.approx(219, abs=0.5)
    free = Pulled((0.0, 0.0), 0.0)
    assert free.pull((1.0, 2.0)) and free.at == (1.0, 2.0)
