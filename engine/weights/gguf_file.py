"""Reads GGUF files: the header within fixed budgets, and weights of any of its kinds as floating-point numbers."""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.weights.headers import MAX_DIMENSIONS, MAX_HEADER, MAX_TENSORS, incomplete, open_regular, read_header

if TYPE_CHECKING:
    import torch
    from torch import Tensor

SUFFIX = ".gguf"
_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MAX_FIELDS = 4096
_MAX_NAME = 1024
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""GGUF's number for a kind of value -> how struct reads it."""
_TEXT, _LIST = 8, 9
_SHAPE_FIELD = "comfy.gguf.orig_shape."
"""Where ComfyUI's converter keeps the shape of a tensor that it had to reshape to fit whole blocks."""


@dataclass(frozen=True)
class GgufTensor:
    """Where one tensor lies, and how.

    Attributes:
        shape: as torch has it, the slowest axis first. kind: GGUF's number for how its values are packed.
        begin, count: its bytes in the file.
    """

    shape: tuple[int, ...]
    kind: int
    begin: int
    count: int


@dataclass(frozen=True)
class GgufHeader:
    """What stands before the weights. `fields` are numbers, texts and lists of numbers; lists of texts where asked."""

    fields: Mapping[str, Any]
    tensors: Mapping[str, GgufTensor] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        """What the writer says that it is (an SDXL, a Flux, a "t5encoder"), or ""."""
        return str(self.fields.get("general.architecture", ""))

    def as_safetensors(self) -> dict[str, Any]:
        """The same in the form of a safetensors header, by which kinds of models are told apart."""
        from gguf.constants import GGMLQuantizationType

        return {
            name: {
                "dtype": GGMLQuantizationType(tensor.kind).name,
                "shape": list(tensor.shape),
                "data_offsets": [tensor.begin, tensor.begin + tensor.count],
            }
            for name, tensor in self.tensors.items()
        }


def is_gguf(path: Path) -> bool:
    """Whether a file's extension is that of GGUF, in any letter case."""
    return path.suffix.lower() == SUFFIX


class _Reader:
    """The header's bytes, of which no more than a budget are read."""

    def __init__(self, file: BinaryIO, *, words: bool = False) -> None:
        self.file, self.place, self.words = file, 0, words

    def take(self, count: int) -> bytes:
        self.place += count
        if self.place > MAX_HEADER:
            raise ValueError(f"its header has more than {MAX_HEADER >> 20} MiB")
        data = self.file.read(count)
        if len(data) < count:
            raise ValueError("it ends within its header")
        return data

    def number(self, form: str) -> Any:
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))[0]

    def text(self, most: int = MAX_HEADER) -> str:
        length = self.number("Q")
        if length > most:
            raise ValueError(f"a text of {length} bytes")
        return self.take(length).decode("utf-8", "replace")

    def value(self) -> Any:
        kind = self.number("I")
        if kind != _LIST:
            return self._one(kind)
        kind, count = self.number("I"), self.number("Q")
        if kind in _NUMBERS:
            size = struct.calcsize(f"<{_NUMBERS[kind]}")
            if count * size > MAX_HEADER:
                raise ValueError(f"a list of {count} numbers")
            return struct.unpack(f"<{count}{_NUMBERS[kind]}", self.take(count * size))
        if kind != _TEXT or count > MAX_HEADER // 8:
            raise ValueError(f"a list of {count} values of the kind {kind}")
        texts = (self.text() for _ in range(count))
        if self.words:
            return tuple(texts)
        for _ in texts:
            pass
        return None

    def _one(self, kind: int) -> Any:
        if kind == _TEXT:
            return self.text()
        if kind not in _NUMBERS:
            raise ValueError(f"a value has the unknown type {kind}")
        return self.number(_NUMBERS[kind])


def read_gguf_header(path: Path, *, part: str, words: bool = False) -> GgufHeader:
    """Return a GGUF file's fields and tensors; no weights are read.

    Every tensor is checked: its kind, its shape, and that its bytes lie in the file.

    Args:
        words: whether lists of texts are kept, too, which are those of a tokenizer.

    Raises:
        ModelIncomplete: the file is missing, is no GGUF file, or was cut short.
        UnsupportedModel: its weights are packed in a way that is not known.
    """
    try:
        with open_regular(path) as file:
            return _parse(_Reader(file, words=words), os.fstat(file.fileno()).st_size, path.name)
    except FileNotFoundError:
        raise incomplete(part, f"{path.name} is missing") from None
    except (OSError, ValueError, struct.error) as error:
        raise incomplete(part, f"{path.name} is not a complete GGUF file", details=str(error)) from error


def _parse(reader: _Reader, size: int, name: str) -> GgufHeader:
    if reader.take(4) != _MAGIC:
        raise ValueError("it does not begin as one")
    version = reader.number("I")
    if version not in _VERSIONS:
        raise ValueError(f"version {version}, not {' or '.join(map(str, _VERSIONS))}")
    tensors, fields = reader.number("Q"), reader.number("Q")
    if tensors > MAX_TENSORS or fields > _MAX_FIELDS:
        raise ValueError(f"{tensors} tensors and {fields} fields")
    found = {reader.text(_MAX_NAME): reader.value() for _ in range(fields)}
    entries = [_entry(reader) for _ in range(tensors)]
    alignment = found.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
        raise ValueError(f"an alignment of {alignment}")
    start = -(-reader.place // alignment) * alignment
    placed: dict[str, GgufTensor] = {}
    for label, sides, kind, offset in entries:
        per_block, block_bytes = _packing(kind, name, label)
        values = math.prod(sides)
        if not sides or sides[0] % per_block:
            raise ValueError(f"{label} has no usable shape {sides}")
        count = values // per_block * block_bytes
        if start + offset + count > size:
            raise ValueError(f"{label} ends after the file, which was cut short")
        placed[label] = GgufTensor(_shape(found, label, sides), kind, start + offset, count)
    return GgufHeader(found, placed)


def _entry(reader: _Reader) -> tuple[str, tuple[int, ...], int, int]:
    """Name, sides (the fastest axis first), kind and offset of one tensor."""
    label, dimensions = reader.text(_MAX_NAME), reader.number("I")
    if dimensions > MAX_DIMENSIONS:
        raise ValueError(f"{label} has {dimensions} dimensions")
    sides = tuple(reader.number("Q") for _ in range(dimensions)) or (1,)
    if any(side >= 1 << 40 for side in sides):
        raise ValueError(f"{label} has no usable shape")
    return label, sides, reader.number("I"), reader.number("Q")


def _shape(fields: Mapping[str, Any], label: str, sides: tuple[int, ...]) -> tuple[int, ...]:
    noted = fields.get(f"{_SHAPE_FIELD}{label}")
    if noted is None:
        return sides[::-1]
    if not isinstance(noted, tuple) or len(noted) > MAX_DIMENSIONS or math.prod(noted) != math.prod(sides):
        raise ValueError(f"{label} has another shape than its field says")
    return tuple(int(side) for side in noted)


@cache
def _kinds() -> Mapping[int, tuple[int, int, bool]]:
    """Values and bytes of a block by kind, and whether gguf's own functions make floating-point numbers of it."""
    from gguf import quants
    from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

    plain = {GGMLQuantizationType.F32, GGMLQuantizationType.F16}
    return {
        int(kind): (per_block, count, kind in plain or kind in quants._type_traits)
        for kind, (per_block, count) in GGML_QUANT_SIZES.items()
    }


def _packing(kind: int, file_name: str, label: str) -> tuple[int, int]:
    per_block, count, readable = _kinds().get(kind, (0, 0, False))
    if readable:
        return per_block, count
    raise UnsupportedModel(
        f'The weights of "{file_name}" are packed in a way that Wordbrush does not read.',
        hint="Get the model as GGUF of another kind (Q8_0, Q5_K_M, Q4_K_M), or in fp16, bf16 or fp8.",
        details=f"{label} is of the kind {kind}",
    )


def read_any_header(path: Path, *, part: str) -> Mapping[str, Any]:
    """Return the header of a safetensors or GGUF file in safetensors' form; see the two readers for the errors."""
    if is_gguf(path):
        return read_gguf_header(path, part=part).as_safetensors()
    return read_header(path, part=part)


def read_gguf_tensor(file: Any, tensor: GgufTensor, *, dtype: torch.dtype) -> Tensor:
    """Return one tensor's values in memory of their own.

    Args:
        file: opened with `engine.weights.headers.open_regular`.

    Raises:
        ModelIncomplete: the file has become shorter meanwhile.
    """
    import numpy as np
    import torch
    from gguf import quants
    from gguf.constants import GGMLQuantizationType

    file.seek(tensor.begin)
    data = bytearray(tensor.count)
    if file.readinto(data) < tensor.count:
        raise ModelIncomplete("The weights file changed while it was being read.", hint="Load the model again.")
    values = quants.dequantize(_rows(np.frombuffer(data, np.uint8), tensor.kind), GGMLQuantizationType(tensor.kind))
    return torch.from_numpy(np.ascontiguousarray(values, np.float32)).reshape(tensor.shape).to(dtype, copy=True)


def _rows(data: Any, kind: int) -> Any:
    """The bytes as gguf's functions take them: plain numbers as such, others in rows of whole blocks."""
    import numpy as np

    if kind in (0, 1):
        return data.view(np.float32 if kind == 0 else np.float16)
    return data.reshape(-1, _kinds()[kind][1])
