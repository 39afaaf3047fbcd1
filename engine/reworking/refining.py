"""The second pass: a finished picture is scaled up and made anew a little, in tiles that have their own words."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from engine.facts import ModelFacts
from engine.protocol import Event, GenerateRequest, ImageReady, Loading, PaintedWord, Preview, StartPicture, Step
from engine.reworking.upscaling import upscaled
from resources.limits import MAX_SEED

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in pixels of the large picture."""
Span = tuple[int, int]

_OVERLAP = 0.25
"""Neighbouring tiles overlap by at least this share of their side."""
_OF_FIRST_PASS = 0.02
"""How much the picture of the first pass counts beside a tile that is made, in what the next tile begins from."""
_PREVIEW_SIDE = 512
_MAP_SIDE = 128
"""The longer side of heatmaps, in cells: as of a first pass of 1024 pixels, so that many words stay affordable."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SecondPass:
    """What a second pass made.

    Attributes:
        rgb: the large picture, uint8 `[h, w, 3]`.
        maps: float32 `[watched, h, w]`, where the request's watched spans went in its tiles, see
            `engine.protocol.Preview`; None where that was not measured.
        obedience: for each painted word, from the same maps, as `ImageReady.obedience`; empty where not measured.
    """

    rgb: np.ndarray
    maps: np.ndarray | None = None
    obedience: tuple[float | None, ...] = ()

    def reduced(self, size: tuple[int, int]) -> np.ndarray:
        """The picture at the request's size (width, height), in which its words' masks are."""
        return np.array(Image.fromarray(self.rgb).resize(size, Image.Resampling.BOX))


def tiles_of(size: tuple[int, int], facts: ModelFacts) -> list[Box]:
    """Return the tiles that cover a picture of `size` (width, height), row by row: each as large as the model likes
    best, or as the picture, and at most as far apart as lets them overlap by a quarter."""
    sides = [
        min(likes, length // facts.multiple * facts.multiple)
        for likes, length in zip(facts.defaults.size, size, strict=True)
    ]
    across, down = (_starts(length, side) for length, side in zip(size, sides, strict=True))
    return [(left, top, left + sides[0], top + sides[1]) for top in down for left in across]


def _starts(length: int, side: int) -> list[int]:
    step = side - math.ceil(side * _OVERLAP)
    count = 1 + math.ceil((length - side) / step)
    return [round(place) for place in np.linspace(0, length - side, count)]


def refined(
    request: GenerateRequest,
    rgb: np.ndarray,
    image: int,
    facts: ModelFacts,
    run: Callable[[GenerateRequest], Iterator[Event]],
    *,
    measure: bool = False,
) -> Generator[Event, None, SecondPass]:
    """Make the second pass over a picture of the request; yields its progress, returns what it made.

    Tiles are cross-faded where they overlap. Each begins from what those before it have made there, so that they agree.

    Args:
        request: what made the picture. rgb: the picture. image: its number. facts: of the model.
        run: runs one tile's request; its errors go through.
        measure: whether to tell where words went in the tiles; a first pass that was run knows it better.
    """
    asked = request.refine
    assert asked is not None, "a second pass is asked for"
    first = upscaled(rgb, asked.scale, asked.upscaler, request.device)
    if not asked.strength:
        return SecondPass(rgb=first)
    height, width = first.shape[:2]
    boxes = tiles_of((width, height), facts)
    weight = np.full((height, width, 1), _OF_FIRST_PASS, np.float32)
    total = first * weight
    shown = np.zeros_like(total)
    over = np.zeros_like(weight)
    maps = _Maps(request, (width, height)) if measure else None
    for number, box in enumerate(boxes):
        left, top, right, bottom = box
        place = slice(top, bottom), slice(left, right)
        begun = np.rint(total[place] / weight[place]).astype(np.uint8)
        tile = _tile_request(request, begun, box, image, number, () if maps is None else maps.spans)
        made, found = yield from _made(tile, run, image, number, len(boxes))
        fade = _fade(box, (width, height))
        if maps is not None and found is not None:
            maps.add(found, box, fade)
        for sums, weights in ((total, weight), (shown, over)):
            sums[place] += made * fade
            weights[place] += fade
        if request.report.previews:
            yield Preview(
                request_id=request.id,
                index=number + 1,
                image=image,
                rgb=_small(np.rint(total / weight).astype(np.uint8)),
            )
    rgb = np.rint(shown / over).astype(np.uint8)
    return SecondPass(rgb=rgb) if maps is None else maps.beside(rgb)


class _Maps:
    """The heatmaps of a large picture, laid together from those of its tiles as the picture is."""

    def __init__(self, request: GenerateRequest, size: tuple[int, int]) -> None:
        self._request, self._size = request, size
        watched = request.text.watched
        painted = [word.span for word in request.text.words] if request.report.obedience else []
        self.spans = tuple(dict.fromkeys((*watched, *painted)))
        """What is watched in each tile: what the request watches, and the painted words, for their obedience."""
        scale = _MAP_SIDE / max(size)
        self._cells = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        self._sums = np.zeros((len(self.spans), *self._cells[::-1]), np.float32)
        self._weights = np.zeros(self._cells[::-1], np.float32)

    def add(self, found: np.ndarray, box: Box, fade: np.ndarray) -> None:
        """A tile's heatmaps `[spans, h, w]`, and how much it counts, `[h, w, 1]` in pixels."""
        across, down = (cells / side for cells, side in zip(self._cells, self._size, strict=True))
        left, right = round(box[0] * across), max(round(box[0] * across) + 1, round(box[2] * across))
        top, bottom = round(box[1] * down), max(round(box[1] * down) + 1, round(box[3] * down))
        place, size = (slice(top, bottom), slice(left, right)), (right - left, bottom - top)
        share = _sized(fade[..., 0], size)
        self._weights[place] += share
        for sums, each in zip(self._sums, found, strict=True):
            sums[place] += share * _sized(each, size)

    def beside(self, rgb: np.ndarray) -> SecondPass:
        """The picture with what was found of its words."""
        if not self._weights.any():
            return SecondPass(rgb=rgb)
        maps = self._sums / np.maximum(self._weights, 1e-6)
        by_span = dict(zip(self.spans, maps, strict=True))
        watched = self._request.text.watched
        words = self._request.text.words if self._request.report.obedience else ()
        return SecondPass(
            rgb=rgb,
            maps=np.stack([by_span[span] for span in watched]) if watched else None,
            obedience=tuple(_obedience(by_span[word.span], word) for word in words),
        )


def _obedience(map_: np.ndarray, word: PaintedWord) -> float | None:
    """The share of a word's attention in its paint, as `engine.attention.heatmaps.obedience` has it, of one level."""
    if not word.strength or not word.mask.any() or not map_.sum() > 0:
        return None
    coverage = _sized(word.mask.astype(np.float32), map_.shape[::-1])
    inside = float((map_ * coverage).sum() / (max(float(coverage.max()), 1e-12) * map_.sum()))
    return min(1.0, inside if word.strength > 0 else 1 - inside)


def _sized(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    image = Image.fromarray(np.ascontiguousarray(values, np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BOX))


def _tile_request(
    request: GenerateRequest, begun: np.ndarray, box: Box, image: int, number: int, watched: tuple[Span, ...]
) -> GenerateRequest:
    """The request of one tile. A word whose paint lies elsewhere is pushed out of it."""
    asked = request.refine
    assert asked is not None
    left, top, right, bottom = box
    size = right - left, bottom - top
    place = left / asked.scale, top / asked.scale, right / asked.scale, bottom / asked.scale

    def inside(mask: np.ndarray) -> np.ndarray:
        return np.array(Image.fromarray(mask).resize(size, Image.Resampling.BILINEAR, box=place))

    bound = {lora.word for lora in request.adapters.loras}  # what is heard only where the word is painted

    def word_inside(index: int, word: PaintedWord) -> PaintedWord:
        revision = None if word.revision is None else (word.revision, box, asked.scale)
        mask = inside(word.mask)
        if mask.any() or not word.mask.any() or word.strength <= 0 or index in bound:
            return replace(word, mask=mask, revision=revision)
        return replace(word, mask=np.full_like(mask, 255), revision=revision, strength=-word.strength)

    controls = []
    for control in request.adapters.controls:
        fitted = Image.fromarray(np.ascontiguousarray(control.rgb))
        if fitted.size != request.picture.size:
            fitted = ImageOps.fit(fitted, request.picture.size, Image.Resampling.LANCZOS)
        part = fitted.resize(size, Image.Resampling.LANCZOS, box=place)
        controls.append(replace(control, rgb=np.array(part)))
    return request.replace(
        start=StartPicture(rgb=begun, strength=asked.strength),
        colours=None,
        edit=None,
        refine=None,
        words=tuple(word_inside(*each) for each in enumerate(request.text.words)),
        styles=tuple(
            style if style.mask is None else replace(style, mask=inside(style.mask))
            for style in request.conditioning.styles
        ),
        controls=tuple(controls),
        width=size[0],
        height=size[1],
        seed=(request.picture.seed + image + number) % (MAX_SEED + 1),
        count=1,
        batch=1,
        watched=watched,
        previews=False,
        obedience=False,
    )


def _made(
    tile: GenerateRequest, run: Callable[[GenerateRequest], Iterator[Event]], image: int, number: int, count: int
) -> Generator[Event, None, tuple[np.ndarray, np.ndarray | None]]:
    """Run one tile; its steps are told as those of the whole pass. Returns its picture and its heatmaps."""
    made: tuple[np.ndarray, np.ndarray | None] | None = None
    for event in run(tile):
        if isinstance(event, ImageReady):
            made = event.rgb, event.heatmaps
        elif isinstance(event, Step):
            done, total = number * event.total + event.index, count * event.total
            yield replace(event, index=done, total=total, image=image)
        elif isinstance(event, Loading):
            yield event
    assert made is not None, "a run that ends without an error has made its picture"
    return made


def _fade(box: Box, size: tuple[int, int]) -> np.ndarray:
    """How much a tile counts, float32 `[h, w, 1]`: 1 in its middle, down to nearly 0 at edges inside the picture."""
    left, top, right, bottom = box
    across = _ramp(right - left, left > 0, right < size[0])
    down = _ramp(bottom - top, top > 0, bottom < size[1])
    return (down[:, None] * across[None, :])[..., None]


def _ramp(length: int, at_start: bool, at_end: bool) -> np.ndarray:
    margin = math.ceil(length * _OVERLAP)
    rising = np.minimum((np.arange(length, dtype=np.float32) + 1) / (margin + 1), 1.0)
    return (rising if at_start else np.ones_like(rising)) * (rising[::-1] if at_end else 1.0)


def _small(rgb: np.ndarray) -> np.ndarray:
    image = Image.fromarray(rgb)
    image.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE), Image.Resampling.BOX)
    return np.array(image)
