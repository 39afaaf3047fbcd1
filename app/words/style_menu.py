"""The styles of a scene in a word's own menu: which of them is taken inside the word's paint alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.language import tr
from canvas.model.scene import Scene
from resources.limits import MAX_STYLES


def style_menu(
    scene: Scene,
    word_id: str,
    parent: QWidget,
    *,
    bind: Callable[[str, str | None], object],
    choose: Callable[[str], object],
) -> QMenu:
    """A menu of the scene's styles, ticked where they follow the word; the last entry takes a new picture for it.

    Args:
        bind: called with a style's id and the word's, or None for a style that is for the whole picture again.
        choose: called with the word's id.
    """
    menu = QMenu(tr("St&yle of Its Paint"), parent)
    for style in scene.styles:
        shown = menu.fontMetrics().elidedText(style.name, Qt.TextElideMode.ElideRight, 220).replace("&", "&&")
        action = menu.addAction(tr("{name} (has paint of its own)", name=shown) if style.area else shown)
        follows = style.word == word_id
        action.setCheckable(True)
        action.setChecked(follows)
        action.setEnabled(not style.area)
        action.triggered.connect(lambda _on=False, style=style.id, to=None if follows else word_id: bind(style, to))
    if scene.styles:
        menu.addSeparator()
    more = menu.addAction(tr("Choose a Picture…"), lambda: choose(word_id))
    more.setEnabled(len(scene.styles) < MAX_STYLES)
    return menu
