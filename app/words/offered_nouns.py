"""A few small pictures of what the model can paint, to begin with where nothing is painted yet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QGridLayout, QToolButton, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel, plain_tip

ACROSS, ICON, BUTTON = 4, 40, 46


class OfferedNouns(QWidget):
    """Buttons with the pictures of nouns; one appears when its picture is there. `chosen` carries the noun."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nouns: tuple[str, ...] = ()
        self._pictures: dict[str, QIcon] = {}
        self.buttons: dict[str, QToolButton] = {}
        self._title = named(PlainLabel(tr("Or begin with one of these:"), wordWrap=True), "muted")
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        column.addWidget(self._title)
        column.addLayout(self._grid)
        self._arrange()

    def show_nouns(self, nouns: Sequence[str]) -> None:
        """Offer other nouns, from the left."""
        if tuple(nouns) != self._nouns:
            self._nouns = tuple(nouns)
            self._arrange()

    def show_picture(self, noun: str, pixmap: QPixmap) -> None:
        """Keep the picture of a noun, and show it where the noun is offered."""
        self._pictures[noun] = QIcon(pixmap)
        if noun in self._nouns and noun not in self.buttons:
            self._arrange()

    def _arrange(self) -> None:
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        there = [noun for noun in self._nouns if noun in self._pictures]
        self.buttons = {noun: self._button(noun) for noun in there}
        for number, button in enumerate(self.buttons.values()):
            self._grid.addWidget(button, *divmod(number, ACROSS))
        self._title.setVisible(bool(there))

    def _button(self, noun: str) -> QToolButton:
        button = named(QToolButton(autoRaise=True), "offeredNoun")
        button.setIcon(self._pictures[noun])
        button.setIconSize(QSize(ICON, ICON))
        button.setFixedSize(BUTTON, BUTTON)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(noun)
        button.setToolTip(plain_tip(tr("Paint with “{noun}”", noun=noun)))
        button.clicked.connect(lambda _checked=False: self.chosen.emit(noun))
        return button
