"""The plan for experts in memory: all, some, or one at a time, with the reason in words."""

from __future__ import annotations

import pytest
import torch

from engine.weights.memory_plan import RESERVE, Need, free_bytes, plan

GB = 10**9
TRIO = [Need("high", 5 * GB, 5 * GB), Need("base", 5 * GB, 5 * GB), Need("low", 4 * GB, 4 * GB)]
LIGHT = [Need("high", 5 * GB, GB), Need("base", 5 * GB, 5 * GB, is_base=True), Need("low", 5 * GB, GB)]


@pytest.mark.parametrize(
    ("needs", "free", "resident", "slots", "said"),
    [
        (TRIO, 14 * GB, True, 3, "All 3 stay in memory: 14 GB of 14 GB"),
        (TRIO, 14 * GB - 1, False, 2, "2 at a time"),
        (TRIO, 10 * GB, False, 2, "loaded while the one before it works"),
        (TRIO, 10 * GB - 1, False, 1, "each change waits"),
        (TRIO, 2 * GB, False, 1, "may not suffice"),
        (LIGHT, 7 * GB, True, 3, "7 GB of 7 GB"),
        (LIGHT, 6 * GB, False, 2, "2 at a time"),
        (LIGHT, 6 * GB - 1, False, 1, "one at a time"),
        (TRIO[:1], 1, True, 1, "One denoiser"),
        (TRIO, None, True, 3, "does not say"),
    ],
)
def test_the_plan_follows_from_sizes_and_what_is_free(needs, free, resident, slots, said):
    found = plan(needs, free)
    assert (found.resident, found.slots) == (resident, slots)
    assert said in found.reason and found.reason.endswith(".")


def test_some_memory_is_kept_for_the_work(monkeypatch):
    from engine.weights import loading

    for free, left in ((RESERVE + 7, 7), (5, 0), (None, None)):
        monkeypatch.setattr(loading, "available_memory", lambda device, free=free: free)
        assert free_bytes(torch.device("cpu")) == left


def test_a_run_that_needs_more_than_usual_has_more_kept_for_it(monkeypatch):
    from engine.weights import loading

    monkeypatch.setattr(loading, "available_memory", lambda device: 3 * RESERVE)
    assert free_bytes(torch.device("cpu"), reserve=2 * RESERVE) == RESERVE
    assert free_bytes(torch.device("cpu"), reserve=5) == 2 * RESERVE, "never less than usual"


def test_the_hint_of_an_out_of_memory_names_gradient_steps_where_there_were_any():
    from engine.weights.loading import out_of_memory

    hints = [out_of_memory(MemoryError(), size=(64, 64), batch=1, gradient_steps=steps).hint for steps in (0, 3)]
    assert "gradient" not in hints[0] and "3 gradient steps" in hints[1] and "64x64" in hints[1]
