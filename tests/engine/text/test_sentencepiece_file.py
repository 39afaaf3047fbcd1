"""A spiece.model is read without any package for it, and makes the tokenizer that its tokenizer.json makes."""

from __future__ import annotations

import json
import shutil
import struct

import numpy as np
import pytest

from engine.text.encoders import load_tokenizer as load_t5_tokenizer
from engine.text.sentencepiece_file import read_vocabulary


def number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(place: int, value: bytes) -> bytes:
    return number(place << 3 | 2) + number(len(value)) + value


def spiece(pieces: list[tuple[str, float]]) -> bytes:
    """A spiece.model as SentencePiece writes it: pieces with text, score and kind, then its settings."""
    out = b""
    for text, score in pieces:
        out += field(
            1, field(1, text.encode()) + number(2 << 3 | 5) + struct.pack("<f", score) + number(3 << 3) + b"\1"
        )
    trainer = field(1, b"a file") + number(4 << 3) + number(32000)
    return out + field(2, trainer) + field(3, field(1, b"nmt_nfkc") + field(2, b""))


def test_reads_pieces_and_scores():
    pieces = [("<pad>", 0.0), ("▁lake", -2.5), ("é" * 100, -300.25)]
    assert read_vocabulary(spiece(pieces)).pieces == tuple(pieces)
    assert read_vocabulary(spiece(pieces)).characters is None
    assert read_vocabulary(spiece(pieces) + field(3, field(2, b"rules"))).characters == b"rules"


def test_damaged_files_are_refused_with_a_value_error():
    whole = spiece([("<pad>", 0.0), ("▁lake", -2.5), ("s", -3.0)])
    generator = np.random.default_rng(0)
    for _ in range(3000):
        data = bytearray(whole[: generator.integers(len(whole) + 1)])
        for _ in range(generator.integers(4)):
            if data:
                data[generator.integers(len(data))] = generator.integers(256)
        try:
            read_vocabulary(bytes(data))
        except ValueError:
            continue
    with pytest.raises(ValueError, match="no pieces"):
        read_vocabulary(b"")


def test_t5s_tokenizer_comes_from_spiece_model_alone(conditioned_folder, tmp_path):
    shutil.copytree(conditioned_folder / "tokenizer_2", tmp_path / "json")
    rules = json.loads((tmp_path / "json" / "tokenizer.json").read_text())
    pieces = [(text, score) for text, score in rules["model"]["vocab"] if not text.startswith("<extra_id_")]
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "spiece.model").write_bytes(spiece(pieces))
    extra = len(rules["model"]["vocab"]) - len(pieces)
    (tmp_path / "only" / "tokenizer_config.json").write_text(json.dumps({"extra_ids": extra}))
    text = "a red house by a lake, and Sky!"
    whole, small = load_t5_tokenizer(tmp_path / "json"), load_t5_tokenizer(tmp_path / "only")
    assert small(text).input_ids == whole(text).input_ids and len(small) == len(whole)
    assert (
        small(text, return_offsets_mapping=True).offset_mapping
        == whole(text, return_offsets_mapping=True).offset_mapping
    )
