"""Says what a picture shows: names that the starter knows, or what a model's own vision-language encoder tells."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from engine.describing import answers, drawn, seeing
from engine.describing.seeing import Answer
from engine.errors import BadReference, EngineError, UnsupportedModel
from engine.facts import InstalledModel
from engine.models.architectures import architectures
from engine.models.library import Library, shared_library
from engine.protocol import Description, PictureQuestion, Told, WordSearch, WordsFound
from resources.noun_phrases import chunks, is_determiner

SMALLEST = 16
MOST_PHRASES = 20
"""What is looked for in one question."""
DESCRIBE = (
    "Name what this picture shows: the surroundings, such as sky or ground, and the main things, at most twelve in "
    "all, each in one to three words. Give the bounding box of each as a JSON list of "
    '{"bbox_2d": [x1, y1, x2, y2], "label": "..."}'
)
FIND = (
    "Find each of these in the picture: {phrases}. Leave out what is not there. Give the bounding boxes of what is "
    "there, with the words of this list as labels, as a JSON list of "
    '{{"bbox_2d": [x1, y1, x2, y2], "label": "..."}}'
)

Progress = Callable[[str, float], None]
Find = Callable[..., WordsFound]
"""`engine.masking.finding.find`."""


class DescribingCancelled(EngineError):
    """A description was stopped before its end."""

    def __init__(self) -> None:
        super().__init__("The description was stopped.", hint="Start it again.")


def describe(
    question: PictureQuestion,
    *,
    find: Find | None = None,
    library: Library | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Description:
    """Say what a picture shows, as a prompt whose words are painted, in the calling thread.

    A model that knows a few names tells those (`engine.describing.drawn`); one whose text encoder is a vision-language
    model is asked for names with boxes, which become rough masks. Where it answers in plain words, these are the
    caption, and its words are looked for in the picture.

    Args:
        find: `engine.masking.finding.find`, which looks for them; without it they have no places.
        library: the models to use; by default one that all calls share.
        progress: `progress(text, share)`, called as the work goes on, share 0..1.
        cancel: set it, from any thread, to stop before the next word of the answer.

    Raises:
        UnsupportedModel: the model cannot say what a picture shows, or its files lack the part that sees.
        BadReference: the picture is of another kind, or too small. DescribingCancelled: `cancel` was set. EngineError:
        what the engine reports.

    Example:
        >>> told = describe(PictureQuestion(rgb=rgb), find=engine.masking.finding.find)
        >>> told.caption, [word.name for word in told.words]
    """
    check_picture(question.rgb)
    library = library or shared_library()
    facts = library.inspect(question.model)
    if facts.names:
        return drawn.describe(question.rgb, known=facts.names)
    work = _Work(question, library, progress, cancel)
    answer = work.ask(facts, DESCRIBE)
    found = answers.boxed(answer.text, answer.size)
    if found:
        return answers.painted(found, (question.rgb.shape[1], question.rgb.shape[0]))
    return work.looked_for(answers.caption_of(answer.text), find)


def missing(
    question: PictureQuestion,
    *,
    library: Library | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> tuple[bool, ...]:
    """Whether each of `question.phrases` is not seen in the picture. Args: as for `describe`.

    A phrase of no name that a model with names knows is not missing: nobody can tell.

    Raises:
        UnsupportedModel: see `describe`; or its answer cannot be read. BadReference, DescribingCancelled, EngineError:
        see `describe`.
    """
    check_picture(question.rgb)
    phrases = question.phrases or ()
    library = library or shared_library()
    facts = library.inspect(question.model)
    if facts.names:
        return drawn.missing(question.rgb, phrases, known=facts.names)
    work, absent = _Work(question, library, progress, cancel), []
    for first in range(0, len(phrases), MOST_PHRASES):
        some = phrases[first : first + MOST_PHRASES]
        answer = work.ask(facts, FIND.format(phrases="; ".join(some)))
        found = answers.boxed(answer.text, answer.size)
        if not found and not answers.is_a_list(answer.text):
            raise UnsupportedModel(
                "The model's answer does not say what is in the picture.",
                hint="Ask again, or choose another model.",
                details=answer.text[:200],
            )
        labels = [each.label.casefold() for each in found]
        absent += [not any(_same(phrase.casefold(), label) for label in labels) for phrase in some]
    return tuple(absent)


def check_picture(rgb: np.ndarray) -> None:
    """Raise BadReference for what is no picture of 8 bits, or one that is too small."""
    if not isinstance(rgb, np.ndarray) or rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise BadReference(
            "Only a picture of 8 bits for each of red, green and blue can be described.",
            hint="Pass uint8 RGB of the shape [height, width, 3].",
        )
    if min(rgb.shape[:2]) < SMALLEST or max(rgb.shape[:2]) > 100 * min(rgb.shape[:2]):
        raise BadReference(
            f"The picture has {rgb.shape[1]} x {rgb.shape[0]} pixels.",
            hint=f"Choose one with {SMALLEST} pixels a side or more, and not 100 times as long as wide.",
        )


class _Work:
    """One question to a vision-language encoder; its progress, and its end when it is cancelled."""

    def __init__(
        self,
        question: PictureQuestion,
        library: Library,
        progress: Progress | None,
        cancel: threading.Event | None,
    ) -> None:
        self._question, self._library = question, library
        self._progress: Progress = progress or (lambda text, share: None)
        self._cancel = cancel or threading.Event()

    def check(self) -> None:
        """Raise DescribingCancelled if it was cancelled."""
        if self._cancel.is_set():
            raise DescribingCancelled

    def ask(self, facts: InstalledModel, text: str) -> Answer:
        """What the model's own encoder answers; other models make room for it, and it is gone afterwards.

        Raises:
            UnsupportedModel: the model cannot say what a picture shows.
        """
        from engine.weights.loading import free_memory, pick_device

        if not architectures()[facts.family].sees:
            raise UnsupportedModel(
                f'"{facts.name}" cannot say what a picture shows: its text encoder only reads.',
                hint="Choose the starter or a model with a vision-language encoder, such as Qwen-Image; or write the"
                " prompt and find its words with Find in the Picture.",
            )
        self.check()
        self._progress("Loading the model", 0.0)
        self._library.drop_idle(())
        try:
            seer = seeing.load(facts, pick_device(self._question.device))
            self._progress("Looking at the picture", 0.4)
            return seer.ask(
                self._question.rgb,
                text,
                check=self.check,
                told=lambda share: self._progress("Looking at the picture", 0.4 + 0.4 * share),
            )
        finally:
            free_memory()

    def looked_for(self, caption: str, find: Find | None) -> Description:
        """A caption whose things are looked for in the picture; without places where the model does not show them."""
        things = [
            (named[0][0], named[-1][1])
            for chunk in chunks(caption)
            if (named := [word for word in chunk if not is_determiner(caption[slice(*word)])])
        ][: answers.MOST]
        if not things or find is None:
            return Description(caption, ())
        asked = self._question
        search = WordSearch(rgb=asked.rgb, prompt=caption, words=tuple(things), model=asked.model, device=asked.device)
        try:
            found = find(
                search,
                library=self._library,
                progress=lambda text, share: self._progress(text, 0.8 + 0.2 * share),
                cancel=self._cancel,
            )
        except UnsupportedModel:
            return Description(caption, ())
        except EngineError:
            self.check()
            raise
        shares = [float((mask > 127).mean()) for mask in found.masks]
        return Description(
            caption,
            tuple(
                Told(caption[slice(*span)], span, share, mask)
                for span, share, mask in zip(things, shares, found.masks, strict=True)
                if share >= answers.LEAST
            ),
        )


def _same(phrase: str, label: str) -> bool:
    """Whether what was found is what was asked for: one has all words of the other, or both the same last one."""
    asked, found = (set(text.split()) for text in (phrase, label))
    return asked <= found or found <= asked or phrase.split()[-1:] == label.split()[-1:]
