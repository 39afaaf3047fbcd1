"""One short run without its picture: where the words' attention went, how long a step took, and what came out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from engine.attention.fidelity import NONE
from engine.attention.heatmaps import as_painted
from engine.checkup.layouts import Layout
from engine.errors import EngineError
from engine.experts.ensemble import Ensemble
from engine.experts.slots import find_slots
from engine.models.library import Library
from engine.protocol import GenerateRequest, PaintedWord

T = TypeVar("T")
STEPS = 4
"""Of each run: paint is strongest where the noise is, and all of the schedule is seen."""


class CheckCancelled(EngineError):
    """A check was stopped before its end."""

    def __init__(self) -> None:
        super().__init__("The check was stopped.", hint="Start it again; nothing of it was kept.")


@dataclass(frozen=True)
class Attended:
    """What a run showed.

    Attributes:
        shares: of each painted word, its share of the attention that its painted places pay, 0..1, mean over layers,
            heads and steps; empty where that was not asked.
        latents: the result, float32 `[1, C, h, w]`. step_ms: of each step.
    """

    shares: tuple[float, ...]
    latents: Any
    step_ms: tuple[float, ...]

    @property
    def inside(self) -> float:
        """The mean of the shares."""
        return sum(self.shares) / len(self.shares)


def request_of(
    layout: Layout, model: str, device: str, library: Library, *, paint_weight: float, seed: int, watched: bool = True
) -> GenerateRequest:
    """A layout as a request of a model, with its own sampler, guidance and size, and nothing but the paint's bias."""
    facts = library.inspect(model)
    likes = facts.defaults
    width, height = likes.size
    words = layout.painted(width, height)
    return GenerateRequest.of(
        id="check",
        prompt=layout.prompt,
        words=words,
        watched=tuple(word.span for word in words) if watched else (),
        # What diffusers' own pipelines read; a model's second encoder is nothing that they know.
        encoders=(("clip", 1.0),) if facts.encoders[:1] == ("clip",) else None,
        model=model,
        device=device,
        width=width,
        height=height,
        steps=min(STEPS, likes.steps),
        sampler=likes.sampler,
        seed=seed,
        paint_weight=paint_weight,
        place_words=False,
        guidance=likes.guidance,
        fidelity=NONE,
        previews=False,
    )


def drain(steps: Generator[Any, None, T], cancel: threading.Event) -> T:
    """Run a loading to its end. Raises CheckCancelled where `cancel` is set meanwhile."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
        if cancel.is_set():
            raise CheckCancelled


def attend(
    asked: GenerateRequest,
    library: Library,
    cancel: threading.Event,
    *,
    around: Callable[[Any], Any] | None = None,
) -> Attended:
    """Sample a request's first picture, without decoding it.

    Args:
        around: makes a context manager of the family whose denoiser works, for each of its calls.

    Raises:
        CheckCancelled: `cancel` is set. EngineError: what the engine reports.
    """
    from engine.sampling.loop import SeededNoise, sample

    def check() -> None:
        if cancel.is_set():
            raise CheckCancelled

    facts = library.inspect(asked.model)
    slots = find_slots(asked, facts, library)
    family = drain(library.loading(asked.model, asked.device, outside=True), cancel)
    guidance, weight = asked.sampling.guidance, asked.conditioning.paint_weight
    assert guidance is not None and weight is not None, "named by request_of"
    ensemble = Ensemble(
        asked, slots, family, library, guidance=guidance, paint_weight=weight, fidelity=NONE, check=check
    )  # fmt: skip
    try:
        drain(ensemble.load(), cancel)
        ensemble.begin(1)
        shape = (family.channels, *family.latent_size(*asked.picture.size))
        noise = SeededNoise([asked.picture.seed], shape, family.device)

        def steer(x: Any, step: Any) -> Any:
            check()
            ensemble.activate(step.sigma, last=False)
            return x

        def denoise(x: Any, step: Any) -> Any:
            with _nothing() if around is None else around(ensemble.family_at(step.sigma)):
                return ensemble.denoise(x, step.sigma, fraction=step.fraction)

        with as_painted():
            steps = list(
                sample(
                    asked.sampling.sampler,
                    ensemble.walk,
                    denoise,
                    noise,
                    steer=steer,
                    look=lambda x0, good, step: ensemble.keep(good, step),
                    mend=lambda failed, dropped: bool(ensemble.mend(failed, dropped)),
                )
            )
        maps = ensemble.evidence(1)[0][1]
        return Attended(
            () if maps is None else tuple(map(_inside, maps, asked.text.words)),
            steps[-1].x.float().cpu(),
            tuple(step.ms for step in steps),
        )
    finally:
        ensemble.close()


def _inside(heatmap: np.ndarray, word: PaintedWord) -> float:
    """The mean of a word's heatmap, float32 `[h, w]`, over its paint."""
    height, width = heatmap.shape
    rows = np.linspace(0, word.mask.shape[0], height, endpoint=False).astype(int)
    columns = np.linspace(0, word.mask.shape[1], width, endpoint=False).astype(int)
    step = (max(1, word.mask.shape[0] // height) // 2, max(1, word.mask.shape[1] // width) // 2)
    paint = word.mask[np.ix_(rows + step[0], columns + step[1])].astype(np.float64)
    return float((heatmap * paint).sum() / max(paint.sum(), 1.0))


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def stock_attention(family: Any) -> Iterator[None]:
    """In here the denoiser's layers attend as diffusers itself has it, and afterwards as before."""
    from diffusers.models.attention_processor import Attention, AttnProcessor2_0

    from engine.attention.transformer_control import TransformerControl

    if isinstance(family.control, TransformerControl):
        with family.control.set_aside():
            yield
        return
    network = family.unet
    before = {}
    for name, module in network.named_modules():
        kind = AttnProcessor2_0 if isinstance(module, Attention) else getattr(module, "_default_processor_cls", None)
        if kind is not None and hasattr(module, "processor"):
            before[name] = module.processor
            module.processor = kind()
    try:
        yield
    finally:
        for name, processor in before.items():
            network.get_submodule(name).processor = processor
