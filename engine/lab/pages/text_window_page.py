"""The text window lab's report: which prompt a picture follows, as a plot, a table, and the pictures of some pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.lab.contact_sheets import draw_strips
from engine.lab.image_store import Picture
from engine.lab.pages.charts import draw_window
from engine.lab.pages.page import Page
from engine.lab.prompt_pairs import Pair

ON_A_SHEET = 4
"""How many pairs are on a contact sheet."""


def write(
    folder: Path,
    result: Mapping[str, Any],
    pairs: Sequence[Pair],
    pictures: Mapping[tuple[str, float], Sequence[Picture]],
) -> None:
    """Write `index.html`, `figures.json`, `window.png` and a contact sheet for each end of the steps into a folder.

    Args:
        result: the lab's JSON object. pictures: of all pairs, by (swap, share).

    Raises:
        EngineError: the folder cannot be written.
    """
    page = Page(
        folder,
        "When does the prompt matter? Prompts swapped during sampling",
        f"{result['n']} pairs of prompts; model {result['model']}, {result['steps']} steps of {result['sampler']},"
        f" guidance {result['guidance']:g}, on {result['device']}. All intervals are 95 % bootstraps over the pairs.",
    )
    page.points([_crossing(swap, share) for swap, share in result["crossing"].items()])
    draw_window(result["rows"], folder / "window.png")
    page.picture(
        folder / "window.png",
        "The share of the names in only one of the two prompts that is found in the picture. On the left the first part"
        " of the steps uses the other prompt, on the right the last part.",
    )
    page.table(
        ["swapped", "share of the steps", "names of A found", "names of B found"],
        [
            [f"the {row['swap']}", f"{row['share']:.0%}", _number(row, "recall_a"), _number(row, "recall_b")]
            for row in result["rows"]
        ],
    )
    page.heading("Pictures")
    shares = sorted({share for _, share in pictures})[::2]
    for swap in dict.fromkeys(swap for swap, _ in pictures):
        path = folder / f"sheet-{swap}.png"
        columns: dict[str, list[np.ndarray]] = {
            f"the {swap} {share:.0%}": [picture.rgb for picture in pictures[swap, share][:ON_A_SHEET]]
            for share in shares
        }
        texts = [f"A: “{pair.a.caption}”   B: “{pair.b.caption}”" for pair in pairs[:ON_A_SHEET]]
        draw_strips(columns, texts, path)
        page.picture(path, f"The {swap} part of the steps uses B; all pictures of a row start from the same noise.")
    page.write(result)


def _crossing(swap: str, share: float | None) -> str:
    if share is None:
        return f"Swapped in the {swap} steps, the other prompt never takes over."
    return f"Swapped in the {swap} steps, the picture follows the other prompt from {share:.0%} of the steps on."


def _number(row: Mapping[str, Any], key: str) -> str:
    low, high = row[f"{key}_ci"]
    return f"{row[key]:.3f} [{low:.3f}, {high:.3f}]"
