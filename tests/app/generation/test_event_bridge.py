"""Events from the engine's thread reach the window's thread, in order, without stale or stacked ones."""

from __future__ import annotations

import threading

import numpy as np

from app.generation.event_bridge import EventBridge
from engine.protocol import Cancelled, Preview, Step


def step(request_id: str, index: int) -> Step:
    return Step(request_id=request_id, index=index, total=9, image=0, sigma=1.0, expert="base", step_ms=1.0)


def preview(request_id: str, index: int) -> Preview:
    return Preview(request_id=request_id, index=index, image=0, rgb=np.zeros((2, 2, 3), np.uint8))


def collected(bridge: EventBridge) -> list:
    seen: list = []
    bridge.arrived.connect(seen.append)
    return seen


def test_events_of_another_thread_arrive_on_this_one_in_order(qtbot):
    bridge = EventBridge()
    threads: list = []
    seen = collected(bridge)
    bridge.arrived.connect(lambda _event: threads.append(threading.current_thread()))
    thread = threading.Thread(target=lambda: [bridge.post(step("a", index)) for index in range(50)])
    thread.start()
    qtbot.waitUntil(lambda: len(seen) == 50)
    thread.join()
    assert [event.index for event in seen] == list(range(50))
    assert set(threads) == {threading.main_thread()}


def test_after_it_is_closed_nothing_is_news(qtbot):
    bridge = EventBridge()
    seen = collected(bridge)
    bridge.post(step("a", 1))
    bridge.close()
    bridge.post(step("a", 2))
    qtbot.wait(50)
    assert not seen


def test_of_previews_that_wait_only_the_newest_is_delivered(qtbot):
    bridge = EventBridge()
    seen = collected(bridge)
    for index in range(20):
        bridge.post(preview("a", index))
        bridge.post(step("a", index))
    bridge.post(Cancelled(request_id="a"))
    qtbot.waitUntil(lambda: bool(seen) and isinstance(seen[-1], Cancelled))
    assert [event.index for event in seen if isinstance(event, Preview)] == [19]
    assert len([event for event in seen if isinstance(event, Step)]) == 20


def test_previews_of_two_requests_do_not_take_each_others_place(qtbot):
    bridge = EventBridge()
    seen = collected(bridge)
    for name in ("a", "b"):
        for index in range(5):
            bridge.post(preview(name, index))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert [(event.request_id, event.index) for event in seen] == [("a", 4), ("b", 4)]
