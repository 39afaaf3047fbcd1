"""Round paint takes on its thing's outline, and what lies around it closes in; paint with a shape stays."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.facts import PLACES
from engine.placing import fit_words
from engine.placing.table import outline_rows
from engine.protocol import PaintedWord

SIZE = (512, 512)
BAR = np.zeros((16, 16), bool)
BAR[:, 6:10] = True
"""The outline of a tower: four times as high as wide."""

TOLD = {
    "things": {
        "tower": {
            "words": ["tower", "towers"], "on": ["ground"], "height": [0.2, 0.4], "outline": outline_rows(BAR),
        },
    },
    "stuff": {
        "blue sky": {"words": ["blue sky", "sky"], "band": "back", "offers": ["sky"]},
        "grass": {"words": ["grass"], "band": "ground", "offers": ["ground"]},
        "sand": {"words": ["sand"], "band": "ground", "offers": ["ground"]},
    },
    "settings": {"ground": ["blue sky", "grass"]},
}  # fmt: skip
PROMPT = "a tower on grass under a blue sky"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / PLACES).write_text(json.dumps(TOLD))
    return tmp_path


def disc(x: float, y: float, width: float, height: float | None = None) -> np.ndarray:
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]] + 0.5
    return ((columns - x) / width) ** 2 + ((rows - y) / (height or width)) ** 2 <= 0.25


def word(phrase: str, mask: np.ndarray, prompt: str = PROMPT, **how: float) -> PaintedWord:
    start = prompt.index(phrase)
    return PaintedWord(span=(start, start + len(phrase)), mask=mask * np.uint8(255), **how)


def fitted(folder: Path, *words: PaintedWord, prompt: str = PROMPT) -> list[np.ndarray]:
    made = fit_words(folder, prompt, words, size=SIZE, cell=16)
    assert [each.span for each in made] == [each.span for each in words]
    assert all(each.mask.dtype == np.uint8 and each.mask.shape == SIZE[::-1] for each in made)
    return [each.mask > 0 for each in made]


def box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("mask", [disc(260, 250, 100, 190), np.pad(np.ones((180, 96), bool), ((160, 172), (212, 204)))])
def test_a_round_patch_or_a_box_takes_on_the_outline_in_a_size_that_the_model_knows(folder, mask):
    (tower,) = fitted(folder, word("tower", mask))
    left, top, right, bottom = box(tower)
    assert bottom - top == 192 and right - left == 48 and tower.sum() == 192 * 48
    assert abs((left + right) / 2 - 260) <= 16 and abs((top + bottom) / 2 - 250) <= 16


def test_what_the_patch_leaves_goes_to_the_nearest_stuff_and_what_it_covers_is_taken_from_it(folder):
    patch = disc(260, 256, 90, 160)
    upper = np.zeros(SIZE[::-1], bool)
    upper[:256] = True
    tower, grass, sky = fitted(
        folder, word("tower", patch), word("grass", ~upper & ~patch), word("blue sky", upper & ~patch)
    )
    assert (tower.astype(int) + grass + sky == 1).all()
    assert (sky & patch).any() and not (sky & patch)[264:].any()
    assert (tower & ~patch).any()


def test_without_stuff_the_rest_of_a_patch_is_free(folder):
    patch = disc(260, 256, 90, 160)
    prompt = "a tower"
    (tower,) = fitted(folder, word("tower", patch, prompt), prompt=prompt)
    assert (patch & ~tower).any()


def test_a_hole_in_the_paint_is_closed_unless_other_stuff_is_to_come(folder):
    hole, upper = disc(256, 120, 80), np.zeros(SIZE[::-1], bool)
    upper[:256] = True
    sky, grass = fitted(folder, word("blue sky", upper & ~hole), word("grass", ~upper))
    assert np.array_equal(sky, upper) and np.array_equal(grass, ~upper)
    (sky,) = fitted(folder, word("blue sky", upper & ~hole))
    assert np.array_equal(sky, upper), "grass, which has no place yet, is not in the sky"
    prompt = "sand and grass"
    (grass,) = fitted(folder, word("grass", upper & ~hole, prompt), prompt=prompt)
    assert np.array_equal(grass, upper & ~hole), "it may be meant for the sand"
    gap = np.zeros_like(upper)
    gap[150:256, 200:300] = True
    (sky,) = fitted(folder, word("blue sky", upper & ~gap))
    assert np.array_equal(sky, upper), "there is sky on both sides"
    corner = np.zeros_like(upper)
    corner[:40, :40] = True
    sky, grass = fitted(folder, word("blue sky", upper & ~corner), word("grass", ~upper))
    assert np.array_equal(sky, upper & ~corner), "at the edge it may be left free"


def test_each_of_several_patches_is_one_thing(folder):
    prompt = "two towers on grass"
    patches = disc(130, 250, 90, 160) | disc(380, 250, 90, 160)
    from scipy import ndimage

    (towers,) = fitted(folder, word("two towers", patches, prompt), prompt=prompt)
    assert ndimage.label(towers)[1] == 2 and towers.sum() == 2 * 192 * 48


def cross(arm: int = 40) -> np.ndarray:
    mask = np.zeros(SIZE[::-1], bool)
    mask[160:352, 256 - arm // 2 : 256 + arm // 2] = True
    mask[240:272, 160:352] = True
    return mask


@pytest.mark.parametrize(
    "painted",
    [
        pytest.param(word("tower", cross()), id="a shape of its own"),
        pytest.param(word("tower", disc(256, 256, 400, 60)), id="much longer than the thing"),
        pytest.param(word("tower", disc(256, 256, 90, 160), fidelity=1.0), id="exact"),
        pytest.param(word("tower", disc(256, 256, 90, 160), strength=-1.0), id="pushed out"),
        pytest.param(word("tower", np.zeros(SIZE[::-1], bool)), id="no paint"),
        pytest.param(word("blue sky", disc(256, 256, 300)), id="stuff"),
        pytest.param(word("under", disc(256, 256, 300)), id="no name"),
    ],
)
def test_other_paint_stays_as_it_is(folder, painted):
    (made,) = fit_words(folder, PROMPT, [painted], size=SIZE, cell=16)
    assert made is painted


def test_if_one_of_several_patches_has_a_shape_all_stay(folder):
    prompt = "two towers"
    painted = word("two towers", disc(60, 250, 60, 110) | np.roll(cross(), 120, 1), prompt)
    assert fit_words(folder, prompt, [painted], size=SIZE, cell=16) == (painted,)


def test_a_thing_is_never_larger_than_the_picture_and_lies_within_it(folder):
    left, top, right, bottom = box(fitted(folder, word("tower", np.ones(SIZE[::-1], bool)))[0])
    assert 0 <= left < right <= 512 and 0 <= top < bottom <= 512
    at_edge = box(fitted(folder, word("tower", disc(20, 500, 90, 160)))[0])
    assert at_edge[0] >= 0 and at_edge[3] <= 512


def test_models_without_a_table_and_prompts_without_a_name_change_nothing(folder, tmp_path):
    patch = word("tower", disc(256, 256, 90, 160))
    (tmp_path / "none").mkdir()
    assert fit_words(tmp_path / "none", PROMPT, [patch], size=SIZE, cell=16) == (patch,)
    assert fit_words(folder, "a word on ground", [patch], size=SIZE, cell=16) == (patch,)
