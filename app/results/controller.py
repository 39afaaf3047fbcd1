"""The results strip at work: show a picture, take its scene too, star, delete, reveal, list what is on disk."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.files.controller import read_picture
from app.image_info.displayed_image import DisplayedImage
from app.image_info.report import ImageReportStore
from app.preferences import Preferences
from app.results.panel import ResultsPanel
from app.storage.model_paths import with_model
from app.storage.results import Result, ResultStore
from canvas.files import png
from canvas.model.errors import CanvasError, SaveError, SceneFileError


class ResultsController(QObject):
    """Connects the panel with the folder."""

    failed = Signal(object)
    said = Signal(str)
    looked = Signal(object)  # DisplayedImage
    brought_back = Signal(object)  # DisplayedImage
    compared = Signal(object)  # DisplayedImage

    def __init__(
        self,
        store: ResultStore,
        panel: ResultsPanel,
        settings: Preferences,
        parent: QObject,
        *,
        findings: ImageReportStore | None = None,
    ) -> None:
        super().__init__(parent)
        self._findings = findings or ImageReportStore()
        self._settings = settings
        self._store, self._panel = store, panel
        panel.looked.connect(self.look)
        panel.chosen.connect(self.bring_back)
        panel.compare_asked.connect(self.compare)
        panel.star_asked.connect(self._star)
        panel.delete_asked.connect(self._delete)
        panel.reveal_asked.connect(self.reveal)

    def refresh(self) -> None:
        """List what is in the folder."""
        self._panel.model.show(self._store.list())

    def add(self, result: Result) -> None:
        """A new picture is on disk."""
        self._panel.model.prepend(result)
        self._panel.view.scrollToTop()

    def look(self, result: Result) -> None:
        """Read a result and its scene, to be seen."""
        shown = self._read(result)
        if shown is not None:
            self.looked.emit(shown)

    def bring_back(self, result: Result) -> None:
        """Read a result and its scene, which is wanted again."""
        shown = self._read(result)
        if shown is not None:
            self.brought_back.emit(shown)

    def compare(self, result: Result) -> None:
        """Read a result and its scene, to be seen beside others."""
        shown = self._read(result)
        if shown is not None:
            self.compared.emit(shown)

    def _read(self, result: Result) -> DisplayedImage | None:
        rgb = read_picture(result.path)
        if rgb is None:
            self.failed.emit(
                SceneFileError(
                    f"“{result.name}” cannot be read any more.",
                    hint="It was moved, deleted or damaged by another program.",
                    details=str(result.path),
                )
            )
            self.refresh()
            return None
        try:
            scene = png.load_scene(result.path)
            scene = None if scene is None else with_model(scene, self._settings)
        except CanvasError as error:
            self.failed.emit(error)
            scene = None
        return DisplayedImage(rgb, scene, result.path, findings=self._findings.of(result.path))

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
            self._store.delete(result)
        except CanvasError as error:
            self.failed.emit(error)
            return
        self._panel.model.remove(result)
        self.said.emit("Moved to the trash")
