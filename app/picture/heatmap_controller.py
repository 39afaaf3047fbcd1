"""Which word's heatmap lies over the picture: that under the pointer, or while it is switched on the chosen one's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.image_info.displayed_image import DisplayedImage
from app.image_info.heatmaps import Heatmaps
from app.language import tr
from app.picture.heatmap_bar import HeatmapBar
from app.session import Session
from app.vocabulary import names_something
from canvas.model import edits
from canvas.model.document import Change
from canvas.model.edits import WHOLE
from canvas.model.retarget import carried
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import Span, next_style, word_title
from canvas.paint import heatmap_mask
from canvas.paint.parting import Found
from canvas.view.canvas_view import CanvasView

DWELL_MS = 180  # the pointer that only passes over words shows nothing
LINGER_MS = 600  # and has this long to reach the bar
WENT = "went here"
GOES = "goes here"
FORMER = "went here before the picture was refined"
SPREAD = "is spread over the whole picture"
NO_WORD = "First point at a word in the prompt, or pick one."
NONE_YET = "There is no picture yet. Generate one to see where its words went."
NOT_KNOWN = "Where “{}” went was not measured. Generate again to see it."
OTHER_PROMPT = "“{}” was not in the prompt of this picture."


@dataclass(frozen=True)
class Subject:
    """A word of the prompt, whether it is one of the scene's or not."""

    span: Span
    title: str
    color: str
    paint: TiledMask | None


class HeatmapController(QObject):
    """Takes what is displayed, what runs and where the pointer is; tells the canvas and the bar."""

    said = Signal(str)
    cut_asked = Signal(str, object, object)  # the phrase, what is `Found` of it and of others, and the picture
    layer_asked = Signal(str, object, object)  # the same, for a layer
    keepable_changed = Signal(object)  # the ids of the words for which the picture has a place

    def __init__(
        self,
        session: Session,
        view: CanvasView,
        bar: HeatmapBar,
        *,
        covered: Callable[[], bool],
    ) -> None:
        """`covered` says whether something else lies over the canvas."""
        super().__init__(view)
        self._covered = covered
        self._session, self._document, self._view, self._bar = session, session.document, view, bar
        self._running: Heatmaps | None = None
        self._on, self._pointer = False, True
        self._hover: Span | None = None  # that is looked at
        self._next: Span | None = None  # that will be, if the pointer stays
        self._resting = False  # a stroke was painted since heatmaps were wanted
        self._dwell = QTimer(self, singleShot=True)
        self._dwell.timeout.connect(self._take_hover)
        bar.keep_asked.connect(self.keep_shown)
        bar.left.connect(lambda: self.hover(None))
        view.stroke_started.connect(self._rest)
        session.word_changed.connect(lambda _word: self._wake())
        session.picture_changed.connect(self._show_picture)
        self._unsubscribe = session.document.subscribe(self._on_change)

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()
        self._dwell.stop()

    # what there is to show ---------------------------------------------------------------------------------------
    def set_on(self, on: bool) -> None:
        """Whether the chosen word's heatmap is shown all the time."""
        self._on = on
        self._wake()
        if on and self._subject() is None:
            self.said.emit(tr(NO_WORD))

    def set_pointer(self, on: bool) -> None:
        """Whether words under the pointer show theirs."""
        self._pointer = on
        self.drop_hover()

    def _show_picture(self, image: DisplayedImage) -> None:
        if not image.live:
            self._resting = False
        self.refresh()

    def can_keep(self, span: Span) -> bool:
        """Whether the picture has a place for a span of the prompt."""
        return self._values(span) is not None

    def show_running(self, heatmaps: Heatmaps | None) -> None:
        """What the words of the generation that runs did so far; None when it is over."""
        self._running = heatmaps
        self.refresh()

    # keeping -----------------------------------------------------------------------------------------------------
    def keep_shown(self) -> None:
        """Paint the word whose heatmap is looked at, or the chosen one, where it is."""
        subject = self._subject(always=True)
        if subject is None:
            self.said.emit(tr(NO_WORD))
        else:
            self.keep(subject.span)

    def select_shown(self) -> None:
        """Select where the word went whose heatmap is looked at, or the chosen one, as one step."""
        subject, scene = self._subject(always=True), self._document.scene
        if subject is None:
            self.said.emit(tr(NO_WORD))
            return
        values, phrase = self._values(subject.span), scene.prompt[slice(*subject.span)]
        if values is None:
            self.said.emit(self._why_none(subject.span, phrase))
            return
        selection = heatmap_mask.kept_mask(values, scene.size)
        self._document.apply(scene.replace(selection=selection), f"Select where “{phrase}” went")

    def cut_out_shown(self, *, layer: bool = False) -> None:
        """Ask for a cut-out of the word whose heatmap is looked at, or of the chosen one, as a file or as a layer."""
        subject, rgb = self._subject(always=True), self._session.displayed.rgb
        if subject is None or rgb is None:
            self.said.emit(NO_WORD if subject is None else NONE_YET)
            return
        values, phrase = self._values(subject.span), self._document.scene.prompt[slice(*subject.span)]
        if values is None:
            self.said.emit(self._why_none(subject.span, phrase))
        elif heatmap_mask.is_spread(values):
            self.said.emit(tr("“{phrase}” {where}.", phrase=phrase, where=tr(SPREAD)))
        else:
            (self.layer_asked if layer else self.cut_asked).emit(phrase, self._found(subject.span, values), rgb)

    def _found(self, span: Span, values: np.ndarray) -> tuple[Found, ...]:
        """What the picture knows of a word of the prompt, and then of those words that lie beside it in the prompt."""
        prompt, heatmaps, made = self._document.scene.prompt, self._heatmaps(), self._session.displayed.scene
        assert heatmaps is not None
        here = carried(prompt, heatmaps.prompt, span) or span
        taken, found = [here], [Found(values, _paint_in(made, here))]
        for other, map_ in zip(heatmaps.spans, heatmaps.maps, strict=True):
            beside = all(other[1] <= each[0] or each[1] <= other[0] for each in taken)
            if beside and heatmap_mask.usable(map_) and not heatmap_mask.is_spread(map_):
                taken.append(other)
                found.append(Found(map_, _paint_in(made, other)))
        return tuple(found)

    def keep(self, span: Span) -> None:
        """Paint a word of the prompt where the picture has it, as one step; it becomes a word where it is none yet."""
        scene = self._document.scene
        values = self._values(span)
        if values is None:
            self.said.emit(self._why_none(span, scene.prompt[slice(*span)]))
            return
        scene, word_id = edits.add_word(scene, span)
        word = scene.word(word_id)
        strength = word.strength if word.strength > 0 else 1.0  # what is kept is not pushed out
        scene = edits.change_word(scene, word_id, strength=strength, visible=True)
        scene = edits.set_mask(scene, word_id, heatmap_mask.kept_mask(values, scene.size))
        self.drop_hover()
        self._document.apply(scene, f"Keep “{word.phrase}” where it is")
        self._session.choose_word(word_id)
        self._view.set_selected_word(word_id)  # if it was chosen before, its paint shows again
        self._rest()  # what was made is to be seen now
        self.said.emit(
            tr("“{phrase}” is painted where it was. Change its paint, or generate again.", phrase=word.phrase)
        )

    def keep_word(self, word_id: str) -> None:
        """Paint a word of the scene where the picture has it."""
        span = self._document.scene.word(word_id).span
        if span is not None:
            self.keep(span)

    # the pointer -------------------------------------------------------------------------------------------------
    def hover_word(self, word_id: str, on: bool) -> None:
        """The pointer came to a word's card, or went away from it."""
        scene = self._document.scene
        self.hover(scene.word(word_id).span if on and scene.has_word(word_id) else None)

    def hover(self, span: Span | None) -> None:
        """The pointer is on a span of the prompt now, None for none."""
        if not self._pointer:
            return
        scene = self._document.scene
        if span is not None and not any(word.span == span for word in scene.words):
            span = span if names_something(scene.prompt[slice(*span)]) else None  # articles are not watched
        self._next = span
        if span is not None and self._hover is not None:
            self._take_hover()  # from one to the next at once
        elif span != self._hover:
            self._dwell.start(DWELL_MS if span is not None else LINGER_MS)

    def _take_hover(self) -> None:
        self._dwell.stop()
        if self._next is None and self._bar.underMouse() and self._bar.isVisible():
            return
        self._hover = self._next
        self.refresh()

    def drop_hover(self) -> None:
        """The pointer has another business now, and the picture itself is of interest."""
        self._next = self._hover = None
        self._dwell.stop()
        self.refresh()

    def _rest(self) -> None:
        """Stay away while somebody paints, until the next picture or word."""
        self._resting = True
        self.drop_hover()

    def _wake(self) -> None:
        self._resting = False
        self.refresh()

    # showing -----------------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "prompt"}:
            self._next = self._hover = None  # it may be another word by now
        if change.kinds - {"live", "state"}:
            self.refresh()

    def _subject(self, *, always: bool = False) -> Subject | None:
        scene, span = self._document.scene, self._hover
        chosen = self._session.word
        if span is None and (always or (self._on and not self._resting)) and scene.has_word(chosen):
            span = scene.word(chosen or "").span
        if span is None:
            return None
        word = next((word for word in scene.words if word.span == span), None)
        if word is None:
            return Subject(span, scene.prompt[slice(*span)], next_style(scene.paintables)[0], None)
        return Subject(span, word_title(scene.prompt, word), word.color, scene.masks[word.id])

    def _heatmaps(self) -> Heatmaps | None:
        shown = self._session.displayed
        known = shown.findings.heatmaps if shown.place == WHOLE else None  # they are of the whole canvas
        return self._running or known

    def _values(self, span: Span) -> np.ndarray | None:
        heatmaps = self._heatmaps()
        return None if heatmaps is None else heatmaps.of(self._document.scene.prompt, span)

    def _why_none(self, span: Span, title: str) -> str:
        if self._session.displayed.rgb is None and self._running is None:
            return tr(NONE_YET)
        heatmaps, prompt = self._heatmaps(), self._document.scene.prompt
        new = heatmaps is not None and carried(prompt, heatmaps.prompt, span) is None
        return tr(OTHER_PROMPT).format(title) if new else tr(NOT_KNOWN).format(title)

    def refresh(self) -> None:
        """Show what is to be shown now."""
        scene = self._document.scene
        self.keepable_changed.emit({w.id for w in scene.words if w.span is not None and self.can_keep(w.span)})
        subject = None if self._covered() else self._subject()
        values = None if subject is None else self._values(subject.span)
        if subject is None:
            self._view.set_heatmap(None)
            self._bar.hide()
        elif values is None:
            self._view.set_heatmap(None)
            empty = self._session.displayed.rgb is None and self._running is None
            if empty and not self._on:
                self._bar.hide()  # who has made no picture yet is not to be told so at every word
            else:
                self._bar.show_note(self._why_none(subject.span, subject.title))
        else:
            self._view.set_heatmap(values, subject.color, subject.paint)
            spread, running = heatmap_mask.is_spread(values), self._running is not None
            known = self._heatmaps()
            went = tr(FORMER) if known is not None and known.former else tr(WENT)
            note = (tr(SPREAD) if spread else tr(GOES) if running else went) + (tr(" so far") if running else "")
            self._bar.show_heat(subject.title, subject.color, note)


def _paint_in(scene: Scene | None, span: Span) -> np.ndarray | None:
    """The paint that a word had in the scene of a picture; None for none."""
    for word in () if scene is None else scene.words:
        if word.span == span and scene is not None and word.strength > 0 and word.visible:
            return scene.masks[word.id].to_array()
    return None
