"""Looking at a noised picture with a denoiser: where its words draw attention, and what looks at what."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.attention.fidelity import NONE
from engine.errors import NotFinite, UnsupportedModel
from engine.experts.ensemble import Ensemble
from engine.experts.slots import find_slots
from engine.facts import InstalledModel
from engine.masking.recording import MOST_CELLS, recording
from engine.masking.sharpening import looks_together
from engine.models.architectures import architectures
from engine.models.library import Library
from engine.protocol import GenerateRequest, WordSearch
from engine.sampling.loop import SeededNoise

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Seen:
    """What the looks at a picture showed, on the CPU.

    Attributes:
        maps: for each level the words' attention, float32 `[words, h, w]`, the mean over layers, heads and looks; the
            words that were sought, then those beside them. looks: what looks at what on the grid of the finest level
            that shows it, float32 `[N, N]`, rows sum to 1, and that grid (h, w); None where the model does not show it.
    """

    maps: dict[int, Tensor]
    looks: tuple[Tensor, tuple[int, int]] | None

    @property
    def grid(self) -> tuple[int, int]:
        """(h, w) of the words' maps: that of `looks`, or the finest there is."""
        return max(tuple(each.shape[1:]) for each in self.maps.values()) if self.looks is None else self.looks[1]


def size_for(facts: InstalledModel, size: tuple[int, int]) -> tuple[int, int]:
    """(width, height) at which a model looks at a picture of that size: its own number of pixels, and no more cells in
    one sequence with the text than are recorded; sides are multiples of what it takes."""
    architecture = architectures().get(facts.family)
    step = facts.multiple
    area = facts.defaults.size[0] * facts.defaults.size[1]
    if architecture is not None and architecture.joint:
        area = min(area, MOST_CELLS * (step // architecture.cells) ** 2)
    width, height = size
    scale = (area / (width * height)) ** 0.5
    return tuple(max(step, int(side * scale) // step * step) for side in (width, height))  # type: ignore[return-value]


def look(
    search: WordSearch,
    library: Library,
    *,
    check: Callable[[], None] = lambda: None,
    told: Callable[[str, float], None] = lambda text, share: None,
) -> Seen:
    """Noise a picture to each of the search's levels once, and denoise it there in one step with its prompt.

    The mean over the levels is taken, as in DAAM over its steps; nothing is painted and no guidance acts.

    Args:
        check: called before every step; what it raises ends the work. told: hears what is done, and its share 0..1.

    Raises:
        UnsupportedModel: the model does not show where its words went. EngineError: what the engine reports.
    """
    facts = library.inspect(search.model)
    width, height = size_for(facts, (search.rgb.shape[1], search.rgb.shape[0]))
    request = GenerateRequest.of(
        id="sought", prompt=search.prompt, width=width, height=height, model=search.model, device=search.device,
        sampler=facts.defaults.sampler, steps=facts.defaults.steps, watched=(*search.words, *search.beside),
        encoders=(("clip", 1.0),) if facts.encoders[:1] == ("clip",) else None, experts=(),
        previews=False, compile="off",
    )  # fmt: skip
    slots = find_slots(request, facts, library)
    told("Loading the model", 0.0)
    family: Any = drain(library.loading(search.model, search.device, outside=True), check)
    ensemble = Ensemble(request, slots, family, library, guidance=1.0, paint_weight=0.0, fidelity=NONE, check=check)
    try:
        drain(ensemble.load(), check)
        ensemble.begin(1)
        rgb = Image.fromarray(search.rgb).resize((width, height), Image.Resampling.LANCZOS)
        clean = family.encode_picture(np.asarray(rgb)).to(family.device)
        noise = SeededNoise([search.seed], tuple(clean.shape[1:]), family.device)
        levels = sorted(search.noise, reverse=True)
        with recording(family) as seen:
            for number, sigma in enumerate(levels):
                check()
                told("Looking at the picture", 0.2 + 0.8 * number / len(levels))
                ensemble.activate(sigma, last=False)
                ensemble.denoise(clean + sigma * noise(), sigma, fraction=(number + 0.5) / len(levels))
        drawn = family.heatmaps()
        if drawn is None or not drawn.levels:
            raise UnsupportedModel(
                f'The model "{facts.name}" does not show where its words are.',
                hint="Find words with another model, such as the starter.",
            )
        layers = family.control.layers
        maps = {level: kept[0] / (layers[level] * len(levels)) for level, kept in drawn.on_host().levels.items()}
        if not all(bool(torch.isfinite(each).all()) for each in maps.values()):
            raise NotFinite.of("denoiser")
        return Seen(maps, looks_together(seen, {level: tuple(each.shape[1:]) for level, each in maps.items()}))
    finally:
        ensemble.close()


def drain(steps: Generator[Any, None, T], check: Callable[[], None]) -> T:
    """Run a loading to its end, asking `check` after each part of it."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
        check()
