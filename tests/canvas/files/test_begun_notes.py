"""What a picture began from lies beside its pixels: small where it can be, and true or not there at all."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

from canvas.files import begun_notes, lossy, ora, png
from canvas.model.begun import Begun, EditedPrompt, PaintedThen, parameters_of
from canvas.model.scene import Scene

SIZE = (96, 64)


@pytest.fixture(scope="module")
def start() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)


@pytest.fixture
def repainted(start: np.ndarray) -> tuple[Begun, np.ndarray]:
    mask = np.zeros(start.shape[:2], np.uint8)
    mask[20:30, 40:60] = 255
    rgb = np.where(mask[..., None] > 0, 255 - start, start).astype(np.uint8)
    return Begun.of("repaint", start, 0.7, name="/home/me/lake.png", mask=mask, context=16), rgb


def saved(path, begun: Begun, rgb: np.ndarray):
    scene = Scene(prompt="a lake", size=SIZE)
    text = png.parameters_text(scene, begun=begun)
    png.save(path, rgb, scene, text, notes=begun_notes.to_notes(begun, rgb))
    return png.read_all(path)


def test_a_repainted_picture_keeps_what_was_under_the_paint_and_gives_all_of_it_back(tmp_path, repainted, start):
    begun, rgb = repainted
    notes = begun_notes.to_notes(begun, rgb)
    whole = begun_notes.to_notes(begun)
    assert 8 * len(notes["begun.picture.0"]) < len(whole["begun.picture.0"]), "what it has itself is not kept twice"
    back = saved(tmp_path / "a.png", begun, rgb).begun
    assert np.array_equal(back.rgb, start) and np.array_equal(back.mask, begun.mask)
    assert (back.kind, back.name, back.strength, back.context, back.scale) == ("repaint", "lake.png", 0.7, 16, 1)
    assert "/home" not in "".join(notes.values())
    held, missing = begun_notes.from_notes(whole, np.zeros_like(rgb))
    assert np.array_equal(held.rgb, start) and not missing


def test_a_picture_that_was_changed_does_not_pretend_to_know_its_start(tmp_path, repainted):
    begun, rgb = repainted
    other, missing = begun_notes.from_notes(begun_notes.to_notes(begun, rgb), rgb // 2)
    assert other.rgb is None and not other.complete and other.digest == begun.digest
    assert missing == (begun_notes.NOT_KEPT,)
    path = tmp_path / "a.jpg"
    lossy.save(path, rgb, Scene(prompt="a lake", size=SIZE), None, notes=begun_notes.to_notes(begun, rgb))
    with Image.open(path) as image:
        held = lossy.opened(image)
    assert held.begun.name == "lake.png" and not held.begun.complete and begun_notes.NOT_KEPT in held.remarks


def test_a_scene_file_keeps_what_its_picture_began_from(tmp_path, repainted, start):
    begun, rgb = repainted
    scene = Scene(prompt="a lake", size=SIZE)
    ora.save(tmp_path / "a.ora", scene, picture=rgb, made_by=scene, notes=begun_notes.to_notes(begun))
    assert np.array_equal(ora.read_all(tmp_path / "a.ora").begun.rgb, start)


def test_a_second_pass_names_the_pictures_real_size_as_a1111_takes_it_apart(tmp_path, start):
    begun = Begun.of("refine", start, 0.0, name="lake.png", scale=2, upscaler="/models/4x-sharp.safetensors")
    large = np.repeat(np.repeat(start, 2, 0), 2, 1)
    opened = saved(tmp_path / "a.png", begun, large)
    for says in (
        "Size: 192x128",
        "First pass size: 96x64",
        "Denoising strength: 0.35",
        "Hires upscale: 2",
        "Hires upscaler: 4x-sharp.safetensors",
        "Init image: lake.png",
    ):
        assert f"{says}," in opened.parameters + ",", says
    assert "/models" not in opened.parameters and opened.begun.upscaler == "4x-sharp.safetensors"
    assert np.array_equal(opened.begun.rgb, start) and opened.scene.size == SIZE
    assert parameters_of(None, SIZE) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"kind": "teleport"}, {"strength": 7}, {"strength": "much"}, {"scale": 9}, {"scale": True},
        {"context": -1}, {"digest": 4}, {"box": [1, 2, 3]}, {"name": "x" * 400}, {"masked": None},
    ],
)  # fmt: skip
def test_notes_that_nobody_would_have_written_are_told_and_left_out(repainted, change):
    begun, rgb = repainted
    notes = begun_notes.to_notes(begun, rgb)
    notes[begun_notes.NAME] = json.dumps(json.loads(notes[begun_notes.NAME]) | change)
    found, remarks = begun_notes.from_notes(notes, rgb)
    assert found is None and len(remarks) == 1


@pytest.mark.parametrize("name", ["begun.picture.0", "begun.mask.0"])
@pytest.mark.parametrize("text", [None, "no base64", "AAAA"])
def test_pixels_that_are_cut_or_gone_leave_the_rest(repainted, name, text):
    begun, rgb = repainted
    notes = begun_notes.to_notes(begun, rgb)
    del notes[name]
    found, remarks = begun_notes.from_notes(notes if text is None else notes | {name: text}, rgb)
    assert found.rgb is None and found.strength == 0.7 and remarks


def test_a_picture_whose_words_were_edited_keeps_what_they_were(tmp_path, repainted):
    mask = repainted[0].mask
    words = (PaintedThen((2, 6), mask, 1.5, (0.0, 0.5), 0.25), PaintedThen((10, 13), 255 - mask))
    edit = EditedPrompt("a lake, a sky", words, 0.5, 0.1, (((2, 7), -1.5),), True)
    rgb = repainted[1]
    back = saved(tmp_path / "a.png", Begun("edit", "was.png", edit=edit), rgb).begun
    assert back.complete and back.edit is not None and back.name == "was.png"
    for one, other in zip(back.edit.words, words, strict=True):
        assert {**vars(one), "mask": 0} == {**vars(other), "mask": 0} and np.array_equal(one.mask, other.mask)
    assert {**vars(back.edit), "words": 0} == {**vars(edit), "words": 0}
    notes = begun_notes.to_notes(back)
    for spoilt in (
        begun_notes.without_pixels(notes),
        notes | {"begun": notes["begun"].replace("[2, 6]", "[2, 60]")},
        notes | {"begun": notes["begun"].replace("-1.5", "NaN")},
        notes | {"begun": notes["begun"].replace("[2, 7, -1.5]", "7")},
    ):
        held, remarks = begun_notes.from_notes(spoilt, rgb)
        assert not held.complete and remarks == (begun_notes.EDIT_NOT_KEPT,)
    text = parameters_of(back, SIZE)
    assert text["Edited prompt"] == '"a lake, a sky"' and text["Words kept"] == "0.5"


def test_a_shape_that_was_kept_is_written_down(tmp_path, repainted):
    begun, rgb = repainted
    begun = dataclasses.replace(begun, shape="picture", shows="a boat on a lake")
    back = saved(tmp_path / "a.png", begun, rgb).begun
    assert (back.shape, back.shows) == ("picture", "a boat on a lake") and np.array_equal(back.mask, begun.mask)
    notes = begun_notes.to_notes(begun, rgb)
    assert begun_notes.from_notes({"begun": notes["begun"].replace('"picture"', '"jelly"')}, rgb)[0] is None
