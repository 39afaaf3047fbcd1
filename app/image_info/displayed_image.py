"""What the canvas shows under the paint: a picture, the scene that made it, and which result it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.image_info.report import NOTHING, ImageReport, notes_of
from canvas.files import begun_notes
from canvas.model.begun import Begun
from canvas.model.edits import WHOLE, Place
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Size
from canvas.paint.placing import laid_at, on_checkerboard, placed


@dataclass(frozen=True, eq=False)
class DisplayedImage:
    """A picture uint8 RGB `[h, w, 3]`, or paper where it is None.

    Attributes:
        rgba: with its alpha, straight uint8 `[h, w, 4]`, where some of it is see-through (white in `rgb`); else None.
        scene: the scene that made it; None where that is not known.
        result: its file in the results folder; None for one that is not kept there.
        live: whether it is one of the quick pictures of live mode.
        place: where it lies on the canvas, beyond which it may reach; other than all over it after a crop.
        begun: what it began from; None for noise alone.
        findings: where its words went and how well they kept to their paint; nothing for pictures from files.
    """

    rgb: np.ndarray | None = None
    scene: Scene | None = None
    result: Path | None = None
    live: bool = False
    place: Place = WHOLE
    begun: Begun | None = None
    findings: ImageReport = NOTHING
    rgba: np.ndarray | None = None

    @property
    def whole(self) -> np.ndarray | None:
        """The picture with all that is in it: RGBA where some of it is see-through, else RGB; None for paper."""
        return self.rgb if self.rgba is None else self.rgba

    @property
    def seen(self) -> np.ndarray | None:
        """As the canvas shows it, uint8 RGB: what is see-through lies on a checkerboard."""
        return self.rgb if self.rgba is None else on_checkerboard(self.rgba)

    @property
    def bytes(self) -> int:
        """The memory that the picture takes."""
        begun = 0 if self.begun is None else self.begun.bytes
        return begun + self.findings.bytes + sum(each.nbytes for each in (self.rgb, self.rgba) if each is not None)

    def notes(self, rgb: np.ndarray | None = None) -> dict[str, str]:
        """What its file carries beside its pixels; `rgb` are those, where the file keeps them to the bit."""
        return notes_of(self.findings) | begun_notes.to_notes(self.begun, rgb)

    def on_canvas(self, size: Size) -> np.ndarray | None:
        """What of the picture lies on a canvas of that size, as a file of the scene keeps it; None for paper.

        A large picture that was scaled takes a moment: for any thread.
        """
        return None if self.rgb is None else placed(self.rgb, self.place, size)

    def kept(self, size: Size) -> np.ndarray | None:
        """As `on_canvas`, straight RGBA where some of it is see-through; beyond the picture that is, too."""
        return self.on_canvas(size) if self.rgba is None else laid_at(self.rgba, self.place, size)


PAPER = DisplayedImage()
ALIKE = 0.01
"""How much two shapes may differ, as pictures are a few pixels larger or smaller than their canvas."""


def fitted(image: DisplayedImage, size: Size) -> DisplayedImage:
    """A picture of another shape than the canvas of that size lies in its middle, as large as it fits, not stretched.

    One that has a place already keeps it.
    """
    if image.rgb is None or image.place != WHOLE:
        return image
    height, width = image.rgb.shape[:2]
    shape = width * size[1] / (height * size[0])  # above 1 it is the wider one
    if abs(shape - 1) < ALIKE:
        return image
    wide, high = min(1.0, shape), min(1.0, 1 / shape)
    return replace(image, place=((1 - wide) / 2, (1 - high) / 2, wide, high))


def cropped(image: DisplayedImage, old: Size, corner: tuple[int, int], new: Size) -> DisplayedImage:
    """The picture where it stays put while a canvas of the `old` size is cut or extended to the `new` one.

    `corner` is where the new canvas' upper left corner lies on the old one (`canvas.model.edits.crop_corner`).
    """
    return replace(image, place=cut(image.place, old, corner, new))


def cut(place: Place, old: Size, corner: tuple[int, int], new: Size) -> Place:
    """Where something lies after a crop, see `cropped`."""
    left, top, width, height = place
    return _plain(
        (
            (left * old[0] - corner[0]) / new[0],
            (top * old[1] - corner[1]) / new[1],
            width * old[0] / new[0],
            height * old[1] / new[1],
        )
    )


def moved(place: Place, before: Place, now: Place) -> Place:
    """Where something lies on the canvas now that lay at `place` on an earlier one.

    Both canvases are told by where one and the same canvas lies on them (`Session.frame`).
    """
    across, down = now[2] / before[2], now[3] / before[3]
    return _plain(
        (
            now[0] + (place[0] - before[0]) * across,
            now[1] + (place[1] - before[1]) * down,
            place[2] * across,
            place[3] * down,
        )
    )


def _plain(place: Place) -> Place:
    near = all(abs(one - other) < 1e-6 for one, other in zip(place, WHOLE, strict=True))
    return WHOLE if near else place


@dataclass(frozen=True, eq=False)
class UndoPayload:
    """What undo and redo restore beside the scene.

    Attributes:
        shown: the picture that was on the canvas.
        seed_used: the seed that Generate used last for the scene of that moment; None where it has not used its seed.
        rest: whether the picture is seen without the paint at first.
        frame: see `Session.frame`; None where the canvas stays as it is.
    """

    shown: DisplayedImage
    seed_used: int | None
    rest: bool = True
    frame: Place | None = None
