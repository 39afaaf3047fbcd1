"""The report on fleets: waits and cost by the number of GPUs, growth at equal load, and what carries the result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.lab.fleet.measures import GOOD_SECONDS, LOAD, wait_in_words
from engine.lab.pages.page import Page
from engine.lab.pages.plotting import GREY, INK, unwritable

_BLUE, _ORANGE, _GREEN = "#0072b2", "#d55e00", "#009e73"
_SHORTEST = 0.01  # seconds; a plot by powers of ten has no 0


def write(folder: Path, result: Mapping[str, Any]) -> None:
    """Write `index.html`, `figures.json` and `scale.png` into an existing folder.

    Args:
        result: the JSON object of `wordbrush lab scale`.

    Raises:
        EngineError: the folder cannot be written.
    """
    page = Page(
        folder,
        "How many GPUs for how many painters",
        f"A day of {result['n']} painters on paper: {result['requests']} requests, {result['pictures']} asked pictures;"
        f" the busiest hour begins at {result['peak_hour']:.0f} h. Step times are published ones of an A100 (Flux: an"
        " RTX 5090); how painters work is assumed, see below.",
    )
    draw(result, folder / "scale.png")
    page.picture(
        folder / "scale.png",
        "Left: the wait until the first step, by the number of GPUs, for the same painters. Middle: the same at equal"
        f" load in the busiest hour ({LOAD:.0%} without batches), with as many painters as that takes. Right: the cost"
        " of a picture, where the whole fleet is paid all day.",
    )
    page.heading(f"The same {result['n']} painters")
    page.text(
        f"{result['enough']} GPUs are the smallest of these fleets on which 95 of 100 asked pictures begin within"
        f" {GOOD_SECONDS:g} seconds."
    )
    page.table(
        ["GPUs", "busy", "wait, median", "95 %", "99 %", "live, 95 %", "live replaced", "GPU hours", "cost a picture"],
        [
            [
                str(row["gpus"]),
                f"{row['utilisation']:.0%}",
                *(wait_in_words(row[key]) for key in ("wait_median", "wait_p95", "wait_p99", "live_p95")),
                f"{row['live_replaced']:.1%}",
                f"{row['gpu_hours']:.0f}",
                f"{row['cost']:.4f}",
            ]
            for row in result["rows"]
        ],
    )
    page.heading("As many painters as each fleet serves")
    page.table(
        ["GPUs", "painters", "wait, median", "95 %", "99 %"],
        [
            [
                str(row["gpus"]),
                str(row["painters"]),
                *(wait_in_words(row[f"wait_{key}"]) for key in ("median", "p95", "p99")),
            ]
            for row in result["growth"]
        ],
    )
    page.heading("Which assumptions carry the result")
    page.text(
        f"One at a time, on {result['enough']} GPUs. “Fleet”: the work of the busiest hour, against the first row."
    )
    page.table(
        ["assumption", "value", "fleet", "busy", "wait, median", "95 %", "live, 95 %", "cost a picture"],
        [
            [
                row["assumption"],
                row["value"],
                f"x {row['needed']:.2f}",
                f"{row['utilisation']:.0%}",
                *(wait_in_words(row[key]) for key in ("wait_median", "wait_p95", "live_p95")),
                f"{row['cost']:.4f}",
            ]
            for row in result["sensitivity"]
        ],
    )
    page.heading("What is assumed")
    told = result["assumptions"]
    page.points(
        [
            *(f"{name.replace('_', ' ')}: {value}" for name, value in told.items() if name not in ("models", "curve")),
            *(
                f"{model['name']}: {model['seconds']:.2f} s a picture, {model['share']:.0%} of sessions"
                for model in told["models"]
            ),
            "nobody gives up waiting, all GPUs are alike, and no machine fails",
        ]
    )
    page.write(result)


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Draw the three plots into a picture file.

    Raises:
        EngineError: it cannot be written.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.4), layout="constrained")
    same, alike, cost = figure.subplots(1, 3)
    for axes, rows in ((same, result["rows"]), (alike, result["growth"])):
        sizes = [row["gpus"] for row in rows]
        for key, colour, mark in (("p99", GREY, "^"), ("p95", _ORANGE, "o"), ("median", _BLUE, "s")):
            waits = [max(row[f"wait_{key}"], _SHORTEST) for row in rows]
            axes.loglog(sizes, waits, color=colour, marker=mark, markersize=4, label=key)
        axes.set_xlabel("GPUs")
        axes.set_ylabel("wait, seconds")
    same.set_title(f"{result['n']} painters", fontsize=10)
    alike.set_title("painters in proportion", fontsize=10)
    same.legend(frameon=False, fontsize=8)
    rows = result["rows"]
    cost.loglog([row["gpus"] for row in rows], [row["cost"] for row in rows], color=_GREEN, marker="o", markersize=4)
    cost.axvline(result["enough"], color=INK, linewidth=0.8, linestyle=":")
    cost.set_xlabel("GPUs")
    cost.set_title("cost of a picture", fontsize=10)
    for axes in (same, alike, cost):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#eeeeee")
    try:
        figure.savefig(path, dpi=110)
    except OSError as error:
        raise unwritable(path.parent, error) from error
