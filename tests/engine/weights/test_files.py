"""A model that is incomplete, damaged, unsafe or foreign is refused by the name of the part at fault."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import Library, generate
from engine.errors import ModelIncomplete, ModelNotFound, UnsafeModel, UnsupportedModel
from engine.models import families
from engine.protocol import Failed, Finished
from engine.weights.files import find_weights, read_header

UNET = "unet/diffusion_pytorch_model.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"
TEXT = "text_encoder/model.safetensors"


@pytest.fixture
def copy(tiny_sd_folder, tmp_path) -> Path:
    return Path(shutil.copytree(tiny_sd_folder, tmp_path / "model"))


@pytest.fixture
def failure(ask, tmp_path):
    """The error with which a generation with the model at a path ends."""

    def fail(path: Path):
        last = list(generate(ask(model=str(path)), library=Library(tmp_path / "none")))[-1]
        assert isinstance(last, Failed), last
        assert last.error.hint
        return last.error

    return fail


@pytest.mark.parametrize("part", ["tokenizer", "text_encoder", "unet", "vae", "scheduler"])
def test_a_missing_part_is_named(copy, failure, part):
    shutil.rmtree(copy / part)
    error = failure(copy)
    assert type(error) is ModelIncomplete and part in str(error)


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("model_index.json", "model_index.json"),
        (UNET, "unet"),
        (VAE, "vae"),
        (TEXT, "text_encoder"),
        ("unet/config.json", "unet"),
        ("vae/config.json", "vae"),
        ("text_encoder/config.json", "text_encoder"),
        ("scheduler/scheduler_config.json", "scheduler"),
    ],
)
def test_a_missing_file_is_named(copy, failure, file, part):
    (copy / file).unlink()
    error = failure(copy)
    assert type(error) is ModelIncomplete and part in str(error)


def test_a_tokenizer_without_its_vocabulary_is_named(copy, failure):
    for file in (copy / "tokenizer").iterdir():
        file.unlink()
    error = failure(copy)
    assert type(error) is ModelIncomplete and "tokenizer" in str(error)


@pytest.mark.parametrize("file", [UNET, VAE, TEXT])
@pytest.mark.parametrize("keep", [0.5, 0.0])
def test_truncated_weights_are_named(copy, failure, file, keep):
    whole = (copy / file).read_bytes()
    (copy / file).write_bytes(whole[: int(len(whole) * keep)])
    error = failure(copy)
    assert type(error) is ModelIncomplete and file.split("/")[0] in str(error)


def test_weights_that_lack_a_tensor_are_refused_instead_of_made_up(copy, failure):
    weights = load_file(copy / UNET)
    weights.pop("conv_in.weight")
    save_file(weights, copy / UNET, metadata={"format": "pt"})
    error = failure(copy)
    assert type(error) is ModelIncomplete and "unet" in str(error) and "conv_in.weight" in error.details


def test_weights_of_another_shape_are_refused(copy, failure):
    weights = load_file(copy / VAE)
    name = next(iter(weights))
    weights[name] = torch.zeros(3, 3)
    save_file(weights, copy / VAE, metadata={"format": "pt"})
    error = failure(copy)
    assert type(error) is ModelIncomplete and "vae" in str(error)


@pytest.mark.parametrize(("file", "pickle"), [(UNET, "diffusion_pytorch_model.bin"), (TEXT, "pytorch_model.bin")])
def test_a_pickle_in_place_of_safetensors_is_never_opened(copy, failure, file, pickle):
    (copy / file).unlink()
    marker = copy / "opened"
    code = f"cposix\nsystem\n(S'touch {marker}'\ntR.".encode()
    (copy / file).with_name(pickle).write_bytes(code)
    error = failure(copy)
    assert type(error) is UnsafeModel and pickle in str(error) and "safetensors" in error.hint
    assert not marker.exists()


@pytest.mark.parametrize("name", ["model.ckpt", "model.pt", "model.bin"])
def test_a_single_pickle_is_never_opened(tmp_path, failure, name):
    (tmp_path / name).write_bytes(b"cposix\nsystem\n(S'false'\ntR.")
    assert type(failure(tmp_path / name)) is UnsafeModel


def test_a_foreign_single_file_is_refused(tmp_path, failure):
    save_file({"a": torch.zeros(2)}, tmp_path / "other.safetensors")
    error = failure(tmp_path / "other.safetensors")
    assert type(error) is UnsupportedModel and "folder" in error.hint


def test_what_is_no_model_at_all_is_refused(tmp_path, failure):
    (tmp_path / "text.safetensors").write_bytes(b"hello")
    assert type(failure(tmp_path / "text.safetensors")) is ModelIncomplete
    assert type(failure(tmp_path / "nothing")) is ModelNotFound
    (tmp_path / "empty").mkdir()
    assert type(failure(tmp_path / "empty")) is ModelNotFound


@pytest.mark.parametrize("text", ["{", "[]", '{"_class_name": "KandinskyPipeline"}'])
def test_an_index_that_is_damaged_or_foreign_is_refused(copy, failure, text):
    (copy / "model_index.json").write_text(text)
    assert type(failure(copy)) is (UnsupportedModel if "Kandinsky" in text else ModelIncomplete)


@pytest.mark.parametrize(
    "own", ['{"guidance": "much"}', '{"size": 3}', '{"preview": [[1]]}', '{"preview": [[1, 1, 1]]}', "nonsense"]
)
def test_a_damaged_wordbrush_json_is_named(copy, failure, own):
    (copy / "wordbrush.json").write_text(own)
    error = failure(copy)
    assert type(error) is ModelIncomplete and "wordbrush.json" in str(error)


@pytest.mark.parametrize(
    "own",
    [
        '{"guidance": 0.5}',
        '{"guidance": NaN}',
        '{"guidance": 1e999}',
        '{"paint_weight": -1}',
        '{"paint_weight": 11}',
        '{"steps": 0}',
        '{"steps": 1e999}',
        '{"size": [0, 64]}',
        '{"size": [64, 100000]}',
        '{"sampler": "plms"}',
        '{"names": "lake"}',
        '{"names": ["lake", 3]}',
        '{"words": [" "]}',
    ],
)
def test_a_value_out_of_its_range_is_found_before_anything_is_made(copy, own):
    (copy / "wordbrush.json").write_text(own)
    with pytest.raises(ModelIncomplete, match=r"wordbrush\.json"):
        Library(copy.parent / "none").inspect(copy)
    (model,) = [model for model in Library(copy.parent).list() if model.path == copy]
    assert "wordbrush.json" in model.problem


def test_what_a_model_has_learnt_is_listed_with_it(copy):
    assert Library(copy.parent / "none").inspect(copy).names == ()
    (copy / "wordbrush.json").write_text('{"names": ["blue sky", "lake"], "words": ["red"]}')
    facts = Library(copy.parent / "none").inspect(copy)
    assert (facts.names, facts.words) == (("blue sky", "lake"), ("red",))
    (model,) = [model for model in Library(copy.parent).list() if model.path == copy]
    assert model.names == facts.names


def test_an_unknown_schedule_is_refused(copy, failure):
    config = json.loads((copy / "scheduler/scheduler_config.json").read_text())
    (copy / "scheduler/scheduler_config.json").write_text(json.dumps({**config, "beta_schedule": "bumpy"}))
    assert type(failure(copy)) is UnsupportedModel


def test_fp16_variants_and_shards_load(copy, ask, tmp_path):
    whole = load_file(copy / UNET)
    names = sorted(whole)
    shards = {f"diffusion_pytorch_model-0000{n}-of-00002.safetensors": names[n - 1 :: 2] for n in (1, 2)}
    for file, members in shards.items():
        save_file({name: whole[name].half() for name in members}, copy / "unet" / file, metadata={"format": "pt"})
    index = {"metadata": {}, "weight_map": {name: file for file, members in shards.items() for name in members}}
    (copy / "unet/diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    (copy / UNET).unlink()
    for file in (VAE, TEXT):
        (copy / file).rename((copy / file).with_name(Path(file).stem + ".fp16.safetensors"))
    events = list(generate(ask(model=str(copy)), library=Library(tmp_path / "none")))
    assert isinstance(events[-1], Finished)
    (copy / "unet" / next(iter(shards))).unlink()
    with pytest.raises(ModelIncomplete, match="00001-of-00002"):
        find_weights(copy / "unet", "diffusion_pytorch_model", part="unet")


def test_a_shard_outside_the_folder_is_not_followed(copy):
    index = {"weight_map": {"conv_in.weight": "../../secret.safetensors"}}
    (copy / "unet/diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ModelIncomplete):
        find_weights(copy / "unet", "diffusion_pytorch_model", part="unet")


def test_a_header_tells_shapes_without_reading_weights(copy):
    assert read_header(copy / UNET, part="unet")["conv_in.weight"]["shape"] == [16, 4, 3, 3]
    (copy / UNET).write_bytes((copy / UNET).read_bytes() + b"more")
    with pytest.raises(ModelIncomplete, match="cut short"):
        read_header(copy / UNET, part="unet")


def test_facts_are_read_without_loading(tiny_sd_folder):
    facts = families.inspect(tiny_sd_folder)
    assert (facts.name, facts.family, facts.multiple) == ("tiny", "sd", 8)
