"""The layers of an OpenRaster file: their names, their list in stack.xml, and scenes from other programs' layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import numpy as np

from canvas.files import image_io
from canvas.files.archive import AGAIN, Archive
from canvas.model.colour_layer import ColourLayer, PictureLayer
from canvas.model.errors import MaskError, SceneError, SceneFileError
from canvas.model.scene import Paintable, Scene, Word
from canvas.model.style import Style
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import find_phrase, next_id, next_style, occurrences, phrase_number
from resources.limits import MAX_PICTURES, MAX_PROMPT, MAX_SIDE, MAX_WORDS
from resources.mask_pictures import NEARLY
from resources.phrases import folded

STACK = "stack.xml"
PICTURE = "data/picture.png"
PICTURE_NAME = "Picture"
COLOUR = "data/colour.png"
COLOUR_NAME = "Colour"
MAX_XML = 16 * 2**20
WORD_OPACITY = 0.6
_DEPTH = 100
STYLE = "style "
KEPT = "picture "
"""How the names of layers begin that are picture layers."""
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_FILE = re.compile(r"data/[^/\\]{1,200}\.png\Z")
_NUMBER = re.compile(r"[1-9]\d{0,3}\Z", re.ASCII)
# What painting programs call a layer that nobody named.
UNNAMED = re.compile(r"(?:(?:paint|painting|new|copy of) )?(?:layer|group|background)?[ _#-]*\d*\Z", re.IGNORECASE)


def layer_file(thing: Paintable) -> str:
    """The name of the layer that holds the paint of a word or a style."""
    return f"data/{'style' if isinstance(thing, Style) else 'word'}-{thing.id}.png"


def picture_file(layer: PictureLayer | str) -> str:
    """The name of the layer that holds a picture layer, or the one of that id."""
    return f"data/layer-{layer if isinstance(layer, str) else layer.id}.png"


def layer_names(scene: Scene) -> dict[str, str]:
    """Word id -> PHRASE#N; a word whose text is gone is numbered after those that stand."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for word in sorted(scene.words, key=lambda word: word.span is None):
        if word.span is not None:
            number = phrase_number(scene.prompt, word.span)
        else:
            number = len(occurrences(scene.prompt, word.phrase)) + 1
        while f"{word.phrase}#{number}" in taken:
            number += 1
        names[word.id] = f"{word.phrase}#{number}"
        taken.add(names[word.id])
    return names


def stack_of(scene: Scene, has_picture: bool) -> bytes:
    """The stack.xml of a scene's file."""
    width, height = scene.size
    names = layer_names(scene)
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", f'<image version="0.0.3" w="{width}" h="{height}">', "<stack>"]
    for thing in reversed(scene.paintables):
        shown = "visible" if thing.visible else "hidden"
        # Without a number at its end the name of a style's layer is never read as a word's.
        name = f"{STYLE}{thing.name.replace('#', ' ')}" if isinstance(thing, Style) else names[thing.id]
        lines.append(
            f'<layer name={_attribute(name)} src="{layer_file(thing)}" x="0" y="0" '
            f'opacity="{WORD_OPACITY}" visibility="{shown}" composite-op="svg:src-over"/>'
        )
    if not scene.colours.is_empty:
        shown = "visible" if scene.colours.visible else "hidden"
        lines.append(f'<layer name="{COLOUR_NAME}" src="{COLOUR}" x="0" y="0" opacity="1.0" visibility="{shown}"/>')
    for layer in reversed(scene.pictures):
        shown = "visible" if layer.visible else "hidden"
        # As a style's: with a number at its end it would be read as a word.
        name = f"{KEPT}{layer.name.replace('#', ' ')}"
        lines.append(
            f'<layer name={_attribute(name)} src="{picture_file(layer)}" x="0" y="0" '
            f'opacity="{layer.opacity:g}" visibility="{shown}" composite-op="svg:src-over"/>'
        )
    if has_picture:
        lines.append(f'<layer name="{PICTURE_NAME}" src="{PICTURE}" x="0" y="0" opacity="1.0" visibility="visible"/>')
    return "\n".join([*lines, "</stack>", "</image>", ""]).encode()


def _attribute(text: str) -> str:
    """Quoted for XML, without the characters that XML cannot hold."""
    clean = "".join(c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff") else "\ufffd" for c in text)
    return quoteattr(re.sub("[\ufffe\uffff]", "\ufffd", clean))


@dataclass(frozen=True)
class _Layer:
    """A layer as stack.xml lists it; `group` is the name of the nearest group around it that is named like a word."""

    name: str
    group: str
    source: str
    x: int
    y: int
    visible: bool
    opacity: float = 1.0


class NoWords(SceneFileError):
    """No layer of another program's file is named after a word; its merged picture may be there all the same."""


class _StackReader:
    """Reads stack.xml: the canvas size and all layers, from the top. No DOCTYPE, no entities."""

    def __init__(self, data: bytes) -> None:
        self.size: tuple[int, int] | None = None
        self.layers: list[_Layer] = []
        self._groups: list[tuple[int, int, str, bool, float]] = [(0, 0, "", True, 1.0)]
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:  # LookupError: unknown encodings
            raise SceneFileError("The list of layers is damaged.", hint=AGAIN, details=repr(error)) from error

    def _refuse(self, *_: object) -> None:
        raise SceneFileError("The list of layers carries a DOCTYPE, which Wordbrush does not read.", hint=AGAIN)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._groups) > _DEPTH:
            raise SceneFileError("The list of layers is nested too deeply.", hint=AGAIN)
        if tag == "image" and self.size is None:
            self.size = int(attributes.get("w", "0")), int(attributes.get("h", "0"))
            return
        if tag not in ("stack", "layer"):
            return
        left, top, group, shown, through = self._groups[-1]
        x, y = left + round(float(attributes.get("x") or 0)), top + round(float(attributes.get("y") or 0))
        name = attributes.get("name", "").strip()
        visible = shown and attributes.get("visibility", "visible") != "hidden"
        opacity = through * min(max(float(attributes.get("opacity") or 1), 0.0), 1.0)
        if tag == "stack":
            self._groups.append((x, y, name if numbered(name) else group, visible, opacity))
            return
        if len(self.layers) >= MAX_WORDS + 100:
            raise SceneFileError("This file has too many layers.", hint=f"Use at most {MAX_WORDS}.")
        self.layers.append(_Layer(name, group, attributes.get("src", ""), x, y, visible, opacity))

    def _end(self, tag: str) -> None:
        if tag == "stack":
            self._groups.pop()


def numbered(name: str) -> tuple[str, int] | None:
    """The phrase and the number of a name like PHRASE#N, None for any other."""
    phrase, sign, number = name.rpartition("#")
    return (phrase.strip(), int(number)) if sign and phrase.strip() and _NUMBER.match(number) else None


@dataclass(frozen=True)
class Taken:
    """What was made of another program's layers.

    Attributes:
        scene: its prompt has each PHRASE#N.
        picture: uint8 RGB `[h, w, 3]`, the layer that Wordbrush once named "Picture"; None where there is none.
        remarks: one sentence for each thing that was guessed or left out.
    """

    scene: Scene
    picture: np.ndarray | None
    remarks: tuple[str, ...]


def scene_from_layers(archive: Archive) -> Taken:
    """The words of a file that another program saved, from its layers named PHRASE#N.

    A layer in a group that is named so belongs to that word. Beside such layers, one that is named without a number is
    taken as a word as well. Nothing is left out without a remark.

    Raises:
        NoWords: no layer is named after a word. SceneFileError: one that is cannot be read.
    """
    stack = _StackReader(archive.read(STACK, MAX_XML))
    if stack.size is None or not all(1 <= side <= MAX_SIDE for side in stack.size):
        raise SceneFileError("This file has no usable picture size.", hint=f"Use 1 to {MAX_SIDE} pixels a side.")
    if not any(numbered(layer.name) or layer.group for layer in stack.layers):
        raise NoWords(
            "This OpenRaster file has no Wordbrush words.",
            hint="Name each layer after its word and number, such as “house#1”, or open a Wordbrush scene.",
        )
    taker = _Taker(archive, stack)
    try:
        return taker.take()
    except SceneError as error:
        raise SceneFileError(f"The layers of this file cannot be used. {error.message}", hint=error.hint) from error


class _Taker:
    def __init__(self, archive: Archive, stack: _StackReader) -> None:
        assert stack.size is not None
        self._archive = archive
        self._size = stack.size
        self._layers = stack.layers
        self._remarks: list[str] = []
        self._picture: np.ndarray | None = None
        self._colours = ColourLayer(stack.size)
        self._kept: list[PictureLayer] = []

    def take(self) -> Taken:
        found: list[tuple[str, int, _Layer]] = []
        for layer in reversed(self._layers):
            named = numbered(layer.name) or numbered(layer.group) or self._guess(layer)
            if named is not None:
                found.append((*named, layer))
        prompt = prompt_of([(phrase, number) for phrase, number, _ in found])
        words: dict[tuple[int, int], Word] = {}
        paint: dict[str, np.ndarray] = {}
        for phrase, number, layer in found:
            alpha = self._alpha(layer, f"{phrase}#{number}")
            span = find_phrase(prompt, phrase, number)
            assert span is not None  # the prompt was made so
            if span not in words:
                color, pattern = next_style(list(words.values()))
                new = next_id(list(words.values()))
                text = prompt[slice(*span)]
                words[span] = Word(new, text, span, color=color, pattern=pattern, visible=layer.visible)
                paint[new] = alpha
            else:  # the layer was split in two, or the word is a group
                np.maximum(paint[words[span].id], alpha, out=paint[words[span].id])
        masks = {word_id: TiledMask.from_array(alpha) for word_id, alpha in paint.items()}
        for word in words.values():
            if masks[word.id].is_empty:
                self._remarks.append(f"The layer of “{word.phrase}” is empty: the word has no paint.")
        self._remarks.insert(0, "The prompt was made from the names of the layers, as the file carries no scene.")
        scene = Scene(prompt, size=self._size, words=tuple(words.values()), masks=masks, colours=self._colours)
        scene = scene.replace(pictures=tuple(self._kept))
        return Taken(scene, self._picture, tuple(self._remarks))

    def _guess(self, layer: _Layer) -> tuple[str, int] | None:
        """The word of a layer without a number in its name, None for a layer that is no word; with a remark."""
        called = f"The layer “{layer.name}”" if layer.name else "A layer without a name"
        if layer.name == PICTURE_NAME:
            self._take_picture(layer)
            return None
        if layer.name == COLOUR_NAME and layer.source in self._archive:
            self._take_colours(layer)
            return None
        held = bool(_FILE.match(layer.source)) and layer.source in self._archive
        if layer.name.startswith(KEPT) and held:
            self._keep(layer, layer.name.removeprefix(KEPT))
            return None
        if layer.name.startswith(STYLE):
            self._remarks.append(f"{called} was the area of a style; the style itself is not in the file.")
            return None
        if not held:
            self._remarks.append(f"{called} was left out: it holds no picture.")
            return None
        if self._is_picture(self._archive.read(layer.source), called):
            self._keep(layer, layer.name or PICTURE_NAME)
            self._remarks.append(f"{called} was taken as a picture layer under the colours.")
            return None
        if len(layer.name) > 200 or UNNAMED.match(layer.name) or find_phrase(layer.name, layer.name) is None:
            self._remarks.append(f"{called} was left out: name it after its word, such as “house#1”, to paint with it.")
            return None
        self._remarks.append(f"{called} was taken as the paint of that word: its name has no number such as “#1”.")
        return layer.name, 1

    def _is_picture(self, data: bytes, called: str) -> bool:
        """Whether a layer is opaque all over and has colours, which the paint of a word has not."""
        if image_io.alpha_of(data, called).min() < 255 or image_io.mask_in(data, called) is not None:
            return False
        return bool(np.ptp(image_io.read_rgb(data, called), axis=(0, 1)).max() > NEARLY)

    def _keep(self, layer: _Layer, name: str) -> None:
        """A picture layer, or what another program's file holds of that kind."""
        if len(self._kept) >= MAX_PICTURES:
            self._remarks.append(f"The layer “{name[:60]}” was left out: at most {MAX_PICTURES} pictures are kept.")
            return
        rgba = image_io.rgba_of(self._archive.read(layer.source), f"The layer “{name[:60]}”")
        pixels = ColourLayer.from_array(rgba).cropped((-layer.x, -layer.y, *self._size))
        name = "".join(letter for letter in name[:200] if letter.isprintable()).strip() or PICTURE_NAME
        self._kept.append(PictureLayer(f"p{len(self._kept) + 1}", name, pixels, layer.opacity, layer.visible))

    def _take_picture(self, layer: _Layer) -> None:
        if not _FILE.match(layer.source) or layer.source not in self._archive:
            return
        rgb = image_io.read_rgb(self._archive.read(layer.source), "The picture in this file")
        if rgb.shape[:2] == (self._size[1], self._size[0]) and (layer.x, layer.y) == (0, 0):
            self._picture = rgb
        else:
            self._remarks.append("The picture in this file was left out: it no longer has the size of the canvas.")

    def _take_colours(self, layer: _Layer) -> None:
        """What Wordbrush once named “Colour”; painting programs cut layers to what is painted on them."""
        rgba = image_io.rgba_of(self._archive.read(layer.source), "The colour layer in this file")
        found = ColourLayer.from_array(rgba).cropped((-layer.x, -layer.y, *self._size))
        self._colours = replace(found, visible=layer.visible)

    def _alpha(self, layer: _Layer, name: str) -> np.ndarray:
        """What a layer paints, uint8 `[h, w]` of the canvas' size: its opacity; where it is opaque, its grey levels."""
        what = f"The layer “{name}”"
        if not _FILE.match(layer.source):
            raise MaskError(f"{what} holds no picture.", hint="Paint on it, or delete it, and save the file again.")
        data = self._archive.read(layer.source)
        alpha = image_io.alpha_of(data, what)
        if alpha.min() == 255:
            grey = image_io.mask_in(data, what)
            if grey is not None and grey.min() != grey.max():
                alpha = grey
        width, height = self._size
        full = np.zeros((height, width), np.uint8)
        x0, y0 = max(0, layer.x), max(0, layer.y)
        x1, y1 = min(width, layer.x + alpha.shape[1]), min(height, layer.y + alpha.shape[0])
        if x0 < x1 and y0 < y1:
            full[y0:y1, x0:x1] = alpha[y0 - layer.y : y1 - layer.y, x0 - layer.x : x1 - layer.x]
        return full


def prompt_of(names: Sequence[tuple[str, int]]) -> str:
    """A prompt in which each PHRASE#N stands, in this order. Raises SceneFileError where there can be none."""
    prompt = seen = ""
    for phrase, number in names:
        name = f"{phrase[:40]}…#{number}" if len(phrase) > 40 else f"{phrase}#{number}"
        if number > MAX_WORDS:
            raise SceneFileError(f"The layer “{name}” has too high a number.", hint=AGAIN)
        if len(phrase) > MAX_PROMPT:
            raise SceneFileError(f"The name of the layer “{name}” is too long.", hint="Give it a shorter name.")
        plain = folded(phrase)
        # Counting takes a look at the whole prompt, which is needless for a phrase that is new.
        lacking = max(0, number - len(occurrences(prompt, phrase))) if plain in seen else number
        if len(prompt) + lacking * (len(phrase) + 2) > MAX_PROMPT + 2:
            raise SceneFileError("The names of the layers make the prompt too long.", hint=AGAIN)
        prompt = ", ".join(([prompt] if prompt else []) + [phrase] * lacking)
        seen += f", {plain}" * bool(lacking)
        if find_phrase(f", {phrase}, ", phrase) is None:  # it begins with an accent, or the like
            raise SceneFileError(f"The layer “{name}” is not named after a word.", hint="Give it another name.")
    return prompt
