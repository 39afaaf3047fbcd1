"""A taught word as files: an embedding, and where a method changes the model too a LoRA, in the field's own formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.models.word_note import WordNote
from engine.teaching.lesson import Lesson
from resources import atomic

if TYPE_CHECKING:
    from torch import Tensor

_KEYS = {"text_encoder": "clip_l", "text_encoder_2": "clip_g"}
"""By part, as embeddings for SDXL name their tensors."""


def embedding_bytes(word: str, vectors: Mapping[str, Tensor], note: WordNote) -> bytes:
    """An embedding: for one encoder a single tensor `[n, C]` called as the word is, which diffusers' textual inversion
    reads by itself; for two `clip_l` and `clip_g`, as files for SDXL have them."""
    from safetensors.torch import save

    own = {part: value.detach().float().cpu().contiguous() for part, value in vectors.items()}
    tensors = {word: next(iter(own.values()))} if len(own) == 1 else {_KEYS[part]: own[part] for part in own}
    return bytes(save(tensors, metadata=note.to_metadata()))


def adapter_bytes(tensors: Mapping[str, Tensor], note: WordNote) -> bytes:
    """A LoRA as diffusers and PEFT name its tensors, with the word that it acts for in its metadata."""
    from safetensors.torch import save

    more = {"modelspec.trigger_phrase": note.word, "modelspec.title": note.word}
    return bytes(save(dict(tensors), metadata={**note.to_metadata(), **more}))


def write_word(
    lesson: Lesson,
    model: str,
    vectors: Mapping[str, Tensor],
    changes: Mapping[str, Tensor] | None,
    *,
    embeddings: Path,
    loras: Path,
) -> tuple[Path, ...]:
    """Write a word's files into the folders of embeddings and LoRA files; returns them.

    Raises:
        EngineError: there is no room, or the folder cannot be written; then what was there stays.
    """
    adapter = "" if changes is None else lesson.file_name
    note = WordNote(
        word=lesson.word, method=lesson.method, model=model, class_word=lesson.class_word, steps=lesson.steps,
        adapter=adapter,
    )  # fmt: skip
    files = []
    try:
        if changes is not None:
            loras.mkdir(parents=True, exist_ok=True)
            files.append(loras / f"{adapter}.safetensors")
            atomic.write(files[-1], adapter_bytes(changes, note))
        embeddings.mkdir(parents=True, exist_ok=True)
        files.append(embeddings / f"{lesson.file_name}.safetensors")
        atomic.write(files[-1], embedding_bytes(lesson.word, vectors, note))
    except OSError as error:
        raise cannot_write(error) from error
    return tuple(reversed(files))


def cannot_write(error: OSError) -> EngineError:
    """The typed form of an error in writing."""
    return EngineError(
        f"What was learnt cannot be written: {error.strerror or error}.",
        hint="Free some space, or make the folder writable; then continue: nothing that was saved before is lost.",
        details=repr(error),
    )
