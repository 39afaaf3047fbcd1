"""How a picture is varied: from noise that starts from it, or from noise alone with the picture as its own tokens."""

from __future__ import annotations

from app.language import tr
from app.preferences import Values
from engine.facts import ModelFacts

FROM_PICTURE, TOKENS = "", "tokens"
VARY_WAYS = {FROM_PICTURE: "From Noise", TOKENS: "From Its Look and Content"}
NO_TOKENS = (
    "This model has no picture tokens. Choose the starter, or a Stable Diffusion model with an IP-Adapter beside it."
)


def why_no_tokens(facts: ModelFacts | None) -> str:
    """Why a model cannot vary a picture by its own tokens; "" where it can, or where nobody knows."""
    return "" if facts is None or facts.takes_styles else tr(NO_TOKENS)


def way_of(values: Values, facts: ModelFacts | None) -> str:
    """The chosen way, of `VARY_WAYS`; from noise where the model has no other."""
    return TOKENS if values.rework_vary_by == TOKENS and not why_no_tokens(facts) else FROM_PICTURE


def strength_of(values: Values, way: str) -> float:
    """How much is made anew, or how strongly the picture's tokens act, 0..1."""
    return values.rework_likeness if way == TOKENS else values.rework_vary


def tip_of(way: str) -> str:
    """What the button does."""
    if way == TOKENS:
        return tr("Make another picture with the look and content of this one")
    return tr("Make another picture that starts from this one")


def slider_of(way: str) -> tuple[str, str]:
    """The slider's name, and what it says of itself."""
    if way == TOKENS:
        return tr("Likeness"), tr("How strongly the picture's look and content act: 0 % leaves it to the prompt")
    return tr("Strength"), tr("How much is redone: a low value keeps what is there, 100 % starts from noise")
