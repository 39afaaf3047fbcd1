"""The rows of a layout run: which laws, at which strengths, and the dial from loose to exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.attention.laws import LAWS, Law, find_law
from resources.limits import PaintWeight, bounds

DEFAULT, NONE, PUBLISHED = "default", "none", "ediffi"
"""The default law, no paint, and the law that step times and the front are compared with: eDiff-I's as published."""

ALL, DIAL = "all", "dial"
"""Choices besides a law's name: every law and the dial; the dial alone."""

DIAL_SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
WEIGHT_FACTORS = (0.5, 1.0, 2.0, 4.0)
"""The painted rows, as multiples of the model's own paint weight."""

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
"""The engine takes no paint weight above this."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One row of the result.

    Attributes:
        law: a name of `engine.attention.laws.LAWS`.
        paint_weight: eDiff-I's w', 0 and up.
        default: whether the model's own paint weight is meant, and no place of the dial.
        fidelity: 0 (loose) .. 1 (exact); None is the model's own.
        dial: whether this is a place of the dial.
        main: whether it is its law's row at the weight nearest to the model's own, or such a place.
    """

    law: str
    paint_weight: float
    default: bool = False
    fidelity: float | None = None
    dial: bool = False
    main: bool = False

    @property
    def kind(self) -> str:
        """What it is a strength of: its law, or `DIAL`."""
        return DIAL if self.dial else self.law

    @property
    def title(self) -> str:
        """Its name among all configurations of a run: "no paint", "eDiff-I, weight 1", "our dial, at 0.5"."""
        return ", ".join(part for part in (title_of(self.kind), self.place) if part)

    @property
    def place(self) -> str:
        """Its name among its law's configurations: "weight 1", "at 0.5"; "" where there are none."""
        if self.law == NONE:
            return ""
        return f"at {self.fidelity:g}" if self.dial else f"weight {self.paint_weight:g}"

    @property
    def key(self) -> str:
        """Its name as a part of a file name: "none-0", "default-1-fidelity-0.5"."""
        return f"{self.law}-{self.paint_weight:g}" + (f"-fidelity-{self.fidelity:g}" if self.dial else "")

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a request that it decides, besides the words."""
        return {"law": self.law, "paint_weight": self.paint_weight, "fidelity": self.fidelity}


def settings(default_weight: float, laws: Sequence[str], paint_weights: Sequence[float] | None) -> list[Setting]:
    """The rows of a run: no paint, then every law at every weight, then the dial if it was chosen.

    Published laws come with a fidelity of 0, the house's with the model's own. A law that knows no strength comes once,
    at the weight nearest to the model's own.

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
    """What people read for a law's name."""
    return _TITLES.get(law, law)


def short_title(law: str, *, dial: bool, fidelity: float | None) -> str:
    """What people read for a main row: "eDiff-I", "our dial, at 0.5"."""
    return f"{title_of(DIAL)}, at {fidelity:g}" if dial else title_of(law)


def knows_strength(law: Law) -> bool:
    """Whether a law's bias grows with the paint weight."""
    return law.gain(1.0, 1.0, 0.0) != law.gain(2.0, 1.0, 0.0)


def _all_laws() -> list[str]:
    """Every law of the engine, the house's last."""
    return [name for name in LAWS if name != DEFAULT] + [DEFAULT]
