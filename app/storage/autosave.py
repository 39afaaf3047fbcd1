"""Autosave: the unsaved scene is kept beside the settings, and offered again after a crash."""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from app.image_info.displayed_image import PAPER, DisplayedImage
from app.image_info.report import notes_of
from app.paths import can_keep
from canvas.files import ora
from canvas.model.document import Document
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene

INTERVAL_MS = 15_000


@dataclass(frozen=True)
class Lost:
    """A scene that a program which did not end well left behind."""

    scene_file: Path
    title: str
    original: Path | None


class Autosave(QObject):
    """Writes the document's scene every few seconds while it is dirty, on a thread of its own.

    `picture` gives what is kept with a scene: a picture of the scene's size, or paper. A folder that cannot be made is
    tried again at each turn.
    """

    failed = Signal(object)

    def __init__(
        self,
        folder: Path,
        document: Document,
        *,
        picture: Callable[[Scene], DisplayedImage] = lambda _scene: PAPER,
        interval_ms: int = INTERVAL_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._document = document
        self._picture = picture
        name = uuid.uuid4().hex[:12]
        self._file = folder / f"{name}.ora"
        self._note = folder / f"{name}.json"
        self._lock = QLockFile(str(folder / f"{name}.lock"))
        self._lock.setStaleLockTime(0)
        self._lock.tryLock(0)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="autosave")
        self._pending: Future[None] | None = None
        self._saved: tuple[Scene, DisplayedImage] | None = None
        self._told = not can_keep(folder)  # then the window says so at the start
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self.save_soon)
        self._timer.start()

    def lost(self) -> list[Lost]:
        """Scenes of programs that ended without closing, newest first. Their locks are stale or gone."""
        found = []
        for file in self._folder.glob("*.ora") if self._folder.is_dir() else ():
            if file == self._file or not self._is_free(file):
                continue
            title, original = file.stem, None
            try:
                note = json.loads(file.with_suffix(".json").read_text("utf-8"))
                title = str(note.get("title") or title)
                original = Path(note["path"]) if note.get("path") else None
            except (OSError, ValueError, AttributeError, TypeError, RecursionError):
                original = None  # the note is a comfort; the scene is what counts
            with contextlib.suppress(OSError):  # another window took it over, or threw it away, just now
                found.append((file.stat().st_mtime_ns, Lost(file, title, original)))
        return [lost for _time, lost in sorted(found, key=lambda pair: pair[0], reverse=True)]

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
            lost.scene_file.with_suffix(suffix).unlink(missing_ok=True)

    def save_soon(self) -> None:
        """Start writing the scene, where it is dirty and was not written yet."""
        scene = self._document.scene
        if self._pending is not None and not self._pending.done():
            return
        if self._pending is not None:
            self._tell_failure(self._pending)
            self._pending = None
        if not self._document.dirty:
            self.clear()
            return
        shown = self._picture(scene)
        if self._saved is not None and self._saved[0] is scene and self._saved[1].rgb is shown.rgb:
            return
        self._saved = scene, shown
        self._pending = self._pool.submit(self._write, scene, shown, self._document.path)

    def clear(self) -> None:
        """Remove our own file: the scene is safe elsewhere, or not wanted."""
        self._saved = None
        for file in (self._file, self._note):
            with contextlib.suppress(OSError):  # a folder that cannot be written holds neither
                file.unlink(missing_ok=True)

    def close(self, *, keep: bool = False) -> None:
        """The program ends: stop and wait for the writer. Nothing is left behind, or with `keep` unsaved work is."""
        self._timer.stop()
        if keep and self._document.dirty:
            scene = self._document.scene
            self._pool.submit(self._write, scene, self._picture(scene), self._document.path)
            self._pool.shutdown(wait=True)
        else:
            self._pool.shutdown(wait=True)
            self.clear()
        self._lock.unlock()

    def _write(self, scene: Scene, shown: DisplayedImage, path: Path | None) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        ora.save(self._file, scene, picture=shown.rgb, made_by=shown.scene, notes=notes_of(shown.findings))
        title = Path(path).stem if path else " ".join(scene.prompt.split())[:60] or "a scene without a prompt"
        self._note.write_text(json.dumps({"title": title, "path": str(path) if path else None}), "utf-8")

    def _tell_failure(self, done: Future[None]) -> None:
        error = done.exception()
        if error is None:
            self._told = False
            return
        self._saved = None  # to be tried again
        if not self._told:
            self._told = True  # once, not every fifteen seconds
            if not isinstance(error, CanvasError):
                error = CanvasError(
                    "The scene could not be saved in the background.",
                    hint="Check that the disk is not full, and save the scene yourself (Ctrl+S).",
                    details=repr(error),
                )
            self.failed.emit(error)

    def _is_free(self, file: Path) -> bool:
        lock = QLockFile(str(file.with_suffix(".lock")))
        lock.setStaleLockTime(0)
        free = lock.tryLock(0)
        if free:
            lock.unlock()
        return free
