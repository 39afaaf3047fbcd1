"""GGUF files are read within budgets, and their weights come out as gguf's own functions say."""

from __future__ import annotations

import struct

import gguf
import numpy as np
import pytest
import torch
from gguf.constants import GGMLQuantizationType as Kind

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.weights.gguf_file import read_gguf_header
from engine.weights.tensors import read_tensors

KINDS = (Kind.F32, Kind.F16, Kind.BF16, Kind.Q8_0, Kind.Q4_0, Kind.Q4_1, Kind.Q5_0, Kind.Q5_1)


def write_gguf(path, tensors: dict[str, tuple[np.ndarray, Kind]], *, architecture: str = "sdxl", shapes=None):
    """A real GGUF file; `shapes` are the fields of tensors that were reshaped."""
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_array("tokenizer.ggml.tokens", ["a", "lake"])
    writer.add_float32("general.scale", 0.5)
    for name, shape in (shapes or {}).items():
        writer.add_array(f"comfy.gguf.orig_shape.{name}", list(shape))
    for name, (values, kind) in tensors.items():
        if kind in (Kind.F32, Kind.F16):
            writer.add_tensor(name, values.astype(np.float32 if kind == Kind.F32 else np.float16))
        else:
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def values():
    return np.random.default_rng(0).standard_normal((6, 64)).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_come_out_as_gguf_says(tmp_path, values, kind):
    file = write_gguf(tmp_path / "x.gguf", {"a.weight": (values, kind), "b.bias": (values[0], Kind.F32)})
    header = read_gguf_header(file, part="unet")
    assert header.architecture == "sdxl" and header.tensors["a.weight"].shape == (6, 64)
    found = read_tensors([file], part="unet", dtype=torch.float32)
    packed = values.astype(np.float16) if kind == Kind.F16 else values
    expected = packed if kind in (Kind.F32, Kind.F16) else gguf.dequantize(gguf.quants.quantize(values, kind), kind)
    assert np.array_equal(found["a.weight"].numpy(), expected.astype(np.float32))
    assert np.array_equal(found["b.bias"].numpy(), values[0])
    assert np.abs(found["a.weight"].numpy() - values).max() < 0.5


def test_k_quants_are_read_too(tmp_path):
    # gguf can only read these kinds, so the blocks are random bytes with small scales.
    data = np.random.default_rng(1).integers(0, 64, (4, 176), dtype=np.uint8)
    data[:, 0:4] = np.array([0.01, 0.02], np.float16).view(np.uint8)
    writer = gguf.GGUFWriter(tmp_path / "k.gguf", "sdxl")
    writer.add_tensor("a.weight", data, raw_dtype=Kind.Q5_K)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    found = read_tensors([tmp_path / "k.gguf"], part="unet", dtype=torch.float32)["a.weight"]
    assert found.shape == (4, 256) and np.array_equal(found.numpy(), gguf.dequantize(data, Kind.Q5_K))


def test_a_convolution_gets_its_own_shape_back(tmp_path):
    values = np.random.default_rng(0).standard_normal((8, 4, 3, 3)).astype(np.float32)
    file = write_gguf(tmp_path / "x.gguf", {"a": (values.reshape(-1, 32), Kind.Q8_0)}, shapes={"a": values.shape})
    found = read_tensors([file], part="unet", dtype=torch.float16)["a"]
    assert found.shape == values.shape and found.dtype == torch.float16
    assert np.abs(found.float().numpy() - values).max() < 0.05


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"GGML" + data[4:],
        lambda data: data[:4] + struct.pack("<I", 9) + data[8:],
        lambda data: data[:8] + struct.pack("<Q", 1 << 40) + data[16:],
        lambda data: data[:16] + struct.pack("<Q", 1 << 40) + data[24:],
        lambda data: data[:24] + struct.pack("<Q", 1 << 60) + data[32:],
        lambda data: data[:-40],
        lambda data: data[:60],
        lambda data: b"",
    ],
)
def test_damaged_files_are_named(tmp_path, values, damage):
    file = write_gguf(tmp_path / "x.gguf", {"a": (values, Kind.Q8_0)})
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ModelIncomplete, match=r"x\.gguf"):
        read_gguf_header(file, part="unet")


def test_any_changed_byte_of_the_header_gives_a_typed_error_or_a_header(tmp_path, values):
    file = write_gguf(tmp_path / "x.gguf", {"a": (values, Kind.Q4_0)})
    data = file.read_bytes()
    generator = np.random.default_rng(2)
    for _ in range(300):
        changed = bytearray(data)
        changed[generator.integers(0, 260)] = generator.integers(0, 256)
        file.write_bytes(changed)
        try:
            read_gguf_header(file, part="unet")
        except (ModelIncomplete, UnsupportedModel) as error:
            assert error.hint


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelIncomplete, match="missing"):
        read_gguf_header(tmp_path / "x.gguf", part="unet")
