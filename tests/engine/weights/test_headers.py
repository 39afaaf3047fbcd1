"""Headers of safetensors files and JSON are read within budgets; whatever the bytes, an answer is typed and quick."""

from __future__ import annotations

import json
import os
import struct
import time

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from engine.errors import ModelIncomplete
from engine.weights.files import find_weights, fingerprint, read_json, read_network_config
from engine.weights.headers import MAX_HEADER, incomplete, metadata, parse_header, read_header, shapes

GOOD = {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}


def write(path, header: bytes, data: bytes = b"\0" * 8, length: int | None = None):
    path.write_bytes(struct.pack("<Q", len(header) if length is None else length) + header + data)
    return path


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"9" * 100_000 + b"}",
        json.dumps({"a": None}).encode(),
        json.dumps({"a": {**GOOD["a"], "dtype": None}}).encode(),
        json.dumps({"a": {**GOOD["a"], "dtype": "F31"}}).encode(),
        json.dumps({"a": {**GOOD["a"], "shape": None}}).encode(),
        json.dumps({"a": {**GOOD["a"], "shape": [-2]}}).encode(),
        json.dumps({"a": {**GOOD["a"], "shape": [True, 2]}}).encode(),
        json.dumps({"a": {**GOOD["a"], "shape": [2.0]}}).encode(),
        json.dumps({"a": {**GOOD["a"], "shape": [1] * 100}}).encode(),
        json.dumps({"a": {**GOOD["a"], "shape": [2**60, 2**60]}}).encode(),
        json.dumps({"a": {**GOOD["a"], "data_offsets": [8, 0]}}).encode(),
        json.dumps({"a": {**GOOD["a"], "data_offsets": [0]}}).encode(),
        json.dumps({"a": {**GOOD["a"], "data_offsets": "08"}}).encode(),
        json.dumps({"a": {**GOOD["a"], "shape": [1], "data_offsets": [4, 8]}}).encode(),
        json.dumps({"a": GOOD["a"], "b": GOOD["a"]}).encode(),
        json.dumps({**GOOD, "__metadata__": {"x": 1}}).encode(),
        json.dumps({**GOOD, "__metadata__": []}).encode(),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(tmp_path, header):
    with pytest.raises(ModelIncomplete):
        read_header(write(tmp_path / "x.safetensors", header), part="unet")


def test_a_whole_header_is_read_with_what_the_trainer_wrote(tmp_path):
    deep = '{"[[[[[[[[[[[[": "a text with brackets"}'
    save_file(
        {"a": torch.zeros(2, 3).half(), "b": torch.zeros(())}, tmp_path / "x.safetensors", metadata={"tags": deep}
    )
    header = read_header(tmp_path / "x.safetensors", part="unet")
    assert shapes(header) == {"a": (2, 3), "b": ()} and metadata(header) == {"tags": deep}
    write(tmp_path / "plain.safetensors", json.dumps(GOOD).encode())
    assert metadata(read_header(tmp_path / "plain.safetensors", part="unet")) == {}


def test_a_header_beyond_the_budget_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "x.safetensors"
    with file.open("wb") as handle:
        handle.write(struct.pack("<Q", MAX_HEADER + 1))
        handle.truncate(MAX_HEADER + 100)
    began = time.perf_counter()
    with pytest.raises(ModelIncomplete):
        read_header(file, part="unet")
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize("read", [read_header, read_json])
def test_what_is_no_ordinary_file_is_never_waited_for(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "zero", "folder", "none"):
        with pytest.raises(ModelIncomplete):
            read(tmp_path / name, part="vae")


@pytest.mark.parametrize(
    "text", [b"[" * 100_000, b"{}" + b" " * (9 << 20), b"\xff", b'{"a": ' + b"1" * 99 + b"}", b"1"]
)
def test_json_beyond_the_budgets_is_refused(tmp_path, text):
    (tmp_path / "x.json").write_bytes(text)
    with pytest.raises(ModelIncomplete):
        read_json(tmp_path / "x.json", part="vae")


@pytest.mark.parametrize(
    "config",
    [
        {"layers_per_block": 10**9},
        {"layers_per_block": [2, 10**9]},
        {"num_hidden_layers": 10**6},
        {"hidden_size": 2**40},
    ],
)
def test_a_network_of_an_absurd_size_is_refused_before_it_is_made(tmp_path, config):
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelIncomplete, match=next(iter(config))):
        read_network_config(tmp_path / "config.json", part="unet")


def test_thousands_of_damaged_headers_are_refused_or_open(tmp_path):
    """What passes our reader opens in safetensors, and what does not is a typed error."""
    generator = np.random.default_rng(5)
    entries = {
        "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "b": {"dtype": "F16", "shape": [4], "data_offsets": [24, 32]},
        "__metadata__": {"format": "pt"},
    }
    whole = json.dumps(entries).encode()
    passed = 0
    for _ in range(4000):
        header = bytearray(whole)
        for _ in range(generator.integers(0, 3)):
            place = int(generator.integers(len(header)))
            kind = generator.integers(3)
            if kind == 0:
                header[place] = int(generator.integers(256))
            elif kind == 1:
                del header[place : place + int(generator.integers(1, 9))]
            else:
                header[place:place] = bytes(header[place : place + int(generator.integers(1, 9))])
        try:
            read, end = parse_header(bytes(header))
        except ValueError:
            continue
        passed += 1
        if passed <= 200:
            file = write(tmp_path / "x.safetensors", bytes(header), bytes(end))
            with safe_open(file, framework="numpy") as handle:
                assert set(handle.keys()) == set(read) - {"__metadata__"}
    assert 300 < passed < 3500


@pytest.mark.parametrize("length", [0, 1, 2**31, 2**63, 2**64 - 1])
def test_a_length_that_the_file_does_not_have_is_refused(tmp_path, length):
    with pytest.raises(ModelIncomplete):
        read_header(write(tmp_path / "x.safetensors", json.dumps(GOOD).encode(), length=length), part="unet")


@pytest.mark.parametrize("variant", ["bf16", "non_ema", "fp32", "fp16.non_ema"])
def test_other_variants_are_found(tmp_path, variant):
    save_file({"a": torch.zeros(1)}, tmp_path / f"model.{variant}.safetensors")
    assert find_weights(tmp_path, "model", part="vae").variant == variant
    save_file({"a": torch.zeros(1)}, tmp_path / "model.safetensors")
    assert find_weights(tmp_path, "model", part="vae").variant is None


@pytest.mark.parametrize("places", [None, [], {"a": 3}, {"a": None}])
def test_a_damaged_list_of_shards_is_typed(tmp_path, places):
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    with pytest.raises(ModelIncomplete):
        find_weights(tmp_path, "model", part="vae")


def test_a_fingerprint_changes_with_the_files(tmp_path):
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "a").write_bytes(b"1")
    first = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == first
    (tmp_path / "unet" / "a").write_bytes(b"12")
    second = fingerprint(tmp_path)
    assert second != first and fingerprint(tmp_path / "unet" / "a")[0][2] == 2
    os.utime(tmp_path / "unet" / "a", ns=(5, 5))
    assert fingerprint(tmp_path) != second


def test_the_error_says_which_part_and_what_to_do():
    error = incomplete("vae", "x is missing")
    assert "vae" in str(error) and error.hint
