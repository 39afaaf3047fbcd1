"""Pictures by the model that is being taught: samples of the word so far, and the prior's pictures of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from engine.errors import InternalError
from engine.models.library import Library
from engine.models.word_note import WordNote
from engine.pipeline import generate
from engine.protocol import Failed, GenerateRequest, ImageReady, PaintedWord
from engine.teaching.captions import plain
from engine.teaching.files import adapter_bytes
from engine.teaching.lesson import Lesson
from engine.teaching.pictures import middle
from engine.text.learnt_words import LearntWord
from resources import atomic

SAMPLE_STEPS = 14


class LessonLibrary(Library):
    """A library that knows, beside its learnt words, one that is being taught.

    Attributes:
        taught: that word as it is now; None for none.
    """

    taught: LearntWord | None = None

    def learnt_words(self, texts: Sequence[str], model: Path) -> tuple[LearntWord, ...]:
        """See `Library`; the word that is being taught stands in the place of one of its name."""
        found = super().learnt_words(texts, model)
        now = self.taught
        if now is None or not any(now.name.casefold() in text.casefold() for text in texts):
            return found
        return (*(each for each in found if each.name.casefold() != now.name.casefold()), now)


def picture_of(request: GenerateRequest, library: Library) -> np.ndarray:
    """Return the one picture of a request, uint8 `[H, W, 3]`. Raises what the request fails with."""
    for event in generate(request, library=library):
        if isinstance(event, Failed):
            raise event.error
        if isinstance(event, ImageReady):
            return event.rgb
    raise InternalError("No picture was made.", hint="Please report this.")


def sample(
    lesson: Lesson,
    library: LessonLibrary,
    device: str,
    vectors: Mapping[str, Tensor],
    changes: Mapping[str, Tensor] | None,
    folder: Path,
    step: int,
) -> Path:
    """Make a picture of the word alone, painted in the middle, and write it as `folder`/STEP.png; returns the file."""
    note = WordNote(word=lesson.word, method=lesson.method, model=lesson.model)
    adapter = folder / "now.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    if changes is not None:
        atomic.write(adapter, adapter_bytes(changes, note))
    own = {part: value.detach().float().cpu().clone() for part, value in vectors.items()}
    if len(own) == 1:
        own = {"": next(iter(own.values()))}
    prompt = plain(lesson.word)
    start = prompt.index(lesson.word)
    word = PaintedWord(span=(start, start + len(lesson.word)), mask=middle(lesson.size))
    library.taught = LearntWord(lesson.word, own, "" if changes is None else str(adapter))
    try:
        rgb = picture_of(
            GenerateRequest.of(
                id="lesson", prompt=prompt, words=(word,), width=lesson.size[0], height=lesson.size[1],
                steps=SAMPLE_STEPS, seed=lesson.seed, model=lesson.model, device=device, previews=False,
            ),
            library,
        )  # fmt: skip
    finally:
        library.taught = None
    file = folder / f"{step:06d}.png"
    with atomic.replacing(file) as new:
        Image.fromarray(rgb).save(new, format="PNG")
    return file


def class_picture(lesson: Lesson, library: Library, device: str, number: int, steps: int) -> np.ndarray:
    """Picture `number` of the word's kind, by the model as it is, uint8 `[H, W, 3]`."""
    return picture_of(
        GenerateRequest.of(
            id="lesson", prompt=plain(lesson.class_word), width=lesson.size[0], height=lesson.size[1], steps=steps,
            seed=lesson.seed + 1 + number, model=lesson.model, device=device, previews=False,
        ),
        library,
    )  # fmt: skip
