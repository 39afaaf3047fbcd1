"""Finds a word in the picture on the canvas, or in what lies under the words, and paints, selects or cuts it out."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.language import sentence, tr
from app.seeking.dialog import CUT, PAINT, SELECT, SeekDialog
from app.seeking.looked_in import NO_PICTURE, looked_in
from app.session import Session
from canvas.model import edits
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import Span
from canvas.paint.cutout import with_alpha
from engine.errors import EngineError
from engine.executor import Executor
from engine.masking.asking import asked, beside
from engine.protocol import WordSearch, WordsFound

LEAST = 0.001
"""The share of the picture from which on a word counts as found."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """One search: the phrase, what becomes of it, the picture as it lies on the canvas, and how to stop it."""

    phrase: str
    use: str
    rgb: np.ndarray
    cancel: threading.Event


class SeekController(QObject):
    """Every search runs on the engine's thread; what comes of it is one step in the document.

    Signals:
        said: what was found, or why there is nothing to look in. failed: an error. cut: straight RGBA uint8
            `[h, w, 4]` and its phrase, for a cut-out.
    """

    said = Signal(str)
    failed = Signal(object)
    cut = Signal(object, str)
    _told = Signal(object, str, float)
    _done = Signal(object, object)

    def __init__(self, window: QWidget, session: Session, executor: Executor, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._session, self._executor = window, session, executor
        self._dialog: SeekDialog | None = None
        self._running: _Asked | None = None
        self._use = PAINT
        for name, use in (("word.seek", PAINT), ("select.seek", SELECT)):
            actions[name].triggered.connect(lambda _checked=False, use=use: self.show(use))
        self._told.connect(self._tell)
        self._done.connect(self._take)

    @property
    def dialog(self) -> SeekDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def stop(self) -> None:
        """Stop the search that runs."""
        if self._running is not None:
            self._running.cancel.set()
            self._running = None

    def show(self, use: str = PAINT) -> None:
        """Ask which word is to be found."""
        if looked_in(self._session) is None:
            self.said.emit(tr(NO_PICTURE))
            return
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        scene, word = self._session.scene, self._session.word
        chosen = scene.word(word).phrase if word is not None and scene.has_word(word) else ""
        spans = dict.fromkeys([*(each.span for each in scene.words if each.span), *beside(scene.prompt, ())])
        phrases = dict.fromkeys(scene.prompt[slice(*span)] for span in spans)
        note = "Looks in the picture on the canvas. Words of its prompt help to tell one thing from the next."
        if self._session.displayed.rgb is None:
            note = "Looks in the layers and colours under the words."
        self._dialog = dialog = SeekDialog(list(phrases), phrase=chosen, use=use, note=tr(note), parent=self._window)
        dialog.asked.connect(self.find)
        dialog.stopped.connect(self.stop)
        dialog.finished.connect(self._forget)
        dialog.open()

    def find(self, phrase: str, use: str) -> None:
        """Look for a phrase in the picture; with the model of the scene."""
        rgb, scene = looked_in(self._session), self._session.scene
        if rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        made_by = self._session.displayed.scene
        known = scene.prompt if made_by is None or self._session.displayed.rgb is None else made_by.prompt
        try:
            prompt, words = asked(known, [(phrase, 1)])
        except EngineError as error:
            self._fail(error)
            return
        self.stop()
        job = self._running = _Asked(phrase, use, rgb, threading.Event())
        self._executor.seek(
            WordSearch(
                rgb=rgb, prompt=prompt, words=words, beside=beside(prompt, words), model=scene.settings.model,
                device=scene.settings.device,
            ),
            progress=lambda text, share: self._told.emit(job, text, share),
            done=lambda found: self._done.emit(job, found),
            cancel=job.cancel,
        )  # fmt: skip

    # inside ------------------------------------------------------------------------------------------------------
    def _forget(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None

    def _tell(self, job: _Asked, text: str, share: float) -> None:
        if job is self._running and self._dialog is not None:
            self._dialog.show_progress(tr("Looking in the picture") if share else tr("Loading the model"), share)

    def _fail(self, error: CanvasError | EngineError) -> None:
        if self._dialog is not None:
            self._dialog.show_end(sentence(f"{error.message} {error.hint}"))
        else:
            self.failed.emit(error)

    def _take(self, job: _Asked, found: WordsFound | EngineError) -> None:
        if job is not self._running:
            return  # stopped, or another one since
        self._running = None
        if isinstance(found, EngineError):
            self._fail(found)
            return
        mask = found.masks[0]
        if float((mask > 127).mean()) < LEAST:
            self._end(tr("“{phrase}” was not found in the picture.", phrase=job.phrase))
            return
        if mask.shape[::-1] != self._session.scene.size:
            self._end(tr("The canvas has another size now. Find the word again."))
            return
        try:
            self._use_it(job, mask)
        except CanvasError as error:
            self._fail(error)
            return
        if self._dialog is not None:
            self._dialog.accept()

    def _end(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.show_end(text)
        else:
            self.said.emit(text)

    def _use_it(self, job: _Asked, mask: np.ndarray) -> None:
        document, scene = self._session.document, self._session.scene
        if job.use == CUT:
            self.cut.emit(with_alpha(job.rgb, mask), job.phrase)
            return
        cover = TiledMask.from_array(mask)
        if job.use == SELECT:
            document.apply(scene.replace(selection=cover), f"Select “{job.phrase}” in the picture")
            self.said.emit(tr("“{phrase}” is selected.", phrase=job.phrase))
            return
        scene, word_id = painted(scene, job.phrase, cover)
        document.apply(scene, f"Paint “{job.phrase}” where the picture has it")
        self._session.choose_word(word_id)
        self.said.emit(tr("“{phrase}” is painted where the picture has it.", phrase=job.phrase))


def painted(scene: Scene, phrase: str, cover: TiledMask) -> tuple[Scene, str]:
    """The scene in which a phrase has this paint, and the word's id; a prompt that lacks the phrase gets it behind."""
    prompt, spans = asked(scene.prompt, [(phrase, 1)])
    if prompt != scene.prompt:
        scene = edits.set_prompt(scene, prompt)
    span: Span = spans[0]
    scene, word_id = edits.add_word(scene, span)
    word = scene.word(word_id)
    scene = edits.change_word(scene, word_id, strength=word.strength if word.strength > 0 else 1.0, visible=True)
    return edits.set_mask(scene, word_id, cover), word_id
