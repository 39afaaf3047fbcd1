"""Formats the results of labs and benchmarks as tables of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_TITLES = {
    "set": "set",
    "law": "law",
    "look": "look",
    "condition": "condition",
    "expert": "expert",
    "sigma": "sigma",
    "base_loss": "base loss",
    "expert_loss": "expert loss",
    "delta": "delta",
    "distance": "distance",
    "ratio_to_none": "x none",
    "distance_colour": "colour",
    "distance_texture": "texture",
    "placement": "where",
    "layers": "layers",
    "inside": "inside",
    "way": "way",
    "content": "content",
    "places": "places",
    "lift": "x chance",
    "pointing": "pointing",
    "look_ms": "ms/look",
    "strength": "strength",
    "prompt": "reads",
    "sharpened": "sharpened",
    "above_half": "above 0.5",
    "same": "same place",
    "kept": "labels kept",
    "right": "right",
    "dependent": "dependent",
    "head": "head",
    "relation": "relation",
    "n": "pairs",
    "iod": "IoD",
    "ioh": "IoH",
    "iou": "IoU",
    "iou_gain": "more",
    "seen_gain": "more",
    "miou_gain": "more",
    "miod": "mIoD",
    "mioh": "mIoH",
    "word": "word",
    "gain": "more than off",
    "ceiling": "of drawings",
    "continued": "goes on",
    "outside_same": "outside same",
    "followed": "followed",
    "outside": "outside",
    "obedience": "obedience",
    "seen": "seen",
    "obedience_ratio": "x none",
    "paint_weight": "weight",
    "fidelity": "fidelity",
    "swap": "swapped",
    "share": "share",
    "recall_a": "names of A",
    "recall_b": "names of B",
    "miou": "mIoU",
    "miou_small": "small mIoU",
    "miou_over_none": "x none",
    "kid": "KID",
    "kid_over_none": "x none",
    "kid_ratio": "x all steps",
    "picture_ms": "ms/picture",
    "recall": "recall",
    "size": "size",
    "things": "things",
    "recognised": "recognised",
    "distance_own": "to own",
    "distance_other": "to other",
    "lead": "nearer by",
    "nearer": "nearer",
    "search": "search by",
    "queries": "queries",
    "chance": "chance",
    "pictures": "pictures",
    "width": "width",
    "query_cpu_ms": "CPU ms/query",
    "query_ms": "ms/query",
    "query_ms_worst": "ms, p95",
    "open_ms": "open ms",
    "disk_mb": "disk MB",
    "memory_mb": "memory MB",
    "step_ms": "ms/step",
    "step_ratio": "x eDiff-I",
    "two_of_a_noun": "two of a noun",
    "words": "words",
    "stock_ms": "stock ms",
    "ours_ms": "painted ms",
    "ratio": "ratio",
    "begin_ms": "prepare ms",
    "diameter": "diameter",
    "busy": "busy",
    "event_p95_ms": "event p95 ms",
    "undo_p95_ms": "undo p95 ms",
    "live": "live",
    "pictures_per_second": "pictures/s",
    "picture_gap_max_ms": "longest wait ms",
    "ui_gap_p95_ms": "gap p95 ms",
    "ui_gap_p99_ms": "gap p99 ms",
    "ui_gap_max_ms": "gap max ms",
    "late_share": "late share",
    "assumption": "assumption",
    "value": "value",
    "needed": "x fleet",
    "gpus": "GPUs",
    "painters": "painters",
    "utilisation": "busy",
    "wait_median": "wait s",
    "wait_p95": "p95",
    "wait_p99": "p99",
    "live_p95": "live s, p95",
    "live_replaced": "replaced",
    "gpu_hours": "GPU hours",
    "cost": "cost/picture",
    "cpu_ms": "CPU ms/picture",
}
"""The columns that are shown, with their headings; a row's other keys are for programs only."""

_FORMATS = {
    **dict.fromkeys(("kid", "base_loss", "expert_loss"), "{:.4f}"),
    "picture_ms": "{:.0f}",
    **dict.fromkeys(("step_ms", "stock_ms", "ours_ms", "begin_ms", "look_ms"), "{:.1f}"),
}
_HIDDEN = {"schema", "rows", "front", "assumptions"}


def table(result: Mapping[str, Any]) -> str:
    """Format a lab's or benchmark's result: its rows as aligned columns, further tables by name, then its other values.

    An interval `KEY_ci` follows its value, and None is shown as a dash. Rows at the model's own paint weight are marked
    with a star. The sentences about the front come last.
    """
    shown = _columns(result["rows"])
    tables = [key for key in result if key not in _HIDDEN and _is_table(result[key])]
    for key in tables:
        shown += ["", f"{key}:", *_columns(result[key])]
    facts = [fact for key in result if key not in (*_HIDDEN, *tables) for fact in _facts(key, result)]
    width = max((len(name) for name, _ in facts), default=0)
    shown += ["", *(f"{name:<{width}}  {text}" for name, text in facts)]
    for name, survey in result.get("front", {}).items():
        shown += ["", *(f"{name}: {sentence}" for sentence in (survey or {}).get("sentences", ()))]
    return "\n".join(line.rstrip() for line in shown)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _columns(rows: list[Mapping[str, Any]]) -> list[str]:
    keys = [key for key in (rows[0] if rows else {}) if key in _TITLES]
    lines = [[_TITLES[key] for key in keys]]
    lines += [[_cell(key, row) for key in keys] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(keys))]
    shown = [
        "  ".join(_align(rows, key)(cell, width) for key, cell, width in zip(keys, line, widths, strict=True))
        for line in lines
    ]
    return [shown[0], "  ".join("-" * width for width in widths), *shown[1:]]


def _facts(key: str, result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The lines of one value, as (name, text): one line, or one per entry if its entries are objects themselves."""
    name, value = key.replace("_", " "), result[key]
    if key.endswith("_ci"):
        return []
    if isinstance(value, Mapping) and any(isinstance(part, Mapping) for part in value.values()):
        return [(f"{name}: {line}", text) for part in value for line, text in _facts(part, value)]
    return [(name, _cell(key, result))]


def _align(rows: list[Mapping[str, Any]], key: str) -> Callable[[str, int], str]:
    return str.ljust if all(isinstance(row[key], str) for row in rows) else str.rjust


def _cell(key: str, row: Mapping[str, Any]) -> str:
    value = row[key]
    if key == "two_of_a_noun" and isinstance(value, Mapping):
        return _cell("right", value)
    if key in _FORMATS and isinstance(value, float):
        text = _FORMATS[key].format(value)
    elif key == "sigma":
        text = " .. ".join("inf" if bound is None else _fact(bound) for bound in value)
    else:
        text = _fact(value)
    if row.get(f"{key}_ci") is not None:
        text += " [{}, {}]".format(*(_FORMATS.get(key, "{:.3f}").format(bound) for bound in row[f"{key}_ci"]))
    return text + ("*" if key == "paint_weight" and row.get("default") else "")


def _fact(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_cell(name, value)}" for name in value if not name.endswith("_ci"))
    return str(value)
