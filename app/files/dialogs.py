"""Questions about files. None blocks the event loop: each calls what was chosen, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.language import tr
from app.preferences import Preferences, Purpose
from app.widgets.plain_text import message_box

Then = Callable[[], object]
Buttons = QMessageBox.StandardButton


def ask_unsaved(window: QWidget, *, save: Then, discard: Then) -> None:
    """What becomes of changes that were not saved?"""
    box = _question(
        window,
        "unsavedQuestion",
        tr("Save the changes to this scene?"),
        tr("If you do not save, changes since the last save are lost. Finished pictures are kept."),
    )
    box.setStandardButtons(Buttons.Save | Buttons.Discard | Buttons.Cancel)
    box.setDefaultButton(Buttons.Save)
    acts = {Buttons.Save.value: save, Buttons.Discard.value: discard}
    box.finished.connect(lambda result: acts[result]() if result in acts else None)
    box.open()


def ask_changed(window: QWidget, name: str, *, overwrite: Then, save_as: Then) -> None:
    """What becomes of what another program wrote into the file?"""
    box = _question(
        window,
        "changedQuestion",
        tr("“{name}” was changed by another program.", name=name),
        tr("Saving here replaces what that program wrote. To keep both, save under another name."),
    )
    box.setIcon(QMessageBox.Icon.Warning)
    other = box.addButton(tr("Save As…"), QMessageBox.ButtonRole.AcceptRole)
    replace = box.addButton(tr("Overwrite"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(Buttons.Cancel)
    box.setDefaultButton(other)
    other.clicked.connect(lambda: save_as())
    replace.clicked.connect(lambda: overwrite())
    box.open()


def ask_scene_or_picture(window: QWidget, picture: str, scene: str, export: Then | None, save: Then) -> None:
    """A scene was to be saved under a picture's name: is it to be exported, or saved as a scene?

    Args:
        picture, scene: the two files' names. export: None where there is no picture to export yet.
    """
    box = _question(
        window,
        "sceneOrPictureQuestion",
        tr("Export the picture as “{name}”, or save the scene?", name=picture),
        tr("Only a scene (.ora) keeps the prompt, the paint and the settings. Pictures are written by File > Export.")
        + (" " + tr("A PSD has the picture and the layers.") if picture.lower().endswith(".psd") else ""),
    )
    keep = box.addButton(tr("Save {name}", name=scene), QMessageBox.ButtonRole.AcceptRole)
    keep.clicked.connect(lambda: save())
    if export is not None:
        out = box.addButton(tr("Export {name}", name=picture), QMessageBox.ButtonRole.ActionRole)
        out.clicked.connect(lambda: export())
    box.addButton(Buttons.Cancel)
    box.setDefaultButton(keep)
    box.open()


def ask_open_elsewhere(window: QWidget, name: str, *, copy: Then) -> None:
    """A scene is open in another window: is a copy wanted?"""
    box = _question(
        window,
        "openElsewhereQuestion",
        tr("“{name}” is open in another Wordbrush window.", name=name),
        tr("Open a copy here, to be saved under its own name?"),
    )
    take = box.addButton(tr("Open a Copy"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(Buttons.Cancel)
    box.setDefaultButton(take)
    take.clicked.connect(lambda: copy())
    box.open()


def ask_file(
    window: QWidget,
    preferences: Preferences,
    purpose: Purpose,
    kinds: str,
    then: Callable[[Path], object],
    *,
    save_as: str | None = None,
) -> None:
    """Which file is to be opened, or with `save_as`, a name to begin with, be written?"""
    dialog = QFileDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setDirectory(str(preferences.folder_for(purpose)))
    dialog.setNameFilter(tr(kinds))
    export = purpose is Purpose.EXPORT
    dialog.setWindowTitle(tr("Open") if save_as is None else tr("Export Picture") if export else tr("Save Scene"))
    if export:
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, tr("Export"))
    if save_as is None:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    else:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(Path(save_as).suffix[1:])
        dialog.selectFile(save_as)

    def chosen(name: str) -> None:
        preferences.remember_folder(purpose, Path(name).parent)
        then(Path(name))

    dialog.fileSelected.connect(chosen)
    dialog.open()


def ask_model(window: QWidget, preferences: Preferences, then: Callable[[Path], object], *, folder: bool) -> None:
    """Which file, or with `folder`, which folder is the model?"""
    dialog = QFileDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Open a Model Folder") if folder else tr("Open a Model File"))
    dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
    if not folder:
        dialog.setNameFilter(tr("Models (*.safetensors *.sft *.SAFETENSORS *.SFT);;All files (*)"))
    dialog.setDirectory(str(preferences.folder_for(Purpose.MODEL)))

    def chosen(name: str) -> None:
        preferences.remember_folder(Purpose.MODEL, Path(name).parent)
        then(Path(name))

    dialog.fileSelected.connect(chosen)
    dialog.open()


def _question(window: QWidget, name: str, text: str, more: str) -> QMessageBox:
    box = message_box(window)
    box.setObjectName(name)
    box.setIconPixmap(window.windowIcon().pixmap(48, 48))
    box.setWindowTitle(tr("Wordbrush"))
    box.setText(text)
    box.setInformativeText(more)
    return box
