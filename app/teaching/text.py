"""What the window says of the methods of teaching, and of the time that they take."""

from __future__ import annotations

from app.language import tr
from engine.teaching.lesson import CUSTOM, EMBEDDING, LORA

FORWARD_AND_BACK = 6.0
"""What a step of training costs, in steps of a picture: four pictures instead of two rows, and the way back."""


def title(method: str) -> str:
    """A method in a few words."""
    return {
        EMBEDDING: tr("Its meaning (embedding)"),
        CUSTOM: tr("Its meaning and its look (Custom Diffusion)"),
        LORA: tr("All of its details (LoRA)"),
    }[method]


def explained(method: str) -> str:
    """What a method does, for whom."""
    return {
        EMBEDDING: tr(
            "The model itself stays as it is; only what the word means is learnt. A tiny file that other programs read"
            " too. For things that are like what the model knows."
        ),
        CUSTOM: tr(
            "Also how the word is painted is learnt, for this word alone: all other words stay exactly as they are."
            " Several taught words go well together. A good first choice."
        ),
        LORA: tr(
            "Also the model's way to draw is learnt, which acts where the word is painted. Nearest to your pictures."
            " It takes the longest, and too many steps make every picture alike."
        ),
    }[method]


def steps_for(method: str, *, small: bool) -> int:
    """The steps that a method takes by default; see `Lesson.filled`."""
    return {EMBEDDING: 600, CUSTOM: 500, LORA: 400}[method] * (1 if small else 2)


def seconds_for(method: str, steps: int, step_ms: float, *, prior: bool) -> float:
    """About how long it takes, from the time of a step of a picture; 0 where that is not known.

    Args:
        prior: whether pictures of its kind count too, which double each step.
    """
    return steps * step_ms / 1000 * FORWARD_AND_BACK * (2 if prior and method == LORA else 1)


def prepared(what: str) -> str:
    """What is prepared before the first step; see `engine.teaching.events.Preparing`."""
    known = {
        "the model": tr("Preparing the model"),
        "the pictures": tr("Preparing the pictures"),
        "pictures of its kind": tr("Making pictures of its kind"),
    }
    return known.get(what, tr("Starting…"))
