"""Prompts and settings of other programs' pictures: taken over where understood, and said where not."""

from __future__ import annotations

import dataclasses
import io
import json
import math
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from canvas.files import reading
from canvas.files.foreign import scene_from
from canvas.files.foreign_marks import marks_in
from canvas.files.opened import Opened
from canvas.files.png import parameters_text
from canvas.model import edits
from canvas.model.prompt_marks import as_read
from canvas.model.scene import Scene, Settings
from resources.limits import SAMPLERS

A1111 = """a red house by a lake, (autumn:1.3), <lora:ink_v2:0.8>
second line BREAK night
Negative prompt: blurry, low quality
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 3735928559, Size: 768x512, Model hash: abc, \
Model: dreamshaper_8, Denoising strength: 0.4, Lora hashes: "ink_v2: 12ab, x: 9", Version: v1.10.1"""

COMFY = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": ["9", 0],
            "steps": 22,
            "cfg": 5.0,
            "sampler_name": "euler_ancestral",
            "scheduler": "normal",
            "denoise": 1.0,
            "model": ["10", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sub/sdxl_base.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 832, "height": 1216, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["8", 0], "clip": ["10", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "watermark", "clip": ["10", 1]}},
    "8": {"class_type": "PrimitiveString", "inputs": {"value": "a boat, {dawn|dusk}"}},
    "9": {"class_type": "PrimitiveInt", "inputs": {"value": 42}},
    "10": {"class_type": "LoraLoader", "inputs": {"lora_name": "x", "model": ["4", 0], "clip": ["4", 1]}},
    "11": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "12": {"class_type": "SaveImage", "inputs": {"images": ["11", 0], "filename_prefix": "x"}},
}

INVOKE = {
    "positive_prompt": "a swan on a pond",
    "negative_prompt": "people",
    "width": 640,
    "height": 960,
    "seed": 77,
    "cfg_scale": 7.5,
    "steps": 30,
    "scheduler": "dpmpp_2m_k",
    "model": {"name": "Juggernaut XL", "base": "sdxl"},
    "loras": [{"model": {"name": "ink"}}],
}


def png(folder: Path, **texts: str) -> Opened:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_itxt(key, text)
    Image.new("RGB", (96, 64)).save(folder / "a.png", pnginfo=info)
    return reading.read_all(folder / "a.png")


def check_a1111(opened: Opened) -> None:
    scene = opened.scene
    assert scene is not None and scene.negative == "blurry, low quality" and scene.size == (768, 512)
    assert scene.prompt == "a red house by a lake, (autumn:1.3)\nsecond line BREAK night"
    settings = scene.settings
    assert (settings.steps, settings.guidance, settings.seed) == (28, 6.5, 3735928559)
    assert settings.sampler == "dpmpp_2m_karras" and settings.model == "starter"
    said = " ".join(opened.remarks)
    for text in ("A1111", "“dreamshaper_8”", "(autumn:1.3)", "“ink_v2” (0.8)", "BREAK", "Denoising strength"):
        assert text in said
    assert opened.made_by is None and not opened.own and opened.fault is None


def test_a_png_of_a1111(tmp_path: Path) -> None:
    opened = png(tmp_path, parameters=A1111)
    check_a1111(opened)
    assert opened.picture.shape == (64, 96, 3) and opened.parameters == A1111


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "ascii"])
def test_a_jpeg_and_a_webp_of_a1111(tmp_path: Path, kind: str, encoding: str) -> None:
    exif = Image.Exif()
    head = b"ASCII\0\0\0" if encoding == "ascii" else b"UNICODE\0"
    exif.get_ifd(0x8769)[0x9286] = head + A1111.encode(encoding)
    Image.new("RGB", (96, 64)).save(tmp_path / "a.bin", kind, exif=exif)
    check_a1111(reading.read_all(tmp_path / "a.bin"))


def check_comfy(opened: Opened) -> None:
    scene = opened.scene
    assert scene is not None and scene.prompt == "a boat, {dawn|dusk}" and scene.negative == "watermark"
    assert scene.size == (832, 1216) and scene.settings.sampler == "euler_a"
    assert (scene.settings.steps, scene.settings.guidance, scene.settings.seed) == (22, 5.0, 42)
    said = " ".join(opened.remarks)
    assert all(text in said for text in ("ComfyUI", "sdxl_base", "LoraLoader", "by chance"))
    assert "sub/" not in said and "KSampler" not in said


def test_a_png_and_a_webp_of_comfyui(tmp_path: Path) -> None:
    check_comfy(png(tmp_path, prompt=json.dumps(COMFY), workflow="{}"))
    exif = Image.Exif()
    exif[0x0110], exif[0x010F] = f"prompt:{json.dumps(COMFY)}", "workflow:{}"
    Image.new("RGB", (96, 64)).save(tmp_path / "a.webp", exif=exif)
    check_comfy(reading.read_all(tmp_path / "a.webp"))


def test_a_png_of_invokeai(tmp_path: Path) -> None:
    opened = png(tmp_path, invokeai_metadata=json.dumps(INVOKE))
    scene = opened.scene
    assert (scene.prompt, scene.negative, scene.size) == ("a swan on a pond", "people", (640, 960))
    settings = scene.settings
    assert (settings.seed, settings.steps, settings.guidance, settings.sampler) == (77, 30, 7.5, "dpmpp_2m_karras")
    assert any("loras" in remark for remark in opened.remarks) and any("Juggernaut" in r for r in opened.remarks)


def test_pngs_of_swarmui_and_fooocus(tmp_path: Path) -> None:
    swarm = {
        "sui_image_params": {"prompt": "a fox", "seed": 5, "steps": 12, "cfgscale": 4, "width": 512, "height": 640}
    }
    scene = png(tmp_path, parameters=json.dumps(swarm)).scene
    assert (scene.prompt, scene.size, scene.settings.steps) == ("a fox", (512, 640), 12)
    fooocus = {"prompt": "an owl", "negative_prompt": "", "resolution": "(1152, 896)", "seed": "9", "steps": 30}
    opened = png(tmp_path, parameters=json.dumps(fooocus | {"sampler": "uni_pc", "styles": "['x']"}))
    assert opened.scene.size == (1152, 896) and opened.scene.settings.seed == 9
    assert any("“uni_pc” is not known" in remark for remark in opened.remarks)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"parameters": ""},
        {"parameters": "made by hand"},
        {"parameters": "{" * 5000},
        {"prompt": "a painting"},
        {"prompt": "{}"},
        {
            "prompt": json.dumps(
                {"1": {"class_type": "KSampler", "inputs": {"positive": ["1", 0], "negative": ["1"], "steps": 3}}}
            )
        },
        {"invokeai_metadata": "[1]"},
        {"parameters": json.dumps({"sui_image_params": {"prompt": 7}})},
        {"Comment": "hello", "Title": "x"},
    ],
)
def test_a_picture_that_says_nothing_is_a_picture(tmp_path: Path, texts: dict[str, str]) -> None:
    opened = png(tmp_path, **texts)
    assert opened.scene is None and opened.remarks == () and opened.picture is not None


def test_values_out_of_range_are_left_out_and_said(tmp_path: Path) -> None:
    odd = "a cat\nSteps: 99999, Sampler: UniPC, CFG scale: NaN, Seed: -1, Size: 99999x3"
    opened = png(tmp_path, parameters=odd)
    assert opened.scene.prompt == "a cat" and opened.scene.size == (96, 64)
    said = " ".join(opened.remarks)
    assert all(text in said for text in ("99999", "NaN", "-1", "UniPC"))
    huge = json.dumps(INVOKE).replace("77", "9" * 4000).replace("7.5", "9" * 400)
    assert png(tmp_path, invokeai_metadata=huge).scene.settings.seed == 0
    too_long = png(tmp_path, parameters="a" * 30_000 + "\nSteps: 3")
    assert too_long.scene is None and too_long.fault is not None and too_long.picture is not None


@pytest.mark.parametrize(
    ("prompt", "marks"),
    [
        ("a (red:1.3) house", 1),
        ("a house BREAK a lake", 1),
        ("[cat:dog:0.5] on [a|b] with embedding:foo and <lora:x:1>", 4),
        ("a house (red), [calm] at 3:30, by: me", 0),
        ("a red house AND a lake", 1),
    ],
)
def test_marks_are_noted(prompt: str, marks: int) -> None:
    assert len(marks_in(prompt)) == marks


def test_what_becomes_of_a_mark_is_said_as_it_is() -> None:
    (said,) = marks_in("a (red house:1.2) by a lake")
    assert said.endswith("here “red house” has that strength once it is painted, and the model does not read the mark.")
    assert marks_in("(ugly:1.2)", "negative prompt")[0].endswith("read as words.")
    assert marks_in("a {cat|dog}")[0].endswith("here the seed picks them.")
    scene, word = edits.add_word(Scene("a (red house:1.2) by a lake"), (3, 12))
    read = as_read(scene)
    assert read.prompt == "a red house by a lake" and read.word(word).strength == pytest.approx(1.2)


def test_nothing_takes_long() -> None:
    loop = {
        str(i): {"class_type": "X", "inputs": {"a": [str((i + 1) % 4000), 0], "b": [str(i), 0]}} for i in range(4000)
    }
    loop["0"]["inputs"] |= {"positive": ["1", 0], "negative": ["2", 0], "steps": ["3", 0]}
    saves = {f"s{i}": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}} for i in range(900)}
    begun = time.process_time()
    assert scene_from({"prompt": json.dumps(loop | saves)}, (64, 64)) is None
    for text in ("(" * 20_000, "[:" * 10_000, "[" + ":" * 20_000, "({[<lora:" * 2000, "a " * 10_000):
        marks_in(text)
        scene_from({"parameters": f"{text[:19_000]}\nSteps: 3, {'a b' * 9000}"}, (64, 64))
    assert time.process_time() - begun < 10


def test_damaged_exif_says_nothing(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(out, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert reading.read_all(out.getvalue(), "a.jpg").scene is None


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_our_own_parameters_are_understood_again(sampler: str) -> None:
    settings = Settings(steps=7, guidance=2.5, seed=2**40, sampler=sampler, model="Hill: view")
    scene = Scene("a red house,\nby: a lake", 'fog, "mist"', (320, 192), settings=settings)
    found = scene_from({"parameters": parameters_text(scene)}, (8, 8))
    assert found is not None
    again, remarks = found
    assert (again.prompt, again.negative, again.size) == (scene.prompt, scene.negative, scene.size)
    assert again.settings == dataclasses.replace(settings, model="starter")
    assert any("“Hill: view”" in remark for remark in remarks) and not any("Not understood" in r for r in remarks)


FLUX = {
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a heron in the reeds", "clip": ["11", 0]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["13", 0], "vae": ["10", 0]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["8", 0]}, "is_changed": [math.nan]},
    "10": {"class_type": "VAELoader", "inputs": {"vae_name": "ae.safetensors"}},
    "11": {"class_type": "DualCLIPLoader", "inputs": {"clip_name1": "t5.safetensors", "clip_name2": "l.safetensors"}},
    "12": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors", "weight_dtype": "default"}},
    "13": {
        "class_type": "SamplerCustomAdvanced",
        "inputs": {"noise": ["25", 0], "guider": ["22", 0], "sampler": ["16", 0], "sigmas": ["17", 0],
                   "latent_image": ["27", 0]},
    },
    "16": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
    "17": {"class_type": "BasicScheduler", "inputs": {"scheduler": "simple", "steps": 24, "model": ["12", 0]}},
    "22": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0], "conditioning": ["26", 0]}},
    "25": {"class_type": "RandomNoise", "inputs": {"noise_seed": 219670278747233}},
    "26": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["6", 0]}},
    "27": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 1024, "height": 768, "batch_size": 1}},
}  # fmt: skip


def test_a_graph_of_comfyui_with_a_custom_sampler_and_not_a_number(tmp_path: Path) -> None:
    opened = png(tmp_path, prompt=json.dumps(FLUX))
    scene = opened.scene
    assert scene is not None and (scene.prompt, scene.negative, scene.size) == ("a heron in the reeds", "", (1024, 768))
    assert (scene.settings.seed, scene.settings.steps, scene.settings.sampler) == (219670278747233, 24, "euler")
    said = " ".join(opened.remarks)
    assert "“flux1-dev.safetensors”" in said and "FluxGuidance" in said and "SamplerCustom" not in said


def test_a_png_of_novelai(tmp_path: Path) -> None:
    comment = {
        "prompt": "1girl, lighthouse, {{storm}}", "steps": 28, "height": 1216, "width": 832, "scale": 5.0,
        "uc": "lowres", "seed": 2871304914, "n_samples": 1, "sampler": "k_euler_ancestral",
        "noise_schedule": "karras", "sm": False,
        "v4_prompt": {"caption": {"base_caption": "x", "char_captions": [{"char_caption": "a", "centers": []}]}},
    }  # fmt: skip
    opened = png(
        tmp_path, Title="NovelAI generated image", Description=comment["prompt"], Software="NovelAI",
        Source="NovelAI Diffusion V4 37442FCA", Comment=json.dumps(comment),
    )  # fmt: skip
    scene = opened.scene
    assert scene is not None and (scene.prompt, scene.negative, scene.size) == (
        comment["prompt"],
        "lowres",
        (832, 1216),
    )
    settings = scene.settings
    assert (settings.seed, settings.steps, settings.guidance, settings.sampler) == (2871304914, 28, 5.0, "euler_a")
    assert "1 characters with prompts" in " ".join(opened.remarks) and "NovelAI" in opened.remarks[0]


def test_a_png_of_invokeai_two(tmp_path: Path) -> None:
    image = {
        "prompt": [{"prompt": "a swan [people, text]", "weight": 1.0}], "seed": 5, "steps": 40, "cfg_scale": 8.0,
        "sampler": "k_euler_a", "width": 512, "height": 640,
    }  # fmt: skip
    text = {"model": "stable diffusion", "model_weights": "sd-1.5", "app_version": "2.3", "image": image}
    scene = png(tmp_path, **{"sd-metadata": json.dumps(text)}).scene
    assert scene is not None and (scene.prompt, scene.negative, scene.size) == ("a swan", "people, text", (512, 640))
    assert scene.settings.sampler == "euler_a" and scene.settings.steps == 40


@pytest.mark.parametrize("kind", ["jpg", "webp"])
def test_fooocus_writes_its_json_into_exif(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    text = json.dumps(
        {"prompt": "an owl", "negative_prompt": "", "resolution": "(1152, 896)", "seed": "9", "steps": 30}
    )
    exif.get_ifd(0x8769)[0x9286] = text
    exif.get_ifd(0x8769)[0x927C] = "fooocus"
    Image.new("RGB", (96, 64)).save(tmp_path / f"a.{kind}", exif=exif)
    scene = reading.read_all(tmp_path / f"a.{kind}").scene
    assert scene is not None and scene.prompt == "an owl" and scene.size == (1152, 896)
