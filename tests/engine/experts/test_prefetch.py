"""The mover on a pretended device: the order of moves, the prefetch before the switch, never more in than planned."""

from __future__ import annotations

import threading

import pytest

from engine.errors import EngineError, ModelIncomplete
from engine.experts.prefetch import Prefetcher, in_thread, make_room


class Weights:
    """Weights that write down what is done with them, and check that there is room."""

    source: Weights | None = None

    def __init__(self, name: str, device: Device, *, inside: bool = False) -> None:
        self.name, self.device, self.inside = name, device, inside
        self.error: Exception | None = None

    def fetch(self) -> str:
        self.device.log.append(f"fetch {self.name}")
        if self.error is not None:
            raise self.error
        return self.name

    def install(self, fetched: str) -> None:
        assert fetched == self.name
        self.device.log.append(f"in {self.name}")
        self.inside = True

    def release(self) -> None:
        self.device.log.append(f"out {self.name}")
        self.inside = False


class Device:
    """A device with `slots` places; jobs in the background end when somebody waits for them."""

    def __init__(self, names: str, slots: int, inside: str = "") -> None:
        self.log: list[str] = []
        self.slots = slots
        self.coming = 0
        self.weights = {name: Weights(name, self, inside=name in inside) for name in names}
        self.mover = Prefetcher(self.weights, slots, start=self.start)

    def start(self, job):
        self.log.append("start")
        self.coming += 1
        self.check()

        def wait():
            self.log.append("wait")
            self.coming -= 1
            return job()

        return wait

    def check(self) -> None:
        assert sum(each.inside for each in self.weights.values()) + self.coming <= self.slots

    def turn(self, name: str, **options) -> list[str]:
        self.log.clear()
        self.mover.turn(name, **options)
        assert self.weights[name].inside
        self.check()
        return list(self.log)


def test_what_is_in_is_not_moved():
    device = Device("abc", 3, inside="abc")
    assert [device.turn(name) for name in "abcabc"] == [[]] * 6


def test_the_next_one_is_fetched_while_the_one_before_it_works():
    device = Device("abc", 2, inside="ab")
    assert device.turn("a") == []
    assert device.turn("b") == ["out a", "start"]  # c comes while b works
    assert device.turn("b") == []
    assert device.turn("c") == ["wait", "fetch c", "in c", "out b", "start"]  # a comes for the next picture
    assert device.turn("a") == ["wait", "fetch a", "in a", "out c", "start"]


def test_what_others_are_made_of_stays_and_they_are_made_when_their_turn_comes():
    device = Device("abc", 2, inside="ab")
    device.weights["a"].source = device.weights["c"].source = device.weights["b"]
    assert device.turn("a") == device.turn("b") == []
    assert device.turn("c") == ["out a", "fetch c", "in c"]
    assert device.turn("a") == ["out c", "fetch a", "in a"], "for the next picture"


def test_with_one_place_what_others_are_made_of_goes_too():
    device = Device("ab", 1, inside="a")
    device.weights["a"].source = device.weights["b"]
    assert device.turn("a") == []
    assert device.turn("b") == ["out a", "fetch b", "in b"]
    assert device.turn("a") == ["out b", "fetch a", "in a"]


def test_a_third_one_finds_no_place_beside_the_source_until_its_turn():
    device = Device("abc", 2, inside="ab")
    device.weights["a"].source = device.weights["b"]
    assert device.turn("a") == device.turn("b", last=True) == []
    device = Device("cab", 2, inside="cb")
    device.weights["a"].source = device.weights["b"]
    assert device.turn("c") == [] and device.turn("a") == ["out c", "fetch a", "in a"]


def test_at_the_start_nothing_need_be_in():
    device = Device("ab", 2)
    assert device.turn("a") == ["fetch a", "in a", "start"]
    assert device.turn("b") == ["wait", "fetch b", "in b"]


def test_with_one_place_each_change_waits():
    device = Device("ab", 1, inside="a")
    assert device.turn("a") == []
    assert device.turn("b") == ["out a", "fetch b", "in b"]
    assert device.turn("a") == ["out b", "fetch a", "in a"]


def test_after_the_last_turn_nothing_is_fetched():
    device = Device("abc", 2, inside="bc")
    assert device.turn("c", last=True) == []


def test_who_is_needed_last_goes_first():
    device = Device("abcd", 3, inside="acd")
    assert device.turn("a") == ["out d", "start"]


def test_a_jump_to_another_one_lets_go_of_what_was_coming():
    device = Device("abcd", 2, inside="a")
    device.turn("a")
    assert device.turn("c") == ["wait", "fetch b", "fetch c", "in c", "out a", "start"]


def test_an_error_of_the_prefetch_comes_at_the_switch_and_the_next_try_is_free():
    device = Device("abc", 2, inside="a")
    device.weights["b"].error = ModelIncomplete("The expert is damaged.", hint="Get it again.")
    device.turn("a")
    with pytest.raises(ModelIncomplete, match="damaged"):
        device.mover.turn("b")
    device.weights["b"].error = None
    assert device.turn("b") == ["fetch b", "in b", "out a", "start"]


def test_a_file_that_is_gone_is_a_typed_error():
    device = Device("ab", 1, inside="a")
    device.weights["b"].error = FileNotFoundError("gone")
    with pytest.raises(EngineError) as caught:
        device.mover.turn("b")
    assert "folder" in caught.value.hint and "gone" in caught.value.details


def test_close_waits_and_swallows():
    device = Device("ab", 2, inside="a")
    device.weights["b"].error = OSError("gone")
    device.turn("a")
    device.mover.close()
    device.mover.close()
    assert device.coming == 0 and not device.weights["b"].inside


def test_a_thread_works_meanwhile_and_hands_over_its_result_or_error():
    go, began = threading.Event(), threading.Event()

    def job() -> str:
        began.set()
        assert go.wait(10)
        return "done"

    wait = in_thread(job)
    assert began.wait(10)
    go.set()
    assert wait() == "done"

    def fail() -> None:
        raise MemoryError("full")

    with pytest.raises(MemoryError, match="full"):
        in_thread(fail)()


def test_room_for_one_more():
    device = Device("abc", 2, inside="abc")
    make_room(list(device.weights.values()), 2)
    assert device.log == ["out a", "out b"]
