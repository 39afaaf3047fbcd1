"""What a check found, in sentences; no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.facts import STARTER
from resources.sizes import size_text


def text(found: Mapping[str, Any]) -> str:
    """The object of `engine.checkup.check.run` for people: a line for each thing, the verdicts first."""
    inside, weight = found["inside"], found["paint_weight"]
    width, height = found["size"]
    moved = "Paint moves attention" if found["paint_moves_attention"] else "Paint does NOT move attention"
    equal = "equals" if found["equals_stock"] else "does NOT equal"
    lines = [
        f"{found['model']} ({found['family']}) on {found['device']} in {found['dtype']}, {width}x{height}",
        f"{moved}: painted places give their word {inside['painted']:.0%} of their attention, "
        f"{inside['unpainted']:.0%} without paint.",
        f"Without paint it {equal} stock diffusers (largest difference {found['stock_difference']:.2g}).",
        f"A step takes {found['step_ms']:.0f} ms painted, {found['unpainted_step_ms']:.0f} ms unpainted, "
        f"{found['stock_step_ms']:.0f} ms stock. Memory: {size_text(found['memory_bytes'])}.",
    ]
    if weight["calibrated"] is not None:
        lines.append(
            f"Calibrated: at paint weight {weight['calibrated']:.3g} (it was {weight['before']:.3g}) strength 1 means "
            f"what it means on every model, {weight['inside']:.0%}. Kept in {weight['kept']}"
        )
    elif weight["why_not"]:
        lines.append(f"Not calibrated: {weight['why_not']}. Its paint weight stays {weight['before']:.3g}.")
    elif found["model"] == STARTER:
        lines.append(f"Other models are calibrated to it, at its paint weight {weight['before']:.3g}.")
    return "\n".join(lines)


def rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each word of each layout: the share it has of its paint's attention, with and without paint."""
    return [
        {"layout": layout["prompt"], "word": word, "painted": painted, "unpainted": unpainted}
        for layout in found["layouts"]
        for word, painted, unpainted in zip(layout["words"], layout["painted"], layout["unpainted"], strict=True)
    ]
