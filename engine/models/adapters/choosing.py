"""The LoRA files that a request names, found and read, with the words that hear them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import BadRequest
from engine.models.adapters.notes import find_adapter
from engine.models.adapters.reading import AdapterFile, hold_only, read_adapter
from engine.protocol import GenerateRequest


@dataclass(frozen=True, eq=False)
class ChosenAdapter:
    """A file with its weight, and the span and mask of the word that alone hears it; None for the whole picture."""

    source: AdapterFile
    weight: float
    word: tuple[tuple[int, int], np.ndarray] | None = None


def chosen_adapters(request: GenerateRequest, folders: Callable[[], Sequence[Path]]) -> tuple[ChosenAdapter, ...]:
    """Return the files that a request asks for; those of weight 0 do nothing and are left out. No others stay read.

    Args:
        folders: called where there are any; where files lie that are called by name, see `find_adapter`.

    Raises:
        BadRequest: there is no such word. Others: see `read_adapter`.
    """
    found = []
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
    hold_only([each.source for each in found])
    return tuple(found)
