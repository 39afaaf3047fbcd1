"""Finds the tokenizer that belongs to a text encoder's file: in the file itself, in installed models and programs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import resources
from engine.errors import EngineError
from engine.models.assembly import embedded_words
from engine.text.clip_vocabulary import shipped_merges, vocabulary
from engine.text.word_kinds import CLIP_WORDS, CLIP_WORDS_PADDED, QWEN_WORDS, T5_WORDS, UMT5_WORDS
from engine.weights.files import read_json

Files = Mapping[str, bytes | Path]
"""The files of a tokenizer's folder: their bytes, or where they are copied from."""

QWEN_ROWS = 151_669
"""The words that all Qwen 2 and 3 models share; their encoders have some rows more."""
CLIP_ROWS = 49_408
_T5_ROWS = 32_128
_CLASSES = {
    CLIP_WORDS: "CLIPTokenizer",
    CLIP_WORDS_PADDED: "CLIPTokenizer",
    T5_WORDS: "T5Tokenizer",
    UMT5_WORDS: "T5Tokenizer",
    QWEN_WORDS: "Qwen2Tokenizer",
}
_ENCODERS = {
    "tokenizer": ("text_encoder",),
    "processor": ("text_encoder",),
    "tokenizer_2": ("text_encoder_2",),
    "tokenizer_3": ("text_encoder_3",),
    "t5_tokenizer": ("text_conditioner",),
}
"""Folders of tokenizers -> those of the networks that read their tokens."""
_SMALL = (".json", ".txt", ".model")
_LARGEST = 32 << 20
_PROGRAMS = {QWEN_WORDS: "comfy/text_encoders/qwen25_tokenizer", T5_WORDS: "comfy/text_encoders/t5_tokenizer"}
"""Where ComfyUI has tokenizers of its own, from its folder."""
_FORGE = "backend/huggingface"
"""Where Forge has the configs and tokenizers of the models it knows."""
_DEEP = 6
CHAT = (
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' }}"
    "{%- if message.content is string %}{{- message.content }}"
    "{%- else %}{%- for part in message.content %}{{- part.text }}{%- endfor %}{%- endif %}{{- '<|im_end|>\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}"
    "{%- if enable_thinking is defined and not enable_thinking %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}"
    "{%- endif %}"
)
"""Qwen3's template, as far as one message of a user goes; other Qwens' put a message of their own before it."""


@dataclass(frozen=True)
class Sources:
    """Where tokenizers are looked for besides the encoder's own file.

    Attributes:
        models: the installed models. downloaded: the folder with tokenizers that were brought by themselves, by kind.
    """

    models: Callable[[], Iterable[Path]] = tuple
    downloaded: Path | None = None


def find(kind: str, words: int, encoder: Path | None, model: Path, sources: Sources) -> Files | None:
    """Return the files of the tokenizer of a kind for a network with so many words; None if it is nowhere.

    Args:
        encoder: the file of the text encoder, which may have its tokenizer in it. model: the transformer's.
    """
    own = embedded_words.read(kind, encoder) if encoder is not None else None
    if own is not None:
        return _finished(kind, own)
    for folder in _folders(kind, words, model, sources):
        found = _files(folder)
        if _are_whole(kind, found) and _knows_thinking(kind, words, found):
            return _finished(kind, found)
    if kind in (CLIP_WORDS, CLIP_WORDS_PADDED) and words == CLIP_ROWS:
        shipped = _files(resources.path("models", "sd15") / "tokenizer")
        merges = shipped_merges()
        padding = {"pad_token": "!"} if kind == CLIP_WORDS_PADDED else {}
        return {
            **shipped,
            "merges.txt": merges.encode(),
            "vocab.json": json.dumps(vocabulary(merges), ensure_ascii=False).encode(),
            "tokenizer_config.json": json.dumps(_config(shipped) | padding).encode(),
        }
    return None


def _folders(kind: str, words: int, model: Path, sources: Sources) -> Iterator[Path]:
    above = [*model.parents][:_DEEP]
    of_forge = [each for root in above for each in _below(root / _FORGE, 2)]
    for folder in (*sources.models(), *of_forge):
        for name, encoders in _ENCODERS.items():
            if (folder / name).is_dir() and _class(folder / name) == _CLASSES[kind]:
                rows = {_rows(folder / encoder / "config.json") for encoder in encoders}
                if words in rows or (kind == QWEN_WORDS and min(words, *rows) >= QWEN_ROWS):
                    yield folder / name
    published = {QWEN_WORDS: words >= QWEN_ROWS, T5_WORDS: words == _T5_ROWS, UMT5_WORDS: words >= 256_000}
    if published.get(kind):
        if sources.downloaded is not None:
            yield sources.downloaded / kind
        if kind in _PROGRAMS:
            yield from (root / nested / _PROGRAMS[kind] for root in above for nested in ("", "ComfyUI"))


def _below(folder: Path, levels: int) -> list[Path]:
    found = [folder]
    for _ in range(levels):
        try:
            found = [each / name for each in found for name in sorted(os.listdir(each)) if (each / name).is_dir()]
        except OSError:
            return []
    return found


def _class(folder: Path) -> str:
    try:
        name = str(read_json(folder / "tokenizer_config.json", part="tokenizer").get("tokenizer_class", ""))
    except EngineError:
        return ""
    return name.removesuffix("Fast").replace("TokenizersBackend", "Qwen2Tokenizer")


def _rows(path: Path) -> int:
    try:
        config = read_json(path, part="text encoder")
    except EngineError:
        return 0
    text = config.get("text_config")
    own = text if isinstance(text, dict) else config
    rows = own.get("vocab_size", own.get("target_vocab_size", 0))
    return rows if isinstance(rows, int) else 0


def _files(folder: Path) -> dict[str, bytes | Path]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return {}
    paths = {name: folder / name for name in names if name.endswith(_SMALL)}
    return {name: path for name, path in paths.items() if path.is_file() and path.stat().st_size <= _LARGEST}


def _config(found: Files) -> dict[str, Any]:
    """What its tokenizer_config.json says; nothing where it has none that can be read."""
    given = found.get("tokenizer_config.json", b"{}")
    try:
        return dict(json.loads(given.read_text("utf-8") if isinstance(given, Path) else given))
    except (OSError, ValueError, TypeError):
        return {}


def _are_whole(kind: str, found: Files) -> bool:
    pieces = ("spiece.model",) if kind in (T5_WORDS, UMT5_WORDS) else ("vocab.json", "merges.txt")
    ways: tuple[tuple[str, ...], ...] = (("tokenizer.json",), pieces)
    return any(all(name in found for name in way) for way in ways)


def _knows_thinking(kind: str, words: int, found: Files) -> bool:
    """Whether Qwen3's sign for thought is a word of it, as it is not in Qwen2.5's."""
    if kind != QWEN_WORDS or words < QWEN_ROWS:
        return True
    texts = (found.get(name) for name in ("tokenizer_config.json", "added_tokens.json", "tokenizer.json"))
    return any(b"<think>" in (text.read_bytes() if isinstance(text, Path) else text) for text in texts if text)


def _finished(kind: str, found: Files) -> Files:
    """The files with a config that names the class, and for Qwen with the template of one message."""
    if kind != QWEN_WORDS:
        return found
    signs = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    config = signs | _config(found) | {"tokenizer_class": "Qwen2Tokenizer"}
    for key in ("chat_template", "auto_map"):
        config.pop(key, None)
    written = {"tokenizer_config.json": json.dumps(config).encode(), "chat_template.jinja": CHAT.encode()}
    return {**{name: each for name, each in found.items() if name != "chat_template.json"}, **written}
