"""F6: the keys go from one part of the window to the next, so that all of it can be reached without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


def go(window: MainWindow, step: int) -> None:
    """Move the keyboard to the next part of the window (`step` 1) or the one before (-1) that is shown and takes it."""
    parts = (
        window.prompt_bar, window.view, window.timeline, window.words, window.styles, window.reference,
        window.settings_panel, window.results, window.tools, window.brush_bar,
    )  # fmt: skip
    now = QApplication.focusWidget()
    at = next((place for place, part in enumerate(parts) if now is not None and _within(part, now)), -1)
    if at < 0 and step < 0:
        at = 0
    for turn in range(1, len(parts) + 1):
        target = _entrance(parts[(at + turn * step) % len(parts)])
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _entrance(part: QWidget) -> QWidget | None:
    """What takes the keys in a part: what had them last, else the first that Tab would reach."""
    last = part.focusWidget()
    if last is not None and _takes_keys(last) and _within(part, last):
        return last
    if _takes_keys(part):
        return part
    each = part.nextInFocusChain()
    while each is not None and each is not part:
        if _within(part, each) and _takes_keys(each):
            return each
        each = each.nextInFocusChain()
    return None


def _takes_keys(widget: QWidget) -> bool:
    # Of what is as good as folded away only a sliver is left, which nobody sees.
    seen = widget.isVisible() and not widget.visibleRegion().isEmpty()
    return seen and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _within(part: QWidget, widget: QWidget) -> bool:
    return part is widget or part.isAncestorOf(widget)
