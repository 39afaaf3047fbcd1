"""The selection's menu: invert it, take it from a word's paint, grow, shrink, feather it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from app.actions import Actions
from app.language import tr
from app.session import Session
from canvas.model.document import Change
from canvas.model.tiled_mask import TiledMask
from canvas.paint import selecting

MOST = 512
"""Pixels by which a selection can be grown, shrunk or feathered at once."""


class SelectionController(QObject):
    """Turns the actions of the menu *Select* into edits of the document, each one undo step.

    Signals:
        said: why there is nothing to select.
    """

    said = Signal(str)

    def __init__(self, session: Session, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._actions, self._window = session, actions, window
        document = session.document
        acts: dict[str, Callable[[], None]] = {
            "none": lambda: self.select(None, "Select everything"),
            "invert": lambda: self.select(
                selecting.inverted(document.scene.selection, document.scene.size), "Invert selection"
            ),
            "word": self._from_word,
            "grow": lambda: self._by(
                tr("Grow the Selection"), "Grow selection", lambda mask, by: selecting.grown(mask, by)
            ),
            "shrink": lambda: self._by(
                tr("Shrink the Selection"), "Shrink selection", lambda mask, by: selecting.grown(mask, -by)
            ),
            "feather": lambda: self._by(tr("Feather the Selection"), "Feather selection", selecting.feathered),
        }
        for name, act in acts.items():
            actions[f"select.{name}"].triggered.connect(lambda _on=False, act=act: act())
        document.subscribe(self._on_change)
        session.word_changed.connect(lambda _word: self._show())
        self._show()

    def select(self, mask: TiledMask | None, label: str) -> None:
        """Another selection; one that holds nothing is none."""
        scene = self._session.document.scene
        mask = None if mask is None or mask.is_empty else mask
        if mask is not scene.selection:
            self._session.document.apply(scene.replace(selection=mask), label)

    def _from_word(self) -> None:
        scene, word = self._session.document.scene, self._session.word
        if word is None or not scene.can_paint(word) or scene.painted(word).is_empty:
            self.said.emit(tr("Choose a word that has paint: its paint becomes the selection."))
            return
        self.select(selecting.of_word(scene, word), f"Select “{scene.paintable(word).title}”")

    def _by(self, title: str, label: str, change: Callable[[TiledMask, int], TiledMask]) -> None:
        """Ask by how many pixels, and change the selection."""
        scene = self._session.document.scene
        if scene.selection is None:
            return
        usual = max(1, round(min(scene.size) / 64))
        pixels, sure = QInputDialog.getInt(self._window, title, tr("Pixels:"), usual, 1, MOST)
        if sure and self._session.document.scene.selection is scene.selection:
            self.select(change(scene.selection, pixels), label)

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "size", "selection", "masks", "words"}:
            self._show()

    def _show(self) -> None:
        chosen = self._session.document.scene.selection is not None
        for name in ("none", "invert", "grow", "shrink", "feather"):
            self._actions[f"select.{name}"].setEnabled(chosen)
