"""8-bit weights with scales come out as the weights that they stand for, in files, folders and shards."""

from __future__ import annotations

import json
import shutil

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers import CLIPTextModel

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.weights.loading import load_part
from engine.weights.tensors import read_tensors

FP8 = torch.float8_e4m3fn
SCALES = {
    "one number": torch.tensor(0.25),
    "one number in a list": torch.tensor([0.25]),
    "rows": torch.tensor([0.25, 2.0, 1.0, 0.5, 4.0]),
    "rows as a column": torch.tensor([[0.25], [2.0], [1.0], [0.5], [4.0]]),
    "blocks of 2 x 4, the last ones smaller": torch.tensor([[0.5, 2.0], [1.0, 0.25], [4.0, 8.0]]),
}
BLOCK = torch.tensor([[0.5] * 4 + [2.0] * 2] * 2 + [[1.0] * 4 + [0.25] * 2] * 2 + [[4.0] * 4 + [8.0] * 2])


def quant(form: str | bytes = "float8_e4m3fn") -> torch.Tensor:
    data = form if isinstance(form, bytes) else json.dumps({"format": form}).encode()
    return torch.tensor(list(data), dtype=torch.uint8)


def read(path, **tensors) -> dict[str, torch.Tensor]:
    save_file({name.replace("__", "."): tensor for name, tensor in tensors.items()}, path / "x.safetensors")
    return read_tensors([path / "x.safetensors"], part="unet", dtype=torch.float32)


@pytest.mark.parametrize("mark", ["scale_weight", "weight_scale", "weight_scale_inv"])
@pytest.mark.parametrize("way", SCALES)
def test_each_weight_is_multiplied_by_its_scale(tmp_path, way, mark):
    stored = torch.linspace(-448, 448, 30).reshape(5, 6).to(FP8)
    found = read(
        tmp_path,
        **{"a.weight": stored, f"a.{mark}": SCALES[way], "a.input_scale": torch.ones(()), "a.comfy_quant": quant()},
        **{"scaled_fp8": torch.zeros(2, dtype=FP8), "b.weight": torch.ones(2), "b.scale_input": torch.ones(())},
    )
    factor = BLOCK if way.startswith("blocks") else SCALES[way].reshape(-1, 1)
    assert found.keys() == {"a.weight", "b.weight"}
    assert torch.equal(found["a.weight"], stored.float() * factor)


def test_a_convolution_has_one_scale_for_each_channel(tmp_path):
    stored = torch.randn(3, 2, 3, 3).to(FP8)
    found = read(tmp_path, **{"a.weight": stored, "a.scale_weight": torch.tensor([0.5, 2.0, 4.0])})
    assert torch.equal(found["a.weight"], stored.float() * torch.tensor([0.5, 2.0, 4.0]).reshape(3, 1, 1, 1))


@pytest.mark.parametrize("form", ["nvfp4", "mxfp8", b"[]", b"\xff"])
def test_8_bits_of_another_kind_are_refused_by_name(tmp_path, form):
    with pytest.raises(UnsupportedModel, match="packed"):
        read(tmp_path, **{"a.weight": torch.ones(2, 2), "a.comfy_quant": quant(form)})


def test_a_scale_that_fits_no_way_is_refused(tmp_path):
    with pytest.raises(UnsupportedModel, match="packed"):
        read(tmp_path, **{"a.weight": torch.ones(2, 2).to(FP8), "a.scale_weight": torch.ones(3, 5)})


def test_weights_whose_scale_is_missing_are_never_cast(tmp_path):
    with pytest.raises(ModelIncomplete, match="scale"):
        read(tmp_path, **{"a.weight": torch.ones(2, 2).to(FP8), "a.comfy_quant": quant()})
    notes = {"_quantization_metadata": json.dumps({"layers": {"a": {"format": "float8_e4m3fn"}}})}
    tensors = {"a.weight": torch.ones(2, 2).to(FP8), "b.weight_scale": torch.ones(())}
    save_file(tensors, tmp_path / "x.safetensors", metadata=notes)
    with pytest.raises(ModelIncomplete, match="scale"):
        read_tensors([tmp_path / "x.safetensors"], part="unet", dtype=torch.float32)


def scale_down(tensors: dict[str, torch.Tensor]) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """What a file holds of these weights in scaled 8 bits, and what they are worth then."""
    stored, worth = {}, {}
    for name, tensor in tensors.items():
        stored[name] = worth[name] = tensor
        if name.endswith(".weight") and tensor.ndim >= 2 and "embed" not in name:
            scale = tensor.abs().max() / 448
            stored[name] = (tensor / scale).to(FP8)
            stored[name.removesuffix("weight") + "weight_scale"] = scale
            worth[name] = stored[name].float() * scale
    return stored, worth


@pytest.mark.parametrize(
    ("part", "kind", "stem"),
    [("unet", UNet2DConditionModel, "diffusion_pytorch_model"), ("text_encoder", CLIPTextModel, "model")],
)
@pytest.mark.parametrize("sharded", [False, True])
def test_the_parts_of_a_folder_are_unscaled_too(tiny_sd_folder, tmp_path, part, kind, stem, sharded):
    shutil.copytree(tiny_sd_folder / part, tmp_path / part)
    file = tmp_path / part / f"{stem}.safetensors"
    stored, worth = scale_down(load_file(file))
    if sharded:
        file.unlink()
        places = {name: f"{stem}-0000{1 + name.endswith('scale')}-of-00002.safetensors" for name in stored}
        for shard in set(places.values()):
            save_file({name: stored[name] for name in stored if places[name] == shard}, tmp_path / part / shard)
        index = {"metadata": {}, "weight_map": places}
        (tmp_path / part / f"{stem}.safetensors.index.json").write_text(json.dumps(index))
    else:
        save_file(stored, file)
    network = load_part(kind, tmp_path, part, dtype=torch.float32)
    found = {name.removeprefix("text_model."): tensor for name, tensor in network.state_dict().items()}
    assert len(stored) > len(worth) and all(
        torch.equal(found[name.removeprefix("text_model.")], tensor) for name, tensor in worth.items()
    )
