"""Where a window may stand: no larger than its screen, its title bar within reach of the mouse."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

TITLE = 28  # pixels above the window that a window manager's title bar takes
REACH = 120  # pixels of the title bar by which a window can be taken


def within_reach(window: QRect, screens: Sequence[QRect]) -> QPoint:
    """The upper left corner for a window, without its frame, so that its title bar can be taken.

    Args:
        window: its place, in pixels of the whole desktop. screens: what programs may use of each screen, at least one.

    Returns:
        its own corner where that is so already, else the nearest one on the nearest screen.
    """
    title = QRect(window.left(), window.top() - TITLE, window.width(), TITLE)
    for screen in screens:
        seen = screen.intersected(title)
        if seen.width() >= min(REACH, window.width()) and seen.height() >= TITLE // 2:
            return window.topLeft()
    nearest = min(screens, key=lambda screen: (screen.center() - window.center()).manhattanLength())
    left = max(nearest.left(), min(window.left(), nearest.right() + 1 - window.width()))
    top = max(nearest.top() + TITLE, min(window.top(), nearest.bottom() + 1 - window.height()))
    return QPoint(left, top)


def no_larger(window: QRect, screens: Sequence[QRect]) -> QRect:
    """A window's place, without its frame, cut to the largest of the screens, below a title bar.

    Args:
        window: its place, in pixels of the whole desktop. screens: what programs may use of each screen, at least one.
    """
    room = max(screens, key=lambda screen: screen.width() * screen.height())
    if window.width() <= room.width() and window.height() <= room.height() - TITLE:
        return window
    size = window.size().boundedTo(room.size() - QSize(0, TITLE))
    return QRect(room.topLeft() + QPoint(0, TITLE), size)


def bring_on_screen(window: QWidget) -> None:
    """Move a window there that would open where nobody can take it: its screen may be gone since it was last open."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if screens and not window.isMaximized() and not window.isFullScreen():
        corner = within_reach(window.geometry(), screens)
        if corner != window.geometry().topLeft():
            window.setGeometry(QRect(corner, window.size()))


def fit_to_screen(window: QWidget) -> None:
    """Make a window that would be larger than every screen as large as the largest, before it is shown."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if screens and not window.isMaximized() and not window.isFullScreen():
        place = no_larger(window.geometry(), screens)
        if place != window.geometry():
            window.setGeometry(place)
