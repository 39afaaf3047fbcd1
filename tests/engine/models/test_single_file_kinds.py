"""Single files of Stable Diffusion 2.x, XL and the refiner paint what their folders paint; others are told apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import (
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

import resources
from engine import GenerateRequest, Library, generate
from engine.errors import EngineError, ModelIncomplete, UnsupportedModel
from engine.models import families
from engine.models.families.components import load_noise, load_tokenizer
from engine.models.file_kinds import CONTEXT, INPUT, recognise
from engine.protocol import Failed, ImageReady
from tests.engine.models.test_library import write_header
from tests.original_layout import original_open_clip, original_unet, original_vae
from tests.tiny import tiny_pipeline, tiny_tokenizer, tiny_vae

UNET = {
    "sample_size": 16,
    "block_out_channels": (16, 32),
    "layers_per_block": 2,
    "attention_head_dim": 4,
    "norm_num_groups": 8,
    "use_linear_projection": True,
}
XL = {
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2),
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
}
EULER = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "steps_offset": 1}


def text_encoder(kind, tokenizer, width: int, seed: int):
    torch.manual_seed(seed)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        hidden_act="gelu",
        projection_dim=width,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return kind(config)


def part(folder: Path, name: str) -> dict[str, torch.Tensor]:
    stem = "model" if name.startswith("text") else "diffusion_pytorch_model"
    return load_file(folder / name / f"{stem}.safetensors")


def write_single(folder: Path, texts: dict[str, torch.Tensor]) -> Path:
    whole = original_unet(part(folder, "unet"), levels=2, layers=2) | original_vae(part(folder, "vae"), levels=4)
    file = folder.with_suffix(".safetensors")
    save_file({name: tensor.half().contiguous() for name, tensor in (whole | texts).items()}, file)
    return file


def halved(pipeline) -> None:
    """Rounds all weights to 16 bits, in which the single file has them."""
    for module in pipeline.components.values():
        if isinstance(module, torch.nn.Module):
            module.half().float()


@pytest.fixture(scope="module")
def second(tmp_path_factory) -> tuple[Path, Path]:
    """A tiny Stable Diffusion 2.x folder and its single file."""
    folder = tmp_path_factory.mktemp("sd2") / "two"
    torch.manual_seed(1)
    unet = UNet2DConditionModel(
        **UNET,
        cross_attention_dim=1024,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    pipeline = tiny_pipeline(kl=True, prediction="v_prediction")
    pipeline.register_modules(unet=unet, text_encoder=text_encoder(CLIPTextModel, pipeline.tokenizer, 1024, 2))
    halved(pipeline)
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder, write_single(
        folder, original_open_clip(part(folder, "text_encoder"), prefix="cond_stage_model.model.")
    )


@pytest.fixture(scope="module")
def xl(tmp_path_factory) -> tuple[Path, Path]:
    """A tiny Stable Diffusion XL folder and its single file."""
    folder = tmp_path_factory.mktemp("xl") / "xl"
    torch.manual_seed(3)
    unet = UNet2DConditionModel(**UNET, **XL, cross_attention_dim=2048, projection_class_embeddings_input_dim=1072)
    tokenizer, filled_up = tiny_tokenizer(), tiny_tokenizer()
    filled_up.pad_token = "!"
    pipeline = StableDiffusionXLPipeline(
        vae=tiny_vae(kl=True),
        text_encoder=text_encoder(CLIPTextModel, tokenizer, 1024, 4),
        text_encoder_2=text_encoder(CLIPTextModelWithProjection, tokenizer, 1024, 5),
        tokenizer=tokenizer,
        tokenizer_2=filled_up,
        unet=unet,
        scheduler=EulerDiscreteScheduler(**EULER, timestep_spacing="leading"),
        add_watermarker=False,
    )
    halved(pipeline)
    pipeline.save_pretrained(folder, safe_serialization=True)
    texts = original_open_clip(part(folder, "text_encoder_2"), prefix="conditioner.embedders.1.model.")
    for name, tensor in part(folder, "text_encoder").items():
        texts[f"conditioner.embedders.0.transformer.text_model.{name.removeprefix('text_model.')}"] = tensor
    return folder, write_single(folder, texts)


@pytest.fixture(scope="module")
def refiner(tmp_path_factory) -> tuple[Path, Path]:
    """A tiny folder of the XL refiner's kind and its single file."""
    folder = tmp_path_factory.mktemp("refiner") / "refiner"
    torch.manual_seed(6)
    unet = UNet2DConditionModel(**UNET, **XL, cross_attention_dim=1280, projection_class_embeddings_input_dim=1320)
    pipeline = tiny_pipeline(kl=True)
    pipeline.register_modules(unet=unet)
    pipeline.save_pretrained(folder, safe_serialization=True)
    encoder = text_encoder(CLIPTextModelWithProjection, pipeline.tokenizer, 1280, 7)
    for module in (unet, encoder):
        module.half().float()
    unet.save_pretrained(folder / "unet")
    pipeline.vae.half().float().save_pretrained(folder / "vae")
    encoder.save_pretrained(folder / "text_encoder_2")
    (folder / "tokenizer").rename(folder / "tokenizer_2")
    index = {"_class_name": "StableDiffusionXLImg2ImgPipeline", "text_encoder": [None, None]}
    (folder / "model_index.json").write_text(json.dumps(index))
    texts = original_open_clip(part(folder, "text_encoder_2"), prefix="conditioner.embedders.0.model.")
    return folder, write_single(folder, texts)


@pytest.mark.parametrize(("kind", "config"), [("second", "sd21"), ("xl", "sdxl"), ("refiner", "sdxl_refiner")])
def test_paints_what_its_folder_paints(kind, config, request, tmp_path, monkeypatch):
    folder, file = request.getfixturevalue(kind)
    asked: list[tuple[str, ...]] = []

    def path(*parts: str) -> Path:
        asked.append(parts)
        return folder

    monkeypatch.setattr(resources, "path", path)
    pictures = []
    for model in (folder, file):
        wanted = GenerateRequest.of(
            id="1", prompt="a lake!?", width=64, height=48, steps=3, model=str(model), device="cpu", seed=2, experts=()
        )
        events = list(generate(wanted, library=Library(tmp_path)))
        assert not isinstance(events[-1], Failed), (events[-1].error, events[-1].error.details)
        pictures += [event.rgb for event in events if isinstance(event, ImageReady)]
    assert np.array_equal(*pictures) and pictures[0].std() > 1
    assert ("models", config) in asked


def test_the_shipped_configs_have_the_published_sizes():
    """UNets of 865,910,724, 2,567,463,684 and 2,259,526,660 parameters; OpenCLIP-H and -G text encoders."""
    counts = {}
    for config in ("sd21", "sdxl", "sdxl_refiner"):
        folder = resources.path("models", config)
        for place in sorted(path for path in folder.iterdir() if path.name.startswith(("unet", "text"))):
            values = json.loads((place / "config.json").read_text())
            with torch.device("meta"):
                if place.name == "unet":
                    network = UNet2DConditionModel.from_config(values)
                else:
                    kind = CLIPTextModelWithProjection if place.name.endswith("_2") else CLIPTextModel
                    network = kind(CLIPTextConfig(**values))
            counts[f"{config}/{place.name}"] = sum(weight.numel() for weight in network.parameters())
    assert counts == {
        "sd21/text_encoder": 340_387_840,
        "sd21/unet": 865_910_724,
        "sdxl/text_encoder": 123_060_480,
        "sdxl/text_encoder_2": 694_659_840,
        "sdxl/unet": 2_567_463_684,
        "sdxl_refiner/text_encoder_2": 694_659_840,
        "sdxl_refiner/unet": 2_259_526_660,
    }


@pytest.mark.parametrize("place", ["sd21/tokenizer", "sdxl/tokenizer", "sdxl/tokenizer_2", "sdxl_refiner/tokenizer_2"])
def test_the_shipped_tokenizers_share_clips_vocabulary(place):
    first = load_tokenizer(resources.path("models", "sd15") / "tokenizer")
    tokenizer = load_tokenizer(resources.path("models") / place)
    text = "wow!? a house!! really!"
    assert tokenizer(text, add_special_tokens=False).input_ids == first(text, add_special_tokens=False).input_ids
    assert tokenizer.pad_token_id == (first.eos_token_id if place == "sdxl/tokenizer" else 0)
    assert tokenizer.model_max_length == 77


SD = {INPUT: [320, 4, 3, 3], CONTEXT[0]: [320, 1024], "first_stage_model.x": [1], "cond_stage_model.x": [1]}


@pytest.mark.parametrize(
    ("metadata", "prediction"),
    [
        ({}, "v_prediction"),
        ({"modelspec.prediction_type": "epsilon"}, "epsilon"),
        ({"modelspec.prediction_type": "v"}, "v_prediction"),
        ({"modelspec.architecture": "stable-diffusion-v2-512"}, "epsilon"),
        ({"modelspec.resolution": "512x512"}, "epsilon"),
    ],
)
def test_a_files_metadata_say_what_it_predicts(tmp_path, metadata, prediction):
    file = write_header(tmp_path / "two.safetensors", SD, **metadata)
    assert load_noise(families.inspect(file)).prediction == prediction


def test_a_prediction_that_is_not_known_is_refused_by_name(tmp_path):
    file = write_header(tmp_path / "two.safetensors", SD, **{"modelspec.prediction_type": "dreams"})
    with pytest.raises(UnsupportedModel, match="dreams"):
        load_noise(families.inspect(file))


XL_FILE = {
    INPUT: [320, 4, 3, 3],
    CONTEXT[1]: [640, 2048],
    "model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight": [1280, 2048],
    "first_stage_model.x": [1],
    "conditioner.x": [1],
}


@pytest.mark.parametrize(
    ("shapes", "config"),
    [
        (SD, "sd21"),
        ({**SD, CONTEXT[0]: [320, 768]}, "sd15"),
        (XL_FILE, "sdxl"),
        ({**XL_FILE, CONTEXT[1]: [768, 1280]}, "sdxl_refiner"),
    ],
)
def test_whole_models_are_known_by_their_shapes(tmp_path, shapes, config):
    file = write_header(tmp_path / "a.safetensors", shapes)
    assert families.inspect(file).config == resources.path("models", config)


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ({"lora_unet_down_blocks_0.lora_down.weight": [4, 320]}, "LoRA"),
        ({"unet.down_blocks.0.attn1.to_q.lora_A.weight": [4, 320]}, "LoRA"),
        ({"lora_te_x.hada_w1_a": [4, 4]}, "LoRA"),
        ({"control_model.input_blocks.0.0.weight": [320, 4, 3, 3], INPUT: [320, 4, 3, 3]}, "ControlNet"),
        ({"controlnet_cond_embedding.conv_in.weight": [16, 3, 3, 3], "down_blocks.0.x": [1]}, "ControlNet"),
        ({"image_proj.norm.weight": [4], "ip_adapter.1.to_k_ip.weight": [4, 4]}, "IP-Adapter"),
        ({"down_blocks.0.motion_modules.0.x": [1]}, "AnimateDiff"),
        ({"first_stage_model.encoder.conv_in.weight": [128, 3, 3, 3]}, "autoencoder"),
        ({"decoder.conv_in.weight": [512, 4, 3, 3], "encoder.conv_in.weight": [1]}, "autoencoder"),
        ({"input_blocks.0.0.weight": [320, 4, 3, 3]}, "denoiser"),
        ({INPUT: [320, 4, 3, 3], CONTEXT[0]: [320, 768]}, "denoiser"),
        ({"down_blocks.0.resnets.0.conv1.weight": [1], "conv_in.weight": [320, 4, 3, 3]}, "denoiser"),
        ({"text_model.embeddings.token_embedding.weight": [49408, 768]}, "text encoder"),
        ({"encoder.block.0.layer.0.SelfAttention.q.weight": [4, 4], "shared.weight": [4, 4]}, "text encoder"),
        ({"vision_model.embeddings.class_embedding": [1]}, "image encoder"),
        ({"emb_params": [4, 768]}, "embedding"),
        ({"clip_l": [4, 768], "clip_g": [4, 1280]}, "embedding"),
        ({"my-word": [4, 1024]}, "embedding"),
        ({"double_blocks.0.img_attn.qkv.weight": [1]}, "Flux"),
        ({"model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight": [1]}, "Stable Diffusion 3"),
        ({"model.1.sub.0.RDB1.conv1.0.weight": [1]}, "upscaler"),
        ({**SD, INPUT: [320, 9, 3, 3]}, "inpainting"),
        ({**SD, INPUT: [320, 8, 3, 3], "edm_vpred.sigma_max": [1]}, "CosXL Edit"),
        ({**SD, "edm_mean": [1, 4, 1, 1]}, "Playground"),
        ({**SD, "model.diffusion_model.out.2.weight.absmax": [1]}, "bitsandbytes"),
        ({**SD, "model.diffusion_model.out.2.weight_scale_2": [1]}, "NVFP4"),
        ({key: shape for key, shape in XL_FILE.items() if "middle" not in key}, "shortened"),
        ({key: shape for key, shape in SD.items() if "first" not in key}, "no autoencoder"),
        ({key: shape for key, shape in SD.items() if "cond" not in key}, "no text encoder"),
        ({"a": [1]}, "not a single-file model"),
    ],
)
def test_what_is_no_model_is_told_by_what_it_is(tmp_path, shapes, said):
    file = write_header(tmp_path / "file.safetensors", shapes)
    checked = Library(tmp_path / "none").check(file)
    assert isinstance(checked.error, UnsupportedModel | ModelIncomplete)
    assert said in str(checked.error) and checked.error.hint


def test_recognising_never_fails_untyped():
    generator = np.random.default_rng(0)
    words = ["model.diffusion_model.", "input_blocks.", "lora_", "0.", "weight", "first_stage_model.", "", "é", INPUT]
    words += [*CONTEXT, "conditioner."]
    for _ in range(2000):
        names = {"".join(generator.choice(words, generator.integers(1, 4))) for _ in range(generator.integers(0, 6))}
        header = {name: {"shape": generator.integers(0, 9, generator.integers(0, 5)).tolist()} for name in names}
        try:
            assert recognise(header, "x") in ("sd15", "sd21", "sdxl", "sdxl_refiner")
        except EngineError as error:
            assert error.hint


def test_markers_of_xl_files_say_how_their_noise_is(xl, tmp_path, monkeypatch):
    """NoobAI's v with zero terminal SNR, and CosXL's levels without a table; both from tensors in the file."""
    monkeypatch.setattr(resources, "path", lambda *parts: xl[0])
    weights = load_file(xl[1])
    for name, marks, prediction, top in (
        ("noob", {"v_pred": torch.zeros(1), "ztsnr": torch.zeros(1)}, "v_prediction", 4096.0),
        ("cos", {"edm_vpred.sigma_min": torch.tensor(0.002), "edm_vpred.sigma_max": torch.tensor(120.0)},
         "v_prediction", 120.0),
    ):  # fmt: skip
        save_file(weights | marks, tmp_path / f"{name}.safetensors")
        noise = load_noise(families.inspect(tmp_path / f"{name}.safetensors"))
        assert noise.prediction == prediction and noise.table[-1] == pytest.approx(top, rel=0.01)
    assert noise.is_edm and noise.table[0] == pytest.approx(0.002)
    save_file(weights, tmp_path / "illustrious-Rectified.safetensors")
    save_file(weights, tmp_path / "said.safetensors", metadata={"modelspec.prediction_type": "rectified_flow"})
    for name in ("illustrious-Rectified", "said"):
        flow = load_noise(families.inspect(tmp_path / f"{name}.safetensors"))
        stock = FlowMatchEulerDiscreteScheduler(shift=1.0)
        stock.set_timesteps(5)
        walk = flow.walk("euler", 5)
        assert flow.is_flow and np.allclose(walk.timesteps, stock.timesteps.numpy(), rtol=1e-5)
