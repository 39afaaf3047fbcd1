"""The LoRA files that a request names, found and read, with the words that hear them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import BadRequest
from engine.models.adapters.notes import find_adapter
from engine.models.adapters.reading import AdapterFile, hold_only, read_adapter
from engine.protocol import GenerateRequest

if TYPE_CHECKING:
    from engine.text.learnt_words import LearntWord


@dataclass(frozen=True, eq=False)
class ChosenAdapter:
    """A file with its weight, and the span and mask of the word that alone hears it; None for the whole picture."""

    source: AdapterFile
    weight: float
    word: tuple[tuple[int, int], np.ndarray] | None = None


def chosen_adapters(
    request: GenerateRequest,
    folders: Callable[[], Sequence[Path]],
    learnt: Sequence[LearntWord] = (),
    own: tuple[Path, float] | None = None,
) -> tuple[ChosenAdapter, ...]:
    """Return the files that a request asks for; those of weight 0 do nothing and are left out. No others stay read.

    Args:
        folders: called where there are any; where files lie that are called by name, see `find_adapter`.
        learnt: the prompt's learnt words; those that were taught with a LoRA bring it along, see `_taught`.
        own: a file of the model's own, and its weight.

    Raises:
        BadRequest: there is no such word. Others: see `read_adapter`.
    """
    found = [] if own is None else [ChosenAdapter(read_adapter(own[0]), own[1])]
    named = {find_adapter(choice.file, folders()) for choice in request.adapters.loras} if learnt else set()
    words = request.text.words
    for choice in request.adapters.loras:
        if choice.word is not None and not 0 <= choice.word < len(words):
            raise BadRequest(
                f'The LoRA "{choice.file}" is bound to word {choice.word}, but {len(words)} are painted.',
                hint="Bind it to a painted word, counted from 0, or to none.",
            )
        word = None if choice.word is None else (words[choice.word].span, words[choice.word].mask)
        if choice.weight:
            found.append(ChosenAdapter(read_adapter(find_adapter(choice.file, folders())), choice.weight, word))
    for taught in learnt:
        if taught.adapter:
            file = find_adapter(taught.adapter, folders())
            # One that the request names itself has the weight and the area that it gives.
            found += [] if file in named else _taught(request, taught, file, [each.name for each in learnt])
    hold_only([each.source for each in found])
    return tuple(found)


def _taught(request: GenerateRequest, word: LearntWord, file: Path, names: Sequence[str]) -> list[ChosenAdapter]:
    """A taught word's LoRA, for each place where the word stands in the prompt: in its paint, or if it has none
    anywhere, in the whole picture once. Words that are pushed out have none of it in their area.

    Args:
        names: of all learnt words, the longest of which stands where several could.
    """
    from engine.models.embeddings import spans_of

    width, height = request.picture.size
    source, found, everywhere = read_adapter(file), [], False
    for span, name in spans_of(request.text.prompt, names):
        if name != word.name:
            continue
        own = [each for each in request.text.words if each.span[0] < span[1] and span[0] < each.span[1]]
        mask = np.zeros((height, width), np.uint8)
        for each in own:
            if each.strength > 0:
                np.maximum(mask, each.mask, out=mask)
        if not own and not everywhere:
            everywhere = True
            mask[:] = 255
        found.append(ChosenAdapter(source, 1.0, (span, mask)))
    return found
