"""The things of the procedural world, such as houses, trees and balloons, drawn as flat shapes with crisp edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "red": (208, 58, 48),
    "blue": (62, 106, 206),
    "yellow": (246, 206, 74),
    "white": (248, 244, 236),
    "pink": (242, 148, 184),
    "green": (70, 158, 96),
    "purple": (138, 84, 176),
    "orange": (238, 138, 48),
}


def _shade(colour: Colour, by: float) -> Colour:
    red, green, blue = (int(np.clip(c * by, 0, 255)) for c in colour)
    return red, green, blue


class Pen:
    """Draws one thing into a rectangle of a larger picture, in coordinates 0..1 (x to the right, y down)."""

    def __init__(self, image: Image.Image, left: float, top: float, width: float, height: float) -> None:
        self._draw = ImageDraw.Draw(image)
        self._left, self._top, self._width, self._height = left, top, width, height

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._width, self._top + y * self._height

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """Draw a filled rectangle with the corners (x0, y0) and (x1, y1)."""
        self._draw.rectangle([self._at(x0, y0), self._at(x1, y1)], fill=colour)

    def oval(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """Draw a filled oval in the rectangle with the corners (x0, y0) and (x1, y1)."""
        self._draw.ellipse([self._at(x0, y0), self._at(x1, y1)], fill=colour)

    def disc(self, x: float, y: float, r: float, colour: Colour) -> None:
        """Draw a filled circle; the radius `r` is a share of the thing's width."""
        cx, cy = self._at(x, y)
        r *= self._width
        self._draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=colour)

    def dome(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """Draw the upper half of an oval of twice the box's height."""
        self._draw.pieslice([self._at(x0, y0), self._at(x1, 2 * y1 - y0)], 180, 360, fill=colour)

    def arch(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, width: float) -> None:
        """Draw the upper half of an oval's outline, `width` thick."""
        self._draw.arc([self._at(x0, y0), self._at(x1, y1)], 180, 360, fill=colour, width=round(width * self._width))

    def shape(self, colour: Colour, *points: tuple[float, float]) -> None:
        """Draw a filled polygon with these corners."""
        self._draw.polygon([self._at(x, y) for x, y in points], fill=colour)

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, width: float) -> None:
        """Draw a line; its `width` is a share of the thing's width."""
        self._draw.line([self._at(x0, y0), self._at(x1, y1)], fill=colour, width=max(1, round(width * self._width)))


def sun(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A yellow sun with ten rays."""
    turn = rng.uniform(0, 1)
    for angle in turn + np.arange(10) * (2 * np.pi / 10):
        tip = (0.5 + 0.5 * np.cos(angle), 0.5 + 0.5 * np.sin(angle))
        sides = [(0.5 + 0.34 * np.cos(angle + d), 0.5 + 0.34 * np.sin(angle + d)) for d in (-0.26, 0.26)]
        pen.shape((255, 170, 30), tip, *sides)
    pen.disc(0.5, 0.5, 0.36, (255, 186, 36))
    pen.disc(0.5, 0.5, 0.29, (255, 222, 70))


def moon(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A pale moon with craters."""
    pen.disc(0.5, 0.5, 0.49, (228, 230, 214))
    pen.disc(0.46, 0.46, 0.42, (246, 246, 232))
    for x, y, r in ((0.34, 0.36, 0.1), (0.62, 0.56, 0.13), (0.4, 0.7, 0.07), (0.64, 0.28, 0.06)):
        pen.disc(x, y, r, (206, 208, 196))


def cloud(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A white cloud with a flat base."""
    puffs = [(0.2, 0.66, 0.17), (0.4, 0.5, 0.24), (0.63, 0.44, 0.22), (0.82, 0.66, 0.16)]
    for x, y, r in puffs:
        pen.disc(x, y + 0.06, r, (204, 220, 240))
    pen.box(0.2, 0.72, 0.82, 1.0, (204, 220, 240))
    for x, y, r in puffs:
        pen.disc(x, y - 0.02, r * 0.96, (255, 255, 255))
    pen.box(0.2, 0.62, 0.82, 0.86, (255, 255, 255))


def balloon(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A hot-air balloon with a basket."""
    pale = (252, 240, 214)
    pen.line(0.3, 0.6, 0.42, 0.88, (110, 78, 50), 0.03)
    pen.line(0.7, 0.6, 0.58, 0.88, (110, 78, 50), 0.03)
    pen.oval(0.06, 0.0, 0.94, 0.72, colour)
    pen.shape(colour, (0.12, 0.5), (0.88, 0.5), (0.62, 0.78), (0.38, 0.78))
    pen.oval(0.22, 0.0, 0.78, 0.74, pale)
    pen.oval(0.38, 0.0, 0.62, 0.76, colour)
    pen.box(0.38, 0.85, 0.62, 1.0, (142, 92, 50))


def house(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A house with a roof, a chimney and a door."""
    roof = (122, 62, 50) if colour != COLOURS["red"] else (86, 66, 74)
    pen.box(0.7, 0.08, 0.82, 0.36, (112, 84, 80))
    pen.box(0.1, 0.42, 0.9, 1.0, colour)
    pen.box(0.1, 0.42, 0.9, 0.5, _shade(colour, 0.82))
    pen.shape(roof, (0.0, 0.46), (0.5, 0.02), (1.0, 0.46))
    pen.box(0.42, 0.66, 0.6, 1.0, (84, 54, 40))
    for x in (0.18, 0.68):
        pen.box(x, 0.58, x + 0.16, 0.76, (255, 238, 160))
        pen.box(x + 0.07, 0.58, x + 0.09, 0.76, (96, 66, 50))


def castle(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A castle with towers."""
    stone, dark, roof = (176, 170, 184), (146, 140, 158), (176, 48, 72)
    pen.box(0.14, 0.48, 0.86, 1.0, stone)
    for x in np.arange(0.28, 0.72, 0.12):
        pen.box(x, 0.42, x + 0.06, 0.5, stone)
    for x0, top in ((0.04, 0.3), (0.76, 0.3), (0.38, 0.2)):
        pen.box(x0, top, x0 + 0.2 + 0.04 * (x0 == 0.38), 1.0, dark if x0 != 0.38 else stone)
        middle = x0 + 0.1 + 0.02 * (x0 == 0.38)
        pen.shape(roof, (middle - 0.14, top + 0.02), (middle, top - 0.24 + 0.04), (middle + 0.14, top + 0.02))
        pen.box(middle - 0.03, top + 0.1, middle + 0.03, top + 0.22, (62, 52, 72))
    pen.disc(0.5, 0.76, 0.1, (62, 46, 52))
    pen.box(0.4, 0.76, 0.6, 1.0, (62, 46, 52))


def tree(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A tree with a round crown."""
    pen.box(0.43, 0.55, 0.57, 1.0, (112, 74, 46))
    leaf = (46, 128, 58)
    for x, y, r in ((0.5, 0.26, 0.26), (0.26, 0.42, 0.24), (0.74, 0.42, 0.24), (0.5, 0.5, 0.24)):
        pen.disc(x, y, r, leaf)
    for x, y, r in ((0.42, 0.2, 0.14), (0.2, 0.37, 0.1), (0.66, 0.36, 0.12)):
        pen.disc(x, y, r, (88, 172, 78))


def boat(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A sailing boat."""
    pen.line(0.5, 0.02, 0.5, 0.8, (92, 62, 40), 0.04)
    pen.shape(colour, (0.54, 0.04), (0.54, 0.68), (0.96, 0.68))
    pen.shape(_shade(colour, 0.8), (0.46, 0.12), (0.46, 0.68), (0.12, 0.68))
    pen.shape((132, 78, 42), (0.0, 0.74), (1.0, 0.74), (0.82, 1.0), (0.18, 1.0))
    pen.box(0.03, 0.74, 0.97, 0.79, (94, 54, 32))


def tent(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A tent."""
    pen.shape(colour, (0.5, 0.04), (1.0, 1.0), (0.0, 1.0))
    pen.shape(_shade(colour, 0.74), (0.5, 0.04), (1.0, 1.0), (0.66, 1.0))
    pen.shape((72, 48, 48), (0.46, 0.4), (0.58, 1.0), (0.28, 1.0))
    pen.line(0.5, 0.0, 0.5, 0.1, (80, 60, 50), 0.03)


def rainbow(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A rainbow."""
    bands = ((226, 64, 62), (244, 150, 52), (250, 220, 84), (92, 184, 104), (72, 128, 220), (142, 92, 190))
    for k, band in enumerate(bands):
        pen.arch(0.075 * k, 0.15 * k, 1 - 0.075 * k, 2 - 0.15 * k, band, 0.085)


def kite(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A kite with a tail."""
    pale = (252, 240, 214)
    pen.line(0.5, 0.66, 0.42, 0.84, (96, 74, 60), 0.035)
    pen.line(0.42, 0.84, 0.56, 0.98, (96, 74, 60), 0.035)
    for x, y in ((0.46, 0.76), (0.5, 0.9)):
        pen.shape(colour, (x, y), (x - 0.16, y - 0.05), (x - 0.16, y + 0.06))
        pen.shape(colour, (x, y), (x + 0.16, y - 0.05), (x + 0.16, y + 0.06))
    pen.shape(colour, (0.5, 0.0), (1.0, 0.28), (0.5, 0.7), (0.0, 0.28))
    pen.shape(pale, (0.5, 0.0), (1.0, 0.28), (0.5, 0.28))
    pen.shape(pale, (0.5, 0.28), (0.0, 0.28), (0.5, 0.7))


def palm(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A palm tree."""
    pen.shape((150, 104, 62), (0.46, 0.26), (0.56, 0.26), (0.66, 1.0), (0.5, 1.0))
    leaf, dark = (52, 152, 84), (30, 116, 68)
    fronds = ((-0.5, 0.08, leaf), (0.5, 0.08, leaf), (-0.4, 0.3, dark), (0.42, 0.3, dark), (-0.3, -0.16, dark))
    for dx, dy, hue in fronds:
        bend, tip, back = (0.5 + dx * 0.55, 0.14 + dy * 0.5), (0.5 + dx, 0.26 + dy), (0.5 + dx * 0.5, 0.3 + dy * 0.5)
        pen.shape(hue, (0.5, 0.3), bend, tip, back)
    pen.shape(dark, (0.5, 0.3), (0.66, 0.12), (0.84, 0.06), (0.68, 0.2))
    for x, y in ((0.46, 0.32), (0.56, 0.33)):
        pen.disc(x, y, 0.06, (112, 66, 40))


def church(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A church with a steeple."""
    wall, shade, roof = (240, 232, 214), (214, 204, 186), (84, 112, 124)
    pen.box(0.34, 0.54, 1.0, 1.0, wall)
    pen.shape(roof, (0.3, 0.56), (0.42, 0.36), (0.92, 0.36), (1.0, 0.56))
    pen.box(0.06, 0.32, 0.4, 1.0, shade)
    pen.shape(roof, (0.02, 0.34), (0.23, 0.08), (0.44, 0.34))
    pen.box(0.215, 0.0, 0.245, 0.12, (96, 74, 52))
    pen.box(0.18, 0.03, 0.28, 0.055, (96, 74, 52))
    pen.disc(0.23, 0.46, 0.07, (96, 130, 178))
    pen.box(0.15, 0.72, 0.31, 1.0, (106, 66, 46))
    for x in (0.5, 0.66, 0.82):
        pen.box(x, 0.66, x + 0.08, 0.86, (96, 130, 178))


def mushroom(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A mushroom with a spotted cap."""
    pen.shape((246, 236, 214), (0.38, 0.5), (0.62, 0.5), (0.7, 1.0), (0.3, 1.0))
    pen.shape((214, 198, 170), (0.56, 0.5), (0.62, 0.5), (0.7, 1.0), (0.58, 1.0))
    pen.dome(0.0, 0.02, 1.0, 0.6, colour)
    pen.oval(0.04, 0.5, 0.96, 0.62, _shade(colour, 0.74))
    for x, y, r in ((0.5, 0.18, 0.09), (0.24, 0.34, 0.08), (0.74, 0.32, 0.09), (0.48, 0.44, 0.06)):
        pen.disc(x, y, r, (252, 246, 234))


def sheep(pen: Pen, rng: np.random.Generator, colour: Colour) -> None:
    """A sheep."""
    dark, wool = (62, 54, 62), (248, 244, 234)
    for x in (0.3, 0.42, 0.62, 0.74):
        pen.box(x, 0.7, x + 0.07, 1.0, dark)
    for x, y, r in ((0.3, 0.5, 0.2), (0.5, 0.42, 0.22), (0.7, 0.5, 0.2), (0.42, 0.62, 0.18), (0.62, 0.62, 0.18)):
        pen.disc(x, y, r * 0.94, (222, 216, 208))
        pen.disc(x, y - 0.03, r * 0.86, wool)
    pen.oval(0.0, 0.24, 0.26, 0.62, dark)
    pen.oval(0.18, 0.24, 0.34, 0.36, dark)
    pen.disc(0.11, 0.36, 0.03, (255, 255, 255))


@dataclass(frozen=True, kw_only=True)
class Thing:
    """How one kind of thing is drawn.

    Attributes:
        draw: draws it with a `Pen`.
        aspect: width / height.
        heights: smallest and largest height, as shares of the picture.
        colours: the names of the colours it comes in; empty if it has a fixed colour.
    """

    draw: Callable[[Pen, np.random.Generator, Colour], None]
    aspect: float
    heights: tuple[float, float]
    colours: tuple[str, ...] = ()


SKY_THINGS: dict[str, Thing] = {
    "sun": Thing(draw=sun, aspect=1.0, heights=(0.22, 0.4)),
    "moon": Thing(draw=moon, aspect=1.0, heights=(0.18, 0.34)),
    "cloud": Thing(draw=cloud, aspect=1.75, heights=(0.16, 0.28)),
    "balloon": Thing(draw=balloon, aspect=0.72, heights=(0.28, 0.46), colours=("red", "blue", "green", "purple")),
    "rainbow": Thing(draw=rainbow, aspect=2.0, heights=(0.26, 0.4)),
    "kite": Thing(draw=kite, aspect=0.72, heights=(0.26, 0.42), colours=("red", "blue", "yellow", "pink")),
}
LAND_THINGS: dict[str, Thing] = {
    "house": Thing(draw=house, aspect=1.05, heights=(0.26, 0.46), colours=("red", "blue", "yellow", "white", "pink")),
    "castle": Thing(draw=castle, aspect=1.1, heights=(0.34, 0.56)),
    "tree": Thing(draw=tree, aspect=0.86, heights=(0.3, 0.52)),
    "boat": Thing(draw=boat, aspect=0.95, heights=(0.26, 0.44), colours=("red", "white", "yellow", "orange")),
    "tent": Thing(draw=tent, aspect=1.2, heights=(0.22, 0.38), colours=("red", "blue", "orange", "green")),
    "palm": Thing(draw=palm, aspect=0.86, heights=(0.36, 0.58)),
    "church": Thing(draw=church, aspect=0.95, heights=(0.34, 0.54)),
    "mushroom": Thing(draw=mushroom, aspect=1.05, heights=(0.22, 0.4), colours=("red", "blue", "purple", "orange")),
    "sheep": Thing(draw=sheep, aspect=1.2, heights=(0.2, 0.34)),
}
THINGS: dict[str, Thing] = {**SKY_THINGS, **LAND_THINGS}


def draw_thing(
    name: str, rng: np.random.Generator, *, size: int, centre: tuple[float, float], height: float, colour: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one thing on an empty picture.

    Args:
        size: width and height of the picture in pixels.
        centre: (x, y) of the thing, as shares of the picture.
        height: as a share of the picture.
        colour: a key of `COLOURS`, or None for its fixed colour.

    Returns:
        colours float32 `[size, size, 3]` in 0..255 and coverage float32 `[size, size]` in 0..1.
    """
    thing = THINGS[name]
    # Drawn at three times the size and averaged down, for antialiasing.
    big = 3 * size
    canvas = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    h, w = height * big, height * big * thing.aspect
    pen = Pen(canvas, centre[0] * big - w / 2, centre[1] * big - h / 2, w, h)
    thing.draw(pen, rng, COLOURS[colour] if colour else (0, 0, 0))
    colours, coverage = np.zeros((size, size, 3), np.float32), np.zeros((size, size), np.float32)
    box = canvas.getbbox()
    if box is None:
        return colours, coverage
    # Only the region where something was drawn, usually a small one, aligned to pixels of the result.
    left, top, right, bottom = box[0] // 3, box[1] // 3, -(-box[2] // 3), -(-box[3] // 3)
    part = canvas.crop((3 * left, 3 * top, 3 * right, 3 * bottom))
    pixels = np.asarray(part, np.float32).reshape(bottom - top, 3, right - left, 3, 4)
    alpha = pixels[..., 3:]
    total = alpha.sum((1, 3))
    here = np.s_[top:bottom, left:right]
    colours[here] = (pixels[..., :3] * alpha).sum((1, 3)) / np.maximum(total, 1)
    coverage[here] = alpha.mean((1, 3))[..., 0] / 255
    return colours, coverage
