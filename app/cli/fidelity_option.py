"""The command line's `--fidelity X` or `containment=0.5,separation=1,gradient=4`: from its text to a scene's own."""

from __future__ import annotations

import argparse

from app.cli.output import CommandError
from app.cli.parser import number
from canvas.model.fidelity import MAX_GRADIENT_STEPS, FidelityPieces
from resources.checking import Refused
from resources.settings import check_settings

_PIECES = {"containment": "containment", "separation": "separation", "gradient": "gradient_steps"}
_GRAMMAR = (
    "Write --fidelity 0.5, from 0 (loose) to 1 (exact), or its parts (parts that are not named are off): "
    f"containment=0.5,separation=1,gradient=4 (0 to 1 each, gradient 0 to {MAX_GRADIENT_STEPS} steps)."
)


def parse_fidelity(text: str) -> float | FidelityPieces:
    """The dial, or its pieces.

    Raises:
        CommandError: a name means nothing or comes twice, or a value is out of its range.
    """
    if "=" not in text:
        return _number(text, f'"{text}" is not a fidelity.')
    given: dict[str, float | int] = {}
    for part in text.split(","):
        name, _, value = (each.strip() for each in part.partition("="))
        if name not in _PIECES:
            raise CommandError(f'"{name}" is not a part of the fidelity.', hint=_GRAMMAR)
        if _PIECES[name] in given:
            raise CommandError(f'The part "{name}" is named twice.', hint=_GRAMMAR)
        if name == "gradient":
            if not (value.isascii() and value.isdigit() and len(value) < 5):
                raise CommandError(f'"{value}" is not a number of gradient steps.', hint=_GRAMMAR)
            given[_PIECES[name]] = int(value)
        else:
            given[name] = _number(value, f'"{value}" is not a {name}.')
    pieces = FidelityPieces(**given)  # type: ignore[arg-type]
    try:
        check_settings(pieces)
    except Refused as refused:
        raise CommandError(refused.message, hint=_GRAMMAR) from None
    return pieces


def _number(text: str, fault: str) -> float:
    try:
        value = number(text)
    except argparse.ArgumentTypeError:
        value = -1.0
    if not 0 <= value <= 1:  # NaN fails the comparison
        raise CommandError(fault, hint=_GRAMMAR)
    return value
