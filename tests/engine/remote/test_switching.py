"""A window changes its machine: what each was asked for comes from there, and only from there."""

from __future__ import annotations

from engine.protocol import Cancelled, Finished, Step
from engine.remote.switching import SwitchingExecutor
from tests.engine.remote.conftest import Heard, ask
from tests.fake_executor import FakeExecutor


def test_what_runs_is_finished_where_it_runs_and_the_next_is_made_on_the_machine_that_is_used():
    own, other, heard = FakeExecutor(), FakeExecutor(), Heard()
    own.step_seconds = 0.05
    switch = SwitchingExecutor(own)
    switch.start(heard)
    switch.submit(ask("1"))
    switch.submit(ask("2"))
    switch.add(other)
    switch.use(other)
    switch.submit(ask("3"))
    switch.cancel("2")
    assert isinstance(heard.final("3"), Finished) and isinstance(heard.final("1"), Finished)
    assert isinstance(heard.final("2"), Cancelled)
    assert [each.id for each in own.requests] == ["1", "2"] and [each.id for each in other.requests] == ["3"]
    switch.remove(other)
    switch.submit(ask("4"))
    assert isinstance(heard.final("4"), Finished) and switch.chosen is own
    assert switch.close()


def test_a_live_picture_replaces_that_of_the_machine_that_was_used_before():
    own, other, heard = FakeExecutor(), FakeExecutor(), Heard()
    own.step_seconds = 30
    switch = SwitchingExecutor(own)
    switch.add(other)
    switch.start(heard)
    switch.submit(ask("live-1", live=True))
    heard.wait(lambda event: event.request_id == "live-1")
    switch.use(other)
    switch.submit(ask("live-2", live=True))
    assert isinstance(heard.final("live-1"), Cancelled) and isinstance(heard.final("live-2"), Finished)
    assert not [each for each in heard.events if isinstance(each, Step) and each.request_id == "live-1"]
    switch.submit(ask("5"))
    switch.cancel()
    assert heard.final("5") and switch.close()
