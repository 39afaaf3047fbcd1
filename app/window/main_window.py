"""The window: makes the session, the widgets and their controllers, and opens and closes with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QMainWindow

from app.actions import Actions
from app.colours.card import ColoursCard
from app.colours.controller import ColoursController
from app.colours.pictures_card import PicturesCard
from app.colours.pictures_controller import PicturesController
from app.controls.controller import ControlsController
from app.controls.panel import ControlPanel
from app.files.colour_map import ColourMaps
from app.files.controller import FilesController
from app.files.cut_outs import CutOuts
from app.files.names import dropped_file
from app.files.recovery import Recovery
from app.find.controller import FindController
from app.generation.controller import GenerationController
from app.image_info.displayed_image import DisplayedImage
from app.language import sentence, tr
from app.library.controller import ModelsController
from app.loras.controller import LoraController
from app.loras.panel import LoraPanel, lora_files
from app.machines.controller import MachinesController
from app.picture.comparison_controller import ComparisonController
from app.picture.comparison_view import ComparisonView
from app.picture.controller import PictureController
from app.picture.heatmap_bar import HeatmapBar
from app.picture.heatmap_controller import HeatmapController
from app.picture.live_bar import LiveBar
from app.picture.live_controller import LiveController
from app.picture.preview_bar import PreviewBar
from app.preferences import Preferences
from app.prompt.controller import PromptController
from app.prompt.palette import PaletteController, noun_in
from app.prompt.prompt_bar import PromptBar
from app.queue.controller import QueueController
from app.results.controller import ResultsController
from app.results.export_controller import ExportController
from app.results.panel import ResultsPanel
from app.rework.bar import ReworkBar
from app.rework.controller import ReworkController
from app.rework.grid_controller import GridController
from app.seeking.controller import SeekController
from app.seeking.describing import DescribeController
from app.session import Session
from app.settings.controller import SettingsController
from app.settings.panel import SettingsPanel
from app.storage.autosave import Autosave
from app.storage.results import ResultStore
from app.styles.controller import StylesController
from app.styles.mood_controller import MoodController
from app.styles.panel import StylePanel
from app.teaching.controller import TeachingController
from app.timeline.controller import Timeline
from app.tools.brush_bar import BrushBar
from app.tools.brush_controller import BrushController
from app.tools.brushes_controller import BrushesController
from app.tools.guides_controller import GuidesController
from app.tools.marks_controller import MarksController
from app.tools.reference import ReferencePanel
from app.tools.selection_controller import SelectionController
from app.tools.tool_column import ToolColumn
from app.tools.tool_controller import ToolController
from app.widgets.dock_title import DockTitle
from app.widgets.theme import Theme
from app.window import layout, wiring
from app.window.banner import Banner
from app.window.endings import CLOSING, Deadline
from app.window.held_input import HeldInput
from app.window.notices import Notices
from app.window.offers import tell_folders
from app.window.status_line import StatusLine
from app.window.tour import Tour
from app.window.zen import Zen
from app.words.controller import WordsController
from app.words.panel import WordsPanel
from app.words.score_controller import ScoreController
from app.words.soft_edges import SoftEdges
from canvas.model.document import Document
from canvas.view.canvas_view import CanvasView
from engine.executor import Executor
from engine.remote.switching import SwitchingExecutor


class MainWindow(QMainWindow):
    """The whole program in one window. `start_engine` and `offer_recovery` are called after it is on screen."""

    def __init__(self, preferences: Preferences, theme: Theme, own: Executor) -> None:
        super().__init__()
        self.preferences, self.theme = preferences, theme
        theme.setParent(self)
        self.executor = executor = SwitchingExecutor(own)
        self.session = session = Session(executor, self)
        self.actions_table = actions = Actions(self, preferences, theme)
        self.store = ResultStore(preferences.folders.results, use_trash=not preferences.folders.private)

        self.banner = Banner(theme)
        self.status = StatusLine(actions)
        self.prompt_bar = PromptBar(session, actions, theme)
        self.brush_bar = BrushBar(actions)
        self.tools = ToolColumn(actions, theme)
        self.view = view = CanvasView()
        view.set_document(session.document)
        view.sentence = sentence
        view.setAccessibleName(tr("Canvas"))
        view.setAccessibleDescription(sentence(view.accessibleDescription()))
        self.timeline = Timeline(session, theme)
        self.words = WordsPanel(theme)
        self.colours = ColoursCard(actions, theme)
        self.pictures = PicturesCard(theme)
        self.styles = StylePanel(theme)
        self.loras = LoraPanel(theme)
        self.controls = ControlPanel(theme)
        below = layout.stacked(self.loras, self.controls)
        self.settings_panel = SettingsPanel(session, actions, theme, below_model=below)
        self.results = ResultsPanel(theme)
        self.comparison = ComparisonView(theme, view)
        self.look_bar = PreviewBar(theme, view)
        self.heatmap_bar = HeatmapBar(theme, view)
        self.rework_bar = ReworkBar(actions, theme, view, self.look_bar)
        self.live_bar = LiveBar(theme, view)

        self.generation = GenerationController(session, executor, self.store, self)
        self.files = FilesController(self, session, preferences)
        self.maps = ColourMaps(self, session, preferences, self.files)
        self.cutting = CutOuts(self, preferences)
        self.exporting = ExportController(self, preferences, self.results)
        self.notices = Notices(self.banner, preferences, self.files)
        self.autosave = Autosave(
            preferences.folders.autosave, session.document, picture=self.files.picture_of,
            stamp=lambda: session.stamp, parent=self,
        )  # fmt: skip
        self.recovery = Recovery(self, self.autosave, self.files)
        self.library = ModelsController(self, session, executor, preferences)
        self.machines = MachinesController(self, session, executor, preferences)
        self.prompting = PromptController(session, self.prompt_bar, self)
        self.nouns = PaletteController(session, actions, preferences, theme, self, below=self.prompt_bar)
        self.queueing = QueueController(
            session, self.generation, theme, self, folder=preferences.folders.autosave / "queue"
        )
        self.reworking = ReworkController(session, self.generation, actions, preferences, self.rework_bar, self)
        self.gridding = GridController(session, self.generation, actions, self)
        self.teaching = TeachingController(session, self.generation, executor, actions, self)
        self.queueing.cells_of = self.gridding.take_up
        self.setting = SettingsController(session, self.settings_panel, self)
        self.changing = LoraController(self, session, executor, preferences, self.loras)
        self.controlling = ControlsController(self, session, executor, preferences, self.controls)
        self.painting = WordsController(session, actions, panel=self.words, view=view)
        self.softening = SoftEdges(session, view=view)
        self.brushing = BrushController(session, actions, preferences, bar=self.brush_bar, view=view)
        self.brushes = BrushesController(session, actions, preferences, menu=self.brush_bar.brushes, window=self)
        self.tooling = ToolController(session, actions, view=view)
        self.selecting = SelectionController(session, actions, self)
        self.guiding = GuidesController(session, actions, preferences, view=view)
        self.colouring = ColoursController(session, actions, preferences, card=self.colours, view=view, window=self)
        self.layering = PicturesController(session, actions, card=self.pictures, window=self)
        self.reference = ReferencePanel(preferences)
        self.marking = MarksController(session, actions, view=view, label=self.status.coverage)
        self.styling = StylesController(self, session, preferences, panel=self.styles, view=view)
        self.moods = MoodController(self, session, executor, card=self.styles.mood, results=self.store.list)
        self.finding = FindController(self, session, executor, preferences, home=preferences.folders.picture_index)
        self.gallery = ResultsController(
            session, self.store, self.results, self, findings=self.generation.findings, preferences=preferences
        )
        self.on_canvas = PictureController(
            session, self.generation, view, bar=self.look_bar, may_rest=actions["view.rest"].isChecked, parent=self
        )
        self.living = LiveController(self, session, self.generation, preferences, self.live_bar)
        self.comparing = ComparisonController(session, self.generation, self.comparison, self)
        self.heatmaps = HeatmapController(session, view, self.heatmap_bar, covered=self.comparison.isVisible)
        self.seeking = SeekController(self, session, executor, actions)
        self.describing = DescribeController(self, session, executor, actions)
        self.scoring = ScoreController(session, actions, words=self.words, label=self.status.score, parent=self)
        self.titles: dict[str, DockTitle] = {}
        self._may_close = self._closed = self._ended = False
        layout.place(self)
        self._unsubscribe = wiring.connect(self)
        self.zen, self.tour = Zen(self), Tour(self)
        self._held = HeldInput(self)
        self.files.busy_changed.connect(lambda busy: None if busy else self._held.let_in())
        self._newcomer = False

    @property
    def document(self) -> Document:
        """The session's document."""
        return self.session.document

    @property
    def shown(self) -> DisplayedImage:
        """The picture on the canvas, and what made it."""
        return self.session.displayed

    # start and end -----------------------------------------------------------------------------------------------
    def start_engine(self) -> None:
        """Load the model in advance, list the models and the results; the window is on screen by now."""
        self.machines.start()
        self.generation.start()
        self.gallery.refresh()
        self.library.list_models()
        self.moods.list_moods()
        self.queueing.take_back()

    def offer_recovery(self) -> None:
        """Offer the scenes of programs that ended without closing, and say in which folders nothing can be kept."""
        if not self.recovery.offer():
            tell_folders(self)
        self.notices.begin()
        if self._newcomer and not self.preferences.values.toured:
            self.tour.start()

    def open_first(self, path: Path | None) -> None:
        """What the window begins with: the file that was asked for, or on the very first start an example."""
        if path is not None:
            self.files.load(path)
        elif not self.preferences.values.started:
            self.files.load_first()
            self._newcomer = True
        self.preferences.change(started=True)

    def give_keys(self) -> None:
        """The brush's keys act at once, or where nothing is written yet, one writes at once."""
        (self.view if self.session.scene.prompt.strip() else self.prompt_bar.prompt).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():  # it is no mere return from the task bar
            self.give_keys()
            if self.files.busy:
                self._held.hold()
            QTimer.singleShot(0, self.preferences, self.preferences.layout_held)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.generation.keeper.waiting and not self._may_close:
            self.generation.save_again()
            if self.generation.keeper.waiting:  # the banner says why
                event.ignore()
                return
        if (self.files.saving or self.document.dirty) and not self._may_close:
            event.ignore()
            self.files.ask_to_keep(self._close_now)
            return
        self.shut_down()
        super().closeEvent(event)

    def _close_now(self) -> None:
        self._may_close = True
        self.close()

    def shut_down(self, *, keep_unsaved: bool = False) -> bool:
        """Stop all threads and remember the window; once. `keep_unsaved` leaves unsaved work to be offered again.

        Returns:
            False where threads go on, because the engine or a disk took more than `CLOSING` seconds.
        """
        if self._closed:
            return self._ended
        self._closed = True
        left = Deadline(CLOSING)
        if keep_unsaved:
            self.autosave.save_now(left(CLOSING / 2))  # before all that may take its time
        for dialog in self.findChildren(QDialog):
            dialog.done(QDialog.DialogCode.Rejected)
        self.tour.end()
        self.zen.leave()  # what is remembered is the whole window
        layout.remember(self)
        self.hide()  # at once: what follows may wait for the engine's step, or for torch to be imported
        self._unsubscribe()
        for part in (
            self.prompting,
            self.setting,
            self.painting,
            self.colouring,
            self.layering,
            self.heatmaps,
            self.scoring,
        ):
            part.close()
        self.timeline.close_down()
        self.reference.close_down(0)
        self.library.stop()
        self.seeking.stop()
        self.teaching.stop()
        ended = [self.queueing.close(left(CLOSING / 4)), self.generation.stop(left(CLOSING / 2))]
        parts = (self.machines, self.living, self.gridding, self.exporting, self.cutting, self.describing, self.files,
                 self.generation, self.gallery, self.results.model, self.styling, self.moods, self.finding,
                 self.library, self.changing, self.controlling, self.nouns, self.softening, self.teaching)  # fmt: skip
        ended += [part.close(left()) for part in parts]
        ended.append(self.autosave.close(keep=keep_unsaved, timeout=left()))
        self.session.close()
        self.preferences.sync()
        self._ended = all(ended)
        return self._ended

    # drops -------------------------------------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) or lora_files(event.mimeData()) or noun_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if noun := noun_in(event.mimeData()):
            event.acceptProposedAction()
            self.nouns.drop(noun)
            return
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            # After the drop is over, so that a question does not hold up the program it came from.
            QTimer.singleShot(0, self, lambda: self.files.open_path(path))
            return
        if files := lora_files(event.mimeData()):
            event.acceptProposedAction()
            self.changing.add_files(files)
