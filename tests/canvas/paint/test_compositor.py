"""Overlays: right against plain float arithmetic, whatever was composed before, and known by pattern too."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.document import Document
from canvas.model.scene import Scene, Word
from canvas.model.scene_diff import LiveMask
from canvas.model.tiled_mask import TILE, Rect
from canvas.paint.brush import Brush
from canvas.paint.compositor import Compositor, compose, over
from canvas.paint.patterns import PATTERN_NAMES, pattern_alpha
from canvas.paint.stroke import Stroke
from tests.canvas.scenes import scene_of


def expected(scene: Scene, selected: str | None) -> np.ndarray:
    """The overlays by the textbook: each word over those before it, the selected one last, in floats."""
    width, height = scene.size
    out = np.zeros((height, width, 4))
    rows, columns = np.arange(height) % TILE, np.arange(width) % TILE
    for word in sorted(scene.words, key=lambda word: word.id == selected):
        if not word.visible:
            continue
        strength = 0.9 if selected is None else 1.0 if word.id == selected else 0.72
        alpha = pattern_alpha(word.pattern)[np.ix_(rows, columns)] / 255 * strength
        alpha = (alpha * scene.masks[word.id].to_array() / 255)[..., None]
        color = np.array([int(word.color[i : i + 2], 16) for i in (1, 3, 5)] + [255.0])
        out = out * (1 - alpha) + color * alpha
    return out


@pytest.mark.parametrize("selected", [None, "w2", "w6", "w1"])
def test_overlays_are_what_float_arithmetic_gives(selected: str | None) -> None:
    scene = scene_of(6)
    got = compose(scene, (0, 0, *scene.size), selected=selected)
    assert got.dtype == np.uint8 and got.shape == (140, 150, 4)
    assert np.abs(got - expected(scene, selected)).max() <= 6, "at most one step of rounding for each word"
    assert (got[..., :3] <= got[..., 3:]).all(), "premultiplied"


def test_one_word_alone_is_exact_to_two_steps() -> None:
    scene = scene_of(1, seed=3)
    assert np.abs(compose(scene, (0, 0, *scene.size)).astype(float) - expected(scene, None)).max() <= 2


def test_any_rect_is_that_part_of_the_whole_and_clear_outside() -> None:
    scene = scene_of(4)
    whole = compose(scene, (0, 0, *scene.size))
    padded = np.zeros((1000, 1000, 4), np.uint8)
    padded[200:340, 200:350] = whole
    for x, y, w, h in ((3, 5, 70, 80), (-20, -30, 60, 50), (100, 100, 400, 300), (-5, -5, 300, 300), (149, 139, 1, 1)):
        assert np.array_equal(compose(scene, (x, y, w, h)), padded[200 + y : 200 + y + h, 200 + x : 200 + x + w])
    assert not compose(scene, (500, 500, 9, 9)).any()


def test_hidden_words_are_not_drawn_but_the_one_under_the_brush_is() -> None:
    scene = scene_of(1, seed=3)
    hidden = edits.change_word(scene, "w1", visible=False)
    assert not compose(hidden, (0, 0, *scene.size)).any()
    live = LiveMask("w1", scene.masks["w1"])
    assert compose(hidden, (0, 0, *scene.size), live=live).any()


def pixels(compositor: Compositor) -> np.ndarray:
    width, height = compositor.size
    packed = compositor.buffer[:height, :width]
    return np.stack([packed >> shift & 255 for shift in (16, 8, 0, 24)], axis=-1).astype(np.uint8)


def test_composing_step_by_step_gives_what_composing_at_once_gives() -> None:
    """A compositor that has seen a long history of edits against a new one, and its rects against what changed."""
    rng = np.random.default_rng(11)
    document = Document(scene_of(5))
    kept = Compositor()
    kept.sync(document.scene)
    kept.flush()
    selected: str | None = None
    for _ in range(120):
        before, size = pixels(kept).copy(), kept.size
        words = [word.id for word in document.scene.words]
        word_id = str(rng.choice(words))
        stroke = None
        match int(rng.integers(9)):
            case 0:
                selected = None if rng.random() < 0.2 else word_id
            case 1:
                document.set_visible(word_id, bool(rng.random() < 0.6))
            case 2:
                document.set_color(word_id, f"#{rng.integers(1 << 24):06x}")
            case 3:
                document.undo()
            case 4:
                words = list(document.scene.words)
                rng.shuffle(words)
                document.apply(document.scene.replace(words=tuple(words)), "Reorder")
            case 5:
                document.set_size((int(rng.integers(60, 200)), int(rng.integers(60, 200))))
            case 6:
                document.fill_word(word_id) if rng.random() < 0.5 else document.clear_word(word_id)
            case _:
                brush = Brush(diameter=float(rng.uniform(1, 90)), hardness=0.4, erase=bool(rng.random() < 0.3))
                stroke = Stroke(document, word_id, brush)
                stroke.begin(*rng.uniform(0, 150, 2))
                stroke.extend(*rng.uniform(0, 150, 2))
        rects = kept.sync(document.scene, selected=selected, live=document.live)
        kept.flush((0, 0, 70, 200))
        kept.flush()
        fresh = Compositor()
        fresh.sync(document.scene, selected=selected, live=document.live)
        fresh.flush()
        assert np.array_equal(pixels(kept), pixels(fresh))
        once = compose(document.scene, (0, 0, *document.scene.size), selected=selected, live=document.live)
        assert np.array_equal(once, pixels(fresh))
        if kept.size == size:
            assert not (before != pixels(kept))[outside(rects, size)].any(), "nothing changed outside of the rects"
        if stroke is not None:
            stroke.commit() if rng.random() < 0.7 else stroke.abort()


def test_strokes_on_the_selected_word_and_their_undo() -> None:
    """What is kept below the selected word stays right."""
    rng = np.random.default_rng(5)
    document = Document(scene_of(5))
    document.clear_word("w2")
    kept = Compositor()
    for _ in range(12):
        stroke = Stroke(document, "w2", Brush(diameter=60, hardness=0.3, erase=bool(rng.random() < 0.4)))
        stroke.begin(*rng.uniform(0, 150, 2))
        for step in range(4):
            if step == 2:
                stroke.commit()
            elif step == 3 and rng.random() < 0.6:
                document.undo()
            else:
                stroke.extend(*rng.uniform(0, 150, 2))
            kept.sync(document.scene, selected="w2", live=document.live)
            kept.flush()
            fresh = Compositor()
            fresh.sync(document.scene, selected="w2", live=document.live)
            fresh.flush()
            assert np.array_equal(pixels(kept), pixels(fresh))


def outside(rects: list[Rect], size: tuple[int, int]) -> np.ndarray:
    mask = np.ones((size[1], size[0]), bool)
    for x, y, w, h in rects:
        mask[y : y + h, x : x + w] = False
    return mask


def test_nothing_new_means_nothing_to_do() -> None:
    scene = scene_of(3)
    compositor = Compositor()
    assert compositor.sync(scene, selected="w1")
    assert compositor.sync(scene, selected="w1") == []
    assert compositor.sync(edits.set_settings(scene, steps=3), selected="w1") == []
    assert compositor.sync(edits.change_word(scene, "w1", strength=0.3), selected="w1") == []


def test_rgba_order_is_that_of_the_bytes() -> None:
    scene = edits.fill_word(scene_of(1), "w1")
    scene = edits.change_word(scene, "w1", color="#ff8000")
    compositor = Compositor(rgba=True)
    compositor.sync(scene)
    compositor.flush()
    red, green, blue, alpha = compositor.buffer.view(np.uint8)[0, :4]
    assert red == alpha and abs(int(green) * 2 - red) <= 2 and blue == 0


def test_every_pattern_is_another_tiles_without_a_seam_and_shows_on_any_colour() -> None:
    alphas = [pattern_alpha(index).astype(int) for index in range(len(PATTERN_NAMES))]
    assert len(set(PATTERN_NAMES)) == 16
    for first, second in itertools.combinations(alphas, 2):
        assert (np.abs(first - second) > 40).mean() > 0.08
    for alpha in alphas:
        assert 0.05 < (alpha > 150).mean() < 0.6, "marks and ground"
        assert alpha.min() > 60 and alpha.max() < 200, "the picture below stays visible"
        inner = max(np.abs(np.diff(alpha, axis=axis)).mean() for axis in (0, 1))
        for axis in (0, 1):
            seam = np.abs(alpha.take(0, axis) - alpha.take(-1, axis)).mean()
            rows = np.abs(np.diff(alpha, axis=axis)).mean(axis=1 - axis)
            assert seam <= max(rows.max(), inner) + 1e-9


def test_words_of_one_colour_still_look_different() -> None:
    scene = edits.fill_word(Scene("a b", size=(64, 64), words=(Word("w1", "a", (0, 1)),)), "w1")
    other = scene.with_word(replace(scene.word("w1"), pattern=1))
    first, second = (compose(s, (0, 0, 64, 64)).astype(int) for s in (scene, other))
    assert (np.abs(first - second).max(axis=2) > 30).mean() > 0.1


def test_overlay_over_picture() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (140, 150, 3), dtype=np.uint8)
    overlay = compose(scene_of(3), (0, 0, 150, 140))
    wanted = overlay[..., :3] + rgb * (1 - overlay[..., 3:] / 255)
    assert np.abs(over(rgb, overlay) - wanted).max() <= 1
    assert np.array_equal(over(rgb, np.zeros((140, 150, 4), np.uint8)), rgb)


def test_what_was_prepared_changes_no_pixel_and_is_not_done_again() -> None:
    scene = scene_of(4)
    first, second = Compositor(), Compositor()
    chosen = scene.words[1].id
    for compositor in (first, second):
        compositor.sync(scene, selected=chosen)
        compositor.flush()
    while first.prepare(0.0005):
        pass
    assert len(first._under) == 9  # all tiles of 150x140
    kept = dict(first._under)
    changed = edits.fill_word(scene, chosen)
    for compositor in (first, second):
        compositor.sync(changed, selected=chosen)
        compositor.flush()
    assert np.array_equal(first.buffer, second.buffer)
    assert all(first._under[key] is ground for key, ground in kept.items())
    assert not first.prepare(1.0)


def test_paint_that_pushes_or_does_not_act_looks_unlike_ordinary_paint() -> None:
    scene = edits.fill_word(scene_of(1, (64, 64)), "w1")
    looks = [
        compose(edits.change_word(scene, "w1", **changes), (0, 0, 64, 64))
        for changes in ({}, {"strength": -1.0}, {"muted": True}, {"strength": 0.0})
    ]
    ordinary, pushing, muted, none = looks
    assert np.array_equal(muted, none)
    for first, second in itertools.combinations((ordinary, pushing, muted), 2):
        assert (first != second).any(axis=2).mean() > 0.5
    assert muted[..., 3].mean() < ordinary[..., 3].mean() / 2
    assert np.ptp(pushing[..., 3].astype(int)) > 150  # its signs stand out
