"""From the palette to the brush: a noun joins the prompt, or is found there, and is what one paints with."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QMimeData, QObject, QPoint, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.language import tr
from app.preferences import Preferences
from app.prompt.noun_pictures import picture_of
from app.prompt.nouns import beginnings, groups, remembered, span_in, with_noun
from app.prompt.palette_popup import HEIGHT, MIME, PalettePopup
from app.session import Session
from app.storage.background import Background
from app.vocabulary import names_something, unknown_words
from app.widgets.theme import Theme
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene

GAP = 4
BEGINNINGS = 12


def noun_in(data: QMimeData) -> str:
    """The noun that is dragged out of the palette; "" for anything else."""
    return bytes(data.data(MIME).data()).decode() if data.hasFormat(MIME) else ""


class PaletteController(QObject):
    """Opens the palette below the prompt.

    Signals:
        picked: the span of the prompt that is to be painted with now.
        offered: a few nouns to begin with. drawn: a noun, and its small picture.
        failed: why a noun could not join the prompt. left: the palette was closed, the keys may go to the canvas.
    """

    picked = Signal(int, int)
    offered = Signal(tuple)
    drawn = Signal(str, object)
    failed = Signal(object)
    left = Signal()

    def __init__(
        self,
        session: Session,
        actions: Actions,
        preferences: Preferences,
        theme: Theme,
        window: QWidget,
        *,
        below: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._preferences, self._window, self._below = session, preferences, window, below
        self._drawn: set[str] = set()
        self._artist = Background("nouns", self)
        self.popup = PalettePopup(theme, window)
        self.popup.chosen.connect(self.take)
        self.popup.closed.connect(self.left)
        actions["word.palette"].triggered.connect(lambda _checked=False: self.open())
        session.word_changed.connect(self._remember)
        self.drawn.connect(self.popup.show_picture)
        session.facts_changed.connect(lambda _facts: self.offer())
        session.facts_changed.connect(lambda _facts: self._show())
        self._unsubscribe = session.document.subscribe(self._on_change)

    def close(self, timeout: float | None = None) -> bool:
        """End the drawing of pictures; False where that took longer than `timeout` seconds."""
        self._unsubscribe()
        return self._artist.close(timeout)

    def open(self) -> None:
        """Show the palette, or hide it again."""
        if self.popup.isVisible():
            self.popup.hide()
            return
        self.popup.search.clear()
        under = self._below.mapTo(self._window, QPoint(GAP, self._below.height() + GAP))
        room = self._window.height() - under.y() - GAP
        self.popup.resize(self.popup.width(), min(HEIGHT, room))
        self.popup.move(under)
        self.popup.show()
        self._show()
        self.popup.raise_()

    def take(self, noun: str) -> None:
        """Paint with a noun: where the prompt has it already, or at its end, as one step."""
        scene = self._session.scene
        span = span_in(scene, noun)
        if span is None:
            try:
                after, span = with_noun(scene, noun)
            except CanvasError as error:
                self.failed.emit(error)
                return
            self._session.document.end_merge()
            self._session.document.apply(after, tr("Add “{noun}”", noun=noun))
        self.picked.emit(*span)

    def drop(self, noun: str) -> None:
        """A noun was dragged onto the window: the palette closes and the noun is taken."""
        self.popup.hide()
        self.take(noun)

    def offer(self) -> None:
        """Tell a few nouns of the model to begin with; none of one that understands any words."""
        facts = self._session.facts
        first = beginnings(groups(facts, Scene(), ()), BEGINNINGS) if facts is not None and facts.names else ()
        self.offered.emit(first)
        self._draw_all(first)

    def _show(self) -> None:
        if not self.popup.isVisible():
            return
        offered = groups(self._session.facts, self._session.scene, self._preferences.values.recent_words)
        self.popup.show_groups(
            offered, known=lambda text: names_something(text) and not unknown_words(text, self._session.facts)
        )
        self._draw_all(noun for group in offered for noun in group.nouns)

    def _draw_all(self, nouns: Iterable[str]) -> None:
        for noun in nouns:
            if noun not in self._drawn:
                self._drawn.add(noun)
                self._draw(noun)

    def _draw(self, noun: str) -> None:
        def show(rgb: np.ndarray | None) -> None:
            if rgb is not None:
                height, width = rgb.shape[:2]
                image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
                self.drawn.emit(noun, QPixmap.fromImage(image))

        self._artist.run(lambda: picture_of(noun), show, self.failed.emit)

    def _remember(self, word_id: str | None) -> None:
        """A word that is painted with is offered in other scenes; what the model lists by itself need not be kept."""
        facts, scene = self._session.facts, self._session.scene
        if word_id is None or not scene.has_word(word_id) or (facts is not None and facts.names):
            return
        before = self._preferences.values.recent_words
        self._preferences.change(recent_words=remembered(before, scene.word(word_id).phrase))

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "prompt", "words"}:
            self._show()
