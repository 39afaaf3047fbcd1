"""The coverage of a stroke: exactly the largest of all its dabs, though each is laid only where it can be that."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model.document import Document
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TILE
from canvas.paint.brush import Brush, make_dab
from canvas.paint.cover import Cover, Part
from canvas.paint.stroke import Stroke

SIZE = (500, 340)


@pytest.mark.parametrize("hardness", [0.0, 0.8, 1.0])
@pytest.mark.parametrize("diameter", [65.0, 150.0, 401.0])
def test_a_stroke_is_the_largest_of_its_dabs_at_each_pixel(diameter, hardness):
    document = Document(Scene(prompt="lake", size=SIZE))
    word = document.add_word((0, 4))
    brush = Brush(diameter=diameter, hardness=hardness)
    stroke = Stroke(document, word, brush)
    rng = np.random.default_rng(int(diameter))
    points = [(60.0, 60.0), (60.0, 250.0), (420.0, 250.0), *map(tuple, rng.uniform(-40, 480, (5, 2)))]
    whole = np.zeros((SIZE[1] + 1200, SIZE[0] + 1200), np.uint8)
    for at, point in enumerate(points):
        walked = stroke._walk  # every dab that is laid, seen where it is made

        def noting(sample, walked=walked):
            found = walked(sample)
            for x, y, _ in found:
                dab = make_dab(x, y, diameter, hardness)
                h, w = dab.coverage.shape
                place = whole[dab.y + 600 : dab.y + 600 + h, dab.x + 600 : dab.x + 600 + w]
                np.maximum(place, dab.coverage, out=place)
            return found

        stroke._walk = noting
        (stroke.extend if at else stroke.begin)(*point)
        stroke._walk = walked
    assert stroke.commit()
    expected = whole[600 : 600 + SIZE[1], 600 : 600 + SIZE[0]]
    assert np.array_equal(document.scene.masks[word].to_array(), expected)


def test_tiles_that_are_covered_whole_are_passed_over_and_only_where_it_rose_is_told():
    cover, piece = Cover((4 * TILE, 4 * TILE)), np.full((3 * TILE, 3 * TILE), 255, np.uint8)
    assert len(cover.lay([Part(0, 0, 3 * TILE, 3 * TILE, piece)])) == 9
    raised = []
    cover._raise = lambda *box: raised.append(box)
    assert cover.lay([Part(0, 0, 3 * TILE, 3 * TILE, piece)]) == [] and not raised
    assert (cover.tiles([(1, 1), (3, 3)]) == np.array([255, 0])[:, None, None]).all()
