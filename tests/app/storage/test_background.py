"""Work on a thread: its results come back in order, and what comes after the end is left alone."""

from __future__ import annotations

from app.storage.background import Background


def test_results_come_back_in_order(qtbot) -> None:
    background, come = Background("test"), []
    for number in range(3):
        background.run(lambda number=number: number, come.append, come.append)
    qtbot.waitUntil(lambda: come == [0, 1, 2])
    assert not background.busy and background.close()


def test_a_timer_that_fires_after_the_end_does_nothing(qtbot) -> None:
    background, come = Background("test"), []
    assert background.close()
    background.run(lambda: 1, come.append, come.append)
    qtbot.wait(20)
    assert come == [] and not background.busy
