"""Where everything stands in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMenuBar, QVBoxLayout, QWidget

import resources
from app.language import tr
from app.widgets.dock_title import DockTitle
from app.widgets.helpers import named
from app.window.menus import fill_menus
from app.window.on_screen import bring_on_screen

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

STATE_VERSION = 1
DOCKS = ("Words", "Settings", "Results", "Style", "Reference")
"""Their titles in English, by which they are found in every language."""
_AREAS = Qt.DockWidgetArea


def place(window: MainWindow) -> None:
    """Put the widgets in their places and give the window the layout that it had last."""
    window.setObjectName("mainWindow")
    window.setWindowIcon(QIcon(str(resources.path("icons", "wordbrush.png"))))
    window.setAcceptDrops(True)
    window.setDockNestingEnabled(True)
    centre = QWidget()
    column = _column(centre)
    column.addWidget(window.brush_bar)
    middle = QHBoxLayout()
    middle.setSpacing(0)
    middle.addWidget(window.tools)
    middle.addWidget(window.view, 1)
    column.addLayout(middle, 1)
    column.addWidget(window.timeline)
    for over in (
        window.heatmap_bar,
        window.rework_bar,
        window.live_bar,
        window.look_bar,
        window.comparison,
        window.banner,
    ):
        over.setParent(centre)
    window.banner.lie_over(window.view)
    window.live_bar.keep_clear_of(window.banner)
    window.heatmap_bar.keep_clear_of(window.banner, window.live_bar)
    window.setCentralWidget(centre)
    # Menus and prompt span the window, above the docks: all below is about the prompt.
    top, menus = QWidget(), QMenuBar()
    column = _column(top)
    column.addWidget(menus)
    column.addWidget(window.prompt_bar)
    window.prompt_bar.buttons.addWidget(window.queueing.button)
    window.setMenuWidget(top)
    docks = [
        _dock(window, DOCKS[0], stacked(window.colours, window.pictures, window.words), _AREAS.LeftDockWidgetArea),
        _dock(window, DOCKS[1], window.settings_panel, _AREAS.RightDockWidgetArea),
        _dock(window, DOCKS[2], window.results, _AREAS.BottomDockWidgetArea),
        _dock(window, DOCKS[3], window.styles, _AREAS.LeftDockWidgetArea),
        _dock(window, DOCKS[4], window.reference, _AREAS.RightDockWidgetArea),
    ]
    docks[-1].hide()  # until somebody wants it
    window.setCorner(Qt.Corner.BottomLeftCorner, _AREAS.LeftDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, _AREAS.RightDockWidgetArea)
    toggles = [dock.toggleViewAction() for dock in docks]
    fill_menus(menus, window.actions_table, window.preferences, window.files, toggles)
    window.setStatusBar(window.status)
    window.resize(1400, 900)
    window.resizeDocks(docks[:2], [262, 276], Qt.Orientation.Horizontal)
    window.resizeDocks(docks[2:3], [168], Qt.Orientation.Vertical)
    window.resizeDocks([docks[0], docks[3]], [470, 180], Qt.Orientation.Vertical)
    geometry, state = window.preferences.take_layout()
    if geometry:
        window.restoreGeometry(geometry)
        bring_on_screen(window)
    if state:
        window.restoreState(state, STATE_VERSION)
    # Tab and the keys that take a word off the prompt mean something else while one types.
    for name in ("view.overlays", "word.fill", "word.fill_all", "word.clear"):
        window.actions_table.restrict(name, window.view)


def stacked(*widgets: QWidget) -> QWidget:
    """Widgets of several rooms as one, one below the other."""
    whole = QWidget()
    column = _column(whole)
    column.setSpacing(7)
    for widget in widgets:
        column.addWidget(widget)
    return whole


def remember(window: MainWindow) -> None:
    """Keep the layout for the next start."""
    geometry, state = window.saveGeometry(), window.saveState(STATE_VERSION)
    window.preferences.set_layout(bytes(geometry.data()), bytes(state.data()))


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _dock(window: MainWindow, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
    dock = named(QDockWidget(tr(title), window), f"dock.{title.lower()}")
    dock.setWidget(panel)
    window.titles[title] = DockTitle(dock, window.theme, foldable=title in ("Results", "Style"))
    dock.setTitleBarWidget(window.titles[title])
    window.addDockWidget(area, dock)
    return dock
