"""How many steps a request takes, tiles included, and what each took the last time."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.generation import progress
from app.generation.sinks import CanvasNews, CanvasSink, ResultsOnlySink
from app.generation.step_count import StepTimes, steps_of
from app.jobs import Job
from canvas.model.scene import Scene
from engine.protocol import Cancelled, Finished, GenerateRequest, Refinement, StartPicture, Step
from tests.fake_executor import TINY

PICTURE = np.zeros((64, 64, 3), np.uint8)


def asked(**more) -> GenerateRequest:
    return GenerateRequest.of(id="1", prompt="a lake", width=64, height=64, steps=8).replace(**more)


def job_of(request: GenerateRequest) -> Job:
    return Job(request, Scene("a lake"), ResultsOnlySink(), steps=steps_of(request, TINY))


@pytest.mark.parametrize(
    ("more", "steps"),
    [
        ({}, 8),
        ({"count": 3}, 24),
        ({"start": StartPicture(rgb=PICTURE, strength=0.6)}, 5),
        ({"start": StartPicture(rgb=PICTURE, strength=0.0), "refine": Refinement(scale=2, strength=0.35)}, 9 * 3),
        ({"refine": Refinement(scale=2, strength=0.5)}, 8 + 9 * 4),
    ],
)
def test_the_steps_of_a_request_are_those_of_all_its_parts(more, steps):
    assert steps_of(asked(**more), TINY) == steps


def test_without_the_facts_nobody_knows_the_tiles():
    assert steps_of(asked(refine=Refinement()), None) == 0


def test_the_time_left_is_known_before_the_first_step_from_the_last_of_that_model_and_size():
    times = StepTimes()
    job = job_of(asked())
    assert times.left(job) is None
    times.note(asked(), 100.0)
    times.note(asked(), 300.0)
    assert times.left(job) == pytest.approx(8 * 0.2)
    assert times.left(job_of(asked(width=128))) == pytest.approx(8 * 0.4)  # twice the pixels
    refine = asked(start=StartPicture(rgb=PICTURE, strength=0.0), refine=Refinement(scale=2, strength=0.35))
    assert times.left(job_of(refine)) == pytest.approx(27 * 0.2)
    assert times.left(job_of(asked(model="other"))) is None
    job.step_ms += [50.0] * 6
    assert times.left(job) == pytest.approx(2 * 0.05)


def test_what_runs_take_beside_their_steps_is_part_of_the_time():
    now = [100.0]
    times, job = StepTimes(lambda: now[0]), job_of(asked(count=2))
    job.step_ms += [100.0] * 16
    job.stepping = 100.0
    now[0] += 1.6 + 2 * 0.5  # each picture took half a second to decode
    for each in job.step_ms:
        times.note(job.request, each)
    times.note_end(job, Cancelled(request_id="1"))
    assert times.whole(asked(), TINY) == pytest.approx(0.8), "what was stopped tells nothing"
    times.note_end(job, Finished(request_id="1", images=(), seconds=9.0, step_ms=100.0, model="tiny", device="cpu"))
    assert times.whole(asked(count=3), TINY) == pytest.approx(3 * 1.3)
    assert times.left(job_of(asked())) == pytest.approx(1.3)
    tiles = {"tiles": 9, "steps": 3}
    model = asked().model, asked().device
    assert times.of_tiles(*model, (64, 64), **tiles) == pytest.approx(9 * (0.3 + 2 * 0.5)), "they encode, too"
    refine = asked(start=StartPicture(rgb=PICTURE, strength=0.0), refine=Refinement(scale=2, strength=0.35))
    second = job_of(refine)
    second.stepping, now[0] = 200.0, 200.0 + 27 * 0.1 + 9 * 0.7
    second.step_ms += [100.0] * 27
    times.note(refine, 100.0)
    times.note_end(second, Finished(request_id="1", images=(), seconds=0, step_ms=100.0, model="tiny", device="cpu"))
    assert times.of_tiles(*model, (64, 64), **tiles) == pytest.approx(9 * (0.3 + 0.7)), "measured now"
    assert times.of_tiles("other", "cpu", (64, 64), **tiles) == 0.0


def test_a_second_pass_counts_all_its_steps_and_never_says_no_time_a_step():
    job = job_of(asked(refine=Refinement(scale=2, strength=0.5)))
    event = Step(request_id="1", index=8, total=8, image=0, sigma=1.0, expert="base", step_ms=1000.0)
    job.step_ms += [1000.0] * 8
    assert progress.fraction(job, event) == pytest.approx(8 / 44)
    assert progress.in_words(job, event).endswith("36 s left")
    end = Finished(request_id="1", images=(), seconds=9.0, step_ms=0.0, model="tiny", device="cpu")
    assert progress.at_end(job, end) == "Done in 9.0 s · see Results", "nothing on the canvas has changed"
    job.sink = CanvasSink(CanvasNews())
    assert progress.at_end(job, end) == "Done in 9.0 s · 1000 ms a step"
    job.step_ms.clear()
    assert progress.at_end(job, end) == "Done in 9.0 s"
    assert progress.at_end(job, dataclasses.replace(end, step_ms=0.31)).endswith("0.3 ms a step")
