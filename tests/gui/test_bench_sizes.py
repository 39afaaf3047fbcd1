"""`bench canvas` on other sizes, and with recorded strokes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import bench_sizes
from app.cli.bench_canvas import Effort
from engine.errors import BadRequest

SMALL = Effort(strokes=1, moves=4)


def test_a_row_tells_times_bounds_and_whether_they_are_met(qapp) -> None:
    told: list[str] = []
    (row,) = bench_sizes.rows([256], effort=SMALL, tell=told.append)
    assert row["size"] == [256, 256] and row["words"] == 64 and row["diameter"] == 256
    assert all(0 < row[name] < 10_000 for name in bench_sizes.BOUNDS)
    assert row["met"] == all(row[name] <= bound for name, bound in row["bounds"].items())
    assert told == ["canvas of 256 px"]


def test_recorded_strokes_are_replayed(qapp, tmp_path: Path) -> None:
    file = tmp_path / "strokes.json"
    file.write_text(json.dumps([{"word": 3, "diameter": 20, "points": [[10, 10], [40, 30], [90, 80]]}]))
    found = bench_sizes.replay(bench_sizes.read_strokes(file), 256)
    assert found["strokes"] == 1 and found["events"] == 2 and found["event_p95_ms"] > 0


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "[1]", '[{"points": []}]', '[{"points": [[1]]}]', '[{"points": [[1, NaN]]}]']
)
def test_a_file_that_holds_something_else_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "strokes.json"
    file.write_text(text)
    with pytest.raises(BadRequest) as caught:
        bench_sizes.read_strokes(file)
    assert "strokes.json" in str(caught.value) and "JSON" in caught.value.hint
