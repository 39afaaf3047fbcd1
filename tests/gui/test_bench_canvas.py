"""`bench canvas`: what its JSON holds, and that it watches a real generation."""

from __future__ import annotations

import threading
from pathlib import Path

from app.cli.bench_canvas import DIAMETERS, Effort, run
from tests.tiny import tiny_sd_folder  # noqa: F401


def test_the_bench_tells_what_its_contract_says(qapp, tiny_sd_folder: Path) -> None:  # noqa: F811
    told: list[float] = []
    result = run(
        model=str(tiny_sd_folder),
        effort=Effort(strokes=1, moves=5, seconds=0.3, undo_strokes=4),
        progress=lambda text, fraction: told.append(fraction),
    )
    assert result["schema"] == 1
    assert result["size"] == [1024, 1024]
    assert result["words"] == 16
    assert [(row["diameter"], row["busy"]) for row in result["rows"]] == [
        (diameter, busy) for busy in (False, True) for diameter in DIAMETERS
    ]
    for row in result["rows"]:
        assert 0 < row["event_p95_ms"] < 10_000
        assert 0 < row["undo_p95_ms"] < 10_000
        assert row["events"] >= 3
    assert 0 < result["undo_bytes_200"] < 256 * 2**20
    assert result["ui_gap_max_ms"] == max(result["ui_gap_loading_max_ms"], result["ui_gap_generating_max_ms"]) > 0
    assert told == sorted(told)
    assert not any(thread.name == "engine" for thread in threading.enumerate())


def test_without_the_model_the_canvas_is_measured_alone(qapp) -> None:
    result = run(model="no such model", effort=Effort(strokes=1, moves=4, seconds=0.1, undo_strokes=2))
    assert {row["busy"] for row in result["rows"]} == {False}
    assert result["ui_gap_max_ms"] is None
