"""What the window works on, each piece with one owner: scene, chosen word, brush, models, displayed picture, jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.image_info.displayed_image import PAPER, DisplayedImage, UndoPayload, cropped, cut
from app.jobs import JobQueue
from app.storage.model_paths import with_models
from app.storage.opened import FileStamp, Opened
from canvas.model import continuing, edits
from canvas.model.document import Beside, Change, Document
from canvas.model.edits import WHOLE, Place
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Size
from canvas.paint.brush import Brush
from engine.errors import EngineError
from engine.executor import Executor
from engine.facts import ModelFacts, ModelInfo, NoiseLevels


class Session(QObject):
    """Controllers read here and listen; each setter returns early where nothing changed, and signals what did.

    The document announces its changes itself (`document.subscribe`); the session is its first listener, so that all
    later ones find the model facts and the picture of the new scene here.
    """

    word_changed = Signal(str)  # the id of the word or style that is chosen now, "" for none
    brush_changed = Signal(object)  # Brush
    facts_changed = Signal(object)  # ModelFacts of the scene's model, None where they cannot be read
    models_changed = Signal(object)  # dict of what a request names -> the text for it
    picture_changed = Signal(object)  # the DisplayedImage that the canvas shows now
    opened = Signal(object)  # Opened, after all the above hold what came with it

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self.document = Document()
        self.jobs = JobQueue(self)
        self.seed_used: int | None = None
        """The seed that Generate used last for this scene; None where it has not used the scene's seed."""
        self.generated: Scene | None = None
        """What the last Generate made; None for nothing yet."""
        self.stamp: FileStamp | None = None
        """What the scene's file was when it was read or written last; None for a scene without a file."""
        self.frame: Place = WHOLE
        """Where the canvas as the scene was opened lies on that of now, as shares: crops move it, scaling does not."""
        self._chosen_word = ""
        self._brush = Brush()
        self._models: dict[str, str] = {}
        self._installed: tuple[ModelInfo, ...] = ()
        self._own = self._displayed = PAPER
        self._model: str | None = None
        self._known: dict[str, ModelFacts | None] = {}
        self._unsubscribe = self.document.subscribe(self._on_change)
        self._follow_model()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    @property
    def scene(self) -> Scene:
        """The document's scene."""
        return self.document.scene

    # chosen word and brush ---------------------------------------------------------------------------------------
    @property
    def word(self) -> str | None:
        """The id of the word or painted style that is under the brush; None for none."""
        return self._chosen_word or None

    def choose_word(self, word_id: str | None) -> None:
        """Put another word, or painted style, under the brush."""
        if (word_id or "") != self._chosen_word:
            self._chosen_word = word_id or ""
            self.word_changed.emit(self._chosen_word)

    @property
    def brush(self) -> Brush:
        """Size, hardness, opacity, tool and what the pen's pressure does."""
        return self._brush

    def set_brush(self, brush: Brush) -> None:
        """Take another brush."""
        if brush != self._brush:
            self._brush = brush
            self.brush_changed.emit(brush)

    # models ------------------------------------------------------------------------------------------------------
    @property
    def facts(self) -> ModelFacts | None:
        """What the files of the scene's model say; None where they cannot be read, which loading it will explain."""
        return self.facts_of(self.scene.settings.model)

    def facts_of(self, model: str) -> ModelFacts | None:
        """What the files of a model say, read once; None where they cannot be read."""
        if model not in self._known:
            try:
                self._known[model] = self._executor.facts(model)
            except (EngineError, OSError):
                self._known[model] = None
        return self._known[model]

    def read_facts(self) -> tuple[str, ModelFacts | None]:
        """The scene's model and what its files say now; may be called on any thread."""
        model = self.scene.settings.model
        try:
            return model, self._executor.facts(model)
        except (EngineError, OSError):
            return model, None

    def take_facts(self, found: tuple[str, ModelFacts | None]) -> None:
        """Tell where a model's files say something else than before: an IP-Adapter that was put beside them, say."""
        model, facts = found
        if model in self._known and self._known[model] != facts:
            self._known[model] = facts
            if model == self.scene.settings.model:
                self.facts_changed.emit(facts)

    def noise_levels(self) -> NoiseLevels | None:
        """The noise levels of the scene's run; None where nobody can say, or not yet."""
        settings = self.scene.settings
        return self._executor.sigmas(settings.model, settings.sampler, settings.steps)

    @property
    def models(self) -> Mapping[str, str]:
        """The models to choose from: what a request names, and the text for it."""
        return self._models

    @property
    def installed(self) -> tuple[ModelInfo, ...]:
        """The executor's models as they were listed last."""
        return self._installed

    def list_models(self, opened: list[Path]) -> None:
        """List the executor's models and the user's `opened` ones again; their files are read again.

        In large folders this takes seconds: the window has `read_models` done on another thread.
        """
        self.take_models(self.read_models(), opened)

    def read_models(self) -> tuple[ModelInfo, ...]:
        """The executor's models, whose files are read; may be called on any thread."""
        return tuple(self._executor.models())

    def take_models(self, found: Sequence[ModelInfo], opened: list[Path]) -> None:
        """These, and the user's `opened` ones, are the models to choose from."""
        self._installed = tuple(found)
        models = {model.name: model.name.capitalize() for model in self._installed if not model.problem}
        models |= {str(path): path.name for path in opened if path.exists()}
        self._known.clear()
        self._models = models
        self.models_changed.emit(models)
        self._follow_model(again=True)

    def check_model(self, model: str | Path) -> None:
        """Raise the EngineError that would keep a model from being used; may be called on any thread.

        A path that the user chose just now is given as a Path: no scene can do that.
        """
        self._executor.check(model)

    def add_model(self, model: str, text: str) -> None:
        """A model was opened from a folder of the user's own; its files are read again."""
        self._known.pop(model, None)
        if self._models.get(model) != text:
            self._models = {**self._models, model: text}
            self.models_changed.emit(self._models)

    def with_models(self, scene: Scene, opened: list[Path], loras: list[Path]) -> Scene:
        """A scene out of a file, with the paths of the models that the user `opened`, and of LoRA files; may be called
        on any thread."""
        return with_models(scene, opened, self._executor, loras)

    # pictures ----------------------------------------------------------------------------------------------------
    @property
    def displayed(self) -> DisplayedImage:
        """The picture that is seen: the painter's own, or another that is only looked at."""
        return self._displayed

    @property
    def own(self) -> DisplayedImage:
        """The picture that belongs to the scene: what is displayed, but for a look."""
        return self._own

    @property
    def looking(self) -> bool:
        """Whether the picture that is seen is not the painter's own."""
        return self._displayed is not self._own

    def show(self, image: DisplayedImage) -> None:
        """Display a picture that is the scene's from now on."""
        self._own = image
        self._display(image)

    def look(self, image: DisplayedImage) -> None:
        """Display a picture that is only looked at."""
        self._display(image)

    def end_look(self) -> None:
        """Display the painter's own picture again."""
        self._display(self._own)

    def keep_look(self) -> None:
        """What is looked at is the scene's picture from now on."""
        self._own = self._displayed

    def _display(self, image: DisplayedImage) -> None:
        if image is not self._displayed:
            self._displayed = image
            self.picture_changed.emit(image)

    def crop(self, size: Size, anchor: tuple[float, float], *, grow_paint: bool = False) -> None:
        """Cut or extend the canvas; the picture stays at its place as the paint does (`Document.set_size`).

        With `grow_paint` what is painted at the old edges goes on beyond them, in the same step.
        """
        scene, own, beside = self.scene, self._own, None
        if min(size) > 0:
            corner = edits.crop_corner(scene.size, size, anchor)
            after = own if own.rgb is None else cropped(own, scene.size, corner, size)
            frame = cut(self.frame, scene.size, corner, size)
            beside = Beside(
                UndoPayload(own, self.seed_used, rest=False, frame=self.frame),
                UndoPayload(after, self.seed_used, rest=False, frame=frame),
            )
        if grow_paint:
            self.document.end_merge()
            extended = continuing.extended(scene, size, anchor)
            self.document.apply(extended, f"Extend to {size[0]} × {size[1]}", beside=beside)
        else:
            self.document.set_size(size, anchor=anchor, beside=beside)

    # scenes ------------------------------------------------------------------------------------------------------
    def open(self, opened: Opened, path: Path | None, *, saved: bool = True) -> None:
        """Work on what a file held; `path` is where it is saved to, None for an unnamed scene.

        `saved=False` is for a scene that no file holds in this state.
        """
        changed = self._displayed is not opened.image
        self._own = self._displayed = opened.image
        self.seed_used = None
        self.frame = WHOLE
        self.stamp = opened.stamp if path is not None else None
        self.document.load(opened.scene, path, saved=saved)
        if changed:
            self.picture_changed.emit(opened.image)
        self.opened.emit(opened)

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "settings"}:
            self._follow_model()

    def _follow_model(self, *, again: bool = False) -> None:
        model = self.scene.settings.model
        if model != self._model or again:
            if model != self._model:
                self._known.pop(model, None)  # a chosen model is read as it is now
            self._model = model
            if self._models and model not in self._models:  # a folder that was just opened
                self.add_model(model, Path(model).name or model)
            self.facts_changed.emit(self.facts_of(model))
