"""A scene becomes the engine's request."""

from __future__ import annotations

import dataclasses
import io
from collections import OrderedDict
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from canvas.masks import TiledMask
from canvas.scene import Scene, Settings
from canvas.style import Style
from engine.protocol import ExpertChoice, GenerateRequest, PaintedWord, StyleReference
from engine.references import reference_from_image

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
        styles=tuple(_style(scene, style) for style in scene.styles if style.strength),
        **_settings(scene.settings),
    )
    if live:
        return dataclasses.replace(request, live=True, count=1, steps=min(request.steps, LIVE_STEPS))
    return request


def _settings(settings: Settings) -> dict[str, Any]:
    """The settings as the request's fields: the two have the same names for the same things."""
    fields = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    if settings.experts is not None:
        fields["experts"] = tuple(ExpertChoice(**dataclasses.asdict(expert)) for expert in settings.experts)
    return fields


def _style(scene: Scene, style: Style) -> StyleReference:
    mask = _array_of(scene.masks[style.id]) if style.area else None
    rgb = _picture_of(style.picture)
    return StyleReference(rgb=rgb, strength=style.strength, semantic=style.semantic, mask=mask)


@lru_cache(maxsize=8)
def _picture_of(data: bytes) -> np.ndarray:
    return reference_from_image(Image.open(io.BytesIO(data)))


def _array_of(mask: TiledMask) -> np.ndarray:
    """The mask as one array; the last ones are kept, as live painting asks for the same ones again and again."""
    array = _arrays.get(mask.revision)
    if array is None:
        array = _arrays[mask.revision] = mask.to_array()
        if len(_arrays) > KEPT_ARRAYS:
            _arrays.popitem(last=False)
    _arrays.move_to_end(mask.revision)
    return array
