"""Autosave: the unsaved scene is kept beside the preferences, and offered again after a crash."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.image_info.displayed_image import PAPER, DisplayedImage
from app.language import tr
from app.paths import can_keep
from app.storage.lock import ProgramLock
from app.storage.opened import FileStamp
from app.storage.worker import Worker
from canvas.files import atomic, ora
from canvas.model.document import Change, Document
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene

DELAY_MS = 2000  # after a change; with the time that writing takes it is on disk within five seconds
AGAIN_MS = 250  # while the scene before is still being written


@dataclass(frozen=True)
class Lost:
    """A scene that a program which did not end well left behind.

    Attributes:
        original: the file that it was opened from. stamp: that file as it was read or written last.
        when: the time at which it was kept.
    """

    scene_file: Path
    title: str
    original: Path | None
    stamp: FileStamp | None
    when: datetime

    def thumbnail(self) -> np.ndarray | None:
        """A small picture of it, uint8 RGB `[h, w, 3]`; None where it cannot be read."""
        return ora.load_thumbnail(self.scene_file)


def beginning(prompt: str, most: int = 60) -> str:
    """A prompt on one line; of a long one as many whole words as there is room for, and an ellipsis."""
    line = " ".join(prompt.split())
    return line if len(line) <= most else (line[: most + 1].rpartition(" ")[0] or line[:most]) + "…"


class Autosave(QObject):
    """Writes the document's scene soon after it changed, while it is dirty, on a thread of its own.

    `picture` gives what is kept with a scene, as it lies on the canvas; `stamp` the file that it came from. Where the
    folder cannot be written it is tried again at each change.
    """

    failed = Signal(object)
    _written = Signal()

    def __init__(
        self,
        folder: Path,
        document: Document,
        *,
        picture: Callable[[Scene], DisplayedImage] = lambda _scene: PAPER,
        stamp: Callable[[], FileStamp | None] = lambda: None,
        delay_ms: int = DELAY_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self._document, self._picture, self._stamp = document, picture, stamp
        name = uuid.uuid4().hex[:12]
        self._file = folder / f"{name}.ora"
        self._note = folder / f"{name}.json"
        self._lock = ProgramLock(folder / f"{name}.lock")
        self._lock.take()
        self._worker = Worker("autosave")
        self._pending: Future[None] | None = None
        self._saved: tuple[Scene, DisplayedImage] | None = None
        self._told = not can_keep(folder)  # then the window says so at the start
        self._delay = delay_ms
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.save_soon)
        self._written.connect(self._after_writing, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = document.subscribe(self._on_change)

    def set_delay(self, delay_ms: int) -> None:
        """How long after a change the scene is kept; a change that waits already keeps its time."""
        self._delay = delay_ms

    # what was lost -----------------------------------------------------------------------------------------------
    def lost(self) -> list[Lost]:
        """Scenes of programs that ended without closing, newest first: nobody holds their locks any more."""
        found = []
        for file in self._folder.glob("*.ora") if self._folder.is_dir() else ():
            if file != self._file and self._is_free(file):
                with contextlib.suppress(OSError):  # gone meanwhile: another window took it
                    found.append(_read_lost(file))
        return sorted(found, key=lambda lost: lost.when, reverse=True)

    def adopt(self, lost: Lost) -> None:
        """Take over what a program left behind, once its scene is ours: it is on disk at every moment."""
        for theirs, ours in ((".ora", self._file), (".json", self._note)):
            with contextlib.suppress(OSError):  # then it stays, and is offered again
                os.replace(lost.scene_file.with_suffix(theirs), ours)
        with contextlib.suppress(OSError):
            lost.scene_file.with_suffix(".lock").unlink(missing_ok=True)

    def forget(self, lost: Lost) -> None:
        """Remove what a program left behind."""
        for suffix in (".ora", ".json", ".lock"):
            with contextlib.suppress(OSError):
                lost.scene_file.with_suffix(suffix).unlink(missing_ok=True)

    # saving ------------------------------------------------------------------------------------------------------
    def note_change(self) -> None:
        """Something changed that is kept with the scene: it is written in a moment."""
        if not self._timer.isActive():
            self._timer.start(self._delay)

    def save_soon(self) -> None:
        """Start writing the scene, where it is dirty and was not written yet."""
        if self._pending is not None and not self._pending.done():
            self._timer.start(AGAIN_MS)
            return
        if self._pending is not None:
            self._tell_failure(self._pending)
            self._pending = None
        if not self._document.dirty:
            self.clear()
            return
        self._submit()

    def save_now(self, timeout: float | None = None) -> bool:
        """Write the scene where it is dirty, and wait until it is on disk.

        Returns:
            False where that took longer than `timeout` seconds: then it is written after all that, behind our back.
        """
        self._timer.stop()
        end = None if timeout is None else time.monotonic() + timeout
        if not _is_over(self._pending, end):
            if self._document.dirty:
                self._submit()  # the newest counts, and is written behind the one before
            return False
        self._pending = None
        self.save_soon()
        return _is_over(self._pending, end)

    def clear(self) -> None:
        """Remove our own file: the scene is safe elsewhere, or not wanted."""
        self._saved = None
        for file in (self._file, self._note):
            with contextlib.suppress(OSError):  # a folder that cannot be written holds neither
                file.unlink(missing_ok=True)

    def close(self, *, keep: bool = False, timeout: float | None = None) -> bool:
        """The program ends: stop and wait for the writer. Nothing is left behind, or with `keep` unsaved work is.

        Returns:
            False where the writer took longer than `timeout` seconds: then it does all that when it is done.
        """
        self._unsubscribe()
        end = None if timeout is None else time.monotonic() + timeout
        if keep:
            self.save_now(timeout)
        self._timer.stop()

        def leave() -> None:
            if not (keep and self._document.dirty):
                self.clear()
            self._lock.release()

        self._worker.submit(leave)
        return self._worker.close(None if end is None else max(0.0, end - time.monotonic()))

    def _submit(self) -> None:
        """Let the thread write the scene as it is now, where it did not yet."""
        scene = self._document.scene
        image = self._picture(scene)
        if self._saved is not None and self._saved[0] is scene and self._saved[1].rgb is image.rgb:
            return
        self._saved = scene, image
        self._pending = self._worker.submit(self._write, scene, image, self._document.path, self._stamp())
        self._pending.add_done_callback(lambda _done: self._written.emit())

    def _on_change(self, change: Change) -> None:
        if change.kinds != {"live"}:
            self.note_change()

    def _after_writing(self) -> None:
        """Tell a failure, after which the scene is tried again; a scene that was saved meanwhile is let go."""
        if self._pending is not None and self._pending.done():
            failed = self._pending.exception() is not None
            self._tell_failure(self._pending)
            self._pending = None
            if failed or not self._document.dirty:
                self.note_change()

    def _write(self, scene: Scene, image: DisplayedImage, path: Path | None, stamp: FileStamp | None) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        notes = image.notes()
        ora.save(self._file, scene, picture=image.kept(scene.size), made_by=image.scene, notes=notes, private=True)
        title = Path(path).stem if path else beginning(scene.prompt) or tr("a scene without a prompt")
        note = {
            "title": title,
            "path": str(path) if path else None,
            "stamp": dataclasses.asdict(stamp) if stamp is not None else None,
        }
        atomic.write(self._note, json.dumps(note).encode(), private=True)

    def _tell_failure(self, done: Future[None]) -> None:
        error = done.exception()
        if error is None:
            self._told = False
            return
        self._saved = None  # to be tried again
        if not self._told:
            self._told = True  # once, not at every change
            if not isinstance(error, CanvasError):
                error = CanvasError(
                    "The scene could not be saved in the background.",
                    hint="Check that the disk is not full, and save the scene yourself (Ctrl+S).",
                    details=repr(error),
                )
            self.failed.emit(error)

    def _is_free(self, file: Path) -> bool:
        lock = ProgramLock(file.with_suffix(".lock"))
        free = lock.take()
        if free:
            lock.release()
        return free


def _is_over(pending: Future[None] | None, end: float | None) -> bool:
    """Wait for a writing, whatever becomes of it, to the `end` on the clock at most; whether it is over."""
    if pending is None:
        return True
    return not wait([pending], None if end is None else max(0.0, end - time.monotonic())).not_done


def _read_lost(file: Path) -> Lost:
    title, original, stamp = file.stem, None, None
    try:
        note = json.loads(file.with_suffix(".json").read_text("utf-8"))
        title = str(note.get("title") or title)
        original = Path(note["path"]) if note.get("path") else None
        known = note.get("stamp")
        stamp = FileStamp(int(known["changed"]), int(known["size"]), str(known["digest"])) if known else None
    except (OSError, ValueError, AttributeError, TypeError, KeyError, RecursionError):
        stamp = None  # the note is a comfort; the scene is what counts
    return Lost(file, title, original, stamp, datetime.fromtimestamp(file.stat().st_mtime))
