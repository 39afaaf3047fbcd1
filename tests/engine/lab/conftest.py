"""What the labs' tests share: a tiny model with experts and all encoders, and the starter's latent factor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tiny import TRIO, save_deltas, save_tiny, tiny_unet
from tests.tiny_conditions import add_conditions

OWN = {"steps": 6, "paint_weight": 0.8, "guidance": 2.0, "experts": list(TRIO)}
"""Its wordbrush.json; each of the three experts has a turn in so many steps."""


@pytest.fixture(scope="session")
def whole_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights, v-prediction, T5 and image encoder, the experts of `TRIO`; never written to."""
    folder = save_tiny(tmp_path_factory.mktemp("models") / "whole", factor=16, prediction="v_prediction")
    save_deltas(folder / "experts" / "high")
    tiny_unet(seed=5).save_pretrained(folder / "experts" / "low", safe_serialization=True)
    (folder / "wordbrush.json").write_text(json.dumps(OWN))
    return add_conditions(folder)
