"""The engine thread: order, replacement, cancelling, exactly one final event, and life after failures."""

from __future__ import annotations

import threading
import time
import weakref
from collections import Counter

import pytest
import torch

from engine import Library, LocalExecutor
from engine.errors import BadRequest, DeviceOutOfMemory, InternalError, ModelNotFound
from engine.facts import STARTER
from engine.protocol import FINAL_EVENTS, Cancelled, Failed, Finished, Loading, Started, Step
from engine.sampling.preview import LinearPreview
from engine.weights import loading
from engine.weights.loading import available_memory

WAIT = 60


class Heard:
    """Keeps events and wakes whoever waits for one."""

    def __init__(self) -> None:
        self.events: list = []
        self.threads: set[str] = set()
        self._news = threading.Condition()

    def __call__(self, event) -> None:
        with self._news:
            self.events.append(event)
            self.threads.add(threading.current_thread().name)
            self._news.notify_all()

    def wait(self, condition) -> None:
        with self._news:
            assert self._news.wait_for(condition, WAIT), [self.events, self.failures()]

    def wait_for(self, kind, request_id: str) -> None:
        self.wait(lambda: self.of(kind, request_id))

    def of(self, kind, request_id: str) -> list:
        return [event for event in self.events if isinstance(event, kind) and event.request_id == request_id]

    def failures(self) -> list[str]:
        return [f"{event.error}\n{event.error.details}" for event in self.events if isinstance(event, Failed)]

    def finals(self) -> dict[str, str]:
        return {event.request_id: type(event).__name__ for event in self.events if isinstance(event, FINAL_EVENTS)}


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def executor(heard, library):
    executor = LocalExecutor(library=library)
    executor.start(heard)
    yield executor
    assert executor.close(WAIT)
    counts = Counter(event.request_id for event in heard.events if isinstance(event, FINAL_EVENTS))
    assert set(counts.values()) <= {1}
    assert heard.threads <= {"engine"}


def test_explicit_requests_queue_in_order(executor, heard, ask):
    for name in "abc":
        executor.submit(ask(id=name))
    heard.wait_for(FINAL_EVENTS, "c")
    assert [event.request_id for event in heard.events if isinstance(event, FINAL_EVENTS)] == ["a", "b", "c"]
    assert set(heard.finals().values()) == {"Finished"}, heard.failures()


def test_live_requests_replace_each_other(executor, heard, ask):
    executor.submit(ask(id="one", steps=500, live=True))
    heard.wait_for(Step, "one")
    executor.submit(ask(id="two", steps=500, live=True))
    executor.submit(ask(id="three", live=True))
    heard.wait_for(FINAL_EVENTS, "three")
    assert heard.finals() == {"one": "Cancelled", "two": "Cancelled", "three": "Finished"}
    assert heard.of(Started, "two") == []


def test_a_live_request_waits_for_explicit_ones_and_never_replaces_them(executor, heard, ask):
    executor.submit(ask(id="first", steps=30))
    heard.wait_for(Step, "first")
    executor.submit(ask(id="live", live=True))
    executor.submit(ask(id="second"))
    heard.wait_for(FINAL_EVENTS, "live")
    assert list(heard.finals()) == ["first", "second", "live"]
    assert set(heard.finals().values()) == {"Finished"}


def test_cancel_stops_the_running_request_and_spares_the_next(executor, heard, ask):
    executor.submit(ask(id="long", steps=1000))
    executor.submit(ask(id="next"))
    heard.wait_for(Step, "long")
    executor.cancel("long")
    heard.wait_for(FINAL_EVENTS, "next")
    assert heard.finals() == {"long": "Cancelled", "next": "Finished"}
    assert len(heard.of(Step, "long")) < 1000


def test_a_waiting_request_is_cancelled_without_being_started(executor, heard, ask):
    executor.submit(ask(id="long", steps=1000))
    executor.submit(ask(id="waiting"))
    heard.wait_for(Step, "long")
    executor.cancel("waiting")
    heard.wait_for(Cancelled, "waiting")
    assert heard.of(FINAL_EVENTS, "long") == []
    executor.cancel()
    heard.wait_for(Cancelled, "long")


def test_cancel_without_an_id_stops_everything(executor, heard, ask):
    for name in "abc":
        executor.submit(ask(id=name, steps=1000))
    heard.wait_for(Step, "a")
    executor.cancel()
    heard.wait(lambda: len(heard.finals()) == 3)
    assert set(heard.finals().values()) == {"Cancelled"}


def test_cancelling_what_is_done_or_unknown_does_nothing(executor, heard, ask):
    executor.submit(ask(id="done"))
    heard.wait_for(Finished, "done")
    executor.cancel("done")
    executor.cancel("never heard of")
    executor.submit(ask(id="next"))
    heard.wait_for(Finished, "next")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (RuntimeError("a bug"), InternalError),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 1 EB"), DeviceOutOfMemory),
        (MemoryError(), DeviceOutOfMemory),
    ],
)
def test_a_failure_is_typed_and_the_next_request_runs(executor, heard, ask, library, fault, expected):
    family = library.load(ask().model, "cpu")
    original = family.decode

    def broken(latents):
        raise fault

    family.decode = broken
    try:
        executor.submit(ask(id="bad"))
        heard.wait_for(Failed, "bad")
    finally:
        family.decode = original
    error = heard.of(Failed, "bad")[0].error
    assert type(error) is expected and error.hint and error.details
    executor.submit(ask(id="good"))
    heard.wait_for(Finished, "good")


def test_a_failure_whose_memory_cannot_be_freed_is_told_all_the_same(executor, heard, ask, monkeypatch):
    def gone(*args):
        raise RuntimeError("the device is gone")

    with monkeypatch.context() as patch:
        patch.setattr("engine.preload.load_libraries", gone)
        patch.setattr("engine.preload.are_loaded", lambda: False)
        patch.setattr(loading, "free_memory", gone)
        executor.submit(ask(id="bad"))
        heard.wait_for(Failed, "bad")
    error = heard.of(Failed, "bad")[0].error
    assert type(error) is InternalError and error.details.count("the device is gone") >= 2
    executor.submit(ask(id="good"))
    heard.wait_for(Finished, "good")


def test_a_real_allocation_that_fails_is_out_of_memory_and_frees_the_models(heard, ask, tmp_path):
    library = Library(tmp_path)
    executor = LocalExecutor(library=library)
    executor.start(heard)
    unet = weakref.ref(library.load(ask().model, "cpu").unet)
    original = LinearPreview.pixels

    def greedy(self, x0):
        torch.empty(2**55)
        return original(self, x0)

    LinearPreview.pixels = greedy
    try:
        executor.submit(ask(id="bad"))
        heard.wait_for(Failed, "bad")
    finally:
        LinearPreview.pixels = original
    error = heard.of(Failed, "bad")[0].error
    assert type(error) is DeviceOutOfMemory and "64x64" in error.hint
    assert unet() is None
    executor.submit(ask(id="good"))
    heard.wait_for(Finished, "good")
    assert executor.close(WAIT)


def test_a_picture_that_the_machine_cannot_hold_is_refused_before_its_first_step(executor, heard, ask, monkeypatch):
    monkeypatch.setattr(loading, "available_memory", lambda device: 2**16)
    executor.submit(ask(id="huge"))
    heard.wait_for(Failed, "huge")
    assert type(heard.of(Failed, "huge")[0].error) is DeviceOutOfMemory
    assert heard.of(Step, "huge") == []
    free = available_memory(torch.device("cpu"))
    assert free is None or free > 2**16


def test_bad_requests_fail_and_the_next_one_runs(executor, heard, ask):
    executor.submit(ask(id="bad", prompt="  "))
    executor.submit(ask(id="good"))
    heard.wait_for(Finished, "good")
    assert isinstance(heard.of(Failed, "bad")[0].error, BadRequest)


def test_a_listener_that_raises_does_not_stop_the_thread(ask, library, heard, caplog):
    def listener(event):
        heard(event)
        if isinstance(event, Step):
            raise ValueError("listener")

    executor = LocalExecutor(library=library)
    executor.start(listener)
    executor.submit(ask(id="a"))
    heard.wait_for(Finished, "a")
    assert executor.close(WAIT)
    assert "listener failed on Step" in caplog.text


def test_warm_up_loads_ahead_and_reports_with_an_empty_id(tmp_path, heard, ask):
    executor = LocalExecutor(library=Library(tmp_path))
    executor.start(heard)
    executor.warm_up(ask().model, "cpu")
    heard.wait(lambda: any(isinstance(event, Loading) and event.fraction == 1.0 for event in heard.events))
    assert {event.request_id for event in heard.events} == {""}
    executor.submit(ask(id="a"))
    heard.wait_for(Finished, "a")
    assert heard.of(Loading, "a") == []
    executor.warm_up("no such model", "cpu")
    heard.wait_for(Failed, "")
    assert executor.close(WAIT)


@pytest.fixture
def slow_loading(monkeypatch):
    """Loading ahead that goes on until it is stopped."""

    def warm_up(model, device, *, library, cancel):
        yield Loading(request_id="", what=model, fraction=0.0)
        assert cancel.wait(WAIT)

    monkeypatch.setattr("engine.local_executor.warm_up", warm_up)


@pytest.mark.parametrize("live", [False, True])
def test_a_request_for_another_model_stops_the_loading_ahead(slow_loading, executor, heard, ask, live):
    executor.warm_up("another", "cpu")
    heard.wait_for(Loading, "")
    executor.submit(ask(id="a", live=live))
    heard.wait_for(Finished, "a")


def test_a_request_for_the_model_that_is_loaded_ahead_waits_for_it(slow_loading, executor, heard, ask):
    request = ask(id="a")
    executor.warm_up(request.model, request.device)
    heard.wait_for(Loading, "")
    executor.submit(request)
    assert not heard.of(FINAL_EVENTS, "a")
    executor.cancel()
    heard.wait_for(Cancelled, "a")


def test_cancelling_all_stops_the_loading_ahead_too(slow_loading, executor, heard, ask):
    executor.warm_up("running", "cpu")
    heard.wait_for(Loading, "")
    executor.warm_up("waiting", "cpu")
    executor.cancel()
    executor.submit(ask(id="a"))
    heard.wait_for(Finished, "a")
    assert [event.what for event in heard.of(Loading, "") if event.what == "waiting"] == []


def test_close_ends_every_request_and_the_thread(heard, ask, library):
    executor = LocalExecutor(library=library)
    executor.submit(ask(id="early", steps=1000))
    executor.submit(ask(id="waiting"))
    executor.start(heard)
    heard.wait_for(Step, "early")
    began = time.monotonic()
    assert executor.close(WAIT)
    assert time.monotonic() - began < 10
    assert heard.finals() == {"early": "Cancelled", "waiting": "Cancelled"}
    with pytest.raises(RuntimeError, match="closed"):
        executor.submit(ask())


def test_an_engine_that_was_never_started_closes(library, heard):
    assert LocalExecutor(library=library).close(1)


def test_requests_from_many_threads_all_end_once(executor, heard, ask):
    def flood(name: str) -> None:
        for index in range(5):
            executor.submit(ask(id=f"{name}{index}", steps=1, live=index % 2 == 0))
            executor.cancel(f"{name}{index - 2}")

    threads = [threading.Thread(target=flood, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heard.wait(lambda: len(heard.finals()) == 20)


def test_models_facts_and_noise_levels_are_told_without_loading_a_model(library, ask, monkeypatch):
    executor = LocalExecutor(library=library)
    assert executor.models()[0].name == STARTER
    model = ask().model
    facts = executor.facts(model)
    assert facts.multiple == 8
    levels = executor.sigmas(model, "dpmpp_2m_karras", 5)
    assert levels is not None and len(levels.sigmas) == 5 and levels.sigmas[0] == levels.top
    assert levels.top == pytest.approx(14.61, abs=0.01) and 0 < levels.sigmas[-1] < 1
    assert executor.sigmas("no such model", "dpmpp_2m", 5) is None
    with pytest.raises(ModelNotFound):
        executor.facts("no such model")
    monkeypatch.setattr("engine.preload.are_loaded", lambda: False)
    assert executor.sigmas(model, "dpmpp_2m", 5) is None
