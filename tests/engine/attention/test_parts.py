"""Where the parts of a thing lie, and that picture tokens are painted there."""

from __future__ import annotations

import numpy as np

from engine.attention.masks import Paint
from engine.attention.parts import grid_step, painted_parts, part_areas, picture_side, pieces_of, things_of
from engine.protocol import PaintedWord
from resources.picture_tokens import COUNT, SIDE


def test_the_parts_of_a_square_are_its_rows_and_columns() -> None:
    area = np.zeros((20, 20), np.float32)
    area[2:14, 4:16] = 1
    parts = part_areas(area)
    assert np.array_equal(parts.sum(0), area)
    for part in range(COUNT):
        row, column = divmod(part, SIDE)
        expected = np.zeros_like(area)
        expected[2 + 2 * row : 4 + 2 * row, 4 + 2 * column : 6 + 2 * column] = 1
        assert np.array_equal(parts[part], expected), part


def test_a_tall_thing_has_its_parts_in_the_square_around_it() -> None:
    area = np.zeros((12, 12), np.float32)
    area[:, 4:8] = 0.5
    parts = part_areas(area).reshape(SIDE, SIDE, 12, 12)
    assert not parts[:, [0, 1, 4, 5]].any(), "nothing is painted at its left and right"
    assert parts[0, 2, :2, 4:6].tolist() == [[0.5, 0.5], [0.5, 0.5]] and not parts[0, 2, :, 6:].any()
    assert (parts[5, 3, 10:, 6:8] == 0.5).all() and parts[5, 3].sum() == 2


def test_a_thing_of_an_odd_width_has_the_same_parts_wherever_it_is() -> None:
    balloon = np.outer(np.ones(6), [0.6, 1, 1, 1, 0.05]).astype(np.float32)
    found = []
    for left in range(2, 6):
        area = np.zeros((12, 12), np.float32)
        area[3:9, left : left + 5] = balloon
        found.append(part_areas(area)[:, :, left - 1 : left + 6])
    assert all(np.array_equal(found[0], other) for other in found[1:])
    assert not found[0][0].any() and found[0][5].any(), (
        "it hardly reaches into the last cell, and nearly into one before the first"
    )


def test_a_cell_counts_with_every_part_that_reaches_into_it() -> None:
    area = np.zeros((6, 6), np.float32)
    area[1:4, 1:4] = 1
    counted = part_areas(area).sum(0)
    assert np.array_equal(counted, 4 * area)


def test_pictures_come_in_sizes_that_fit_the_cells_and_begin_on_their_grid() -> None:
    assert [picture_side(length) for length in (1, 4, 5, 8, 9, 16, 17, 24, 40)] == [3, 3, 6, 6, 12, 12, 24, 24, 48]
    assert [grid_step(side) for side in (3, 6, 12, 24)] == [1, 1, 2, 4]
    area = np.zeros((32, 32), np.float32)
    area[4:14, 7:16] = 1
    parts = part_areas(area).reshape(SIDE, SIDE, 32, 32)
    assert np.argwhere(parts[0, 0]).tolist() == [[4, 7], [5, 7]], "of the four cells from (4, 6) on two are painted"
    assert parts.sum() == area.sum()


def test_the_parts_of_a_thing_that_is_half_hidden_lie_in_its_own_square() -> None:
    area = np.zeros((20, 20), np.float32)
    area[2:14, 4:16] = 1
    hidden = area.copy()
    hidden[:, :10] = 0
    parts = part_areas(hidden, (2, 4, 12)).reshape(SIDE, SIDE, 20, 20)
    assert not parts[:, :3].any()
    assert np.array_equal(parts[:, 3:], part_areas(area).reshape(SIDE, SIDE, 20, 20)[:, 3:])


def test_each_piece_of_paint_is_a_thing_of_its_own() -> None:
    pieces = np.zeros((2, 12, 24), np.float32)
    pieces[0, :, :12], pieces[1, 3:9, 15:21] = 1, 0.7
    parts = painted_parts(pieces)
    assert np.argwhere(parts[0][:, :12]).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert np.argwhere(parts[0][:, 12:]).tolist() == [[3, 3]]
    assert np.allclose(parts.sum(0), pieces.sum(0))
    speck = np.full((12, 24), 0.02, np.float32)
    assert np.array_equal(painted_parts([*pieces, speck]), parts)


def test_pieces_are_told_apart_pixel_by_pixel_however_faintly_they_touch() -> None:
    mask = np.full((64, 64), 9, np.uint8)
    mask[:, 20:30], mask[4:9, 32:60] = 255, 80
    wide, low = pieces_of(mask)
    assert np.argwhere(wide)[:, 1].max() == 29 and np.argwhere(low).min(0).tolist() == [4, 32]
    many = np.zeros((64, 64), np.uint8)
    many[::4, ::4], many[2:32, 2] = 200, 200
    pieces = pieces_of(many)
    assert len(pieces) == 16 and np.array_equal(np.sum(pieces, 0), many)
    assert np.array_equal(pieces_of(np.zeros((4, 4), np.uint8)), [np.zeros((4, 4))])


def test_two_balloons_with_a_gap_within_a_cell_are_two() -> None:
    mask = np.zeros((256, 256), np.uint8)
    mask[64:160, 16:109], mask[64:160, 115:208] = 255, 255
    word = PaintedWord(span=(0, 1), mask=mask)
    paint = Paint([word], [(0,)], latent_size=(16, 16), levels=1, tokens=1, pictures={0: 0})
    assert np.argwhere(paint.matrices((0,))[0].reshape(16, 16)).tolist() == [[4, 1], [4, 7]]


def test_fewer_pieces_than_things_are_cut_across_their_longer_side() -> None:
    mask = np.zeros((60, 90), np.uint8)
    mask[5:15, 10:82], mask[30:50, 2:12] = 255, 100
    wide, small = pieces_of(mask)
    assert [piece.sum() for piece in things_of(mask, 2)] == [wide.sum(), small.sum()] and len(things_of(mask)) == 2
    *row, last = things_of(mask, 4)
    assert np.array_equal(last, small) and np.array_equal(np.sum(row, 0), wide)
    assert [np.argwhere(piece)[:, 1].min() for piece in row] == [10, 34, 58]
    assert len(things_of(mask.T, 4)) == 4 and len(things_of(mask, 90)) == 16
    assert len(things_of(np.zeros((4, 4), np.uint8), 3)) == 3
    word = PaintedWord(span=(0, 1), mask=mask)
    paint = Paint([word], [(0,)], latent_size=(6, 9), levels=1, tokens=1, pictures={0: 0}, counts=[3])
    alone = Paint([word], [(0,)], latent_size=(6, 9), levels=1, tokens=1, pictures={0: 0})
    assert not np.array_equal(paint.matrices((0,))[0], alone.matrices((0,))[0])


def test_hardly_anything_painted_is_everywhere_of_all_parts() -> None:
    faint = np.full((4, 4), 0.02, np.float32)
    assert np.array_equal(painted_parts([faint]), np.repeat(faint[None], COUNT, 0))


def test_a_picture_token_is_painted_at_its_part_at_every_level() -> None:
    mask = np.zeros((128, 128), np.uint8)
    mask[:48, :48] = 255
    word = PaintedWord(span=(0, 1), mask=mask, strength=2.0)
    last = COUNT - 1
    paint = Paint([word], [(1, 2, 3)], latent_size=(32, 32), levels=3, tokens=5, pictures={2: 0, 3: last})
    fine, middle, coarse = (
        matrix.reshape(side, side, 5) for matrix, side in zip(paint.matrices((0,)), (32, 16, 8), strict=True)
    )
    assert (fine[:12, :12, 1] == 2).all() and fine[..., 1].sum() == 2 * 144
    assert (fine[:2, :2, 2] == 2).all() and fine[..., 2].sum() == 2 * 4
    assert (fine[10:12, 10:12, 3] == 2).all() and fine[..., 3].sum() == 2 * 4
    assert middle[0, 0, 2] == 2 and middle[..., 2].sum() == 2
    assert coarse[0, 0, 2] == 0.5 and coarse[2, 2, 3] == 0.5, "a quarter of the cell"
    assert not fine[..., [0, 4]].any()


def test_fidelity_keeps_a_picture_token_out_of_the_other_parts() -> None:
    mask = np.full((48, 48), 255, np.uint8)
    word = PaintedWord(span=(0, 1), mask=mask, fidelity=0.5)
    paint = Paint([word], [(0, 1)], latent_size=(12, 12), levels=1, tokens=2, pictures={1: SIDE + 3})
    matrix = paint.matrices((0,))[0].reshape(12, 12, 2)
    assert (matrix[..., 0] == 1).all()
    assert (matrix[2:4, 6:8, 1] == 1).all() and (matrix[..., 1] == -0.5).sum() == 144 - 4
