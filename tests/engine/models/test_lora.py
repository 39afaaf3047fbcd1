"""Low-rank deltas: diffusers' files read and merged exactly, and everything that does not fit refused by name."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.models import lora
from tests.tiny import DELTA_LAYERS, save_deltas, tiny_unet

PART = 'expert "high"'


@pytest.fixture
def file(tmp_path):
    return save_deltas(tmp_path)


def rewrite(file, change, metadata=None) -> None:
    tensors = load_file(file)
    change(tensors)
    save_file(tensors, file, metadata=metadata)


def merged(file):
    unet = tiny_unet()
    before = {name: tensor.clone() for name, tensor in unet.state_dict().items()}
    after = lora.merge(unet.state_dict(), lora.read_deltas(file, part=PART), part=PART)
    for name, tensor in unet.state_dict().items():
        assert torch.equal(tensor, before[name])  # the base stays as it was
    return before, after


@pytest.mark.parametrize(("alpha", "scale"), [(None, 1.0), (2.0, 1.0), (1.0, 0.5)])
def test_the_change_is_what_the_two_layers_do_one_after_the_other(tmp_path, alpha, scale):
    file = save_deltas(tmp_path, alpha=alpha)
    before, after = merged(file)
    tensors = load_file(file)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {f"{layer}.weight" for layer in DELTA_LAYERS}
    for layer in DELTA_LAYERS:
        down, up = (tensors[f"unet.{layer}.lora_{side}.weight"] for side in "AB")
        difference = after[f"{layer}.weight"] - before[f"{layer}.weight"]
        if down.ndim == 2:
            x = torch.randn(3, down.shape[1])
            expected, found = x @ down.T @ up.T, x @ difference.T
        else:
            x = torch.randn(1, down.shape[1], 6, 6)
            expected = torch.nn.functional.conv2d(torch.nn.functional.conv2d(x, down, padding="same"), up)
            found = torch.nn.functional.conv2d(x, difference, padding="same")
        torch.testing.assert_close(found, scale * expected, rtol=1e-3, atol=1e-4)


def test_a_delta_of_nothing_changes_no_bit_and_untouched_tensors_are_shared(tmp_path):
    file = save_deltas(tmp_path, size=0.0)
    unet = tiny_unet()
    weights = unet.state_dict()
    after = lora.merge(weights, lora.read_deltas(file, part=PART), part=PART)
    assert all(torch.equal(weights[name], after[name]) for name in weights)
    shared = {name for name in weights if weights[name].data_ptr() == after[name].data_ptr()}
    assert weights.keys() - shared == {f"{layer}.weight" for layer in DELTA_LAYERS}


def test_dtype_and_layout_are_the_layers_own(file):
    unet = tiny_unet().to(torch.float16, memory_format=torch.channels_last)
    weights = unet.state_dict()
    after = lora.merge(weights, lora.read_deltas(file, part=PART), part=PART)
    for name in weights:
        assert (after[name].dtype, after[name].stride()) == (weights[name].dtype, weights[name].stride())


@pytest.mark.parametrize(
    ("says", "scale"),
    [
        ({"unet.lora_alpha": 4}, 2.0),
        ({"unet.lora_alpha": 4, "unet.alpha_pattern": {"to_k": 1}}, 0.5),
        ({"unet.lora_alpha": 2, "unet.use_rslora": True}, 2**0.5),
        ({"text_encoder.lora_alpha": 4}, 1.0),
    ],
)
def test_alpha_comes_from_the_metadata_where_no_tensor_says_it(file, says, scale):
    rewrite(file, lambda tensors: None, metadata={"lora_adapter_metadata": json.dumps(says)})
    assert lora.read_deltas(file, part=PART)[DELTA_LAYERS[0]].scale == pytest.approx(scale)


def test_another_unet_over_the_same_tensors_computes_the_same(file):
    unet = tiny_unet().eval()
    other = lora.with_weights(unet, unet.state_dict())
    x, context = torch.randn(1, 4, 8, 8), torch.randn(1, 77, 32)
    with torch.no_grad():
        assert torch.equal(unet(x, 5, context).sample, other(x, 5, context).sample)
    assert other.conv_in.weight.data_ptr() == unet.conv_in.weight.data_ptr()


LAYER = f"unet.{DELTA_LAYERS[0]}"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.update({"unet.no.such.layer.lora_A.weight": torch.ones(1, 2)}), "unet.no.such.layer.lora_B"),
        (
            lambda t: t.update({f"unet.nothing.lora_{side}.weight": torch.ones(1, 1) for side in "AB"}),
            "unet.nothing.lora_A.weight",
        ),
        (lambda t: t.update({f"{LAYER}.lora_A.weight": torch.ones(2, 7)}), f"{LAYER}.lora_A.weight"),
        (lambda t: t.update({f"{LAYER}.lora_B.weight": torch.ones(9, 2)}), f"{LAYER}.lora_B.weight"),
        (lambda t: t.update({f"{LAYER}.lora_B.weight": torch.ones(16, 3)}), f"{LAYER}.lora_B.weight"),
        (lambda t: t.update({f"{LAYER}.lora_A.weight": torch.ones(())}), f"{LAYER}.lora_A.weight"),
        (lambda t: t.update({f"{LAYER}.lora_A.weight": torch.ones(0, 32)}), f"{LAYER}.lora_A.weight"),
        (lambda t: t.update({f"{LAYER}.lora_magnitude_vector": torch.ones(2)}), "lora_magnitude_vector"),
        (lambda t: t.update({"text_encoder.x.lora_A.weight": torch.ones(2)}), "text_encoder.x.lora_A.weight"),
        (lambda t: t.update({f"{LAYER}.alpha": torch.ones(2)}), f"{LAYER}.alpha"),
        (
            lambda t: t.update({"transformer.x.lora_A.weight": torch.ones(1, 1)}),
            "beside layers of a network called transformer",
        ),
        (lambda t: t.pop(f"{LAYER}.lora_B.weight"), f"{LAYER}.lora_B.weight is missing"),
        (lambda t: t.update({f"{LAYER}.lora_A.weight": torch.full((2, 32), torch.nan)}), f"{LAYER}.lora_A.weight"),
        (lambda t: t.clear(), "no tensors"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(file, change, named):
    rewrite(file, change)
    with pytest.raises((UnsupportedModel, ModelIncomplete)) as caught:
        lora.merge(tiny_unet().state_dict(), lora.read_deltas(file, part=PART), part=PART)
    assert named in str(caught.value) and PART in str(caught.value) and caught.value.hint


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"pickle" * 99])
def test_a_damaged_file_is_refused(file, damage):
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ModelIncomplete, match=r"complete safetensors|cut short"):
        lora.read_deltas(file, part=PART)
