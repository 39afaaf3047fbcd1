"""Events from the engine's thread reach the window's thread, in order, without stale or stacked ones."""

from __future__ import annotations

import threading

import numpy as np

from app.generation.event_bridge import EventBridge
from engine.errors import ModelNotFound
from engine.protocol import Cancelled, Failed, Loading, Preview, Step


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
    bridge.expect("a")
    thread = threading.Thread(target=lambda: [bridge.post(step("a", index)) for index in range(50)])
    thread.start()
    qtbot.waitUntil(lambda: len(seen) == 50)
    thread.join()
    assert [event.index for event in seen] == list(range(50))
    assert set(threads) == {threading.main_thread()}


def test_events_of_a_request_that_is_no_longer_expected_are_dropped(qtbot):
    bridge = EventBridge()
    seen = collected(bridge)
    bridge.expect("old")
    bridge.post(step("old", 1))
    bridge.expect("new")
    bridge.post(step("old", 2))
    bridge.post(step("new", 1))
    qtbot.waitUntil(lambda: bool(seen))
    assert [event.request_id for event in seen] == ["new"]


def test_of_previews_that_wait_only_the_newest_is_delivered(qtbot):
    bridge = EventBridge()
    seen = collected(bridge)
    bridge.expect("a")
    for index in range(20):
        bridge.post(preview("a", index))
        bridge.post(step("a", index))
    bridge.post(Cancelled(request_id="a"))
    qtbot.waitUntil(lambda: bool(seen) and isinstance(seen[-1], Cancelled))
    assert [event.index for event in seen if isinstance(event, Preview)] == [19]
    assert len([event for event in seen if isinstance(event, Step)]) == 20


def test_news_of_the_warm_up_comes_through(qtbot):
    bridge = EventBridge()
    seen = collected(bridge)
    bridge.expect("a")
    bridge.post(Loading(request_id="", what="libraries", fraction=0.0))
    bridge.post(Failed(request_id="", error=ModelNotFound("none", hint="install one")))
    qtbot.waitUntil(lambda: len(seen) == 2)
