"""LoRA files on a Stable Diffusion XL of the real classes: both text encoders, in the names of both trainers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine import GenerateRequest, generate
from engine.errors import UnsupportedModel
from engine.protocol import Failed, Lora
from tests.engine.models.adapters.test_using import picture
from tests.tiny_sdxl import save_sdxl, tiny_sdxl

CROSS = "down_blocks.1.attentions.0.transformer_blocks.1.attn2.to_k"
SELF = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
UP = "up_blocks.0.attentions.1.transformer_blocks.0.attn2.to_v"
OF_TEXT = "encoder.layers.0.self_attn.q_proj"
LAYERS = [("unet", CROSS), ("unet", SELF), ("unet", UP), ("text_encoder", OF_TEXT), ("text_encoder_2", OF_TEXT)]
KOHYA = {
    ("unet", CROSS): "lora_unet_input_blocks_3_1_transformer_blocks_1_attn2_to_k",
    ("unet", SELF): "lora_unet_middle_block_1_transformer_blocks_0_attn1_to_q",
    ("unet", UP): "lora_unet_output_blocks_1_1_transformer_blocks_0_attn2_to_v",
    ("text_encoder", OF_TEXT): "lora_te1_text_model_encoder_layers_0_self_attn_q_proj",
    ("text_encoder_2", OF_TEXT): "lora_te2_text_model_encoder_layers_0_self_attn_q_proj",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_sdxl(tmp_path_factory.mktemp("xl") / "xl")


def layer_of(pipeline, part: str, path: str):
    network = getattr(pipeline, part)
    return next(module for name, module in network.named_modules() if name.removeprefix("text_model.") == path)


@pytest.fixture(scope="module")
def factors():
    """A and B of rank 2 for each layer."""
    pipeline, generator = tiny_sdxl(), torch.Generator().manual_seed(5)
    found = {}
    for part, path in LAYERS:
        out, width = layer_of(pipeline, part, path).weight.shape
        found[part, path] = (torch.randn(2, width, generator=generator), torch.randn(out, 2, generator=generator))
    return found


@pytest.fixture(scope="module")
def merged(tmp_path_factory, factors):
    """A folder with the weights W + 0.7 * (alpha / rank) * B A, alpha 1, in all five layers."""
    pipeline = tiny_sdxl()
    with torch.no_grad():
        for (part, path), (down, up) in factors.items():
            layer_of(pipeline, part, path).weight += 0.7 * 0.5 * up @ down
    pipeline.save_pretrained(tmp_path_factory.mktemp("merged") / "xl", safe_serialization=True)
    return tmp_path_factory.getbasetemp() / "merged0" / "xl"


def save_kohya(file, factors):
    tensors = {}
    for place, (down, up) in factors.items():
        tensors[f"{KOHYA[place]}.lora_down.weight"] = down
        tensors[f"{KOHYA[place]}.lora_up.weight"] = up
        tensors[f"{KOHYA[place]}.alpha"] = torch.tensor(1.0)
    save_file(tensors, file)


def save_diffusers(file, factors):
    tensors = {}
    for (part, path), (down, up) in factors.items():
        name = f"{part}.{path}" if part == "unet" else f"{part}.text_model.{path}"
        tensors[f"{name}.lora_A.weight"] = down
        tensors[f"{name}.lora_B.weight"] = 0.5 * up  # it has no alpha: rank / rank
    save_file(tensors, file)


def ask(folder, *loras: Lora) -> GenerateRequest:
    return GenerateRequest.of(
        id="1", prompt="a lake and sky", width=64, height=64, steps=2, model=str(folder), device="cpu", loras=loras
    )


@pytest.mark.parametrize("save", [save_kohya, save_diffusers])
def test_a_lora_changes_the_unet_and_both_encoders_as_merged_weights_do(
    save, folder, merged, factors, library, tmp_path
):
    save(tmp_path / "hat.safetensors", factors)
    plain = picture(list(generate(ask(folder), library=library)))
    expected = picture(list(generate(ask(merged), library=library)))
    assert np.abs(plain.astype(int) - expected).max() > 3
    lora = Lora(str(tmp_path / "hat.safetensors"), 0.7)
    found = picture(list(generate(ask(folder, lora), library=library)))
    assert np.abs(found.astype(int) - expected).max() <= 1
    again = picture(list(generate(ask(folder, lora), library=library)))
    assert np.array_equal(again, found)
    nothing = picture(list(generate(ask(folder, Lora(lora.file, 0.0)), library=library)))
    assert np.array_equal(nothing, plain)


def test_each_part_of_the_file_acts(folder, factors, library, tmp_path):
    plain = picture(list(generate(ask(folder), library=library)))
    for place in factors:
        save_kohya(tmp_path / "one.safetensors", {place: factors[place]})
        other = picture(list(generate(ask(folder, Lora(str(tmp_path / "one.safetensors"), 2.0)), library=library)))
        assert not np.array_equal(plain, other), place


def test_one_for_stable_diffusion_1_is_refused_by_name_and_the_next_picture_is_as_ever(folder, library, tmp_path):
    plain = picture(list(generate(ask(folder), library=library)))
    name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
    tensors = {f"{name}.lora_down.weight": torch.ones(2, 768), f"{name}.lora_up.weight": torch.ones(320, 2)}
    save_file(tensors, tmp_path / "old.safetensors", metadata={"ss_base_model_version": "sd_v1"})
    last = list(generate(ask(folder, Lora(str(tmp_path / "old.safetensors"))), library=library))[-1]
    assert isinstance(last, Failed) and isinstance(last.error, UnsupportedModel)
    assert '"old"' in last.error.message and "sd_v1" in last.error.message
    assert np.array_equal(picture(list(generate(ask(folder), library=library))), plain)
