"""What the labs ask of the engine: layouts of the world by set, their words painted, one request for a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.facts import Defaults
from engine.protocol import GenerateRequest, PaintedWord
from engine.world.scenes import Render, free_scene, render_scene

SIZE = 256
"""Sides of the labs' pictures in pixels."""

SETS: dict[str, Callable[[int], Render]] = {"world": render_scene, "free": free_scene}


def painted_words(layout: Render, index: int) -> tuple[PaintedWord, ...]:
    """All words of a layout, painted where it has them; `index` tells the lab's layouts apart."""
    return tuple(
        PaintedWord(span=span, mask=mask, revision=(layout.caption, span, index)) for _, span, mask in layout.words()
    )


def lab_request(
    index: int, layout: Render, *, model: str, device: str, defaults: Defaults, painted: bool = True, **fields: Any
) -> GenerateRequest:
    """A layout's caption, by default with its true areas painted, at the model's own steps and sampler.

    Args:
        index: of the layout; its seed too, so that all that a lab compares on one layout begins with the same noise.
        defaults: the model's own.
        fields: further fields of `GenerateRequest`, before these.
    """
    asked: dict[str, Any] = {
        "id": f"lab-{index}",
        "prompt": layout.caption,
        "width": SIZE,
        "height": SIZE,
        "steps": defaults.steps,
        "sampler": defaults.sampler,
        "seed": index,
        "model": model,
        "device": device,
        "words": painted_words(layout, index) if painted else (),
        "previews": False,
    }
    return GenerateRequest.of(**asked | fields)
