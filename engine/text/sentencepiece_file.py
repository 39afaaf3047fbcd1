"""Reads what T5's tokenizer needs from a SentencePiece vocabulary (spiece.model): the pieces and the normaliser.

The file is a protocol buffer in which two fields matter; the two packages that read it would be larger than Wordbrush.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_PIECES, _NORMALISER = 1, 3  # fields of ModelProto
_TEXT, _SCORE = 1, 2  # of SentencePiece
_CHARACTERS = 2  # of NormalizerSpec: precompiled_charsmap
_MOST_PIECES = 1 << 20


@dataclass(frozen=True)
class Vocabulary:
    """The contents of a spiece.model.

    Attributes:
        pieces: (text, log probability), in the order of their ids.
        characters: the compiled rules for normalising characters; None if there are none.
    """

    pieces: tuple[tuple[str, float], ...]
    characters: bytes | None


def read_vocabulary(data: bytes) -> Vocabulary:
    """Return the vocabulary in the bytes of a spiece.model.

    Raises:
        ValueError: it is not a vocabulary, or damaged.
    """
    pieces: list[tuple[str, float]] = []
    characters = None
    for field, value in _fields(data):
        if field == _PIECES and isinstance(value, bytes):
            parts = dict(_fields(value))
            text, score = parts.get(_TEXT, b""), parts.get(_SCORE, b"\0\0\0\0")
            if not isinstance(text, bytes) or not isinstance(score, bytes) or len(score) != 4:
                raise ValueError(f"piece {len(pieces)} is malformed")
            pieces.append((text.decode("utf-8"), struct.unpack("<f", score)[0]))
            if len(pieces) > _MOST_PIECES:
                raise ValueError("it has too many pieces")
        elif field == _NORMALISER and isinstance(value, bytes):
            found = dict(_fields(value)).get(_CHARACTERS)
            characters = found if isinstance(found, bytes) and found else None
    if not pieces:
        raise ValueError("it has no pieces")
    return Vocabulary(tuple(pieces), characters)


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Yield (number, value) of each field of a message; values are whole numbers, or the bytes of anything else."""
    place = 0
    while place < len(data):
        key, place = _number(data, place)
        kind = key & 7
        if kind == 0:
            value, place = _number(data, place)
            yield key >> 3, value
            continue
        if kind == 2:
            length, place = _number(data, place)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"a field has the unknown type {kind}")
        if place + length > len(data):
            raise ValueError("it was cut short")
        yield key >> 3, data[place : place + length]
        place += length


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return the variable-length integer at `place`, and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ValueError("it was cut short")
