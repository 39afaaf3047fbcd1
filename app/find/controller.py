"""Searches the user's own pictures: reads folders in the background, shows what is near, takes what is chosen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from app.find.dialog import THUMBNAIL, FindDialog
from app.find.taking import name_of
from app.find.unknown import UnknownWords
from app.jobs import JobState
from app.language import number, sentence, tr
from app.preferences import Preferences, Purpose
from app.session import Session
from app.storage.background import Background
from canvas.files.image_io import read_thumbnail, style_picture
from canvas.model import edits
from canvas.model.document import Change
from canvas.model.errors import CanvasError, SceneFileError
from canvas.model.words import word_title
from canvas.view.qimage import from_rgb
from engine.executor import Executor
from engine.retrieval.finder import ANY_TEXT, FILE_NAMES, Finder, Found, Progress, Report
from engine.retrieval.indexing import Cancelled
from engine.scoring.style_image import reference_from_image

COUNT = 48
Outcome = TypeVar("Outcome")


class FindController(QObject):
    """Shows the dialog and does what is asked for in it; a folder is read on while the dialog is closed."""

    said = Signal(str)
    failed = Signal(object)
    style_wanted = Signal(Path)  # a picture shall become a style
    _progressed = Signal(int, int)

    def __init__(
        self, window: QWidget, session: Session, executor: Executor, preferences: Preferences, *, home: Path
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences = window, session, preferences
        self._executor, self._home = executor, home
        self._finder: Finder | None = None
        self._work = Background("find", self)
        self._thumbnails = Background("find thumbnails", self)
        self._cancel = threading.Event()
        self._dialog: FindDialog | None = None
        self._query: tuple[str, object] | None = None  # what was asked for last: "words" or "picture", and what
        self._round = 0
        self._fresh: tuple[Path, str] | None = None  # the folder and model whose index is up to date
        self._is_closed = False
        self.unknown = UnknownWords(self, session, preferences, self.with_index)
        self.unknown.failed.connect(self.failed)
        self.unknown.said.connect(self.said)
        self._progressed.connect(self._show_progress)
        self._unsubscribe = session.document.subscribe(self._on_change)
        session.word_changed.connect(lambda _word: self._show_word())

    def close(self, timeout: float | None = None) -> bool:
        """Stop what runs, and wait for it; False where that took longer than `timeout` seconds."""
        self._is_closed = True
        self._unsubscribe()
        self.unknown.close()
        self._cancel.set()
        ended = [part.close(timeout) for part in (self._work, self._thumbnails)]
        return all(ended)

    @property
    def dialog(self) -> FindDialog | None:
        """The dialog, once it was shown."""
        return self._dialog

    @property
    def folder(self) -> Path | None:
        """The folder that is searched; None where none was chosen, or it is gone."""
        stored = self._preferences.values.folders.get(Purpose.FIND, "")
        return Path(stored) if stored and Path(stored).is_dir() else None

    def show(self, words: str = "") -> None:
        """Open the dialog, or bring it to the front; with `words` it searches for them."""
        if self._dialog is None:
            self._dialog = self._make_dialog()
        dialog = self._dialog
        dialog.show_folder(self.folder)
        dialog.unknown.setChecked(self._preferences.values.find_unknown)
        self._show_word()
        chosen = dialog.use_word.isVisibleTo(dialog) and not dialog.words.text()
        text = words or (self._word_title() if chosen else "")
        if text:
            dialog.words.setText(text)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        dialog.words.setFocus()
        if self.folder is None:
            dialog.say(tr("The pictures are read once, and what is noted about them stays on this computer."))
        elif text:
            self._search("words", text)
        else:
            self._refresh()

    def take_for_word(self, path: Path, word_id: str) -> None:
        """Take a picture as the style of a painted word: one step of undo."""
        self._work.run(lambda: reference_from_image(path), partial(self._bind, path, word_id), self.failed.emit)

    def with_index(self, work: Callable[[Finder, Path], Outcome], then: Callable[[Outcome], object]) -> None:
        """Bring the index up to date, search in it by `work` on the thread, and give `then` the outcome."""
        finder, folder = self._found(), self.folder
        if finder is not None and folder is not None:
            self._refresh(lambda _report: self._work.run(lambda: work(finder, folder), then, self._fail))

    # asked for ---------------------------------------------------------------------------------------------------
    def _make_dialog(self) -> FindDialog:
        dialog = FindDialog(self._window)
        dialog.words_asked.connect(lambda words: self._search("words", words))
        dialog.picture_asked.connect(lambda path: self._search("picture", path))
        dialog.canvas_asked.connect(self._search_canvas)
        dialog.choose_picture_asked.connect(self._choose_picture)
        dialog.folder_asked.connect(self._choose_folder)
        dialog.refresh_asked.connect(self._look_again)
        dialog.cancel_asked.connect(lambda: self._cancel.set())
        dialog.style_asked.connect(self.style_wanted)
        dialog.word_asked.connect(self._use_for_word)
        dialog.unknown_changed.connect(self._set_unknown)
        return dialog

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self._dialog or self._window)
        dialog.setWindowTitle(tr("Choose a Folder With Pictures"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(str(self._preferences.folder_for(Purpose.FIND)))
        dialog.filesSelected.connect(lambda names: self.use_folder(Path(names[0])))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def use_folder(self, folder: Path) -> None:
        """Search this folder from now on."""
        self._preferences.remember_folder(Purpose.FIND, folder)
        self.unknown.forget()
        if self._dialog is not None:
            self._dialog.show_folder(folder)
            self._dialog.show_found([])
        self._cancel.set()  # the reading of the folder before
        self._run_again()

    def _look_again(self) -> None:
        self._fresh = None
        self._run_again()

    def _run_again(self) -> None:
        """Read the folder, and search in it for what was asked for last."""
        if self._query is not None:
            self._search(*self._query)
        else:
            self._refresh()

    def _choose_picture(self) -> None:
        dialog = QFileDialog(self._dialog or self._window)
        dialog.setWindowTitle(tr("Find Pictures Like This One"))
        dialog.setDirectory(str(self._preferences.folder_for(Purpose.STYLE)))
        dialog.setNameFilter(tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.filesSelected.connect(lambda names: self._search("picture", Path(names[0])))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _search_canvas(self) -> None:
        rgb = self._session.displayed.rgb
        if rgb is None:
            self._say(tr("There is no picture on the canvas yet."))
        else:
            self._search("picture", np.ascontiguousarray(rgb[..., :3]))

    def _use_for_word(self, path: Path) -> None:
        word = self._word()
        if word is not None:
            self.take_for_word(path, word)

    def _set_unknown(self, on: bool) -> None:
        self._preferences.change(find_unknown=on)
        self.unknown.forget()

    # searching ---------------------------------------------------------------------------------------------------
    def _found(self) -> Finder | None:
        if self._finder is None:
            catalogue = self._executor.catalogue()
            if catalogue is None:
                self._say(tr("Pictures cannot be searched with this executor."))
                return None
            self._finder = catalogue.finder(self._home)
        return self._finder

    def _refresh(self, then: Callable[[Report | None], object] | None = None) -> None:
        """Bring the index up to date, then go on; one reading after another, each with a cancel of its own."""
        finder, folder, model = self._found(), self.folder, self._session.scene.settings.model
        if finder is None or folder is None or self._is_closed:
            return
        if self._fresh == (folder, model) and then is not None:
            then(None)
            return
        self._cancel = cancel = threading.Event()
        if self._dialog is not None:
            self._dialog.show_reading((0, 0))

        def work() -> Report | None:
            try:
                return finder.refresh(
                    folder, model, progress=self._report, cancel=cancel, busy=self._is_making
                )  # fmt: skip
            except Cancelled:
                return None

        def done(report: Report | None) -> None:
            if self._is_closed:
                return
            if self._dialog is not None and self._cancel is cancel:
                self._dialog.show_reading(None)
            if report is not None:
                self._fresh = (folder, model)
                self._tell(report)
            if self._cancel is cancel and then is not None:
                then(report)

        self._work.run(work, done, self._fail)

    def _search(self, kind: str, what: object) -> None:
        self._query = (kind, what)
        self._round += 1
        number, fresh = self._round, self._fresh
        self._cancel.set()  # a reading that runs goes on below, from where it is
        if fresh is None:
            self._look(number)  # what is known already; more comes when the folder was read
        self._refresh(lambda _report: self._look(number))

    def _look(self, number: int) -> None:
        """Look into the index for what was asked for last."""
        finder, folder, model = self._found(), self.folder, self._session.scene.settings.model
        if finder is None or folder is None or self._query is None or number != self._round or self._is_closed:
            return
        kind, what = self._query

        def work() -> tuple[list[Found], str]:
            if kind == "words":
                found = finder.by_text(str(what), folder, model, count=COUNT)
            else:
                found = finder.by_picture(what, folder, model, count=COUNT)  # type: ignore[arg-type]
            return found, finder.space(model).words

        self._work.run(work, partial(self._show, number, kind), self._fail)

    def _show(self, number: int, kind: str, outcome: tuple[list[Found], str]) -> None:
        found, words = outcome
        if self._dialog is None or number != self._round or self._is_closed:
            return
        self._dialog.show_found([(each.path, _how(each)) for each in found])
        if found:
            several = tr("{count} pictures, the nearest first.", count=len(found))
            self._say(several if len(found) > 1 else tr("One picture."))
        elif kind == "words" and words != ANY_TEXT:
            self._say(_says_words(words))
        else:
            self._say(tr("Nothing was found."))
        for each in found:
            self._thumbnails.run(
                partial(_thumbnail, each.path), partial(self._show_thumbnail, number, each.path), self._fail
            )

    def _show_thumbnail(self, number: int, path: Path, image: QImage) -> None:
        if self._dialog is not None and number == self._round and not self._is_closed:
            self._dialog.show_thumbnail(path, image)

    # styles ------------------------------------------------------------------------------------------------------
    def _bind(self, path: Path, word_id: str, rgb: np.ndarray) -> None:
        scene = self._session.scene
        try:
            word = next((each for each in scene.words if each.id == word_id), None)
            scene, style_id = edits.add_style(scene, name_of(path), style_picture(rgb))
            if word is not None:
                scene = edits.bind_style(scene, style_id, word_id)
            self._session.document.apply(scene, f"Add the style “{name_of(path)}”")
        except CanvasError as error:
            self.failed.emit(error)
            return
        if word is not None:
            title = word_title(scene.prompt, word)
            self.said.emit(tr("“{word}” takes its look from “{name}”.", word=title, name=name_of(path)))

    # inside ------------------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "words", "prompt", "masks"}:
            self._show_word()

    def _is_making(self) -> bool:
        return any(job.state is JobState.RUNNING for job in self._session.jobs)

    def _report(self, now: Progress) -> None:
        self._progressed.emit(now.done, now.total)

    def _show_progress(self, done: int, total: int) -> None:
        if self._dialog is not None and not self._cancel.is_set():
            self._dialog.show_reading((done, total))

    def _word(self) -> str | None:
        """The chosen word, if it has paint that a style can follow."""
        scene, chosen = self._session.scene, self._session.word
        return chosen if scene.has_word(chosen) and not scene.masks[chosen or ""].is_empty else None

    def _word_title(self) -> str:
        word, scene = self._word(), self._session.scene
        found = next((each for each in scene.words if each.id == word), None)
        return "" if found is None else word_title(scene.prompt, found)

    def _show_word(self) -> None:
        if self._dialog is not None:
            self._dialog.show_word(self._word_title())

    def _tell(self, report: Report) -> None:
        parts = [tr("Pictures in the folder: {count}.", count=report.pictures)]
        if report.faults:
            parts.append(tr("Files that cannot be read as pictures: {count}.", count=len(report.faults)))
        if report.closed:
            parts.append(tr("Folders that cannot be read: {names}.", names=", ".join(report.closed[:3])))
        if not report.kept:
            parts.append(tr("The index could not be written, so they are read again next time."))
        self._say(" ".join(parts))

    def _fail(self, error: object) -> None:
        if self._dialog is not None:
            self._dialog.show_reading(None)
        self._say(f"{sentence(error.message)} {sentence(error.hint)}")  # type: ignore[attr-defined]

    def _say(self, text: str) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.say(text)


def _thumbnail(path: Path) -> QImage:
    try:
        return from_rgb(read_thumbnail(path, 2 * THUMBNAIL))
    except SceneFileError:
        return QImage()


def _how(found: Found) -> str:
    if found.named > 0.99:
        return tr("by its name")
    return tr("likeness: {score}", score=number(found.score, ".2f"))


def _says_words(words: str) -> str:
    if words == FILE_NAMES:
        return tr(
            "This model's image encoder reads no words, so only file names were searched. You can search by a picture."
            " With a whole CLIP in a folder named clip_vision beside the models, words work too."
        )
    return tr("Nothing was found. The starter sees only the names that it knows; other words are found in file names.")
