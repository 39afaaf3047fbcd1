"""The banner over the canvas that says what went wrong and what to do, without stopping the work."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app import log
from app.language import sentence, tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme
from engine.errors import InternalError

COPY = "Copy log"
Buttons = tuple[tuple[str, Callable[[], None]], ...]
_log = logging.getLogger(__name__)
ICONS = {"error": ("ph.warning-circle-fill", "error"), "info": ("ph.info-fill", "accent_hover")}

EDGE = 10
COLUMN = 360
"""Pixels beside the buttons, of which the words have the most; with fewer the buttons go below."""


class Banner(QFrame):
    """One message at a time: what, what to do, and buttons; `Copy log` only where Wordbrush itself is at fault."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._theme = theme
        self._details = ""
        self._under: QWidget | None = None
        self._kind = "info"
        self._icon = PlainLabel()
        self._title = named(PlainLabel(wordWrap=True), "bannerTitle")
        self._hint = named(PlainLabel(wordWrap=True), "bannerHint")
        for label in (self._title, self._hint):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._foot = QWidget()  # beside the words, or below them where they would be a narrow column
        self._buttons = QHBoxLayout(self._foot)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(8)
        self.copy_button = named(QPushButton(tr(COPY)), "copyLog")
        self.copy_button.clicked.connect(self._copy)
        self.close_button = named(QToolButton(), "closeBanner")
        self.close_button.setToolTip(tr("Close this message"))
        self.close_button.setAccessibleName(tr("Close this message"))
        self.close_button.clicked.connect(self.dismiss)
        self._words = words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._hint)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 8, 9)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._foot)
        row.addWidget(self.copy_button)
        row.addWidget(self.close_button)
        theme.changed.connect(self._paint_icons)
        self.hide()

    def lie_over(self, under: QWidget) -> None:
        """Float over the upper edge of a widget beside it, which keeps its place and size whatever is said."""
        self._under = under
        under.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if self._under is None:
            return
        room = self._under.geometry()
        width = max(room.width() - 2 * EDGE, 120)
        below = width - self._foot.sizeHint().width() < COLUMN
        self._words.removeWidget(self._foot)
        self._row.removeWidget(self._foot)
        if below:
            self._words.addWidget(self._foot, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._row.insertWidget(2, self._foot)
        self._buttons.setContentsMargins(0, 6 if below else 0, 0, 0)
        self._row.invalidate()
        self.setGeometry(room.left() + EDGE, room.top() + EDGE, width, self.heightForWidth(width))
        self.raise_()

    @property
    def message(self) -> str:
        """The sentence on show."""
        return self._title.text()

    @property
    def hint(self) -> str:
        """What the banner says to do."""
        return self._hint.text()

    def show_error(self, error: BaseException, *, buttons: Buttons = ()) -> None:
        """Show any exception: its own `message` and `hint` where it has them; `buttons` as for a message."""
        message = getattr(error, "message", "") or "Something went wrong inside Wordbrush."
        hint = getattr(error, "hint", "") or "Your scene is untouched. Copy the log if you want to report it."
        details = getattr(error, "details", "") or repr(error)
        name = type(error).__name__
        if isinstance(error, InternalError) or not getattr(error, "hint", ""):
            _log.error("Shown: %s: %s\n%s", name, message, details)
            self._show("error", message, hint, f"{name}: {message}\n{hint}\n\n{details}", buttons)
            return
        _log.info("Shown: %s", name)  # its message may quote the prompt
        self._show("error", message, hint, "", buttons)

    def show_message(self, message: str, hint: str = "", *, buttons: Buttons = ()) -> None:
        """Show a piece of news, with buttons `(text, what it does)` that also close the banner."""
        self._show("info", message, hint, "", buttons)

    def dismiss(self) -> None:
        """Close the banner; the keys go to what it lay over, if they were in it."""
        if not self.isHidden():
            had_keys = self.isAncestorOf(self.window().focusWidget() or self.window())
            self.hide()
            if had_keys and self._under is not None:  # Qt would give them to the widget after it: a slider
                self._under.setFocus()
            self.closed.emit()

    def _show(self, kind: str, message: str, hint: str, details: str, buttons: Buttons) -> None:
        self._kind, self._details = kind, details
        self._title.setText(sentence(message))
        self._hint.setText(sentence(hint))
        self._hint.setVisible(bool(hint))
        self.copy_button.setText(tr(COPY))
        self.copy_button.setVisible(bool(details))
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text, act in buttons:
            button = QPushButton(text)
            button.clicked.connect(self.dismiss)
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._buttons.addWidget(button)
            button.show()  # now: what is hidden has no size when the banner takes its own
        self._foot.setVisible(bool(buttons))
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._paint_icons()
        self.show()  # first: before it was ever shown, nothing in it has a height
        self._place()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._details}\n\n{log.tail()}")
        self.copy_button.setText(tr("Copied"))

    def _paint_icons(self) -> None:
        icon, role = ICONS[self._kind]
        self._icon.setPixmap(self._theme.icon(icon, role=role).pixmap(22, 22))
        self.close_button.setIcon(self._theme.icon("ph.x", role="muted"))
