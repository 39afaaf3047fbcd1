"""Reads a SentencePiece vocabulary (spiece.model) as far as T5's tokenizer needs it: the pieces and the normaliser.

The file is a protocol buffer of which two fields matter; two packages for them would be larger than this program.
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
    """What a spiece.model says.

    Attributes:
        pieces: (text, logarithm of its probability), in the order of their numbers.
        characters: the compiled rules by which characters are replaced first; None where there are none.
    """

    pieces: tuple[tuple[str, float], ...]
    characters: bytes | None


def read_vocabulary(data: bytes) -> Vocabulary:
    """Return the vocabulary in the bytes of a spiece.model.

    Raises:
        ValueError: it is none, or damaged.
    """
    pieces: list[tuple[str, float]] = []
    characters = None
    for field, value in _fields(data):
        if field == _PIECES and isinstance(value, bytes):
            parts = dict(_fields(value))
            text, score = parts.get(_TEXT, b""), parts.get(_SCORE, b"\0\0\0\0")
            if not isinstance(text, bytes) or not isinstance(score, bytes) or len(score) != 4:
                raise ValueError(f"piece {len(pieces)} makes no sense")
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
    """Yield (number, value) of each field of a message: a whole number, or the bytes of anything else."""
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
            raise ValueError(f"a field of the unknown kind {kind}")
        if place + length > len(data):
            raise ValueError("it was cut short")
        yield key >> 3, data[place : place + length]
        place += length


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return the number of variable length at `place`, and where it ends."""
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
