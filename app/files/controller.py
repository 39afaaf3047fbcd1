"""New, open, save, export, drop, recover: how scenes and pictures come in and go out, losing nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import resources
from app.image_info.displayed_image import PAPER, DisplayedImage
from app.image_info.report import notes_of, report_from
from app.preferences import Preferences, Purpose
from app.storage.model_paths import with_model
from app.widgets.plain_text import message_box
from canvas.files import image_io, ora, png
from canvas.files.reading import read_all
from canvas.model.document import Document
from canvas.model.edits import with_plain_ends
from canvas.model.errors import CanvasError, SaveError, SceneFileError
from canvas.model.scene import Scene, Settings
from engine.errors import EngineError
from engine.models.library import Library

SCENES = "Wordbrush scenes (*.ora)"
READABLE = "Scenes and pictures (*.ora *.png)"
PICTURES = "PNG pictures (*.png)"
PLAIN_PICTURES = (".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
NEW_PROMPT = ""


def examples() -> list[Path]:
    """The example scenes that ship, in the order of their names."""
    return sorted(resources.path("examples").glob("*.ora"))


def example_title(path: Path) -> str:
    """An example's name for the menu: `01-lake-in-the-sky.ora` is "Lake in the sky"."""
    stem = path.stem.lstrip("0123456789").strip("-_ ")
    return (stem or path.stem).replace("-", " ").replace("_", " ").capitalize()


def read_scene(path: Path) -> tuple[Scene, DisplayedImage]:
    """The scene of an .ora or of a PNG that carries one, and the picture that was shown with it.

    Its lines end as Qt's do, so that the prompt's text field counts the same characters.

    Raises:
        CanvasError: the file is damaged, foreign, or carries no scene.
    """
    opened = read_all(path)
    if opened.fault is not None:
        raise opened.fault
    if opened.scene is None:
        raise SceneFileError(
            f"“{path.name}” contains no scene.",
            hint="Only pictures that Wordbrush exported with metadata contain their scene.",
        )
    scene = with_plain_ends(opened.scene)
    made_by = None if opened.made_by is None else with_plain_ends(opened.made_by)
    of_result = path if path.suffix.lower() == ".png" else None
    return scene, DisplayedImage(opened.picture, made_by, of_result, findings=report_from(opened.notes))


def read_picture(path: Path) -> np.ndarray | None:
    """A picture file as uint8 RGB `[h, w, 3]`; None where it cannot be read."""
    try:
        return image_io.read_rgb(path)
    except SceneFileError:
        return None


def with_ending(path: Path, ending: str) -> Path:
    """The path that was typed in a dialog, with `ending` behind it where it has another (the .2 of `v1.2` is none).

    Raises:
        SaveError: a file of that whole name is there; the dialog asked about another one.
    """
    if path.suffix.lower() == ending:
        return path
    whole = path.with_name(path.name + ending)
    if whole.exists():
        raise SaveError(
            f"There is a “{whole.name}” already.", hint=f"Save again and type {whole.name}, or give it another name."
        )
    return whole


def own_guidance(scene: Scene) -> float | None:
    """The guidance that a picture of the scene is made with; None where its model, whose own it is, is not here."""
    if scene.settings.guidance is not None:
        return scene.settings.guidance
    try:
        return Library().inspect(scene.settings.model).defaults.guidance
    except EngineError:
        return None


def own_size(model: str) -> tuple[int, int] | None:
    """The size that a model works best at; None where its files cannot be read."""
    try:
        return Library().inspect(model).defaults.size
    except (EngineError, OSError):
        return None


def dropped_picture(event: QDropEvent) -> Path | None:
    """The picture of a kind that carries no scene, such as a photograph, that a drop brings; None for none."""
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return next((path for path in paths if path.suffix.lower() in PLAIN_PICTURES), None)


def dropped_file(event: QDropEvent) -> Path | None:
    """The scene or picture that a drop brings, None where it brings nothing of use."""
    for url in event.mimeData().urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.suffix.lower() in (".png", ".ora"):
            return path
    return None


class FilesController(QObject):
    """Everything about files that the window offers. Questions and dialogs never block the event loop."""

    failed = Signal(object)
    said = Signal(str)
    opened = Signal(object)  # the DisplayedImage that belongs to the scene

    def __init__(
        self, window: QWidget, document: Document, settings: Preferences, shown: Callable[[], DisplayedImage]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._settings = settings
        self._shown = shown

    # in ----------------------------------------------------------------------------------------------------------
    def new(self) -> None:
        """An empty scene with fresh settings, of the size that the model works best at; model and device stay."""
        self.ask_to_keep(self._new)

    def _new(self) -> None:
        old = self._document.scene
        settings = Settings(model=old.settings.model, device=old.settings.device)
        if self._settings.values.lock_seed:
            settings = dataclasses.replace(settings, seed=old.settings.seed)
        self._document.load(Scene(prompt=NEW_PROMPT, size=own_size(settings.model) or old.size, settings=settings))
        self.opened.emit(PAPER)

    def open(self) -> None:
        """Ask for a file and open it."""
        self.ask_to_keep(lambda: self._dialog(Purpose.SCENE, READABLE, self.load))

    def open_path(self, path: Path) -> None:
        """Open a file after the question about unsaved changes."""
        self.ask_to_keep(lambda: self.load(path))

    def load(self, path: Path, *, as_new: bool = False) -> bool:
        """Open a file now. A PNG, an example (`as_new`) or another program's file becomes an unnamed scene."""
        try:
            scene, shown = self._read(path)
            named = not as_new and path.suffix.lower() != ".png" and ora.is_own(path)
        except CanvasError as error:
            self.failed.emit(error)
            return False
        self._document.load(scene, path if named else None)
        if named:
            self._settings.add_recent(path)
        self.opened.emit(shown)
        return True

    def _read(self, path: Path) -> tuple[Scene, DisplayedImage]:
        scene, shown = read_scene(path)
        made_by = None if shown.scene is None else with_model(shown.scene, self._settings)
        return with_model(scene, self._settings), dataclasses.replace(shown, scene=made_by)

    def load_example(self, path: Path) -> None:
        """Open an example after the question about unsaved changes."""
        self.ask_to_keep(lambda: self.load(path, as_new=True))

    def load_first(self) -> None:
        """What the very first start shows: an example that is ready to generate, else an empty scene."""
        for path in examples():
            if self.load(path, as_new=True):
                return

    def recover(self, path: Path, original: Path | None) -> bool:
        """Take a scene that autosave kept, now; it counts as unsaved."""
        try:
            scene, shown = self._read(path)
        except CanvasError as error:
            self.failed.emit(error)
            return False
        self._document.load(scene, original, saved=False)
        self.opened.emit(shown)
        return True

    # out ---------------------------------------------------------------------------------------------------------
    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save where the scene came from, or ask where."""
        if self._document.path is None:
            self.save_as(then)
        elif self._write(self._document.path) and then is not None:
            then()

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask where to save."""

        def chosen(path: Path) -> None:
            try:
                whole = with_ending(path, ".ora")
            except SaveError as error:
                self.failed.emit(error)
                return
            if self._write(whole) and then is not None:
                then()

        self._dialog(Purpose.SCENE, SCENES, chosen, save_as=self.suggested_name() + ".ora")

    def _write(self, path: Path) -> bool:
        scene = self._document.scene
        try:
            shown = self.picture_of(scene)
            ora.save(path, scene, picture=shown.rgb, made_by=shown.scene, notes=notes_of(shown.findings))
        except CanvasError as error:
            self.failed.emit(error)
            return False
        self._document.mark_saved(path, scene=scene)
        self._settings.add_recent(path)
        self.said.emit(f"Saved {path.name}")
        return True

    def export(self) -> None:
        """Ask where to and write the picture on the canvas as PNG."""
        shown = self._shown()
        rgb = shown.rgb
        if rgb is None:
            self.failed.emit(
                SaveError("There is no picture to export yet.", hint="Press Generate (Ctrl+Return) to make one first.")
            )
            return

        def chosen(path: Path) -> None:
            self._export(path, rgb, shown)

        self._dialog(Purpose.EXPORT, PICTURES, chosen, save_as=self.suggested_name() + ".png")

    def _export(self, path: Path, rgb: np.ndarray, shown: DisplayedImage) -> None:
        scene = shown.scene
        try:
            path = with_ending(path, ".png")
            if scene is not None and self._settings.values.export_metadata:
                parameters = png.parameters_text(scene, guidance=own_guidance(scene))
                png.save(path, rgb, scene, parameters, notes=notes_of(shown.findings))
            else:
                png.save(path, rgb, None, None)
        except CanvasError as error:
            self.failed.emit(error)
            return
        self.said.emit(f"Exported {path.name}")

    def picture_of(self, scene: Scene) -> DisplayedImage:
        """The picture on the canvas, where it is of the scene's size: the scene file keeps it. Else paper."""
        shown = self._shown()
        fits = shown.rgb is not None and shown.rgb.shape[:2] == (scene.size[1], scene.size[0])
        return shown if fits else PAPER

    def suggested_name(self) -> str:
        """A file name for the scene, without suffix."""
        if self._document.path is not None:
            return self._document.path.stem
        plain = "".join(char if char.isalnum() else " " for char in self._document.scene.prompt)
        return "-".join(plain.split()[:6])[:48] or "scene"

    # questions ---------------------------------------------------------------------------------------------------
    def ask_to_keep(self, then: Callable[[], object]) -> None:
        """Do `then`, after asking what becomes of unsaved changes; not at all where the answer is Cancel."""
        if not self._document.dirty:
            then()
            return
        box = message_box(self._window)
        box.setObjectName("unsavedQuestion")
        box.setIconPixmap(self._window.windowIcon().pixmap(48, 48))
        box.setWindowTitle("Wordbrush")
        box.setText("Save the changes to this scene?")
        box.setInformativeText("If you do not save, changes since the last save are lost. Finished pictures are kept.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)

        def answered(result: int) -> None:
            if result == buttons.Save.value:
                self.save(then)
            elif result == buttons.Discard.value:
                then()

        box.finished.connect(answered)
        box.open()

    def choose_model(self, then: Callable[[str], object]) -> None:
        """Ask for a model's folder, and remember it."""

        def chosen(name: str) -> None:
            self._settings.add_model(Path(name))
            then(name)

        dialog = QFileDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Open a Model Folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(str(self._settings.folder_for(Purpose.MODEL)))
        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _dialog(
        self, purpose: Purpose, kinds: str, then: Callable[[Path], object], *, save_as: str | None = None
    ) -> None:
        dialog = QFileDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setDirectory(str(self._settings.folder_for(purpose)))
        dialog.setNameFilter(kinds)
        dialog.setWindowTitle(
            "Open" if save_as is None else "Export Picture" if purpose is Purpose.EXPORT else "Save Scene"
        )
        if purpose is Purpose.EXPORT:
            dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Export")
        if save_as is None:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        else:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(QFileDialog.FileMode.AnyFile)
            dialog.setDefaultSuffix(Path(save_as).suffix[1:])
            dialog.selectFile(save_as)

        def chosen(name: str) -> None:
            self._settings.remember_folder(purpose, Path(name).parent)
            then(Path(name))

        dialog.fileSelected.connect(chosen)
        dialog.open()
