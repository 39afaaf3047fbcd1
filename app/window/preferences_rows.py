"""The rows of the preferences: each a name, a sentence of what it does, and the widget that does it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from app.language import LANGUAGES, SYSTEM, number, tr
from app.paths import can_keep
from app.widgets.helpers import Choice, named
from app.widgets.plain_text import plain_tip
from app.widgets.switch import Switch
from app.window.menus import THEMES
from app.window.shortcuts_dialog import ShortcutsDialog
from canvas.model.errors import SaveError
from resources.limits import MEMORY
from resources.settings import sections

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

Options = Mapping[Any, str]


@dataclass(frozen=True)
class Row:
    """One preference.

    Attributes:
        about: a sentence of what it does. now: says it anew where it tells of something that changes.
        also: further words by which the search finds it.
    """

    section: str
    name: str
    about: str
    widget: QWidget
    also: str = ""
    now: Callable[[], str] | None = None


def rows_of(window: MainWindow) -> list[Row]:
    """All that there is to prefer, in the order in which it is shown."""
    preferences, table = window.preferences, window.actions_table
    kept = preferences.values
    look, painting, pictures = tr("Look"), tr("Painting"), tr("Pictures")
    safety, models, keys = tr("Safety"), tr("Models and memory"), tr("Keys and help")
    themes = _choice(
        "theme", {key: tr(text) for key, text in THEMES.items()}, kept.theme,
        lambda value: preferences.change(theme=value), preferences.theme_changed,
    )  # fmt: skip
    language = _choice(
        "language", {SYSTEM: tr("Like the System"), **LANGUAGES}, kept.language,
        lambda value: preferences.change(language=value),
    )  # fmt: skip
    autosave = _choice(
        "autosave", {seconds: tr("{count} seconds after a change", count=seconds) for seconds in (2, 10, 30, 60)},
        kept.autosave_seconds, lambda value: preferences.change(autosave_seconds=value),
    )  # fmt: skip
    undo = _choice(
        "undo", {64: "64 MB", 256: "256 MB", 1024: "1 GB", 4096: "4 GB"}, kept.undo_megabytes,
        lambda value: preferences.change(undo_megabytes=value),
    )  # fmt: skip

    def undo_used() -> str:
        text = tr("How much is kept for undo; the oldest steps go first. In use now: {size} MB")
        return text.format(size=number(window.document.undo_bytes() / 2**20, ".1f"))

    memory = _choice(
        "memory", {key: tr(text) for key, text in MEMORY.items()}, window.session.scene.settings.memory,
        lambda value: window.setting.change(memory=value),
    )  # fmt: skip
    deep = named(Switch(""), "prefer.deep")
    deep.setChecked(kept.deep_results)
    deep.toggled.connect(lambda on: preferences.change(deep_results=on))
    all_keys = " ".join(tr(spec.text).replace("&", "") for spec in table)
    return [
        Row(look, tr("Theme"), tr("The colours of the window"), themes, "dark light high contrast color"),
        Row(look, tr("Language"), tr("Of menus, buttons and settings, from the next start on"), language, "deutsch"),
        Row(painting, tr("Hide paint on new pictures"),
            tr("A new picture shows alone; the paint comes back as soon as you paint"), _switch(table["view.rest"])),
        Row(painting, tr("Heatmap under the pointer"), tr("Point at a word to see where it went in the picture"),
            _switch(table["view.heatmap_pointer"])),
        Row(painting, tr("Pen pressure changes size"), tr("The harder the pen presses, the wider the brush"),
            _switch(table["brush.pressure_size"]), "tablet stylus"),
        Row(painting, tr("Pen pressure changes opacity"), tr("The harder the pen presses, the more paint it leaves"),
            _switch(table["brush.pressure_opacity"]), "tablet stylus"),
        Row(pictures, tr("Results folder"), tr("Where every picture is kept"), _results_folder(window), "save path"),
        Row(pictures, tr("Metadata in exported pictures"),
            tr("Prompt, paint and seed travel inside the PNG, which opens as a scene again"),
            _switch(table["file.metadata"]), "export privacy"),
        Row(pictures, tr("Keep results at 16 bits"),
            tr("Finer steps of colour, in larger files; exports as PNG keep them. Repainted and refined ones have 8"),
            deep, "depth bit"),
        Row(safety, tr("Autosave"), tr("When unsaved work is kept, to be offered after a crash"), autosave, "backup"),
        Row(safety, tr("Undo memory"), undo_used(), undo, "RAM", undo_used),
        Row(models, tr("Models"), tr("Which models there are, and where they are kept"), _models(window),
            "folder path download checkpoint safetensors LoRA ComfyUI A1111"),
        Row(models, tr("Machines"), tr("Make pictures on this computer, or on another one with a better GPU"),
            _button("machines", tr("Machines…"), window.machines.show), "GPU remote server serve network"),
        Row(models, tr("Memory of this scene's model"),
            tr("The less it takes, the longer a picture takes; saved with the scene"), memory, "VRAM GPU RAM"),
        Row(keys, tr("Keyboard shortcuts"), tr("The keys of every action"),
            _button("shortcuts", tr("Change…"), lambda: _show_shortcuts(window)), all_keys),
        Row(keys, tr("Tour"), tr("Five steps from a sentence to your own first picture"),
            _button("tour", tr("Show It Again"), table["help.tour"].trigger), "first run introduction"),
    ]  # fmt: skip


def picture_settings() -> dict[str, tuple[str, ...]]:
    """What is set for each picture, in its panel: for each section its settings' names, in words for the search too."""
    return {
        tr(section): tuple(f"{tr(spec.label)}\n{tr(spec.tip) if spec.tip else ''}" for spec in declared)
        for section, declared in sections().items()
    }


class _Picker(Choice):
    """A list of choices that can be told what was chosen elsewhere."""

    def choose(self, value: object) -> None:
        """Show a value."""
        self.setCurrentIndex(self.findData(value))


def _choice(name: str, options: Options, now: object, act: Callable[[Any], object], follow: Any = None) -> Choice:
    box = named(_Picker(), f"prefer.{name}")
    for value, text in options.items():
        box.addItem(text, value)
    box.choose(now)
    box.activated.connect(lambda _index: act(box.currentData()))
    if follow is not None:
        follow.connect(box.choose)
    return box


def _switch(action: QAction) -> Switch:
    switch = named(Switch(""), f"prefer.{action.objectName()}")
    switch.setChecked(action.isChecked())
    switch.clicked.connect(lambda _on=False: action.trigger())
    action.toggled.connect(switch.setChecked)
    return switch


def _button(name: str, text: str, act: Callable[[], object]) -> QPushButton:
    button = named(QPushButton(text), f"prefer.{name}")
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: act())
    return button


def _side_by_side(*widgets: QWidget) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    return whole


def _results_folder(window: MainWindow) -> QWidget:
    preferences = window.preferences
    default = str(preferences.folders.results)
    change = _button("results", "", lambda: ask())
    back = _button("results.default", tr("Default"), lambda: take(""))

    def show() -> None:
        folder = str(window.store.folder)
        change.setText(f"{Path(folder).name}…")
        change.setToolTip(plain_tip(folder))
        change.setAccessibleName(tr("Results folder: {folder}", folder=folder))
        back.setEnabled(folder != default)

    def take(name: str) -> None:
        if name and not can_keep(Path(name)):
            window.banner.show_error(
                SaveError(
                    tr("Nothing can be saved in “{folder}”.", folder=name),
                    hint=tr("Choose a folder in which you may write."),
                )
            )
            return
        preferences.change(results="" if name == default else name)
        show()

    def ask() -> None:
        dialog = QFileDialog(change.window(), tr("Where pictures are kept"), str(window.store.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(take)
        dialog.open()

    show()
    return _side_by_side(change, back)


def _models(window: MainWindow) -> QWidget:
    folder = window.preferences.folders.models

    def open_folder() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    where = _button("models.folder", tr("Open Folder"), open_folder)
    where.setToolTip(plain_tip(str(folder)))
    return _side_by_side(_button("models", tr("Models…"), window.library.show), where)


def _show_shortcuts(window: MainWindow) -> None:
    ShortcutsDialog(window.actions_table, window.theme, window).open()
