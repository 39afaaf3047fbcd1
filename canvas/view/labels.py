"""Names of the words on their paint: where each label stands, and how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QRegion
from scipy import ndimage

from canvas.model.scene import Paintable, Scene, Word, acting_ids
from canvas.model.style import Style
from canvas.model.tiled_mask import TILE, Rect, TiledMask
from canvas.view.turn import Turn
from canvas.view.viewport import Viewport

PAD_X, PAD_Y, DOT, GAP = 7.0, 3.0, 8.0, 5.0
MAX_TEXT = 160.0  # logical pixels; longer phrases are elided
MANY_SPRITES = 256
SMALL, BESIDE = 1.6, 4.0  # of a label's sides: paint smaller than that has it beside it, at this distance
IDLE_NOTES = ("not in prompt", "muted", "off")
SAMPLE = 8  # picture pixels between samples of the paint, and more where these would be
MANY_SAMPLES = 16384
MANY_TEXTS = 1024
MANY_TILES = 300  # whose middles are found in one go: about a millisecond
MANY_MASKS = 8192


@dataclass(frozen=True)
class Label:
    """One placed name: the pill's rect (x, y, w, h) is in logical pixels of the view."""

    word_id: str
    text: str
    color: str
    rect: tuple[float, float, float, float]
    selected: bool
    acts: bool = True

    @property
    def bounds(self) -> QRectF:
        """The pixels that drawing can touch."""
        return QRectF(*self.rect).adjusted(-3, -3, 3, 3)


class Labels:
    """The labels of a scene: where each stands in the view, and which one lies under a point."""

    def __init__(self, say: Callable[[str], str] = str) -> None:
        """`say` puts what a label says beside a name into the language of the program."""
        self._say = say
        self._labels: tuple[Label, ...] = ()
        self._areas: list[tuple[Label, QRect]] = []  # the last one first: so they are drawn
        self._sprites: dict[tuple[object, ...], QPixmap] = {}
        # By a mask's revision, so that undo finds them again: the middle of its paint, and what holds all of it.
        self._middles: dict[int, tuple[float, float] | None] = {}
        self._bounds: dict[int, Rect | None] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        self._latest: dict[str, tuple[float, float] | None] = {}  # by a word's id
        self._asked: tuple[Scene, Viewport, str, str | None] | None = None
        self.unfinished = False
        """Whether some stand where they stood before, as the middles of all paint at once would have taken too long."""
        self._texts: dict[tuple[str, str, str], tuple[str, float]] = {}
        self._left = 0  # tiles whose middles may still be found in this call

    def place(
        self, scene: Scene, viewport: Viewport, *, font: QFont, selected: str | None, on: bool = False
    ) -> QRegion:
        """Puts the names where the paint is; returns the pixels of the view that change.

        A large stroke may change most words. What is not done then stays `unfinished`, for a call that goes `on`.
        """
        asked = (scene, viewport, font.key(), selected)
        if not on and self._asked is not None and asked[0] is self._asked[0] and asked[1:] == self._asked[1:]:
            return QRegion()
        self._asked = asked
        before, now = self._labels, tuple(self._placed(scene, viewport, font, selected))
        if now == before:
            return QRegion()
        self._labels, old = now, set(before)
        self._areas = [(label, label.bounds.toAlignedRect()) for label in reversed(now)]
        if len(self._sprites) > MANY_SPRITES:
            self._sprites.clear()
        changed = QRegion()
        for label in old ^ set(self._labels):
            changed += label.bounds.toAlignedRect()
        return changed

    def at(self, point: QPointF) -> str | None:
        """The id of the word whose label lies under a point of the view."""
        return next((label.word_id for label in self._labels if QRectF(*label.rect).contains(point)), None)

    def draw(self, painter: QPainter, clip: QRegion, *, font: QFont, turn: Turn) -> None:
        """Draws the labels that touch `clip`, the selected one last, each from a picture made once: text is dear.

        In a view that is turned they stand upright, each about its middle.
        """
        dpr, written, around = painter.device().devicePixelRatioF(), font.key(), clip.boundingRect()
        for label, area in self._areas:
            if not turn.upright or (around.intersects(area) and clip.intersects(area)):
                key = (label.text, label.color, label.selected, label.acts, label.rect[2:], written, dpr)
                if key not in self._sprites:
                    self._sprites[key] = _sprite(label, font, dpr)
                if turn.upright:
                    painter.drawPixmap(label.bounds.topLeft(), self._sprites[key])
                    continue
                middle = label.bounds.center()
                painter.save()
                painter.translate(middle)
                painter.setTransform(turn.linear().inverted()[0], True)
                painter.drawPixmap(label.bounds.topLeft() - middle, self._sprites[key])
                painter.restore()

    def _placed(self, scene: Scene, viewport: Viewport, font: QFont, selected: str | None) -> list[Label]:
        """The selected word's label is placed first, later ones are moved off those before."""
        metrics, written = QFontMetricsF(_bold(font)), font.key()
        acting = acting_ids(scene)
        placed: list[Label] = []
        taken: list[tuple[float, float, float, float]] = []
        height = metrics.height() + 2 * PAD_Y
        self._left = MANY_TILES
        self.unfinished = False
        for thing in sorted(scene.paintables, key=lambda thing: (thing.id != selected, isinstance(thing, Style))):
            middle = self._middle(thing.id, scene.masks[thing.id]) if thing.visible else None
            if middle is None:
                continue
            note = _note(thing, acting)
            text, width = self._text(thing.title, note, metrics, written)
            x, y = viewport.to_view(*middle)
            rect = QRectF(round(x - width / 2), round(y - height / 2), round(width), round(height))
            rect = self._beside(rect, scene.masks[thing.id], viewport)
            acts = note not in IDLE_NOTES
            label = Label(thing.id, text, thing.color, _moved_off(rect, taken), thing.id == selected, acts)
            placed.append(label)
            taken.append(label.rect)
        if len(self._middles) > MANY_MASKS:
            self._middles.clear()
            self._bounds.clear()
            self._spans.clear()
        return placed

    def _text(self, title: str, note: str, metrics: QFontMetricsF, written: str) -> tuple[str, float]:
        """What a label says, and how wide it is."""
        key = (title, note, written)
        if key not in self._texts:
            if len(self._texts) >= MANY_TEXTS:
                self._texts.clear()
            text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, MAX_TEXT) + (
                f" · {self._say(note)}" if note else ""
            )
            self._texts[key] = (text, metrics.horizontalAdvance(text) + DOT + GAP + 2 * PAD_X)
        return self._texts[key]

    def _middle(self, any_id: str, mask: TiledMask) -> tuple[float, float] | None:
        if mask.revision not in self._middles:
            if self._left <= 0 and any_id in self._latest:
                self.unfinished = True
                return self._latest[any_id]
            self._left -= len(mask.tiles)
            self._middles[mask.revision] = middle_of(mask)
        self._latest[any_id] = self._middles[mask.revision]
        return self._latest[any_id]

    def _beside(self, rect: QRectF, mask: TiledMask, viewport: Viewport) -> QRectF:
        """The label's place, off paint that it would mostly cover: above it, or below where there is no room."""
        span = self._spans.get(mask.revision)
        if span is None:
            if mask.is_empty:
                return rect  # its paint is gone, and its name goes with the next call
            span = self._spans[mask.revision] = _span(mask)
        tile = TILE * viewport.scale
        if span[0] * tile >= SMALL * rect.width() and span[1] * tile >= SMALL * rect.height():
            return rect  # whatever is painted of the tiles at the rim
        if mask.revision not in self._bounds:
            self._bounds[mask.revision] = mask.bounds()
        return _beside(rect, _seen(self._bounds[mask.revision] or (0, 0, *mask.size), viewport), viewport)


def _span(mask: TiledMask) -> tuple[int, int]:
    """How many tiles at least lie between those at the rim, across and down."""
    columns, rows = {key[0] for key in mask.tiles}, {key[1] for key in mask.tiles}
    return max(columns) - min(columns) - 1, max(rows) - min(rows) - 1


def middle_of(mask: TiledMask) -> tuple[float, float] | None:
    """The well-painted place (picture coordinates) nearest to the middle of the largest piece; None without paint."""
    if mask.is_empty:
        return None
    keys = np.array(list(mask.tiles))  # [n, 2] column, row
    coarse = SAMPLE
    while coarse < TILE // 2 and len(keys) * (TILE // coarse) ** 2 > MANY_SAMPLES:
        coarse *= 2
    for step in (coarse, 1):
        half = step // 2
        samples = np.stack([tile[half::step, half::step] for tile in mask.tiles.values()]).astype(np.float32)
        tile, ys, xs = np.nonzero(samples)
        if len(tile):
            break
    else:
        return None
    weight = samples[tile, ys, xs]
    piece = _largest_piece(keys[tile, 0] * (TILE // step) + xs, keys[tile, 1] * (TILE // step) + ys, weight)
    tile, xs, ys, weight = tile[piece], xs[piece], ys[piece], weight[piece]
    xs, ys = keys[tile, 0] * TILE + xs * step + half, keys[tile, 1] * TILE + ys * step + half
    middle_x, middle_y = (float(at @ weight) / float(weight.sum()) for at in (xs, ys))
    # The mean of a ring lies on no paint: stand on the nearest pixel that is painted well.
    cost = (xs - middle_x) ** 2 + (ys - middle_y) ** 2 + np.where(weight < weight.max() / 2, 1e12, 0.0)
    best = int(np.argmin(cost))
    return (float(xs[best]) + 0.5, float(ys[best]) + 0.5)


def _largest_piece(columns: np.ndarray, rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Which samples `[n]` belong to the connected piece with the most paint."""
    columns, rows = columns - columns.min(), rows - rows.min()
    while (rows.max() + 1) * (columns.max() + 1) > MANY_SAMPLES:
        columns, rows = columns // 2, rows // 2
    grid = np.zeros((rows.max() + 1, columns.max() + 1), bool)
    grid[rows, columns] = True
    own = ndimage.label(grid, np.ones((3, 3)))[0][rows, columns]
    return own == np.bincount(own, weight).argmax()


def _note(thing: Paintable, acting: frozenset[str]) -> str:
    """What a label says beside the name of a word that does not simply act."""
    if not isinstance(thing, Word):
        return ""
    if thing.span is None:
        return "not in prompt"
    if thing.id not in acting:
        return "muted" if thing.muted else "off"
    return "kept out" if thing.strength < 0 else ""


def _seen(bounds: Rect, viewport: Viewport) -> QRectF:
    """The rect of the view that a rect of the picture takes."""
    left, top = viewport.to_view(bounds[0], bounds[1])
    right, bottom = viewport.to_view(bounds[0] + bounds[2], bounds[1] + bounds[3])
    return QRectF(left, top, right - left, bottom - top)


def _beside(rect: QRectF, painted: QRectF, viewport: Viewport) -> QRectF:
    """The label's place, off paint that it would mostly cover: above it, or below where there is no room."""
    if painted.width() >= SMALL * rect.width() and painted.height() >= SMALL * rect.height():
        return rect
    above = QRectF(rect)
    above.moveBottom(round(painted.top()) - BESIDE)
    if above.top() < 0:
        above.moveTop(round(painted.bottom()) + BESIDE)
    return above if above.bottom() <= viewport.view[1] else rect


def _moved_off(rect: QRectF, taken: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    """The nearest place above or below that no earlier label covers; its own where all are taken."""
    x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
    beside = [(top, top + high) for left, top, wide, high in taken if left < x + width and x < left + wide]
    for turn in range(13):
        at = y + ((turn + 1) // 2) * (height + 3) * (1 if turn % 2 else -1)
        if not any(top < at + height and at < bottom for top, bottom in beside):
            return (x, at, width, height)
    return (x, y, width, height)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _sprite(label: Label, font: QFont, dpr: float) -> QPixmap:
    """A dark pill with a dot of the word's colour; the selected word's is filled with its colour."""
    bounds = label.bounds
    sprite = QPixmap(math.ceil(bounds.width() * dpr), math.ceil(bounds.height() * dpr))
    sprite.setDevicePixelRatio(dpr)
    sprite.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sprite)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-bounds.topLeft())
    color = QColor(label.color)
    rect = QRectF(*label.rect)
    radius = rect.height() / 2
    if not label.acts:
        grey = QColor(150, 152, 158)
        color = grey if not label.selected else color
        fill, ink, edge = QColor(40, 42, 46, 190), QColor(205, 207, 212), color
    elif label.selected:
        fill, ink, edge = color, _ink_on(color), QColor(255, 255, 255, 235)
    else:
        fill, ink, edge = QColor(22, 24, 28, 205), QColor(255, 255, 255, 235), QColor(255, 255, 255, 40)
    painter.setBrush(fill)
    painter.setPen(QPen(QColor(0, 0, 0, 90), 3.0))
    painter.drawRoundedRect(rect, radius, radius)
    painter.setPen(QPen(edge, 1.5 if label.selected else 1.0))
    painter.drawRoundedRect(rect, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink if label.selected and label.acts else color)
    painter.drawEllipse(QPointF(rect.left() + PAD_X + DOT / 2, rect.center().y()), DOT / 2, DOT / 2)
    painter.setPen(ink)
    painter.setFont(_bold(font))
    text = rect.adjusted(PAD_X + DOT + GAP, 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label.text)
    painter.end()
    return sprite


def _ink_on(color: QColor) -> QColor:
    """Black or white, whichever reads better on a colour (relative luminance, WCAG 2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    luminance = 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())
    return QColor(20, 20, 22) if luminance > 0.18 else QColor(255, 255, 255)
