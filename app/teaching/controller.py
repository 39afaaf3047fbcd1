"""Teaching a word: asks what is to be taught, runs the lesson beside the window, and makes the word known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.actions import Actions
from app.generation.controller import GenerationController
from app.generation.request_builder import request_from_scene
from app.generation.time_left import time_for
from app.language import sentence, tr
from app.session import Session
from app.storage.background import Background
from app.teaching.dialog import TeachDialog
from app.teaching.lesson_process import LessonProcess
from app.teaching.picture_list import thumbnails
from app.teaching.text import prepared, seconds_for
from app.vocabulary import called
from app.widgets.plain_text import message_box
from canvas.model import edits
from engine.errors import EngineError
from engine.executor import Executor
from engine.teaching.lesson import Lesson, can_be_taught, picture_files
from engine.teaching.lessons import LessonOnDisk


class TeachingController(QObject):
    """Between the dialog, the lesson's process and the session; one lesson runs at a time."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        session: Session,
        generation: GenerationController,
        executor: Executor,
        actions: Actions,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._executor = executor
        self._begun: dict[str, LessonOnDisk] = {}
        self._session, self._generation, self._window = session, generation, window
        self._worker = Background("lessons", self)
        self._dialog: TeachDialog | None = None
        self._process: LessonProcess | None = None
        self._word, self._taught, self._giving_up, self._waits = "", False, False, True
        self._sample: Path | None = None
        self._state, self._fraction = "", 0.0
        self._closed = False
        session.jobs.changed.connect(self._give_way)
        actions["word.teach"].triggered.connect(lambda _on=False: self.ask())

    @property
    def dialog(self) -> TeachDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    @property
    def running(self) -> bool:
        """Whether a word is being taught."""
        return self._process is not None

    # the dialog ----------------------------------------------------------------------------------------------------
    def ask(self) -> None:
        """Open the dialog: on how far the word is that is being taught, or to begin one."""
        facts = self._session.facts
        here = self._executor.catalogue() is not None
        if facts is None or not here or (not can_be_taught(facts) and not self.running):
            self.said.emit(
                tr("Words can be taught to Stable Diffusion 1, 2 and XL models and to the starter, not to this model")
            )
            return
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        self._dialog = dialog = TeachDialog(
            model=sentence(called(facts)), small=bool(facts.names), time=self._time, parent=self._window
        )
        dialog.waits.setChecked(self._waits)
        dialog.start_asked.connect(self._begin)
        dialog.continue_asked.connect(self._continue)
        dialog.remove_asked.connect(self._remove)
        dialog.pause_asked.connect(self.pause)
        dialog.give_up_asked.connect(self._ask_give_up)
        dialog.pictures_asked.connect(self._read_pictures)
        dialog.wait_changed.connect(self._set_waits)
        dialog.finished.connect(self._forget_dialog)
        if self.running:
            dialog.show_running(self._word, self._sample)
            dialog.show_state(self._state, self._fraction)
        else:
            self._list()
        dialog.open()

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _time(self, method: str, steps: int, kind: bool) -> str:
        scene = self._session.scene
        single = request_from_scene(edits.set_settings(scene, count=1), id="", facts=self._session.facts)
        seconds = seconds_for(method, steps, self._generation.step_times.of(single), prior=kind)
        return tr("It takes about {time} here.", time=time_for(seconds)) if seconds else ""

    def _list(self) -> None:
        """Offer the lessons that were stopped, those of the scene's model."""

        catalogue = self._executor.catalogue()

        def show(found: Sequence[LessonOnDisk]) -> None:
            self._begun = {each.lesson.word: each for each in found}
            if self._dialog is not None:
                self._dialog.show_begun([(each.lesson.word, each.step, each.lesson.steps) for each in found])

        if catalogue is not None:
            self._worker.run(catalogue.lessons, show, self.failed.emit)

    def _read_pictures(self, sources: Sequence[Path]) -> None:
        def show(found: tuple[list[Any], list[tuple[str, str]]]) -> None:
            if self._dialog is not None:
                self._dialog.take_pictures(*found)

        self._worker.run(lambda: thumbnails(picture_files(sources)), show, self._tell)

    # a lesson ------------------------------------------------------------------------------------------------------
    def _begin(self, asked: dict[str, Any]) -> None:
        model = self._session.scene.settings.model

        catalogue = self._executor.catalogue()
        assert catalogue is not None, "asked before the dialog opened"
        lesson = Lesson(
            word=asked["word"], model=model, method=asked["method"], class_word=asked["class_word"],
            steps=asked["steps"],
        )  # fmt: skip

        def start(_nothing: None) -> None:
            arguments = [asked["word"], *map(str, asked["pictures"]), "--model", model, "--method", asked["method"]]
            arguments += ["--steps", str(asked["steps"]), "--device", self._session.scene.settings.device]
            arguments += ["--class-word", asked["class_word"]] if asked["class_word"] else []
            self._start(asked["word"], arguments, None)

        self._worker.run(lambda: catalogue.check_lesson(lesson), start, self._tell)

    def _continue(self, word: str) -> None:
        samples = self._begun[word].samples if word in self._begun else ()
        device = self._session.scene.settings.device
        self._start(word, [word, "--resume", "--device", device], samples[-1] if samples else None)

    def _start(self, word: str, arguments: Sequence[str], sample: Path | None) -> None:
        if self._process is not None or self._closed:
            return
        self._word, self._sample, self._taught, self._giving_up = word, sample, False, False
        self._process = process = LessonProcess(arguments, self)
        process.news.connect(self._take)
        process.ended.connect(self._end)
        process.start()
        if self._dialog is not None:
            self._dialog.show_running(word, sample)
        self._give_way()

    def pause(self) -> None:
        """Keep what was learnt, and stop; the lesson can be continued later."""
        if self._process is not None:
            self._show(tr("Pausing: what was learnt is being kept"))
            self._process.pause()

    def _ask_give_up(self) -> None:
        box = message_box(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(tr("Give up “{word}”?", word=self._word))
        box.setInformativeText(tr("What was learnt so far is removed. Pause keeps it."))
        yes = box.addButton(tr("Give Up"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(tr("Teach On"), QMessageBox.ButtonRole.RejectRole)
        box.buttonClicked.connect(lambda button: self.give_up() if button is yes else None)
        box.open()

    def give_up(self) -> None:
        """Stop the lesson that runs, and remove it."""
        if self._process is not None:
            self._giving_up = True
            self._process.kill()

    def _remove(self, word: str) -> None:
        catalogue = self._executor.catalogue()
        if catalogue is not None:
            self._worker.run(lambda: catalogue.give_up_lesson(word), lambda _none: self._list(), self.failed.emit)

    def _set_waits(self, waits: bool) -> None:
        self._waits = waits
        self._give_way()

    def _give_way(self) -> None:
        """Let pictures go first, if that is wished."""
        if self._process is not None:
            self._process.wait(self._waits and any(job.submitted or job.live for job in self._session.jobs))

    # its news ------------------------------------------------------------------------------------------------------
    def _take(self, news: dict[str, Any]) -> None:
        kind = news["event"]
        if kind == "stepped":
            step, steps, left = int(news["step"]), int(news["steps"]), news.get("seconds_left")
            text = tr("Step {step} of {steps}", step=step, steps=steps)
            if left is not None and step > 2:
                text += f" · {time_for(float(left))}"
            self._show(text, step / max(1, steps))
        elif kind == "preparing":
            self._show(prepared(str(news["what"])))
        elif kind == "waiting":
            self._show(tr("Waiting: a picture is being made"))
        elif kind == "sampled":
            self._sample = Path(str(news["file"]))
            if self._dialog is not None:
                self._dialog.show_sample(self._sample)
        elif kind == "taught":
            self._taught = True

    def _show(self, text: str, fraction: float | None = None) -> None:
        self._state, self._fraction = text, self._fraction if fraction is None else fraction
        if self._dialog is not None:
            self._dialog.show_state(text, fraction)

    def _end(self, error: EngineError | None) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        word = self._word
        if self._dialog is not None:
            self._dialog.show_form()
        if self._taught:
            self._worker.run(self._session.read_facts, self._session.take_facts, self.failed.emit)
            self.said.emit(tr("“{word}” is a word now: write it in the prompt, and paint it", word=word))
            if self._dialog is not None:
                self._dialog.accept()
            return
        if self._giving_up:
            self._remove(word)
            return
        self._list()
        if error is not None:
            self._tell(error)
        else:
            self.said.emit(tr("“{word}” is paused; Teach a Word continues it", word=word))

    def _tell(self, error: Exception) -> None:
        """Say an error where it was asked for, or in the window where the dialog is closed."""
        if self._dialog is not None and isinstance(error, EngineError):
            self._dialog.show_fault(f"{sentence(error.message)} {sentence(error.hint)}")
        else:
            self.failed.emit(error)

    def stop(self) -> None:
        """The window closes: the lesson begins to keep what it has."""
        self._closed = True
        if self._process is not None:
            self._process.pause()

    def close(self, timeout: float | None = None) -> bool:
        """Wait until the lesson has ended; False where that took longer than `timeout` seconds, when it goes on by
        itself to keep what it has."""
        self._closed = True
        ended = self._worker.close(timeout)
        return (self._process is None or self._process.close(timeout)) and ended
