"""Which IP-Adapter and image encoder are taken, where they lie, and what is said where one is missing or unsafe."""

from __future__ import annotations

import dataclasses
import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import ModelIncomplete, ModelNotFound, UnsafeModel, UnsupportedModel
from engine.local_executor import LocalExecutor
from engine.models import collection
from engine.models.file_kinds import CONTEXT, INPUT
from engine.models.ip_adapters.finding import find, with_adapters
from engine.models.ip_adapters.kinds import describe, describe_encoder
from engine.models.ip_adapters.reading import read_adapter, read_encoder, states_of
from engine.models.library import Library
from tests.engine.models.test_library import write_header
from tests.tiny import tiny_unet
from tests.tiny_ip_adapters import PROJECTED, save_encoder, save_ip_adapter

WHOLE = {INPUT: [320, 4, 3, 3], CONTEXT[0]: [320, 768], "first_stage_model.x": [1], "cond_stage_model.x": [1]}
PLAIN = {"image_proj.proj.weight": [3072, 1024], "ip_adapter.1.to_k_ip.weight": [320, 768]}
PLUS = {
    "image_proj.latents": [1, 16, 768],
    "image_proj.proj_in.weight": [768, 1280],
    "image_proj.proj_out.weight": [768, 768],
    "ip_adapter.1.to_k_ip.weight": [320, 768],
}
XL = {"image_proj.proj.weight": [8192, 1280], "ip_adapter.1.to_k_ip.weight": [640, 2048]}
VIT_H = {"hidden_size": 1280, "projection_dim": 1024, "architectures": ["CLIPVisionModelWithProjection"]}


@pytest.fixture
def library(tmp_path):
    (tmp_path / "home" / "models").mkdir(parents=True)
    write_header(tmp_path / "home" / "models" / "paint.safetensors", WHOLE)
    return Library(tmp_path / "home" / "models")


@pytest.fixture
def facts(library):
    return library.inspect("paint")


@pytest.fixture
def home(library):
    """The folder of IP-Adapters."""
    place = library.folder.parent / "ip_adapters"
    place.mkdir()
    return place


def encoder(folder, **values):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(VIT_H | values))


def test_plus_goes_before_plain_and_faces_come_last(library, facts, home):
    encoder(home / "image_encoder")
    write_header(home / "ip-adapter_sd15.safetensors", PLAIN)
    assert not find(facts, library).adapter.is_plus
    write_header(home / "a-plus-face.safetensors", PLUS)
    assert find(facts, library).adapter.name == "ip-adapter_sd15"
    write_header(home / "ip-adapter-plus_sd15.safetensors", PLUS)
    found = find(facts, library)
    assert found.adapter.name == "ip-adapter-plus_sd15" and found.encoder.path == home / "image_encoder"
    assert (found.adapter.width, found.adapter.reads, found.adapter.made_for) == (768, 1280, "Stable Diffusion 1.x")


@pytest.mark.parametrize(
    ("adapters", "encoders"),
    [("models/ipadapter", "models/clip_vision"), ("models/ControlNet", "models/clip_vision")],
)
def test_in_the_folders_of_an_added_program(library, facts, tmp_path, adapters, encoders):
    program = tmp_path / "program"
    (program / "models" / "checkpoints").mkdir(parents=True)
    write_header(program / "models" / "checkpoints" / "other.safetensors", WHOLE)
    (program / adapters).mkdir(parents=True)
    write_header(program / adapters / "ip-adapter_sd15.safetensors", PLAIN)
    encoder(program / encoders / "h")
    with pytest.raises(ModelNotFound):
        find(facts, library)
    collection.add(library, program)
    assert find(facts, library).adapter.path.parent == program / adapters


def test_beside_a_model(library, facts):
    write_header(library.folder / "ip-adapter_sd15.safetensors", PLAIN)
    encoder(library.folder / "image_encoder")
    assert find(facts, library).adapter.name == "ip-adapter_sd15"


def test_what_is_missing_is_said_with_what_to_get_and_where_to_put_it(library, facts, home):
    with pytest.raises(ModelNotFound, match='"paint"') as caught:
        find(facts, library)
    assert "ip-adapter_sd15.safetensors" in caught.value.hint and str(home) in caught.value.hint
    told = with_adapters(facts, library)
    assert not told.takes_styles and "ip-adapter_sd15" in told.styles_help and str(home) not in told.styles_help

    write_header(home / "ip-adapter_sdxl.safetensors", XL)
    with pytest.raises(ModelNotFound, match='"ip-adapter_sdxl" was made for Stable Diffusion XL'):
        find(facts, library)

    (home / "ip-adapter_sd15.bin").write_bytes(b"x")
    with pytest.raises(UnsafeModel, match="pickle") as caught:
        find(facts, library)
    assert "ip-adapter_sd15.safetensors" in caught.value.hint

    write_header(home / "ip-adapter_sd15.safetensors", PLAIN)
    encoder(home / "other", projection_dim=768)
    with pytest.raises(ModelIncomplete, match="image encoder") as caught:
        find(facts, library)
    assert "ViT-H" in caught.value.hint and "beside ip-adapter_sd15.safetensors" in caught.value.hint
    assert "image encoder" in with_adapters(facts, library).styles_help
    encoder(home / "image_encoder")
    assert with_adapters(facts, library).takes_styles


def test_the_executor_tells_it_and_only_models_that_can_take_one_are_told(library, facts, home, tiny_sd_folder):
    write_header(home / "ip-adapter_sd15.safetensors", PLAIN)
    encoder(home / "image_encoder")
    executor = LocalExecutor(library=library)
    try:
        assert executor.facts("paint").takes_styles and executor.facts("starter").takes_styles
        tiny = executor.facts(str(tiny_sd_folder))  # reads text of 32 channels, for which there are none
        assert not tiny.takes_styles and not tiny.styles_help
    finally:
        executor.close()
    other = dataclasses.replace(facts, family="flux")
    assert with_adapters(other, library) == other.travelling()


def test_faces_and_other_files_are_refused_by_name(tmp_path):
    write_header(tmp_path / "faceid.safetensors", PLAIN | {"ip_adapter.0.to_q_lora.down.weight": [1, 2]})
    with pytest.raises(UnsupportedModel, match="FaceID"):
        describe(tmp_path / "faceid.safetensors")
    write_header(tmp_path / "lora.safetensors", {"lora.up": [1, 2]})
    with pytest.raises(UnsupportedModel, match=r'"lora\.safetensors"'):
        describe(tmp_path / "lora.safetensors")


def test_a_single_file_is_the_same_encoder_as_its_folder(tmp_path):
    folder = save_encoder(tmp_path / "image_encoder", seed=3)
    save_file(load_file(folder / "model.safetensors"), tmp_path / "clip_vision.safetensors")
    rgb = torch.randint(0, 256, (40, 50, 3), dtype=torch.uint8).numpy()
    single, whole = describe_encoder(tmp_path / "clip_vision.safetensors"), describe_encoder(folder)
    for is_plus in (False, True):
        states = [states_of(read_encoder(each, dtype=torch.float32), rgb, is_plus=is_plus) for each in (single, whole)]
        assert torch.equal(*states)
    assert states_of(read_encoder(single, dtype=torch.float32), rgb, is_plus=False).shape == (2, PROJECTED)


def test_a_damaged_adapter_is_named(tmp_path):
    path = save_ip_adapter(tmp_path / "broken.safetensors", tiny_unet())
    tensors = load_file(path)
    del tensors["ip_adapter.3.to_v_ip.weight"]
    save_file(tensors, path)
    with pytest.raises(ModelIncomplete, match='"broken" is damaged'):
        read_adapter(describe(path), dtype=torch.float32)
