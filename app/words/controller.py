"""Words between the prompt, the chips, the canvas and the document: who is chosen, painted, shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup

from app.actions import Actions
from app.preferences import Preferences
from app.prompt.prompt_bar import PromptBar
from app.prompt.span_painting import Tint
from app.settings.panel import SettingsPanel
from app.widgets.helpers import listed
from app.widgets.plain_text import plain_tip
from app.words.brush_bar import BrushBar
from app.words.panel import WordsPanel
from canvas.model import edits
from canvas.model.document import Change, Document
from canvas.model.errors import CanvasError
from canvas.model.scene import acting_ids
from canvas.model.words import Span
from canvas.paint.brush import MAX_DIAMETER, MIN_DIAMETER
from canvas.view.canvas_view import CanvasView

REFERENCE_SIDE = 256  # pixels of the canvas' shorter side for which the size of the brush is remembered
PRESSURE = ("pressure_size", "pressure_opacity")  # of the brush, and how settings and actions call them
WORD_ACTIONS = ("word.fill", "word.fill_all", "word.clear", "word.drop")


class WordsController(QObject):
    """Keeps views and document in step: every edit goes to the document, every view shows what the document says."""

    failed = Signal(object)
    settled = Signal()  # an edit went well after one that was refused: its message is of no use any more
    said = Signal(str)
    changed = Signal(object)  # the document's Change, after all views took it

    def __init__(
        self,
        document: Document,
        actions: Actions,
        settings: Preferences,
        *,
        prompt: PromptBar,
        words: WordsPanel,
        settings_panel: SettingsPanel,
        brush: BrushBar,
        view: CanvasView,
    ) -> None:
        super().__init__(view)
        self._document = document
        self._actions = actions
        self._settings = settings
        self._prompt, self._words, self._panel, self._bar, self._view = prompt, words, settings_panel, brush, view
        self._side = min(document.scene.size)  # of the canvas that the brush's size goes with
        self._complained = False  # whether an edit was refused, and the message still stands
        self._connect_prompt()
        self._connect_words()
        self._connect_brush()
        settings_panel.setting_changed.connect(lambda name, value: self.edit(document.set_settings, **{name: value}))
        settings_panel.size_changed.connect(lambda width, height: self.edit(document.set_size, (width, height)))
        settings_panel.crop_asked.connect(
            lambda width, height, anchor: self.edit(document.set_size, (width, height), anchor=anchor)
        )
        for panel in (words, settings_panel):
            panel.edit_ended.connect(document.end_merge)
        actions["edit.undo"].triggered.connect(document.undo)
        actions["edit.redo"].triggered.connect(document.redo)
        self._unsubscribe = document.subscribe(self._on_change)

    def close(self) -> None:
        """Stop listening, and remember the brush."""
        self._unsubscribe()
        self._keep_brush()

    def edit(self, change: Callable[..., object], *args: object, **options: object) -> bool:
        """Make an edit; one that the scene refuses is explained and the views go back to what is."""
        try:
            change(*args, **options)
        except CanvasError as error:
            self.failed.emit(error)
            self._complained = True
            self.show_all()
            return False
        if self._complained:
            self._complained = False
            self.settled.emit()
        return True

    # prompt ------------------------------------------------------------------------------------------------------
    def _connect_prompt(self) -> None:
        bar = self._prompt
        bar.prompt.edited.connect(lambda text, edit: self.edit(self._document.set_prompt, text, edit=edit))
        bar.prompt.word_clicked.connect(self._pick_to_paint)
        bar.prompt.left.connect(self._view.setFocus)
        self._view.stroke_started.connect(bar.prompt.forget_pick)
        self._actions["word.type"].triggered.connect(self._type)
        bar.prompt.phrase_marked.connect(self._actions["word.paint"].setEnabled)
        bar.prompt.phrase_marked.connect(self._words.allow_attach)
        bar.rewrite_asked.connect(self._rewrite)
        bar.negative_edited.connect(lambda text: self.edit(self._document.set_negative, text))
        self._actions["word.paint"].triggered.connect(self.pick_marked)
        self._actions["word.paint"].setEnabled(False)

    def _pick_to_paint(self, start: int, end: int) -> None:
        """A word was clicked: it is painted now, and the keys are the brush's, not the prompt's."""
        self.pick((start, end))
        self._view.setFocus()

    def _type(self) -> None:
        """Give the keys to the prompt, behind the chosen word where there is one."""
        scene, chosen, field = self._document.scene, self._view.selected_word, self._prompt.prompt
        span = scene.word(chosen or "").span if scene.has_word(chosen) else None
        field.place_cursor(span[1] if span is not None else len(scene.prompt))
        field.setFocus()

    def _rewrite(self, changes: list[tuple[Span, str]]) -> None:
        """Write other forms of words of the prompt, as one step; what is painted with them stays so."""
        scene = self._document.scene
        for span, text in reversed(changes):
            scene = edits.rewrite(scene, span, text)
        if changes:
            self._document.apply(scene, f"Write “{next(text for _span, text in changes if text)}”")

    def pick(self, span: tuple[int, int]) -> None:
        """Make a span of the prompt a word, or find the one that it is, and choose it."""
        before = [word.id for word in self._document.scene.words]

        def add() -> None:
            word_id = self._document.add_word(span)
            self._view.set_selected_word(word_id)
            if word_id not in before:
                self.said.emit(f"Paint where “{self._document.scene.word(word_id).phrase}” should be.")

        self.edit(add)

    def pick_marked(self) -> None:
        """The phrase that is marked in the prompt becomes a word; the canvas takes the keys."""
        span = self._prompt.prompt.marked_span()
        if span is not None:
            self._prompt.prompt.clear_mark()
            self.pick(span)
            self._view.setFocus()

    def attach_marked(self, word_id: str) -> None:
        """Give a word and its paint to the phrase that is marked in the prompt."""
        span = self._prompt.prompt.marked_span()
        if span is not None:
            self._attach(word_id, span)

    def _attach(self, word_id: str, span: tuple[int, int]) -> None:
        if self.edit(self._document.attach_word, word_id, span):
            self._prompt.prompt.clear_mark()
            self._choose(word_id)

    def _give(self, word_id: str, start: int, end: int) -> None:
        """Give a word's paint to other text, which is chosen then."""

        def give() -> None:
            self._choose(self._document.give_paint(word_id, (start, end)))

        self.edit(give)

    def tell_lost(self) -> None:
        """Say which painted words are not in the prompt: their paint is left out of what is made."""
        scene = self._document.scene
        lost = [word.phrase for word in scene.words if word.span is None and not scene.masks[word.id].is_empty]
        if lost:
            names = listed([f"“{phrase}”" for phrase in lost])
            one = len(lost) == 1
            gone = f"{names} {'is' if one else 'are'} no longer in the prompt and {'was' if one else 'were'} ignored."
            self.said.emit(f"{gone} Attach the paint to other text, or remove it.")

    # words -------------------------------------------------------------------------------------------------------
    def _connect_words(self) -> None:
        document, words = self._document, self._words
        words.chosen.connect(self._choose)
        words.strength_changed.connect(lambda word, value: self.edit(document.set_strength, word, value))
        words.window_changed.connect(lambda word, *ends: self.edit(document.set_window, word, ends))
        words.attach_asked.connect(self.attach_marked)
        words.use_asked.connect(lambda word, *span: self._attach(word, span))
        words.visible_changed.connect(lambda word, value: self.edit(document.set_visible, word, value))
        words.muted_changed.connect(lambda word, value: self.edit(document.set_muted, word, value))
        words.solo_changed.connect(lambda word, value: self.edit(document.set_solo, word, value))
        words.color_changed.connect(lambda word, value: self.edit(document.set_color, word, value))
        words.give_asked.connect(self._give)
        words.clear_asked.connect(lambda word: self.edit(document.clear_word, word))
        words.drop_asked.connect(lambda word: self.edit(document.remove_word, word))
        self._actions["word.drop_gone"].triggered.connect(self._drop_gone)
        words.drop_gone_asked.connect(self._actions["word.drop_gone"].trigger)
        self._view.selected_word_changed.connect(self._on_selected)
        for name, act in (
            ("word.fill", document.fill_rest),
            ("word.fill_all", document.fill_word),
            ("word.clear", document.clear_word),
            ("word.drop", document.remove_word),
        ):
            self._actions[name].triggered.connect(lambda _checked=False, act=act: self._with_chosen(act))
        self._actions["word.next"].triggered.connect(lambda: self._step(1))
        self._actions["word.previous"].triggered.connect(lambda: self._step(-1))

    def _choose(self, word_id: str) -> None:
        self._view.set_selected_word(word_id)
        self._view.setFocus()

    def _drop_gone(self) -> None:
        self._document.apply(edits.remove_gone(self._document.scene), "Remove words not in the prompt")

    def _with_chosen(self, act: Callable[[str], object]) -> None:
        word_id = self._view.selected_word
        if word_id is None:
            self.said.emit("Click a word in the prompt first.")
        else:
            self.edit(act, word_id)

    def _step(self, by: int) -> None:
        scene = self._document.scene
        ids = [*(word.id for word in scene.words), *(style.id for style in scene.styles if style.area)]
        if ids:
            chosen = self._view.selected_word
            here = ids.index(chosen) + by if chosen in ids else (0 if by > 0 else -1)
            self._view.set_selected_word(ids[here % len(ids)])

    def _on_selected(self, word_id: str) -> None:
        self._show_words()
        self._words.reveal(word_id)

    # brush -------------------------------------------------------------------------------------------------------
    def _connect_brush(self) -> None:
        view, bar, settings, actions = self._view, self._bar, self._settings, self._actions

        def change(**values: Any) -> None:
            view.set_brush(dataclasses.replace(view.brush, **values))

        bar.diameter_changed.connect(lambda value: change(diameter=value))
        bar.hardness_changed.connect(lambda value: change(hardness=value))
        bar.opacity_changed.connect(lambda value: change(opacity=value))
        self._tools = QActionGroup(self)  # one of them is always in the hand
        for name in ("brush.paint", "brush.erase"):
            self._tools.addAction(actions[name])
        actions["brush.paint"].triggered.connect(view.use_brush)
        actions["brush.erase"].triggered.connect(view.use_eraser)
        for name in PRESSURE:
            actions[f"brush.{name}"].triggered.connect(lambda on, name=name: change(**{name: on}))
        actions["brush.larger"].triggered.connect(lambda: view.grow_brush())
        actions["brush.smaller"].triggered.connect(view.shrink_brush)
        actions["view.overlays"].setChecked(view.overlays_visible)
        actions["view.overlays"].triggered.connect(view.set_overlays_visible)
        view.overlays_changed.connect(actions["view.overlays"].setChecked)
        view.brush_changed.connect(self._show_brush)
        view.zoom_changed.connect(bar.show_zoom)
        for name, act in (
            ("view.zoom_in", view.zoom_in),
            ("view.zoom_out", view.zoom_out),
            ("view.fit", view.fit),
            ("view.actual", view.actual_size),
        ):
            actions[name].triggered.connect(lambda _checked=False, act=act: act())
        kept = settings.values
        own = {
            "diameter": kept.brush_diameter and kept.brush_diameter * self._side / REFERENCE_SIDE,
            "hardness": kept.brush_hardness,
            "opacity": kept.brush_opacity,
            "pressure_size": kept.brush_pressure_size,
            "pressure_opacity": kept.brush_pressure_opacity,
        }
        change(**{name: value for name, value in own.items() if value is not None})
        view.brush_changed.connect(self._keep_brush)
        self._show_brush()

    def _keep_brush(self) -> None:
        """Remember the brush, also where the program ends in a way that leaves no time for it."""
        brush = self._view.brush
        self._settings.change(
            brush_diameter=float(brush.diameter) * REFERENCE_SIDE / self._side,
            brush_hardness=float(brush.hardness),
            brush_opacity=float(brush.opacity),
            brush_pressure_size=brush.pressure_size,
            brush_pressure_opacity=brush.pressure_opacity,
        )

    def _show_brush(self) -> None:
        brush = self._view.brush
        self._bar.show_brush(diameter=brush.diameter, hardness=brush.hardness, opacity=brush.opacity)
        self._actions["brush.paint"].setChecked(not brush.erase)
        self._actions["brush.erase"].setChecked(brush.erase)
        for name in PRESSURE:
            self._actions[f"brush.{name}"].setChecked(getattr(brush, name))

    # what is shown -----------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        kinds = change.kinds
        if kinds == {"live"}:
            self.changed.emit(change)
            return
        if "all" in kinds and "size" not in kinds:
            self._words.forget()
        if kinds & {"all", "size"}:
            self._scale_brush()
        if kinds & {"all", "prompt"}:
            self._show_prompt()
        if kinds & {"all", "prompt", "words", "masks", "size"}:
            self._show_words()
        if kinds & {"all", "settings", "size"}:
            self._panel.show_scene(self._document.scene)
        if "all" in kinds and "size" not in kinds:
            self._choose_first()
        self._show_undo()
        self.changed.emit(change)

    def _scale_brush(self) -> None:
        """A canvas of another size: the brush keeps its share of it."""
        before, self._side = self._side, min(self._document.scene.size)
        if before != self._side:
            diameter = min(max(self._view.brush.diameter * self._side / before, MIN_DIAMETER), MAX_DIAMETER)
            self._view.set_brush(dataclasses.replace(self._view.brush, diameter=float(round(diameter))))

    def show_all(self) -> None:
        """Show everything as the document has it."""
        self._show_prompt()
        self._show_words()
        self._panel.show_scene(self._document.scene)
        self._show_brush()
        self._show_undo()

    def _choose_first(self) -> None:
        words = self._document.scene.words
        if self._view.selected_word is None and words:
            self._view.set_selected_word(words[0].id)

    def _show_prompt(self) -> None:
        scene = self._document.scene
        self._prompt.prompt.set_text(scene.prompt)
        if self._prompt.negative.text() != scene.negative:
            self._prompt.negative.setText(scene.negative)

    def _show_words(self) -> None:
        scene, chosen = self._document.scene, self._view.selected_word
        self._words.show_scene(scene, chosen)
        acting = acting_ids(scene)
        self._prompt.prompt.set_tints(
            tuple(
                Tint(word.span, word.color, word.id == chosen, word.visible, word.id in acting)
                for word in scene.words
                if word.span is not None
            )
        )
        for name in WORD_ACTIONS:
            self._actions[name].setEnabled(chosen is not None)
        self._actions["word.drop_gone"].setEnabled(any(word.span is None for word in scene.words))

    def _show_undo(self) -> None:
        document = self._document
        for name, able, label, verb in (
            ("edit.undo", document.can_undo, document.undo_label, "Undo"),
            ("edit.redo", document.can_redo, document.redo_label, "Redo"),
        ):
            action = self._actions[name]
            action.setEnabled(able)
            action.setText(f"&{verb} {label}" if label else f"&{verb}")
            keys = action.shortcut().toString()
            action.setToolTip(plain_tip(f"{action.text().replace('&', '')}  ({keys})"))
