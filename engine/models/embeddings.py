"""Embeddings (textual inversion): words that were learnt, found by the names of their files; no torch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError, UnsafeModel
from engine.models.files_below import files_in
from engine.weights.files import is_pickle
from engine.weights.headers import read_header, shapes
from resources.phrases import Span, find_spans

if TYPE_CHECKING:
    from engine.text.learnt_words import LearntWord

_NAMELESS = ("learned_embeds", "model")
"""What diffusers calls its files, whatever the word: that is the name of the tensor."""
_PREFIX = re.compile(r"embedding:\Z", re.IGNORECASE)


def list_embeddings(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the files of embeddings in folders and below by their word, in lower case; the first folder's one counts.

    Pickles, which are never opened, are named too, unless the word has another file.
    """
    found: dict[str, Path] = {}
    for file in files_in(folders, pickles=True):
        name = _word_of(file).lower()
        if name not in found or (is_pickle(found[name]) and not is_pickle(file)):
            found[name] = file
    return found


def named_in(texts: Iterable[str], known: Mapping[str, Path]) -> dict[str, Path]:
    """Return those of the `known` words that stand in one of the texts.

    Raises:
        UnsafeModel: one of them has no file but a pickle.
    """
    there = [text for text in texts if text.strip()]
    found = {name: file for name, file in known.items() if any(name in text.lower() for text in there)}
    found = {name: file for name, file in found.items() if any(spans_of(text, [name]) for text in there)}
    for name, file in found.items():
        if is_pickle(file):
            raise UnsafeModel(
                f'The embedding "{name}" is a pickle ({file.name}), which can run code as it is opened, so Wordbrush'
                " does not open it.",
                hint="Get it as .safetensors, convert it with a program that you trust, or take the word out of the"
                " prompt.",
                details=str(file),
            )
    return found


def read_named(texts: Iterable[str], folders: Sequence[Path]) -> tuple[LearntWord, ...]:
    """Return the words of embeddings in the folders that stand in one of the texts, with their vectors, by name.

    Raises:
        as `named_in`, and as `engine.text.learnt_words.read_word`.
    """
    found = named_in(texts, list_embeddings(folders))
    if not found:
        return ()
    from engine.models.word_note import note_in
    from engine.text.learnt_words import read_word

    notes = {name: note_in(file) for name, file in found.items()}
    adapters = {name: note.adapter for name, note in notes.items() if note is not None}
    return tuple(read_word(name, found[name], adapter=adapters.get(name, "")) for name in sorted(found))


def spans_of(text: str, names: Iterable[str]) -> tuple[tuple[Span, str], ...]:
    """Return where learnt words stand in a text, from the left and apart; of two that overlap the longer one counts.

    A word stands as a whole word in any letter case; ComfyUI's "embedding:" before it belongs to it.
    """
    found: list[tuple[Span, str]] = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        for start, end in find_spans(text, name):
            before = _PREFIX.search(text[:start])
            start = before.start() if before else start
            if all(end <= other[0] or other[1] <= start for other, _ in found):
                found.append(((start, end), name))
    return tuple(sorted(found))


def _word_of(file: Path) -> str:
    if file.stem.lower() not in _NAMELESS or is_pickle(file):
        return file.stem
    stat = file.stat()
    return _token_in(file, stat.st_mtime_ns, stat.st_size) or file.parent.name


@lru_cache(maxsize=256)
def _token_in(file: Path, _modified: int, _size: int) -> str:
    try:
        names = list(shapes(read_header(file, part="embedding")))
    except (EngineError, OSError):
        return ""
    return names[0] if len(names) == 1 and names[0] != "emb_params" else ""
