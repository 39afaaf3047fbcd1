"""The colours of experts on the timeline; quiet, so that they do not tint how a picture is seen."""

from __future__ import annotations

from PySide6.QtGui import QColor

from app.widgets.theme import Colours
from canvas.model.experts import Expert

DARK = ("#2c5f78", "#7c4e31", "#2d655e", "#7a3c52", "#5c652f", "#69457f")
LIGHT = ("#bcdcec", "#f4d6bc", "#bfe3dc", "#f4cbd6", "#dfe4b8", "#e6cdee")
CONTRAST = ("#12455e", "#5c3014", "#10483f", "#5e1f36", "#414a12", "#4c2665")
BASE = {"dark": "#3d3a5e", "light": "#d6d2f1", "contrast": "#2c2860"}
LONE = {"dark": "#303036", "light": "#dedee4", "contrast": "#262626"}


def hues(experts: tuple[Expert, ...], colours: Colours) -> list[QColor]:
    """A colour for each: the same for the same denoiser, grey for a lone one."""
    if len(experts) == 1:
        return [QColor(LONE[colours.name])]
    palette = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}[colours.name]
    seen: dict[tuple[str, str], str] = {("", ""): BASE[colours.name]}
    for expert in experts:
        seen.setdefault((expert.model, expert.part), palette[(len(seen) - 1) % len(palette)])
    return [QColor(seen[expert.model, expert.part]) for expert in experts]
