"""What the files of a taught word say of themselves; no torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from engine.errors import EngineError
from engine.weights.files import is_pickle
from engine.weights.headers import metadata, read_header

NOTE = "wordbrush.word"
"""The key in a file's metadata, in an embedding as in a LoRA."""


@dataclass(frozen=True, kw_only=True)
class WordNote:
    """What is written into the files of a taught word.

    Attributes:
        word: as it stands in prompts. method: "embedding", "lora" or "custom". model: the name of the model that it
            was taught. class_word: what kind of thing it is, "" if nobody said. steps: of its training.
        adapter: the name of the LoRA file that acts wherever the word stands; "" if its vectors are all.
    """

    word: str
    method: str
    model: str
    class_word: str = ""
    steps: int = 0
    adapter: str = ""

    def to_metadata(self) -> dict[str, str]:
        """The metadata of a safetensors file."""
        return {"format": "pt", NOTE: json.dumps({"version": 1, **asdict(self)})}


def note_in(file: Path) -> WordNote | None:
    """Return what an embedding or a LoRA says of the word that it was taught for; None if it says nothing readable."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return _note_in(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=512)
def _note_in(file: Path, _modified: int, _size: int) -> WordNote | None:
    if is_pickle(file):
        return None
    try:
        text = metadata(read_header(file, part="embedding")).get(NOTE, "")
        said = json.loads(text) if text else None
    except (EngineError, OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("version") != 1 or not isinstance(said.get("word"), str):
        return None
    texts = {key: said[key] for key in ("word", "method", "model", "class_word", "adapter") if key in said}
    if not all(isinstance(text, str) for text in texts.values()) or not {"method", "model"} <= texts.keys():
        return None
    steps = said.get("steps")
    return WordNote(**texts, steps=steps if isinstance(steps, int) else 0)
