"""A scene becomes the engine's request."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from app.generation.live_settings import live_settings, with_quick_way
from canvas.files.image_io import read_rgb
from canvas.model import edits
from canvas.model.control import Control
from canvas.model.loras import as_read
from canvas.model.scene import Scene, Word, acting_ids, acting_words
from canvas.model.style import Style
from canvas.model.tiled_mask import TiledMask
from engine.facts import ModelFacts
from engine.protocol import ColourPaint, ControlPicture, GenerateRequest, Lora, PaintedWord, StyleReference
from engine.scoring.style_image import reference_from_image
from resources.settings import GenerationSettings, taken_from

SEED_RANGE = 2**32  # short enough to read out, wide enough never to repeat
KEPT_BYTES = 256 * 2**20
_last_colours: list[Any] = [None, None]
"""What the colours that were asked for last were made of, and their array."""
_arrays: OrderedDict[int, np.ndarray] = OrderedDict()
_lock = threading.Lock()  # of the arrays: live mode makes them on a thread


def reseeded(scene: Scene) -> Scene:
    """The scene with another seed."""
    return edits.set_settings(scene, seed=secrets.randbelow(SEED_RANGE))


def one_each(scene: Scene) -> tuple[Scene, ...]:
    """The scene, or one for each of its pictures where their prompts are to differ (`prompt_marks.one_each`)."""
    if scene.settings.count == 1 or "{" not in scene.prompt:
        return (scene,)
    from canvas.model import prompt_marks  # few prompts have marks

    return prompt_marks.one_each(scene)


def request_from_scene(
    scene: Scene, *, id: str, live: bool = False, facts: ModelFacts | None = None
) -> GenerateRequest:
    """The request that makes `scene`'s picture.

    Words whose text is gone, and words and painted styles that have no paint or no strength are left out: they would
    change nothing. With `facts`, so is what the model does not have: styles, the mood, encoders, attributes kept
    together. A live request makes one picture in few steps (`live_settings`). LoRA files that the prompt calls by a tag
    are called as those in the list are, and the tags are not read.
    """
    scene = as_read(scene)
    acting = acting_words(scene)
    masks = _masks_of(scene, acting)
    words = tuple(
        PaintedWord(
            span=word.span or (0, 0),
            mask=_array_of(masks[word.id]),
            revision=masks[word.id].revision,
            strength=word.strength,
            window=word.window,
            fidelity=word.fidelity,
        )
        for word in acting
    )
    request = GenerateRequest.of(
        id=id,
        prompt=scene.prompt,
        negative=scene.negative,
        width=scene.size[0],
        height=scene.size[1],
        words=words,
        styles=tuple(_style(scene, style, masks) for style in acting_styles(scene, facts)),
        colours=_colours(scene),
        controls=tuple(_control(control) for control in scene.controls if control.strength),
        loras=_loras(scene, [word.id for word in acting]),
        **taken_from(scene.settings, GenerationSettings),
    )
    if facts is not None and request.conditioning.encoders is not None:
        request = request.replace(encoders=_had(request.conditioning.encoders, facts))
    if facts is not None:  # the window has no CLIP guidance: it is for the command line
        request = request.replace(mood=request.conditioning.mood if facts.takes_styles else None, clip_guidance=0.0)
    if facts is not None and not facts.structured:
        request = request.replace(structured=False)
    if live:
        request = with_quick_way(request, facts)
        return request.replace(live=True, count=1, **live_settings(request, facts))
    return request


def makes_masks(scene: Scene) -> bool:
    """Whether the model gets other masks than were painted: of soft edges, or dealt out where words overlap."""
    return scene.settings.overlap != "add" or any(word.feather or word.overlap for word in acting_words(scene))


def make_masks(scene: Scene) -> None:
    """Make the masks that `request_from_scene` asks for, on any thread; it finds them made. Takes 10 to 100 ms."""
    scene = as_read(scene)
    acting = acting_words(scene)
    for mask in [_masks_of(scene, acting)[word.id] for word in acting]:
        _array_of(mask)


def _masks_of(scene: Scene, acting: Sequence[Word]) -> Mapping[str, TiledMask]:
    if not makes_masks(scene):
        return scene.masks
    from canvas.paint.acting import acting_masks

    return acting_masks(scene, acting)


def _loras(scene: Scene, acting: list[str]) -> tuple[Lora, ...]:
    """The scene's LoRA files that are on; one that is bound to a word without paint has no area and does nothing."""
    return tuple(
        Lora(lora.file, lora.weight, None if lora.word is None else acting.index(lora.word))
        for lora in scene.settings.loras
        if lora.on and lora.weight and (lora.word is None or lora.word in acting)
    )


def acting_styles(scene: Scene, facts: ModelFacts | None = None) -> list[Style]:
    """The styles that change something: of some strength, painted where they act by paint, and for a model that can."""
    if facts is not None and not facts.takes_styles:
        return []
    acting = acting_ids(scene)
    return [style for style in scene.styles if style.strength and _has_place(scene, style, acting)]


def _has_place(scene: Scene, style: Style, acting: frozenset[str]) -> bool:
    """Whether a style has somewhere to act: everywhere, or paint of its own or of its word, which acts."""
    if style.word is not None:
        return style.word in acting and not scene.masks[style.word].is_empty
    return not (style.area and scene.masks[style.id].is_empty)


def _had(encoders: tuple[tuple[str, float], ...], facts: ModelFacts) -> tuple[tuple[str, float], ...] | None:
    """The weights of the encoders that the model has; None, all of them, where it has none of these."""
    had = tuple((name, weight) for name, weight in encoders if name in facts.encoders)
    return had if any(weight for _name, weight in had) else None


def _control(control: Control) -> ControlPicture:
    return ControlPicture(
        rgb=_control_rgb(control.picture),
        kind=control.kind,
        prepare=control.prepare,
        model=control.model,
        strength=control.strength,
        window=control.window,
    )


def _colours(scene: Scene) -> ColourPaint | None:
    """What the run begins from: the colours, over the picture layers where there are some."""
    if not scene.ground_acts:
        return None
    layer, parts = scene.colours, [(each.pixels.revision, each.opacity) for each in scene.pictures if each.acts]
    if [layer.revision, *parts] != _last_colours[0]:
        _last_colours[:] = [[layer.revision, *parts], _ground_of(scene) if parts else layer.to_array()]
    return ColourPaint(rgba=_last_colours[1], strength=layer.strength)


def _ground_of(scene: Scene) -> np.ndarray:
    from canvas.paint.ground import ground_of

    return ground_of(scene)


@lru_cache(maxsize=4)
def _control_rgb(data: bytes) -> np.ndarray:
    return read_rgb(data, "A control picture")


def _style(scene: Scene, style: Style, masks: Mapping[str, TiledMask]) -> StyleReference:
    mask = _array_of(scene.masks[style.id]) if style.area else None
    if style.word is not None:
        mask = _array_of(masks[style.word])
    rgb = _picture_of(style.picture)
    return StyleReference(rgb=rgb, strength=style.strength, semantic=style.semantic, mask=mask)


@lru_cache(maxsize=8)
def _picture_of(data: bytes) -> np.ndarray:
    return reference_from_image(data)


def _array_of(mask: TiledMask) -> np.ndarray:
    """The mask as one array; the last 256 MiB are kept, as live painting asks for the same ones again and again."""
    with _lock:
        array = _arrays.get(mask.revision)
        if array is not None:
            _arrays.move_to_end(mask.revision)
            return array
    array = mask.to_array()
    with _lock:
        _arrays[mask.revision] = array
        while len(_arrays) > 1 and sum(each.nbytes for each in _arrays.values()) > KEPT_BYTES:
            _arrays.popitem(last=False)
    return array
