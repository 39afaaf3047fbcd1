"""Which denoisers can work on the timeline: the model's base, its own experts and other models that fit it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.language import tr
from canvas.model.experts import Expert
from engine.facts import BASE, ModelFacts

Read = Callable[[str], ModelFacts | None]


@dataclass(frozen=True)
class Source:
    """A denoiser that an interval could have.

    Attributes:
        name: what its interval is called. title: what a menu calls it.
        model, part: as in `Expert`.
        problem: why it cannot work here; empty where it may.
    """

    name: str
    title: str
    model: str = ""
    part: str = ""
    problem: str = ""

    def is_of(self, expert: Expert) -> bool:
        """Whether an interval has this one."""
        return (self.model, self.part) == (expert.model, expert.part)


def sources(model: str, models: Iterable[tuple[str, str]], read: Read) -> list[Source]:
    """All denoisers to choose from for a scene's `model`, its own first.

    Args:
        models: (name or path, text) of the models that are known.
        read: what the files of a model say.
    """
    facts = read(model)
    own = facts.experts if facts is not None else ()
    parts = [Source(each.name, each.name, part=each.name) for each in own if not each.is_base]
    others = [Source(text, text, value, problem=misfit(facts, read(value))) for value, text in models if value != model]
    return [Source(BASE, f"{facts.name if facts is not None else model} – {BASE}"), *parts, *others]


def misfit(facts: ModelFacts | None, other: ModelFacts | None) -> str:
    """Why another model cannot share the timeline with the scene's, as far as files tell; empty where it may."""
    if other is None:
        return tr("It cannot be read.")
    if facts is not None and _kind(facts) != _kind(other):
        return tr("It uses another kind of latents than {name}.", name=facts.name)
    return ""


def _kind(facts: ModelFacts) -> tuple[str, int]:
    """What tells the latents of two models apart."""
    return facts.latents, facts.multiple


def problem_of(expert: Expert, facts: ModelFacts | None, read: Read) -> str:
    """Why an interval's expert cannot work; empty where it may, or where the scene's own model cannot be read."""
    if facts is None:
        return ""
    theirs = read(expert.model) if expert.model else facts
    problem = misfit(facts, theirs) if expert.model else ""
    if theirs is not None and not problem and expert.part not in ("", *(own.name for own in theirs.experts)):
        return tr("{name} has no expert “{part}”.", name=theirs.name, part=expert.part)
    return problem
