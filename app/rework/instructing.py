"""Changes the picture on the canvas as an instruction says: all of it, or where a selection or painted words are."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.generation.controller import GenerationController
from app.generation.request_builder import SEED_RANGE
from app.generation.sinks import CanvasSink
from app.language import tr
from app.preferences import Preferences
from app.session import Session
from canvas.model import edits
from canvas.model.begun import Begun
from canvas.model.scene import Scene

NO_PICTURE = "There is no picture to work on yet. Generate one, or open one, first."
NOT_ABLE = "This model cannot follow instructions. Choose an InstructPix2Pix model, or edit words of the prompt."


class Instructing(QObject):
    """Each instruction is a job that comes on the canvas; the scene stays. `said` says why there is none."""

    said = Signal(str)

    def __init__(
        self, session: Session, generation: GenerationController, preferences: Preferences, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._generation = session, generation
        self._preferences, self._window = preferences, window
        self._last = ""
        self._guidance: float | None = None  # of the instruction; None is the model's own

    def ask(self) -> None:
        """Ask for an instruction, and do it."""
        from app.rework.instruct_dialog import InstructDialog

        session, facts = self._session, self._session.facts
        if session.displayed.on_canvas(session.scene.size) is None:
            self.said.emit(tr(NO_PICTURE))
            return
        if facts is not None and not facts.instructs:
            self.said.emit(tr(NOT_ABLE))
            return
        usual = 7.5 if facts is None else facts.defaults.guidance_for(instruction=True)
        dialog = InstructDialog(
            self._last,
            guidance=usual if self._guidance is None else self._guidance,
            usual=usual,
            picture=self._preferences.values.rework_picture_guidance,
            place=tr("The picture changes only in the selection; everything else stays exactly as it is.")
            if session.scene.selection is not None
            else tr(
                "The picture may change everywhere. Select a part first to change only that; where the instruction has"
                " words that are painted, it acts there alone."
            ),
            parent=self._window,
        )
        dialog.asked.connect(self.change)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def change(self, text: str, guidance: float, picture: float) -> None:
        """Change the picture on the canvas.

        Args:
            text: the instruction. guidance: by it, 1..30. picture: by the picture, 1..10.
        """
        import secrets

        session = self._session
        scene, image = session.scene, session.displayed
        rgb = image.on_canvas(scene.size)
        if rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        self._last, self._guidance = text, guidance
        self._preferences.change(rework_picture_guidance=picture)
        mask = None if scene.selection is None else scene.selection.to_array()
        name = "" if image.result is None else image.result.name
        begun = Begun.of("instruct", rgb, 1.0, name=name, mask=mask, picture_guidance=picture)
        asked = instructed(scene, text, guidance, secrets.randbelow(SEED_RANGE))
        self._generation.make(asked, CanvasSink(self._generation), begun=begun)


def instructed(scene: Scene, text: str, guidance: float, seed: int) -> Scene:
    """The scene with an instruction in the place of its prompt: words that stand in both keep their paint."""
    asked = edits.set_prompt(scene, text)
    asked = edits.set_negative(asked, "")
    return edits.set_settings(asked, seed=seed, count=1, guidance=guidance)
