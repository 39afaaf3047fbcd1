"""`bench canvas` on other sizes, and with recorded strokes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from app.cli import bench_sizes, bench_strokes
from app.cli.bench_canvas import Effort
from engine.errors import BadRequest

SMALL = Effort(strokes=1, moves=4)


def test_a_row_tells_times_bounds_and_whether_they_are_met(qapp) -> None:
    told: list[str] = []
    busy: list[bool] = []

    @contextmanager
    def generating(view) -> Iterator[None]:
        busy.append(view.isVisible())
        yield

    (row,) = bench_sizes.rows([256], effort=SMALL, tell=told.append, generating=generating)
    assert busy == [True] and [each["diameter"] for each in row["busy"]] == [64, 256]
    assert row["size"] == [256, 256] and row["words"] == 64 and row["diameter"] == 256
    assert all(0 < row[name] < 10_000 for name in bench_sizes.BOUNDS)
    assert row["met"] == all(row[name] <= bound for name, bound in row["bounds"].items())
    assert told == ["canvas of 256 px"]
    assert [each["diameter"] for each in row["brushes"]] == [64, 256]
    assert row["event_p95_ms"] == max(each["event_p95_ms"] for each in row["brushes"])
    assert row["hand"]["events"] > 10 and row["hand"]["met"] == (row["hand"]["event_p95_ms"] <= 8.0)
    for moves, window, bound in zip(row["moves"], ([1600, 1000], [3840, 2160]), (16.7, 50.0), strict=True):
        assert moves["window"] == window and moves["bounds"] == {"pan_p95_ms": bound, "zoom_p95_ms": bound}
        assert 0 < moves["pan_p95_ms"] < 10_000 and 0 < moves["zoom_p95_ms"] < 10_000


def test_strokes_like_a_hand_are_curved_of_changing_speed_and_on_the_canvas() -> None:
    strokes = bench_strokes.like_a_hand(1024)
    assert strokes == bench_strokes.like_a_hand(1024) and len(strokes) == 14
    assert {stroke.brush.diameter for stroke in strokes} == {24, 96, 256, 512, 1024}
    for stroke in strokes:
        points = np.array(stroke.points)
        steps = np.hypot(*np.diff(points, axis=0).T)
        assert (points > 0).all() and (points < 1024).all() and len(points) > 40
        assert np.median(steps) > 0.5 and steps.max() > 1.5 * steps.mean() and steps.min() < steps.mean() / 3


def test_the_strokes_of_a_hand_are_recorded_ones_with_every_brush() -> None:
    strokes = bench_strokes.of_a_hand(1024)
    assert [stroke.brush.diameter for stroke in strokes] == [24, 96, 256, 512, 1024]
    points = np.array(strokes[0].points)
    assert len(points) == 302 and points.min() > 102 and points.max() < 922
    steps = np.hypot(*np.diff(points, axis=0).T)
    assert steps.min() < 1 and steps.max() > 5 * np.median(steps), "it dwells, and it leaps"


def test_recorded_strokes_are_replayed(qapp, tmp_path: Path) -> None:
    file = tmp_path / "strokes.json"
    file.write_text(json.dumps([{"word": 3, "diameter": 20, "points": [[10, 10], [40, 30], [90, 80]]}]))
    found = bench_sizes.replay(bench_strokes.read_strokes(file), 256)
    assert found["strokes"] == 1 and found["events"] == 2 and found["event_p95_ms"] > 0


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "[1]", '[{"points": []}]', '[{"points": [[1]]}]', '[{"points": [[1, NaN]]}]']
)
def test_a_file_that_holds_something_else_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "strokes.json"
    file.write_text(text)
    with pytest.raises(BadRequest) as caught:
        bench_strokes.read_strokes(file)
    assert "strokes.json" in str(caught.value) and "JSON" in caught.value.hint
