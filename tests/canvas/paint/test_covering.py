"""Shapes, fills and selections as coverage, and what may be covered."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint import selecting, shapes
from canvas.paint.covering import paint
from canvas.paint.edges import edges
from canvas.paint.flood import flood
from canvas.paint.laying import Patch, lay

SIZE = (200, 130)


def scene_of(prompt: str = "a house under the sky") -> tuple[Scene, str, str]:
    scene = Scene(prompt=prompt, size=SIZE)
    scene, house = edits.add_word(scene, (2, 7))
    scene, sky = edits.add_word(scene, (18, 21))
    return scene, house, sky


def whole(patch: Patch | None, size: tuple[int, int] = SIZE) -> np.ndarray:
    return selecting.of_patch(patch, size).to_array()


def test_a_rectangle_covers_pixels_in_part_by_their_area():
    covered = whole(shapes.rectangle((10.5, 20), (12, 21.25), SIZE)) / 255
    assert covered[20, 10] == pytest.approx(0.5, abs=0.01) and covered[20, 11] == 1
    assert covered[21, 11] == pytest.approx(0.25, abs=0.01) and covered.sum() == pytest.approx(1.5 * 1.25, abs=0.02)


@pytest.mark.parametrize(("start", "end"), [((20, 10), (120, 90)), ((150.3, 100.7), (99.6, 30.2))])
def test_an_ellipse_has_its_area(start, end):
    area = np.pi * abs(end[0] - start[0]) * abs(end[1] - start[1]) / 4
    assert whole(shapes.ellipse(start, end, SIZE)).sum() / 255 == pytest.approx(area, rel=0.001)


def test_a_polygon_is_where_its_corners_say_and_is_cut_at_the_canvas():
    triangle = whole(shapes.polygon([(0, 0), (100, 0), (0, 100)], SIZE)) / 255
    assert triangle.sum() == pytest.approx(5000, rel=0.0005) and triangle[10, 10] == 1 and triangle[80, 80] == 0
    assert whole(shapes.polygon([(-50, -50), (400, -50), (400, 400), (-50, 400)], SIZE)).min() == 255
    assert shapes.polygon([(300, 300), (320, 300), (310, 320)], SIZE) is None
    assert shapes.polygon([(0, 0), (9, 9)], SIZE) is None
    assert shapes.polygon([(0, 0), (float("nan"), 9), (9, 0)], SIZE) is None


def test_a_tall_shape_is_drawn_in_bands_without_seams():
    covered = whole(shapes.polygon([(10.5, 0), (20, 0), (20, 1000), (10.5, 1000)], (40, 1000)), (40, 1000))
    assert (covered == covered[0]).all() and covered[0, 15] == 255 and covered[0, 10] == 128


@pytest.mark.parametrize(
    ("start", "end"), [((10.5, 20.25), (30.75, 50.5)), ((10.3, 20.7), (30.6, 50.2)), ((3, 4), (9, 8))]
)
def test_a_polygon_of_right_angles_covers_what_the_rectangle_does(start, end):
    corners = [start, (end[0], start[1]), end, (start[0], end[1])]
    covered = whole(shapes.polygon(corners, SIZE)).astype(int)
    assert abs(covered - whole(shapes.rectangle(start, end, SIZE))).max() <= 8
    assert (whole(shapes.polygon(corners[::-1], SIZE)) == covered).all()


def test_where_an_outline_crosses_itself_twice_there_is_no_paint():
    star = [(60 + 50 * np.sin(turn * 4 * np.pi / 5), 60 - 50 * np.cos(turn * 4 * np.pi / 5)) for turn in range(5)]
    covered = whole(shapes.polygon(star, SIZE))
    assert covered[60, 60] == 0 and covered[20, 60] == 255 and covered[60, 2] == 0


def test_a_gradient_falls_evenly_from_full_to_nothing():
    values = whole(shapes.gradient((50, 0), (150, 0), SIZE))[60]
    assert values[:50].min() == 255 and values[150:].max() == 0 and (np.diff(values.astype(int)) <= 0).all()
    assert abs(int(values[100]) - 127) <= 2
    assert shapes.gradient((5, 5), (5, 5), SIZE) is None


def test_paint_is_laid_as_the_brush_lays_it_and_full_tiles_stay_shared():
    half = Patch(0, 0, np.full((130, 200), 128, np.uint8))
    mask = lay(lay(TiledMask(SIZE), half), half)
    assert mask.to_array()[5, 5] == 255 - round(127 * 127 / 255)
    full = TiledMask.filled(SIZE)
    assert lay(full, half) is full and lay(TiledMask(SIZE), half, erase=True).is_empty
    assert lay(full, half, erase=True).to_array()[5, 5] == 127


def test_a_thing_takes_the_area_of_others_and_gives_the_sky_back_nothing():
    scene, house, sky = scene_of()
    scene = paint(scene, sky, shapes.rectangle((0, 0), (200, 130), SIZE))
    scene = paint(scene, house, shapes.ellipse((50, 30), (120, 100), SIZE))
    ours, theirs = scene.masks[house].to_array().astype(int), scene.masks[sky].to_array().astype(int)
    assert ours[60, 80] == 255 and theirs[60, 80] == 0 and theirs[5, 5] == 255
    assert (ours + theirs).max() <= 255 and (ours + theirs).min() >= 254, "a soft edge is shared without a gap"


def test_stuff_stops_at_a_thing():
    scene, house, sky = scene_of()
    scene = paint(scene, house, shapes.rectangle((50, 30), (120, 100), SIZE))
    before = scene.masks[house]
    scene = paint(scene, sky, shapes.rectangle((0, 0), (200, 130), SIZE))
    assert scene.masks[house] is before
    assert scene.masks[sky].to_array()[60, 80] == 0 and scene.masks[sky].to_array()[10, 10] == 255


def test_erasing_gives_nothing_to_others():
    scene, house, sky = scene_of()
    scene = paint(scene, sky, shapes.rectangle((0, 0), (200, 130), SIZE))
    after = paint(scene, house, shapes.rectangle((0, 0), (50, 50), SIZE), erase=True)
    assert after is scene


def test_a_selection_bounds_what_is_painted():
    scene, house, _sky = scene_of()
    chosen = selecting.of_patch(shapes.rectangle((0, 0), (60, 60), SIZE), SIZE)
    scene = paint(scene.replace(selection=chosen), house, shapes.rectangle((30, 30), (120, 100), SIZE))
    found = scene.masks[house].to_array()
    assert found[40, 40] == 255 and found[40, 70] == 0 and found[70, 40] == 0


def test_a_fill_reaches_up_to_other_paint_and_under_its_soft_edge():
    scene, house, sky = scene_of()
    ring = np.zeros((130, 200), np.uint8)
    ring[20:100, 40:150] = 255
    ring[40:80, 60:130] = 0
    scene = scene.with_mask(sky, TiledMask.from_array(ring))
    inside, outside = flood(scene, house, 90, 60), flood(scene, house, 5, 5)
    assert whole(inside)[40:80, 60:130].min() == 255 and whole(inside)[:20].max() == 0
    assert whole(outside)[:20].min() == 255 and whole(outside)[40:80, 60:130].max() == 0
    assert flood(scene, house, 45, 50) is None and flood(scene, house, -1, 5) is None


def test_a_thin_wall_is_not_crossed():
    scene, house, sky = scene_of()
    wall = np.zeros((130, 200), np.uint8)
    wall[:, 100] = 255
    scene = scene.with_mask(sky, TiledMask.from_array(wall))
    assert whole(flood(scene, house, 5, 5))[:, 101:].max() == 0


# --- selections ---------------------------------------------------------------------------------------------------


def box(x0: int, y0: int, x1: int, y1: int) -> TiledMask:
    return selecting.of_patch(shapes.rectangle((x0, y0), (x1, y1), SIZE), SIZE)


def test_selections_are_put_together():
    first, second = box(0, 0, 100, 100), box(50, 50, 150, 120)
    added = selecting.combined(first, second, "add")
    assert added is not None and added.coverage * 200 * 130 == pytest.approx(100 * 100 + 100 * 70 - 50 * 50)
    assert selecting.combined(first, second, "subtract") == TiledMask.from_array(
        np.where(second.to_array() > 0, 0, first.to_array()).astype(np.uint8)
    )
    assert selecting.combined(first, second, "intersect") == box(50, 50, 100, 100)
    assert selecting.combined(first, second, "replace") is second
    assert selecting.combined(first, first, "subtract") is None
    assert selecting.combined(None, second, "intersect") is second


def test_a_selection_grows_shrinks_and_turns_round():
    chosen = box(60, 40, 120, 90)
    grown, shrunk = selecting.grown(chosen, 10).to_array(), selecting.grown(chosen, -10).to_array()
    assert grown[65, 50] == 255 and grown[65, 49] == 0 and grown[30, 50] == 0, "corners are round"
    assert shrunk[50:80, 70:110].min() == 255 and shrunk[50:80, :70].max() == 0
    turned = selecting.inverted(chosen, SIZE)
    assert turned is not None and turned.coverage == pytest.approx(1 - chosen.coverage)
    assert selecting.inverted(None, SIZE) is None and selecting.grown(chosen, 0) is chosen


def test_a_feather_keeps_the_area_and_softens_the_edge():
    chosen = box(60, 40, 120, 90)
    soft = selecting.feathered(chosen, 12)
    values = soft.to_array()[65]
    assert soft.coverage == pytest.approx(chosen.coverage, rel=0.02)
    assert 100 < values[60] < 155 and values[90] == 255 and 0 < values[54] < 60


def test_the_edge_of_a_selection_is_whole_lines():
    lines = {tuple(line) for line in edges(box(60, 40, 120, 90)).tolist()}
    assert lines == {(60, 40, 120, 40), (60, 90, 120, 90), (60, 40, 60, 90), (120, 40, 120, 90)}
    assert len(edges(TiledMask(SIZE))) == 0
