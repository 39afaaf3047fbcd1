"""What is connected with the layers: what becomes one, and what is offered for a picture without a scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.language import tr
from app.storage.opened import PictureAlone
from app.styles.image_loader import Source

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


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
    window.actions_table["word.cut_out_layer"].triggered.connect(lambda: heat.cut_out_shown(layer=True))


def _offer_picture(window: MainWindow, found: PictureAlone) -> None:
    """A picture without a scene was opened or dropped on the window: it can be begun from, and its look used."""
    look = Source(found.path.stem, path=found.path)

    def begin() -> None:
        window.layering.begin_from(found.picture if found.rgba is None else found.rgba, found.path.stem)
        window.colouring.choose()

    window.banner.show_message(
        found.message,
        tr("Start from it: it becomes a layer under your words. Or take its colours, or only its look, as a style."),
        buttons=(
            (tr("Start from it"), begin),
            (tr("As colour layer"), lambda: window.colouring.begin_from(found.picture)),
            (tr("Use as style"), lambda: window.styles.pictures_dropped.emit([look])),
        ),
    )
