"""What the lab and the bench found, as a table for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_TITLES = {
    "set": "set",
    "law": "law",
    "paint_weight": "weight",
    "miou": "mIoU",
    "miou_over_none": "x none",
    "kid": "KID",
    "kid_over_none": "x none",
    "recall": "recall",
    "step_ms": "ms/step",
    "words": "words",
    "stock_ms": "stock ms",
    "ours_ms": "painted ms",
    "ratio": "ratio",
    "begin_ms": "prepare ms",
    "diameter": "diameter",
    "busy": "busy",
    "event_p95_ms": "event p95 ms",
    "undo_p95_ms": "undo p95 ms",
}
"""Columns that are shown, in no particular order; a row's other keys are for programs."""

_FORMATS = {"kid": "{:.4f}", "step_ms": "{:.1f}", "stock_ms": "{:.1f}", "ours_ms": "{:.1f}", "begin_ms": "{:.1f}"}
_HIDDEN = {"schema", "rows"}


def table(result: Mapping[str, Any]) -> str:
    """The rows of a lab's or bench's result as aligned columns, then its other facts, one a line.

    An interval `KEY_ci` is shown behind its value; what does not exist (None) as a dash. The rows at the model's own
    paint weight are marked with a star.
    """
    rows = result["rows"]
    keys = [key for key in (rows[0] if rows else {}) if key in _TITLES]
    lines = [[_TITLES[key] for key in keys]]
    lines += [[_cell(key, row) for key in keys] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(keys))]
    shown = [
        "  ".join(_align(rows, key)(cell, width) for key, cell, width in zip(keys, line, widths, strict=True))
        for line in lines
    ]
    shown.insert(1, "  ".join("-" * width for width in widths))
    facts = [key for key in result if key not in _HIDDEN and not key.endswith("_ci")]
    width = max(map(len, facts), default=0)
    shown += ["", *(f"{key.replace('_', ' '):<{width}}  {_cell(key, result)}" for key in facts)]
    return "\n".join(line.rstrip() for line in shown)


def _align(rows: list[Mapping[str, Any]], key: str) -> Callable[[str, int], str]:
    return str.ljust if all(isinstance(row[key], str) for row in rows) else str.rjust


def _cell(key: str, row: Mapping[str, Any]) -> str:
    value = row[key]
    text = _FORMATS[key].format(value) if key in _FORMATS and value is not None else _fact(value)
    if row.get(f"{key}_ci") is not None:
        text += " [{:.3f}, {:.3f}]".format(*row[f"{key}_ci"])
    return text + ("*" if key == "paint_weight" and row.get("default") else "")


def _fact(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_fact(part)}" for name, part in value.items())
    return str(value)
