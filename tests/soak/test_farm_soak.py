"""A farm whose workers are killed or stopped at moments of chance, two hundred times: every picture comes, once."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter

import numpy as np
import pytest

from engine import GenerateRequest
from engine.farm import seat
from engine.farm.cluster import RayFarm
from engine.protocol import FINAL_EVENTS, Failed, ImageReady
from tests.fake_executor import picture
from tests.farm_workers import FakeWorker
from tests.soak.recorder import UNTIL, record, share_of

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]

KILLS = 200


def test_hundreds_of_lost_workers_lose_no_picture_and_make_none_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that three workers were killed over is the farm's to give up; it is made by the next run."""
    monkeypatch.setattr(seat, "SILENT_SECONDS", 3.0)
    chance, wanted, kills, longest = random.Random(7), share_of(KILLS), 0, 0.0
    asked = GenerateRequest.of(id="", prompt="a lake", model="tiny", width=64, height=64, steps=6, previews=False)
    made: Counter[str] = Counter()
    finals: Counter[str] = Counter()
    number, given_up = 0, 0
    began = last = time.monotonic()

    def coming():
        nonlocal number
        while kills < wanted and time.monotonic() < UNTIL:
            number += 1
            yield asked.replace(id=f"{number}", seed=number)

    with RayFarm(workers=2, threads=1, worker=FakeWorker) as farm:
        following = chance.uniform(0, 4)
        for event in farm.run(coming(), cancel=threading.Event()):
            now = time.monotonic()
            longest, last = max(longest, now - last), now
            if isinstance(event, ImageReady):
                made[event.request_id] += 1
                seed = int(event.request_id)
                assert np.array_equal(event.rgb, picture(asked.replace(seed=seed), seed))
            if isinstance(event, FINAL_EVENTS):
                finals[event.request_id] += 1
                given_up += isinstance(event, Failed)
            if now - began > following and kills < wanted and (alive := farm.processes()):
                os.kill(chance.choice(alive), chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP)))
                kills += 1
                following = now - began + chance.uniform(0, 4)
    record(
        "farm", asked=KILLS, run=kills, requests=number, pictures=sum(made.values()), given_up=given_up,
        longest_silence_s=round(longest, 1),
    )  # fmt: skip
    assert kills and set(finals) == {str(each) for each in range(1, number + 1)} and set(finals.values()) == {1}
    assert max(made.values()) == 1 and len(made) == number - given_up
