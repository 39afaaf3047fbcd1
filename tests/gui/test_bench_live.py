"""`bench live`: the real window and a real engine, and what its JSON holds."""

from __future__ import annotations

import os
from pathlib import Path

from app.cli.bench_live import run
from app.paths import HOME_VARIABLE
from tests.tiny import tiny_sd_folder  # noqa: F401


def test_the_bench_counts_live_pictures_while_the_brush_moves(qapp, home, tiny_sd_folder: Path) -> None:  # noqa: F811
    result = run(model=str(tiny_sd_folder), seconds=0.8, size=64)
    on, off = result["rows"]
    assert (on["live"], off["live"]) == (True, False) and on["steps"] == 4
    assert on["pictures_per_second"] > 1 and off["pictures_per_second"] == 0
    assert on["ui_gap_p95_ms"] <= on["ui_gap_max_ms"] and 0 <= on["late_share"] <= 1
    assert os.environ[HOME_VARIABLE] == str(home) and not (home / "results").exists()
