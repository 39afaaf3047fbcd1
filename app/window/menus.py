"""The menu bar, made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from app.actions import Actions
from app.files.controller import FilesController
from app.files.names import example_title, examples
from app.language import tr
from app.preferences import Preferences
from app.widgets.plain_text import plain_tip

TOOLS = (
    "brush.paint", "brush.erase", "tool.line", "", "tool.rectangle", "tool.ellipse", "tool.lasso", "tool.polygon", "",
    "tool.fill", "tool.gradient", "tool.radial", "tool.move", "tool.transform", "tool.pick", "",
    "colour.paint", "tool.eyedropper", "colour.choose", "colour.swap", "colour.from_picture", "colour.clear", "",
    "layer.keep", "",
    "brush.smaller", "brush.larger", "brush.pressure_size", "brush.pressure_opacity", "brush.curve", "",
    "brush.mirror_x", "brush.mirror_y", "brush.middle",
)  # fmt: skip
SELECTING = ("tool.select-rectangle", "tool.select-ellipse", "tool.select-lasso", "tool.select-polygon")
OVERLAPPING = ("word.overlap_add", "word.overlap_top", "word.overlap_share")
THEMES = {"system": "Like the System", "dark": "Dark", "light": "Light", "contrast": "High Contrast"}


def fill_menus(bar: QMenuBar, actions: Actions, settings: Preferences, files: FilesController,
               dock_toggles: list[QAction]) -> None:  # fmt: skip
    """Build all menus of the window."""
    file = bar.addMenu(tr("&File"))
    _add(file, actions, "file.new", "file.open")
    recent = file.addMenu(tr("Open &Recent"))
    recent.aboutToShow.connect(lambda: _fill_recent(recent, settings, files.open_path))
    recent.menuAction().setEnabled(bool(settings.recent))
    settings.recent_changed.connect(lambda: recent.menuAction().setEnabled(bool(settings.recent)))
    shipped = file.addMenu(tr("E&xamples"))
    for path in examples():
        shipped.addAction(example_title(path), _on(files.load_example, path))
    shipped.menuAction().setEnabled(not shipped.isEmpty())
    _add(
        file,
        actions,
        "file.import_map",
        "file.recover",
        "",
        "file.save",
        "file.save_as",
        "",
        "file.export",
        "file.metadata",
        "file.export_map",
        "",
        "file.quit",
    )

    edit = bar.addMenu(tr("&Edit"))
    _add(edit, actions, "edit.undo", "edit.redo", "", "edit.shortcuts", "edit.preferences")

    word = bar.addMenu(tr("&Word"))
    _add(word, actions, "word.palette", "word.paint", "word.type", "", "word.next", "word.previous", "word.find", "",
         "word.fill", "word.fill_all", "word.clear", "word.drop",
         "word.drop_gone", "", "word.keep", "word.seek", "word.describe", "word.cut_out", "word.cut_out_layer",
         "word.strengthen", "",
         "word.mirror", "word.flip", "", "word.lower", "word.raise", "", "word.teach")  # fmt: skip
    _add(word.addMenu(tr("Where Words O&verlap")), actions, *OVERLAPPING)

    tools = bar.addMenu(tr("&Tools"))
    _add(tools, actions, *TOOLS)
    select = bar.addMenu(tr("&Select"))
    _add(select, actions, "select.none", "select.invert", "", "select.word", "select.heatmap", "select.seek", "",
         "select.grow", "select.shrink", "select.feather", "", *SELECTING)  # fmt: skip

    view = bar.addMenu(tr("&View"))
    _add(view, actions, "view.overlays", "view.paint_only", "view.rest", "view.coverage", "view.cells", "",
         "view.heatmaps", "view.heatmap_pointer", "",
         "view.zoom_in", "view.zoom_out", "view.fit", "view.actual", "",
         "view.rulers", "view.guides_clear", "view.grid", "view.grid_size", "view.snap", "",
         "view.mirror", "view.turn_left", "view.turn_right", "view.upright", "",
         "view.rework_bar", "view.zen", "view.next_area", "view.previous_area", "", "view.timeline")  # fmt: skip
    view.addActions(dock_toggles)
    view.addSeparator()
    theme = view.addMenu(tr("&Theme"))
    group = QActionGroup(theme)
    for choice, text in THEMES.items():
        action = theme.addAction(tr(text))
        action.setCheckable(True)
        action.setChecked(settings.values.theme == choice)
        action.triggered.connect(lambda _checked=False, choice=choice: settings.change(theme=choice))
        settings.theme_changed.connect(lambda now, action=action, choice=choice: action.setChecked(now == choice))
        group.addAction(action)

    generate = bar.addMenu(tr("&Generate"))
    _add(generate, actions, "generate.run", "generate.cancel", "",
         "rework.repaint", "rework.vary", "rework.instruct", "rework.again", "rework.refine", "rework.extend",
         "generate.grid", "generate.missing", "", "generate.live", "", "generate.dice",
         "generate.lock", "", "results.folder", "results.put_back", "", "generate.find", "models.show",
         "models.machines")  # fmt: skip
    _add(bar.addMenu(tr("&Help")), actions, "help.painting", "help.tour", "", "help.copy_log", "", "help.about")


def _add(menu: QMenu, actions: Actions, *names: str) -> None:
    for name in names:
        if name:
            menu.addAction(actions[name])
        else:
            menu.addSeparator()


def _on(act: Callable[[Path], object], path: Path) -> Callable[[], object]:
    return lambda: act(path)


def _fill_recent(menu: QMenu, settings: Preferences, open_path: Callable[[Path], None]) -> None:
    menu.clear()
    for path in settings.recent:
        action = menu.addAction(path.name, _on(open_path, path))
        action.setToolTip(plain_tip(str(path)))
    menu.addSeparator()
    menu.addAction(tr("Clear List"), settings.clear_recent)
