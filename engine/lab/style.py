"""The style lab: whether a reference transfers a look that was never trained on, and whether paint still works."""

from __future__ import annotations

import contextlib
import threading
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
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge, Verdict, compare
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, ratio_interval
from engine.models.families.sd import StableDiffusion
from engine.models.library import Library
from engine.protocol import GenerateRequest, StyleReference
from engine.text.encoders import ImageReader
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
    """A layout to be generated in a withheld look.

    Attributes:
        look: medium and light. layout: held out, and drawn in the plain look.
        reference: another scene in the look, uint8 `[SIZE, SIZE, 3]`. wrong: that scene in a look with another medium
            and another light.
        real: the layout itself in the look, as the procedural world draws it.
    """

    look: tuple[str, str]
    layout: Render
    reference: np.ndarray
    wrong: np.ndarray
    real: np.ndarray


def case(index: int) -> Case:
    """Case `index`: the withheld looks in turn, each as often with world layouts as with free ones."""
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
    """The unit of each statistic: its standard deviation over held-out renders, `per_look` of them in every look."""
    looks = [(medium, light) for medium in MEDIA for light in LIGHTS for _ in range(per_look)]
    return Scale.of(
        [
            SETS[("world", "free")[index % 2]](_SCALE_SEEDS + index).in_look(Look(*look, _SCALE_SEEDS + index))
            for index, look in enumerate(looks)
        ]
    )


class _Disordered:
    """An image encoder whose output tokens `[B, n, C]` have all their values permuted, always in the same way."""

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
    """Within it, the values of a reference's tokens are shuffled across tokens and channels.

    That keeps their distribution and destroys their information. (Only reordering the tokens would change nothing,
    because cross-attention does not depend on their order.)
    """
    encoder = reader.encoder
    # Replaced inside the reader, because the model's base and its experts share it.
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
    """The measurements of one condition's pictures, one entry per case.

    Attributes:
        distances: float64 `[n, 3]`, always from the reference in the withheld look, even if another one was given: over
            all statistics, over colour, and over texture; see `Scale.distances`.
        obedience: float64 `[n]`, the mean over the words, 0..1; NaN if it is unknown for every word.
        verdict: what the judge sees in the pictures.
    """

    distances: np.ndarray
    obedience: np.ndarray
    verdict: Verdict

    def of(self, picks: np.ndarray) -> Scores:
        """The scores of some of the cases, chosen by bool `[n]`."""
        verdict = Verdict(
            overlaps=self.verdict.overlaps[picks], found=self.verdict.found[picks], named=self.verdict.named[picks]
        )
        return Scores(distances=self.distances[picks], obedience=self.obedience[picks], verdict=verdict)


def score(cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge, scale: Scale) -> Scores:
    """Score one condition's pictures, one per case."""
    distances = [
        scale.distances(statistics(picture.rgb), statistics(each.reference))
        for each, picture in zip(cases, pictures, strict=True)
    ]
    known = [[value for value in picture.obedience if value is not None] for picture in pictures]
    return Scores(
        distances=np.array(distances),
        obedience=np.array([np.mean(values) if values else np.nan for values in known]),
        verdict=compare([each.layout for each in cases], judge.predict(np.stack([p.rgb for p in pictures]))),
    )


def row(condition: str, ours: Scores, none: Scores) -> dict[str, Any]:
    """A row of the result: means with 95 % bootstrap intervals over the layouts, and paired ratios to no reference."""
    whole, without = ours.distances[:, 0], none.distances[:, 0]
    known = ~np.isnan(ours.obedience) & ~np.isnan(none.obedience)
    kept, free = ours.obedience[known], none.obedience[known]
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
    """Measure how a model transfers looks that it was not trained on; returns the JSON object of `wordbrush lab style`.

    `n` held-out layouts are generated with the model's own settings and their true areas painted, in four conditions:
    with a `reference` that shows another scene in a withheld look; with `none`; with a `wrong` one, in a look with
    another medium and another light; and with the values of the reference's tokens `shuffled`. `distance` is always
    measured from the reference in the withheld look; `distance_real` is that of the world's own drawing in the look.
    The object's schema is 1.

    Args:
        n: number of layouts, 1 or more; the withheld looks are used in turn.
        model: a name in the library, or a path.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture.
        cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        UnsupportedModel: the model accepts no style references. RunCancelled: `cancel` was set. BadRequest: n below 1.
        EngineError: the engine's error, or `work` cannot be written.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    library = library or Library()
    facts = library.inspect(model)
    if not facts.takes_styles:
        raise UnsupportedModel(
            f'The model "{facts.name}" cannot take a style from a picture: it has no image encoder.',
            hint="Choose with --model one that has an image encoder.",
        )
    setup = prepare("style", facts, _SHUFFLE_SEED, device=device, work=work, judge=judge)
    judge, device, store = setup.judge, setup.device, setup.store
    clock = Clock(len(CONDITIONS) * n + 1.0, progress, cancel)
    scale = make_scale()
    clock.tick("measuring the looks", 1.0)
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
        **setup.sampling(),
        "paint_weight": facts.defaults.paint_weight,
        "work": str(store.folder),
        "seconds": setup.seconds(),
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
