"""Attribute binding: whether a red house and a blue house in one picture each appear where they were painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.lab.color_stats import to_lab
from engine.lab.configs import Setting
from engine.lab.image_maker import RENDER_WORK, Maker
from engine.lab.image_store import Picture
from engine.lab.segmentation_eval import Judge
from engine.lab.statistics import FOUND_PART, bootstrap_interval
from engine.lab.typical_colours import typical_colour
from engine.world.pairs import NOUNS, pair_scene
from engine.world.scenes import HELD_OUT, NAMES, Item, Render

LAYOUT_SEEDS = HELD_OUT + 9_000_000
_CHECK_SEEDS = HELD_OUT + 10_000_000
CHECKS = 16
"""How many drawings of each noun the judge is tested with."""

ABLE = 0.75
"""The share of those that the judge must get right; nouns below it are left out, since it cannot judge them."""


def same_noun_items(layout: Render) -> tuple[Item, Item]:
    """The two items of an `engine.world.pairs` layout that have the same noun, in the order of the caption."""
    first, second = (item for item in layout.items if item.colour is not None)
    assert first.name == second.name and first.colour != second.colour, "pair_scene draws them so"
    return first, second


def is_right(layout: Render, rgb: np.ndarray, labels: np.ndarray, *, exchanged: bool = False) -> bool:
    """Whether both areas show the noun, each in a colour closer to the one that was asked for than to the other one.

    An area shows the noun if at least `FOUND_PART` of its pixels are labelled so. Their mean in CIELAB is compared with
    the mean colours of the procedural world's drawings of that noun, see `typical_colour`.

    Args:
        rgb: the picture, uint8 `[H, W, 3]`. labels: the judge's labels, `[H, W]`.
        exchanged: expect each colour in the other area instead; a correct picture must then count as wrong.
    """
    pair = same_noun_items(layout)
    noun = pair[0].name
    for item, other in (pair, pair[::-1]):
        shown = item.area & (labels == NAMES.index(noun))
        if np.count_nonzero(shown) < FOUND_PART * np.count_nonzero(item.area):
            return False
        asked, against = (other, item) if exchanged else (item, other)
        seen = to_lab(rgb[shown]).mean(axis=0)
        near, far = (np.linalg.norm(seen - typical_colour(noun, str(each.colour))) for each in (asked, against))
        if near >= far:
            return False
    return True


def count_right(layouts: Sequence[Render], rgb: np.ndarray, judge: Judge, *, exchanged: bool = False) -> np.ndarray:
    """`is_right` for pictures uint8 `[n, H, W, 3]`, one per layout: bool `[n]`."""
    labels = judge.predict(rgb)
    return np.array([is_right(*each, exchanged=exchanged) for each in zip(layouts, rgb, labels, strict=True)], bool)


def able_nouns(judge: Judge) -> tuple[str, ...]:
    """The nouns that the judge gets right in the procedural world's own drawings (of seeds that no layout uses).

    If it gets none of them right, all nouns are returned; `ceiling` in the result then shows how poor the judge is.
    """
    able = []
    for number, noun in enumerate(NOUNS):
        layouts = [pair_scene(_CHECK_SEEDS + CHECKS * number + i, nouns=[noun]) for i in range(CHECKS)]
        if count_right(layouts, np.stack([layout.rgb for layout in layouts]), judge).mean() >= ABLE:
            able.append(noun)
    return tuple(able) or NOUNS


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """The third set of a layout run: layouts with two objects of the same noun.

    Attributes:
        rows: for each setting the JSON's `two_of_a_noun`, see `summary`.
        facts: for the JSON's top level: the nouns used; those left out because the judge cannot recognise them; and the
            share that it calls right of the world's own drawings as they are, and with the colours exchanged.
    """

    layouts: list[Render]
    pictures: dict[Setting, list[Picture]]
    rows: dict[Setting, dict[str, Any]]
    facts: dict[str, Any]


def work(count: int, settings: int) -> float:
    """How much work `look` reports to the clock in all, in pictures."""
    return count * settings + RENDER_WORK * (len(NOUNS) * CHECKS + count)


def look(count: int, settings: Sequence[Setting], maker: Maker, judge: Judge) -> Pairs:
    """Draw `count` (1 or more) pairs, generate their pictures with each setting, and judge them.

    Raises:
        RunCancelled: the run was stopped. EngineError: the engine's error.
    """
    nouns = able_nouns(judge)
    maker.clock.tick("testing the judge on pairs", RENDER_WORK * len(NOUNS) * CHECKS)
    layouts = [pair_scene(LAYOUT_SEEDS + i, nouns=nouns) for i in range(count)]
    maker.clock.tick("drawing pairs", RENDER_WORK * count)
    real = np.stack([layout.rgb for layout in layouts])
    ceiling = float(count_right(layouts, real, judge).mean())
    pictures = maker.pictures("two", layouts, settings)
    return Pairs(
        layouts=layouts,
        pictures=pictures,
        rows={
            setting: summary(count_right(layouts, np.stack([each.rgb for each in made]), judge), ceiling)
            for setting, made in pictures.items()
        },
        facts={
            "n_two": count,
            "two_nouns": list(nouns),
            "two_left_out": [noun for noun in NOUNS if noun not in nouns],
            "two_real": ceiling,
            "two_real_exchanged": float(count_right(layouts, real, judge, exchanged=True).mean()),
        },
    )


def summary(right: np.ndarray, ceiling: float) -> dict[str, Any]:
    """The share of layouts that came out right, with its 95 % bootstrap interval.

    `ceiling` is the share that the judge calls right of the world's own drawings of the same layouts.
    """
    return {
        "n": len(right),
        "right": float(right.mean()),
        "right_ci": list(bootstrap_interval(right)),
        "ceiling": ceiling,
    }
