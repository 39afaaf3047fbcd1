"""Masks on a coarser grid: renewed only where they changed, counted, and seen as a model sees them."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask, area_reduce
from canvas.paint.cells import Cells, as_the_model_sees, coverage


@pytest.mark.parametrize(("size", "cell"), [((192, 128), 16), ((192, 128), 1), ((200, 136), 8), ((200, 130), 64)])
def test_cells_hold_the_mean_and_follow_a_change(size, cell):
    rng = np.random.default_rng(2)
    values = (rng.random(size[::-1]) > 0.5).astype(np.uint8) * rng.integers(0, 256, size[::-1]).astype(np.uint8)
    cells, mask = Cells(), TiledMask.from_array(values)
    shape = (-(-size[0] // cell), -(-size[1] // cell))
    assert np.abs(cells.of("a", mask, cell) - area_reduce(values, shape) * 255).max() <= 0.51
    values = values.copy()
    values[:40, 100:] = 255
    whole = TiledMask.from_array(values)
    changed = mask.with_tiles({key: tile for key, tile in whole.tiles.items() if key[0] and not key[1]})
    found = cells.of("a", changed, cell)
    assert np.abs(found - area_reduce(values, shape) * 255).max() <= 0.51
    assert cells.of("a", changed, cell) is found, "it is not made twice"


def painted() -> Scene:
    scene = Scene(prompt="a lake under hills", size=(128, 64))
    scene, lake = edits.add_word(scene, (2, 6))
    scene, hills = edits.add_word(scene, (13, 18))
    left, right = np.zeros((2, 64, 128), np.uint8)
    left[:, :64], right[:, 48:96] = 255, 255
    return scene.with_mask(lake, TiledMask.from_array(left)).with_mask(hills, TiledMask.from_array(right))


def test_overlaps_and_bare_places_are_counted_of_words_that_act():
    scene = painted()
    found = coverage(scene, Cells())
    assert (found.overlaps, found.bare) == (16 / 128, 32 / 128)
    assert found.counts[0, 40] == 1 and found.counts[0, 50] == 2 and found.counts[0, 120] == 0
    muted = edits.change_word(scene, scene.words[1].id, muted=True)
    assert coverage(muted, Cells()).bare == 0.5


def test_the_model_sees_mixed_colours_where_a_cell_is_painted_in_part():
    scene = painted()
    pixels = as_the_model_sees(scene, Cells(), 32)
    assert pixels.shape == (2, 4) and pixels.dtype == np.uint32
    alpha = pixels[0] >> 24
    assert alpha.tolist() == [255, 255, 255, 0]
    ink = [int(word.color[1:3], 16) for word in scene.words]
    assert int(pixels[0, 1] >> 16 & 255) == pytest.approx((ink[0] + ink[1]) / 2, abs=1), "half hills over lake"
