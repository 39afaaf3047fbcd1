"""Settings and encoders between their dock and the document."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.generation.request_builder import SEED_RANGE
from app.session import Session
from app.settings.panel import SettingsPanel
from canvas.model import edits, loras
from canvas.model.document import Change
from canvas.model.errors import CanvasError


class SettingsController(QObject):
    """What is set becomes an edit of the scene; the dock shows what the scene says and what its model can."""

    failed = Signal(object)

    def __init__(self, session: Session, panel: SettingsPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._document, self._panel = session, session.document, panel
        document = session.document
        panel.setting_changed.connect(lambda name, value: self.change(**{name: value}))
        panel.size_changed.connect(lambda width, height: self._edit(lambda: document.set_size((width, height))))
        panel.crop_asked.connect(
            lambda width, height, anchor: self._edit(lambda: session.crop((width, height), anchor))
        )
        panel.encoders.changed.connect(self._blend)
        panel.fast_asked.connect(self._hurry)
        for part in (panel, panel.encoders):
            part.edit_ended.connect(document.end_merge)
        session.models_changed.connect(panel.show_models)
        session.facts_changed.connect(self._show_facts)
        self._unsubscribe = document.subscribe(self._on_change)
        self._show_facts()
        self._panel.show_scene(session.scene)

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def change(self, **settings: object) -> None:
        """Change settings of the scene; one that it refuses is explained, and the dock goes back to what is."""
        self._edit(lambda: self._document.set_settings(**settings))

    def throw_dice(self) -> None:
        """Another seed."""
        self.change(seed=secrets.randbelow(SEED_RANGE))

    def _edit(self, change: Callable[[], object]) -> None:
        try:
            change()
        except CanvasError as error:
            self.failed.emit(error)
            self._panel.show_scene(self._session.scene)

    def _hurry(self) -> None:
        """The settings of the quick way that the model brings, and its LoRA among the scene's, in one step."""
        facts = self._session.facts
        if facts is None or facts.fast is None:
            return
        fast = facts.fast

        def hurry() -> None:
            scene = self._session.scene
            known = [index for index, each in enumerate(loras.entries(scene)) if each.choice.file == fast.lora]
            scene = loras.change(scene, known[0], on=True, weight=1.0) if known else loras.add(scene, fast.lora)
            self._document.apply(edits.set_settings(scene, **fast.few.settings), "Few steps")

        self._edit(hurry)

    def _blend(self, weights: object) -> None:
        scene = edits.set_settings(self._session.scene, encoders=weights)
        self._document.apply(scene, "Blend the encoders", merge_key="encoders")

    def _show_facts(self) -> None:
        self._panel.show_model(self._session.facts)
        self._panel.encoders.refresh()

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "settings", "size"}:
            self._panel.show_scene(self._session.scene)
            self._panel.encoders.refresh()
