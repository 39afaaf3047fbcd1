"""The style lab: does a reference give a picture a look that was never trained on, and does the paint still hold?"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from engine.errors import BadRequest, UnsupportedModel
from engine.facts import Defaults
from engine.lab.color_stats import Scale, statistics
from engine.lab.image_store import Picture, PictureStore, default_folder, fingerprint, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, SIZE, lab_request
from engine.lab.segmentation_eval import Judge, Verdict, compare, load_judge
from engine.lab.statistics import bootstrap_interval, ratio_interval
from engine.models.families.sd import StableDiffusion
from engine.models.library import Library
from engine.protocol import GenerateRequest, StyleReference
from engine.text.encoders import ImageReader
from engine.weights.loading import pick_device
from engine.world.looks import LIGHTS, MEDIA, WITHHELD, Look
from engine.world.scenes import HELD_OUT, Render

CONDITIONS = ("reference", "none", "wrong", "shuffled")
LOOKS: tuple[tuple[str, str], ...] = tuple(sorted(WITHHELD))

_LAYOUT_SEEDS = HELD_OUT + 6_000_000
_REFERENCE_SEEDS = HELD_OUT + 7_000_000
_SCALE_SEEDS = HELD_OUT + 8_000_000
_SCALE_PER_LOOK = 2
_SHUFFLE_SEED = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A layout to be painted in a withheld look.

    Attributes:
        look: medium and light. layout: never trained on, and drawn plainly.
        reference: another scene in the look, uint8 `[SIZE, SIZE, 3]`. wrong: that scene in a look that shares neither.
        real: the layout itself in the look, as the world would draw it.
    """

    look: tuple[str, str]
    layout: Render
    reference: np.ndarray
    wrong: np.ndarray
    real: np.ndarray


def case(index: int) -> Case:
    """Case `index`: the withheld looks in turns, the world's and free layouts alike often in each."""
    turn = index % len(LOOKS)
    name = ("world", "free")[(index + index // len(LOOKS)) % 2]
    pair = LOOKS[turn]
    others = [look for look in (*LOOKS[turn + 1 :], *LOOKS[:turn]) if look[0] != pair[0] and look[1] != pair[1]]
    layout, scene = SETS[name](_LAYOUT_SEEDS + index), SETS[name](_REFERENCE_SEEDS + index)
    look, wrong = (Look(*each, _REFERENCE_SEEDS + index) for each in (pair, others[index // len(LOOKS) % len(others)]))
    return Case(
        look=pair,
        layout=layout,
        reference=scene.in_look(look, 0),
        wrong=scene.in_look(wrong, 0),
        real=layout.in_look(look, 1),
    )


def make_scale(per_look: int = _SCALE_PER_LOOK) -> Scale:
    """The unit of each statistic: its spread over held-out renders, so many in every look there is."""
    looks = [(medium, light) for medium in MEDIA for light in LIGHTS for _ in range(per_look)]
    return Scale.of(
        [
            SETS[("world", "free")[index % 2]](_SCALE_SEEDS + index).in_look(Look(*look, _SCALE_SEEDS + index))
            for index, look in enumerate(looks)
        ]
    )


class _Disordered:
    """An image encoder whose tokens `[B, n, C]` have their numbers permuted, the same way each time."""

    def __init__(self, encoder: Any, seed: int) -> None:
        self._encoder, self._seed = encoder, seed
        self.device, self.dtype = encoder.device, encoder.dtype

    def __call__(self, *, pixel_values: Tensor) -> SimpleNamespace:
        tokens = self._encoder(pixel_values=pixel_values).last_hidden_state
        order = np.random.default_rng(self._seed).permutation(tokens[0].numel())
        mixed = tokens.flatten(1)[:, torch.from_numpy(order).to(tokens.device)]
        return SimpleNamespace(last_hidden_state=mixed.view_as(tokens))


@contextlib.contextmanager
def shuffled(reader: ImageReader, seed: int = _SHUFFLE_SEED) -> Iterator[None]:
    """Within it, a reference's tokens come with their numbers in disorder, all tokens and channels mixed.

    Their distribution stays, what they say goes. (Tokens in another order would say the same to cross-attention.)
    """
    encoder = reader.encoder
    # In the reader itself, which the model's base and its experts share.
    reader.encoder = _Disordered(encoder, seed)
    try:
        yield
    finally:
        reader.encoder = encoder


def _request(index: int, each: Case, condition: str, model: str, device: str, defaults: Defaults) -> GenerateRequest:
    given = {"none": None, "wrong": each.wrong}.get(condition, each.reference)
    return lab_request(
        index,
        each.layout,
        model=model,
        device=device,
        defaults=defaults,
        styles=() if given is None else (StyleReference(rgb=given),),
        obedience=True,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """What one condition's pictures came to, one entry for each case.

    Attributes:
        distances: float64 `[n, 3]` from the reference in the withheld look, whichever was given: over all statistics,
            over colour, over texture; see `Scale.distances`.
        obedience: float64 `[n]`, the mean over the words, 0..1; NaN where it is unknown for every word.
        verdict: what the judge saw.
    """

    distances: np.ndarray
    obedience: np.ndarray
    verdict: Verdict

    def of(self, picks: np.ndarray) -> Scores:
        """Those of some cases, bool `[n]`."""
        verdict = Verdict(
            overlaps=self.verdict.overlaps[picks], found=self.verdict.found[picks], named=self.verdict.named[picks]
        )
        return Scores(distances=self.distances[picks], obedience=self.obedience[picks], verdict=verdict)


def score(cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge, scale: Scale) -> Scores:
    """Score one condition's pictures, one for each case."""
    distances = [
        scale.distances(statistics(picture.rgb), statistics(each.reference))
        for each, picture in zip(cases, pictures, strict=True)
    ]
    told = [[value for value in picture.obedience if value is not None] for picture in pictures]
    return Scores(
        distances=np.array(distances),
        obedience=np.array([np.mean(values) if values else np.nan for values in told]),
        verdict=compare([each.layout for each in cases], judge.predict(np.stack([p.rgb for p in pictures]))),
    )


def row(condition: str, ours: Scores, none: Scores) -> dict[str, Any]:
    """One of the result's rows: the means with 95 % bootstrap intervals over layouts, and paired ratios to no style."""
    whole, without = ours.distances[:, 0], none.distances[:, 0]
    told = ~np.isnan(ours.obedience) & ~np.isnan(none.obedience)
    kept, free = ours.obedience[told], none.obedience[told]
    ratio = bool(free.any())
    return {
        "condition": condition,
        "distance": float(whole.mean()),
        "distance_ci": list(bootstrap_interval(whole)),
        "ratio_to_none": float(whole.sum() / without.sum()),
        "ratio_to_none_ci": list(ratio_interval(whole, without)),
        "distance_colour": float(ours.distances[:, 1].mean()),
        "distance_texture": float(ours.distances[:, 2].mean()),
        "obedience": float(kept.mean()) if len(kept) else None,
        "obedience_ratio": float(kept.sum() / free.sum()) if ratio else None,
        "obedience_ratio_ci": list(ratio_interval(kept, free)) if ratio else None,
        "miou": ours.verdict.miou,
        "miou_ci": ours.verdict.miou_ci,
    }


def run(
    *,
    n: int = 48,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure how a model takes looks it was never trained on; the JSON object of `wordbrush lab style` (schema 1).

    `n` layouts that were never trained on are generated with the model's own settings, their true areas painted, in
    four conditions: with a `reference` of another scene in a withheld look, with `none`, with a `wrong` one of a look
    that shares neither medium nor light, and with the reference's tokens `shuffled`. `distance` is always that from the
    reference in the withheld look. `distance_real` is that of the world's own drawing of the layout in the look.

    Args:
        n: number of layouts, 1 or more; the withheld looks take turns.
        model: a name in the library, or a path.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder that keeps finished pictures; a run that was stopped goes on from there. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture.
        cancel: stops the run when it is set.
        library: where models are found and held. judge: labels the pictures. Default: the program's own.

    Raises:
        UnsupportedModel: the model takes no references. RunCancelled: it was stopped. BadRequest: n below 1.
        EngineError: what the engine reported, or `work` is not writable.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    began = time.monotonic()
    library = library or Library()
    facts = library.inspect(model)
    if not facts.takes_styles:
        raise UnsupportedModel(
            f'The model "{facts.name}" takes no style from a picture: it has no image encoder.',
            hint="Name with --model one that comes with an image encoder.",
        )
    judge = judge or load_judge()
    device = str(pick_device(device))
    store = PictureStore((work or default_folder()) / f"style-{fingerprint(facts.path, device, SIZE, _SHUFFLE_SEED)}")
    clock = Clock(len(CONDITIONS) * n + 1.0, progress, cancel)
    scale = make_scale()
    clock.tick("the looks' statistics", 1.0)
    cases = [case(index) for index in range(n)]
    pictures: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    for index, each in enumerate(cases):
        for condition in CONDITIONS:
            key = f"{index:04d}-{condition}"
            request = _request(index, each, condition, model, device, facts.defaults)
            made = store.ensure(key, partial(_make, request, condition, library=library, cancel=clock.cancel))
            pictures[condition].append(made)
            clock.tick(f"layout {index + 1} of {n}, {' '.join(each.look)}: {condition}", 1.0)
    scores = {condition: score(cases, pictures[condition], judge, scale) for condition in CONDITIONS}
    real = score(cases, [Picture(rgb=each.real, step_ms=0.0) for each in cases], judge, scale)
    picks = {look: np.array([each.look == look for each in cases]) for look in LOOKS}
    return {
        "schema": 1,
        "rows": [row(condition, scores[condition], scores["none"]) for condition in CONDITIONS],
        "looks": [
            {
                "look": " ".join(look),
                **row(condition, scores[condition].of(picks[look]), scores["none"].of(picks[look])),
            }
            for look in LOOKS
            if picks[look].any()
            for condition in CONDITIONS
        ],
        "distance_real": float(real.distances[:, 0].mean()),
        "distance_real_ci": list(bootstrap_interval(real.distances[:, 0])),
        "miou_real": real.verdict.miou,
        "n": n,
        "model": model,
        "device": device,
        "sampler": facts.defaults.sampler,
        "steps": facts.defaults.steps,
        "guidance": facts.defaults.guidance,
        "paint_weight": facts.defaults.paint_weight,
        "work": str(store.folder),
        "seconds": time.monotonic() - began,
    }


def _make(request: GenerateRequest, condition: str, *, library: Library, cancel: threading.Event) -> Picture:
    with _disorder(condition, request.model, request.device, library):
        return make(request, library=library, cancel=cancel)


def _disorder(condition: str, model: str, device: str, library: Library) -> contextlib.AbstractContextManager[None]:
    if condition != "shuffled":
        return contextlib.nullcontext()
    reader = cast(StableDiffusion, library.load(model, device)).image
    assert reader is not None, "the model takes styles"
    return shuffled(reader)
