"""What is connected with the layers: what becomes one, and what is offered for a picture without a scene."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from app.language import tr
from app.storage.opened import PictureAlone
from app.styles.image_loader import Source
from canvas.model.tiled_mask import Size
from engine.facts import ModelFacts

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

_ALIKE = 0.03
"""How much two shapes may differ before it is worth a word: so much of a picture is cut off then."""


def connect(window: MainWindow) -> None:
    """Connect the layers of a window with what they come from."""
    layering, heat, cutting = window.layering, window.heatmaps, window.cutting
    layering.said.connect(window.status.say)
    for part in (layering.failed, cutting.failed):
        part.connect(window.banner.show_error)
    window.files.picture_alone.connect(lambda found: _offer_picture(window, found))
    window.gallery.layer_wanted.connect(layering.keep)
    heat.cut_asked.connect(cutting.ask)
    heat.layer_asked.connect(cutting.to_layer)
    cutting.made.connect(layering.add_cut_out)
    window.seeking.cut.connect(layering.add_on_canvas)
    describing = window.describing
    for looking in (window.seeking, describing):
        looking.said.connect(window.status.say)
        looking.failed.connect(window.banner.show_error)
    describing.missing_told.connect(
        lambda message, hint, buttons: window.banner.show_message(message, hint, buttons=buttons)
    )
    describing.boost_asked.connect(window.actions_table["word.strengthen"].trigger)
    describing.repaint_asked.connect(lambda: window.reworking.repaint())
    window.actions_table["word.cut_out_layer"].triggered.connect(lambda: heat.cut_out_shown(layer=True))


def _offer_picture(window: MainWindow, found: PictureAlone) -> None:
    """A picture without a scene was opened or dropped on the window: it can be begun from, and its look used."""
    look, name = Source(found.path.stem, path=found.path), found.path.stem
    picture = found.picture if found.rgba is None else found.rgba

    def begin() -> None:
        layer = window.layering.begin_from(picture, name)

        def again(size: Size) -> None:
            window.layering.begin_from(picture, name, size=size, instead_of=layer)

        _offer_shape(window, name, picture, again)

    def colours() -> None:
        window.colouring.begin_from(found.picture)
        _offer_shape(window, name, picture, lambda size: window.colouring.begin_from(found.picture, size=size))

    described: tuple[tuple[str, Callable[[], None]], ...] = ()
    if window.describing.can_describe(window.session.facts):
        described = ((tr("Describe it"), lambda: window.describing.describe(found.picture)),)
    window.banner.show_message(
        found.message,
        tr("Start from it: it becomes a layer under your words. Or take its colours, or only its look, as a style."),
        buttons=(
            (tr("Start from it"), begin),
            (tr("As colour layer"), colours),
            (tr("Use as style"), lambda: window.styles.pictures_dropped.emit([look])),
            *described,
        ),
    )


def shape_of(picture: np.ndarray, canvas: Size, facts: ModelFacts | None) -> Size | None:
    """The size (width, height) of a canvas that has the shape of a picture `[h, w, c]` and about as many pixels as now.

    None where the canvas has that shape already, or the model can make no other size that is nearer to it.
    """
    height, width = picture.shape[:2]
    shape, pixels = width / height, canvas[0] * canvas[1]
    if abs(math.log(shape * canvas[1] / canvas[0])) < _ALIKE:
        return None
    nearest: Callable[[int], int] = (lambda side: side) if facts is None else facts.nearest
    best = round(math.sqrt(pixels / shape))
    step = nearest(1)
    sides = {nearest(max(step, best + turn * step)) for turn in (-1, 0, 1)}
    sizes = sorted((nearest(round(high * shape)), high) for high in sides)

    def off(size: Size) -> float:
        """How far a size is from the shape, and less gravely from the number of pixels."""
        return abs(math.log(shape * size[1] / size[0])) + 0.1 * abs(math.log(size[0] * size[1] / pixels))

    size = min(sizes, key=off)
    return None if size == canvas else size


def _offer_shape(window: MainWindow, name: str, picture: np.ndarray, take: Callable[[Size], None]) -> None:
    """Where a picture that was just begun from lost its edges: say so, and offer the canvas in its shape."""
    session = window.session
    size = shape_of(picture, session.scene.size, session.facts)
    if size is None:
        return
    height, width = picture.shape[:2]
    own = session.scene.size
    window.banner.show_message(
        tr(
            "“{name}” has {width} × {height} pixels. To fill the canvas of {own_width} × {own_height}, its edges were "
            "cut off.",
            name=name, width=width, height=height, own_width=own[0], own_height=own[1],
        ),
        tr("The canvas can take the picture's shape instead, with its paint. Undo takes it back."),
        buttons=((tr("Canvas to {width} × {height}", width=size[0], height=size[1]), lambda: take(size)),),
    )  # fmt: skip
