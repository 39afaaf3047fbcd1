"""Where the parts of a thing lie, and that picture tokens are painted there."""

from __future__ import annotations

import numpy as np

from engine.attention.masks import Paint
from engine.attention.parts import painted_parts, part_areas
from engine.protocol import PaintedWord


def test_the_parts_of_a_square_are_its_sixteenths() -> None:
    area = np.zeros((12, 12), np.float32)
    area[2:10, 3:11] = 1
    parts = part_areas(area)
    assert np.array_equal(parts.sum(0), area)
    for part in range(16):
        row, column = divmod(part, 4)
        expected = np.zeros_like(area)
        expected[2 + 2 * row : 4 + 2 * row, 3 + 2 * column : 5 + 2 * column] = 1
        assert np.array_equal(parts[part], expected), part


def test_a_tall_thing_has_its_parts_in_the_square_around_it() -> None:
    area = np.zeros((8, 8), np.float32)
    area[:, 3:5] = 0.5
    parts = part_areas(area)
    assert not parts[[0, 3, 4, 7]].any(), "nothing is painted at its left and right"
    assert parts[1][:2, 3].tolist() == [0.5, 0.5] and not parts[1][:, 4].any()
    assert parts[14][6:, 4].tolist() == [0.5, 0.5]


def test_a_cell_counts_with_every_part_that_reaches_into_it() -> None:
    area = np.zeros((4, 4), np.float32)
    area[1:3, 1:3] = 1
    counted = part_areas(area).sum(0)
    assert np.array_equal(counted, 4 * area)


def test_each_piece_of_paint_is_a_thing_of_its_own() -> None:
    paint = np.zeros((8, 16), np.float32)
    paint[:, :8] = 1
    paint[2:6, 12:16] = 0.7
    parts = painted_parts(paint)
    assert np.array_equal(parts[0][:, :8] > 0, np.pad(np.ones((2, 2), bool), ((0, 6), (0, 6))))
    assert np.argwhere(parts[0][:, 8:]).tolist() == [[2, 4]]
    assert np.allclose(parts.sum(0), paint)


def test_hardly_anything_painted_is_everywhere_of_all_parts() -> None:
    faint = np.full((4, 4), 0.05, np.float32)
    assert np.array_equal(painted_parts(faint), np.repeat(faint[None], 16, 0))


def test_a_picture_token_is_painted_at_its_part_at_every_level() -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[:32, :32] = 255
    word = PaintedWord(span=(0, 1), mask=mask, strength=2.0)
    paint = Paint([word], [(1, 2, 3)], latent_size=(16, 16), levels=3, tokens=5, pictures={2: 0, 3: 15})
    fine, middle, coarse = (
        matrix.reshape(side, side, 5) for matrix, side in zip(paint.matrices((0,)), (16, 8, 4), strict=True)
    )
    assert (fine[:8, :8, 1] == 2).all() and fine[..., 1].sum() == 2 * 64
    assert (fine[:2, :2, 2] == 2).all() and fine[..., 2].sum() == 2 * 4
    assert (fine[6:8, 6:8, 3] == 2).all() and fine[..., 3].sum() == 2 * 4
    assert middle[0, 0, 2] == 2 and middle[..., 2].sum() == 2
    assert coarse[0, 0, 2] == 0.5 and coarse[1, 1, 3] == 0.5, "a quarter of the cell"
    assert not fine[..., [0, 4]].any()


def test_fidelity_keeps_a_picture_token_out_of_the_other_parts() -> None:
    mask = np.full((32, 32), 255, np.uint8)
    word = PaintedWord(span=(0, 1), mask=mask, fidelity=0.5)
    paint = Paint([word], [(0, 1)], latent_size=(8, 8), levels=1, tokens=2, pictures={1: 5})
    matrix = paint.matrices((0,))[0].reshape(8, 8, 2)
    assert (matrix[..., 0] == 1).all()
    assert (matrix[2:4, 2:4, 1] == 1).all() and (matrix[..., 1] == -0.5).sum() == 60
