"""Low-rank experts on a pretended CUDA device: they are merged there, and neither moved nor kept as wholes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import GenerateRequest, Library
from engine.models import lora
from engine.protocol import Finished, ImageReady
from engine.weights import memory_plan
from engine.weights.memory_plan import Plan
from tests.engine.test_cuda_path import run
from tests.fake_cuda import Watch, pretend
from tests.tiny import TRIO, name_experts, save_deltas, save_tiny

PICTURES = 2


@pytest.fixture(scope="module")
def trio(tmp_path_factory) -> Path:
    """A model whose experts for high and for low noise are deltas of its base."""
    folder = save_tiny(tmp_path_factory.mktemp("deltas") / "trio")
    for seed, name in enumerate(("high", "low")):
        save_deltas(folder / "experts" / name, size=0.3, seed=seed)
    name_experts(folder, TRIO)
    return folder


def painted(trio: Path, watch: Watch, monkeypatch, library: Library) -> np.ndarray:
    asked = GenerateRequest.of(
        id="1", prompt="a house", width=64, height=64, steps=6, seed=3, count=PICTURES, model=str(trio), device="cuda"
    )
    events = run(asked, watch, monkeypatch, library=library)
    assert isinstance(events[-1], Finished), events[-1].error.details
    return np.stack([event.rgb for event in events if isinstance(event, ImageReady)])


def counted(trio: Path, monkeypatch, found: Plan) -> tuple[np.ndarray, int, int, int]:
    """The pictures, the bytes that a second request copied to the device, those of page-locked memory that both took,
    and the bytes of a denoiser's weights."""
    monkeypatch.setattr(memory_plan, "plan", lambda *_: found)
    with pretend() as watch:
        library = Library(trio.parent / "none")
        pictures = painted(trio, watch, monkeypatch, library)
        before = watch.copied["to the device"]
        assert np.array_equal(painted(trio, watch, monkeypatch, library), pictures)
        copied = watch.copied["to the device"] - before
        unet = library.load(trio, "cuda").unet
        whole = sum(tensor.nbytes for tensor in unet.state_dict().values())
    assert not watch.faults
    return pictures, copied, watch.locked, whole


def test_a_second_buffer_is_filled_on_the_device_from_the_base_and_factors(trio, monkeypatch):
    pictures, usual, small, whole = counted(trio, monkeypatch, Plan(True, 3, "All stay."))
    factors = 0
    for name in ("high", "low"):
        file = trio / "experts" / name / "pytorch_lora_weights.safetensors"
        factors += sum(each.down.nbytes + each.up.nbytes for each in lora.read_deltas(file, part=name).values())
    same, copied, locked, _ = counted(trio, monkeypatch, Plan(False, 2, "The base and one more."))
    assert np.array_equal(same, pictures)
    assert copied - usual == PICTURES * factors, "each of the two is made once for a picture, of its factors"
    assert locked == small, "the factors, page-locked once, and nothing of the weights"
    assert factors < whole / 20
    same, copied, locked, _ = counted(trio, monkeypatch, Plan(False, 1, "One at a time."))
    assert np.array_equal(same, pictures)
    assert locked - small == whole, "the base's weights once, however many experts there are"
    assert copied - usual == 3 * PICTURES * whole + PICTURES * factors
