"""New, open, save, export, drop, recover: how scenes and pictures come in and go out, losing nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.files import dialogs
from app.files.names import PICTURES, READABLE, SCENES, examples, suggested, with_ending
from app.image_info.displayed_image import DisplayedImage
from app.language import tr
from app.preferences import Preferences, Purpose
from app.session import Session
from app.storage import opened, wanted_model
from app.storage.background import Background, Outcome
from app.storage.lock import OPEN_SCENES, SceneLock
from app.storage.opened import FileStamp, Opened, PictureAlone
from canvas.files import deep_png, lossy, ora, png, psd_writing
from canvas.model.edits import WHOLE
from canvas.model.errors import CanvasError, SaveError
from canvas.model.scene import Scene, Settings
from engine.errors import EngineError

PSD = ".psd"
Then = Callable[[], object]
Error = CanvasError | EngineError


class FilesController(QObject):
    """Everything about files that the window offers.

    Files are read and written on a thread of its own, one after another; questions and dialogs never block.
    """

    failed = Signal(object)
    picture_alone = Signal(object)  # the PictureAlone of a file that has no scene
    said = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, window: QWidget, session: Session, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences = window, session, preferences
        self._document = session.document
        self._worker = Background("files", self)
        self._worker.busy_changed.connect(self.busy_changed)
        self._lock = SceneLock(preferences.folders.autosave / OPEN_SCENES)
        self._asked = 0  # files that were asked for; only the last one is opened
        self._scenes = 0  # scenes that were opened: what was written before is no news of the one that is open now
        self._saving = 0
        self._after_saving: list[Then] = []
        session.opened.connect(self._count_scene)

    @property
    def busy(self) -> bool:
        """Whether a file is being read or written."""
        return self._worker.busy

    @property
    def saving(self) -> bool:
        """Whether a scene or a picture is being written."""
        return self._saving > 0

    def close(self, timeout: float | None = None) -> bool:
        """Finish what is being written, and let others open the scene; False where it took more than `timeout` s."""
        self._asked += 1
        done = self._worker.close(timeout)
        if done:  # else the lock is held until the process has written the file, and ended
            self._lock.release()
        return done

    def _count_scene(self) -> None:
        self._scenes += 1

    # in ----------------------------------------------------------------------------------------------------------
    def new(self) -> None:
        """An empty scene with fresh settings, of the size that the model works best at; model and device stay."""
        self.ask_to_keep(self._new)

    def _new(self) -> None:
        old = self._document.scene
        settings = Settings(model=old.settings.model, device=old.settings.device)
        if self._preferences.values.lock_seed:
            settings = dataclasses.replace(settings, seed=old.settings.seed)
        self._lock.release()
        facts = self._session.facts
        size = old.size if facts is None else facts.defaults.size
        self._session.open(Opened(Scene(size=size, settings=settings)), None)

    def open(self) -> None:
        """Ask for a file and open it."""
        self.ask_to_keep(lambda: dialogs.ask_file(self._window, self._preferences, Purpose.SCENE, READABLE, self.load))

    def open_path(self, path: Path) -> None:
        """Open a file; what is unsaved is asked about once it is known that the file has a scene."""

        def take(held: Opened) -> None:
            self.ask_to_keep(lambda: self._take(path, held, named=held.own))

        self._read(path, take, self._not_opened)

    def load_example(self, path: Path) -> None:
        """Open an example after the question about unsaved changes."""
        self.ask_to_keep(lambda: self.load(path, as_new=True))

    def load(self, path: Path, *, as_new: bool = False, failed: Callable[[Error], object] | None = None) -> None:
        """Open a file. A PNG, an example (`as_new`) or another program's file becomes an unnamed scene."""

        def take(held: Opened) -> None:
            self._take(path, held, named=held.own and not as_new)

        self._read(path, take, failed or self._not_opened)

    def _not_opened(self, error: Error) -> None:
        (self.picture_alone if isinstance(error, PictureAlone) else self.failed).emit(error)

    def load_first(self) -> None:
        """What the very first start shows: an example that is ready to generate, else an empty scene."""
        self._load_first_of(examples())

    def _load_first_of(self, paths: list[Path]) -> None:
        if paths:
            self.load(paths[0], as_new=True, failed=lambda _error: self._load_first_of(paths[1:]))

    def recover(self, path: Path, original: Path | None, stamp: FileStamp | None, then: Then = lambda: None) -> None:
        """Take a scene that autosave kept; it counts as unsaved. `stamp` is of the original when it was read last."""

        def take(held: Opened) -> None:
            mine = original is not None and self._lock.take(original)
            if not mine:
                self._lock.release()
            held = dataclasses.replace(held, stamp=stamp)
            self._session.open(held, original if mine else None, saved=False)
            then()

        self._read(path, take, self.failed.emit)

    def _read(self, path: Path, then: Callable[[Opened], object], failed: Callable[[Error], object]) -> None:
        """Read a file; what is asked for later takes its place, and what is changed meanwhile is not lost."""
        self._asked += 1
        number, scene, models = self._asked, self._document.scene, self._preferences.models
        files = self._preferences.loras

        def read() -> Opened:
            held = opened.read(path)
            if held.wanted is not None:
                model = wanted_model.find(held.wanted, self._session.read_models(), models)
                held = held if model is None else held.with_model(model)
            made_by = None if held.image.scene is None else self._session.with_models(held.image.scene, models, files)
            image = dataclasses.replace(held.image, scene=made_by)
            return dataclasses.replace(held, scene=self._session.with_models(held.scene, models, files), image=image)

        def take(held: Opened) -> None:
            if number != self._asked:
                return
            if self._document.scene is scene:
                then(held)
            else:
                self.ask_to_keep(lambda: then(held))

        self._worker.run(read, take, failed)

    def _take(self, path: Path, held: Opened, *, named: bool) -> None:
        if named and not self._lock.take(path):
            dialogs.ask_open_elsewhere(self._window, path.name, copy=lambda: self._take(path, held, named=False))
            return
        if not named:
            self._lock.release()
        self._session.open(held, path if named else None)
        if named:
            self._preferences.add_recent(path)
        for note in held.notes:
            self.said.emit(note)

    # out ---------------------------------------------------------------------------------------------------------
    def save(self, then: Then | None = None) -> None:
        """Save where the scene came from, or ask where; `then` follows once it is on disk."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._write(self._document.path, then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask where to save."""

        def keep(path: Path) -> None:
            try:
                self._write(with_ending(path, ".ora"), then)
            except SaveError as error:
                self.failed.emit(error)

        def chosen(path: Path) -> None:
            if path.suffix.lower() not in (".png", *lossy.KINDS, PSD):
                keep(path)
                return
            image = self._session.displayed
            export = None if image.rgb is None else lambda: self._export(path, image)
            scene = path.with_suffix("")
            dialogs.ask_scene_or_picture(self._window, path.name, f"{scene.name}.ora", export, lambda: keep(scene))

        name = self.suggested_name() + ".ora"
        dialogs.ask_file(self._window, self._preferences, Purpose.SCENE, SCENES, chosen, save_as=name)

    def _write(self, path: Path, then: Then | None, *, overwrite: bool = False) -> None:
        scene, number, before = self._document.scene, self._scenes, self._document.path
        image = self.picture_of(scene)
        known = self._session.stamp if path == before and not overwrite else None
        if not self._lock.take(path):
            self.failed.emit(
                SaveError(
                    f"“{path.name}” is open in another Wordbrush window.",
                    hint="Save under another name, or close it there first.",
                )
            )
            return

        def write() -> FileStamp | None:
            if known is not None and not known.holds(path):
                return None
            picture, notes = image.kept(scene.size), image.notes()
            ora.save(path, scene, picture=picture, made_by=image.scene, notes=notes, backup=True)
            return FileStamp.of(path) or FileStamp(0, 0, "")

        def written(stamp: FileStamp | None) -> None:
            self._ended_saving()
            if stamp is None:
                dialogs.ask_changed(
                    self._window,
                    path.name,
                    overwrite=lambda: self._write(path, then, overwrite=True),
                    save_as=lambda: self.save_as(then),
                )
                return
            if number == self._scenes:
                self._session.stamp = stamp
                self._document.mark_saved(path, scene=scene)
            self._preferences.add_recent(path)
            self.said.emit(tr("Saved {name}", name=path.name))
            self._go_on(then)

        def failed(error: Error) -> None:
            self._ended_saving()
            if number == self._scenes and before is not None:
                self._lock.take(before)
            self.failed.emit(error)
            self._go_on(None)

        self._saving += 1
        self._worker.run(write, written, failed)

    def _ended_saving(self) -> None:
        self._saving -= 1

    def _go_on(self, then: Then | None) -> None:
        """Do what waited for the end of saving."""
        waiting, self._after_saving = self._after_saving, []
        for act in (*([then] if then is not None else []), *waiting):
            act()

    def export(self) -> None:
        """Ask where to and write the picture on the canvas, as PNG, WebP or JPEG, or with the scene's layers as PSD."""
        image = self._session.displayed
        if image.rgb is None:
            self.failed.emit(
                SaveError("There is no picture to export yet.", hint="Press Generate (Ctrl+Return) to make one first.")
            )
            return
        name = self.suggested_name() + ".png"
        dialogs.ask_file(
            self._window,
            self._preferences,
            Purpose.EXPORT,
            PICTURES,
            lambda path: self._export(path, image),
            save_as=name,
        )

    def _export(self, path: Path, image: DisplayedImage) -> None:
        rgb, whole, scene, notes, parameters = image.rgb, image.whole, None, None, None
        assert rgb is not None and whole is not None
        try:
            own = path.suffix.lower() in (*lossy.KINDS, PSD)
            path = path if own else with_ending(path, ".png")
        except SaveError as error:
            self.failed.emit(error)
            return
        if image.scene is not None and self._preferences.values.export_metadata:
            scene, notes = image.scene, image.notes(rgb)
            parameters = png.parameters_text(scene, guidance=self._guidance(scene), begun=image.begun)

        def written(_nothing: None) -> None:
            self._ended_saving()
            self.said.emit(tr("Exported {name}", name=path.name))
            self._go_on(None)

        def failed(error: Error) -> None:
            self._ended_saving()
            self.failed.emit(error)
            self._go_on(None)

        self._saving += 1
        if path.suffix.lower() == PSD:
            work = self._document.scene
            self._worker.run(lambda: psd_writing.save(path, work, image.kept(work.size)), written, failed)
            return
        write = lossy.save if path.suffix.lower() in lossy.KINDS else png.save
        kept = image.result if write is png.save else None
        with_texts = self._preferences.values.export_metadata

        def work_out() -> None:
            if kept is None or not deep_png.copy(kept, path, texts=with_texts):
                write(path, whole, scene, parameters, notes=notes)

        self._worker.run(work_out, written, failed)

    def _guidance(self, scene: Scene) -> float | None:
        """The guidance that a picture of the scene is made with; None where its model, whose own it is, is not here."""
        if scene.settings.guidance is not None:
            return scene.settings.guidance
        facts = self._session.facts_of(scene.settings.model)
        return None if facts is None else facts.defaults.guidance

    def picture_of(self, scene: Scene) -> DisplayedImage:
        """The picture that the scene file keeps, as it lies on the canvas: what is looked at, where it is of the
        scene's size, else the painter's own, which may have been cropped or scaled since it was made."""
        image = self._session.displayed
        fits = image.rgb is not None and image.rgb.shape[:2] == (scene.size[1], scene.size[0])
        return image if fits and image.place == WHOLE else self._session.own

    def run(self, work: Callable[[], Outcome], then: Callable[[Outcome], object]) -> None:
        """Do a piece of work on the files' thread; an error goes where all of them go."""
        self._worker.run(work, then, self.failed.emit)

    def leave(self) -> None:
        """An unnamed scene takes the place of the file that is open: others may open that now."""
        self._lock.release()

    def suggested_name(self) -> str:
        """A file name for the scene, without suffix."""
        path = self._document.path
        return suggested(self._document.scene.prompt) if path is None else path.stem

    # questions ---------------------------------------------------------------------------------------------------
    def ask_to_keep(self, then: Then) -> None:
        """Do `then`, after asking what becomes of unsaved changes; not at all where the answer is Cancel.

        What is being saved just now is no unsaved change: then it waits for that.
        """
        if self.saving:
            self._after_saving.append(lambda: self.ask_to_keep(then))
        elif self._document.dirty:
            dialogs.ask_unsaved(self._window, save=lambda: self.save(then), discard=then)
        else:
            then()

    def choose_model(self, then: Callable[[str], object], *, folder: bool) -> None:
        """Ask for a model, a file or with `folder` a folder; one that can be used is remembered and given to `then`.

        One that cannot be used is explained, and nothing changes.
        """
        dialogs.ask_model(self._window, self._preferences, lambda path: self._take_model(path, then), folder=folder)

    def _take_model(self, path: Path, then: Callable[[str], object]) -> None:
        name = str(path)

        def take(_checked: None) -> None:
            self._preferences.add_model(path)
            then(name)

        self._worker.run(lambda: self._session.check_model(path), take, self.failed.emit)
