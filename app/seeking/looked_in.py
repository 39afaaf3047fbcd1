"""Which picture words are looked for in: the one on the canvas, or what lies under the words."""

from __future__ import annotations

import numpy as np

from app.session import Session
from canvas.files.image_io import on_white
from canvas.paint.ground import ground_of

NO_PICTURE = "There is no picture to look in. Generate one, open one, or drop one on the window."


def looked_in(session: Session) -> np.ndarray | None:
    """Uint8 RGB of the canvas's size: the picture on it, else layers and colours on white; None where there is none."""
    shown = session.displayed.on_canvas(session.scene.size)
    if shown is not None:
        return shown
    ground = ground_of(session.scene)
    return on_white(ground) if ground[..., 3].any() else None
