"""The prompt's text field: its words can be clicked, phrases marked, and painted words carry their tint."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QToolTip, QWidget

from app.language import tr
from app.prompt.span_painting import Tint, draw_hover, draw_tint, draw_unknown
from app.prompt.suggestion import placed
from app.vocabulary import names_something
from app.widgets.plain_line import gives_undo_to_window, with_window_history
from app.widgets.plain_text import plain_tip
from canvas.model.retarget import Edit
from canvas.model.words import from_utf16, to_utf16, word_spans

CONTROL = Qt.KeyboardModifier.ControlModifier
STEPS: dict[int, int] = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}  # with Ctrl
LINES, MAX_LINES = 2, 6  # at rest, and at most while somebody types


class PromptEdit(QPlainTextEdit):
    """The prompt. Spans in its signals and methods count code points, half open."""

    word_clicked = Signal(int, int)  # once: it is picked; a second click on it types there
    strength_asked = Signal(int)  # Ctrl+Up, Ctrl+Down: steps for the word at the cursor
    left = Signal()  # Esc: the keys may go back to the canvas
    word_hovered = Signal(object)  # the span under the pointer, None for none
    keep_asked = Signal(int, int)  # the paint of a word is wanted where its heatmap is
    edited = Signal(str, object)  # the text, and the `Edit` that led to it where it is known
    phrase_marked = Signal(bool)
    paint_asked = Signal()  # for the phrase that is marked
    room_changed = Signal()  # it may want another height

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt")
        self.setAcceptDrops(False)  # a dropped file is a scene, and the window's
        self.setAccessibleName(tr("Prompt"))
        self.setPlaceholderText(tr("Describe the picture, then click a word and paint where it should be"))
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.setFont(font)
        self.document().setDocumentMargin(5)
        self.viewport().setMouseTracking(True)
        self._tints: tuple[Tint, ...] = ()
        self._unknown: tuple[tuple[int, int], ...] = ()
        self._why_unknown = "{}"
        self.unknown_colour = QColor("#f0b754")
        self._hover: tuple[int, int] | None = None
        self.can_keep: Callable[[tuple[int, int]], bool] = lambda _span: False  # whether a word has a heatmap
        self._press: QPoint | None = None
        self._picked: tuple[int, int] | None = None  # by the last click: the next one on it is for typing
        self._quiet = False
        self._lines = LINES
        self._shown = ""
        self._edit: Edit | None = None
        self.document().contentsChange.connect(self._contents_changed)
        self.textChanged.connect(self._text_changed)
        self.selectionChanged.connect(lambda: self.phrase_marked.emit(self.marked_span() is not None))

    # content -----------------------------------------------------------------------------------------------------
    def text(self) -> str:
        """The prompt as typed."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another prompt without announcing it; the cursor stays where it can."""
        if text == self.toPlainText():
            return
        place = self.textCursor().position()
        self._quiet = True
        self.setPlainText(text)
        self._quiet = False
        cursor = self.textCursor()
        cursor.setPosition(min(place, to_utf16(text, len(text))))
        self.setTextCursor(cursor)
        self._show_hover(None)
        self.room_changed.emit()

    def set_tints(self, tints: tuple[Tint, ...]) -> None:
        """Which spans are painted words, and in which colours."""
        if tints != self._tints:
            self._tints = tints
            self.viewport().update()

    def set_unknown(self, spans: tuple[tuple[int, int], ...], why: str | None = None) -> None:
        """Which spans the model has not learnt; `why` is their tooltip (HTML) with {} for the word."""
        self._why_unknown = why if why is not None else self._why_unknown
        if spans != self._unknown:
            self._unknown = spans
            self.viewport().update()

    def place(self) -> int:
        """The code point before which the text cursor stands."""
        return from_utf16(self.text(), self.textCursor().position())

    def insert_name(self, name: str) -> None:
        """Write a suggested name as if it had been typed: for whole words, or apart from the words around it."""
        cursor, text = self.textCursor(), self.text()
        start, end = (from_utf16(text, at) for at in (cursor.selectionStart(), cursor.selectionEnd()))
        (start, end), written = placed(text, (start, end), name, self._unknown)
        cursor.setPosition(to_utf16(text, start))
        cursor.setPosition(to_utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(written)
        self.setTextCursor(cursor)

    def marked_span(self) -> tuple[int, int] | None:
        """The selected phrase without the blanks around it; None where nothing is selected."""
        cursor = self.textCursor()
        text = self.text()
        start = from_utf16(text, cursor.selectionStart())
        end = from_utf16(text, cursor.selectionEnd())
        marked = text[start:end]
        start += len(marked) - len(marked.lstrip())
        end -= len(marked) - len(marked.rstrip())
        return (start, end) if start < end else None

    def clear_mark(self) -> None:
        """Deselect the phrase; the cursor goes to its end."""
        cursor = self.textCursor()
        cursor.setPosition(cursor.selectionEnd())
        self.setTextCursor(cursor)

    def mark_rect(self) -> QRectF | None:
        """Where the selected phrase ends on the viewport (its last line)."""
        cursor = self.textCursor()
        return next(iter(reversed(list(self._rects(cursor.selectionStart(), cursor.selectionEnd())))), None)

    def word_rect(self, span: tuple[int, int]) -> QRectF | None:
        """Where a span stands on the viewport (its first line)."""
        return next(self._rects_of(span), None)

    def word_at(self, position: QPoint) -> tuple[int, int] | None:
        """The span of the painted word or plain word under a viewport position."""
        spans = [tint.span for tint in sorted(self._tints, key=lambda tint: tint.span[1] - tint.span[0])]
        return self._span_at(position, [*spans, *word_spans(self.text())])

    def pickable_at(self, position: QPoint) -> tuple[int, int] | None:
        """The span that a click picks: of a painted word, or of a plain one that names something; “a” and “on” do not.

        Those can still be painted: by marking them, or from the menu.
        """
        span = self.word_at(position)
        painted = any(tint.span == span for tint in self._tints)
        return span if span is not None and (painted or names_something(self.text()[slice(*span)])) else None

    def forget_pick(self) -> None:
        """The next click on the word that was picked last picks it again instead of typing."""
        self._picked = None

    def _span_at(self, position: QPoint, spans: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
        point = QPointF(position)
        return next((span for span in spans if any(rect.contains(point) for rect in self._rects_of(span))), None)

    # geometry ----------------------------------------------------------------------------------------------------
    def height_for(self, lines: int) -> int:
        """The height that shows so many lines."""
        return lines * self.fontMetrics().lineSpacing() + 2 * int(self.document().documentMargin()) + 14

    def wanted_height(self) -> int:
        """The height that it wants: that of its text while it has the keys, else two lines, of which it scrolls."""
        lines = int(self.document().size().height()) if self.hasFocus() else self._lines
        return self.height_for(min(max(self._lines, lines), MAX_LINES))

    def set_lines(self, lines: int) -> None:
        """How many lines it shows at rest; by default `LINES`."""
        self._lines = lines
        self.updateGeometry()
        self.room_changed.emit()

    def sizeHint(self) -> QSize:
        return QSize(400, self.height_for(self._lines))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _rects_of(self, span: tuple[int, int]) -> Iterator[QRectF]:
        text = self.text()
        return self._rects(to_utf16(text, span[0]), to_utf16(text, span[1]))

    def _rects(self, start: int, end: int) -> Iterator[QRectF]:
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            layout = block.layout()
            origin = self.blockBoundingGeometry(block).translated(self.contentOffset()).topLeft()
            first = max(start - block.position(), 0)
            last = min(end - block.position(), block.length() - 1)
            for index in range(layout.lineCount()):
                line = layout.lineAt(index)
                left = max(first, line.textStart())
                right = min(last, line.textStart() + line.textLength())
                if left < right:
                    x1, x2 = (cast(tuple[float, int], line.cursorToX(place))[0] for place in (left, right))
                    yield QRectF(origin.x() + x1, origin.y() + line.y(), x2 - x1, line.height())
            block = block.next()

    # look --------------------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hover is not None and not any(tint.span == self._hover for tint in self._tints):
            draw_hover(painter, self.palette().placeholderText().color(), self._rects_of(self._hover))
        for tint in self._tints:
            draw_tint(painter, tint, self._rects_of(tint.span))
        for span in self._unknown:
            draw_unknown(painter, self.unknown_colour, self._rects_of(span))
        painter.end()
        super().paintEvent(event)

    # input -------------------------------------------------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        if gives_undo_to_window(event):
            event.ignore()
            return True
        asked = isinstance(event, QKeyEvent) and event.key() in STEPS and event.modifiers() == CONTROL
        if asked and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # beside the prompt these keys choose words
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            span = self._span_at(event.pos(), self._unknown)
            if span is None:
                QToolTip.hideText()
            else:
                word = html.escape(self.text()[slice(*span)])
                QToolTip.showText(event.globalPos(), plain_tip(self._why_unknown.replace("{}", word)), self.viewport())
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and plain and self.marked_span() is not None:
            self.paint_asked.emit()
        elif event.key() == Qt.Key.Key_Escape and plain:
            self.left.emit()
        elif event.key() in STEPS and event.modifiers() == CONTROL:
            self.strength_asked.emit(STEPS[event.key()])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu_at(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu_at(self, position: QPoint) -> QMenu:
        """The text field's own menu, and first in it to paint the marked phrase, or the word under the pointer."""
        menu = with_window_history(self.createStandardContextMenu(), self)
        marked = self.marked_span()
        span = marked or self.word_at(position)
        if span is not None:
            first = menu.actions()[0]
            paint = QAction(tr("Paint “{value}”", value=self.text()[slice(*span)].replace("&", "&&")), menu)
            paint.triggered.connect(lambda: self.paint_asked.emit() if marked else self.word_clicked.emit(*span))
            menu.insertAction(first, paint)
            if self.can_keep(span):
                keep = QAction(tr("Keep It Where It Is"), menu)
                keep.triggered.connect(lambda: self.keep_asked.emit(*span))
                menu.insertAction(first, keep)
            menu.insertSeparator(first)
        return menu

    def mousePressEvent(self, event: QMouseEvent) -> None:
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        self._press = event.position().toPoint() if plain else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hover = None if event.buttons() else self.word_at(event.position().toPoint())
        self._show_hover(hover)
        pick = hover is not None and self.pickable_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if pick else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        press, self._press = self._press, None
        if press is None or self.textCursor().hasSelection():
            return
        position = event.position().toPoint()
        slack = QGuiApplication.styleHints().startDragDistance()
        span = self.pickable_at(position)
        again = span is not None and span == self._picked
        self._picked = None if again else span
        if span is not None and not again and (position - press).manhattanLength() < slack:
            self.word_clicked.emit(*span)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._press = self._picked = None
        super().mouseDoubleClickEvent(event)

    def _show_hover(self, hover: tuple[int, int] | None) -> None:
        if hover != self._hover:
            self._hover = hover
            self.viewport().update()
            self.word_hovered.emit(hover)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_hover(None)
        self.forget_pick()  # who comes back means to pick again
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.room_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
        self.room_changed.emit()

    def place_cursor(self, position: int) -> None:
        """Put the text cursor before code point `position`."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(to_utf16(self.text(), position))
        self.setTextCursor(cursor)

    def _contents_changed(self, position: int, removed: int, added: int) -> None:
        old, new = self._shown, self.text()
        start = from_utf16(new, position)
        gone = from_utf16(old, position + removed) - from_utf16(old, position)
        self._edit = Edit(start, gone, from_utf16(new, position + added) - start)

    def _text_changed(self) -> None:
        text = self.text()
        if text == self._shown:
            return
        self._shown, edit = text, self._edit
        self._unknown = ()  # their places are those of the text before; the vocabulary marks them again
        self._show_hover(None)
        self.room_changed.emit()
        if not self._quiet:
            self.edited.emit(text, edit)
