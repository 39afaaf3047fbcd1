"""Files of Krita and Photoshop: merged picture, layers' names, paint where it can be read; what is left out is said."""

from __future__ import annotations

import io
import struct
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from canvas.files import psd_writing, reading
from canvas.model import edits, picture_edits
from canvas.model.colour_edits import set_colours
from canvas.model.errors import SaveError, SceneFileError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

DOC = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE DOC PUBLIC '-//KDE//DTD krita 2.0//EN' 'http://www.calligra.org/DTD/krita-2.0.dtd'>
<DOC xmlns="http://www.calligra.org/DTD/krita" kritaVersion="5.2.2" syntaxVersion="2.0" editor="Krita">
 <IMAGE mime="application/x-kra" width="24" height="16" name="Unnamed" colorspacename="RGBA" x-res="100" y-res="100">
  <layers>
   <layer nodetype="paintlayer" name="lake#1" filename="layer4" visible="1" opacity="255" x="0" y="0"/>
   <layer nodetype="grouplayer" name="all" filename="layer5" visible="1">
    <layers><layer nodetype="paintlayer" name="old oak" filename="layer3" visible="0" x="0" y="0"/></layers>
   </layer>
   <layer nodetype="paintlayer" name="Background" filename="layer2" visible="1"/>
   <layer nodetype="paintlayer" name="Picture" filename="layer1" visible="1"/>
  </layers>
 </IMAGE>
</DOC>"""


def png_of(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (9, 200, 30, 255)).save(out, "PNG")
    return out.getvalue()


def kra(doc: str = DOC, **entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/x-krita", zipfile.ZIP_STORED)
        archive.writestr("maindoc.xml", doc)
        archive.writestr("documentinfo.xml", "<document-info/>")
        archive.writestr("Unnamed/layers/layer4", b"VERSION 2\nTILEWIDTH 64\n")
        for name, data in entries.items():
            archive.writestr(f"{name}.png", data)
    return out.getvalue()


def test_a_file_of_krita_gives_its_picture_and_its_layers_names(tmp_path):
    path = tmp_path / "a.kra"
    path.write_bytes(kra(mergedimage=png_of(24, 16), preview=png_of(12, 8)))
    opened = reading.read_all(path)
    assert opened.scene.prompt == "old oak, lake" and opened.scene.size == (24, 16) and not opened.own
    assert [word.visible for word in opened.scene.words] == [False, True]
    assert opened.picture[0, 0].tolist() == [9, 200, 30] and opened.picture.shape == (16, 24, 3)
    said = " ".join(opened.remarks)
    assert "“Background” was left out" in said and "OpenRaster (.ora)" in said


def test_a_file_of_krita_without_a_whole_picture_says_so():
    opened = reading.read_all(kra(mergedimage=b"junk", preview=png_of(12, 8)), "a.kra")
    assert opened.picture is None and opened.scene is not None
    assert "small preview" in " ".join(opened.remarks) and "left out" in " ".join(opened.remarks)


@pytest.mark.parametrize(
    "doc",
    ["<DOC>", "<DOC><IMAGE width='0' height='5'/></DOC>", "<DOC><IMAGE width='x' height='5'/></DOC>",
     "<!DOCTYPE DOC [<!ENTITY a 'b'>]><DOC><IMAGE width='5' height='5'/></DOC>",
     "<DOC><IMAGE width='5' height='5'/></DOC>"],
)  # fmt: skip
def test_a_damaged_file_of_krita_is_refused(doc):
    with pytest.raises(SceneFileError) as caught:
        reading.read_all(kra(doc), "a.kra")
    assert caught.value.hint


def psd(layers: list[tuple[str, tuple[int, int, int, int], np.ndarray]], width: int = 24, height: int = 16) -> bytes:
    """A PSD as the format's description has it: header, one record and raw channels a layer, merged picture.

    `layers`: name, (top, left, bottom, right) and opacity of each, from below.
    """
    records, pixels = b"", b""
    for name, box, alpha in layers:
        channels = [(-1, alpha), *((channel, np.full_like(alpha, 50)) for channel in (0, 1, 2))]
        text = name.encode("latin-1")
        padded = bytes([len(text)]) + text + bytes(-(len(text) + 1) % 4)
        extra = struct.pack(">II", 0, 0) + padded
        records += struct.pack(">iiii", *box) + struct.pack(">H", 4)
        records += b"".join(struct.pack(">hI", channel, 2 + data.size) for channel, data in channels)
        records += b"8BIMnorm" + bytes([255, 0, 0, 0]) + struct.pack(">I", len(extra)) + extra
        pixels += b"".join(struct.pack(">H", 0) + data.tobytes() for _, data in channels)
    info = struct.pack(">h", len(layers)) + records + pixels
    info += bytes(len(info) % 2)
    section = struct.pack(">I", len(info)) + info + struct.pack(">I", 0)
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, height, width, 8, 3)
    merged = struct.pack(">H", 0) + b"".join(bytes([value]) * (width * height) for value in (9, 200, 30))
    return header + struct.pack(">II", 0, 0) + struct.pack(">I", len(section)) + section + merged


SPOT = np.zeros((4, 6), np.uint8)
SPOT[1:3, 1:5] = 180


def test_layers_of_a_psd_become_words_with_their_paint(tmp_path):
    path = tmp_path / "a.psd"
    path.write_bytes(
        psd([("Layer 1", (0, 0, 16, 24), np.full((16, 24), 255, np.uint8)), ("lake", (14, 20, 18, 26), SPOT)])
    )
    opened = reading.read_all(path)
    assert opened.scene.prompt == "lake" and opened.scene.size == (24, 16)
    wanted = np.zeros((16, 24), np.uint8)
    wanted[14:, 20:] = SPOT[:2, :4]
    assert np.array_equal(opened.scene.masks["w1"].to_array(), wanted)
    assert opened.picture[0, 0].tolist() == [9, 200, 30] and not opened.own
    assert "“Layer 1” was left out" in " ".join(opened.remarks)


def test_without_psd_tools_the_picture_comes_and_the_layers_are_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "psd_tools", None)
    opened = reading.read_all(psd([("lake", (0, 0, 4, 6), SPOT)]), "a.psd")
    assert opened.scene is None and opened.picture is not None and "wordbrush[psd]" in opened.remarks[0]


def test_a_psd_cut_anywhere_or_of_an_absurd_size_is_read_or_refused():
    whole = psd([("lake", (0, 0, 4, 6), SPOT)])
    for end in range(0, len(whole), 37):
        try:
            opened = reading.read_all(whole[:end], "a.psd")
        except SceneFileError as error:
            assert error.hint
        else:
            assert opened.scene is not None or opened.picture is not None
    huge = whole[:14] + struct.pack(">II", 30000, 30000) + whole[22:]
    with pytest.raises(SceneFileError, match="too large"):
        reading.read_all(huge, "a.psd")


def test_a_scene_goes_through_a_psd_with_words_colours_and_pictures(tmp_path):
    scene, word = edits.add_word(Scene("a lake", size=(24, 16)), (2, 6))
    paint = np.zeros((16, 24), np.uint8)
    paint[2:9, 3:12] = 200
    scene = scene.with_mask(word, TiledMask.from_array(paint))
    scene = set_colours(scene, np.full((16, 24, 4), (250, 20, 30, 128), np.uint8))
    night = np.full((16, 24, 4), (1, 2, 90, 255), np.uint8)
    night[:8] = 0
    scene, low = picture_edits.add(scene, night, "night")
    scene = picture_edits.change(scene, low, opacity=0.4, visible=False)
    psd_writing.save(tmp_path / "a.psd", scene, np.full((16, 24, 3), 77, np.uint8))
    opened = reading.read_all(tmp_path / "a.psd")
    again = opened.scene
    assert again.prompt == "lake" and np.array_equal(again.masks["w1"].to_array(), paint)
    assert np.array_equal(again.colours.to_array(), scene.colours.to_array())
    assert [(each.name, round(each.opacity, 2), each.visible) for each in again.pictures] == [("night", 0.4, False)]
    assert np.array_equal(again.pictures[0].pixels.to_array(), night)
    merged = opened.picture[12, 20].astype(int)  # the hidden picture is left out of it; colours at half are in it
    assert np.abs(merged - [164, 48, 53]).max() <= 2


def test_without_psd_tools_writing_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psd_tools", None)
    with pytest.raises(SaveError) as caught:
        psd_writing.to_bytes(Scene(size=(8, 8)))
    assert "wordbrush[psd]" in caught.value.hint
