"""The second pass: a finished picture is scaled up and made anew a little, in tiles that have their own words."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageOps

from engine.facts import ModelFacts
from engine.protocol import Event, GenerateRequest, ImageReady, Loading, PaintedWord, Preview, StartPicture, Step
from engine.reworking.upscaling import upscaled
from resources.limits import MAX_SEED

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in pixels of the large picture."""

_OVERLAP = 0.25
"""Neighbouring tiles overlap by at least this share of their side."""
_OF_FIRST_PASS = 0.02
"""How much the picture of the first pass counts beside a tile that is made, in what the next tile begins from."""
_PREVIEW_SIDE = 512


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
) -> Generator[Event, None, np.ndarray]:
    """Make the second pass over a picture of the request; yields its progress, returns the large picture.

    Tiles are cross-faded where they overlap. Each begins from what those before it have made there, so that they agree.

    Args:
        request: what made the picture. rgb: the picture. image: its number. facts: of the model.
        run: runs one tile's request; its errors go through.
    """
    asked = request.refine
    assert asked is not None, "a second pass is asked for"
    first = upscaled(rgb, asked.scale, asked.upscaler, request.device)
    if not asked.strength:
        return first
    height, width = first.shape[:2]
    boxes = tiles_of((width, height), facts)
    weight = np.full((height, width, 1), _OF_FIRST_PASS, np.float32)
    total = first * weight
    shown = np.zeros_like(total)
    over = np.zeros_like(weight)
    for number, box in enumerate(boxes):
        left, top, right, bottom = box
        place = slice(top, bottom), slice(left, right)
        begun = np.rint(total[place] / weight[place]).astype(np.uint8)
        tile = _tile_request(request, begun, box, image, number)
        made = yield from _made(tile, run, image, number, len(boxes))
        fade = _fade(box, (width, height))
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
    return np.rint(shown / over).astype(np.uint8)


def _tile_request(request: GenerateRequest, begun: np.ndarray, box: Box, image: int, number: int) -> GenerateRequest:
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
        watched=(),
        previews=False,
        obedience=False,
    )


def _made(
    tile: GenerateRequest, run: Callable[[GenerateRequest], Iterator[Event]], image: int, number: int, count: int
) -> Generator[Event, None, np.ndarray]:
    """Run one tile; its steps are told as those of the whole pass."""
    made: np.ndarray | None = None
    for event in run(tile):
        if isinstance(event, ImageReady):
            made = event.rgb
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
