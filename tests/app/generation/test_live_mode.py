"""Live mode asks for one picture at a time, always of the newest scene, and never when it is off."""

from __future__ import annotations

from types import SimpleNamespace

import psutil
import pytest

from app.generation.battery import BatteryWatch, on_battery
from app.generation.live_mode import SETTLE_MS, LiveMode, LiveState


def make() -> tuple[LiveMode, list[int]]:
    asked: list[int] = []
    live = LiveMode(lambda: asked.append(1))
    return live, asked


def test_off_it_asks_for_nothing(qtbot):
    live, asked = make()
    live.changed()
    qtbot.wait(3 * SETTLE_MS)
    assert not asked


def test_switching_on_asks_at_once_and_many_changes_ask_once(qtbot):
    live, asked = make()
    live.set_on(True)
    for _ in range(30):
        live.changed()
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.wait(2 * SETTLE_MS)
    assert len(asked) == 1


def test_a_change_while_one_runs_is_asked_for_when_it_ends_and_only_once(qtbot):
    live, asked = make()
    live.set_on(True)
    qtbot.waitUntil(lambda: len(asked) == 1)
    live.started()
    live.changed()
    live.changed()
    qtbot.wait(2 * SETTLE_MS)
    assert len(asked) == 1
    live.ended()
    qtbot.waitUntil(lambda: len(asked) == 2)


def test_without_changes_it_rests(qtbot):
    live, asked = make()
    live.set_on(True)
    qtbot.waitUntil(lambda: len(asked) == 1)
    live.started()
    live.ended()
    qtbot.wait(3 * SETTLE_MS)
    assert len(asked) == 1


def test_switched_off_in_time_it_does_not_ask(qtbot):
    live, asked = make()
    live.set_on(True)
    live.set_on(False)
    qtbot.wait(3 * SETTLE_MS)
    assert not asked


def test_paused_it_asks_for_nothing_and_then_for_the_newest_at_once(qtbot):
    live, asked = make()
    live.pause(True)
    live.set_on(True)
    live.changed()
    assert live.state is LiveState.PAUSED
    qtbot.wait(3 * SETTLE_MS)
    assert not asked
    live.pause(False)
    qtbot.waitUntil(lambda: len(asked) == 1)


def test_it_says_what_it_does_and_how_fast(qtbot):
    now = iter((10.0, 10.5, 20.0, 20.7))
    asked: list[int] = []
    live = LiveMode(lambda: asked.append(1), clock=lambda: next(now))
    heard: list[LiveState] = []
    live.state_changed.connect(heard.append)
    live.set_on(True)
    assert live.seconds is None
    qtbot.waitUntil(lambda: bool(asked))
    for _ in range(2):
        live.started()
        live.made()
        live.ended()
    assert live.seconds == pytest.approx(0.6) and live.state is LiveState.RESTING
    live.set_on(False)
    assert heard[0] is LiveState.WORKING and heard[-1] is LiveState.OFF and LiveState.PAUSED not in heard


@pytest.mark.parametrize(
    ("told", "pauses"),
    [
        (SimpleNamespace(power_plugged=False), True),
        (SimpleNamespace(power_plugged=True), False),
        (SimpleNamespace(power_plugged=None), False),
        (None, False),
    ],
)
def test_a_battery_pauses_where_the_system_says_that_it_is_used(monkeypatch, qtbot, told, pauses):
    monkeypatch.setattr(psutil, "sensors_battery", lambda: told, raising=False)
    watch, heard = BatteryWatch(), []
    watch.changed.connect(heard.append)
    watch.watch(True)
    watch.look()
    watch.watch(False)
    assert heard == [True] * pauses
    monkeypatch.delattr(psutil, "sensors_battery", raising=False)
    assert not on_battery()
