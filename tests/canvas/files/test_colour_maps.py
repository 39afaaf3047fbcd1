"""Colour maps: tables of other programs, palettes known by name, soft edges, and the way there and back."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from canvas.files import colour_maps, colour_tables
from canvas.files.colour_tables import Entry, palette, prefilled, read_table, write_table
from canvas.model import edits
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

SKY, SEA, TREE = (0x75, 0x9E, 0xDF), (0x38, 0x4F, 0x83), (0x35, 0x26, 0x13)


def drawn(side: int = 64, *, soft: bool = False) -> np.ndarray:
    """Sky over sea with a round tree; with `soft`, antialiased as painting programs draw it."""
    scale = 8 if soft else 1
    image = Image.new("RGB", (side * scale, side * scale), SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, side * scale // 2, side * scale, side * scale), fill=SEA)
    draw.ellipse((8 * scale, 4 * scale, 28 * scale, 24 * scale), fill=TREE)
    return np.asarray(image.resize((side, side), Image.Resampling.BOX) if soft else image)


def masks(scene: Scene) -> dict[str, np.ndarray]:
    return {word.phrase: scene.masks[word.id].to_array() for word in scene.words}


def test_a_table_of_paint_with_words_is_read_and_written_and_never_run() -> None:
    text = '{(7, 9, 182): "aurora,0.5,-1", (136, 178, 92): \'full moon, big,1.5\', (0, 0, 0): "cat"}'
    entries, remarks = read_table(text)
    assert entries == [
        Entry((7, 9, 182), "aurora", 0.5), Entry((136, 178, 92), "full moon, big", 1.5), Entry((0, 0, 0), "cat"),
    ]  # fmt: skip
    assert len(remarks) == 1 and "seed" in remarks[0]
    assert read_table(write_table(entries)) == (entries, [])
    assert read_table('{(0, 0, 0): "cat,9"}') == ([Entry((0, 0, 0), "cat", 2.0)], [
        "The strength of “cat” was 9 and is 2: it can be -2 to 2.",
    ])  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "{1: 'a'}", "{(0, 0): 'a'}", "{(0, 0, 256): 'a'}", "{(0, 0, 0): 1}", "{(True, 0, 0): 'a'}",
     "__import__('os').system('x')", "{(0, 0, 0): open('x')}", "(" * 5000, "{" * 900, "{[]: 1}",
     "'" + "a" * 2**21 + "'"],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(SceneFileError) as caught:
        read_table(text)
    assert "phrase,strength" in caught.value.hint


def test_palettes_are_known_by_name() -> None:
    assert palette("ade20k")[(6, 230, 230)] == "sky" and len(palette("ade20k")) == 149  # road and sink share a grey
    assert palette("nvidia-canvas")[SKY] == "sky" and palette("coco-stuff")[(64, 0, 0)] == "moss"
    assert all(
        phrase.strip() == phrase and phrase for name in colour_tables.PALETTES for phrase in palette(name).values()
    )


@pytest.mark.parametrize("soft", [False, True])
def test_the_table_is_filled_in_from_the_palette_that_knows_the_colours(soft: bool) -> None:
    entries = prefilled(drawn(soft=soft))
    assert {entry.phrase for entry in entries} == {"sky", "sea", "tree"} and len(entries) == 3
    assert all(entry.phrase == "" for entry in prefilled(drawn(soft=soft), "ade20k"))
    mine = prefilled(drawn(), table=[Entry(SKY, "a red sky", 1.5)])
    assert Entry(SKY, "a red sky", 1.5) in mine and sum(bool(entry.phrase) for entry in mine) == 1


def test_hard_areas_become_words_pixel_by_pixel() -> None:
    rgb = drawn()
    scene, remarks = colour_maps.scene_of(rgb, prefilled(rgb), "a tree by the sea")
    assert scene.prompt == "a tree by the sea, sky" and scene.size == (64, 64) and remarks == ()
    for phrase, color in (("sky", SKY), ("sea", SEA), ("tree", TREE)):
        assert np.array_equal(masks(scene)[phrase] == 255, (rgb == color).all(axis=2)), phrase


def test_antialiased_edges_stay_soft_and_right() -> None:
    """Against the share of each pixel that the shape truly covers, from eight times the pixels."""
    rgb = drawn(soft=True)
    scene, _ = colour_maps.scene_of(rgb, prefilled(rgb))
    fine = Image.new("L", (512, 512), 0)
    ImageDraw.Draw(fine).ellipse((64, 32, 224, 192), fill=255)
    truth = np.asarray(fine.resize((64, 64), Image.Resampling.BOX)).astype(int)
    found = masks(scene)["tree"].astype(int)
    assert ((truth > 0) & (truth < 255)).sum() > 40, "there are soft pixels to find"
    assert np.abs(found - truth).max() <= 6
    together = sum(mask.astype(int) for mask in masks(scene).values())
    assert np.abs(together - 255).max() <= 2, "each pixel is shared out once"


def test_a_jpeg_of_a_map_is_found_too(tmp_path) -> None:
    Image.fromarray(drawn(96)).save(tmp_path / "map.jpg", quality=90)
    rgb = np.asarray(Image.open(tmp_path / "map.jpg"))
    scene, _ = colour_maps.scene_of(rgb, prefilled(rgb))
    wanted = (drawn(96) == SEA).all(axis=2)
    assert ((masks(scene)["sea"] > 127) == wanted).mean() > 0.99


def test_numbers_joined_colours_and_what_is_left_out() -> None:
    rgb = np.zeros((16, 40, 3), np.uint8)
    for index, color in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255), (250, 250, 250), (9, 90, 200)]):
        rgb[:, index * 8 : index * 8 + 8] = color
    entries = [
        Entry((255, 0, 0), "lake#2", 1.5), Entry((0, 255, 0), "hill"), Entry((0, 0, 255), "hill", 0.5),
        Entry((250, 250, 250)),
    ]  # fmt: skip
    scene, remarks = colour_maps.scene_of(rgb, entries, "a lake")
    assert scene.prompt == "a lake, lake, hill" and [word.phrase for word in scene.words] == ["lake", "hill"]
    assert scene.words[0].span == (8, 12) and scene.words[0].strength == 1.5
    assert masks(scene)["hill"][:, 8:24].min() == 255
    said = " ".join(remarks)
    assert "several colours" in said and "1 of 4 colours" in said and "20.0% of the map" in said


@pytest.mark.parametrize("phrase", ["", " "])
def test_a_map_without_words_is_refused(phrase: str) -> None:
    with pytest.raises(SceneFileError) as caught:
        colour_maps.scene_of(drawn(), [Entry(SKY, phrase)])
    assert caught.value.hint


def test_there_and_back() -> None:
    scene, first = edits.add_word(Scene("a lake, a hill, a lake", size=(60, 50)), (2, 6))
    scene, second = edits.add_word(scene, (18, 22))
    soft = np.zeros((50, 60), np.uint8)
    soft[10:30, 10:40] = 255
    soft[9, 10:40] = soft[30, 10:40] = 128
    scene = scene.with_mask(first, TiledMask.from_array(soft))
    scene = edits.change_word(
        scene.with_mask(second, TiledMask.from_array(np.roll(soft, 12, 0))), second, strength=-0.5
    )
    rgb, entries = colour_maps.map_of(scene)
    assert [entry.phrase for entry in entries] == ["lake", "lake#2", ""]
    back, _ = colour_maps.scene_of(rgb, read_table(write_table(entries))[0], scene.prompt)
    assert [(w.span, w.strength) for w in back.words] == [(w.span, w.strength) for w in scene.words]
    assert np.abs(back.masks["w2"].to_array().astype(int) - scene.masks[second].to_array()).max() <= 3


def test_hundreds_of_words_have_colours_of_their_own() -> None:
    taken: list = []
    for _ in range(300):
        taken.append(colour_maps._distinct("#ff0000", taken))
    assert len(set(taken)) == 300
