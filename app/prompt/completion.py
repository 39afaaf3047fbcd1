"""Known words are offered while one types them: Tab or Enter takes one, Esc closes the list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.language import tr
from app.prompt.prompt_edit import PromptEdit
from canvas.model.retarget import Edit

LEAST = 2  # letters from which words are offered
MOST = 6  # words that are
LONGEST = 3  # words of a name, such as “night sky”
_TAIL = re.compile(rf"(?:[^\W_]+ ){{0,{LONGEST - 1}}}[^\W_]+\Z")
_TAKE = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def completions(before: str, names: Sequence[str]) -> tuple[str, list[str]]:
    """What was begun at the end of `before`, and the names that go on so; the longest beginning counts.

    Names that are begun and done are none: “sun” is offered “sunset”, and “sunset” nothing.
    """
    tail = _TAIL.search(before)
    begun = tail[0] if tail is not None else ""
    while len(begun) >= LEAST:
        small = begun.casefold()
        found = [name for name in names if name.casefold().startswith(small) and len(name) > len(begun)]
        if found:
            return begun, found[:MOST]
        begun = begun.partition(" ")[2]
    return "", []


class Completion(QListWidget):
    """The list under the word at the cursor. It never has the keys: the prompt keeps them."""

    def __init__(self, prompt: PromptEdit, names: Callable[[], Sequence[str]]) -> None:
        super().__init__(prompt)
        self.hide()
        self._prompt, self._names = prompt, names
        self._begun = ""
        self.setObjectName("completion")
        self.setAccessibleName(tr("Words that the model knows"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._take)
        prompt.installEventFilter(self)
        prompt.edited.connect(self._typed)
        prompt.cursorPositionChanged.connect(self._moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the list, only while it is there."""
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif self.isVisible() and isinstance(event, QKeyEvent) and event.modifiers() in _PLAIN:
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, item = event.key(), self.currentItem()
        takes = key in _TAKE and item is not None
        if not (takes or key == Qt.Key.Key_Escape or key in _STEPS):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # neither stops a picture nor hides the paint
        elif event.type() == QEvent.Type.KeyPress:
            if takes:
                self._take(item)
            elif key in _STEPS:
                self.setCurrentRow((self.currentRow() + _STEPS[key]) % self.count())
            else:
                self.hide()
        return True

    def _typed(self, _text: str, edit: Edit | None) -> None:
        """Offer what goes on as what was just typed begins."""
        prompt = self._prompt
        if edit is None or edit.added != 1 or not prompt.hasFocus():
            self.hide()
            return
        text, end = prompt.text(), edit.position + edit.added
        if text[end : end + 1].isalnum():  # in the middle of a word
            self.hide()
            return
        names = self._names()
        self._begun, found = completions(text[:end], names)
        self.clear()
        self.addItems(found)
        if not found:
            self.hide()
            return
        done = self._begun.casefold() in (name.casefold() for name in names)
        self.setCurrentRow(-1 if done else 0)  # Enter ends a word that is done
        self._place()

    def _place(self) -> None:
        """Lie under the cursor, over all of the window."""
        window = self._prompt.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        row = self.sizeHintForRow(0)
        edge = 2 * self.frameWidth()
        self.resize(QSize(self.sizeHintForColumn(0) + edge + 24, row * self.count() + edge + 2))
        cursor = self._prompt.cursorRect()
        left = cursor.left() - self._prompt.fontMetrics().horizontalAdvance(self._begun)
        at = self._prompt.viewport().mapTo(window, QPoint(left, cursor.bottom() + 4))
        self.move(max(0, min(at.x(), window.width() - self.width())), at.y())
        self.show()
        self.raise_()

    def _moved(self) -> None:
        """Elsewhere in the prompt the list has no meaning."""
        if self.isVisible() and not self._prompt.text()[: self._prompt.place()].endswith(self._begun):
            self.hide()

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        cursor = self._prompt.textCursor()
        self.hide()
        # What was typed keeps its capitals.
        cursor.insertText(item.text()[len(self._begun) :])
        self._prompt.setTextCursor(cursor)
