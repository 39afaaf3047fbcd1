"""ControlNets from single files: the original layout, diffusers' names, unions; and what is none is said by name."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.models.adapters.names import original_path
from engine.models.controls.kinds import describe
from engine.models.controls.reading import read_control
from tests.tiny import tiny_unet
from tests.tiny_controls import tiny_control
from tests.tiny_sdxl import tiny_sdxl_unet

FIXED = {
    "controlnet_mid_block": "middle_block_out.0",
    "controlnet_cond_embedding.conv_in": "input_hint_block.0",
    "controlnet_cond_embedding.conv_out": "input_hint_block.14",
}


def original_name(name: str) -> str:
    """A tensor's name in the original layout, as lllyasviel's files have it."""
    path, _, kind = name.rpartition(".")
    if path.startswith("controlnet_down_blocks."):
        found = f"zero_convs.{path.rpartition('.')[2]}.0"
    elif path.startswith("controlnet_cond_embedding.blocks."):
        found = f"input_hint_block.{2 * int(path.rpartition('.')[2]) + 2}"
    else:
        found = FIXED.get(path) or original_path(path, 1)
    assert found, name
    return f"control_model.{found}.{kind}"


def unet_for(kind: str):
    return tiny_unet() if kind == "sd" else tiny_sdxl_unet(width=64, ids=6, seed=2)


def tensors_of(network):
    return {name: tensor.contiguous() for name, tensor in network.state_dict().items()}


@pytest.mark.parametrize("layout", ["original", "diffusers"])
def test_a_single_file_is_the_folder_s_network(tmp_path, layout):
    unet, network = tiny_unet(), tiny_control(tiny_unet())
    name = original_name if layout == "original" else str
    save_file({name(key): tensor for key, tensor in tensors_of(network).items()}, tmp_path / "v11_canny.safetensors")
    model = describe(tmp_path / "v11_canny.safetensors")
    assert (model.kinds, model.width, model.is_union) == (("canny",), 32, False)
    read = read_control(model, unet, dtype=torch.float32)
    assert all(torch.equal(tensor, read.state_dict()[key]) for key, tensor in network.state_dict().items())
    x, text, picture = torch.randn(1, 4, 8, 8), torch.randn(1, 7, 32), torch.rand(1, 3, 64, 64)
    given = {"encoder_hidden_states": text, "controlnet_cond": picture, "return_dict": False}
    with torch.no_grad():
        (down, middle), (ours, mine) = network(x, 10, **given), read(x, 10, **given)
    assert torch.equal(middle, mine) and all(torch.equal(a, b) for a, b in zip(down, ours, strict=True))


@pytest.mark.parametrize("union", [False, True])
def test_single_files_for_sdxl(tmp_path, union):
    unet = unet_for("xl")
    network = tiny_control(unet, union=union)
    save_file(tensors_of(network), tmp_path / "xl.safetensors")
    model = describe(tmp_path / "xl.safetensors")
    assert model.is_union is union and model.width == 64 and ("depth" in model.kinds) is union
    assert model.numbers == sum(tensor.numel() for tensor in network.state_dict().values())
    read = read_control(model, unet, dtype=torch.float32)
    assert all(torch.equal(tensor, read.state_dict()[key]) for key, tensor in network.state_dict().items())
    with pytest.raises(UnsupportedModel, match='"xl" does not fit'):
        read_control(model, tiny_unet(), dtype=torch.float32)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lllite_unet_input_blocks_4_1.down.0.weight", "LLLite"),
        ("lora_controlnet", "Control-LoRA"),
        ("lora_unet_mid.alpha", "no layers for a control picture"),
    ],
)
def test_what_is_no_controlnet_is_said(tmp_path, name, says):
    save_file({name: torch.zeros(1)}, tmp_path / "x.safetensors")
    with pytest.raises(UnsupportedModel, match=says):
        describe(tmp_path / "x.safetensors")


def test_a_file_that_lacks_tensors_is_damaged(tmp_path):
    unet = tiny_unet()
    tensors = tensors_of(tiny_control(unet))
    del tensors["controlnet_mid_block.weight"]
    save_file(tensors, tmp_path / "half.safetensors")
    with pytest.raises(ModelIncomplete, match='"half" is damaged'):
        read_control(describe(tmp_path / "half.safetensors"), unet, dtype=torch.float32)
