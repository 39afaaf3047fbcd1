"""The attention lab: where paint's bias should act in joint attention, and two ways to heatmaps, on any such model."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from engine.attention.fidelity import NONE
from engine.attention.placement import PLACEMENTS, placed
from engine.checkup.attending import STEPS, CheckCancelled, attend, drain, request_of
from engine.checkup.layouts import LAYOUTS
from engine.errors import BadRequest, InternalError
from engine.lab.concept_maps import Looked, by_attention, by_concepts, check_joint, share_in_paint
from engine.lab.progress import Clock, Progress, RunCancelled
from engine.models.families.base import RunConfig
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import Cancelled, Failed, Finished, GenerateRequest, ImageReady

UNPAINTED = "none"
TIMES = (0.3, 0.6, 0.9)
"""Of a flow, at which finished pictures are looked at: 0 is the picture, 1 noise. The paper looks once, midway."""


def run(
    *,
    model: str,
    n: int = 8,
    device: str = "auto",
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
) -> dict[str, Any]:
    """Measure a model whose text and picture share one attention; returns the JSON of `wordbrush lab attention`.

    Each of `n` layouts (`engine.checkup.layouts`, with a seed of its own) is made without paint, and with it in each
    variant of where the bias acts (`engine.attention.placement`). `inside` is the share of the attention that painted
    places pay to the text which goes to the word that is painted there, the paint's push included, as in
    `engine.checkup.check`; `obedience` the share of a word's attention that lies in its paint, as the text asks for it
    where no paint pushes; `seen` the share of the paint that shows the word, on models whose pictures the recogniser
    knows. The pictures of the default are then looked at in DAAM's way and in
    ConceptAttention's, at three levels of noise.

    Args:
        n: number of pictures of each kind, 1 or more.

    Returns:
        `rows`: the variants. `heatmaps`: the two ways, with how much of each word's map lies in its paint (`share`),
        how many times what a map that is the same everywhere has there (`lift`), how many words have their largest
        value in their paint (`pointing`), and the time of a look.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. UnsupportedModel: the model has no joint attention.
        EngineError: what the engine reports.
    """
    if n < 1:
        raise BadRequest(f"The number of pictures is {n}.", hint="Ask for 1 or more.")
    began = time.monotonic()
    library = library or Library()
    facts = library.inspect(model)
    clock = Clock((1 + len(PLACEMENTS)) * n + n, progress, cancel)
    with _stopping():
        family = check_joint(drain(library.loading(model, device, outside=True), clock.cancel))
    rows, made, same = [], [], set()
    for name in (UNPAINTED, *PLACEMENTS):
        layers = PLACEMENTS[name].layers(family.control.paths) if name in PLACEMENTS else frozenset()
        key = (layers, name in PLACEMENTS and PLACEMENTS[name].both)
        if key in same:
            continue  # a model without single blocks has no variant of its double ones
        same.add(key)
        found, inside = [], []
        for index in range(n):
            clock.tick(f"{name}: picture {index + 1} of {n}", 1)
            weight = 0.0 if name == UNPAINTED else facts.defaults.paint_weight
            layout = LAYOUTS[index % len(LAYOUTS)]
            asked = request_of(layout, model, device, library, paint_weight=weight, seed=index)
            with placed(PLACEMENTS.get(name, PLACEMENTS["image"])), _stopping():
                inside.append(attend(asked, library, clock.cancel).inside)
                found.append(_made(asked.replace(obedience=True, watched=()), library, clock.cancel))
            if name == "image":
                made.append((asked, found[-1].images[0].rgb))
        rows.append(_row(name, len(layers), sum(inside) / n, found))
    looks = [look for index, pair in enumerate(made) for look in _looks(family, *pair, index, clock)]
    return {
        "schema": 1,
        "rows": rows,
        "heatmaps": [_compared(way, looks) for way in ("daam", "concepts")],
        "model": facts.name,
        "family": facts.family,
        "device": str(family.device),
        "n": n,
        "steps": min(STEPS, facts.defaults.steps),
        "paint_weight": facts.defaults.paint_weight,
        "layers": len(family.control.paths),
        "seconds": time.monotonic() - began,
    }


@contextmanager
def _stopping() -> Iterator[None]:
    """What a check says where it is stopped, as labs say it."""
    try:
        yield
    except CheckCancelled:
        raise RunCancelled from None


def _made(asked: GenerateRequest, library: Library, cancel: threading.Event) -> Finished:
    *_, last = generate(asked, library=library, cancel=cancel)
    if isinstance(last, Cancelled):
        raise RunCancelled
    if isinstance(last, Failed):
        raise last.error
    if not isinstance(last, Finished) or not last.images:
        raise InternalError("A picture of the lab did not come.", hint="Please report this.", details=repr(last))
    return last


def _row(name: str, layers: int, inside: float, found: Sequence[Finished]) -> dict[str, Any]:
    images: list[ImageReady] = [each.images[0] for each in found]
    return {
        "placement": name,
        "title": "no paint" if name == UNPAINTED else PLACEMENTS[name].title,
        "layers": layers,
        "inside": inside,
        "obedience": _mean([value for image in images for value in image.obedience]),
        "seen": _mean([value for image in images for value in image.seen]),
        "step_ms": statistics.median(each.step_ms for each in found),
    }


def _looks(family: Any, asked: GenerateRequest, rgb: np.ndarray, index: int, clock: Clock) -> Iterator[dict[str, Any]]:
    """Both ways on one picture, at each of the noise levels."""
    import torch

    clock.tick(f"heatmaps: picture {index + 1}", 1)
    prompt, words = asked.text.prompt, asked.text.words
    guidance = asked.sampling.guidance if family.denoiser.takes_guidance else 1.0
    brief = RunConfig(
        context=family.encode(prompt, ""),
        words=words,
        size=asked.picture.size,
        guidance=1.0 if guidance is None else guidance,
        fidelity=NONE,
        heatmaps=True,
    )
    x0 = family.encode_picture(rgb).float()
    generator = torch.Generator().manual_seed(index)
    noise = torch.randn(x0.shape, generator=generator).to(x0.device)
    for moment in TIMES:
        sigma = moment / (1 - moment)
        x = x0 + sigma * noise
        family.begin(brief)
        try:
            drawn, likened = by_attention(family, brief, x, sigma), by_concepts(family, brief, prompt, x, sigma)
            for way, looked in (("daam", drawn), ("concepts", likened)):
                yield {"way": way, "time": moment, "ms": looked.ms, **_in_paint(family, looked, words)}
        finally:
            family.end()


def _in_paint(family: Any, looked: Looked, words: Sequence[Any]) -> dict[str, list[float]]:
    """Of each word: its map's share in the paint, that over the paint's share of the canvas, and whether the largest
    value lies in it."""
    shares = [share or 0.0 for share in share_in_paint(family, looked)]
    areas = [float(word.mask.mean()) / 255 for word in words]
    pointing = []
    for heatmap, word in zip(looked.maps.numpy(), words, strict=True):
        row, column = np.unravel_index(int(heatmap.argmax()), heatmap.shape)
        height, width = (side / cells for side, cells in zip(word.mask.shape, heatmap.shape, strict=True))
        pointing.append(float(word.mask[int((row + 0.5) * height), int((column + 0.5) * width)] >= 128))
    lifts = [share / max(area, 1e-6) for share, area in zip(shares, areas, strict=True)]
    return {"share": shares, "lift": lifts, "pointing": pointing}


def _compared(way: str, looks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    own = [look for look in looks if look["way"] == way]
    values = {key: _mean([value for look in own for value in look[key]]) for key in ("share", "lift", "pointing")}
    by_time = {
        f"lift_at_{moment:g}": _mean([value for look in own if look["time"] == moment for value in look["lift"]])
        for moment in TIMES
    }
    return {"way": way, **values, **by_time, "look_ms": statistics.median(look["ms"] for look in own)}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
