"""A run that begins from colours: what is held and for how long, what is free, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.protocol import ColourPaint, Failed, Finished, ImageReady, Refinement, StartPicture, dumps, loads
from engine.reworking.colouring import acting, begun_from, held_until

RGBA = np.zeros((64, 64, 4), np.uint8)
RGBA[8:40, 16:56] = (200, 40, 30, 255)
PAINTED = RGBA[..., 3] > 0


def picture(events) -> np.ndarray:
    assert isinstance(events[-1], Finished), getattr(events[-1], "error", events[-1])
    return next(event.rgb for event in events if isinstance(event, ImageReady))


def test_a_cell_is_held_for_the_strength_times_its_opacity():
    rgba = RGBA.copy()
    rgba[8:16, 16:24, 3] = 128
    held = held_until(ColourPaint(rgba=rgba, strength=0.5), (8, 8))
    assert held[0, 0] == 0 and held[2, 3] == 0.5 and held[1, 2] == pytest.approx(0.25, abs=0.01)
    rgba[:] = 0
    rgba[20:23, :, 3] = 255  # a line thinner than a cell is not lost
    assert held_until(ColourPaint(rgba=rgba, strength=1.0), (8, 8))[2, 4] == pytest.approx(0.75)


def test_beside_the_paint_lies_the_nearest_colour_or_the_picture_below():
    rgba = RGBA.copy()
    rgba[:, 60:] = (0, 0, 255, 128)
    alone = begun_from(rgba, None)
    assert tuple(alone[0, 0]) == (200, 40, 30) and tuple(alone[60, 62]) == (0, 0, 255)
    over = begun_from(rgba, np.full((64, 64, 3), 100, np.uint8))
    assert tuple(over[0, 0]) == (100, 100, 100) and tuple(over[20, 20]) == (200, 40, 30)
    assert tuple(over[60, 62]) == (50, 50, 178)


def test_the_more_is_kept_the_nearer_the_painted_colours_and_the_rest_stays_free(run):
    opaque = np.dstack([begun_from(RGBA, None), np.full((64, 64), 255, np.uint8)])
    whole = picture(run(steps=4, sampler="euler", colours=ColourPaint(rgba=opaque, strength=1.0))).astype(int)
    off = {}
    for strength in (0.0, 0.5, 1.0):
        made = picture(run(steps=4, sampler="euler", colours=ColourPaint(rgba=RGBA, strength=strength)))
        far = np.abs(made - whole)
        off[strength] = far[16:32, 24:48].mean(), far[48:].mean()
    assert off[1.0][0] < off[0.5][0] < off[0.0][0] and off[1.0][0] < off[0.0][0] / 3, "inside the paint"
    assert off[1.0][1] > 1, "what is unpainted is made by the model"


@pytest.mark.parametrize("colours", [ColourPaint(rgba=RGBA, strength=0.0), ColourPaint(rgba=np.zeros_like(RGBA))])
def test_colours_that_do_not_act_change_no_bit(run, colours):
    assert acting(colours) is None
    assert np.array_equal(picture(run(colours=colours)), picture(run()))


def test_with_a_picture_they_lie_over_it_and_outside_the_mask_it_stays(run):
    rgb, mask = np.full((64, 64, 3), (20, 90, 160), np.uint8), np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    made = picture(run(start=StartPicture(rgb=rgb, strength=0.8, mask=mask), colours=ColourPaint(rgba=RGBA)))
    assert np.array_equal(made[:, 32:], rgb[:, 32:]) and not np.array_equal(made[:, :32], rgb[:, :32])
    without = picture(run(start=StartPicture(rgb=rgb, strength=0.8, mask=mask)))
    assert not np.array_equal(made[:, :32], without[:, :32])


def test_the_tiles_of_a_second_pass_begin_from_the_picture_alone(run, monkeypatch):
    from engine.reworking import refining

    tiles, made = [], refining._tile_request
    monkeypatch.setattr(refining, "_tile_request", lambda *each: tiles.append(made(*each)) or tiles[-1])
    run(colours=ColourPaint(rgba=RGBA), refine=Refinement(scale=2, strength=0.3), steps=2)
    assert tiles and all(tile.colours is None for tile in tiles)


def test_they_travel_to_another_machine(ask):
    request = ask(colours=ColourPaint(rgba=RGBA, strength=0.7))
    found = loads(dumps(request)).colours
    assert found.strength == 0.7 and np.array_equal(found.rgba, RGBA)


@pytest.mark.parametrize(
    "colours",
    [
        ColourPaint(rgba=RGBA[..., :3]),
        ColourPaint(rgba=RGBA.astype(np.float32)),
        ColourPaint(rgba=RGBA[:32]),
        ColourPaint(rgba=RGBA, strength=1.5),
        ColourPaint(rgba=RGBA, strength=float("nan")),
    ],
)
def test_bad_colours_are_refused_before_anything_is_loaded(run, colours):
    last = run(colours=colours)[-1]
    assert isinstance(last, Failed) and isinstance(last.error, BadRequest) and last.error.hint
