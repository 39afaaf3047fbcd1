"""The results strip at work: show a picture, take its scene too, star, delete, reveal, list what is on disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.image_info.displayed_image import DisplayedImage
from app.image_info.report import ImageReportStore
from app.language import tr
from app.preferences import Preferences
from app.results.panel import ResultsPanel
from app.session import Session
from app.storage import opened
from app.storage.background import Background
from app.storage.results import Deleted, Result, ResultStore, spoken
from canvas.files.png_prompt import prompt_of
from canvas.model.errors import CanvasError, SaveError, SceneFileError
from engine.errors import EngineError


class ResultsController(QObject):
    """Connects the panel with the folder. Pictures are read on a thread of their own; the last one asked for wins."""

    failed = Signal(object)
    said = Signal(str)
    looked = Signal(object)  # DisplayedImage
    brought_back = Signal(object)  # DisplayedImage
    compared = Signal(object, bool)  # DisplayedImage, and whether it is the first of those that were chosen
    style_wanted = Signal(object)  # the path of a picture
    layer_wanted = Signal(object)  # DisplayedImage
    rework_wanted = Signal(object, str)  # DisplayedImage, and what is to become of it: vary, refine or again

    def __init__(
        self,
        session: Session,
        store: ResultStore,
        panel: ResultsPanel,
        parent: QObject,
        *,
        findings: ImageReportStore,
        preferences: Preferences,
    ) -> None:
        """`findings` knows more of a picture than its file."""
        super().__init__(parent)
        self._session, self._store, self._panel = session, store, panel
        self._findings, self._preferences = findings, preferences
        self._reader = Background("pictures", self)
        self._finder = Background("prompts", self)
        self._deleted: list[Deleted] = []
        self._asked = 0
        panel.looked.connect(self.look)
        panel.chosen.connect(self.bring_back)
        panel.compare_asked.connect(self.compare)
        panel.compare_all_asked.connect(self.compare_all)
        panel.marked.connect(self._tell_marked)
        panel.star_asked.connect(self._star)
        panel.delete_asked.connect(self._delete)
        panel.reveal_asked.connect(self.reveal)
        panel.note_written.connect(self._write_note)
        panel.put_back_asked.connect(self.put_back)
        panel.layer_asked.connect(lambda result: self._read(result, self.layer_wanted.emit, each=True))
        panel.rework_asked.connect(self.rework)
        panel.style_asked.connect(lambda result: self.style_wanted.emit(result.path))
        panel.search.began.connect(self._read_prompts)
        session.picture_changed.connect(lambda image: panel.mark_shown(image.result))

    @property
    def busy(self) -> bool:
        """Whether a picture is being read."""
        return self._reader.busy or self._finder.busy

    def close(self, timeout: float | None = None) -> bool:
        """Stop reading; False where that took longer than `timeout` seconds."""
        self._asked += 1
        ended = [worker.close(timeout) for worker in (self._reader, self._finder)]
        return all(ended)

    def refresh(self) -> None:
        """List what is in the folder."""
        self._panel.model.show(self._store.list())

    def add(self, result: Result) -> None:
        """A new picture is on disk."""
        self._panel.model.prepend(result)
        self._panel.view.horizontalScrollBar().setValue(0)  # its rows lie side by side: the newest is the first
        if self._panel.search.field.text():
            self._read_prompts()

    def look(self, result: Result) -> None:
        """Read a result and its scene, to be seen."""
        self._read(result, self.looked.emit)

    def bring_back(self, result: Result) -> None:
        """Read a result and its scene, which is wanted again."""
        self._read(result, self.brought_back.emit)

    def compare(self, result: Result) -> None:
        """Read a result and its scene, to be seen beside others."""
        self._read(result, lambda image: self.compared.emit(image, False), each=True)

    def compare_all(self, results: Sequence[Result]) -> None:
        """Read results and their scenes, to be seen beside one another."""
        for place, result in enumerate(results):
            self._read(result, lambda image, first=not place: self.compared.emit(image, first), each=True)  # type: ignore[misc]

    def _tell_marked(self, count: int) -> None:
        if count == 1:
            self.said.emit(tr("Chosen. Hold Ctrl and click another one, to compare the two."))
        elif count:
            self.said.emit(tr("{count} results chosen: right-click one of them to compare them.", count=count))

    def rework(self, result: Result, what: str) -> None:
        """Read a result and its scene, to begin from it."""
        self._read(result, lambda image: self.rework_wanted.emit(image, what), each=True)

    def _read(self, result: Result, then: Callable[[DisplayedImage], object], *, each: bool = False) -> None:
        """Read a result; the last that is asked for wins, or with `each` all are delivered."""
        self._asked += not each
        number, models, files = self._asked, self._preferences.models, self._preferences.loras

        def read() -> tuple[DisplayedImage, CanvasError | None] | None:
            if number != self._asked and not each:
                return None  # another one was asked for meanwhile
            image, problem = opened.read_picture(result.path)
            known = self._findings.of(result.path)
            scene = None if image.scene is None else self._session.with_models(image.scene, models, files)
            return dataclasses.replace(image, scene=scene, findings=known or image.findings), problem

        def take(outcome: tuple[DisplayedImage, CanvasError | None] | None) -> None:
            if outcome is None or (number != self._asked and not each):
                return
            image, problem = outcome
            if problem is not None:
                self.failed.emit(problem)
            then(image)

        self._reader.run(read, take, lambda error: self._tell_gone(result, error))

    def _tell_gone(self, result: Result, error: CanvasError | EngineError) -> None:
        self.failed.emit(
            SceneFileError(
                f"“{result.name}” cannot be read any more.",
                hint="It was moved, deleted or damaged by another program.",
                details=f"{result.path}\n{error.message} {error.details}",
            )
        )
        self.refresh()

    def reveal(self, result: Result) -> None:
        """Open the folder that holds a result."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(result.path.parent)))

    def open_folder(self) -> None:
        """Open the results folder."""
        try:
            self._store.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.failed.emit(
                SaveError(
                    "The results folder could not be created.",
                    hint=f"Check that you may write to {self._store.folder.parent}.",
                    details=repr(error),
                )
            )
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._store.folder)))

    def _star(self, result: Result, starred: bool) -> None:
        try:
            self._panel.model.replace(self._store.star(result, starred))
        except CanvasError as error:
            self.failed.emit(error)

    def _delete(self, result: Result) -> None:
        try:
            self._deleted.append(self._store.delete(result))
        except CanvasError as error:
            self.failed.emit(error)
            return
        self._panel.model.remove(result)
        self._panel.can_put_back = True
        self.said.emit(tr("Moved to the trash. The results menu puts it back."))

    def put_back(self) -> None:
        """Take the last deleted result back out of the trash."""
        if not self._deleted:
            self.said.emit(tr("Nothing has been deleted since Wordbrush started."))
            return
        deleted = self._deleted.pop()
        self._panel.can_put_back = bool(self._deleted)
        try:
            result = self._store.put_back(deleted)
        except CanvasError as error:
            self.failed.emit(error)
            return
        self.refresh()
        self.said.emit(tr("“{name}” is back", name=spoken(result.path.stem)))

    def _write_note(self, result: Result, note: str) -> None:
        try:
            self._panel.model.replace(self._store.write_note(result, note))
        except CanvasError as error:
            self.failed.emit(error)

    def _read_prompts(self) -> None:
        """Read what is to be searched, of the pictures of which it is not known yet."""
        unread = self._panel.model.without_prompt
        if unread and not self._finder.busy:
            self._finder.run(
                lambda: {path: prompt_of(path) for path in unread}, self._panel.model.take_prompts, self.failed.emit
            )
