"""The fidelity dial: one number from loose to exact, and the pieces that it switches on."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from engine.protocol import Fidelity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.protocol import PaintedWord

NONE = Fidelity()
"""Plain paint-with-words."""

_FIRST_STEERED = 0.5
"""Up to this value the dial costs almost no time; above it, gradient steps are added."""

_MOST_STEPS = 5


def at_dial(dial: float) -> Fidelity:
    """Return what the dial switches on at `dial`, 0 (plain paint-with-words) .. 1 (exact).

    Containment and separation grow along the whole dial, gradient steps, which cost time, along its second half.
    """
    steered = max(0.0, dial - _FIRST_STEERED) / (1.0 - _FIRST_STEERED)
    return Fidelity(containment=dial, separation=dial, gradient_steps=round(_MOST_STEPS * steered))


def resolve(asked: float | Fidelity | None, *, law: str, default: float) -> Fidelity:
    """Return the pieces of a checked request.

    Args:
        law: the law's name. Published methods run as published, so the model's default applies only to "default".
        default: the model's own dial setting, 0..1.
    """
    if isinstance(asked, Fidelity):
        return asked
    if asked is None:
        return at_dial(default) if law == "default" else NONE
    return at_dial(float(asked))


def with_words(scene: Fidelity, words: Sequence[PaintedWord]) -> Fidelity:
    """What runs once for all words where some have a fidelity of their own: as much as the strictest of them asks.

    Each word then takes its own part: containment in the matrix A (`masks.Paint`), separation by the areas that a pair
    of pixels lies in (`self_attention`), and gradient steps as long as it has any left (`steered`).
    """
    own = [at_dial(word.fidelity) for word in words if word.fidelity is not None]
    if not own:
        return scene
    asked = own if len(own) == len(words) else [scene, *own]
    return dataclasses.replace(
        scene,
        separation=max(each.separation for each in asked),
        gradient_steps=max(each.gradient_steps for each in asked),
    )


def acting(
    scene: Fidelity, words: Sequence[PaintedWord], paint_weight: float
) -> tuple[Fidelity, tuple[PaintedWord, ...]]:
    """The pieces and the words that act: with a paint weight of 0, fidelity must not act on the paint either."""
    if paint_weight:
        return scene, tuple(words)
    return NONE, tuple(word if word.fidelity is None else dataclasses.replace(word, fidelity=None) for word in words)


def steered(words: Sequence[PaintedWord], active: Sequence[int], scene: Fidelity, step: int) -> tuple[int, ...]:
    """Of the active words' indices those that still have a gradient step at the step of that number, from 0."""
    steps = [scene.gradient_steps if word.fidelity is None else at_dial(word.fidelity).gradient_steps for word in words]
    return tuple(index for index in active if step < steps[index])
