"""How far a job is, in words and as a fraction."""

from __future__ import annotations

from app.generation.time_left import time_left
from app.jobs import Job
from app.language import tr
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
        return tr("{title} · Step {index} of {total}", title=job.sink.title, index=event.index, total=event.total)
    count = job.request.picture.count
    recent = job.step_ms[-RECENT:]
    left = (count * event.total - _done(event)) * sum(recent) / len(recent) / 1000
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


def with_waiting(text: str, waiting: int) -> str:
    """The progress with how many jobs wait behind this one."""
    return tr("{value} · {waiting} more waiting", value=text, waiting=waiting) if waiting else text


def _done(event: Step) -> int:
    return event.image * event.total + event.index


def _short(name: str) -> str:
    """An expert's name where there is little room for it."""
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
