"""Text encoders that are vision-language models: which of them can see, by their files, and how they are spoken to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.weights.files import read_json

_CLIP_MEAN, _CLIP_SPREAD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
_HALF = (0.5, 0.5, 0.5)


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """How a vision-language model is asked about a picture.

    Attributes:
        whole: its class in transformers, with eyes and the head that says words.
        mean, spread: by which its pictures are normalised, for red, green and blue of 0..1.
        system: what stands before the question, as it was trained.
        scale: what a box's coordinates go up to; None where they are pixels of the picture as the model got it.
    """

    whole: str
    mean: tuple[float, float, float]
    spread: tuple[float, float, float]
    system: str
    scale: int | None


QWEN25 = Eyes(
    whole="Qwen2_5_VLForConditionalGeneration",
    mean=_CLIP_MEAN,
    spread=_CLIP_SPREAD,
    system="<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n",
    scale=None,
)
QWEN3 = Eyes(
    whole="Qwen3VLForConditionalGeneration",
    mean=_HALF,
    spread=_HALF,
    system="",
    scale=1000,
)
_HEADLESS = {"Qwen2_5_VLModel": QWEN25, "Qwen3VLModel": QWEN3}
"""Without the head that says words: it is the words' own table where the config ties the two."""

EYES: Mapping[str, Eyes] = {each.whole: each for each in (QWEN25, QWEN3)}


def class_of(config: Path) -> str:
    """What the config of a model's text encoder calls its class; "" where it says nothing."""
    file = config / "text_encoder" / "config.json"
    named = read_json(file, part="text_encoder").get("architectures") if file.is_file() else None
    return str(named[0]) if isinstance(named, list) and named else ""


def eyes_of(config: Path) -> Eyes | None:
    """The eyes of a model's text encoder, by the folder of its config files; None where it can only read."""
    name = class_of(config)
    if name in _HEADLESS:
        about = read_json(config / "text_encoder" / "config.json", part="text_encoder")
        text = about.get("text_config")
        tied = about.get("tie_word_embeddings") or (isinstance(text, dict) and text.get("tie_word_embeddings"))
        return _HEADLESS[name] if tied else None
    return EYES.get(name)
