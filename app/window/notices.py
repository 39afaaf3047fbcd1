"""Notices: what was found odd at the start, told once in the banner, one after another, when nothing else is said."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt

from app.files.controller import FilesController
from app.language import sentence, tr
from app.preferences import Preferences
from app.widgets.helpers import listed
from app.window.banner import Banner
from engine.facts import ModelInfo


class Notices(QObject):
    """Shows notices from `begin` on, each until it is closed. What a model's files lack is told once, not every day."""

    def __init__(self, banner: Banner, preferences: Preferences, files: FilesController) -> None:
        super().__init__(banner)
        self._banner, self._preferences, self._files = banner, preferences, files
        files.busy_changed.connect(lambda _busy: self._show_next())
        self._waiting: deque[tuple[str, str]] = deque()
        self._begun = False
        # Not at once: what closed the banner may have something of its own to say.
        banner.closed.connect(self._show_next, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """The window is on screen, and said what is more important."""
        self._begun = True
        self._waiting.extend(self._preferences.take_notices())
        self._show_next()

    def tell_models(self, models: Sequence[ModelInfo]) -> None:
        """Say which models of the user's folder cannot be used, and why, where that is news."""
        if not models:  # not listed yet
            return
        odd = {f"{model.name}: {model.problem}": model for model in models if model.problem}
        known = self._preferences.values.odd_models
        news = [model for told, model in odd.items() if told not in known]
        self._preferences.change(odd_models=tuple(odd))
        if len(news) == 1:
            self._waiting.append((tr("The model “{name}” cannot be used.", name=news[0].name), _why(news[0])))
        elif news:
            names = listed([f"“{model.name}”" for model in news])
            why = tr("Of “{name}”: {why}", name=news[0].name, why=_why(news[0]))
            self._waiting.append((tr("{count} models cannot be used: {names}.", count=len(news), names=names), why))
        self._show_next()

    def _show_next(self) -> None:
        if self._files.busy:  # a scene that opens takes all messages away
            return
        if self._begun and self._waiting and self._banner.isHidden():
            self._banner.show_message(*self._waiting.popleft())


def _why(model: ModelInfo) -> str:
    return f"{sentence(model.problem)} {sentence(model.hint)}".strip()
