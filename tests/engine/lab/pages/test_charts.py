"""The plots show the result's own numbers: every curve, every dot, the better way up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from engine.errors import EngineError
from engine.lab.pages import charts
from engine.lab.pages.charts import draw_front, draw_laws, draw_window


def _row(law: str, weight: float, miou: float, kid: float | None, **others: Any) -> dict[str, Any]:
    found = {"miou": miou, "miou_small": miou / 2, "kid": kid, "recall": 0.9, "step_ratio": 1.1}
    row = {"set": "world", "law": law, "paint_weight": weight, "fidelity": None, "dial": False, "main": weight == 1}
    return {
        **row,
        "on_front": False,
        "two_of_a_noun": None,
        **found,
        **{f"{key}_ci": None if value is None else [value - 0.05, value + 0.05] for key, value in found.items()},
        **others,
    }


ROWS = [
    _row("none", 0.0, 0.2, 0.1, main=True),
    _row("ediffi", 2.0, 0.8, 0.4),
    _row("ediffi", 1.0, 0.6, 0.2),
    _row("default", 1.0, 0.7, 0.1, on_front=True, two_of_a_noun={"right": 0.85, "right_ci": [0.8, 0.9]}),
    _row("default", 1.0, 0.75, 0.3, dial=True, fidelity=1.0),
]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures, before they are closed."""
    figures: list[Figure] = []
    save = charts._save

    def keep(figure: Figure, path: Path) -> None:
        figures.append(figure)
        save(figure, path)

    monkeypatch.setattr(charts, "_save", keep)
    return figures


def _curves(figure: Figure, panel: int = 0) -> dict[str, tuple[list[float], list[float]]]:
    lines = [line for line in figure.axes[panel].get_lines() if not str(line.get_label()).startswith("_")]
    return {str(line.get_label()): (list(line.get_xdata()), list(line.get_ydata())) for line in lines}


def test_a_laws_curve_goes_through_its_strengths_in_order_and_the_dial_has_its_own(
    drawn: list[Figure], tmp_path: Path
) -> None:
    draw_front(ROWS, tmp_path / "front.png")
    curves = _curves(drawn[0])
    assert curves == {
        "eDiff-I": ([0.6, 0.8], [0.2, 0.4]),
        "our default": ([0.7], [0.1]),
        "our dial": ([0.75], [0.3]),
    }
    low, high = drawn[0].axes[0].get_ylim()
    assert low > 0.4 and high < 0.1, "less KID is further up"
    rings = [line for line in drawn[0].axes[0].get_lines() if line.get_markersize() == 15]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in rings] == [(0.7, 0.1)]
    assert "without paint: mIoU 0.20, KID 0.100" in [text.get_text() for text in drawn[0].axes[0].texts]
    with Image.open(tmp_path / "front.png") as image:
        assert image.width > 800


def test_where_no_kernel_distance_exists_the_plot_is_empty_and_no_error(drawn: list[Figure], tmp_path: Path) -> None:
    draw_front([_row("default", 1.0, 0.7, None)], tmp_path / "front.png")
    assert _curves(drawn[0]) == {}


def test_every_law_has_its_dots_at_its_own_strength_alone(drawn: list[Figure], tmp_path: Path) -> None:
    draw_laws(ROWS, tmp_path / "laws.png", ceiling=0.97)
    names = [text.get_text() for text in drawn[0].axes[0].get_yticklabels()]
    assert names == ["no paint", "eDiff-I", "our default", "our dial, at 1"]
    panels = {axes.get_title(loc="left"): axes for axes in drawn[0].axes}

    def dots(title: str) -> list[float]:
        return [line.get_xdata()[0] for line in panels[title].get_lines() if len(line.get_xdata()) == 1]

    assert dots("mIoU") == [0.2, 0.6, 0.7, 0.75] and dots("KID") == [0.1, 0.2, 0.1, 0.3]
    assert dots("two of a noun right") == [0.85]
    bars = [list(line.get_xdata()) for line in panels["two of a noun right"].get_lines()]
    assert [0.8, 0.9] in bars and [0.97, 0.97] in bars


def test_the_window_shows_both_prompts_for_each_end(drawn: list[Figure], tmp_path: Path) -> None:
    rows = [
        {
            "swap": swap,
            "share": share,
            **{f"recall_{letter}": value for letter, value in (("a", 1 - share), ("b", share))},
            **{f"recall_{letter}_ci": [0.1, 0.9] for letter in "ab"},
        }
        for swap in ("first", "last")
        for share in (0.0, 0.5, 1.0)
    ]
    draw_window(rows, tmp_path / "window.png")
    for panel in range(2):
        curves = _curves(drawn[0], panel)
        assert np.allclose(curves["prompt A"], ([0, 50, 100], [1, 0.5, 0]))
        assert np.allclose(curves["prompt B"], ([0, 50, 100], [0, 0.5, 1]))


@pytest.mark.parametrize("draw", [draw_front, draw_laws])
def test_a_plot_that_cannot_be_written_is_an_error_with_a_way_out(draw: Callable[..., None], tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be written"):
        draw(ROWS, tmp_path / "nowhere" / "plot.png")
