"""Checking transformers: paint's effect, stock without paint, and a paint weight that reaches the target's share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine import Library
from engine.checkup import check
from engine.checkup.calibrating import TOLERANCE
from engine.checkup.layouts import LAYOUTS
from engine.models import calibration
from tests.tiny_transformers import save_flux, save_z_image

AIM = 0.35


@pytest.mark.parametrize("save", [save_flux, save_z_image], ids=["flux", "z_image"])
def test_a_transformer_is_measured_and_calibrated(
    save: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WORDBRUSH_MODELS", raising=False)
    folder = save(tmp_path / "models" / "mine")
    (folder / "wordbrush.json").write_text('{"size": [64, 64], "guidance": 1.0, "steps": 2, "paint_weight": 0.4}')
    library = Library(tmp_path / "models")
    found = check.run("mine", device="cpu", library=library, layouts=LAYOUTS[:1], reference=AIM)
    inside = found["inside"]
    assert inside["painted"] > inside["unpainted"] > 0
    assert found["equals_stock"] and found["stock_difference"] < 1e-4
    kept = found["paint_weight"]
    assert kept["why_not"] is None and abs(kept["inside"] - AIM) <= 2 * TOLERANCE
    measured = calibration.read(folder)
    assert measured is not None and measured.paint_weight == kept["calibrated"]
    # The share is what the attention is with the paint's push; at the kept weight it is the target's again.
    again = check.run("mine", device="cpu", library=library, layouts=LAYOUTS[:1], reference=AIM, calibrate=False)
    assert abs(again["inside"]["painted"] - AIM) <= 2 * TOLERANCE
    library.load("mine", "cpu").control.check()  # type: ignore[attr-defined]
