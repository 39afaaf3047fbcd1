"""The configurations that a layout run compares: laws, paint weights, and settings of the fidelity dial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.attention.laws import LAWS, Law, find_law
from resources.limits import PaintWeight, bounds

DEFAULT, NONE, PUBLISHED = "default", "none", "ediffi"
"""The default law, no paint, and eDiff-I's law as published, which step times and the front are compared with."""

ALL, DIAL = "all", "dial"
"""What can be chosen instead of a law's name: every law and the dial, or the dial alone."""

DIAL_SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
WEIGHT_FACTORS = (0.5, 1.0, 2.0, 4.0)
"""Paint weights that are compared, as multiples of the model's own."""

_TITLES = {
    NONE: "no paint",
    PUBLISHED: "eDiff-I",
    "ediffi-head": "eDiff-I by head",
    "ediffi-std": "eDiff-I by spread",
    "cloneofsimo": "paint-with-words-sd",
    "densediffusion": "DenseDiffusion",
    "densediffusion-code": "DenseDiffusion's code",
    "hard": "hard masks",
    "couple": "attention couple",
    "multidiffusion": "MultiDiffusion",
    DEFAULT: "our default",
    DIAL: "our dial",
}

MOST_WEIGHT: float = bounds(PaintWeight)[1]
"""The largest paint weight that the engine accepts."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One configuration, which becomes one row of the result.

    Attributes:
        law: a name in `engine.attention.laws.LAWS`.
        paint_weight: eDiff-I's w', 0 and up.
        default: whether this is the model's own paint weight, and not a setting of the dial.
        fidelity: 0 (loose) .. 1 (exact); None is the model's own.
        dial: whether this is a setting of the fidelity dial.
        main: whether this row stands for its law: the weight nearest to the model's own, or a setting of the dial.
    """

    law: str
    paint_weight: float
    default: bool = False
    fidelity: float | None = None
    dial: bool = False
    main: bool = False

    @property
    def kind(self) -> str:
        """Which curve it belongs to: its law, or `DIAL`."""
        return DIAL if self.dial else self.law

    @property
    def title(self) -> str:
        """Its name among all configurations of a run: "no paint", "eDiff-I, weight 1", "our dial, at 0.5"."""
        return ", ".join(part for part in (title_of(self.kind), self.place) if part)

    @property
    def place(self) -> str:
        """Its name within its curve: "weight 1", "at 0.5"; "" without paint."""
        if self.law == NONE:
            return ""
        return f"at {self.fidelity:g}" if self.dial else f"weight {self.paint_weight:g}"

    @property
    def key(self) -> str:
        """Its name within file names: "none-0", "default-1-fidelity-0.5"."""
        return f"{self.law}-{self.paint_weight:g}" + (f"-fidelity-{self.fidelity:g}" if self.dial else "")

    @property
    def fields(self) -> dict[str, Any]:
        """The request fields that it sets, apart from the words."""
        return {"law": self.law, "paint_weight": self.paint_weight, "fidelity": self.fidelity}


def settings(default_weight: float, laws: Sequence[str], paint_weights: Sequence[float] | None) -> list[Setting]:
    """The configurations of a run: no paint, every law at every weight, and the dial if it was chosen.

    Published laws run with a fidelity of 0, our default law with the model's own. A law that ignores the paint weight
    runs once, at the weight nearest to the model's own.

    Args:
        default_weight: the model's own paint weight.
        laws: names of laws, `ALL` or `DIAL`.
        paint_weights: by default `WEIGHT_FACTORS` times the model's own.

    Raises:
        BadRequest: the engine has no such law.
    """
    asked = [name for law in laws for name in ([*_all_laws(), DIAL] if law == ALL else [law])]
    weights = sorted(set(paint_weights or [min(factor * default_weight, MOST_WEIGHT) for factor in WEIGHT_FACTORS]))
    rows = [Setting(law=NONE, paint_weight=0.0, fidelity=0.0, main=True)]
    for name in dict.fromkeys(asked):
        if name == DIAL or find_law(name) is LAWS[NONE]:
            continue
        own = min(weights, key=lambda weight: abs(weight - default_weight))
        rows += [
            Setting(
                law=name,
                paint_weight=weight,
                default=weight == default_weight,
                fidelity=None if name == DEFAULT else 0.0,
                main=weight == own,
            )
            for weight in (weights if knows_strength(find_law(name)) else [own])
        ]
    if DIAL in asked:
        rows += [
            Setting(law=DEFAULT, paint_weight=default_weight, fidelity=place, dial=True, main=True)
            for place in DIAL_SETTINGS
        ]
    return rows


def title_of(law: str) -> str:
    """A law's name as it is displayed."""
    return _TITLES.get(law, law)


def short_title(law: str, *, dial: bool, fidelity: float | None) -> str:
    """The displayed name of a main row: "eDiff-I", "our dial, at 0.5"."""
    return f"{title_of(DIAL)}, at {fidelity:g}" if dial else title_of(law)


def knows_strength(law: Law) -> bool:
    """Whether a law's bias grows with the paint weight."""
    return law.gain(1.0, 1.0, 0.0) != law.gain(2.0, 1.0, 0.0)


def _all_laws() -> list[str]:
    """Every law of the engine, our default last."""
    return [name for name in LAWS if name != DEFAULT] + [DEFAULT]
