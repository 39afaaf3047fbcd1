"""The layout lab's report: the findings in words, the front, every law's figures, and the pictures themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.lab.configs import DEFAULT, NONE, Setting, short_title, title_of
from engine.lab.contact_sheets import draw_sheet
from engine.lab.image_store import Picture
from engine.lab.pages.charts import SET_TITLES, draw_front, draw_laws
from engine.lab.pages.page import Page
from engine.world.scenes import Render

ON_A_SHEET = 6
"""How many layouts of a set are on its contact sheet."""

Shown = tuple[Sequence[Render], Mapping[Setting, Sequence[Picture]]]

_COLUMNS = (
    ("miou", "mIoU", 3),
    ("miou_small", "mIoU, small", 3),
    ("kid", "KID", 3),
    ("recall", "recall", 3),
    ("step_ms", "ms a step", 1),
    ("step_ratio", "× eDiff-I", 3),
)


def write(folder: Path, result: Mapping[str, Any], shown: Mapping[str, Shown]) -> None:
    """Write `index.html`, `figures.json`, `front.png`, `laws.png` and the contact sheets of each set into a folder.

    Args:
        result: the layout lab's JSON object. shown: for each set its layouts, and their pictures by setting.

    Raises:
        EngineError: the folder cannot be written.
    """
    page = Page(folder, "How well does paint work? The laws side by side", _facts(result))
    for name, survey in result["front"].items():
        page.heading(f"What was found: {SET_TITLES[name].lower()}")
        page.points(survey["sentences"] if survey else ["Too few layouts to measure quality; use more with --n."])
    _about_pairs(page, result)
    page.heading("Obedience against quality")
    draw_front(result["rows"], folder / "front.png")
    page.picture(
        folder / "front.png",
        "Each law is a curve over its paint weights. Large markers are the model's own weight, with 95 % whiskers."
        " Markers with a ring lie on the front: no other point is better in one respect without being worse in the"
        " other. The sentences above compare laws on the same layouts, which gives narrower intervals than these.",
    )
    page.heading("What this can and cannot show")
    page.points(_caveats(result))
    page.heading("Every law at its best strength")
    page.points(_best(result))
    page.heading("Every law at the model's own strength")
    draw_laws(result["rows"], folder / "laws.png", ceiling=result.get("two_real"))
    page.picture(
        folder / "laws.png",
        "Dots with 95 % intervals. Two of a noun: the dotted line is 80 %, the dashed line the share that the judge"
        " calls right of the world's own drawings.",
    )
    for name in result["front"]:
        page.heading(f"All figures: {SET_TITLES[name].lower()}")
        rows = [row for row in result["rows"] if row["set"] == name]
        page.table(
            ["law", *(head for _, head, _ in _COLUMNS), "two of a noun"],
            [_cells(row) for row in rows],
            ours=[row["law"] == DEFAULT and row["main"] and not row["dial"] for row in rows],
        )
    page.heading("Pictures")
    page.text("One row per layout, one column per law, all from the same noise; painted areas are outlined.")
    for name, (layouts, pictures) in shown.items():
        for part, settings in (("laws", _laws(pictures)), ("dial", [s for s in pictures if s.dial])):
            if settings:
                path = folder / f"sheet-{name}-{part}.png"
                draw_sheet(layouts[:ON_A_SHEET], _pictures(settings, pictures), path)
                page.picture(path, f"{SET_TITLES[name]}: the {part}")
    page.write(result)


def _facts(result: Mapping[str, Any]) -> str:
    return (
        f"{result['n_world']} layouts of the world and {result['n_free']} free ones, never trained on; model"
        f" {result['model']}, {result['steps']} steps of {result['sampler']}, guidance {result['guidance']:g}, paint"
        f" weight {result['paint_weight']:g}, on {result['device']}. The judge labels"
        f" {result['segmenter_accuracy']:.1%} of the pixels of real renders right. All intervals are 95 % bootstraps"
        " over the layouts."
    )


def _caveats(result: Mapping[str, Any]) -> list[str]:
    """What the figures do not show, for readers who want to rank the laws."""
    said = [
        "These figures are for one model. A model that was trained with one law's bias, as the starter was with"
        " eDiff-I's at weights from 0.15 to 2, favours that law; so they do not rank the laws in general.",
        "KID is the kernel distance on the features of this project's own judge, over few pictures, so its intervals"
        " are wide. To see whether two laws differ, look at the differences on the same layouts.",
    ]
    chance = [
        row["two_of_a_noun"]["right"] for row in result["rows"] if row["law"] == NONE and row.get("two_of_a_noun")
    ]
    if chance:
        nouns = ", ".join(result["two_nouns"])
        said.append(
            f"Two of a noun covers {len(result['two_nouns'])} nouns ({nouns}). Without paint"
            f" {chance[0]:.0%} come out right by chance."
        )
    return said


def _best(result: Mapping[str, Any]) -> list[str]:
    """One sentence per law with the paint weight that gives the best mIoU over all sets."""
    rows: dict[str, dict[float, list[Mapping[str, Any]]]] = {}
    for row in result["rows"]:
        if not row["dial"]:
            rows.setdefault(row["law"], {}).setdefault(row["paint_weight"], []).append(row)
    said = []
    for law, weights in rows.items():
        weight, found = max(weights.items(), key=lambda pair: float(np.mean([row["miou"] for row in pair[1]])))
        figures = ", ".join(f"{SET_TITLES[row['set']].lower()} mIoU {row['miou']:.3f}" for row in found)
        at = f" at weight {weight:g} of {len(weights)} tried" if len(weights) > 1 else ""
        said.append(f"{title_of(law)}{at}: {figures}.")
    return said


def _about_pairs(page: Page, result: Mapping[str, Any]) -> None:
    if "n_two" not in result:
        return
    page.heading("What was found: two of a noun")
    left_out = result["two_left_out"]
    page.text(
        f"{result['n_two']} layouts with two objects of one noun ({', '.join(result['two_nouns'])}) in different"
        " colours. A picture is right if both areas show the noun in the right colour. The judge calls"
        f" {result['two_real']:.0%} of the world's own drawings right, and {result['two_real_exchanged']:.0%} if the"
        " colours are exchanged."
        + (f" Left out, since the judge cannot recognise them: {', '.join(left_out)}." if left_out else "")
    )
    found = [(row, row["two_of_a_noun"]) for row in result["rows"] if row["set"] == "world" and row["two_of_a_noun"]]
    page.points(
        [
            f"{_name(row)}: {pair['right']:.0%} right [{pair['right_ci'][0]:.0%}, {pair['right_ci'][1]:.0%}]."
            for row, pair in found
        ]
    )


def _name(row: Mapping[str, Any]) -> str:
    return short_title(row["law"], dial=row["dial"], fidelity=row["fidelity"])


def _cells(row: Mapping[str, Any]) -> list[str]:
    weight = "" if row["dial"] or row["paint_weight"] == 0 else f", weight {row['paint_weight']:g}"
    pair = row["two_of_a_noun"]
    return [
        _name(row) + weight + (" •" if row["on_front"] else ""),
        *(_number(row, key, digits) for key, _, digits in _COLUMNS),
        "-" if pair is None else f"{pair['right']:.2f} [{pair['right_ci'][0]:.2f}, {pair['right_ci'][1]:.2f}]",
    ]


def _number(row: Mapping[str, Any], key: str, digits: int) -> str:
    if row[key] is None:
        return "-"
    low, high = row[f"{key}_ci"]
    return f"{row[key]:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def _laws(pictures: Mapping[Setting, Sequence[Picture]]) -> list[Setting]:
    return [setting for setting in pictures if setting.main and not setting.dial]


def _pictures(
    settings: Sequence[Setting], pictures: Mapping[Setting, Sequence[Picture]]
) -> dict[str, list[np.ndarray]]:
    return {
        short_title(setting.law, dial=setting.dial, fidelity=setting.fidelity): [
            picture.rgb for picture in pictures[setting][:ON_A_SHEET]
        ]
        for setting in settings
    }
