"""What the canvas shows under the paint: a picture, the scene that made it, and which result it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.image_info.report import NOTHING, ImageReport
from canvas.model.scene import Scene


@dataclass(frozen=True, eq=False)
class DisplayedImage:
    """A picture uint8 RGB `[h, w, 3]`, or paper where it is None.

    Attributes:
        scene: the scene that made it; None where that is not known.
        result: its file in the results folder; None for one that is not kept there.
        live: whether it is one of the quick pictures of live mode.
        findings: where its words went and how well they kept to their paint; nothing for pictures from files.
    """

    rgb: np.ndarray | None = None
    scene: Scene | None = None
    result: Path | None = None
    live: bool = False
    findings: ImageReport = NOTHING

    @property
    def bytes(self) -> int:
        """The memory that the picture takes."""
        return self.findings.bytes + (0 if self.rgb is None else self.rgb.nbytes)


PAPER = DisplayedImage()


@dataclass(frozen=True, eq=False)
class UndoPayload:
    """What undo and redo restore beside the scene.

    Attributes:
        shown: the picture that was on the canvas.
        seed_used: the seed that Generate used last for the scene of that moment; None where it has not used its seed.
    """

    shown: DisplayedImage
    seed_used: int | None
