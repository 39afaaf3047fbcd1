"""The overlays as the screen shows them, against those that numpy composes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from canvas.model import edits
from canvas.model.document import Document
from canvas.model.tiled_mask import Rect, TiledMask
from canvas.paint.brush import Brush
from canvas.paint.compositor import Compositor
from canvas.paint.stroke import Stroke
from canvas.view.screen_compositor import ScreenCompositor
from tests.canvas.scenes import scene_of

BYTES = 2  # of 255: Qt rounds where numpy cuts off


def channels(image: QImage, size: tuple[int, int]) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[: size[1], : size[0] * 4].reshape(size[1], size[0], 4).astype(int)


def composed(document: Document, selected: str | None) -> np.ndarray:
    """By numpy, at the size of the canvas: B, G, R, A."""
    compositor = Compositor()
    compositor.sync(document.scene, selected=selected, live=document.live)
    compositor.flush()
    width, height = compositor.size
    return compositor.buffer[:height, :width].copy().view(np.uint8).reshape(height, width, 4).astype(int)


def halved(pixels: np.ndarray, level: int) -> np.ndarray:
    side = 1 << level
    height, width = (length // side for length in pixels.shape[:2])
    return pixels[: height * side, : width * side].reshape(height, side, width, side, 4).mean((1, 3))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_long_history_of_edits_shows_what_numpy_composes(level: int) -> None:
    """At level 0 to a rounding for each word; at others near the mean of those pixels."""
    rng = np.random.default_rng(3)
    document, kept, selected = Document(scene_of(5)), ScreenCompositor(), None
    kept.set_level(level)
    for turn in range(40):
        word_id = str(rng.choice([word.id for word in document.scene.words]))
        stroke, shown = None, kept.image.copy()
        match int(rng.integers(7)):
            case 0:
                selected = None if rng.random() < 0.2 else word_id
            case 1:
                document.set_visible(word_id, bool(rng.random() < 0.6))
            case 2:
                document.undo()
            case 3:
                document.fill_word(word_id) if rng.random() < 0.5 else document.clear_word(word_id)
            case 4:
                kept.prepare(1.0)
            case _:
                stroke = Stroke(document, word_id, Brush(diameter=float(rng.uniform(1, 90)), hardness=0.4))
                stroke.begin(*rng.uniform(0, 150, 2))
                stroke.extend(*rng.uniform(0, 150, 2))
        rects = kept.sync(document.scene, selected=selected, live=document.live)
        kept.flush((0, 0, 70, 200))
        kept.flush()
        fresh = ScreenCompositor()
        fresh.set_level(level)
        fresh.sync(document.scene, selected=selected, live=document.live)
        fresh.flush()
        size = kept.level_size
        assert np.abs(channels(kept.image, size) - channels(fresh.image, size)).max() <= BYTES
        wanted = composed(document, selected)
        if level:
            wide, high = size[0] - 1, size[1] - 1  # those at the edge reach beyond the canvas
            mean = halved(wanted, level)[:high, :wide, 3].mean()
            assert abs(channels(kept.image, size)[:high, :wide, 3].mean() - mean) < 6
        else:
            apart = np.abs(channels(kept.image, size) - wanted)
            # Of up to five words numpy cuts each off, Qt rounds it; a running stroke's soft edges are nearly right.
            running = document.live is not None and document.live.room is not None
            assert apart.max() <= (64 if running else 10) and apart.mean() < (3 if running else 2)
        if turn and kept.image.size() == shown.size():
            changed = (channels(shown, size) != channels(kept.image, size)).any(axis=2)
            assert not changed[~inside(rects, level, changed.shape)].any()
        if stroke is not None:
            stroke.commit() if rng.random() < 0.7 else stroke.abort()


def inside(rects: list[Rect], level: int, shape: tuple[int, ...]) -> np.ndarray:
    mask, side = np.zeros(shape, bool), 1 << level
    for x, y, w, h in rects:
        mask[y // side : -(-(y + h) // side), x // side : -(-(x + w) // side)] = True
    return mask


@pytest.mark.parametrize("kept", ["", "w2"])
def test_where_a_word_keeps_its_paint_the_others_lose_theirs_exactly(kept: str) -> None:
    document = Document(scene_of(4, (140, 150)))
    for word_id in ("w2", "w3", "w4"):
        document.fill_word(word_id)
    document.clear_word("w1")
    if kept:
        document.apply(edits.change_word(document.scene, kept, locked=True), "Lock")
        mask = TiledMask.from_array(np.full((150, 140), 90, np.uint8))
        document.apply(document.scene.with_mask(kept, mask), "Paint")
    shown = ScreenCompositor()
    shown.sync(document.scene, selected="w1", live=None)
    shown.prepare(1.0)
    stroke = Stroke(document, "w1", Brush(diameter=90, hardness=0.3))
    stroke.begin(60, 60)
    stroke.extend(75, 60)
    shown.sync(document.scene, selected="w1", live=document.live)
    shown.flush()
    apart = np.abs(channels(shown.image, (140, 150)) - composed(document, "w1"))
    assert apart[60:66, 60:66].max() <= 10
    assert apart.max() <= (10 if kept else 40)
    stroke.abort()
    shown.sync(document.scene, selected="w1", live=None)
    shown.flush()
    assert np.abs(channels(shown.image, (140, 150)) - composed(document, "w1")).max() <= 10


@pytest.mark.parametrize("level", [1, 2, 3])
def test_from_afar_words_show_in_their_colours_and_as_opaque_as_near(level: int) -> None:
    scene = edits.fill_word(scene_of(2, (256, 256)), "w1")
    near, far = ScreenCompositor(), ScreenCompositor()
    far.set_level(level)
    for compositor in (near, far):
        compositor.sync(scene, selected="w1")
        compositor.flush()
    whole, small = (channels(each.image, each.level_size) for each in (near, far))
    assert small.shape == (256 >> level, 256 >> level, 4)
    # The pattern has the same period of pixels at every level, and its mean is that of its tile.
    assert np.abs(small[:16, :16].mean((0, 1)) - whole[:16, :16].mean((0, 1))).max() < 12


def test_an_edge_of_paint_is_the_mean_of_its_pixels() -> None:
    """A half covered pixel of a level is half as opaque."""
    document = Document(scene_of(1, (128, 128)))
    document.clear_word("w1")
    stroke = Stroke(document, "w1", Brush(diameter=60, hardness=0.2))
    stroke.begin(64, 64)
    stroke.commit()
    far = ScreenCompositor()
    far.set_level(2)
    far.sync(document.scene)
    far.flush()
    opaque = halved(np.repeat(document.scene.masks["w1"].to_array()[..., None], 4, axis=2), 2)[..., 3] / 255
    full = ScreenCompositor()
    full.set_level(2)
    full.sync(edits.fill_word(document.scene, "w1"))
    full.flush()
    seen, most = channels(far.image, (32, 32))[..., 3], channels(full.image, (32, 32))[..., 3]
    assert np.abs(seen - most * opaque).max() <= BYTES
