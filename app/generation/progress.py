"""How far a job is, in words and as a fraction."""

from __future__ import annotations

from app.generation.time_left import time_left
from app.jobs import Job
from engine.facts import BASE
from engine.protocol import Step

NAME_LENGTH = 16
RECENT = 8  # steps that tell how long one takes


def note_step(job: Job, event: Step) -> None:
    """Remember what a step took and who made it."""
    job.step_ms.append(event.step_ms)
    job.experts.add(event.expert)


def fraction(job: Job, event: Step) -> float:
    """How much of all the job's pictures is done, 0..1."""
    return _done(event) / (job.request.picture.count * event.total)


def in_words(job: Job, event: Step) -> str:
    """Which picture, which step, whose, and for how long still."""
    if job.sink.title:
        return f"{job.sink.title} · Step {event.index} of {event.total}"
    count = job.request.picture.count
    recent = job.step_ms[-RECENT:]
    left = (count * event.total - _done(event)) * sum(recent) / len(recent) / 1000
    which = f"Picture {event.image + 1} of {count} · " if count > 1 else ""
    # Anybody but a model's lone denoiser is worth naming.
    who = f"{_short(event.expert)} · " if job.request.experts or job.experts != {BASE} else ""
    return f"{which}Step {event.index} of {event.total} · {who}{time_left(left)}"


def with_waiting(text: str, waiting: int) -> str:
    """The progress with how many jobs wait behind this one."""
    return f"{text} · {waiting} more waiting" if waiting else text


def _done(event: Step) -> int:
    return event.image * event.total + event.index


def _short(name: str) -> str:
    """An expert's name where there is little room for it."""
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
