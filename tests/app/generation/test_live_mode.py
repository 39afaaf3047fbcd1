"""Live mode asks for one picture at a time, always of the newest scene, and never when it is off."""

from __future__ import annotations

from app.generation.live_mode import SETTLE_MS, LiveMode


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
