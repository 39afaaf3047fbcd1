"""The pictures of a run: all of one layout in turn, in an order of its own, each kept at once with its run's mark."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.facts import Defaults
from engine.farm import LocalFarm
from engine.lab import image_maker
from engine.lab.configs import settings
from engine.lab.image_maker import Maker
from engine.lab.image_store import Picture, PictureStore
from engine.lab.progress import Clock, RunCancelled
from engine.models.library import Library
from engine.protocol import GenerateRequest
from engine.world.scenes import HELD_OUT, Render, render_scene
from tests import fake_executor
from tests.fake_executor import FakeExecutor

ROWS = settings(1.0, ["ediffi", "hard", "dial"], [1.0])


@pytest.fixture(scope="module")
def layouts() -> list[Render]:
    return [render_scene(HELD_OUT + seed) for seed in range(4)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[GenerateRequest]:
    """What the engine was asked for, by a stand-in that answers at once."""
    requests: list[GenerateRequest] = []

    def make(request: GenerateRequest, **_: Any) -> Picture:
        requests.append(request)
        return Picture(rgb=np.full((8, 8, 3), len(requests), np.uint8), step_ms=float(len(requests)))

    monkeypatch.setattr(image_maker, "make", make)
    return requests


def _maker(folder: Path, cancel: threading.Event | None = None, run: str = "") -> Maker:
    return Maker(
        model="m",
        device="cpu",
        defaults=Defaults(guidance=3.0, paint_weight=1.0, size=(256, 256), steps=7, sampler="euler"),
        library=Library(),
        store=PictureStore(folder, run=run),
        clock=Clock(100.0, None, cancel),
    )


def test_all_settings_of_a_layout_come_in_turn_and_in_an_order_of_its_own(
    layouts: list[Render], asked: list[GenerateRequest], tmp_path: Path
) -> None:
    _maker(tmp_path).pictures("world", layouts, ROWS)
    assert [request.picture.seed for request in asked] == [index for index in range(4) for _ in ROWS]
    turns = [
        tuple((each.conditioning.law, each.conditioning.fidelity) for each in asked[start : start + len(ROWS)])
        for start in range(0, len(asked), len(ROWS))
    ]
    assert all(len(set(turn)) == len(ROWS) for turn in turns) and len(set(turns)) == 4


def test_a_request_is_its_layouts_and_its_settings(
    layouts: list[Render], asked: list[GenerateRequest], tmp_path: Path
) -> None:
    made = _maker(tmp_path).pictures("free", layouts[:1], ROWS)
    assert list(made) == ROWS
    for request in asked:
        assert request.text.prompt == layouts[0].caption
        assert (request.sampling.steps, request.sampling.sampler) == (7, "euler")
        assert len(request.text.words) == (0 if request.conditioning.law == "none" else len(layouts[0].items))
    wanted = {(row.law, row.paint_weight, row.fidelity) for row in ROWS}
    parts = [each.conditioning for each in asked]
    assert {(each.law, each.paint_weight, each.fidelity) for each in parts} == wanted
    for setting, (picture,) in made.items():
        number = int(picture.step_ms)
        assert (parts[number - 1].law, parts[number - 1].fidelity) == (setting.law, setting.fidelity)


def test_what_is_there_is_not_made_again_and_keeps_the_mark_of_its_run(
    layouts: list[Render], asked: list[GenerateRequest], tmp_path: Path
) -> None:
    first = _maker(tmp_path, run="first").pictures("world", layouts[:1], ROWS[:2])
    again = _maker(tmp_path, run="again").pictures("world", layouts[:1], ROWS)
    assert len(asked) == len(ROWS)
    for setting in ROWS[:2]:
        assert np.array_equal(first[setting][0].rgb, again[setting][0].rgb)
    assert [again[setting][0].run for setting in ROWS] == ["first"] * 2 + ["again"] * (len(ROWS) - 2)


def test_it_stops_after_the_picture_that_is_being_made(
    layouts: list[Render], asked: list[GenerateRequest], tmp_path: Path
) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(RunCancelled):
        _maker(tmp_path, cancel).pictures("world", layouts, ROWS)
    assert len(asked) == 1 and len(list(tmp_path.glob("*.png"))) == 1


def test_on_a_farm_the_same_pictures_come_each_once_and_those_that_are_there_not_at_all(
    layouts: list[Render], asked: list[GenerateRequest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.farm.local.LocalExecutor", lambda library: FakeExecutor())
    maker, ticks = _maker(tmp_path, run="farmed"), []
    clock = Clock(12.0, lambda text, fraction: ticks.append(fraction), None)
    with LocalFarm() as alone:
        farming = dataclasses.replace(maker, model="tiny", farm=alone, clock=clock)
        first = farming.pictures("world", layouts[:2], ROWS)
        done = len(ticks)
        farming.pictures("world", layouts[:3], ROWS)
    assert asked == [] and done == 2 * len(ROWS) and len(ticks) == done + 3 * len(ROWS)
    assert len(list(tmp_path.glob("*.png"))) == 3 * len(ROWS)
    for setting, made in first.items():
        for index, found in enumerate(made):
            request = farming._request(index, layouts[index], setting)
            assert found.run == "farmed" and np.array_equal(found.rgb, fake_executor.picture(request, index))
