"""Files that Krita and GIMP wrote, and OpenRaster files down to the attributes of their stack.xml.

`krita.ora` is a scene of ours, opened and saved by Krita 5.1.5 (Debian 12); `gimp.psd.gz` is the same scene, saved by
Krita as PSD and then by GIMP 2.10.34. Debian 12's GIMP writes no OpenRaster: its plug-in needs Python 2, which is gone.

Krita: `KisOpenRasterStackSaveVisitor` (plugins/impex/libkra and ora) writes version, size and resolution on `image`,
and on each layer name, opacity, visibility, composite-op, x, y, src ("data/layer0.png" ...), with `selected`,
`edit-locked` where they are set; groups as stacks with the same and `isolation`. GIMP: `file-openraster.py` writes
`image` with w and h only, a root stack, layers with name, opacity "%.4f"-like, visibility, composite-op, x, y, src
("data/003.png" ...), cut to what is painted on them.
"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest

from canvas.files import reading
from canvas.files.image_io import png_bytes

WIDTH, HEIGHT = 40, 30
KRITA = """<?xml version="1.0" encoding="UTF-8"?>
<image version="0.0.5" w="40" h="30" xres="100" yres="100">
 <stack name="root" isolation="isolate" opacity="1" composite-op="svg:src-over" visibility="visible">
  <stack name="Group 1" isolation="isolate" opacity="0.501960784313725" composite-op="svg:src-over" visibility="visible">
   <layer name="{first}" opacity="1" composite-op="svg:src-over" visibility="visible" selected="true" x="4" y="6" src="data/layer0.png"/>
   <layer name="photo" opacity="0.8" composite-op="svg:multiply" visibility="hidden" x="0" y="0" src="data/layer1.png"/>
  </stack>
  <layer name="Background" opacity="1" composite-op="svg:src-over" visibility="visible" x="0" y="0" src="data/layer2.png"/>
 </stack>
</image>
"""  # noqa: E501
GIMP = """<?xml version='1.0' encoding='UTF-8'?>
<image w="40" h="30"><stack><stack name="Group 1" x="0" y="0" opacity="0.5020" visibility="visible" composite-op="svg:src-over"><layer src="data/000.png" name="{first}" x="4" y="6" opacity="1.0" visibility="visible" composite-op="svg:src-over" /><layer src="data/001.png" name="photo" x="0" y="0" opacity="0.8" visibility="hidden" composite-op="svg:multiply" /></stack><layer src="data/002.png" name="Background" x="0" y="0" opacity="1.0" visibility="visible" composite-op="svg:src-over" /></stack></image>"""  # noqa: E501
FILES = {"krita": (KRITA, "data/layer{}.png"), "gimp": (GIMP, "data/{:03}.png")}


def saved(path: Path, program: str, first: str) -> np.ndarray:
    """Writes the file; returns the alpha of its first layer, which is cut to 12 x 9 pixels at (4, 6)."""
    stack, source = FILES[program]
    paint = np.zeros((9, 12, 4), np.uint8)
    paint[..., :3], paint[2:8, 3:10, 3] = (30, 90, 200), 180
    photo = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    white = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", stack.format(first=first))
        for index, pixels in enumerate((paint, photo, white)):
            archive.writestr(source.format(index), png_bytes(pixels))
        archive.writestr("mergedimage.png", png_bytes(photo))
        archive.writestr("Thumbnails/thumbnail.png", png_bytes(photo[:8, :8]))
    return paint[..., 3]


@pytest.mark.parametrize("name", ["krita.ora", "gimp.psd"])
def test_files_that_these_programs_wrote_give_words_paint_and_picture(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    kept = Path(__file__).parent / "programs" / name
    file.write_bytes(kept.read_bytes() if kept.exists() else gzip.decompress(kept.with_name(f"{name}.gz").read_bytes()))
    opened = reading.read_all(file)
    assert opened.scene is not None and opened.scene.prompt == "lake, red house" and not opened.own
    y, x = np.mgrid[:48, :64]
    lake, house = (opened.scene.masks[word.id].to_array() for word in opened.scene.words)
    assert np.array_equal(lake, np.where(y > 28, 255, 0))
    assert np.array_equal(house, np.clip(255 - 20 * np.hypot(x - 40, y - 14), 0, 255).astype(np.uint8))
    assert opened.picture is not None and opened.picture.shape == (48, 64, 3)


@pytest.mark.parametrize("program", FILES)
def test_words_keep_their_place_and_pictures_are_layers(tmp_path: Path, program: str) -> None:
    alpha = saved(tmp_path / "a.ora", program, "lake#1")
    opened = reading.read_all(tmp_path / "a.ora")
    scene = opened.scene
    assert scene is not None and scene.size == (WIDTH, HEIGHT) and scene.prompt == "lake" and not opened.own
    mask = scene.masks["w1"].to_array()
    assert np.array_equal(mask[6:15, 4:16], alpha) and mask.sum() == alpha.sum()
    assert [(each.name, round(each.opacity, 2), each.visible) for each in scene.pictures] == [("photo", 0.4, False)]
    assert any("“Background” was left out" in remark for remark in opened.remarks)


@pytest.mark.parametrize("program", FILES)
def test_without_words_it_is_the_merged_picture(tmp_path: Path, program: str) -> None:
    saved(tmp_path / "a.ora", program, "Layer 1")
    opened = reading.read_all(tmp_path / "a.ora")
    assert opened.scene is None and opened.fault is None
    assert opened.picture is not None and opened.picture.shape == (HEIGHT, WIDTH, 3)
