"""The window: makes the parts, puts them in their places and connects them."""

from __future__ import annotations

import secrets
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QIcon, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QMenuBar,
    QVBoxLayout,
    QWidget,
)

import resources
from app import log
from app.actions import Actions
from app.files.controller import FilesController, dropped_file, dropped_picture
from app.generation.controller import GenerationController
from app.image_info.displayed_image import DisplayedImage
from app.paths import can_keep
from app.picture.comparison_controller import ComparisonController
from app.picture.comparison_view import ComparisonView
from app.picture.controller import PictureController
from app.picture.preview_bar import PreviewBar
from app.preferences import Preferences
from app.prompt.prompt_bar import PromptBar
from app.results.controller import ResultsController
from app.results.panel import ResultsPanel
from app.settings.panel import SettingsPanel
from app.storage.autosave import Autosave
from app.storage.results import ResultStore
from app.styles.controller import StylesController
from app.styles.image_loader import Source
from app.styles.panel import StylePanel
from app.timeline.controller import Timeline
from app.widgets.dock_title import DockTitle
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme
from app.window.about_dialog import show_about
from app.window.banner import Banner
from app.window.closed_loop import ClosedLoop
from app.window.menus import fill_menus
from app.window.model_info import ModelFactsReader
from app.window.painting_help import PaintingHelp
from app.window.shortcuts_dialog import ShortcutsDialog
from app.words.brush_bar import BrushBar
from app.words.controller import WordsController
from app.words.panel import WordsPanel
from app.words.tool_column import ToolColumn
from canvas.model import edits
from canvas.model.document import Change, Document
from canvas.model.scene import Scene
from canvas.view.canvas_view import CanvasView
from engine.models.library import Library

SEED_RANGE = 2**32  # short enough to read out, wide enough never to repeat
STATE_VERSION = 1


class MainWindow(QMainWindow):
    """The whole program in one window. `start_engine` and `offer_recovery` are called after it is on screen."""

    def __init__(self, settings: Preferences, theme: Theme) -> None:
        super().__init__()
        self.settings, self.theme = settings, theme
        theme.setParent(self)
        self.document = Document()
        self.actions_table = Actions(self, settings, theme)
        self.banner = Banner(theme)
        self.prompt_bar = PromptBar(self.actions_table, theme)
        self.brush_bar = BrushBar(self.actions_table)
        self.tools = ToolColumn(self.actions_table, theme)
        self.view = CanvasView()
        self.view.set_document(self.document)
        self.timeline = Timeline(self.document, theme)
        self.words = WordsPanel(theme)
        self.styles = StylePanel(theme)
        self.settings_panel = SettingsPanel(self.actions_table, theme)
        self.results = ResultsPanel(theme)
        self.store = ResultStore(settings.folders.results, use_trash=not settings.folders.private)
        self.generation = GenerationController(self.document, self.store, self)
        self.files = FilesController(self, self.document, settings, lambda: self.shown)
        self.gallery = ResultsController(self.store, self.results, settings, self, findings=self.generation.findings)
        self.autosave = Autosave(settings.folders.autosave, self.document, picture=self.files.picture_of, parent=self)
        self.painting = WordsController(
            self.document, self.actions_table, settings, prompt=self.prompt_bar, words=self.words,
            settings_panel=self.settings_panel, brush=self.brush_bar, view=self.view,
        )  # fmt: skip
        self.styling = StylesController(
            self, self.document, settings, panel=self.styles, encoders=self.settings_panel.encoders, view=self.view
        )
        self.comparison = ComparisonView(theme, self.view)
        self.look_bar = PreviewBar(theme, self.view)
        self.on_canvas = PictureController(
            self.document, self.generation, self.view, results=self.results, bar=self.look_bar,
            may_rest=self.actions_table["view.rest"].isChecked, parent=self,
        )  # fmt: skip
        self.comparing = ComparisonController(self.document, self.generation, self.comparison, self)
        self.chosen_model = ModelFactsReader(self.document, self.prompt_bar, self.settings_panel, self)
        self.closed_loop = ClosedLoop(
            self.document, self.actions_table, settings, theme=theme, view=self.view, words=self.words,
            prompt=self.prompt_bar, generation=self.generation, on_canvas=self.on_canvas,
            cover=self.comparison, generate=self._generate,
        )  # fmt: skip
        self.titles: dict[str, DockTitle] = {}
        self._generated: Scene | None = None  # what the last Generate made
        self._may_close = False
        self._closed = False
        self._told = False
        self._build()
        self._connect()
        self.painting.show_all()
        self._show_title()

    # building ----------------------------------------------------------------------------------------------------
    def _build(self) -> None:
        self.setObjectName("mainWindow")
        self.setWindowIcon(QIcon(str(resources.path("icons", "wordbrush.png"))))
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.brush_bar)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.tools)
        middle.addWidget(self.view, 1)
        column.addLayout(middle, 1)
        column.addWidget(self.timeline)
        for over in (self.closed_loop.bar, self.look_bar, self.comparison, self.banner):
            over.setParent(centre)
        self.banner.lie_over(self.view)
        self.setCentralWidget(centre)
        self.setMenuWidget(self._top())
        docks = [
            self._dock("Words", self.words, Qt.DockWidgetArea.LeftDockWidgetArea),
            self._dock("Settings", self.settings_panel, Qt.DockWidgetArea.RightDockWidgetArea),
            self._dock("Results", self.results, Qt.DockWidgetArea.BottomDockWidgetArea),
            self._dock("Style", self.styles, Qt.DockWidgetArea.LeftDockWidgetArea),
        ]
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        fill_menus(self._menus, self.actions_table, self.settings, self.files, [d.toggleViewAction() for d in docks])
        self._says = PlainLabel()
        self._hidden = named(PlainLabel(), "muted")
        self._size = PlainLabel()
        self.statusBar().addWidget(self._says, 1)
        self.statusBar().addPermanentWidget(self._hidden)
        self.statusBar().addPermanentWidget(self.closed_loop.score)
        self.statusBar().addPermanentWidget(self._size)
        self.statusBar().setSizeGripEnabled(False)
        self.resize(1400, 900)
        self.resizeDocks(docks[:2], [262, 276], Qt.Orientation.Horizontal)
        self.resizeDocks(docks[2:3], [168], Qt.Orientation.Vertical)
        self.resizeDocks([docks[0], docks[3]], [430, 220], Qt.Orientation.Vertical)
        geometry, state = self.settings.take_layout()
        if geometry:
            self.restoreGeometry(geometry)
        if state:
            self.restoreState(state, STATE_VERSION)
        # Tab and the keys that take a word off the prompt mean something else while one types.
        for name in ("view.overlays", "word.fill", "word.fill_all", "word.clear"):
            self.actions_table.restrict(name, self.view)
        self.actions_table["generate.cancel"].setEnabled(False)
        self.actions_table["file.metadata"].setChecked(self.settings.values.export_metadata)
        self.actions_table["generate.lock"].setChecked(self.settings.values.lock_seed)
        self.actions_table["view.rest"].setChecked(self.settings.values.rest_paint)
        self.actions_table["view.timeline"].setChecked(self.settings.values.show_timeline)
        self.timeline.setVisible(self.actions_table["view.timeline"].isChecked())
        self.settings_panel.show_advanced(self.settings.values.show_advanced)
        self.titles["Results"].fold(not self.settings.values.show_results)

    def _top(self) -> QWidget:
        """Menus and prompt span the window, above the docks: all below is about the prompt."""
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._menus = QMenuBar()
        for widget in (self._menus, self.prompt_bar):
            column.addWidget(widget)
        return top

    def _dock(self, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = named(QDockWidget(title, self), f"dock.{title.lower()}")
        dock.setWidget(panel)
        foldable = title in ("Results", "Style")
        self.titles[title] = DockTitle(dock, self.theme, foldable=foldable)
        dock.setTitleBarWidget(self.titles[title])
        self.addDockWidget(area, dock)
        return dock

    def _connect(self) -> None:
        table, generation, files = self.actions_table, self.generation, self.files
        for name, act in (
            ("file.new", files.new), ("file.open", files.open), ("file.save", files.save),
            ("file.save_as", files.save_as), ("file.export", files.export), ("file.quit", self.close),
            ("edit.shortcuts", self._show_shortcuts), ("help.about", lambda: show_about(self)),
            ("help.painting", lambda: PaintingHelp(table, self).open()),
            ("help.copy_log", self._copy_log),
            ("generate.run", self._generate), ("generate.cancel", generation.cancel), ("generate.dice", self._dice),
            ("results.folder", self.gallery.open_folder),
        ):  # fmt: skip
            table[name].triggered.connect(lambda _checked=False, act=act: act())
        table["generate.live"].toggled.connect(generation.live.set_on)
        table["generate.lock"].toggled.connect(self._lock)
        table["file.metadata"].toggled.connect(lambda on: self.settings.change(export_metadata=on))
        self.settings.theme_changed.connect(self.theme.choose)
        self.settings_panel.advanced_changed.connect(lambda on: self.settings.change(show_advanced=on))
        self.titles["Results"].folded.connect(lambda folded: self.settings.change(show_results=not folded))
        self.results.counted.connect(lambda count: self.titles["Results"].note.setText(f"· {count}" if count else ""))
        table["view.rest"].toggled.connect(lambda on: self.settings.change(rest_paint=on))
        table["view.timeline"].toggled.connect(self.timeline.setVisible)
        table["view.timeline"].toggled.connect(lambda on: self.settings.change(show_timeline=on))
        self.theme.changed.connect(self._show_lock)
        self.theme.changed.connect(self._show_eye)
        self.view.overlays_changed.connect(self._overlays_changed)
        table["view.paint_only"].toggled.connect(self.view.set_paint_only)
        self.tools.opacity_changed.connect(self.view.set_overlay_opacity)
        for old_news in (self.view.stroke_started, self.view.selected_word_changed,
                         table["edit.undo"].triggered, table["edit.redo"].triggered):  # fmt: skip
            old_news.connect(lambda *_: self._says.clear())
        for part in (files, self.gallery, self.generation, self.painting, self.styling, self.autosave, self.timeline):
            part.failed.connect(self.banner.show_error)
        self.painting.settled.connect(self.banner.dismiss)
        self.closed_loop.said.connect(self.say)
        for part in (files, self.gallery, self.painting, self.styling):
            part.said.connect(self.say)
        self.view.message.connect(self.say)
        self.view.entered.connect(self._tell_gestures)
        self.view.selected_word_changed.connect(lambda _word: self.styling.show_selected())
        for take in (self.styling.show_model, generation.take_facts):
            self.chosen_model.read.connect(take)
            take(self.chosen_model.facts)
        files.opened.connect(self._opened)
        self.gallery.looked.connect(self.on_canvas.look)
        self.gallery.brought_back.connect(self.on_canvas.bring_back)
        self.on_canvas.began_look.connect(self.comparing.leave)
        self.gallery.compared.connect(lambda shown: self.comparing.put_beside(shown, self.shown))
        self.settings_panel.encoders.compare_asked.connect(self.comparing.compare_encoders)
        self.comparing.taken.connect(self.on_canvas.bring_back)
        for act in (self.banner.dismiss, self.painting.tell_lost):
            self.comparing.began.connect(act)
        self.painting.changed.connect(self._document_changed)
        self.settings_panel.browse_model.connect(
            lambda: files.choose_model(lambda name: self.painting.edit(self.document.set_settings, model=name))
        )
        generation.running_changed.connect(self._running_changed)
        generation.progress.connect(self.prompt_bar.show_running)
        generation.idle.connect(self.prompt_bar.show_idle)
        for loaded in (generation.idle, generation.defaults):  # a model that is loaded brought torch
            loaded.connect(lambda *_: self.timeline.show_levels())
        generation.stepped.connect(self.timeline.strip.show_step)
        generation.preview.connect(self.view.set_preview)
        generation.picture.connect(self.on_canvas.take_picture)
        generation.saved.connect(self.gallery.add)
        generation.unsaved.connect(self._show_unsaved)
        generation.failed.connect(self._keep_seed)
        generation.ended.connect(lambda: self.view.set_preview(None))
        generation.defaults.connect(
            lambda guidance, weight: self.settings_panel.show_defaults(guidance=guidance, paint_weight=weight)
        )
        self._show_lock()

    @property
    def shown(self) -> DisplayedImage:
        """The picture on the canvas, and what made it."""
        return self.on_canvas.shown

    # start and end -----------------------------------------------------------------------------------------------
    def start_engine(self) -> None:
        """Load the model in advance, list the models and the results; the window is on screen by now."""
        self.generation.start()
        self.gallery.refresh()
        models = [(model.name, model.name.capitalize()) for model in Library().list() if not model.problem]
        models += [(str(path), path.name) for path in self.settings.models]
        self.settings_panel.show_models(models)
        self.timeline.show_models(models)

    def offer_recovery(self) -> None:
        """Offer the scene of a program that ended without closing."""
        lost = self.autosave.lost()
        if lost:
            newest = lost[0]

            def take() -> None:
                if self.files.recover(newest.scene_file, newest.original):
                    self.autosave.adopt(newest)
                    self._tell_folders()

            def recover() -> None:
                self.files.ask_to_keep(take)  # of what was done since, while the offer stood

            def discard() -> None:
                for each in lost:
                    self.autosave.forget(each)
                self._tell_folders()

            self.banner.show_message(
                f"Wordbrush closed unexpectedly. Restore “{newest.title}”?",
                "It was saved automatically.",
                buttons=(("Restore", recover), ("Discard", discard)),
            )
        else:
            self._tell_folders()

    def _tell_folders(self) -> None:
        """Say in which folders nothing can be kept."""
        folders = self.settings.folders
        closed = [folder for folder in (folders.config, folders.autosave, folders.results) if not can_keep(folder)]
        if closed:
            names = ", ".join(f"“{folder}”" for folder in closed)
            self.banner.show_message(
                f"Nothing can be saved in {names}.",
                "Make sure that you can write there, then start Wordbrush again. "
                "Until then save scenes (Ctrl+S) and export pictures (Ctrl+E) to another folder.",
            )

    def open_first(self, path: Path | None) -> None:
        """What the window begins with: the file that was asked for, or on the very first start an example."""
        if path is not None:
            self.files.load(path)
        elif not self.settings.values.started:
            self.files.load_first()
        self.settings.change(started=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():  # it is no mere return from the task bar
            self._give_keys()
            QTimer.singleShot(0, self.settings, self.settings.layout_held)

    def _give_keys(self) -> None:
        """The brush's keys act at once, or where nothing is written yet, one writes at once."""
        (self.view if self.document.scene.prompt.strip() else self.prompt_bar.prompt).setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.generation.keeper.waiting and not self._may_close:
            self.generation.save_again()
            if self.generation.keeper.waiting:  # the banner says why
                event.ignore()
                return
        if self.document.dirty and not self._may_close:
            event.ignore()
            self.files.ask_to_keep(self._close_now)
            return
        self.shut_down()
        super().closeEvent(event)

    def _close_now(self) -> None:
        self._may_close = True
        self.close()

    def shut_down(self, *, keep_unsaved: bool = False) -> None:
        """Stop all threads and remember the window; once. `keep_unsaved` leaves unsaved work to be offered again."""
        if self._closed:
            return
        self._closed = True
        for dialog in self.findChildren(QDialog):
            dialog.done(QDialog.DialogCode.Rejected)
        self.settings.set_layout(bytes(self.saveGeometry().data()), bytes(self.saveState(STATE_VERSION).data()))
        self.hide()  # at once: what follows may wait for the engine's step, or for torch to be imported
        self.painting.close()
        self.styling.close()
        self.closed_loop.close()
        self.chosen_model.close()
        self.timeline.close_down()
        self.generation.close()
        self.results.model.close()
        self.autosave.close(keep=keep_unsaved)
        self.settings.sync()

    # generating --------------------------------------------------------------------------------------------------
    def _generate(self) -> None:
        self.banner.dismiss()
        self.comparing.leave()
        self.styling.tell_left_out()
        self.painting.tell_lost()
        settings = self.document.scene.settings
        same = self.document.scene == self._generated  # who changed something wants to see what that does
        if same and settings.seed == self.on_canvas.seed_used and not self.actions_table["generate.lock"].isChecked():
            # No undo step: after Generate, undo is for the last stroke and not for a number.
            self.document.amend(edits.set_settings(self.document.scene, seed=secrets.randbelow(SEED_RANGE)))
        self._generated = self.document.scene
        self.on_canvas.seed_used = self._generated.settings.seed
        self.generation.generate()

    def _dice(self) -> None:
        self.painting.edit(self.document.set_settings, seed=secrets.randbelow(SEED_RANGE))

    def _lock(self, on: bool) -> None:
        self.settings.change(lock_seed=on)
        self._show_lock()

    def _show_lock(self) -> None:
        locked = self.actions_table["generate.lock"].isChecked()
        self.actions_table.set_icon("generate.lock", "ph.lock-simple" if locked else "ph.lock-simple-open")

    def _running_changed(self, running: bool) -> None:
        self.actions_table["generate.cancel"].setEnabled(running)

    def _keep_seed(self) -> None:
        """Nothing was made with this seed: the next Generate uses it."""
        self.on_canvas.seed_used = None

    # showing -----------------------------------------------------------------------------------------------------
    def say(self, text: str) -> None:
        """A line at the foot of the window, for a while."""
        self._says.setText(text)
        QTimer.singleShot(8000, self._says, lambda: self._unsay(text))

    def _overlays_changed(self, visible: bool) -> None:
        keys = self.actions_table["view.overlays"].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        how = f"paint, or press {keys} on the canvas," if keys else "paint"
        self._hidden.setText("" if visible else f"Paint hidden: {how} to show it")
        self._show_eye()

    def _show_eye(self) -> None:
        self.actions_table.set_icon("view.overlays", "ph.eye" if self.view.overlays_visible else "ph.eye-slash")

    def _show_unsaved(self, error: Exception) -> None:
        generation = self.generation
        self.banner.show_error(
            error, buttons=(("Try again", generation.save_again), ("Discard", generation.keeper.let_go))
        )

    def _tell_gestures(self) -> None:
        """Say once what the hand can do on a canvas that has paint."""
        if not self._told and any(not mask.is_empty for mask in self.document.scene.masks.values()):
            self._told = True
            self.say("Right-click picks the word under the pointer; Shift-click draws a line. F1 tells more.")

    def _unsay(self, text: str) -> None:
        if self._says.text() == text:
            self._says.clear()

    def _opened(self, shown: DisplayedImage) -> None:
        self.banner.dismiss()
        self._says.clear()
        self.comparing.leave()
        self.generation.leave()
        self.on_canvas.open(shown)
        self.view.fit()
        self._give_keys()

    def _document_changed(self, change: Change) -> None:
        if change.kinds != {"live"}:  # a running stroke changes no title, and has no time to lose
            self._show_title()
        if not self.on_canvas.follow(change) and change.kinds != {"state"}:
            self.generation.live.changed()
        if not change.kinds <= {"live", "state"} and not self.generation.live.on:
            self.generation.forget_end()

    def _show_title(self) -> None:
        path = self.document.path
        name = path.stem if path is not None else "New scene"
        self.setWindowTitle(f"{name}[*] – Wordbrush")
        self.setWindowModified(self.document.dirty)
        width, height = self.document.scene.size
        self._size.setText(f"{width} × {height}")

    def _copy_log(self) -> None:
        QGuiApplication.clipboard().setText(log.tail() or log.about())
        self.say("The log is on the clipboard.")

    def _show_shortcuts(self) -> None:
        ShortcutsDialog(self.actions_table, self.theme, self).open()

    # drops -------------------------------------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None or dropped_picture(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            # After the drop is over, so that a question does not hold up the program it came from.
            QTimer.singleShot(0, self, lambda: self.files.open_path(path))
            return
        picture = dropped_picture(event)
        if picture is not None:
            event.acceptProposedAction()
            take = Source(picture.stem, path=picture)
            self.banner.show_message(
                f"“{picture.name}” is a picture without a scene.",
                "Its look can be used as a style.",
                buttons=(("Use as style", lambda: self.styles.pictures_dropped.emit([take])),),
            )
