"""Paint at the edges of a canvas that is made larger goes on: stuff to the new edge, things until they are whole."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.continuing import extended
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from resources.continued_paint import continued


def mask_of(*boxes: tuple[int, int, int, int], size: int = 64) -> np.ndarray:
    mask = np.zeros((size, size), np.uint8)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = 255
    return mask


def test_stuff_goes_on_to_the_new_edges_and_corners():
    sky = mask_of((0, 0, 64, 20))
    grown = continued(sky, (96, 80), (16, 16), mirrored=False)
    assert grown[:36].all() and not grown[36:].any(), "over the top edge and both sides, to the corners"
    assert np.array_equal(grown[16:, 16:80], sky)


def test_a_thing_ends_where_its_mirror_image_does():
    house, bush = (50, 10, 64, 40), (20, 10, 30, 40)
    grown = continued(mask_of(house, bush), (128, 64), (0, 0), mirrored=True)
    assert grown[10:40, 50:78].all() and not grown[:, 78:].any(), "its mirror image; what touches no edge stays"
    assert np.array_equal(grown[:, :64], mask_of(house, bush))
    up = continued(mask_of((10, 0, 20, 30)), (64, 100), (0, 36), mirrored=True)
    assert up[31:66, 10:20].all() and up.sum() == 255 * 35 * 10, "a long one by half of what the edge cuts through"


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_hand_that_stops_a_little_short_of_the_edge_meant_to_touch_it(mirrored):
    near = continued(mask_of((40, 10, 63, 40)), (80, 64), (0, 0), mirrored=mirrored)
    assert near[10:40, 40:79].all()
    far = continued(mask_of((40, 10, 60, 40)), (80, 64), (0, 0), mirrored=mirrored)
    assert not far[:, 60:].any()
    with pytest.raises(ValueError, match="beyond"):
        continued(far, (64, 64), (4, 0), mirrored=mirrored)


def scene_with(**paint: np.ndarray) -> tuple[Scene, dict[str, str]]:
    scene, ids = Scene(prompt=" and ".join(paint), size=(64, 64)), {}
    for phrase, mask in paint.items():
        start = scene.prompt.index(phrase)
        scene, ids[phrase] = edits.add_word(scene, (start, start + len(phrase)))
        scene = edits.set_mask(scene, ids[phrase], TiledMask.from_array(mask))
    return scene, ids


def test_in_a_scene_things_keep_their_place_before_stuff_and_locked_words_stay():
    ground = mask_of((0, 30, 64, 64))
    ground[30:50, 56:] = 0
    scene, ids = scene_with(grass=ground, house=mask_of((56, 30, 64, 50)), lake=mask_of((0, 0, 64, 8)))
    scene = edits.change_word(scene, ids["lake"], locked=True)
    wide = extended(scene, (96, 64), (0.0, 0.0))
    grass, house, lake = (wide.masks[ids[name]].to_array() for name in ("grass", "house", "lake"))
    assert house[30:50, 56:72].all() and not house[:, 72:].any()
    assert grass[50:, 64:].all() and not grass[30:50, 64:].any(), "at the edge there was the house"
    assert lake[:8, :64].all() and not lake[:, 64:].any()
    crossing, names = scene_with(grass=mask_of((0, 30, 64, 64)), house=mask_of((56, 20, 64, 40)))
    wide = extended(crossing, (96, 64), (0.0, 0.0))
    grass = wide.masks[names["grass"]].to_array()
    assert not grass[30:40, 64:72].any() and grass[30:, 72:].all() and grass[40:, 64:].all(), "it makes room"
    assert grass[30:40, 56:64].all(), "in the old part the overlap is the painter's"
    assert extended(scene, (32, 64), (0.0, 0.0)).size == (32, 64), "cut off, nothing grows"


def test_a_selection_keeps_its_place_on_another_size():
    scene = Scene(size=(64, 64)).replace(selection=TiledMask.from_array(mask_of((8, 8, 24, 24))))
    doubled = edits.set_size(scene, (128, 128)).selection.to_array() > 127
    assert doubled[16:48, 16:48].all() and doubled.sum() == 32 * 32
    assert edits.set_size(scene, (96, 64), anchor=(1.0, 0.0)).selection.bounds() == (40, 8, 16, 16)
    assert edits.set_size(scene, (32, 64), anchor=(1.0, 0.0)).selection is None
