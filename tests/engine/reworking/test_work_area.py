"""The area around a mask, what is cut out for it, and how the result is laid over the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.facts import Defaults, ModelFacts
from engine.reworking.compositing import cells_of, laid_over, soft_edge
from engine.reworking.work_area import WorkArea, area_around


def facts(side: int = 512, multiple: int = 8) -> ModelFacts:
    defaults = Defaults(guidance=7.0, paint_weight=0.4, size=(side, side))
    return ModelFacts(name="m", family="sd", latents="sd", multiple=multiple, defaults=defaults)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(2, 60), st.integers(2, 60), st.floats(0, 1), st.floats(0, 1), st.integers(1, 200), st.integers(1, 200),
    st.integers(0, 100),
)  # fmt: skip
def test_an_area_holds_the_mask_and_suits_the_model(width, height, x, y, wide, high, context):
    width, height = 8 * width, 8 * height
    mask = np.zeros((height, width), np.uint8)
    left, top = round(x * (width - 1)), round(y * (height - 1))
    mask[top : top + high, left : left + wide] = 9
    area = area_around(mask, context, facts(256))
    if area is None:
        return
    (first, high_up, last, low_down), (w, h) = area.box, area.size
    assert 0 <= first < last <= width and 0 <= high_up < low_down <= height
    assert mask[area.place].sum() == mask.sum()
    assert first <= max(0, left - context) and last >= min(width, left + wide + context)
    outer = area.outer
    assert w % 8 == h % 8 == 0 and w > 0 and h > 0
    assert w * h <= max(256 * 256 * 1.35, outer[0] * outer[1]), "no larger than the model likes, or than it is"
    assert min(w / outer[0], h / outer[1]) > 0.9
    assert 0.8 < (w / outer[0]) / (h / outer[1]) < 1.25


def test_a_small_mask_is_worked_on_at_the_models_size():
    mask = np.zeros((1024, 1024), np.uint8)
    mask[500:540, 600:640] = 255
    area = area_around(mask, 64, facts())
    assert area == WorkArea((536, 436, 704, 604), (512, 512))
    assert area_around(mask, 1024, facts(1024)) is None
    assert area_around(mask, 300, facts()).outer == (640, 640) == area_around(mask, 300, facts()).size


def test_inside_and_back_are_exact_at_the_same_size():
    rgb = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    area = WorkArea((8, 16, 40, 48), (32, 32))
    assert np.array_equal(area.back(area.inside(rgb)), rgb[16:48, 8:40])


def test_the_edge_is_soft_inside_the_mask_alone():
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, :] = 255
    shown = soft_edge(mask)
    assert (shown[mask == 0] == 0).all() and (shown[24:40] == 1).all(), "the picture's own border is no edge"
    assert (np.diff(shown[16:25, 5]) > 0).all() and shown[16, 5] > 0
    assert (soft_edge(np.full((8, 8), 3, np.uint8)) == 1).all()
    thin = np.zeros((32, 32), np.uint8)
    thin[10:13, 10:20] = 255
    assert soft_edge(thin).max() == 1.0


def test_laid_over_is_the_old_outside_and_the_new_inside():
    rng = np.random.default_rng(1)
    old, new = (rng.integers(0, 256, (8, 8, 3)).astype(np.uint8) for _ in range(2))
    shown = np.zeros((8, 8), np.float32)
    shown[2:6, 2:6], shown[3, 3] = 1.0, 0.5
    found = laid_over(old, new, shown)
    assert np.array_equal(found[shown == 0], old[shown == 0]) and np.array_equal(found[shown == 1], new[shown == 1])
    assert np.abs(found[3, 3] - (old[3, 3].astype(float) + new[3, 3]) / 2).max() <= 0.5


@pytest.mark.parametrize("side", [8, 13])
def test_cells_count_whole_from_half_on_and_never_more_than_their_pixels(side):
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :8] = 255
    mask[:, 32:] = 100
    cells = cells_of(mask, (side, side))
    assert cells.shape == (side, side) and cells.dtype == np.float32
    assert (cells[:, 0] == 1).all() and np.allclose(cells[:, -1], 100 / 255) and (cells[:, side // 3] == 0).all()
    line = np.zeros((64, 64), np.uint8)
    line[30:32] = 255
    assert cells_of(line, (8, 8)).max() == 0.5
