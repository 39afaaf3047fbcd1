"""A single safetensors file in the original layout loads offline and paints what its diffusers folder paints."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from gguf.constants import GGMLQuantizationType as Kind
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel

import resources
from engine import GenerateRequest, Library, generate
from engine.errors import ModelIncomplete, UnsupportedModel
from engine.models import families
from engine.models.families.components import load_noise, load_tokenizer
from engine.protocol import Failed, ImageReady, InstructedPicture
from tests.engine.weights.test_gguf_file import write_gguf
from tests.original_layout import original_unet, original_vae
from tests.tiny import tiny_pipeline, tiny_text_encoder, tiny_tokenizer

CONTEXT = 768  # by which a file is known to be of Stable Diffusion 1.x


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> tuple[Path, Path]:
    """A tiny diffusers folder of Stable Diffusion 1.x's shape, and the same model as a single file."""
    root = tmp_path_factory.mktemp("single")
    pipeline = tiny_pipeline(kl=True)
    torch.manual_seed(4)
    unet = UNet2DConditionModel(
        sample_size=16,
        block_out_channels=(16, 32),
        layers_per_block=2,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=CONTEXT,
        attention_head_dim=4,
        norm_num_groups=8,
    )
    pipeline.register_modules(unet=unet, text_encoder=tiny_text_encoder(tiny_tokenizer(), width=CONTEXT))
    pipeline.save_pretrained(root / "folder", safe_serialization=True)
    folder = root / "folder"
    whole = original_unet(load_file(folder / "unet/diffusion_pytorch_model.safetensors"), levels=2, layers=2)
    whole |= original_vae(load_file(folder / "vae/diffusion_pytorch_model.safetensors"), levels=4)
    for name, tensor in load_file(folder / "text_encoder/model.safetensors").items():
        whole[f"cond_stage_model.transformer.text_model.{name.removeprefix('text_model.')}"] = tensor
    save_file({name: tensor.contiguous() for name, tensor in whole.items()}, root / "mine.safetensors")
    return folder, root / "mine.safetensors"


@pytest.fixture
def configs(pair, monkeypatch):
    """The tiny folder's config files in the place of those that ship."""
    monkeypatch.setattr(resources, "path", lambda *parts: pair[0])


def test_paints_what_its_folder_paints(pair, configs, tmp_path):
    pictures = []
    for model in pair:
        request = GenerateRequest.of(
            id="1", prompt="a lake", width=64, height=48, steps=3, model=str(model), device="cpu", seed=2
        )
        events = list(generate(request, library=Library(tmp_path)))
        assert not isinstance(events[-1], Failed), events[-1].error.details
        pictures += [event.rgb for event in events if isinstance(event, ImageReady)]
    assert np.array_equal(*pictures)


@pytest.mark.parametrize("part", ["model.diffusion_model.out.2.weight", "first_stage_model.", "cond_stage_model."])
def test_a_file_that_lacks_a_part_is_refused(pair, configs, tmp_path, part):
    weights = {name: tensor for name, tensor in load_file(pair[1]).items() if not name.startswith(part)}
    save_file(weights, tmp_path / "less.safetensors")
    with pytest.raises(ModelIncomplete):
        Library(tmp_path).load("less", "cpu")


def test_marker_tensors_set_the_noise_schedule(pair, configs, tmp_path):
    marks = {"v_pred": torch.zeros(1), "ztsnr": torch.zeros(1)}
    save_file(load_file(pair[1]) | marks, tmp_path / "marked.safetensors")
    noise = load_noise(families.inspect(tmp_path / "marked.safetensors"))
    assert noise.prediction == "v_prediction" and noise.table[-1] > 4000
    assert load_noise(families.inspect(pair[1])).prediction == "epsilon"


def test_an_inpainting_model_is_refused(pair, configs, tmp_path):
    weights = load_file(pair[1])
    weights["model.diffusion_model.input_blocks.0.0.weight"] = torch.zeros(16, 9, 3, 3)
    save_file(weights, tmp_path / "inpaint.safetensors")
    with pytest.raises(UnsupportedModel):
        families.inspect(tmp_path / "inpaint.safetensors")


def test_one_with_channels_for_a_picture_changes_pictures(pair, configs, tmp_path):
    weights = load_file(pair[1])
    first = "model.diffusion_model.input_blocks.0.0.weight"
    weights[first] = torch.cat([weights[first], 0.5 * weights[first]], dim=1)
    save_file(weights, tmp_path / "told.safetensors")
    facts = families.inspect(tmp_path / "told.safetensors")
    assert facts.instructs and facts.needs_picture and facts.family == "sd"
    library = Library(tmp_path)
    assert torch.equal(library.load("told", "cpu").unet.conv_in.weight, weights[first])
    picture = np.full((48, 64, 3), 90, np.uint8)
    request = GenerateRequest.of(
        id="1", prompt="make it sky", width=64, height=48, steps=2, model="told", device="cpu",
        instruct=InstructedPicture(rgb=picture),
    )  # fmt: skip
    events = list(generate(request, library=library))
    assert any(isinstance(event, ImageReady) for event in events), events[-1]


def test_the_shipped_configs_are_stable_diffusion_15():
    """Its published sizes: 859,520,964 (UNet), 83,653,863 (VAE) and 123,060,480 (text encoder) parameters."""
    folder = resources.path("models", "sd15")

    def config(part: str) -> dict:
        return json.loads((folder / part / "config.json").read_text())

    with torch.device("meta"):
        networks = [
            UNet2DConditionModel.from_config(config("unet")),
            AutoencoderKL.from_config(config("vae")),
            CLIPTextModel(CLIPTextConfig(**config("text_encoder"))),
        ]
    counts = [sum(weight.numel() for weight in network.parameters()) for network in networks]
    assert counts == [859_520_964, 83_653_863, 123_060_480]


def test_the_shipped_tokenizer_is_clips():
    tokenizer = load_tokenizer(resources.path("models", "sd15") / "tokenizer")
    assert len(tokenizer) == 49408 and tokenizer.model_max_length == 77
    ids = tokenizer("a photo of an astronaut riding a horse").input_ids
    assert ids == [49406, 320, 1125, 539, 550, 18376, 6765, 320, 4558, 49407]


def keep_apart(root: Path, pair: tuple[Path, Path], denoiser: str, *, diffusers_vae: bool = False) -> Path:
    """The model of `pair` in the folders of ComfyUI, each part a file of its own; returns the denoiser's."""
    whole = load_file(pair[1])
    parts: dict[str, dict[str, torch.Tensor]] = {"unet": {}, "clip": {}, "vae": {}}
    beginnings = {
        "model.diffusion_model.": "unet",
        "cond_stage_model.transformer.": "clip",
        "first_stage_model.": "vae",
    }
    for name, tensor in whole.items():
        beginning = next(each for each in beginnings if name.startswith(each))
        parts[beginnings[beginning]][name.removeprefix(beginning)] = tensor
    if diffusers_vae:
        parts["vae"] = load_file(pair[0] / "vae/diffusion_pytorch_model.safetensors")
    for folder, name in (("unet", denoiser), ("text_encoders", "clip_l.safetensors"), ("VAE", "mse.safetensors")):
        (root / folder).mkdir(parents=True)
        tensors = parts[{"text_encoders": "clip", "VAE": "vae"}.get(folder, "unet")]
        if name.endswith(".gguf"):
            write_gguf(root / folder / name, {key: (tensor.numpy(), Kind.F32) for key, tensor in tensors.items()})
        else:
            save_file(tensors, root / folder / name)
    save_file({"a": torch.ones(1)}, root / "VAE" / "another.safetensors")
    return root / "unet" / denoiser


@pytest.mark.parametrize(
    ("denoiser", "diffusers_vae"), [("mine.safetensors", False), ("mine.gguf", False), ("mine.safetensors", True)]
)
def test_parts_in_files_of_their_own_paint_what_the_whole_model_paints(
    pair, configs, tmp_path, denoiser, diffusers_vae
):
    model = keep_apart(tmp_path / "models", pair, denoiser, diffusers_vae=diffusers_vae)
    pictures = []
    for each in (pair[1], model):
        request = GenerateRequest.of(
            id="1", prompt="a lake", width=64, height=48, steps=2, model=str(each), device="cpu", seed=2
        )
        events = list(generate(request, library=Library(tmp_path)))
        assert not isinstance(events[-1], Failed), (events[-1].error.message, events[-1].error.details)
        pictures += [event.rgb for event in events if isinstance(event, ImageReady)]
    assert np.array_equal(*pictures)


@pytest.mark.parametrize(("folder", "name"), [("VAE", "mse.safetensors"), ("text_encoders", "clip_l.safetensors")])
def test_a_model_is_read_again_when_a_separate_part_changes(pair, configs, tmp_path, folder, name):
    model = keep_apart(tmp_path, pair, "mine.safetensors")
    library = Library(tmp_path)
    first = library.load(model, "cpu")
    assert library.load(model, "cpu") is first is library.held(model, "cpu")
    part = tmp_path / folder / name
    os.utime(part, ns=(0, part.stat().st_mtime_ns + 1_000_000))
    assert library.held(model, "cpu") is None
    again = library.load(model, "cpu")
    assert again is not first and library.load(model, "cpu") is again is library.held(model, "cpu")
    # Another file that fits and comes first is another part.
    shutil.copy(part, part.with_name(f"a{name}"))
    assert library.load(model, "cpu") is not again


def test_a_whole_model_in_gguf_paints_nearly_what_it_paints_in_full(pair, configs, tmp_path):
    whole = {
        name: (tensor.numpy(), Kind.Q8_0 if tensor.ndim == 2 and tensor.shape[1] % 32 == 0 else Kind.F32)
        for name, tensor in load_file(pair[1]).items()
    }
    assert sum(kind == Kind.Q8_0 for _, kind in whole.values()) > 10
    file = write_gguf(tmp_path / "mine.gguf", whole)
    weights = [Library(tmp_path).load(each, "cpu").unet.state_dict() for each in (pair[1], file)]
    name = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight"
    apart = (weights[0][name] - weights[1][name]).abs().max()
    assert 0 < apart <= weights[0][name].abs().max() / 127
    assert torch.equal(weights[0]["conv_in.weight"], weights[1]["conv_in.weight"])


@pytest.mark.parametrize(("folder", "said"), [("VAE", "autoencoder"), ("text_encoders", "text encoder")])
def test_a_denoiser_says_which_part_was_not_found(pair, configs, tmp_path, folder, said):
    model = keep_apart(tmp_path, pair, "mine.safetensors")
    for file in (tmp_path / folder).iterdir():
        file.unlink()
    with pytest.raises(ModelIncomplete, match=f"only a denoiser .*{said}") as caught:
        families.inspect(model)
    assert "text_encoders" in caught.value.hint


def test_an_xl_autoencoder_is_not_taken_for_that_of_stable_diffusion(pair, configs, tmp_path):
    model = keep_apart(tmp_path, pair, "mine.safetensors")
    (tmp_path / "VAE" / "mse.safetensors").rename(tmp_path / "VAE" / "sdxl_vae.safetensors")
    with pytest.raises(ModelIncomplete, match="autoencoder"):
        families.inspect(model)
