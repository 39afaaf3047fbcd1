"""Whether a word is where it was painted: one small light, its reason in the tooltip; dark where nobody can be sure."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.image_info.scores import Reading, Verdict, WordScore
from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import SMALL_ICON_SIZE, Theme

SIDE = 14
TEXTS = {
    (Verdict.GOOD, False): "The picture has it where you painted it.",
    (Verdict.GOOD, True): "The picture keeps it out of this paint.",
    (Verdict.WEAK, False): "The picture may not have it here. Raise its strength, or give it more room.",
    (Verdict.WEAK, True): "The picture may still have it here. Lower its strength.",
}


class Light(QWidget):
    """Green for a word that is where it was painted, an amber sign for one that is not; else nothing is lit."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.verdict = Verdict.UNSURE
        self.setFixedSize(SIDE + 4, SIDE)
        self.hide()
        theme.changed.connect(self.update)

    def show_score(self, word: WordScore | None) -> None:
        """Show what a score says; one of before the last change, like none, says nothing."""
        told = word is not None and not word.stale
        self.verdict = word.score.verdict if word is not None and told else Verdict.UNSURE
        text = tr(TEXTS.get((self.verdict, word.score.pushed), "")) if word is not None else ""
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(text)
        self.setVisible(bool(text))  # the name has the room meanwhile
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE + 4, SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.verdict is Verdict.UNSURE:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2, (self.height() - SIDE) / 2, SIDE, SIDE)
        if self.verdict is Verdict.WEAK:
            self._theme.icon("ph.warning-fill", role="warning").paint(painter, box.toAlignedRect())
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.colours.good))
            painter.drawEllipse(box.adjusted(3, 3, -3, -3))
        painter.end()


def summary(reading: Reading) -> str:
    """The whole picture in a short sentence; empty where there is nothing to say."""
    verdicts = [word.verdict for word in reading.words.values()]
    good, weak = verdicts.count(Verdict.GOOD), verdicts.count(Verdict.WEAK)
    if weak:
        return tr("1 word may be missing") if weak == 1 else tr("{count} words may be missing", count=weak)
    if reading.undrawn:
        count = len(reading.undrawn)
        if count == 1:
            return tr("1 word drew little attention")
        return tr("{count} words drew little attention", count=count)
    if not good:
        return ""
    return tr("1 word in place") if good == 1 else tr("{count} words in place", count=good)


class WholeScore(QWidget):
    """What there is to say of the picture, and the button that boosts weak words, where there are any."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.line = named(PlainLabel(), "muted")
        self.boost = named(QPushButton(tr("Boost weak words")), "strengthen")
        self.boost.setIconSize(SMALL_ICON_SIZE)
        self.boost.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 6, 2, 0)
        column.setSpacing(7)
        column.addWidget(self.line)
        column.addWidget(self.boost)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_reading(self, reading: Reading) -> None:
        """Show the sentence, or nothing where nothing is sure."""
        text = summary(reading)
        self.line.setText(text)
        weak = any(word.verdict is Verdict.WEAK for word in reading.words.values())
        self.boost.setVisible(weak or bool(reading.undrawn))
        self.setVisible(bool(text))

    def _paint_icons(self) -> None:
        self.boost.setIcon(self._theme.icon("ph.arrow-fat-lines-up"))
