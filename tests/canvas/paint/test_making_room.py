"""Words make room for a stroke: exactly, for whoever asks and when, and once it is over in one step."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.document import Document
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint.brush import Brush, make_dab
from canvas.paint.covering import paint
from canvas.paint.laying import Patch
from canvas.paint.stroke import Stroke

SIZE = (230, 150)
POINTS = ((60.0, 60.0), (66.0, 63.0), (73.0, 66.5))  # near enough for no dabs between


def document_of() -> tuple[Document, str, tuple[str, ...]]:
    """A house in front of a barn, a tree and a lake that lie on one another: soft, full, and in part on the house."""
    scene = Scene(prompt="house barn tree lake", size=SIZE)
    ids = []
    for start, end in ((0, 5), (6, 10), (11, 15), (16, 20)):
        scene, word_id = edits.add_word(scene, (start, end))
        ids.append(word_id)
    rng = np.random.default_rng(4)
    noise = TiledMask.from_array(rng.integers(0, 256, SIZE[::-1], dtype=np.uint8))
    slope = TiledMask.from_array(np.tile(np.linspace(0, 255, SIZE[0]).astype(np.uint8), (SIZE[1], 1)))
    left = np.zeros(SIZE[::-1], np.uint8)
    left[:, :70] = 255
    for word_id, mask in zip(ids, (TiledMask.from_array(left), noise, TiledMask.filled(SIZE), slope), strict=True):
        scene = scene.with_mask(word_id, mask)
    return Document(scene), ids[0], tuple(ids[1:])


def by_patch(scene: Scene, word_id: str, brush: Brush) -> Scene:
    """The same stroke laid in one piece."""
    whole = np.zeros(SIZE[::-1], np.uint8)
    for x, y in POINTS:
        dab = make_dab(x, y, brush.diameter, brush.hardness)
        left, top = max(dab.x, 0), max(dab.y, 0)
        part = dab.coverage[top - dab.y : SIZE[1] - dab.y, left - dab.x : SIZE[0] - dab.x]
        target = whole[top : top + part.shape[0], left : left + part.shape[1]]
        np.maximum(target, part, out=target)
    return paint(scene, word_id, Patch(0, 0, whole), opacity=brush.opacity)


@pytest.mark.parametrize("brush", [Brush(diameter=100, hardness=0.2), Brush(diameter=180, opacity=0.6)])
def test_a_stroke_takes_as_much_as_the_same_paint_in_one_piece(brush: Brush) -> None:
    document, house, others = document_of()
    before = document.scene
    wanted = by_patch(before, house, brush)
    stroke = Stroke(document, house, brush)
    stroke.begin(*POINTS[0])
    early = document.live
    for point in POINTS[1:]:
        stroke.extend(*point)
    shown = document.shown_scene
    assert early is not None and early.on(before).masks[others[1]] != shown.masks[others[1]]
    stroke.commit()
    for word_id in (house, *others):
        assert document.scene.masks[word_id] == wanted.masks[word_id] == shown.masks[word_id]
        assert document.scene.masks[word_id] != before.masks[word_id]
    document.undo()
    assert document.scene is before and not document.can_undo


def test_a_stroke_that_is_given_up_leaves_all_words_as_they_were() -> None:
    document, house, _others = document_of()
    before = document.scene
    stroke = Stroke(document, house, Brush(diameter=120))
    stroke.begin(*POINTS[0])
    stroke.extend(*POINTS[1])
    assert document.shown_scene != before
    stroke.abort()
    assert document.scene is before and document.shown_scene is before and not document.can_undo


def test_paint_that_is_there_already_may_still_take_room_and_is_one_step() -> None:
    document, house, others = document_of()
    document.apply(document.scene.with_mask(house, TiledMask.filled(SIZE)), "Fill")
    stroke = Stroke(document, house, Brush(diameter=60, hardness=1.0))
    assert stroke.begin(*POINTS[0]) is not None
    assert stroke.commit()
    assert document.scene.masks[others[1]].to_array()[60, 60] == 0
    again = Stroke(document, house, Brush(diameter=40, hardness=1.0))
    assert again.begin(*POINTS[0]) is None or document.shown_scene.masks == document.scene.masks
    assert not again.commit()
