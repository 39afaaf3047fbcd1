"""What the denoiser is told of a scene."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.training.picture_book.denoiser import new_conditions
from engine.training.picture_book.examples import Examples
from engine.training.picture_book.shards import ShardStore


def test_in_windows_nearly_all_are_told_and_painted(made: Path) -> None:
    store, conditions = ShardStore(made / "shards"), new_conditions()
    shares = []
    for side in (8, 32):
        batch = Examples(store, conditions, np.random.default_rng(0), side)(200)
        shares.append(float((batch.weight == 0).float().mean()))
    assert 0.05 < shares[0] < 0.22 < shares[1] < 0.45
