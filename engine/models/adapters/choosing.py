"""The LoRA files that a request names, found and read, with the words that hear them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import BadRequest, ModelNotFound
from engine.models.adapters.reading import AdapterFile, check_kind, read_adapter
from engine.protocol import GenerateRequest


@dataclass(frozen=True, eq=False)
class ChosenAdapter:
    """A file with its weight, and the span and mask of the word that alone hears it; None for the whole picture."""

    source: AdapterFile
    weight: float
    word: tuple[tuple[int, int], np.ndarray] | None = None


def chosen_adapters(request: GenerateRequest, folder: Path) -> tuple[ChosenAdapter, ...]:
    """Return the files that a request asks for; those of weight 0 do nothing and are left out.

    Args:
        folder: where files that are called by name lie; see `find_adapter`.

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
            found.append(ChosenAdapter(read_adapter(find_adapter(choice.file, folder)), choice.weight, word))
    return tuple(found)


def find_adapter(name: str, folder: Path) -> Path:
    """Return the file of a LoRA: a path, or the name of a file in `folder` or below, with or without its ending.

    Raises:
        ModelNotFound: there is none. UnsafeModel: it is a pickle.
    """
    path = Path(name).expanduser()
    if path.is_file() or len(path.parts) > 1:
        check_kind(path)
        return path
    for file in sorted(folder.rglob("*.safetensors")) if folder.is_dir() else ():
        if name.lower() in (file.name.lower(), file.stem.lower()):
            return file
    check_kind(folder / name)  # it may be a pickle
    raise ModelNotFound(
        f'There is no LoRA "{name}".', hint=f"Put its file into the folder {folder}, or give the file's path."
    )


def known_adapters(folder: Path) -> Sequence[str]:
    """The names of the LoRA files in a folder and below."""
    return sorted(file.stem for file in folder.rglob("*.safetensors")) if folder.is_dir() else []
