"""Pictures for words that the model does not know: the nearest of a folder, as that word's style; no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.vocabulary import unknown_words
from canvas.files.image_io import style_picture
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.words import word_spans
from engine.errors import BadReference
from engine.facts import ModelFacts
from engine.retrieval.finder import ANY_TEXT, Finder
from engine.scoring.style_image import reference_from_image
from resources.limits import MAX_STYLES

_MOST = 3
"""Pictures that are tried for a word, where the first ones cannot be read any more."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class Taken:
    """A picture that stands for a word.

    Attributes:
        word: as the prompt has it. word_id: the painted word that it is in; None where it has no paint.
        rgb: the picture, uint8 `[h, w, 3]`.
    """

    word: str
    word_id: str | None
    path: Path
    rgb: np.ndarray


def pictures_for(scene: Scene, facts: ModelFacts | None, finder: Finder, folder: Path) -> list[Taken]:
    """Return the nearest picture of an indexed folder for each word of the prompt that the model does not know.

    Where the space reads no such word, only a picture counts whose name, or whose folder's, has it. A word whose paint
    a style follows already gets none. Raises what `Finder.by_text` does.
    """
    model = scene.settings.model
    any_text = finder.space(model).words == ANY_TEXT
    served = {style.word for style in scene.styles if style.word is not None}
    taken: list[Taken] = []
    for word in unknown_words(scene.prompt, facts):
        if len(scene.styles) + len(taken) >= MAX_STYLES:
            break
        word_id = painted_word(scene, word)
        if word_id in served:
            continue
        near = finder.by_text(word, folder, model, count=_MOST)
        found = _first(word, word_id, (each.path for each in near if any_text or each.named > 0.99))
        if found is not None:
            taken.append(found)
    return taken


def with_pictures(scene: Scene, taken: Iterable[Taken]) -> Scene:
    """Return the scene with these pictures as styles: in the paint of their word, or everywhere if it has none."""
    for each in taken:
        scene, style_id = edits.add_style(scene, name_of(each.path), style_picture(each.rgb))
        if each.word_id is not None and scene.has_word(each.word_id):
            scene = edits.bind_style(scene, style_id, each.word_id)
    return scene


def name_of(path: Path) -> str:
    """What a style made of a file is called."""
    shown = "".join(letter if letter.isprintable() else " " for letter in path.stem).strip()
    return shown[:LONGEST_NAME] or "Picture"


def _first(word: str, word_id: str | None, paths: Iterable[Path]) -> Taken | None:
    for path in paths:
        try:
            return Taken(word, word_id, path, reference_from_image(path))
        except BadReference:  # deleted or damaged since it was indexed
            continue
    return None


def painted_word(scene: Scene, word: str) -> str | None:
    """Return the id of the painted word of the scene that has this word of the prompt in it."""
    spans = [span for span in word_spans(scene.prompt) if scene.prompt[slice(*span)].casefold() == word.casefold()]
    for each in scene.words:
        if each.span is not None and not scene.masks[each.id].is_empty:
            start, end = each.span
            if any(start < stop and first < end for first, stop in spans):
                return each.id
    return None
