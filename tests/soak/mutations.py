"""Changes files as damage and malice would: bytes, entries of archives, chunks of pictures, values of JSON, texts."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

NUMBERS = (0, -1, 1, 2**31 - 1, 2**31, 2**63, -(2**63), 10**30, 1e308, -1e308, 0.5, 1e-320, 255, 256, 65536)
TEXTS = (
    "", "#1", "lake#1", "lake#999999", "../../etc/passwd", "/etc/passwd", "C:\\x", "\0", "\ud83d\ude00", "é" * 300,
    "a" * 5000, "(" * 400, "<lora:x:1>", "<lora:../../x:9e99>", "{{a|b}}", "[a:b:0.5]", "\u202e", "\r\n", "Steps: 1",
    "Negative prompt:", '"', "\\", "Σ" * 100, "İ" * 64, "a\u0300" * 200, "1e999", "NaN", "-Infinity", "true", " ",
)  # fmt: skip
BYTES = (b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"PK\3\4", b"\x89PNG\r\n\x1a\n", b"%!PS", b"8BPS")

Mutate = Callable[[bytes, random.Random], bytes]


def mutate_bytes(data: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, cut, repeated, put in, or overwritten by odd ones."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(6)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del out[at : at + rng.choice((1, 4, 100, 10**6))]
        elif kind == 2:
            piece = bytes(out[at : at + rng.choice((1, 8, 64))])
            out[at:at] = piece * rng.choice((1, 2, 50))
        elif kind == 3:
            out[at:at] = rng.choice(BYTES)
        elif kind == 4:
            odd = rng.choice(BYTES)
            out[at : at + len(odd)] = odd
        else:
            out[at : at + 4] = struct.pack(rng.choice("<>") + "I", rng.choice((0, 1, 2**31, 2**32 - 1, len(out))))
    return bytes(out)


def mutate_text(data: bytes, rng: random.Random) -> bytes:
    """Odd texts put in, pieces doubled or cut out, characters changed; what is not UTF-8 stays as it is."""
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, length = rng.randrange(len(text) + 1), rng.choice((1, 3, 20, 400))
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:at] + rng.choice(TEXTS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + length :]
        elif kind == 2:
            text = text[:at] + text[at : at + length] * rng.choice((2, 3, 100)) + text[at + length :]
        else:
            text = (
                text[:at] + chr(rng.choice((rng.randrange(0x20, 0x7F), rng.randrange(0xA0, 0xD7FF)))) + text[at + 1 :]
            )
    return text.encode("utf-8", "surrogatepass")


def mutate_json(data: bytes, rng: random.Random) -> bytes:
    """Values of other kinds and sizes, keys that are gone or doubled; sometimes only text."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return mutate_text(data, rng)
    if rng.random() < 0.15:
        return mutate_text(data, rng)
    for _ in range(rng.choice((1, 1, 2, 6))):
        value = _changed(value, rng)
    return json.dumps(value).encode()


def _changed(value: Any, rng: random.Random) -> Any:
    """One place in a JSON value changed."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        kind = rng.random()
        if kind < 0.08:
            return {other: each for other, each in value.items() if other != key}
        if kind < 0.12:
            return {**value, rng.choice((*TEXTS, key + "_")): value[key]}
        return {**value, key: _changed(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        kind = rng.random()
        if kind < 0.1:
            return value[:at] + value[at + 1 :]
        if kind < 0.2:
            return value[:at] + [value[at]] * rng.choice((2, 40)) + value[at:]
        return [*value[:at], _changed(value[at], rng), *value[at + 1 :]]
    if isinstance(value, (int, float)) and rng.random() < 0.5:
        return value + rng.choice((-1, 1, 0.5, 1000))
    nested: Any = 1
    for _ in range(rng.choice((2, 30))):
        nested = [nested]
    return rng.choice((*NUMBERS, *TEXTS, None, True, [], {}, [value, value], {"a": value}, nested))


def mutate_archive(data: bytes, rng: random.Random) -> bytes:
    """An entry of a zip changed, left out or added; sometimes the zip's own bytes."""
    if rng.random() < 0.25:
        return mutate_bytes(data, rng)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # a zip that an earlier change broke
        entries = {}
    if not entries:
        return mutate_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 2))):
        name = rng.choice(list(entries))
        kind = rng.random()
        if kind < 0.1 and len(entries) > 1:
            del entries[name]
        elif kind < 0.15:
            entries[rng.choice(("../evil", "/evil", "stack.xml", "data/word-w1.png", "wordbrush/scene.json"))] = (
                entries[name]
            )
        else:
            entries[name] = _mutator_of(name)(entries[name], rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    return out.getvalue()


def _mutator_of(name: str) -> Mutate:
    if name.endswith(".json"):
        return mutate_json
    if name.endswith(".png"):
        return mutate_png
    return mutate_text if name.endswith((".xml", "mimetype")) else mutate_bytes


def mutate_png(data: bytes, rng: random.Random) -> bytes:
    """A chunk of a PNG changed, doubled or moved, with sums that are right; sometimes the file's bytes."""
    chunks = _chunks(data)
    if not chunks or rng.random() < 0.2:
        return mutate_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 3))):
        at = rng.randrange(len(chunks))
        kind, body = chunks[at]
        way = rng.random()
        if way < 0.08:
            del chunks[at]
        elif way < 0.16:
            chunks.insert(rng.randrange(len(chunks) + 1), (kind, body))
        elif kind in (b"iTXt", b"tEXt", b"zTXt") and b"{" in body:
            start = body.index(b"{")
            chunks[at] = kind, body[:start] + mutate_json(body[start:], rng)
        elif kind in (b"iTXt", b"tEXt"):
            chunks[at] = kind, mutate_text(body, rng)
        else:
            chunks[at] = kind, mutate_bytes(body, rng)
        if not chunks:
            break
    out = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in chunks:
        out.append(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
    return b"".join(out)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if length > len(data):
            break
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def mutate_header(data: bytes, rng: random.Random) -> bytes:
    """A safetensors file: its JSON changed under a length that is right, or bytes of it."""
    if rng.random() < 0.3 or len(data) < 8:
        return mutate_bytes(data, rng)
    (length,) = struct.unpack("<Q", data[:8])
    header = mutate_json(data[8 : 8 + min(length, len(data))], rng)
    return struct.pack("<Q", len(header)) + header + data[8 + min(length, len(data)) :]
