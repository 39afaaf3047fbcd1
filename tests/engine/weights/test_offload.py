"""Weights out of a device's memory: what a delta has in common with its base is kept once."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from engine.models import lora
from engine.weights import offload
from engine.weights.offload import OffloadedWeights
from tests.tiny import DELTA_LAYERS, save_deltas, tiny_unet

CPU = torch.device("cpu")


@pytest.mark.parametrize("outside", [False, True], ids=["on the device", "off it"])
def test_only_what_a_delta_changes_is_copied_for_it(tmp_path, monkeypatch, outside):
    monkeypatch.setattr(OffloadedWeights, "has_copies", True)
    copied = []
    monkeypatch.setattr(offload, "page_locked", lambda tensor: copied.append(tensor) or tensor.clone())
    base = tiny_unet()
    first = OffloadedWeights(base, CPU, reload=lambda: None)
    whole = len(base.state_dict())
    deltas = lora.read_deltas(save_deltas(tmp_path), part="expert")
    unet = lora.with_weights(base, lora.merge(first.weights(outside=outside), deltas, part="expert"))
    second = OffloadedWeights(unet, CPU, reload=lambda: None, base=first)
    before = {name: tensor.clone() for name, tensor in unet.state_dict().items()}
    first.release()
    assert len(copied) == whole
    second.release()
    assert len(copied) == whole + len(DELTA_LAYERS)
    second.install(second.fetch())
    assert all(torch.equal(unet.state_dict()[name], tensor) for name, tensor in before.items())
    changed = [name for name, tensor in base.state_dict().items() if not torch.equal(tensor, before[name])]
    assert sorted(changed) == sorted(f"{layer}.weight" for layer in DELTA_LAYERS)


def test_in_another_number_format_nothing_is_shared(tmp_path, monkeypatch):
    monkeypatch.setattr(OffloadedWeights, "has_copies", True)
    base = tiny_unet()
    first = OffloadedWeights(base, CPU, reload=lambda: None)
    deltas = lora.read_deltas(save_deltas(tmp_path), part="expert")
    unet = lora.with_weights(base, lora.merge(first.weights(), deltas, part="expert"))
    second = OffloadedWeights(unet, CPU, reload=lambda: None, base=first)
    first.cast(torch.bfloat16)
    second.release()
    assert {tensor.dtype for tensor in second.fetch().values()} == {torch.float32}


@pytest.mark.parametrize("inside", [True, False], ids=["the base stays", "the base is away"])
def test_what_is_made_of_its_base_keeps_no_copies_and_is_made_anew_to_the_bit(tmp_path, monkeypatch, inside):
    monkeypatch.setattr(OffloadedWeights, "has_copies", True)
    copied = []
    monkeypatch.setattr(offload, "page_locked", lambda tensor: copied.append(tensor) or tensor.clone())
    base = tiny_unet()
    first = OffloadedWeights(base, CPU, reload=lambda: None)
    deltas = lora.read_deltas(save_deltas(tmp_path), part="expert")
    unet = lora.with_weights(base, lora.merge(first.weights(), deltas, part="expert"))
    before = {name: tensor.clone() for name, tensor in unet.state_dict().items()}
    recipe = partial(lora.merge_into, deltas=deltas, part="expert")
    second = OffloadedWeights(unet, CPU, reload=lambda: None, base=first, recipe=recipe)
    second.release()
    assert not second.inside and not any(tensor.numel() for tensor in unet.state_dict().values())
    if not inside:
        first.release()
    second.install(second.fetch())
    assert len(copied) == (0 if inside else len(before)), "the base's own, once"
    assert all(torch.equal(unet.state_dict()[name], tensor) for name, tensor in before.items())
    second.cast(torch.bfloat16)
    second.release()
    second.install(second.fetch())
    assert {tensor.dtype for tensor in unet.state_dict().values()} == {torch.bfloat16}, "from then on it keeps its own"
