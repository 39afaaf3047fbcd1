"""The labs' requests: the sets of layouts, their painted words, and the request for one picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.facts import Defaults
from engine.protocol import GenerateRequest, PaintedWord
from engine.world.scenes import Render, free_scene, render_scene

SIZE = 256
"""Width and height of the labs' pictures in pixels."""

SETS: dict[str, Callable[[int], Render]] = {"world": render_scene, "free": free_scene}


def painted_words(layout: Render, index: int) -> tuple[PaintedWord, ...]:
    """All words of a layout, painted with their true areas; `index` keeps mask revisions of different layouts apart."""
    return tuple(
        PaintedWord(span=span, mask=mask, revision=(layout.caption, span, index)) for _, span, mask in layout.words()
    )


def lab_request(
    index: int, layout: Render, *, model: str, device: str, defaults: Defaults, painted: bool = True, **fields: Any
) -> GenerateRequest:
    """A request for a layout's caption, by default with its true areas painted, at the model's own steps and sampler.

    Args:
        index: the number of the layout, and the seed, so that everything compared on one layout starts from one noise.
        defaults: the model's own.
        fields: further fields of `GenerateRequest.of`; they override the ones set here.
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
        "place_words": False,  # without paint, the denoiser itself is asked
        "previews": False,
    }
    return GenerateRequest.of(**asked | fields)
