"""The noise levels that a run visits, once torch is there to work them out."""

from __future__ import annotations

from dataclasses import dataclass

from engine import preload
from engine.errors import EngineError
from engine.facts import InstalledModel, ModelFacts


@dataclass(frozen=True)
class Levels:
    """What a model's noise schedule says.

    Attributes:
        top: its highest noise level.
        sigmas: those of the steps, falling.
    """

    top: float
    sigmas: tuple[float, ...]


def levels_of(facts: ModelFacts | None, sampler: str, steps: int) -> Levels | None:
    """The noise levels of a run; None where nobody can say, or not yet: this never waits for torch."""
    if not isinstance(facts, InstalledModel) or not preload.here():
        return None
    from engine.models.families.components import load_noise

    try:
        noise = load_noise(facts)
    except EngineError:  # whoever loads the model explains
        return None
    return Levels(float(noise.table[-1]), noise.walk(sampler, steps).sigmas[:-1])
