"""A picture described: its words become the prompt, painted where they are; and what was asked for and is missing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageOps
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.image_info.described import scene_of
from app.language import tr
from app.seeking.looked_in import NO_PICTURE, looked_in
from app.session import Session
from app.storage.background import Background
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import Span
from engine.errors import EngineError
from engine.executor import Executor
from engine.facts import ModelFacts
from engine.protocol import Description, PictureQuestion
from resources.noun_phrases import chunks, is_determiner

NO_NAMES = (
    "This model cannot say what a picture shows. Choose the starter or a model with a vision-language encoder, such as "
    "Qwen-Image, or use Find in the Picture."
)
BOOST, REPAINT = "Boost", "Repaint where it should be"


class DescribeController(QObject):
    """What the recogniser sees, on a thread of its own, or what the model says, on the engine's.

    A new prompt with its paint is one step.

    Signals:
        said: what was seen, or why nothing can be. failed: an error. missing_told: a message, a hint and buttons
            `(text, what it does)`. boost_asked: weak words are to be boosted. repaint_asked: the selection is.
    """

    said = Signal(str)
    failed = Signal(object)
    missing_told = Signal(str, str, object)
    boost_asked = Signal()
    repaint_asked = Signal()
    _told = Signal(object, str, float)
    _answered = Signal(object, object)

    def __init__(self, window: QWidget, session: Session, executor: Executor, actions: Actions) -> None:
        super().__init__(window)
        self._session, self._document, self._executor = session, session.document, executor
        self._running: threading.Event | None = None
        self._take_answer: Callable[[Description], None] = lambda answer: None
        self._told.connect(self._tell_progress)
        self._answered.connect(self._end)
        self._worker = Background("describing", self)
        actions["word.describe"].triggered.connect(lambda _checked=False: self.describe())
        actions["generate.missing"].triggered.connect(lambda _checked=False: self.ask_missing())

    def close(self, timeout: float | None = None) -> bool:
        """Finish what runs; False where that took longer than `timeout` seconds."""
        self._stop()
        return self._worker.close(timeout)

    def can_describe(self, facts: ModelFacts | None) -> bool:
        """Whether a model says which words it knows, or what a picture shows."""
        return facts is not None and bool(facts.names or facts.sees)

    def describe(self, dropped: np.ndarray | None = None) -> None:
        """Make what the picture shows the prompt, with its words painted; `dropped` is uint8 RGB of any size."""
        facts, scene = self._session.facts, self._session.scene
        rgb = looked_in(self._session) if dropped is None else _fitted(dropped, scene.size)
        if rgb is None or facts is None or not self.can_describe(facts):
            self.said.emit(tr(NO_PICTURE if rgb is None else NO_NAMES))
            return
        names = facts.names
        if not names:
            self._ask(rgb, None, lambda found: self._take(scene, scene_of(scene, found)))
            return

        def work() -> Scene:
            from engine.describing.drawn import describe

            return scene_of(scene, describe(rgb, known=names))

        self._worker.run(work, lambda made: self._take(scene, made), self.failed.emit)

    def ask_missing(self) -> None:
        """Compare what the picture's prompt asks for with what is seen in it."""
        image, facts = self._session.displayed, self._session.facts
        if image.rgb is None or image.scene is None:
            self.said.emit(tr("There is no picture whose prompt is known. Generate one first."))
            return
        if facts is None or not self.can_describe(facts):
            self.said.emit(tr(NO_NAMES))
            return
        made_by, rgb, names = image.scene, image.rgb, facts.names
        spans = _asked_for(made_by)
        phrases = [made_by.prompt[slice(*span)] for span in spans]
        if not names:
            self._ask(rgb, tuple(phrases), lambda found: self._tell(phrases, found.missing))
            return

        def work() -> tuple[bool, ...]:
            from engine.describing.drawn import missing

            return missing(rgb, phrases, known=names)

        self._worker.run(work, lambda gone: self._tell(phrases, gone), self.failed.emit)

    # inside ------------------------------------------------------------------------------------------------------
    def _ask(self, rgb: np.ndarray, phrases: tuple[str, ...] | None, take: Callable[[Description], None]) -> None:
        """Ask the scene's model itself about a picture; a question before is given up."""
        self._stop()
        job, settings = threading.Event(), self._session.scene.settings
        self._running, self._take_answer = job, take
        self.said.emit(tr("The model looks at the picture. This may take a minute."))
        self._executor.describe(
            PictureQuestion(rgb=rgb, phrases=phrases, model=settings.model, device=settings.device),
            progress=lambda text, share: self._told.emit(job, text, share),
            done=lambda answer: self._answered.emit(job, answer),
            cancel=job,
        )

    def _stop(self) -> None:
        if self._running is not None:
            self._running.set()
            self._running = None

    def _tell_progress(self, job: threading.Event, _text: str, share: float) -> None:
        if job is self._running and share > 0:
            self.said.emit(tr("The model looks at the picture: {share} %", share=round(100 * share)))

    def _end(self, job: threading.Event, answer: Description | EngineError) -> None:
        if job is not self._running:
            return  # another one was asked since
        self._running = None
        if isinstance(answer, EngineError):
            self.failed.emit(answer)
        else:
            self._take_answer(answer)

    def _take(self, before: Scene, made: Scene) -> None:
        if self._session.scene is not before:
            self.said.emit(tr("The scene was changed meanwhile. Describe the picture again."))
        elif not made.words and not (made.prompt and made.prompt != before.prompt):
            self.said.emit(tr("Nothing that the model knows is seen in the picture."))
        else:
            self._document.apply(made, "Describe the picture")
            if made.words:
                self._session.choose_word(made.words[0].id)
            self.said.emit(tr("The picture is the prompt now: {words}", words=made.prompt))

    def _tell(self, phrases: Sequence[str], gone: Sequence[bool]) -> None:
        lost = [phrase for phrase, missing in zip(phrases, gone, strict=True) if missing]
        if not lost:
            self.said.emit(tr("Nothing is missing: all words that the model knows are seen in the picture."))
            return
        named = ", ".join(f"“{phrase}”" for phrase in dict.fromkeys(lost))
        places = self._places(lost)
        buttons: list[tuple[str, Callable[[], None]]] = []
        hint = tr("Paint where they should be, and generate again.")
        if places is not None:
            buttons = [(tr(BOOST), self.boost_asked.emit), (tr(REPAINT), lambda: self._repaint(places))]
            hint = tr("Make them stronger and generate again, or remake only the places that are painted for them.")
        self.missing_told.emit(tr("Asked for and not seen: {words}", words=named), hint, tuple(buttons))

    def _places(self, phrases: Sequence[str]) -> TiledMask | None:
        """Where the scene's words of these phrases are painted; None for nowhere."""
        scene = self._session.scene
        masks = [
            scene.masks[word.id].to_array()
            for word in scene.words
            if word.phrase in phrases and word.visible and not scene.masks[word.id].is_empty
        ]
        return TiledMask.from_array(np.maximum.reduce(masks)) if masks else None

    def _repaint(self, places: TiledMask) -> None:
        scene = self._session.scene
        if places.size == scene.size:
            self._document.apply(scene.replace(selection=places), "Select what is missing")
            self.repaint_asked.emit()


def _asked_for(scene: Scene) -> list[Span]:
    """The spans of what a scene asks for: its painted words, and the other phrases of its prompt."""
    words = [word.span for word in scene.words if word.span is not None and word.strength > 0 and word.visible]
    pushed = [word.span for word in scene.words if word.span is not None and word.strength <= 0]
    found: list[Span] = list(words)
    for chunk in chunks(scene.prompt):
        named = [span for span in chunk if not is_determiner(scene.prompt[slice(*span)])]
        if named:
            span = named[0][0], named[-1][1]
            if all(span[1] <= low or high <= span[0] for low, high in (*words, *pushed)):
                found.append(span)
    return found


def _fitted(rgb: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A picture as it covers a canvas of that size, as a layer does."""
    return np.array(ImageOps.fit(Image.fromarray(rgb), size, Image.Resampling.LANCZOS))
