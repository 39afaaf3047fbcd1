"""What the denoiser is told of a scene."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.training.picture_book.denoiser import new_conditions
from engine.training.picture_book.examples import Examples
from engine.training.picture_book.shards import ShardStore
from resources.picture_tokens import COUNT


@pytest.fixture(scope="module")
def examples(made: Path) -> Examples:
    return Examples(ShardStore(made / "shards"), new_conditions(), np.random.default_rng(0), 32)


def test_in_windows_nearly_all_are_told_and_painted(made: Path) -> None:
    store, conditions = ShardStore(made / "shards"), new_conditions()
    shares = []
    for side in (8, 32):
        batch = Examples(store, conditions, np.random.default_rng(0), side)(200)
        shares.append(float((batch.weight == 0).float().mean()))
    assert 0.05 < shares[0] < 0.22 < shares[1] < 0.45


def test_picture_tokens_have_their_part_of_the_truth_and_of_the_paint(examples: Examples) -> None:
    batch, seen = examples(64), 0
    for row, prompt in enumerate(batch.inputs.prompts):
        if not batch.inputs.t5[row]:
            continue
        truth, paint = (planes[row].unflatten(0, (32, 32)) for planes in (batch.truth, batch.paint))
        pictures = [(place, part) for place, part in examples.conditions.pictures(prompt).items()]
        for (first, _), (last, _) in zip(pictures[::COUNT], pictures[COUNT - 1 :: COUNT], strict=True):
            word = truth[..., first - 1]
            if not word.any():
                continue
            assert torch.equal(truth[..., first : last + 1].sum(-1) > 0, word > 0)
            # The upper left part is higher than the lower right one, in the truth and in the paint.
            for planes in (truth, paint):
                rows = [planes[..., place].nonzero()[:, 0].float() for place in (first, last)]
                if all(map(len, rows)):
                    assert rows[0].min() <= rows[1].min()
            seen += 1
    assert seen > 20
