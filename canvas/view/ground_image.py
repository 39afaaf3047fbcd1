"""What lies between picture and overlay on the screen: the picture layers, and the colours over them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from canvas.model.colour_layer import ColourLayer, PictureLayer
from canvas.model.tiled_mask import Rect, Size
from canvas.view.colour_image import ColourImage, Tiles

_Look = tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class Shown:
    """What is shown at a moment: the tiles of the colours, and of each picture its pixels' revision and opacity."""

    colours: Tiles
    pictures: _Look = ()


NOTHING = Shown({})


class GroundImage:
    """The images of colours and pictures, which all levels of the view share; each is made when it is first drawn."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._colours = ColourImage(size)
        self._pictures: tuple[PictureLayer, ...] = ()
        self._images: dict[int, _PictureImage] = {}

    def sync(self, layer: ColourLayer, pictures: tuple[PictureLayer, ...]) -> Shown:
        """Take note of the layers of a scene; returns what is shown now."""
        self._size = layer.size
        if pictures or self._pictures:
            self._pictures = tuple(each for each in pictures if each.acts)
            kept = self._images
            self._images = {
                each.pixels.revision: kept.get(each.pixels.revision) or _PictureImage(each.pixels)
                for each in self._pictures
            }
        look = tuple((each.pixels.revision, each.opacity) for each in self._pictures)
        return Shown(self._colours.sync(layer), look)

    def changed(self, before: Shown) -> list[Rect]:
        """The rects that look different now than when `before` was shown."""
        if before.pictures != tuple((each.pixels.revision, each.opacity) for each in self._pictures):
            return [(0, 0, *self._size)]
        return self._colours.changed(before.colours)

    def draw(self, painter: QPainter, part: QRect, level: int) -> None:
        """Draw what lies in a rect of an image that is 2**level times smaller."""
        whole = painter.opacity()
        for each in self._pictures:
            painter.setOpacity(whole * each.opacity)
            painter.drawImage(part, self._images[each.pixels.revision].at(level), part)
        painter.setOpacity(whole)
        self._colours.draw(painter, part, level)


class _PictureImage:
    """A picture layer's pixels, which never change, at each level that is looked at."""

    def __init__(self, pixels: ColourLayer) -> None:
        self._pixels = pixels
        self._levels: dict[int, QImage] = {}

    def at(self, level: int) -> QImage:
        """The image that is 2**level times smaller."""
        if level not in self._levels:
            rgba = self._pixels.to_array()
            height, width = rgba.shape[:2]
            image = QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
            image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # a copy of its own
            if level:
                size = (width + 2**level - 1) >> level, (height + 2**level - 1) >> level
                smooth = Qt.TransformationMode.SmoothTransformation
                image = image.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            self._levels = {level: image}  # a picture is looked at in one size at a time
        return self._levels[level]
