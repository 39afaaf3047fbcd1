"""Masks at a lower level of detail."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model.tiled_mask import FULL, TILE, TiledMask, changed_tiles, grid
from canvas.paint.reducing import Reducer, means_of


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_means_are_those_of_the_pixels(level: int) -> None:
    tiles = np.random.default_rng(level).integers(0, 256, (3, TILE, TILE), dtype=np.uint8)
    tiles[0] = 255
    side = TILE >> level
    wanted = tiles.reshape(3, side, 1 << level, side, 1 << level).mean((2, 4))
    found = means_of(tiles, level)
    assert found.shape == (3, side, side) and np.abs(found - wanted).max() <= 0.5 and (found[0] == 255).all()


@pytest.mark.parametrize("size", [(300, 200), (257, 131), (64, 64)])
@pytest.mark.parametrize("level", [1, 3])
def test_a_mask_that_changes_is_reduced_as_if_it_were_new(size: tuple[int, int], level: int) -> None:
    """Up to the canvas' edge, where a pixel of the level counts the paint that lies on the canvas."""
    rng = np.random.default_rng(7)
    kept, mask = Reducer(size, level), TiledMask(size)
    columns, rows = grid((-(-size[0] >> level), -(-size[1] >> level)))
    cells = [(x, y) for y in range(rows) for x in range(columns)]
    for _ in range(12):
        values = mask.to_array()
        x, y = (int(rng.integers(0, length)) for length in size)
        w, h = (int(rng.integers(1, length)) for length in size)
        values[y : y + h, x : x + w] = rng.choice([0, 90, 255])
        if rng.random() < 0.2:
            values[...] = rng.choice([0, 255])
        before, mask = mask, TiledMask.from_array(values)
        kept.renew(changed_tiles(before, mask))
        fresh = Reducer(size, level)
        fresh.renew(mask.tiles)
        some = cells if rng.random() < 0.5 else cells[:1]
        found, wanted = dict(kept.cells(mask, some)), dict(fresh.cells(mask, some))
        assert found.keys() == wanted.keys()
        for cell, tile in found.items():
            assert np.array_equal(tile, wanted[cell]) and (tile is FULL) == (wanted[cell] is FULL)
    whole = TiledMask.filled(size)
    kept.renew(changed_tiles(mask, whole))
    wide, high = -(-size[0] >> level), -(-size[1] >> level)
    for (x, y), tile in kept.cells(whole, cells):
        assert (tile[: high - y * TILE, : wide - x * TILE] == 255).all()
