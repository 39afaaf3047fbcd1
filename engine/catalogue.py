"""The installed models as a program shows and changes them: list, add, remove, download; no torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.downloads import models, offers
from engine.downloads.connection import Stopped
from engine.downloads.models import Progress
from engine.downloads.offers import Offer
from engine.errors import DownloadFailed, EngineError
from engine.facts import LoraFile
from engine.models import collection, places
from engine.models.adapters import notes
from engine.models.collection import Removed
from engine.models.details import ModelDetails
from engine.models.library import Library
from engine.retrieval.finder import Finder
from engine.teaching import lessons
from engine.teaching.lesson import Lesson, check_free
from engine.teaching.lessons import LessonOnDisk

__all__ = ["Catalogue", "ModelDetails", "Offer", "Progress", "Removed"]


class Catalogue:
    """What a window needs of the library on disk; every method may be called on any thread, and may take its time."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def list(self) -> list[ModelDetails]:
        """Every installed model, the starter first."""
        return collection.listed(self._library)

    def loras(self, model: str = "") -> tuple[LoraFile, ...]:
        """The LoRA files that can be called by name, those beside a model among them."""
        return notes.list_adapters(self._lora_folders(model))

    def lora(self, file: str, model: str = "") -> LoraFile:
        """What a LoRA file says of itself, by its path or name. Raises EngineError where it cannot be used."""
        found = notes.read_lora(notes.find_adapter(file, self._lora_folders(model)))
        if found.few_steps is None or not model:
            return found
        try:
            return replace(found, few_steps=notes.suited(found.few_steps, self._library.inspect(model)))
        except EngineError:
            return found  # the model's fault is said where it is chosen

    def lora_name(self, file: Path, model: str = "") -> str:
        """The name by which a file can be called, "" if only its path will do."""
        try:
            found = notes.find_adapter(file.stem, self._lora_folders(model))
        except EngineError:
            return ""
        return file.stem if os.path.realpath(found) == os.path.realpath(file) else ""

    def finder(self, home: Path) -> Finder:
        """What searches folders of pictures by this library's image encoders, with its indexes in the folder `home`."""
        return Finder(self._library, home)

    def moods(self) -> tuple[str, ...]:
        """The names of the moods that were made, see `engine.taste`."""
        from engine.taste.mood import list_moods, moods_folder

        return tuple(list_moods(moods_folder(self._library.folder)))

    def make_mood(
        self,
        name: str,
        liked: Sequence[Path],
        usual: Sequence[Path],
        *,
        model: str,
        progress: Callable[[str, float], None],
        cancel: threading.Event,
    ) -> Path | None:
        """Make a mood and keep it; returns its file, None where `cancel` was set. See `engine.taste.making.make_mood`
        for the arguments and errors."""
        from engine.taste.making import MoodCancelled, make_mood
        from engine.taste.mood import moods_folder, write_mood

        how = {"model": model, "library": self._library, "progress": progress, "cancel": cancel}
        try:
            mood = make_mood(name, liked, usual, **how)  # type: ignore[arg-type]
        except MoodCancelled:
            return None
        return write_mood(mood, moods_folder(self._library.folder))

    def _lora_folders(self, model: str) -> tuple[Path, ...]:
        try:
            path = self._library.resolve(model) if model else None
        except EngineError:
            path = None
        return self._library.folders_of("loras", path)

    def controls(self) -> tuple[str, ...]:
        """The names of the ControlNets that can be used."""
        from engine.models.controls.finding import folders_of, known_controls

        return tuple(dict.fromkeys(each.name for each in known_controls(folders_of(self._library))))

    def lessons(self) -> tuple[LessonOnDisk, ...]:
        """The lessons that were begun and are not done; see `engine.teaching.lessons`."""
        return lessons.begun(self._library)

    def check_lesson(self, lesson: Lesson) -> None:
        """Check a lesson and its word, without its pictures; raises as `engine.teaching.lessons.begin`."""
        facts = self._library.inspect(lesson.model)
        lesson.check_first(facts)
        lesson.filled(facts).check(facts)
        check_free(lesson.word, facts, self._library)

    def give_up_lesson(self, word: str) -> None:
        """Remove a lesson, with what was learnt so far. Raises EngineError where it cannot be removed."""
        lessons.give_up(word, self._library)

    def add(self, path: Path) -> tuple[str, ...]:
        """Let a model, or those of another program, be used where they lie; returns their names.

        Raises EngineError where none can be used.
        """
        return collection.add(self._library, path)

    def remove(self, name: str, *, delete_files: bool = False) -> Removed:
        """See `engine.models.collection.remove`."""
        return collection.remove(self._library, name, delete_files=delete_files)

    @property
    def offline(self) -> bool:
        """Whether downloads are switched off."""
        return places.is_offline(self._library.folder)

    def set_offline(self, on: bool) -> None:
        """Switch downloads off, or on again. Raises BadRequest where that cannot be kept."""
        places.set_offline(self._library.folder, on)

    def look_up(self, source: str, cancel: threading.Event) -> Offer:
        """What a hub id or an address offers. Raises DownloadFailed, UnsafeModel."""
        places.check_online(self._library.folder)
        try:
            offer = offers.look_up(source, cancel=cancel)
        except Stopped:
            raise _stopped() from None
        models.check_room(offer, self._library.folder)
        return offer

    def describe(self, offer: Offer) -> str:
        """Name, files, size, licence and page of an offer, in a few sentences."""
        return offers.describe(offer, models.needed(offer, self._library.folder))

    def download(self, offer: Offer, report: Callable[[Progress], None], cancel: threading.Event) -> str:
        """Bring a model; returns its name in the library. Raises EngineError, also where it was stopped."""
        places.check_online(self._library.folder)
        try:
            place = models.download(offer, self._library.folder, report=report, cancel=cancel)
        except Stopped:
            raise _stopped() from None
        return next((name for name, (path, _) in self._library.places().items() if path == place), offer.name)


def _stopped() -> DownloadFailed:
    return DownloadFailed(
        "The download was stopped.", hint="What has arrived is kept; download it again to continue from there."
    )
