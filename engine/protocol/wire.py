"""Requests, events and facts as bytes and back, for an executor on another machine: msgpack, with pictures as PNG.

A message is a magic string, a version byte and a msgpack map of its kind and its fields. Masks and pictures are sent as
PNG, other arrays as compressed raw bytes; both are lossless. Errors are sent with the name of their type. Nothing in a
message can run code, and nothing names a folder of the sender's machine.
"""

from __future__ import annotations

import dataclasses
import io
import math
import re
import zlib
from functools import partial
from typing import Any, Literal

import msgspec
import numpy as np
from PIL import Image

from engine import errors
from engine.errors import BadMessage, EngineError
from engine.facts import InstalledModel, ModelFacts
from engine.protocol import events
from engine.protocol.request import GenerateRequest
from engine.protocol.sought import WordSearch, WordsFound
from engine.protocol.told import Description, PictureQuestion
from resources.checking import convert
from resources.pictures import PictureError, decode, open_picture

VERSION = 1
MAX_BYTES = 512 * 2**20
"""The limit for a message, and for all of its arrays together once they are unpacked."""

_MARK = b"wordbrush"
_PNG, _NUMBERS, _JPEG, _WEBP = 1, 2, 3, 4
_LOSSY = 90
"""The quality of previews that are not sent exactly, of 100."""
_DTYPES = ("float16", "float32", "float64", "uint8", "uint16", "int32", "int64")
_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        GenerateRequest,
        ModelFacts,
        WordSearch,
        WordsFound,
        PictureQuestion,
        Description,
        events.Loading,
        events.Started,
        events.Step,
        events.Preview,
        events.ImageReady,
        events.Finished,
        events.Cancelled,
        events.Failed,
    )
}
_ERRORS = {
    kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, EngineError)
}
Message = GenerateRequest | events.Event | ModelFacts | WordSearch | WordsFound | PictureQuestion | Description
PreviewCode = Literal["exact", "jpeg", "webp"]
"""How previews are packed: "exact" is PNG. Whatever else a message has is always exact."""


def dumps(message: Message, *, previews: PreviewCode = "exact") -> bytes:
    """Serialise a request, an event, a model's facts, or what is asked of a picture and found in it.

    What only this machine can use is left out: folders of models, revisions of masks, technical details of errors.

    Raises:
        BadMessage: it has text or numbers that cannot be serialised, or is too large.
    """
    plain = _travelling(message)
    kind = type(plain).__name__
    encode = partial(_encode, pictures=previews if isinstance(plain, events.Preview) else "exact")
    try:
        body = msgspec.msgpack.encode({"kind": kind, "data": plain}, enc_hook=encode)
    except (UnicodeEncodeError, OverflowError, TypeError, NotImplementedError) as error:
        raise BadMessage(
            f"A {kind} contains something that cannot be sent.", hint="Check its text and numbers.", details=repr(error)
        ) from error
    if len(body) > MAX_BYTES:
        raise BadMessage(
            f"A {kind} is too large to be sent.", hint=f"Send less than {MAX_BYTES >> 20} MiB: a smaller size or count."
        )
    return _MARK + bytes([VERSION]) + body


def loads(data: bytes) -> Message:
    """Read what `dumps` wrote from untrusted bytes.

    Raises:
        BadMessage: the bytes are something else, damaged, too large, or of another version.
    """
    begin = len(_MARK) + 1
    if data[: len(_MARK)] != _MARK or len(data) < begin:
        raise _damaged("it does not start like a Wordbrush message")
    if data[begin - 1] != VERSION:
        raise BadMessage(
            f"A message has version {data[begin - 1]}; this Wordbrush reads version {VERSION}.",
            hint="Use the same version of Wordbrush on both machines.",
        )
    if len(data) > MAX_BYTES:
        raise _damaged("it is too large")
    reader = _Reader()
    try:
        envelope = msgspec.msgpack.decode(memoryview(data)[begin:], ext_hook=reader.read)
        kind = _KINDS[envelope["kind"]]
        message: Message = convert(envelope["data"], kind, dec_hook=_decode)
    except BadMessage:
        raise
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError, zlib.error) as error:
        raise _damaged(repr(error)) from error
    return message


def _damaged(why: str) -> BadMessage:
    return BadMessage("A message cannot be read.", hint="Send it again.", details=why)


def _travelling(message: Message) -> Message:
    if isinstance(message, InstalledModel):
        return message.travelling()
    if isinstance(message, WordSearch | PictureQuestion):
        return dataclasses.replace(message, model=_without_folders(message.model))
    if not isinstance(message, GenerateRequest):
        return message
    experts = message.experts and tuple(
        dataclasses.replace(expert, model=_without_folders(expert.model)) for expert in message.experts
    )
    words = tuple(dataclasses.replace(word, revision=None) for word in message.text.words)
    edit = message.edit and dataclasses.replace(
        message.edit, words=tuple(dataclasses.replace(word, revision=None) for word in message.edit.words)
    )
    loras = tuple(dataclasses.replace(lora, file=_without_folders(lora.file)) for lora in message.adapters.loras)
    controls = tuple(
        dataclasses.replace(control, model=_without_folders(control.model)) for control in message.adapters.controls
    )
    refine = message.refine and dataclasses.replace(message.refine, upscaler=_without_folders(message.refine.upscaler))
    return message.replace(
        controls=controls,
        loras=loras,
        words=words,
        experts=experts,
        model=_without_folders(message.model),
        edit=edit,
        refine=refine,
    )


def _without_folders(model: str) -> str:
    return re.split(r"[/\\]", model.rstrip("/\\"))[-1] if model else ""


def _encode(value: Any, pictures: PreviewCode = "exact") -> Any:
    if isinstance(value, np.ndarray):
        return _packed(value, pictures)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, EngineError):
        name = next(kind.__name__ for kind in type(value).__mro__ if kind.__name__ in _ERRORS)
        return {"type": name, "message": value.message, "hint": value.hint}
    raise NotImplementedError(type(value).__name__)


def _packed(array: np.ndarray, pictures: PreviewCode) -> msgspec.msgpack.Ext:
    is_picture = array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)
    if array.dtype == np.uint8 and is_picture and array.size:
        file, image = io.BytesIO(), Image.fromarray(np.ascontiguousarray(array))
        if pictures == "jpeg":
            image.save(file, "JPEG", quality=_LOSSY)
            return msgspec.msgpack.Ext(_JPEG, file.getvalue())
        if pictures == "webp":
            image.save(file, "WEBP", quality=_LOSSY, method=0)
            return msgspec.msgpack.Ext(_WEBP, file.getvalue())
        image.save(file, "PNG", compress_level=1)
        return msgspec.msgpack.Ext(_PNG, file.getvalue())
    if array.dtype.name not in _DTYPES:
        raise TypeError(f"an array of {array.dtype}")
    # All first bytes of the numbers, then all second ones and so on: exponents are alike and compress well together.
    planes = np.frombuffer(array.tobytes(), np.uint8).reshape(-1, array.dtype.itemsize).T
    head = msgspec.msgpack.encode([array.dtype.name, list(array.shape)])
    return msgspec.msgpack.Ext(_NUMBERS, bytes([len(head)]) + head + zlib.compress(planes.tobytes(), 1))


class _Reader:
    """Unpacks the arrays of one message, which together must not take more than `MAX_BYTES`."""

    def __init__(self) -> None:
        self._left = MAX_BYTES

    def read(self, code: int, data: memoryview) -> np.ndarray:
        """Return the array in a msgpack extension."""
        if code == _NUMBERS:
            return self._numbers(bytes(data))
        kind = {_PNG: "PNG", _JPEG: "JPEG", _WEBP: "WEBP"}.get(code)
        if kind is None:
            raise _damaged(f"it has an extension of the unknown type {code}")
        return self._picture(bytes(data), kind)

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _damaged("its arrays are too large")

    def _picture(self, data: bytes, kind: str) -> np.ndarray:
        try:
            image = open_picture(data, kinds=(kind,))
            self._take(math.prod(image.size) * len(image.getbands()))
            return np.array(decode(image))
        except PictureError as error:
            raise _damaged(repr(error)) from error

    def _numbers(self, data: bytes) -> np.ndarray:
        head, packed = data[1 : 1 + data[0]], data[1 + data[0] :]
        name, shape = msgspec.msgpack.decode(head, type=tuple[str, list[int]])
        if name not in _DTYPES or len(shape) > 8 or any(side < 0 for side in shape):
            raise _damaged(f"an array of {name} {shape}")
        dtype, count = np.dtype(name), math.prod(shape)
        size = count * dtype.itemsize
        self._take(size)
        unpacker = zlib.decompressobj()
        planes = unpacker.decompress(packed, size or 1)
        if len(planes) != size or unpacker.unconsumed_tail or not unpacker.eof:
            raise _damaged("the length of an array does not fit its shape")
        values = np.frombuffer(planes, np.uint8).reshape(dtype.itemsize, count).T.tobytes()
        return np.frombuffer(bytearray(values), dtype).reshape(shape)


def _decode(kind: Any, value: Any) -> Any:
    """Convert values to types that msgspec does not know."""
    if kind is np.ndarray and isinstance(value, np.ndarray):
        return value
    if kind is EngineError and isinstance(value, dict):
        message, hint = value.get("message"), value.get("hint")
        found = _ERRORS.get(value.get("type", ""), EngineError)
        if isinstance(message, str) and isinstance(hint, str):
            return found(message, hint=hint)
    raise _damaged(f"no {getattr(kind, '__name__', kind)}")
