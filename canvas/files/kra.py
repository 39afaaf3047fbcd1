"""Krita's own files (.kra): the merged picture, and the names of the layers as words; their paint is left to Krita."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

import numpy as np

from canvas.files import image_io
from canvas.files.archive import AGAIN, Archive
from canvas.files.named_layers import NamedLayer, scene_of_layers
from canvas.files.opened import Opened
from canvas.model.errors import SceneFileError
from resources.limits import MAX_SIDE, MAX_WORDS

MIMETYPES = ("application/x-krita", "application/x-kra")
MAIN, MERGED, PREVIEW = "maindoc.xml", "mergedimage.png", "preview.png"
MAX_XML = 16 * 2**20
_PAINTED = ("paintlayer", "shapelayer", "filelayer", "clonelayer")


def is_kra(archive: Archive) -> bool:
    """Whether an open archive is a file of Krita."""
    if "mimetype" not in archive or MAIN not in archive:
        return False
    return archive.read("mimetype", 200).strip().decode("latin-1") in MIMETYPES


def read_all(source: Path | str | bytes, name: str = "") -> Opened:
    """What can be taken over of a file of Krita. For any thread.

    Raises:
        SceneFileError: the file is not there, of another kind, damaged or hostile, or has neither picture nor words.
    """
    with Archive(source, name) as archive:
        if not is_kra(archive):
            raise SceneFileError(f"“{archive.name}” is not a file of Krita.", hint="Save it again in Krita, as .ora.")
        document = _Document(archive.read(MAIN, MAX_XML))
        remarks: list[str] = []
        picture = _picture(archive, document.size, remarks)
        scene = scene_of_layers(document.size, list(reversed(document.layers)), remarks)
        if scene is not None:
            remarks.append(
                "The paint of its layers was left out: save it in Krita as OpenRaster (.ora) to bring it along."
            )
        elif picture is None:
            raise SceneFileError(f"“{archive.name}” has no picture and no named layers.", hint=AGAIN)
        return Opened(scene=scene, picture=picture, remarks=tuple(remarks))


def _picture(archive: Archive, size: tuple[int, int], remarks: list[str]) -> np.ndarray | None:
    """The merged picture, or the small preview where it is missing."""
    for name in (MERGED, PREVIEW):
        if name in archive:
            try:
                rgb = image_io.rgb_of(image_io.open_png(archive.read(name), f"“{name}” in this file"))
            except SceneFileError as error:
                remarks.append(f"{error.message} It was left out.")
                continue
            if rgb.shape[:2] == (size[1], size[0]):
                return rgb
            if name == PREVIEW:
                remarks.append("The file holds only a small preview of its picture, which was left out.")
    return None


class _Document:
    """Reads maindoc.xml: the size of the picture, and its layers from the top."""

    def __init__(self, data: bytes) -> None:
        self.size: tuple[int, int] = (0, 0)
        self.layers: list[NamedLayer] = []
        parser = expat.ParserCreate()
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
            raise SceneFileError("The list of layers is damaged.", hint=AGAIN, details=repr(error)) from error
        if not all(1 <= side <= MAX_SIDE for side in self.size):
            raise SceneFileError("This file has no usable picture size.", hint=f"Use 1 to {MAX_SIDE} pixels a side.")

    def _refuse(self, *_: object) -> None:
        raise SceneFileError("The list of layers declares entities, which Wordbrush does not read.", hint=AGAIN)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "IMAGE" and self.size == (0, 0):
            self.size = int(attributes.get("width", "0")), int(attributes.get("height", "0"))
        elif tag == "layer" and attributes.get("nodetype", "paintlayer") in _PAINTED:
            if len(self.layers) >= MAX_WORDS + 100:
                raise SceneFileError("This file has too many layers.", hint=f"Use at most {MAX_WORDS}.")
            shown = attributes.get("visible", "1") != "0"
            self.layers.append(NamedLayer(attributes.get("name", "").strip(), shown))
