"""Edits words of the picture on the canvas: what was changed in its prompt, or more and less of its words."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.generation.controller import GenerationController
from app.generation.sinks import CanvasSink
from app.language import tr
from app.preferences import Preferences
from app.session import Session
from canvas.model import edits

NOT_EDITED = "Change a word of the prompt, or how much of a word there is: that is what is redone."

Weights = tuple[tuple[tuple[int, int], float], ...]
"""Words of a prompt, by span, with how much of them there is to be: 1 is as much as before."""


class WordEdits(QObject):
    """Each edit is a job that comes on the canvas; `said` says why there is none, `changed` that a share was."""

    said = Signal(str)
    changed = Signal()

    def __init__(
        self, session: Session, generation: GenerationController, preferences: Preferences, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._generation = session, generation
        self._preferences, self._window = preferences, window

    def edit_words(self, weights: Weights = ()) -> None:
        """Make the picture with its prompt of now, and keep it where no word was edited.

        It is one undo step where paint goes over to words that stand for others.
        """
        from app.image_info.edited import with_moved_paint
        from app.rework.editing import edit_begun

        session, image, kept = self._session, self._session.displayed, self._preferences.values
        if image.scene is None or not (self.were_edited() or weights):
            self.said.emit(tr(NOT_EDITED))
            return
        asked = with_moved_paint(session.scene, image.scene)
        if asked is not session.scene:
            session.document.apply(asked, tr("Edit words"))
        name = "" if image.result is None else image.result.name
        begun = edit_begun(image.scene, name, kept.rework_kept, kept.rework_shapes_kept, weights)
        own = image.scene.settings
        scene = edits.set_settings(session.scene, **{**vars(own), "seed": own.seed, "count": 1})
        self._generation.make(scene, CanvasSink(self._generation), begun=begun)

    def edit_in_detail(self) -> None:
        """Ask how much of the picture is kept and how much of each word there is, and edit its words so."""
        from app.rework.edit_dialog import EditDialog
        from app.rework.editing import words_to_weigh

        session, image, kept = self._session, self._session.displayed, self._preferences.values
        if image.scene is None or not self.can_be_edited():
            return
        dialog = EditDialog(
            words_to_weigh(session.scene), before=image.scene.prompt, kept=kept.rework_kept,
            shapes=kept.rework_shapes_kept, parent=self._window,
        )  # fmt: skip
        dialog.asked.connect(self._edit_so)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def were_edited(self) -> bool:
        """Whether words were edited since the picture was made."""
        return self._editable(changed=True)

    def can_be_edited(self) -> bool:
        """Whether words of the picture could be edited, changed or not."""
        return self._editable(changed=False)

    def _editable(self, *, changed: bool) -> bool:
        from app.rework.editing import can_edit

        image = self._session.displayed
        return image.rgb is not None and can_edit(self._session.scene, image.scene, image.begun, changed=changed)

    def _edit_so(self, kept: float, shapes: float, weights: Weights) -> None:
        self._preferences.change(rework_kept=kept, rework_shapes_kept=shapes)
        self.edit_words(weights)
        self.changed.emit()
