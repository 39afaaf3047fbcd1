"""How far a job is, in words and as a fraction."""

from __future__ import annotations

import time
from statistics import fmean

from app.generation.sinks import ResultsOnlySink
from app.generation.step_count import RECENT
from app.generation.time_left import time_left
from app.jobs import Job
from app.language import number, tr
from engine.facts import BASE
from engine.protocol import Finished, Step

NAME_LENGTH = 16


def note_step(job: Job, event: Step) -> None:
    """Remember what a step took and who made it."""
    if job.stepping is None:
        job.stepping = time.monotonic() - event.step_ms / 1000
    job.step_ms.append(event.step_ms)
    job.experts.add(event.expert)


def fraction(job: Job, event: Step) -> float:
    """How much of all the job's pictures is done, 0..1; of a grid, of all its pictures."""
    made, of = job.sink.part
    return (made + _done(job, event) / _total(job, event)) / of


def in_words(job: Job, event: Step) -> str:
    """Which picture, which step, whose, and for how long still."""
    count = job.request.picture.count
    recent = job.step_ms[-RECENT:]
    made, of = job.sink.part
    steps = _total(job, event) * (of - made) - _done(job, event)
    left = steps * sum(recent) / len(recent) / 1000
    if job.sink.title:
        return tr(
            "{title} · Step {index} of {total} · {time_left}",
            title=job.sink.title,
            index=event.index,
            total=event.total,
            time_left=time_left(left),
        )
    which = tr("Picture {value} of {count} · ", value=event.image + 1, count=count) if count > 1 else ""
    # Anybody but a model's lone denoiser is worth naming.
    who = f"{_short(event.expert)} · " if job.request.experts or job.experts != {BASE} else ""
    return tr(
        "{which}Step {index} of {total} · {who}{time_left}",
        which=which,
        index=event.index,
        total=event.total,
        who=who,
        time_left=time_left(left),
    )


def at_end(job: Job, event: Finished) -> str:
    """What there is to say of a job that has made its pictures, and where they are if the canvas has not changed."""
    what, seconds = tr("Live") if job.live else tr("Done"), number(event.seconds, ".1f")
    step_ms = event.step_ms or (fmean(job.step_ms) if job.step_ms else 0)  # of a second pass alone the event tells none
    if isinstance(job.sink, ResultsOnlySink) and not job.live:
        return tr("{what} in {seconds} s · see Results", what=what, seconds=seconds)
    if not step_ms:
        return tr("{what} in {seconds} s", what=what, seconds=seconds)
    return tr(
        "{what} in {seconds} s · {step_ms} ms a step",
        what=what,
        seconds=seconds,
        step_ms=number(step_ms, ".0f" if step_ms >= 1 else ".1f"),
    )


def with_waiting(text: str, waiting: int) -> str:
    """The progress with how many jobs wait behind this one."""
    return tr("{value} · {waiting} more waiting", value=text, waiting=waiting) if waiting else text


def _done(job: Job, event: Step) -> int:
    return len(job.step_ms) if job.request.refine is not None else event.image * event.total + event.index


def _total(job: Job, event: Step) -> int:
    """All steps of the job; of a second pass the events count only their own pass."""
    if job.request.refine is not None:
        return max(job.steps, len(job.step_ms))
    return job.request.picture.count * event.total


def _short(name: str) -> str:
    """An expert's name where there is little room for it."""
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
