"""`wordbrush render --from`, `--repaint` and `--refine`: taken apart, and pictures that begin from others."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.output import CommandError
from app.cli.rework_options import (
    FromOption,
    RefineOption,
    RepaintOption,
    parse_extend,
    parse_from,
    parse_refine,
    parse_repaint,
    widened,
)
from canvas.files import png, reading
from tests.app.conftest import save_mask

PROMPT = "a lake and sky"


def pixels(path: str | Path) -> np.ndarray:
    return np.asarray(Image.open(path))


@pytest.fixture
def photo() -> np.ndarray:
    rgb = np.kron(np.random.default_rng(3).integers(0, 256, (8, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    Image.fromarray(rgb).save("photo.png")
    return rgb


def test_they_are_taken_apart():
    assert parse_from("a.png") == FromOption(Path("a.png"), None)
    assert parse_from("C:\\a.png:0.4") == FromOption(Path("C:\\a.png"), 0.4)
    assert parse_repaint("red house") == RepaintOption("red house", None)
    assert parse_repaint("mask.png:64") == RepaintOption("mask.png", 64)
    assert parse_repaint("lake:all") == RepaintOption("lake", "all")
    assert parse_extend("0,0,128,0") == (0, 0, 128, 0)
    assert parse_refine("2") == RefineOption(2, None) and parse_refine("4:0.3") == RefineOption(4, 0.3)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_from, ""),
        (parse_from, ":0.5"),
        (parse_repaint, " :all"),
        (parse_refine, "big"),
        (parse_extend, "0,0,0,0"),
        (parse_extend, "4"),
    ],
)
def test_what_says_nothing_is_told(parse, text):
    with pytest.raises(CommandError) as caught:
        parse(text)
    assert caught.value.hint.startswith("Write --")


def test_a_picture_begins_from_another_and_says_so(render, photo):
    render("--prompt", PROMPT, "--out", "plain.png")
    ended = render("--prompt", PROMPT, "--from", "photo.png:0.1", "--out", "near.png")
    assert ended.result["start"] == {"strength": 0.1, "repainted": None, "context": None, "name": "photo.png"}
    near, plain = (np.abs(pixels(name).astype(int) - photo).mean() for name in ("near.png", "plain.png"))
    assert 0 < near < plain
    says = png.read_parameters("near.png")
    assert "Denoising strength: 0.1" in says and "Init image: photo.png" in says
    render("--prompt", PROMPT, "--from", "photo.png:1", "--out", "same.png")
    assert np.array_equal(pixels("same.png"), pixels("plain.png"))


def test_a_part_is_repainted_by_a_word_or_by_a_mask(render, photo):
    mask = save_mask(Path("half.png"))
    first = ("--prompt", PROMPT, "--paint", f"lake={mask}", "--from", "photo.png")
    ended = render(*first, "--repaint", "lake", "--out", "word.png")
    assert ended.result["start"] == {"strength": 1.0, "repainted": 0.5, "context": None, "name": "photo.png"}
    assert "Inpaint area: Whole picture" in png.read_parameters("word.png")
    render(*first, "--repaint", f"{mask}:all", "--out", "mask.png")
    assert np.array_equal(pixels("word.png"), pixels("mask.png"))
    assert np.array_equal(pixels("word.png")[:, 32:], photo[:, 32:])
    assert not np.array_equal(pixels("word.png")[:, :32], photo[:, :32])
    assert render("word.png", "--again", "--out", "twice.png").code == 0
    assert np.array_equal(pixels("twice.png"), pixels("word.png")), "it carries what it began from"
    # A picture that carries its scene is what is repainted, with the paint that it carries.
    again = render("word.png", "--repaint", "lake", "--from", "word.png:0.4", "--seed", "3", "--out", "again.png")
    assert again.code == 0 and np.array_equal(pixels("again.png")[:, 32:], photo[:, 32:])
    assert (
        render("word.png", "--repaint", "lake", "--seed", "3", "--out", "itself.png").result["start"]["strength"] == 1
    )


def test_a_picture_without_a_scene_says_the_size(render, tiny_sd_folder, wordbrush, photo):
    Image.fromarray(np.vstack([photo, photo])).save("tall.png")
    given = ("--model", tiny_sd_folder, "--steps", "1", "--device", "cpu", "--out", "out.png")
    assert wordbrush("render", "--prompt", "a lake", "--from", "photo.png", *given).code == 0
    assert pixels("out.png").shape == (512, 512, 3), "at the model's number of pixels"
    save_mask(Path("tall-mask.png"), size=(64, 128))
    asked = ("--from", "tall.png", "--repaint", "tall-mask.png:all")
    assert wordbrush("render", "--prompt", "a lake", *asked, *given).code == 0
    assert pixels("out.png").shape == (128, 64, 3), "its own, where a part of it is repainted"


def test_a_picture_is_extended_and_its_paint_stays_in_its_place(render, wordbrush, tiny_sd_folder, photo):
    given = ("--model", tiny_sd_folder, "--steps", "2", "--device", "cpu", "--out", "wide.png")
    asked = ("render", "--prompt", PROMPT, "--from", "photo.png", "--extend", "32,0,0,64", *given)
    assert wordbrush(*asked).code == 0
    made = pixels("wide.png")
    assert made.shape == (128, 96, 3)
    assert np.array_equal(made[:48, 48:], photo[:48, 16:]), "all but what overlaps"
    assert not np.array_equal(made[:, :32], made[:, 32:64])
    mask = save_mask(Path("half.png"))
    render("--prompt", PROMPT, "--paint", f"lake={mask}", "--out", "small.png")
    again = render("small.png", "--extend", "64,0,0,0", "--out", "large.png")
    assert again.result["start"]["repainted"] > 0.5 and pixels("large.png").shape == (64, 128, 3)
    assert np.array_equal(pixels("large.png")[:, 80:], pixels("small.png")[:, 16:])
    scene = png.load_scene("large.png")
    (paint,) = (scene.masks[word.id].to_array() for word in scene.words)
    assert scene.size == (128, 64) and paint[:, 64:96].all() and not paint[:, :64].any() and not paint[:, 96:].any()
    grown = widened(png.load_scene("small.png"), (64, 0, 0, 0), grow_paint=True)
    (paint,) = (grown.masks[word.id].to_array() for word in grown.words)
    assert paint[:, :96].all() and not paint[:, 96:].any(), "a lake goes on to the new edge"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--from", "none.png"), "no file"),
        (("--repaint", "lake"), "no picture to repaint"),
        (("--again",), "does not say that it started"),
        (("--again", "--refine", "2"), "from nothing else"),
        (("--extend", "0,0,64,0"), "no picture to extend"),
        (("--from", "photo.png", "--extend", "0,0,64,0"), "is 128x64, but the scene is 64x64"),
        (("--from", "photo.png", "--grow-paint"), "Nothing is extended"),
        (("--from", "photo.png", "--extend", "0,0,64,0", "--repaint", "sky"), "repainted and extended at once"),
        (("--from", "photo.png", "--repaint", "house"), "neither a painted word nor a file"),
        (("--from", "photo.png", "--repaint", "wide.png", "--size", "128x64"), "is 64x64, but the scene is 128x64"),
        (("--from", "photo.png:7"), "The strength"),
        (("--upscaler", "x.safetensors"), "without --refine"),
        (("--refine", "2", "--upscaler", "x.safetensors"), "no file"),
        (("--refine", "9"), "The scale"),
        (("--by", "tokens"), "without --vary"),
        (("--vary", "none.png"), "no file"),
        (("--vary", "photo.png:1.5"), "out of its range"),
        (("--vary", "photo.png", "--from", "photo.png"), "--vary and --from cannot be combined"),
        (("--vary", "photo.png", "--again"), "from nothing else"),
        (("--vary", "photo.png", "--by", "tokens"), "no IP-Adapter"),
    ],
)
def test_what_does_not_go_together_is_told(render, photo, options, says):
    save_mask(Path("wide.png"), size=(128, 64))
    ended = render("--prompt", PROMPT, *options)
    assert ended.code == 2 and says in ended.err


def test_words_are_edited_in_a_picture_that_carries_its_scene(render, wordbrush, tiny_sd_folder):
    mask = save_mask(Path("half.png"))
    assert render("--prompt", PROMPT, "--paint", f"lake={mask}", "--seed", "3", "--out", "was.png").code == 0
    asked = ("--edit-from", "was.png", "--prompt", "a house and sky", "--weigh", "sky=1.5", "--keep-self", "0")
    asked = (*asked, "--model", tiny_sd_folder, "--device", "cpu")
    ended = wordbrush("render", *asked, "--out", "is.png", "--json")
    assert ended.code == 0, ended.err
    found = reading.read_all(Path("is.png"))
    assert found.scene is not None and (found.scene.prompt, found.scene.settings.seed) == ("a house and sky", 3)
    assert [word.phrase for word in found.scene.words if word.span] == ["house"], "it took the lake's paint over"
    assert found.begun is not None and (found.begun.kind, found.begun.name) == ("edit", "was.png")
    assert found.begun.complete and not np.array_equal(pixels("is.png"), pixels("was.png"))
    assert json.loads(ended.out)["edit"] == {"prompt": PROMPT, "keep_cross": 0.4, "keep_self": 0.0}
    how = ("--model", tiny_sd_folder, "--device", "cpu")
    again = wordbrush("render", "is.png", "--again", *how, "--out", "again.png")
    assert again.code == 0 and np.array_equal(pixels("again.png"), pixels("is.png")), again.err
    for more, says in ((("--size", "128x64"), "is 64x64"), (("--from", "was.png"), "Leave one out")):
        assert says in wordbrush("render", *asked, *more, "--out", "no.png").err
    assert "--edit-from FILE" in wordbrush("render", "--prompt", "a", "--weigh", "a=2", "--out", "no.png").err


@pytest.mark.parametrize("how", ["noise", "picture"])
def test_a_repainted_part_is_filled_exactly(render, wordbrush, tiny_sd_folder, how):
    mask = save_mask(Path("half.png"))
    assert render("--prompt", PROMPT, "--seed", "3", "--out", "was.png").code == 0
    asked = ("render", "was.png", "--prompt", "a house and sky", "--paint", f"house={mask}", "--repaint", "house:all")
    ended = wordbrush(*asked, "--keep-shape", how, "--model", tiny_sd_folder, "--device", "cpu", "--out", "is.png")
    assert ended.code == 0, ended.err
    found = reading.read_all(Path("is.png")).begun
    assert found is not None and (found.shape, found.shows) == (how, PROMPT if how == "picture" else "")
    outside = np.array(Image.open(mask)) == 0
    assert np.array_equal(pixels("is.png")[outside], pixels("was.png")[outside])
    model = ("--model", tiny_sd_folder, "--device", "cpu")
    again = wordbrush("render", "is.png", "--again", *model, "--out", "again.png")
    assert again.code == 0 and np.array_equal(pixels("again.png"), pixels("is.png")), again.err


def test_a_picture_is_varied_from_noise_or_by_its_own_tokens_and_made_again(render, wordbrush, conditioned_folder):
    render("--prompt", "lake", "--seed", "7", "--out", "a.png")
    told = render("--vary", "a.png:0.5", "--out", "n.png").result
    assert told["start"] == {"strength": 0.5, "repainted": None, "context": None, "name": "a.png"}
    assert told["images"][0]["seed"] == 8 and reading.read_all("n.png").begun.kind == "vary"
    how = ("--prompt", "lake", "--steps", "2", "--size", "64x64", "--seed", "9", "--model", conditioned_folder)
    made = wordbrush("render", *how, "--vary", "a.png:0.8", "--by", "tokens", "--out", "t.png", "--json")
    start = {"strength": 0.8, "repainted": None, "context": None, "name": "a.png", "by": "tokens"}
    assert json.loads(made.out)["start"] == start
    wordbrush("render", *how, "--out", "none.png")
    wordbrush("render", *how, "--style", "a.png:0.8", "--out", "style.png")
    assert not np.array_equal(pixels("t.png"), pixels("none.png"))
    assert np.array_equal(pixels("t.png"), pixels("style.png")), "it is its own style picture"
    begun = reading.read_all("t.png").begun
    assert begun.kind == "tokens" and np.array_equal(begun.rgb, pixels("a.png"))
    text = Image.open("t.png").info["parameters"]
    assert "Picture tokens: 0.8" in text and "Denoising strength" not in text
    wordbrush("render", "t.png", "--again", "--model", conditioned_folder, "--out", "again.png")
    assert np.array_equal(pixels("again.png"), pixels("t.png"))
