"""How well a word, and a whole picture, keeps to its paint: a gauge, a few words, and why, in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.image_info.scores import LOW, Reading, Score, WordScore
from app.widgets.helpers import named
from app.widgets.plain_text import plain_tip
from app.widgets.theme import SMALL_ICON_SIZE, Theme

GAUGE, GAP = 12, 7
OBEDIENCE = "obedience: how much of the word's attention went into its paint."
PUSHED = "kept out: how much of the word's attention went outside of its paint, as its strength is below 0."
FREE = (
    "free of it: how much of the paint does not show the word, as the starter's own eye sees the picture; it may err."
)
SEEN = "seen: how much of the paint shows the word, as the starter's own eye sees the picture; it may err."
LOW_ADVICE = (
    "It strays. Raise its strength (“Strengthen what strays” does), turn Fidelity up, or paint more room for it."
)
GOOD_ADVICE = "It keeps to its paint."
STALE_ADVICE = "Of the picture as it was: the paint or the prompt has changed since. Generate to measure again."


def in_words(score: Score) -> str:
    """A score in as few words as will do."""
    parts = []
    if score.obedience is not None:
        parts.append(f"{'kept out' if score.pushed else 'obeys'} {score.obedience:.0%}")
    if score.seen is not None:
        parts.append(f"{'free of it' if score.pushed else 'seen'} {score.seen:.0%}")
    return " · ".join(parts)


def explained(score: Score, *, stale: bool) -> str:
    """A score for a tooltip: what the numbers mean and what to do."""
    lines = []
    if score.obedience is not None:
        lines.append(f"{score.obedience:.0%} {PUSHED if score.pushed else OBEDIENCE}")
    if score.seen is not None:
        lines.append(f"{score.seen:.0%} {FREE if score.pushed else SEEN}")
    lines.append(STALE_ADVICE if stale else LOW_ADVICE if score.low else GOOD_ADVICE)
    if not stale and score.low:
        lines.append(f"Below {LOW:.0%} counts as straying.")
    return "\n".join(lines)


class ScoreLine(QWidget):
    """One line. What is low has a sign and bold text, not only a colour; what is stale is faint and says so."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._score = Score()
        self._stale = False
        self._before = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_score(self, word: WordScore | None, *, before: str = "") -> None:
        """Show a score, or none; `before` is written in front of it."""
        self._score, self._stale = (word.score, word.stale) if word is not None else (Score(), False)
        self._before = before
        self.setVisible(self._score.known)
        self.setToolTip(plain_tip(explained(self._score, stale=self._stale) if self._score.known else ""))
        self.setAccessibleName(self.text())
        self.update()

    @property
    def stands_out(self) -> bool:
        """Whether it is drawn as one that is low."""
        return self._score.low and not self._stale

    def text(self) -> str:
        """What is written."""
        if not self._score.known:
            return ""
        return f"{'Before: ' if self._stale else self._before}{in_words(self._score)}"

    def sizeHint(self) -> QSize:
        return QSize(120, max(GAUGE, self.fontMetrics().height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        ink = QColor(self._theme.colours.warning) if self.stands_out else muted
        font = self.font()
        font.setBold(self.stands_out)
        font.setItalic(self._stale)
        painter.setFont(font)
        box = QRectF(0, (self.height() - GAUGE) / 2, GAUGE, GAUGE)
        if self.stands_out:
            self._theme.icon("ph.warning-fill", role="warning").paint(painter, box.toAlignedRect())
        else:
            painter.setPen(ink)
            painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
            if not self._stale:
                painter.setBrush(ink)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawPie(box.adjusted(2, 2, -2, -2), 90 * 16, -round((self._score.telling or 0) * 360 * 16))
        painter.setPen(ink)
        room = QRectF(self.rect()).adjusted(GAUGE + GAP, 0, 0, 0)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


class WholeScore(QWidget):
    """The picture's own score, and the button that strengthens what strays."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.line = ScoreLine(theme)
        self.strengthen = named(QPushButton("Strengthen what strays"), "strengthen")
        self.strengthen.setIconSize(SMALL_ICON_SIZE)
        self.strengthen.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 6, 2, 0)
        column.setSpacing(7)
        column.addWidget(self.line)
        column.addWidget(self.strengthen)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_reading(self, reading: Reading) -> None:
        """Show the mean over the words, or nothing where nothing was measured."""
        self.line.show_score(WordScore(reading.whole, reading.stale), before="This picture ")
        self.setVisible(reading.whole.known)

    def _paint_icons(self) -> None:
        self.strengthen.setIcon(self._theme.icon("ph.arrow-fat-lines-up"))
