"""The closed loop in the window: what the last picture did is seen, kept as paint, scored and corrected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.generation.controller import GenerationController
from app.picture.controller import PictureController
from app.picture.heatmap_bar import HeatmapBar
from app.picture.heatmap_controller import HeatmapController
from app.preferences import Preferences
from app.prompt.prompt_bar import PromptBar
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme
from app.words.panel import WordsPanel
from app.words.score_controller import ScoreController
from canvas.model.document import Document
from canvas.view.canvas_view import CanvasView


class ClosedLoop(QObject):
    """Makes heatmaps and scores, and connects them with the rest of the window."""

    said = Signal(str)

    def __init__(
        self,
        document: Document,
        actions: Actions,
        settings: Preferences,
        *,
        theme: Theme,
        view: CanvasView,
        words: WordsPanel,
        prompt: PromptBar,
        generation: GenerationController,
        on_canvas: PictureController,
        cover: QWidget,
        generate: Callable[[], None],
    ) -> None:
        """`cover` is what may lie over the canvas; `generate` makes the scene's picture."""
        super().__init__(view)
        self.bar = HeatmapBar(theme, view)
        self.score = named(PlainLabel(), "pictureScore")
        self.heat = HeatmapController(document, view, self.bar, words=words, prompt=prompt, covered=cover.isVisible)

        def generate_again(_seed: int) -> None:
            on_canvas.seed_used = None  # the scene has the seed that is wanted
            generate()

        self.scoring = ScoreController(
            document, actions, words=words, label=self.score, generate=generate_again, parent=self
        )  # fmt: skip
        for part in (self.heat, self.scoring):
            part.said.connect(self.said)
            on_canvas.seen.connect(part.show_picture)
        generation.heatmaps.connect(self.heat.show_running)
        for name, on, take in (
            ("heatmaps", settings.values.show_heatmaps, self.heat.set_on),
            ("heatmap_pointer", settings.values.heatmap_pointer, self.heat.set_pointer),
        ):
            switch = actions[f"view.{name}"]
            switch.setChecked(on)
            take(on)
            switch.toggled.connect(take)
        actions["view.heatmaps"].toggled.connect(lambda on: settings.change(show_heatmaps=on))
        actions["view.heatmap_pointer"].toggled.connect(lambda on: settings.change(heatmap_pointer=on))
        actions["word.keep"].triggered.connect(lambda: self.heat.keep_shown())

        cover.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self.heat.refresh()
        return super().eventFilter(watched, event)

    def close(self) -> None:
        """Stop listening."""
        self.heat.close()
        self.scoring.close()
