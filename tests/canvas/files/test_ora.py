"""Scene files: nothing is lost on the way, Krita and GIMP read them, and their files come back with their words."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from canvas.files import ora, png
from canvas.files.scene_json import to_dict
from canvas.model import edits
from canvas.model.errors import SaveError, SceneError, SceneFileError
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask
from tests.canvas.scenes import random_scene


@pytest.mark.parametrize("seed", range(25))
def test_any_scene_comes_back_as_it_was(tmp_path: Path, seed: int) -> None:
    scene = random_scene(seed)
    ora.save(tmp_path / "scene.ora", scene)
    assert ora.load(tmp_path / "scene.ora") == scene


def sample() -> Scene:
    scene = Scene('🐱 a "cat" & a cat', "blurry", (100, 60), settings=Settings(guidance=4.5))
    for span in ((5, 8), (14, 17), (0, 1)):
        scene, word_id = edits.add_word(scene, span)
        mask = np.random.default_rng(span[0]).integers(0, 256, (60, 100), dtype=np.uint8)
        scene = scene.with_mask(word_id, TiledMask.from_array(mask))
    return edits.change_word(scene, "w2", visible=False, strength=-1.25)


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def png_of(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def test_the_file_is_openraster_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "scene.ora"
    picture = np.random.default_rng(0).integers(0, 256, (60, 100, 3), dtype=np.uint8)
    ora.save(path, sample(), picture=picture)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
        assert not first.extra, "readers find the type at byte 38"
    assert path.read_bytes()[30:54] == b"mimetypeimage/openraster"
    entries = read(path)
    root = ElementTree.fromstring(entries["stack.xml"])
    assert root.tag == "image" and (root.get("w"), root.get("h")) == ("100", "60")
    layers = root.findall("./stack/layer")
    assert [layer.get("name") for layer in layers] == ["🐱#1", "cat#2", "cat#1", "Picture"]
    assert [layer.get("visibility") for layer in layers] == ["visible", "hidden", "visible", "visible"]
    for layer in layers:
        image = Image.open(io.BytesIO(entries[layer.get("src") or ""]))
        assert image.size == (100, 60)
    with (
        Image.open(io.BytesIO(entries["mergedimage.png"])) as merged,
        Image.open(io.BytesIO(entries["Thumbnails/thumbnail.png"])) as small,
    ):
        assert merged.size == (100, 60) and max(small.size) <= 256
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(entries["data/picture.png"]))), picture)


def test_the_json_is_that_of_the_contract(tmp_path: Path) -> None:
    scene = sample()
    ora.save(tmp_path / "scene.ora", scene)
    entries = read(tmp_path / "scene.ora")
    value = json.loads(entries["wordbrush/scene.json"])
    assert value["version"] == 1 and value["prompt"] == scene.prompt and value["size"] == [100, 60]
    assert value["settings"]["guidance"] == 4.5 and value["settings"]["paint_weight"] is None
    for entry, word in zip(value["words"], scene.words, strict=True):
        assert {"id", "phrase", "span", "strength", "window", "color", "visible", "layer"} <= entry.keys()
        assert tuple(entry["span"]) == word.span and entry["layer"] == f"data/word-{word.id}.png"
        alpha = np.asarray(Image.open(io.BytesIO(entries[entry["layer"]])))[..., 3]
        assert np.array_equal(alpha, scene.masks[word.id].to_array())


def test_equal_scenes_make_equal_files(tmp_path: Path) -> None:
    ora.save(tmp_path / "a.ora", sample())
    ora.save(tmp_path / "b.ora", sample())
    assert (tmp_path / "a.ora").read_bytes() == (tmp_path / "b.ora").read_bytes()


def test_the_last_result_comes_back_beside_the_scene(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (60, 100, 3), dtype=np.uint8)
    ora.save(tmp_path / "a.ora", sample(), picture=picture)
    ora.save(tmp_path / "b.ora", sample(), picture)
    loaded = ora.load_picture(tmp_path / "a.ora")
    assert loaded is not None and np.array_equal(loaded, picture)
    assert ora.load_picture(tmp_path / "b.ora") is None
    merged = Image.open(io.BytesIO(read(tmp_path / "b.ora")["mergedimage.png"]))
    assert np.array_equal(np.asarray(merged), picture)


def test_a_picture_of_another_size_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SceneError):
        ora.save(tmp_path / "a.ora", sample(), np.zeros((9, 9, 3), np.uint8))
    assert not (tmp_path / "a.ora").exists()


def test_no_path_is_written(tmp_path: Path) -> None:
    for model in ("/home/jane/models/landscape", "C:\\Users\\jane\\models\\landscape\\"):
        ora.save(tmp_path / "a.ora", edits.set_settings(sample(), model=model))
        entries = read(tmp_path / "a.ora")
        assert not any(b"jane" in data for data in entries.values())
        assert ora.load(tmp_path / "a.ora").settings.model == "landscape"


def test_a_phrase_with_any_letters_makes_a_whole_stack(tmp_path: Path) -> None:
    scene, _ = edits.add_word(Scene("a\x01\x02 <b>\n\"'&\ufffe c"), (0, 14))
    ora.save(tmp_path / "a.ora", scene)
    ElementTree.fromstring(read(tmp_path / "a.ora")["stack.xml"])
    assert ora.load(tmp_path / "a.ora") == scene


def without_json(path: Path) -> dict[str, bytes]:
    return {name: data for name, data in read(path).items() if not name.startswith("wordbrush/")}


def test_a_file_saved_again_without_our_json_still_has_its_words_and_masks(tmp_path: Path) -> None:
    scene = sample()
    ora.save(tmp_path / "a.ora", scene)
    loaded = ora.load(write(tmp_path / "krita.ora", without_json(tmp_path / "a.ora")))
    assert loaded.size == scene.size
    assert [word.phrase for word in loaded.words] == ["cat", "cat", "🐱"]
    assert [word.visible for word in loaded.words] == [True, False, True]
    for old, new in zip(scene.words, loaded.words, strict=True):
        assert new.span is not None and loaded.masks[new.id] == scene.masks[old.id]
    assert loaded.words[0].span < loaded.words[1].span, "cat#1 stands before cat#2"
    assert len({word.color for word in loaded.words}) == 3


@pytest.mark.parametrize("seed", range(12))
def test_words_of_any_scene_survive_another_program(tmp_path: Path, seed: int) -> None:
    scene = random_scene(seed)
    ora.save(tmp_path / "a.ora", scene)
    foreign = write(tmp_path / "gimp.ora", without_json(tmp_path / "a.ora"))
    if not scene.words:
        with pytest.raises(SceneFileError):
            ora.load(foreign)
        return
    loaded = ora.load(foreign)
    assert sorted(ora.layer_names(loaded).values()) == sorted(ora.layer_names(scene).values())
    masks = {ora.layer_names(scene)[word.id]: scene.masks[word.id] for word in scene.words}
    assert {ora.layer_names(loaded)[key]: mask for key, mask in loaded.masks.items()} == masks


def test_layers_that_krita_cropped_and_grouped_land_where_they_were(tmp_path: Path) -> None:
    alpha = np.random.default_rng(1).integers(1, 256, (10, 20), dtype=np.uint8)
    rgba = np.dstack([np.full((10, 20, 3), 9, np.uint8), alpha])
    stack = """<?xml version='1.0' encoding='UTF-8'?>
<image version='0.0.1' w='64' h='48'><stack name='root'>
 <stack name='group' x='3' y='2'><layer name='red car#1' src='data/layer0.png' x='5' y='-4' opacity='0.5'/></stack>
 <layer name='lake#1' src='data/layer1.png' x='50' y='44' visibility='hidden' composite-op='svg:src-over'/>
 <layer name='Background' src='data/layer2.png'/>
</stack></image>"""
    entries = {"mimetype": b"image/openraster", "stack.xml": stack.encode()}
    entries |= {"data/layer0.png": png_of(rgba), "data/layer1.png": png_of(np.full((9, 30, 3), 7, np.uint8))}
    scene = ora.load(write(tmp_path / "krita.ora", entries))
    assert scene.size == (64, 48) and scene.prompt == "lake, red car"
    lake, car = scene.words
    expected = np.zeros((48, 64), np.uint8)
    expected[0:8, 8:28] = alpha[2:]
    assert np.array_equal(scene.masks[car.id].to_array(), expected)
    assert scene.masks[lake.id].bounds() == (50, 44, 14, 4), "a layer without alpha is painted as far as it reaches"
    assert not lake.visible and car.visible


def test_a_layer_that_was_split_in_two_is_one_word_again(tmp_path: Path) -> None:
    left, right = np.zeros((8, 8, 4), np.uint8), np.zeros((8, 8, 4), np.uint8)
    left[:, :3, 3], right[:, 2:5, 3] = 200, 100
    stack = b"""<image w='8' h='8'><filter/><stack><layer name='lake#1' src='data/a.png'/>
<layer name='Lake#1' src='data/b.png'/></stack></image>"""
    entries = {"mimetype": b"image/openraster", "stack.xml": stack}
    scene = ora.load(write(tmp_path / "a.ora", entries | {"data/a.png": png_of(left), "data/b.png": png_of(right)}))
    assert len(scene.words) == 1
    assert scene.masks["w1"].to_array()[0].tolist() == [200, 200, 200, 100, 100, 0, 0, 0]


def test_a_failed_save_is_told(tmp_path: Path) -> None:
    with pytest.raises(SaveError):
        ora.save(tmp_path / "missing" / "a.ora", sample())


def test_the_scene_that_made_the_picture_is_kept_beside_the_scene(tmp_path: Path) -> None:
    picture, made_by = np.zeros((60, 100, 3), np.uint8), edits.set_settings(sample(), seed=4711)
    ora.save(tmp_path / "a.ora", Scene("something else", size=(100, 60)), picture=picture, made_by=made_by)
    assert ora.load(tmp_path / "a.ora").prompt == "something else"
    assert ora.load_made_by(tmp_path / "a.ora") == made_by
    assert np.array_equal(ora.load_picture(tmp_path / "a.ora"), picture)


def test_a_picture_of_which_nobody_knows_what_made_it_says_so(tmp_path: Path) -> None:
    ora.save(tmp_path / "none.ora", sample())
    ora.save(tmp_path / "old.ora", sample(), picture=np.zeros((60, 100, 3), np.uint8))
    entries = read(tmp_path / "old.ora")
    damaged = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_itxt(png.SCENE, '{"version": 1')
    Image.new("RGB", (100, 60)).save(damaged, "PNG", pnginfo=info)
    write(tmp_path / "damaged.ora", {**entries, ora.PICTURE: damaged.getvalue()})
    for name in ("none.ora", "old.ora", "damaged.ora"):
        assert ora.load_made_by(tmp_path / name) is None


def test_mute_and_solo_come_back_and_are_written_only_where_they_are_set(tmp_path: Path) -> None:
    scene = edits.change_word(edits.change_word(sample(), "w1", muted=True), "w2", solo=True)
    ora.save(tmp_path / "a.ora", scene)
    loaded = ora.load(tmp_path / "a.ora")
    assert [(word.muted, word.solo) for word in loaded.words] == [(True, False), (False, True), (False, False)]
    plain = to_dict(sample(), {})
    assert not any({"muted", "solo"} & entry.keys() for entry in plain["words"])
