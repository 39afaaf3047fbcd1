"""Repaints a selection or a word's paint, varies the picture, fills what a larger canvas has new, refines, extends."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.generation.controller import GenerationController
from app.generation.request_builder import SEED_RANGE
from app.generation.sinks import CanvasSink, ResultsOnlySink
from app.image_info.displayed_image import DisplayedImage
from app.language import tr
from app.preferences import Preferences
from app.rework import varying
from app.rework.bar import EDIT, NEW, SELECTION, WHOLE, WORD, ReworkBar
from app.rework.cost import cost_of
from app.rework.extend_dialog import ExtendDialog, Margins
from app.rework.instructing import Instructing
from app.rework.refine_dialog import RefineDialog
from app.rework.size_question import ask_size, scaled
from app.rework.word_edits import WordEdits
from app.session import Session
from canvas.model import edits
from canvas.model.begun import SHAPES, Begun
from canvas.model.document import Change
from canvas.model.edits import WHOLE as ALL_OVER
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from resources.limits import MAX_SIDE

NO_PICTURE = "There is no picture to work on yet. Generate one, or open one, first."
NO_PLACE = "Select a part of the picture, or choose a word that has paint: that is what is redone."
FROM_NOISE = "It started from noise: open its scene, and Generate makes it again."
NOT_THERE = "The picture that it started from is not in its file."
OTHER_SIZE = "It started from a picture of {width} × {height} pixels; give the canvas that size first."
IN_RESULTS = "It goes into the results, as the scene on the canvas is a different one."


class ReworkController(QObject):
    """Each of its actions adds a job that begins from a picture; that of the scene's own comes on the canvas.

    Signals:
        said: why there is nothing to do, and where the result comes.
        room_wanted: how much of the canvas' lower edge the bar covers, in pixels.
    """

    said = Signal(str)
    room_wanted = Signal(int)

    def __init__(
        self,
        session: Session,
        generation: GenerationController,
        actions: Actions,
        preferences: Preferences,
        bar: ReworkBar,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._generation, self._actions, self._bar = session, generation, actions, bar
        self._preferences, self._window = preferences, window
        self._words = WordEdits(session, generation, preferences, window)
        self._words.said.connect(self.said)
        self._words.changed.connect(self._show)
        self.instructing = Instructing(session, generation, preferences, window)
        self.instructing.said.connect(self.said)
        self._chosen = ""  # what is to be made anew, where the painter chose
        for name, act in (
            ("repaint", self.repaint), ("vary", self.vary), ("refine", self.refine), ("extend", self.extend),
            ("again", self.again), ("instruct", self.instruct),
        ):  # fmt: skip
            actions[f"rework.{name}"].triggered.connect(lambda _on=False, act=act: act())
        shown = actions["view.rework_bar"]
        shown.setChecked(preferences.values.show_rework_bar)
        shown.toggled.connect(self._show_bar)
        bar.asked.connect(self._asked)
        bar.target_chosen.connect(self._choose)
        bar.strength_changed.connect(self._keep_strength)
        bar.context_chosen.connect(lambda context: preferences.change(rework_context=context))
        bar.shape_chosen.connect(self._keep_shape)
        bar.way_chosen.connect(self._keep_way)
        bar.details_asked.connect(self._words.edit_in_detail)
        bar.grow_asked.connect(self.grow)
        session.picture_changed.connect(lambda _image: self._show())
        session.word_changed.connect(lambda _word: self._show())
        session.document.subscribe(self._on_change)
        generation.live.state_changed.connect(lambda _state: self._show())
        self._show()

    # what is asked -----------------------------------------------------------------------------------------------
    def repaint(self, word: str | None = None) -> None:
        """Make the selection anew, or else a word's paint, by default the chosen one's; all else stays to the bit."""
        if self._mask(word) is None:
            self.said.emit(tr(NO_PLACE))
        else:
            self._at_its_size(lambda: self._repaint(word))

    def _repaint(self, word: str | None) -> None:
        mask = self._mask(word)
        if mask is not None:
            image, array = self._session.displayed, mask.to_array()
            kept = self._preferences.values
            shape = kept.rework_shape if kept.rework_shape in SHAPES else ""
            shows = image.scene.prompt if shape == "picture" and image.scene is not None else ""
            how = {"mask": array, "context": self._context(array), "shape": shape, "shows": shows}
            self._make(image, self._session.scene, "repaint", kept.rework_repaint, **how)

    def _mask(self, word: str | None) -> TiledMask | None:
        """What is repainted: a word's paint, or without one the selection or else the chosen word's paint."""
        if word is not None:
            return self._paint_of(word)
        return self._session.scene.selection or self._paint_of(self._session.word)

    def fill_new(self) -> None:
        """Make what a larger canvas has beyond the picture, out of what lies at its edge."""
        from engine.reworking.extending import extended

        scene, image = self._session.scene, self._session.displayed
        if image.rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        left, top, width, height = image.place
        size = (max(1, round(width * scene.size[0])), max(1, round(height * scene.size[1])))
        rgb = scaled(image.rgb, size)
        corner = (round(left * scene.size[0]), round(top * scene.size[1]))
        canvas, mask = extended(rgb, scene.size, corner)
        self._submit(image, scene, Begun.of("extend", canvas, 1.0, name=_name(image), mask=mask))
        if rgb.shape != image.rgb.shape:
            self._say_sizes(image.rgb, scene)

    def vary(self, image: DisplayedImage | None = None) -> None:
        """Make a whole picture anew from itself: that on the canvas, or a result."""
        if image is None:
            self._at_its_size(lambda: self._vary(None))
        else:
            self._vary(image)

    def _vary(self, image: DisplayedImage | None) -> None:
        image, scene = self._of(image)
        kept = self._preferences.values
        way = varying.way_of(kept, self._session.facts_of(scene.settings.model))
        self._make(image, scene, "tokens" if way else "vary", varying.strength_of(kept, way))

    def instruct(self) -> None:
        """Ask how the picture is to change, and change it."""
        self._at_its_size(self.instructing.ask)

    def refine(self, image: DisplayedImage | None = None) -> None:
        """Ask how, and make a picture larger and its details anew."""
        if image is None:
            self._at_its_size(lambda: self._ask_refine(None))
        else:
            self._ask_refine(image)

    def _ask_refine(self, image: DisplayedImage | None) -> None:
        image, scene = self._of(image)
        if image.rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        kept = self._preferences.values
        dialog = RefineDialog(
            scene.size,
            scale=round(kept.refine_scale),
            strength=kept.refine_strength,
            upscaler=kept.upscaler,
            upscalers=kept.upscalers,
            cost=lambda scale, strength: cost_of(
                scene, scale, strength, self._session.facts_of(scene.settings.model), self._generation.step_times
            ),
            parent=self._window,
        )
        dialog.added.connect(lambda file: self._preferences.change(upscalers=(file, *kept.upscalers)[:10]))
        dialog.asked.connect(lambda *how: self._refine(image, scene, *how))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def extend(self) -> None:
        """Ask by how much, make the canvas larger, and fill what is new."""
        self._at_its_size(self._ask_extend)

    def _ask_extend(self) -> None:
        scene, facts, image = self._session.scene, self._session.facts, self._session.displayed
        nearest: Callable[[int], int] = (lambda side: side) if facts is None else facts.nearest
        rgb = image.on_canvas(scene.size)
        more = image.rgb is not None and image.place == ALL_OVER and image.rgb.shape[1] > scene.size[0]
        dialog = ExtendDialog(
            scene.size,
            rgb,
            nearest,
            self._window,
            painted=any(not scene.masks[each.id].is_empty for each in scene.paintables),
            larger=image.rgb.shape[1::-1] if more and image.rgb is not None else None,
        )
        dialog.asked.connect(self._extend)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _at_its_size(self, work: Callable[[], None]) -> None:
        """Do some work on the picture on the canvas; where that has fewer pixels, ask first at which size."""
        larger = self._larger()
        if larger is None:
            work()
            return

        def at_its_own() -> None:
            self.grow()
            work()

        ask_size(self._window, larger, self._session.scene.size, self._session.facts, own=at_its_own, canvas_size=work)

    def grow(self) -> None:
        """Make the canvas as large as the picture on it, a refined one, as one step."""
        size = self._larger()
        if size is not None:
            self._session.document.end_merge()
            self._session.document.set_size(size)
            self._session.document.end_merge()

    def _larger(self) -> tuple[int, int] | None:
        """The picture's size where it is the canvas' shape, larger, and one that the canvas may have."""
        image, (width, height) = self._session.displayed, self._session.scene.size
        if image.rgb is None or image.place != ALL_OVER:
            return None
        high, wide = image.rgb.shape[:2]
        same = wide * height == high * width and wide > width
        facts = self._session.facts
        fits = facts is None or (facts.nearest(wide), facts.nearest(high)) == (wide, high)
        return (wide, high) if same and fits and max(wide, high) <= MAX_SIDE else None

    def again(self, image: DisplayedImage | None = None) -> None:
        """Begin once more from what a picture began from.

        The picture on the canvas is made with the scene of now, and where its seed was not used yet, with that: then
        it is the same picture. A result is made with its own scene and another seed.
        """
        of_result = image is not None
        image, scene = self._of(image)
        begun = image.begun
        if begun is None or not begun.complete:
            self.said.emit(tr(FROM_NOISE) if begun is None else tr(NOT_THERE))
            return
        if begun.rgb is not None and begun.rgb.shape[1::-1] != scene.size:
            height, width = begun.rgb.shape[:2]
            self.said.emit(tr(OTHER_SIZE, width=width, height=height))
            return
        fresh = self._session.seed_used != scene.settings.seed or self._actions["generate.lock"].isChecked()
        if not of_result and fresh:
            self._session.seed_used = scene.settings.seed
        self._submit(image, scene, begun, seed=scene.settings.seed if fresh and not of_result else None)

    # how it is done ----------------------------------------------------------------------------------------------
    def _of(self, image: DisplayedImage | None) -> tuple[DisplayedImage, Scene]:
        """A result with its own scene, or the picture on the canvas with the painter's."""
        if image is None:
            return self._session.displayed, self._session.scene
        return image, image.scene or self._session.scene

    def _make(self, image: DisplayedImage, scene: Scene, kind: str, strength: float, **more: Any) -> None:
        rgb = image.on_canvas(scene.size)
        if rgb is None or image.rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        self._submit(image, scene, Begun.of(kind, rgb, strength, name=_name(image), **more))
        smaller = image.place == ALL_OVER and image.rgb.shape != rgb.shape
        if smaller and not more.get("scale") and scene is self._session.scene:  # after the start, which ends old news
            self._say_sizes(image.rgb, scene)

    def _say_sizes(self, rgb: np.ndarray, scene: Scene) -> None:
        """A picture `[h, w, 3]`, such as a refined one, is scaled to what it has of the canvas: say so."""
        height, width = rgb.shape[:2]
        self.said.emit(
            tr(
                "The picture has {width} × {height} pixels; the result is as large as the canvas: "
                "{own_width} × {own_height}.",
                width=width, height=height, own_width=scene.size[0], own_height=scene.size[1],
            )
        )  # fmt: skip

    def _refine(self, image: DisplayedImage, scene: Scene, scale: int, strength: float, upscaler: str) -> None:
        self._preferences.change(refine_scale=float(scale), refine_strength=strength, upscaler=upscaler)
        self._make(image, scene, "refine", 0.0, scale=scale, detail=strength, upscaler=upscaler)

    def _extend(self, margins: Margins, fill: bool, grow_paint: bool) -> None:
        left, top, right, bottom = margins
        width, height = self._session.scene.size
        anchor = left / max(1, left + right), top / max(1, top + bottom)
        self._session.crop((width + left + right, height + top + bottom), anchor, grow_paint=grow_paint)
        if fill:
            self.fill_new()

    def _submit(self, image: DisplayedImage, scene: Scene, begun: Begun, *, seed: int | None = None) -> None:
        """Add the job; without a seed it has one of its own."""
        seed = secrets.randbelow(SEED_RANGE) if seed is None else seed
        asked = edits.set_settings(scene, seed=seed, count=1)
        here = edits.set_settings(self._session.scene, seed=seed, count=1)
        on_canvas = asked == here or scene is self._session.scene
        sink = CanvasSink(self._generation) if on_canvas else ResultsOnlySink()
        job = self._generation.make(asked, sink, begun=begun)
        if begun.kind == "refine" and image.place == ALL_OVER:
            job.before = image.findings.heatmaps
        if not on_canvas:
            self.said.emit(tr(IN_RESULTS))

    def _paint_of(self, word: str | None) -> TiledMask | None:
        mask = self._session.scene.masks.get(word) if word is not None else None
        return None if mask is None or mask.is_empty else mask

    def _context(self, mask: np.ndarray) -> int | None:
        """How much around a mask the model is to see, in pixels; None for the whole picture."""
        from engine.reworking.work_area import usual_context

        chosen = self._preferences.values.rework_context
        if chosen == "all":
            return None
        return int(chosen) if chosen.isdigit() else usual_context(mask)

    # what is shown -----------------------------------------------------------------------------------------------
    def _asked(self) -> None:
        target = self._target(self._targets())
        {NEW: self.fill_new, WHOLE: self.vary, EDIT: self._words.edit_words}.get(
            target, lambda: self._repaint_of(target)
        )()

    def _repaint_of(self, target: str) -> None:
        self.repaint(self._session.word if target == WORD else None)

    def _keep_shape(self, shape: str) -> None:
        self._preferences.change(rework_shape=shape)
        self._show()

    def _keep_way(self, way: str) -> None:
        self._preferences.change(rework_vary_by=way)
        self._show()

    def _choose(self, target: str) -> None:
        self._chosen = target
        self._show()

    def _keep_strength(self, strength: float) -> None:
        target = self._target(self._targets())
        if target == EDIT:
            self._preferences.change(rework_kept=1.0 - strength, rework_shapes_kept=(1.0 - strength) / 2)
            return
        whole = "rework_likeness" if self._way() else "rework_vary"
        self._preferences.change(**{whole if target == WHOLE else "rework_repaint": strength})

    def _way(self) -> str:
        """How the picture on the canvas is varied, of `varying.VARY_WAYS`."""
        return varying.way_of(self._preferences.values, self._session.facts)

    def _extends(self) -> bool:
        """Whether the canvas reaches beyond the picture on it."""
        image = self._session.displayed
        left, top, width, height = image.place
        return (
            image.rgb is not None
            and image.place != ALL_OVER
            and (left > 0 or top > 0 or left + width < 1 or top + height < 1)
        )

    def _targets(self) -> dict[str, str]:
        """What can be made anew now, the likeliest first, and what it is called."""
        session, found = self._session, {}
        if session.scene.selection is not None:
            found[SELECTION] = tr("The selection")
        if self._words.were_edited():
            found[EDIT] = tr("The edited words")
        if self._extends():
            found[NEW] = tr("What is new")
        word = next((word for word in session.scene.words if word.id == session.word), None)
        if word is not None and word.span and self._paint_of(word.id) is not None:
            phrase = word.phrase if len(word.phrase) <= 24 else word.phrase[:23] + "…"
            found[WORD] = tr("Where “{word}” is", word=phrase)
        found[WHOLE] = tr("The whole picture")
        return found

    def _target(self, targets: dict[str, str]) -> str:
        return self._chosen if self._chosen in targets else next(iter(targets))

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "size", "selection", "words", "masks", "prompt", "settings"}:
            self._show()

    def _show_bar(self, on: bool) -> None:
        self._preferences.change(show_rework_bar=on)
        self._show()

    def _show(self) -> None:
        image = self._session.displayed
        there = image.rgb is not None and not (image.live and self._generation.live.on)
        for name in ("repaint", "vary", "instruct", "refine"):
            self._actions[f"rework.{name}"].setEnabled(there)
        self._actions["rework.again"].setEnabled(there and image.begun is not None and image.begun.complete)
        on = self._actions["view.rework_bar"].isChecked()
        self.room_wanted.emit(self._bar.room if on and image.rgb is not None else 0)
        if not there or self._session.looking or not on:
            self._bar.hide()
            return
        targets = self._targets()
        target = self._target(targets)
        kept, way = self._preferences.values, self._way()
        self._bar.offer_ways(way if target == WHOLE else None, varying.why_no_tokens(self._session.facts))
        button, tip, strength = {
            NEW: (tr("Fill"), tr("Fill the new part to match the picture"), None),
            EDIT: (tr("Edit words"), tr("Make the edited words and keep the picture"), 1.0 - kept.rework_kept),
            WHOLE: (tr("Vary"), varying.tip_of(way), varying.strength_of(kept, way)),
        }.get(target, (tr("Repaint"), tr("Redo it; everything else stays exactly as it is"), kept.rework_repaint))
        if kept.rework_shape and target in (SELECTION, WORD):
            tip += " " + tr("It fills exactly this shape.")
        larger, size = self._larger(), self._session.scene.size
        self._bar.offer_size(larger, size)
        self._bar.show_ways(kept.rework_context, kept.rework_shape, details=self._words.can_be_edited())
        if larger is not None:
            tip += " " + tr("It comes as large as the canvas: {width} × {height}.", width=size[0], height=size[1])
        self._bar.offer(targets, target, button=button, tip=tip, strength=strength)


def _name(image: DisplayedImage) -> str:
    return "" if image.result is None else image.result.name
