"""How strictly a scene keeps to its paint, piece by piece, where one dial for all of them will not do."""

from __future__ import annotations

from dataclasses import dataclass

from canvas.model.errors import SceneError
from canvas.model.style import is_number

MAX_GRADIENT_STEPS = 10


@dataclass(frozen=True)
class Pieces:
    """What the fidelity dial turns, each set alone. Raises SceneError for a value out of range.

    Attributes:
        containment: 0 none .. 1: how hard a painted word is pushed out of all that is not its paint.
        separation: 0 none .. 1: how little differently painted areas look at each other.
        gradient_steps: in how many of the first steps, 0..10, the picture is pulled towards its paint.
    """

    containment: float = 0.0
    separation: float = 0.0
    gradient_steps: int = 0

    def __post_init__(self) -> None:
        for name in ("containment", "separation"):
            if not is_number(getattr(self, name), 0, 1):
                raise SceneError(f"The {name} cannot be {getattr(self, name)}.", hint="Use a number from 0 to 1.")
        steps = self.gradient_steps
        if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps <= MAX_GRADIENT_STEPS:
            raise SceneError(
                f"The gradient steps cannot be {steps}.", hint=f"Use a whole number from 0 to {MAX_GRADIENT_STEPS}."
            )


Fidelity = float | Pieces | None
"""The dial, 0 loose .. 1 exact; or its pieces; None is the model's own."""


def check_fidelity(value: object) -> None:
    """Raises SceneError for what is no fidelity."""
    if value is not None and not isinstance(value, Pieces) and not is_number(value, 0, 1):
        raise SceneError(f"The fidelity cannot be {value}.", hint="Use a number from 0, loose, to 1, exact.")
