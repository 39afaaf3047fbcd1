"""Live mode at work: says what it does, keeps one of its pictures, records them, and pauses on a battery."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.generation.battery import BatteryWatch
from app.generation.controller import GenerationController
from app.generation.live_mode import LiveState
from app.image_info.displayed_image import DisplayedImage
from app.language import number, tr
from app.picture.live_bar import LiveBar
from app.preferences import Preferences
from app.preferences.values import Purpose
from app.session import Session
from app.storage.background import Background
from app.storage.frames import FrameKind, FrameRecorder
from app.storage.results import Result
from app.storage.writer import Picture
from canvas.model.errors import CanvasError, SaveError
from engine.errors import EngineError

BACKLOG = 8  # frames that may wait for the disk; more are left out, as live pictures come without end


class LiveController(QObject):
    """A live picture is a preview: it is on no disk, and no step of undo, until it is kept."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        generation: GenerationController,
        preferences: Preferences,
        bar: LiveBar,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._generation = window, session, generation
        self._preferences, self._bar = preferences, bar
        self._writer = Background("frames", self)
        self._recorder: FrameRecorder | None = None
        self._waiting = self._left_out = 0
        self._battery = BatteryWatch(self)
        self._battery.changed.connect(generation.pause_live)
        bar.go_on_asked.connect(lambda: generation.pause_live(False))
        bar.keep_asked.connect(self.keep)
        bar.record_asked.connect(self.ask_where)
        bar.stop_asked.connect(self.stop_recording)
        generation.live.state_changed.connect(lambda _state: self._show())
        generation.picture.connect(self._take)
        session.picture_changed.connect(lambda _image: self._show())
        self._state = LiveState.OFF

    @property
    def recording(self) -> bool:
        """Whether live pictures are written to a folder."""
        return self._recorder is not None

    def close(self, timeout: float | None = None) -> bool:
        """Finish the recording and end the thread; False where that took longer than `timeout` seconds."""
        self._battery.watch(False)
        self.stop_recording()
        return self._writer.close(timeout)

    # one picture -------------------------------------------------------------------------------------------------
    def keep(self) -> None:
        """Put the live picture on the canvas in the results, with the scene that makes it again."""
        image = self._session.displayed
        scene, rgb = image.scene, image.rgb
        if not image.live or scene is None or rgb is None:
            self.said.emit(tr("There is no live picture on the canvas to keep."))
            return
        picture = Picture(rgb, scene, scene.settings.seed, scene.settings.model, scene.settings.guidance)

        def kept(outcome: Result | SaveError) -> None:
            if not isinstance(outcome, Result):
                self._generation.unsaved.emit(outcome)
                return
            if self._session.own is image:
                self._session.show(dataclasses.replace(image, result=outcome.path, live=False))
            self._generation.saved.emit(outcome)
            self.said.emit(tr("Kept in the results"))

        self._writer.run(lambda: self._generation.keeper.keep(picture), kept, self._tell_failure)

    # recording ---------------------------------------------------------------------------------------------------
    def ask_where(self, kind: FrameKind) -> None:
        """Ask for a folder, and record to it."""
        dialog = QFileDialog(self._window, tr("Where the recording is kept"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(str(self._preferences.folder_for(Purpose.FRAMES)))
        dialog.fileSelected.connect(lambda name: self.record(Path(name), kind))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def record(self, folder: Path, kind: FrameKind) -> None:
        """Write each live picture from now on, the one on the canvas first."""
        self.stop_recording()
        self._preferences.remember_folder(Purpose.FRAMES, folder)
        self._recorder, self._left_out = FrameRecorder(folder, kind), 0
        self._bar.show_recording(0)
        image = self._session.displayed
        if image.live and image.rgb is not None:
            self._write(image.rgb)

    def stop_recording(self) -> None:
        """End the recording; what it wrote is said."""
        recorder, self._recorder = self._recorder, None
        self._bar.show_recording(None)
        if recorder is None:
            return

        def done(path: Path | None) -> None:
            if path is None:
                self.said.emit(tr("Nothing was recorded: no live picture came."))
                return
            text = tr("Recorded {count} pictures in {path}", count=recorder.count, path=str(path))
            more = (
                tr("{count} were left out because the disk was too slow.", count=self._left_out)
                if self._left_out
                else ""
            )
            self.said.emit(f"{text}. {more}".strip() if more else text)

        self._writer.run(recorder.finish, done, self._tell_failure)

    def _take(self, image: DisplayedImage) -> None:
        if image.live and image.rgb is not None and self._recorder is not None:
            self._write(image.rgb)

    def _write(self, rgb: np.ndarray) -> None:
        recorder, now = self._recorder, time.monotonic()
        assert recorder is not None
        if self._waiting >= BACKLOG:
            self._left_out += 1
            return
        self._waiting += 1

        def written(_nothing: None) -> None:
            self._waiting -= 1
            if recorder is self._recorder:
                self._bar.show_recording(recorder.count)

        def failed(error: CanvasError | EngineError) -> None:
            self._waiting -= 1
            if recorder is self._recorder:
                self._recorder = None
                self._bar.show_recording(None)
                self._tell_failure(error)

        self._writer.run(lambda: recorder.add(rgb, now), written, failed)

    def _tell_failure(self, error: CanvasError | EngineError) -> None:
        self.failed.emit(error)

    # what is shown -----------------------------------------------------------------------------------------------
    def _show(self) -> None:
        live = self._generation.live
        state, before = live.state, self._state
        self._state = state
        on = state is not LiveState.OFF
        if on != (before is not LiveState.OFF):
            self._battery.watch(on)
            if on:
                self._bar.show_recording(None)  # a sketch left on the canvas had nothing to record
            else:
                self._generation.pause_live(False)
                self.stop_recording()
        if state is LiveState.OFF:
            shown = self._session.displayed
            if shown.live and shown.rgb is not None:
                self._bar.say_sketch(tr("A quick sketch of live mode, not in the results"))
            else:
                self._bar.hide()
            return
        words = {
            LiveState.RESTING: tr("Live: waiting for the brush"),
            LiveState.WORKING: tr("Live: working"),
            LiveState.PAUSED: tr("Live: paused on battery"),
        }
        text = words[live.state]
        if live.seconds is not None and live.state is not LiveState.PAUSED:
            text += " · " + tr("{count} pictures a second", count=number(1 / max(live.seconds, 1e-3), ".1f"))
        self._bar.say(text, paused=live.state is LiveState.PAUSED, may_keep=self._session.displayed.live)
