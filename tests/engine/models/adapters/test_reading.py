"""LoRA files of every dialect and kind: one change of one layer, by reference arithmetic; misfits are named."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import ModelIncomplete, ModelNotFound, UnsafeModel, UnsupportedModel
from engine.models.adapters.names import original_path
from engine.models.adapters.notes import trigger_words
from engine.models.adapters.reading import read_adapter
from tests.tiny import tiny_text_encoder, tiny_tokenizer, tiny_unet

TO_K = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"
CONV = "down_blocks.1.resnets.0.conv1"
TEXT = "encoder.layers.0.self_attn.q_proj"


@pytest.fixture(scope="module")
def networks():
    return {"unet": tiny_unet(), "text_encoder": tiny_text_encoder(tiny_tokenizer())}


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed + sum(shape)))


def only_change(file, networks):
    """(part, path, difference) of the one layer that a file changes."""
    found = [
        (part, path, each) for part, all_ in read_adapter(file).of(networks).items() for path, each in all_.items()
    ]
    ((part, path, change),) = found
    return part, path, change.difference(networks[part].get_submodule(path).weight)


@pytest.mark.parametrize(
    ("layer", "down", "up", "place"),
    [
        ("lora_unet_" + TO_K.replace(".", "_"), "lora_down.weight", "lora_up.weight", ("unet", TO_K)),
        (
            "lora_unet_input_blocks_1_1_transformer_blocks_0_attn2_to_k",
            *("lora_down.weight", "lora_up.weight", ("unet", TO_K)),
        ),
        ("unet." + TO_K, "lora_A.weight", "lora_B.weight", ("unet", TO_K)),
        ("base_model.model." + TO_K, "lora_A.weight", "lora_B.weight", ("unet", TO_K)),
        ("unet." + TO_K, "lora.down.weight", "lora.up.weight", ("unet", TO_K)),
        (
            "unet." + TO_K.replace("attn2.to_k", "attn2.processor.to_k_lora"),
            *("down.weight", "up.weight", ("unet", TO_K)),
        ),
        (
            "lora_te_text_model_encoder_layers_0_self_attn_q_proj",
            *("lora_down.weight", "lora_up.weight", ("text_encoder", TEXT)),
        ),
        (
            "text_encoder.text_model.encoder.layers.0.self_attn.q_proj",
            *("lora_linear_layer.down.weight", "lora_linear_layer.up.weight", ("text_encoder", TEXT)),
        ),
    ],
)
def test_every_dialect_names_the_same_layer(tmp_path, networks, layer, down, up, place):
    weight = networks[place[0]].get_submodule(place[1]).weight
    a, b = normal(2, weight.shape[1]), normal(weight.shape[0], 2)
    tensors = {f"{layer}.{down}": a, f"{layer}.{up}": b}
    if "lora_unet" in layer:
        tensors[f"{layer}.alpha"] = torch.tensor(1.0)
    save_file(tensors, tmp_path / "x.safetensors")
    part, path, difference = only_change(tmp_path / "x.safetensors", networks)
    assert (part, path) == place
    torch.testing.assert_close(difference, (0.5 if "lora_unet" in layer else 1.0) * b @ a, atol=1e-5, rtol=0)


def kinds(out, inner, kernel=()):
    """For each kind: the tensors, and the difference of the weight `w` that they mean, by plain arithmetic."""
    a, b = normal(2, inner, *kernel), normal(out, 2, *[1] * len(kernel))
    lora = (b.flatten(1) @ a.flatten(1)).reshape(out, inner, *kernel)
    flat = inner * (kernel[0] * kernel[1] if kernel else 1)
    w = [normal(out, 2, seed=1), normal(2, flat, seed=2), normal(out, 2, seed=3), normal(2, flat, seed=4)]
    loha = ((w[0] @ w[1]) * (w[2] @ w[3])).reshape(out, inner, *kernel)
    small, large = normal(4, 2, seed=5), normal(out // 4, inner // 2, *kernel, seed=6)
    lokr = torch.zeros(out, inner, *kernel)
    for i in range(4):
        for j in range(2):
            rows, columns = slice(i * out // 4, (i + 1) * out // 4), slice(j * inner // 2, (j + 1) * inner // 2)
            lokr[rows, columns] = small[i, j] * large
    out_size, in_size = normal(out, seed=7).abs() + 1, normal(inner, seed=8).abs() + 1

    def dora(weight, size, axis):
        whole = weight + lora
        norm = whole.transpose(0, axis).flatten(1).norm(dim=1)
        shape = [-1 if d == axis else 1 for d in range(whole.ndim)]
        return whole / norm.reshape(shape) * size.reshape(shape) - weight

    ones = [1] * len(kernel)
    pair = {"lora_down.weight": a, "lora_up.weight": b}
    return {
        "lora": (pair, lambda weight: lora),
        "loha": (
            dict(zip(("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"), w, strict=True)),
            lambda weight: loha,
        ),
        "lokr": ({"lokr_w1": small, "lokr_w2": large, "alpha": torch.tensor(9.0)}, lambda weight: lokr),
        "dora over outputs": (pair | {"dora_scale": out_size.reshape(out, 1, *ones)}, lambda w_: dora(w_, out_size, 0)),
        "dora over inputs": (pair | {"dora_scale": in_size.reshape(1, inner, *ones)}, lambda w_: dora(w_, in_size, 1)),
        "dora of peft": (pair | {"lora_magnitude_vector": out_size}, lambda w_: dora(w_, out_size, 0)),
        "full": ({"diff": lora}, lambda weight: lora),
    }


@pytest.mark.parametrize("path", [TO_K, CONV])
@pytest.mark.parametrize("kind", list(kinds(8, 8)))
def test_every_kind_is_its_formula(tmp_path, networks, kind, path):
    weight = networks["unet"].get_submodule(path).weight.detach()
    tensors, expected = kinds(weight.shape[0], weight.shape[1], tuple(weight.shape[2:]))[kind]
    name = "lora_unet_" + path.replace(".", "_")
    save_file({f"{name}.{role}": each.contiguous() for role, each in tensors.items()}, tmp_path / "x.safetensors")
    part, found, difference = only_change(tmp_path / "x.safetensors", networks)
    assert (part, found) == ("unet", path)
    torch.testing.assert_close(difference, expected(weight), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kind", ["lora", "loha", "lokr", "dora over outputs", "dora of peft", "full"])
def test_a_layer_that_is_cut_from_a_fused_one_takes_its_rows_of_the_change(tmp_path, kind):
    inner, weight = 8, normal(24, 8, seed=9)
    tensors, expected = kinds(24, inner)[kind]
    file = tmp_path / "fused.safetensors"
    save_file({f"blocks.0.attn.qkv.{role}": each.contiguous() for role, each in tensors.items()}, file)
    blocks = torch.nn.ModuleDict({name: torch.nn.Linear(inner, 8) for name in ("to_q", "to_k", "to_v")})
    network = torch.nn.ModuleDict({"blocks": torch.nn.ModuleList([torch.nn.ModuleDict({"attn": blocks})])})
    template = {"blocks.#.attn.qkv": "blocks.#.attn.(to_q to_k to_v)"}
    found = read_adapter(file).of({"transformer": network}, template)["transformer"]
    assert list(found) == [f"blocks.0.attn.{name}" for name in blocks]
    parts = [each.difference(own) for each, own in zip(found.values(), weight.chunk(3), strict=True)]
    torch.testing.assert_close(torch.cat(parts), expected(weight), atol=1e-5, rtol=1e-5)


def test_original_paths_are_those_of_diffusers_own_conversion():
    """The map of names is held to diffusers' converter of whole models, there and back."""
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint

    unet = tiny_unet()
    names = list(unet.state_dict())
    original = {}
    for name in names:
        layer, _, leaf = name.rpartition(".")
        path = original_path(layer, unet.config.layers_per_block)
        assert path is not None, name
        original[f"model.diffusion_model.{path}.{leaf}"] = torch.tensor(float(names.index(name)))
    converted = convert_ldm_unet_checkpoint(original, config=dict(unet.config))
    assert {name: int(each) for name, each in converted.items()} == {name: names.index(name) for name in names}


def good(layer="unet." + TO_K, inner=32, out=16):
    return {f"{layer}.lora_A.weight": normal(2, inner), f"{layer}.lora_B.weight": normal(out, 2)}


def test_what_cannot_be_used_is_named(tmp_path, networks):
    file = tmp_path / "hat.safetensors"
    with pytest.raises(ModelNotFound, match="hat"):
        read_adapter(file)
    with pytest.raises(UnsafeModel, match=r"hat\.pt"):
        read_adapter(tmp_path / "hat.pt")
    file.write_bytes(b"no such thing")
    with pytest.raises(ModelIncomplete, match="hat"):
        read_adapter(file)
    save_file({"unet.x.lora_A.weight": normal(2, 4)}, file)
    with pytest.raises(ModelIncomplete, match=r"hat.*unet\.x is not whole"):
        read_adapter(file)
    save_file(good() | {"vae.weight": normal(3)}, file)
    with pytest.raises(UnsupportedModel, match=r"hat.*vae\.weight"):
        read_adapter(file)
    spoilt = good()
    next(iter(spoilt.values()))[0, 0] = float("nan")
    save_file(spoilt, file)
    with pytest.raises(ModelIncomplete, match=r"hat.*NaN"):
        read_adapter(file)


def test_a_lora_of_another_family_says_for_which(tmp_path, networks):
    file = tmp_path / "hat.safetensors"
    save_file(
        good("transformer.double_blocks.0.img_attn.proj"), file, metadata={"modelspec.architecture": "flux-1-dev"}
    )
    with pytest.raises(UnsupportedModel, match=r'"hat" does not fit.*flux-1-dev'):
        read_adapter(file).of(networks)


def test_trigger_words(tmp_path):
    file = tmp_path / "hat.safetensors"
    tags = {"10_hat": {"red hat": 30, "1girl": 20, "sky": 3}, "5_more": {"1girl": 20}}
    save_file(good(), file, metadata={"ss_tag_frequency": json.dumps(tags)})
    assert trigger_words(file) == ("1girl", "red hat")
    save_file(good(), file, metadata={"modelspec.trigger_phrase": "ohwx hat, red"})
    assert trigger_words(file) == ("ohwx hat", "red")
    save_file(good(), file)
    assert trigger_words(file) == ()
