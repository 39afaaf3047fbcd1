"""Tokenizers that lie in a text encoder's own file: SentencePiece's in ComfyUI's, all kinds in GGUF files."""

from __future__ import annotations

import json
import os
import struct
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.text.word_kinds import QWEN_WORDS, T5_WORDS, UMT5_WORDS
from engine.weights.gguf_file import is_gguf, read_gguf_header
from engine.weights.headers import open_regular, read_header

_PIECES = "spiece_model"
_LARGEST = 64 << 20
_NORMAL, _UNUSED = 1, 5
"""GGUF's types of words: ordinary ones, and rows that no text gives."""


def read(kind: str, file: Path) -> dict[str, bytes | Path] | None:
    """Return the files of the tokenizer of that kind in a text encoder's file; None if it has none."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return _read(kind, file, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)  # it takes a second for a hundred thousand words, and the list of models asks for each model
def _read(kind: str, file: Path, _changed: int, _size: int) -> dict[str, bytes | Path] | None:
    try:
        if is_gguf(file):
            fields = read_gguf_header(file, part="text encoder", words=True).fields
            return _of_words(kind, {name.removeprefix("tokenizer.ggml."): value for name, value in fields.items()})
        return _of_pieces(file) if kind in (T5_WORDS, UMT5_WORDS) else None
    except (EngineError, OSError, ValueError, TypeError, KeyError, IndexError):
        return None  # it is looked for elsewhere; what is wrong with the file is told when it is loaded


def _of_pieces(file: Path) -> dict[str, bytes | Path] | None:
    entry = read_header(file, part="text encoder").get(_PIECES)
    if entry is None or entry["dtype"] != "U8":
        return None
    start, end = entry["data_offsets"]
    if end - start > _LARGEST:
        return None
    with open_regular(file) as handle:
        base = 8 + int(struct.unpack("<Q", handle.read(8))[0])
        handle.seek(base + start)
        return {"spiece.model": handle.read(end - start), "tokenizer_config.json": _config("T5Tokenizer", extra_ids=0)}


def _of_words(kind: str, fields: dict[str, Any]) -> dict[str, bytes | Path] | None:
    words, types = fields.get("tokens"), fields.get("token_type")
    if not isinstance(words, tuple) or not words:
        return None
    types = types if isinstance(types, tuple) else (_NORMAL,) * len(words)
    if kind == QWEN_WORDS and fields.get("model") == "gpt2":
        added = {
            str(place): {"content": word, "special": special != 4, "normalized": False, "lstrip": False,
                         "rstrip": False, "single_word": False}
            for place, (word, special) in enumerate(zip(words, types, strict=True))
            if special not in (_NORMAL, _UNUSED)
        }  # fmt: skip
        ordinary = {word: place for place, (word, each) in enumerate(zip(words, types, strict=True)) if each == _NORMAL}
        return {
            "vocab.json": json.dumps(ordinary, ensure_ascii=False).encode(),
            "merges.txt": "\n".join(["#version: 0.2", *fields["merges"], ""]).encode(),
            "tokenizer_config.json": _config("Qwen2Tokenizer", added_tokens_decoder=added),
        }
    if kind in (T5_WORDS, UMT5_WORDS) and fields.get("model") == "t5":
        pieces = zip(words, fields["scores"], strict=True)
        rules = bytes(fields.get("precompiled_charsmap") or ())
        return {"spiece.model": _pieces(pieces, rules), "tokenizer_config.json": _config("T5Tokenizer", extra_ids=0)}
    return None


def _config(kind: str, **more: Any) -> bytes:
    return json.dumps({"tokenizer_class": kind, **more}).encode()


def _pieces(pieces: Any, rules: bytes) -> bytes:
    """A SentencePiece vocabulary as its own file has it: see `engine.text.sentencepiece_file`."""
    out = bytearray()
    for text, score in pieces:
        own = _field(1, text.encode()) + b"\x15" + struct.pack("<f", float(score))
        out += _field(1, own)
    return bytes(out + _field(3, _field(2, rules))) if rules else bytes(out)


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _length(len(data)) + data


def _length(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
