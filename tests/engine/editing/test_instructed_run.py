"""Pictures that are changed by an instruction: held to stock InstructPix2Pix, pinned to areas, and what is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage
from torch import Tensor

from engine import GenerateRequest, Library, PaintedWord, find_span, generate
from engine.errors import BadMask, BadRequest, ModelIncomplete, UnsupportedModel
from engine.models import picture_input
from engine.protocol import Failed, ImageReady, InstructedPicture, PromptEdit, StartPicture, dumps, loads
from tests.tiny_instruct import save_adapted, save_adapter, save_instruct, save_instruct_sdxl

SAID = "a house by the sky"
SIZE = (72, 56)
RGB = np.random.default_rng(3).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
MASK = np.zeros((SIZE[1], SIZE[0]), np.uint8)
MASK[8:32, 16:48] = 255

Folders = dict[str, Path]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    root = tmp_path_factory.mktemp("models")
    return {
        "sd": save_instruct(root / "sd"),
        "sdxl": save_instruct_sdxl(root / "sdxl"),
        "adapted": save_adapted(root / "adapted"),
    }


@pytest.fixture(scope="module")
def library(folders: Folders) -> Library:
    return Library(folders["sd"].parent)


@pytest.fixture
def latents(library: Library, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Tensor, np.ndarray]]:
    """Runs a request and returns its last latents and its picture."""

    def run(folder: Path, **fields: Any) -> tuple[Tensor, np.ndarray]:
        asked = request(folder, **fields)
        family: Any = library.load(folder, "cpu")
        seen: list[Tensor] = []
        decode = family.decode
        with monkeypatch.context() as patched:
            patched.setattr(family, "decode", lambda x: seen.append(x) or decode(x))
            events = list(generate(asked, library=library))
        if isinstance(events[-1], Failed):
            raise events[-1].error
        return seen[0], next(event.rgb for event in events if isinstance(event, ImageReady))

    return run


def request(folder: Path, **fields: Any) -> GenerateRequest:
    values: dict[str, Any] = {
        "id": "1", "prompt": SAID, "width": SIZE[0], "height": SIZE[1], "steps": 4, "seed": 3, "sampler": "euler",
        "model": str(folder), "device": "cpu", "guidance": 5.0, "instruct": InstructedPicture(rgb=RGB), "fidelity": 0.0,
    }  # fmt: skip
    return GenerateRequest.of(**values | fields)


def stock(folder: Path, kind: str, *, scale: float, negative: str = "") -> Tensor:
    import diffusers

    name = "StableDiffusionInstructPix2PixPipeline" if kind == "sd" else "StableDiffusionXLInstructPix2PixPipeline"
    pipeline = getattr(diffusers, name).from_pretrained(folder, local_files_only=True, use_safetensors=True)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.scheduler = diffusers.EulerDiscreteScheduler.from_config(pipeline.scheduler.config)
    size = {} if kind == "sd" else {"width": SIZE[0], "height": SIZE[1]}
    return pipeline(
        prompt=SAID, image=Image.fromarray(RGB), num_inference_steps=4, guidance_scale=5.0, output_type="latent",
        image_guidance_scale=scale, negative_prompt=negative or None, **size,
        generator=torch.Generator().manual_seed(3),
    ).images  # fmt: skip


@pytest.mark.parametrize("kind", ["sd", "sdxl"])
@pytest.mark.parametrize(("scale", "negative", "sequential"), [(1.5, "", False), (2.2, "ugly", True)])
def test_it_is_stock_instruct_pix2pix(folders, library, latents, monkeypatch, kind, scale, negative, sequential):
    facts = library.inspect(folders[kind])
    assert facts.instructs and facts.needs_picture and facts.family == kind
    expected = stock(folders[kind], kind, scale=scale, negative=negative)
    family: Any = library.load(folders[kind], "cpu")
    monkeypatch.setattr(family, "way", dataclasses.replace(family.way, sequential=sequential))
    ours, rgb = latents(folders[kind], instruct=InstructedPicture(rgb=RGB, guidance=scale), negative=negative)
    scaling = family.vae.config.scaling_factor
    difference = min(float((ours * by - expected).abs().max()) for by in (1.0, scaling))
    assert difference < 1e-4 * max(1.0, float(expected.abs().max())), difference
    assert rgb.shape == RGB.shape


@pytest.mark.parametrize("pinned", ["mask", "paint"])
def test_an_instruction_that_is_pinned_acts_in_its_area_alone(folders, latents, pinned):
    word = PaintedWord(span=find_span(SAID, "house"), mask=MASK, strength=1.5)
    where: dict[str, Any] = {"words": (word,), "paint_weight": 1.0}
    if pinned == "mask":
        where = {"instruct": InstructedPicture(rgb=RGB, mask=MASK)}
    x, rgb = latents(folders["sd"], **where)
    away = ndimage.distance_transform_edt(MASK == 0)
    assert np.array_equal(rgb[away >= 9], RGB[away >= 9]), "outside every bit is the picture's"
    assert not np.array_equal(rgb[MASK > 0], RGB[MASK > 0])
    everywhere, _ = latents(folders["sd"])
    # By the formula with s_T = 0 where the instruction is not: what the picture alone makes of it.
    unsaid, _ = latents(folders["sd"], instruct=InstructedPicture(rgb=RGB, mask=MASK), prompt="sky", steps=1)
    other, _ = latents(folders["sd"], instruct=InstructedPicture(rgb=RGB, mask=MASK), steps=1)
    inside = torch.from_numpy(MASK[::8, ::8] > 0)
    assert torch.equal(unsaid[..., ~inside], other[..., ~inside]), "no text acts there in a step"
    assert not torch.allclose(unsaid[..., inside], other[..., inside])
    assert not torch.allclose(x, everywhere)


def test_paint_acts_in_the_row_that_reads_the_instruction(folders, latents):
    word = PaintedWord(span=find_span(SAID, "house"), mask=MASK)
    whole = InstructedPicture(rgb=RGB, mask=np.full_like(MASK, 255))
    plain, painted = (
        latents(folders["sd"], instruct=whole, words=(word,), paint_weight=weight, law="ediffi")[0]
        for weight in (0.0, 4.0)
    )
    assert not torch.allclose(plain, painted, atol=1e-3)
    steered, _ = latents(folders["sd"], instruct=whole, words=(word,), paint_weight=4.0, fidelity=1.0)
    assert not torch.allclose(steered, painted, atol=1e-3), "gradient steps see the picture, too"


def test_an_adapter_beside_a_base_lets_it_follow_instructions(folders, library, latents):
    folder = folders["adapted"]
    facts = library.inspect(folder)
    assert facts.instructs and not facts.needs_picture and facts.travelling().instructs
    plain, _ = latents(folder, instruct=None)
    one, _ = latents(folder)
    other, _ = latents(folder, instruct=InstructedPicture(rgb=255 - RGB))
    assert not torch.allclose(one, other) and not torch.allclose(one, plain)
    again, _ = latents(folder, instruct=None)
    assert torch.equal(plain, again), "the model itself is as it was"
    unet = library.load(folder, "cpu").unet
    made = library._loaded[next(key for key in library._loaded if key[0] == facts.path)].parts["instruct"].unet
    assert made.config.in_channels == 2 * unet.config.in_channels == 8
    assert torch.equal(made.conv_in.weight[:, :4], unet.conv_in.weight)


def test_what_an_instruction_cannot_go_with_is_refused(folders, library, tmp_path, tiny_sd_folder):
    def refused(kind: type[Exception], folder: Path = folders["sd"], **fields: Any) -> str:
        *_, last = generate(request(folder, **fields), library=library)
        assert isinstance(last, Failed) and isinstance(last.error, kind), last
        assert last.error.hint
        return last.error.message

    assert "there is no picture" in refused(UnsupportedModel, instruct=None)
    assert "cannot follow" in refused(UnsupportedModel, tiny_sd_folder)
    assert "size" in refused(BadRequest, instruct=InstructedPicture(rgb=RGB[:-1]))
    assert "size" in refused(BadMask, instruct=InstructedPicture(rgb=RGB, mask=MASK[:-1]))
    assert "empty" in refused(BadMask, instruct=InstructedPicture(rgb=RGB, mask=np.zeros_like(MASK)))
    assert "0.5" in refused(BadRequest, instruct=InstructedPicture(rgb=RGB, guidance=0.5))
    assert "cannot start" in refused(BadRequest, start=StartPicture(rgb=RGB))
    assert "have words edited" in refused(BadRequest, edit=PromptEdit(prompt="sky"))
    word = PaintedWord(span=find_span(SAID, "house"), mask=MASK)
    assert "prompt of its own" in refused(BadRequest, words=(word,), law="couple", paint_weight=1.0)
    damaged = save_adapted(tmp_path / "damaged")
    (damaged / "instruct" / picture_input.PICTURE_INPUT).write_bytes(b"none")
    refused(ModelIncomplete, damaged)
    save_adapter(damaged / "instruct", channels=3)
    with pytest.raises(UnsupportedModel, match="made for another"):
        picture_input.widened({"conv_in.weight": torch.zeros(8, 4, 3, 3)}, torch.zeros(16, 4, 3, 3), part="adapter")


def test_it_travels_with_its_request(folders):
    sent = request(folders["sd"], instruct=InstructedPicture(rgb=RGB, guidance=1.8, mask=MASK))
    got = loads(dumps(sent))
    assert isinstance(got, GenerateRequest) and got.instruct is not None and got.instruct.mask is not None
    assert got.instruct.guidance == 1.8
    assert np.array_equal(got.instruct.rgb, RGB) and np.array_equal(got.instruct.mask, MASK)
