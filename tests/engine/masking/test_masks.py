"""From attention to masks: the formulas by hand, on what is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.errors import BadRequest, WordNotInPrompt
from engine.masking.asking import asked, beside
from engine.masking.deciding import is_spread, masks_of, otsu, standing_out, words_of
from engine.masking.recording import LooksOfLevels
from engine.masking.sharpening import looks_together, sharpened


def test_sharpening_is_the_power_of_self_attention_times_the_map():
    looks = torch.softmax(torch.randn(6, 6, generator=torch.Generator().manual_seed(1)), dim=1)
    maps = torch.rand(2, 2, 3, generator=torch.Generator().manual_seed(2))
    by_hand = (torch.linalg.matrix_power(looks.double(), 3) @ maps.double().flatten(1).T).T.reshape(2, 2, 3)
    assert torch.allclose(sharpened(maps, looks, 3).double(), by_hand, atol=1e-6)
    assert torch.equal(sharpened(maps, looks, 0), maps)
    assert sharpened(maps, looks, 9).max() <= maps.max() and sharpened(maps, looks, 9).min() >= maps.min()


def test_levels_count_by_their_resolution_and_each_row_stays_a_share():
    looks = LooksOfLevels()
    fine, coarse = torch.eye(16), torch.zeros(4, 4)
    coarse[:, 3] = 1.0  # each cell of the coarse level looks at the last quarter
    looks.sums, looks.counts = {0: 2 * fine, 1: 3 * coarse}, {0: 2, 1: 3}
    found = looks_together(looks, {0: (4, 4), 1: (2, 2)})
    assert found is not None and found[1] == (4, 4)
    assert torch.allclose(found[0].sum(dim=1), torch.ones(16))
    # 4 parts of the fine level's own cell, 2 of the coarse level's, whose weight lies in the last quarter.
    assert found[0][0, 0] == pytest.approx(4 / 6, abs=1e-6)
    assert found[0][0, 15] > found[0][0, 5] > 0 and found[0][0, 1] == 0
    assert looks_together(LooksOfLevels(), {}) is None


def test_otsu_parts_two_heaps():
    values = np.concatenate([np.full(900, 0.1), np.full(100, 0.8)])
    assert 0.1 < otsu(values) < 0.8


def test_coarse_levels_are_left_out():
    levels = {0: torch.ones(1, 8, 8), 1: torch.zeros(1, 4, 4), 2: torch.full((1, 2, 2), 9.0)}
    assert torch.allclose(words_of(levels, (8, 8)), torch.full((1, 8, 8), 0.5))


def _square() -> tuple[np.ndarray, np.ndarray]:
    """A picture with a red square that no cell's edge meets, and where it is."""
    rgb = np.full((128, 128, 3), (40, 90, 160), np.uint8)
    area = np.zeros((128, 128), bool)
    area[27:85, 38:99] = True
    rgb[area] = (200, 60, 30)
    return rgb, area


def test_a_mask_follows_the_pictures_edge_and_words_part_it():
    rgb, area = _square()
    cells = torch.from_numpy(area.reshape(16, 8, 16, 8).mean(axis=(1, 3)).astype(np.float32))
    first, second = masks_of(torch.stack([0.1 + 0.5 * cells, 0.3 - 0.2 * cells]), rgb, 2)
    assert np.array_equal(first > 127, area) and np.array_equal(second > 127, ~area)
    alone = masks_of(0.1 + 0.5 * cells[None], rgb, 1)
    assert np.array_equal(alone[0] > 127, area), "without another word, Otsu's threshold says what the rest is"
    # A larger picture takes the edges of its smaller self.
    large = np.kron(rgb, np.ones((6, 6, 1), np.uint8))
    big = masks_of(0.1 + 0.5 * cells[None], large, 1)[0] > 127
    assert big.shape == (768, 768) and (big == np.kron(area, np.ones((6, 6), bool))).mean() > 0.99


def test_what_is_everywhere_is_spread():
    assert is_spread(torch.ones(4, 4)) and not is_spread(torch.eye(4))
    shown = standing_out(torch.stack([0.2 + 0.1 * torch.eye(4), torch.ones(4, 4)]))
    assert shown[0].max() == 1.0 and shown[0].min() == 0.0 and torch.isfinite(shown).all()


@pytest.mark.parametrize(
    ("prompt", "phrases", "expected"),
    [
        ("a red house by a lake", [("red house", 1), ("lake", 1)], ("a red house by a lake", ((2, 11), (17, 21)))),
        ("a lake, ", [("tent", 1)], ("a lake, tent", ((8, 12),))),
        ("", [("tent", 1), ("sky", 1)], ("tent, sky", ((0, 4), (6, 9)))),
    ],
)
def test_phrases_that_a_prompt_lacks_come_behind_it(prompt, phrases, expected):
    assert asked(prompt, phrases) == expected


def test_words_beside_are_the_other_phrases_without_determiners():
    prompt = "a red house by the old lake, sky"
    assert [prompt[slice(*span)] for span in beside(prompt, [(6, 11)])] == ["old lake", "sky"]
    with pytest.raises(WordNotInPrompt):
        asked(prompt, [("house", 2)])
    with pytest.raises(BadRequest):
        asked(prompt, [(" ", 1)])
