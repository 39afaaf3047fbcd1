"""The figures of a row that need no picture of the engine's: small areas, intervals, step times in pairs."""

from __future__ import annotations

import numpy as np
import pytest

from engine.lab.configs import Setting
from engine.lab.image_store import Picture
from engine.lab.layout_metrics import measure, step_ratio
from engine.lab.segmentation_eval import small_overlaps
from engine.lab.statistics import ious
from engine.world.scenes import HELD_OUT, NAMES, Render, render_scene
from tests.engine.lab.test_layout import Oracle, fake_reals


@pytest.fixture(scope="module")
def scenes() -> list[Render]:
    return [render_scene(HELD_OUT + seed) for seed in range(6)]


def _picture(ms: float, run: str = "one") -> Picture:
    return Picture(rgb=np.zeros((2, 2, 3), np.uint8), step_ms=ms, run=run)


def test_small_areas_are_the_smallest_third_over_all_layouts(scenes: list[Render]) -> None:
    others = [scene.labels for scene in (*scenes[1:], scenes[0])]
    sums, counts = small_overlaps(scenes, others)
    areas = [
        (np.count_nonzero(scene.labels == index), float(ious(other, scene.labels, [index])[0]))
        for scene, other in zip(scenes, others, strict=True)
        for index in [NAMES.index(name) for name in scene.names]
    ]
    smallest = sorted(areas)[: counts.sum()]
    assert len(areas) / 3 <= counts.sum() < len(areas) / 3 + 2
    assert sums.sum() == pytest.approx(sum(overlap for _, overlap in smallest))
    perfect, same = small_overlaps(scenes, [scene.labels for scene in scenes])
    assert np.array_equal(perfect, counts) and np.array_equal(same, counts)


def test_losing_a_small_thing_costs_the_small_areas_more(scenes: list[Render]) -> None:
    judge = Oracle(scenes)
    judge.labels |= {}
    sizes = {
        (number, index): np.count_nonzero(scene.labels == index)
        for number, scene in enumerate(scenes)
        for index in [NAMES.index(name) for name in scene.names]
    }
    number, index = min(sizes, key=lambda key: sizes[key])
    key = scenes[number].rgb.tobytes()
    judge.labels[key] = np.where(judge.labels[key] == index, len(NAMES), judge.labels[key])
    pictures = [Picture(rgb=scene.rgb, step_ms=1.0) for scene in scenes]
    row = measure("world", Setting(law="default", paint_weight=1.0), scenes, pictures, judge, fake_reals()).row
    assert row["miou_small"] < row["miou"] < 1
    assert row["miou_small_ci"][0] < row["miou_small"] < row["miou_small_ci"][1]


def test_every_figure_has_an_interval_about_it(scenes: list[Render]) -> None:
    pictures = [Picture(rgb=scene.rgb, step_ms=10.0 + number) for number, scene in enumerate(scenes)]
    found = measure("world", Setting(law="hard", paint_weight=1.0), scenes, pictures, Oracle(scenes), fake_reals())
    for key in ("miou", "miou_small", "kid", "recall", "step_ms"):
        low, high = found.row[f"{key}_ci"]
        assert low <= found.row[key] <= high
    assert found.row["step_ms"] == 12.5 and found.row["step_ms_ci"][0] < 12.5 < found.row["step_ms_ci"][1]
    assert found.miou_samples.shape == (2000,) and found.kid_samples is not None


def test_the_step_ratio_is_paired_by_layout() -> None:
    times = [10.0, 100.0, 35.0, 1000.0]
    found = step_ratio([_picture(1.2 * ms) for ms in times], [_picture(ms) for ms in times])
    assert found["step_ratio"] == pytest.approx(1.2) and found["step_ratio_ci"] == pytest.approx([1.2, 1.2])


def test_pictures_of_two_runs_are_not_compared() -> None:
    ours = [_picture(12.0), _picture(99.0, "two"), _picture(12.0)]
    theirs = [_picture(10.0), _picture(10.0), _picture(10.0)]
    assert step_ratio(ours, theirs)["step_ratio"] == pytest.approx(1.2)
    assert step_ratio([_picture(12.0, "two")], [_picture(10.0)]) == {"step_ratio": None, "step_ratio_ci": None}
    assert step_ratio([_picture(12.0, "")], [_picture(10.0, "")])["step_ratio"] is None, "nobody knows of which run"
