"""Bad prompts, words, masks, values and scene files on the command line: a typed message, a way out, nothing lost."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from canvas.files import png
from tests.app.conftest import PROMPT, Ended, painted_scene, save_mask

BEFORE = b"the picture that was here before"


@pytest.fixture
def refused(render):
    """Renders over an existing picture, and makes sure that this fails as it should and leaves the picture alone."""

    def run(*arguments: str | Path, code: int, kind: str, message: str, hint: str) -> Ended:
        Path("out.png").write_bytes(BEFORE)
        ended = render(*arguments)
        assert ended.code == code, ended
        error = ended.error
        assert error["type"] == kind
        assert message in error["message"] and hint in error["hint"], error
        assert ended.out == "" and "Traceback" not in ended.err
        assert Path("out.png").read_bytes() == BEFORE
        assert not list(Path().glob("out-*")) and not list(Path().glob(".*"))
        return ended

    return run


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t"])
def test_an_empty_prompt(refused, prompt):
    refused(
        "--prompt", prompt, code=2, kind="BadRequest", message="prompt is empty", hint="what the picture should show"
    )


def test_a_scene_with_an_empty_prompt(refused):
    scene = painted_scene().replace(prompt="", words=(), masks={})
    png.save("empty.png", np.zeros((64, 64, 3), np.uint8), scene)
    refused("empty.png", code=2, kind="BadRequest", message="prompt is empty", hint="what the picture should show")


def test_a_prompt_that_is_no_text(refused):
    refused("--prompt", "a lake \udcff", code=2, kind="BadRequest", message="not readable text", hint="UTF-8")


def test_a_painted_word_that_is_not_in_the_prompt(refused, mask):
    refused(
        *("--prompt", PROMPT, "--paint", f"hause={mask}"),
        code=2,
        kind="WordNotInPrompt",
        message='"hause" is not in the prompt',
        hint='"house"',
    )


def test_a_part_of_a_word_is_not_that_word(refused, mask):
    refused(
        *("--prompt", PROMPT, "--paint", f"ake={mask}"), code=2, kind="WordNotInPrompt", message="ake", hint='"lake"'
    )


def test_a_mask_of_another_size(refused):
    save_mask(Path("large.png"), size=(65, 64))
    refused(
        *("--prompt", PROMPT, "--paint", "lake=large.png"), code=2, kind="BadMask", message="65x64", hint="64x64 pixels"
    )


def test_a_mask_that_is_not_there(refused):
    refused(*("--prompt", PROMPT, "--paint", "lake=no.png"), code=2, kind="BadMask", message="no.png", hint="path")


@pytest.mark.parametrize("content", [b"", b"these are words", b"\x89PNG\r\n\x1a\n", b"BM" + bytes(60)])
def test_a_mask_that_is_no_picture(refused, content):
    Path("mask.png").write_bytes(content)
    refused(*("--prompt", PROMPT, "--paint", "lake=mask.png"), code=2, kind="BadMask", message="mask.png", hint="PNG")


def test_a_mask_that_is_a_folder(refused):
    Path("folder").mkdir()
    refused(*("--prompt", PROMPT, "--paint", "lake=folder"), code=2, kind="BadMask", message="folder", hint="PNG")


def test_a_mask_that_was_cut_short(refused):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    Image.fromarray(noise).save("whole.png")
    Path("mask.png").write_bytes(Path("whole.png").read_bytes()[:2000])
    refused(*("--prompt", PROMPT, "--paint", "lake=mask.png"), code=2, kind="BadMask", message="mask.png", hint="PNG")


@pytest.mark.parametrize("mode", ["RGB", "F", "CMYK"])
def test_a_mask_of_another_kind(refused, mode):
    colour = {"RGB": (255, 0, 0), "F": -0.5, "CMYK": (99, 0, 0, 0)}[mode]
    Image.new(mode, (64, 64), colour).save("mask.tif")
    refused(*("--prompt", PROMPT, "--paint", "lake=mask.tif"), code=2, kind="BadMask", message="mask.tif", hint="grey")


def test_a_mask_that_paints_nothing_is_told(render):
    Image.new("L", (64, 64)).save("black.png")
    ended = render("--prompt", PROMPT, "--paint", "lake=black.png", "--out", "out.png")
    assert ended.code == 0 and 'Nothing is painted for "lake"' in ended.err


@pytest.mark.parametrize("strength", ["nan", "inf", "-inf", "1e3", "strong"])
def test_a_strength_that_is_no_plain_number(refused, mask, strength):
    refused(
        *("--prompt", PROMPT, "--paint", f"lake={mask}:{strength}"),
        code=2,
        kind="BadMask",
        message=f"mask.png:{strength}",
        hint=f'"{strength}" is not a strength',
    )


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["--steps", "0"], "0", "1 to 1000"),
        (["--steps", "-3"], "-3", "1 to 1000"),
        (["--steps", "1001"], "1001", "1 to 1000"),
        (["--count", "0"], "0", "1 to 64"),
        (["--count", "65"], "65", "1 to 64"),
        (["--seed", "-1"], "-1", "0 to 2^63-1"),
        (["--seed", str(2**63)], str(2**63), "0 to 2^63-1"),
        (["--size", "0x64"], "0 x 64", "width and a height"),
        (["--size", "9000x64"], "9000 x 64", "width and a height"),
        (["--guidance", "31"], "31", "1 to 30"),
        (["--paint-weight", "11"], "11", "0 to 10"),
        (["--guidance", "nan"], "nan", "number from"),
        (["--guidance", "-1"], "-1", "number from"),
        (["--paint-weight", "inf"], "inf", "number from"),
        (["--paint-weight", "-0.1"], "-0.1", "number from"),
    ],
)
def test_a_setting_out_of_its_range(refused, arguments, message, hint):
    refused("--prompt", PROMPT, *arguments, code=2, kind="SceneError", message=message, hint=hint)


@pytest.mark.parametrize(
    ("arguments", "kind", "message", "hint"),
    [
        (["--size", "7x9"], "BadRequest", "7x9", "multiples of 8"),
        (["--law", "gravity"], "BadRequest", "gravity", "ediffi"),
        (["--sampler", "plms"], "CommandError", "plms", "--help"),
    ],
)
def test_a_setting_that_the_model_or_the_engine_cannot_do(refused, arguments, kind, message, hint):
    refused("--prompt", PROMPT, *arguments, code=2, kind=kind, message=message, hint=hint)


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "tpu"])
def test_a_device_that_is_not_there(wordbrush, tiny_sd_folder, device):
    ended = wordbrush(
        *("render", "--prompt", PROMPT, "--size", "64x64", "--model", tiny_sd_folder, "--device", device),
        *("--out", "out.png", "--json"),
    )
    assert ended.code == 2 and ended.error["type"] == "DeviceUnavailable"
    assert device in ended.error["message"] and "auto" in ended.error["hint"] and not Path("out.png").exists()


# --- scene files and pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_scene_file_that_was_cut_short(refused, scene_file, share):
    data = scene_file.read_bytes()
    Path("cut.ora").write_bytes(data[: int(len(data) * share)])
    refused("cut.ora", code=1, kind="SceneFileError", message="", hint=" ")


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.99])
def test_a_picture_that_was_cut_short(refused, render, scene_file, share):
    render(scene_file, "--out", "whole.png")
    data = Path("whole.png").read_bytes()
    Path("cut.png").write_bytes(data[: int(len(data) * share)])
    refused("cut.png", code=1, kind="SceneFileError", message="", hint=" ")


def test_a_scene_file_of_another_program(refused):
    with zipfile.ZipFile("letter.ora", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<office/>")
    refused("letter.ora", code=1, kind="SceneFileError", message="letter.ora", hint=" ")


def test_a_scene_file_that_is_no_archive(refused):
    Path("words.ora").write_text("a scene, honestly")
    refused("words.ora", code=1, kind="SceneFileError", message="words.ora", hint=" ")


def test_a_picture_that_carries_no_scene(refused):
    Image.new("RGB", (64, 64)).save("photo.png")
    refused(
        "photo.png", code=1, kind="SceneFileError", message="picture without a scene", hint="a .png that Wordbrush made"
    )


def test_a_picture_that_is_none(refused):
    Path("words.png").write_text("a picture, honestly")
    refused("words.png", code=1, kind="SceneFileError", message="words.png", hint=" ")


def test_a_file_of_another_kind(refused):
    Path("notes.txt").write_text("a lake")
    refused("notes.txt", code=2, kind="CommandError", message="notes.txt", hint=".ora")


def test_a_file_that_is_a_folder(refused):
    Path("folder.ora").mkdir()
    refused("folder.ora", code=2, kind="CommandError", message="folder.ora", hint=".ora")


def spoil(path: Path, changes: dict[str, object]) -> None:
    """Writes a picture whose scene has other values; `word.` before a name means the first word's."""
    png.save(path, np.zeros((64, 64, 3), np.uint8), painted_scene())
    with Image.open(path) as image:
        texts = dict(image.text)  # type: ignore[attr-defined]
    scene = json.loads(texts["wordbrush"])
    for name, value in changes.items():
        place = scene["words"][0] if name.startswith("word.") else scene["settings"] if "." in name else scene
        place[name.rpartition(".")[2]] = value
    info = PngImagePlugin.PngInfo()
    for name, text in (texts | {"wordbrush": json.dumps(scene)}).items():
        info.add_itxt(name, text)
    Image.new("RGB", (64, 64)).save(path, pnginfo=info)


def test_a_spoilt_scene_differs_in_its_values_alone(render):
    spoil(Path("fine.png"), {})
    assert render("fine.png").code == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"word.strength": float("nan")},
        {"word.strength": float("inf")},
        {"word.strength": "strong"},
        {"word.strength": None},
        {"word.window": [0.9, 0.1]},
        {"settings.steps": 0},
        {"settings.guidance": float("nan")},
        {"settings.seed": -1},
        {"settings.count": 1000000},
        {"settings.sampler": ""},
        {"size": [7000000, 9000000]},
        {"size": [128, 64]},
        {"size": "large"},
        {"words": {}},
        {"prompt": 3},
        {"version": 3},
        {"version": "one"},
    ],
)
def test_a_picture_whose_scene_holds_a_bad_value(refused, changes):
    spoil(Path("bad.png"), changes)
    refused("bad.png", code=1, kind="SceneFileError", message="", hint=" ")


@pytest.mark.parametrize("name", ["sampler", "law"])
def test_a_scene_that_names_what_is_not_here(refused, name):
    spoil(Path("other.png"), {f"settings.{name}": "from-tomorrow"})
    refused("other.png", code=2, kind="BadRequest", message="from-tomorrow", hint="Choose one of")


def test_a_scene_whose_model_is_not_here(wordbrush):
    spoil(Path("other.png"), {"settings.model": "from-tomorrow"})
    ended = wordbrush("render", "other.png", "--out", "out.png", "--json")
    assert ended.code == 2 and ended.error["type"] == "ModelNotFound" and "from-tomorrow" in ended.error["message"]
    assert "starter" in ended.error["hint"] and not Path("out.png").exists()


def test_what_was_guessed_of_another_programs_file_is_said(render):
    with zipfile.ZipFile("krita.ora", "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        layers = "<layer name='lake#1' src='data/a.png'/><layer name='moon' src='data/a.png'/>"
        archive.writestr("stack.xml", f"<image w='64' h='64'><stack>{layers}<layer name='Layer 1'/></stack></image>")
        out = io.BytesIO()
        Image.new("RGBA", (64, 64), "red").save(out, "PNG")
        archive.writestr("data/a.png", out.getvalue())
    ended = render("krita.ora", "--steps", "1", "--out", "out.png")
    assert ended.code == 0 and "“moon” was taken" in ended.err and "“Layer 1” was left out" in ended.err
    assert {word.phrase for word in png.load_scene("out.png").words} == {"lake", "moon"}


def test_a_jpeg_of_another_program_gives_its_prompt(render):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0a lake (at night:1.2)\nSteps: 3, Sampler: Euler, Seed: 8, Size: 64x64"
    Image.new("RGB", (64, 64)).save("photo.jpg", exif=exif)
    ended = render("photo.jpg", "--out", "out.png")
    assert ended.code == 0 and "(at night:1.2)" in ended.err
    scene = png.load_scene("out.png")
    assert scene.prompt == "a lake at night", "the model reads no weights: a painted word would take it as strength"
    assert (scene.settings.seed, scene.settings.sampler) == (8, "euler")
