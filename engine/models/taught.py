"""Which words a model reads by files: embeddings that fit it, among them words that were taught; no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.errors import EngineError
from engine.facts import InstalledModel, ModelFacts
from engine.models.architectures import architectures
from engine.models.embeddings import list_embeddings
from engine.models.word_note import note_in
from engine.weights.files import read_json
from engine.weights.headers import read_header, shapes

if TYPE_CHECKING:
    from engine.models.library import Library

Facts = TypeVar("Facts", bound=ModelFacts)

_KEYS = {"clip_l": "text_encoder", "text_encoders_0": "text_encoder", "clip_g": "text_encoder_2"}
_KEYS["text_encoders_1"] = "text_encoder_2"


def with_taught(told: Facts, facts: InstalledModel, library: Library) -> Facts:
    """Return the facts `told` of a model with the words counted that embeddings beside it let it read."""
    words = words_of(facts, library.folders_of("embeddings", facts.path))
    return replace(told, taught=words) if words else told


def words_of(facts: InstalledModel, folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the words of embeddings that fit a UNet's text encoders, by name; () for models of other kinds.

    Args:
        folders: of the embeddings, the nearest first.
    """
    architecture = architectures()[facts.family]
    if not architecture.can.teaching or not folders:
        return ()
    found = list_embeddings(folders)
    if not found:
        return ()
    configs = {part: facts.config / part / "config.json" for part in architecture.text_tensors}
    widths = {part: read_json(file, part=part).get("hidden_size") for part, file in configs.items()}
    notes = ((name, file, note_in(file)) for name, file in sorted(found.items()))
    return tuple(note.word if note else name for name, file, note in notes if _fits(file, widths))


def _fits(file: Path, widths: Mapping[str, object]) -> bool:
    try:
        sizes = {name: shape for name, shape in shapes(read_header(file, part="embedding")).items() if shape}
    except (EngineError, OSError):
        return False
    if len(widths) == 1 and len(sizes) == 1:
        return [shape[-1] for shape in sizes.values()] == [*widths.values()]
    own = {_KEYS[name]: shape[-1] for name, shape in sizes.items() if name in _KEYS}
    return all(own.get(part) == width for part, width in widths.items())
