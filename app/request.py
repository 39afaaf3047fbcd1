"""A scene becomes the engine's request."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict

import numpy as np

from canvas.masks import TiledMask
from canvas.scene import Scene
from engine.protocol import GenerateRequest, PaintedWord

LIVE_STEPS = 6
KEPT_ARRAYS = 32
_arrays: OrderedDict[int, np.ndarray] = OrderedDict()


def request_from_scene(scene: Scene, *, id: str, live: bool = False) -> GenerateRequest:
    """The request that makes `scene`'s picture.

    Words whose text is gone, that have no paint or no strength are left out: they would change nothing. A live request
    makes one picture in few steps.
    """
    words = tuple(
        PaintedWord(
            span=word.span,
            mask=_array_of(scene.masks[word.id]),
            revision=scene.masks[word.id].revision,
            strength=word.strength,
            window=word.window,
        )
        for word in scene.words
        if word.span is not None and not scene.masks[word.id].is_empty and word.strength != 0
    )
    request = GenerateRequest(
        id=id,
        prompt=scene.prompt,
        negative=scene.negative,
        width=scene.size[0],
        height=scene.size[1],
        words=words,
        **dataclasses.asdict(scene.settings),  # the two have the same names for the same things
    )
    if live:
        return dataclasses.replace(request, live=True, count=1, steps=min(request.steps, LIVE_STEPS))
    return request


def _array_of(mask: TiledMask) -> np.ndarray:
    """The mask as one array; the last ones are kept, as live painting asks for the same ones again and again."""
    array = _arrays.get(mask.revision)
    if array is None:
        array = _arrays[mask.revision] = mask.to_array()
        if len(_arrays) > KEPT_ARRAYS:
            _arrays.popitem(last=False)
    _arrays.move_to_end(mask.revision)
    return array
