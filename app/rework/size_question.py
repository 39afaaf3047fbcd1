"""The question before a picture with more pixels than its canvas is worked on: at which of the two sizes?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QMessageBox, QWidget

from app.language import tr
from app.widgets.plain_text import message_box
from canvas.model.tiled_mask import Size
from engine.facts import ModelFacts


def ask_size(
    window: QWidget,
    picture: Size,
    canvas: Size,
    facts: ModelFacts | None,
    *,
    own: Callable[[], None],
    canvas_size: Callable[[], None],
) -> None:
    """Ask whether a picture is worked on at its own size, which makes the canvas as large, or scaled to the canvas.

    Args:
        picture, canvas: (width, height) of both. facts: of the model, whose favourite size is told where both differ.
        own, canvas_size: what is done then; nothing is where the question is closed.
    """
    sizes = {"width": picture[0], "height": picture[1], "own_width": canvas[0], "own_height": canvas[1]}
    box = message_box(window)
    box.setObjectName("sizeQuestion")
    box.setText(tr("The picture has {width} × {height} pixels, the canvas {own_width} × {own_height}.", **sizes))
    more = tr("At the picture's size the canvas becomes as large, with its paint. Undo makes it small again.")
    if facts is not None and max(facts.defaults.size) < max(picture):
        wide, high = facts.defaults.size
        more += " " + tr("The model does best with pictures of {width} × {height}.", width=wide, height=high)
    box.setInformativeText(more)
    large = box.addButton(
        tr("Work at {width} × {height}", width=picture[0], height=picture[1]), QMessageBox.ButtonRole.AcceptRole
    )
    small = box.addButton(
        tr("Scale It to {width} × {height}", width=canvas[0], height=canvas[1]), QMessageBox.ButtonRole.DestructiveRole
    )
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(large)
    large.clicked.connect(lambda: own())
    small.clicked.connect(lambda: canvas_size())
    box.open()


def scaled(rgb: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A picture, uint8 `[h, w, 3]`, as large as (width, height)."""
    from PIL import Image

    if rgb.shape[1::-1] == size:
        return rgb
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))
