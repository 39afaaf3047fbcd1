"""One request -> events, in the order one would tell it: encode, place the words, choose the expert, sample, decode.

Importing this module imports no torch: a window may hold it while it opens.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, TypeVar

from engine import preload
from engine.attention.fidelity import resolve
from engine.errors import EngineError, InternalError
from engine.experts.ensemble import Ensemble, count_missing, find_slots, share_of
from engine.models.library import Library, shared_library
from engine.protocol import (
    Cancelled,
    Event,
    Failed,
    Finished,
    GenerateRequest,
    ImageReady,
    Loading,
    Preview,
    Started,
    Step,
)
from engine.scoring.visible_share import seen
from engine.validation import check_request, check_size

if TYPE_CHECKING:
    from torch import Tensor

    from engine.facts import ModelFacts
    from engine.models.families.base import Family

T = TypeVar("T")


class Stopped(Exception):
    """The cancel event was set."""


def generate(
    request: GenerateRequest, *, library: Library | None = None, cancel: threading.Event | None = None
) -> Generator[Event, None, None]:
    """Runs a request in the calling thread and yields its events; the last one, and only that, is final.

    Nothing is raised: what goes wrong comes as `Failed` with a typed error. Loaded models stay in the library's memory
    for the next request.

    Args:
        request: see `GenerateRequest`.
        library: where models come from; by default one that all calls share.
        cancel: set it, from any thread, to stop before the next call of the denoiser; the final event is `Cancelled`.

    Example:
        >>> request = GenerateRequest.of(id="1", prompt="a house by a lake", steps=20, seed=7)
        >>> pictures = [event.rgb for event in generate(request) if isinstance(event, ImageReady)]
    """
    library = library or shared_library()
    cancel = cancel or threading.Event()
    try:
        yield from _Run(request, library, cancel).events()
    except Stopped:
        yield Cancelled(request_id=request.id)
    except Exception as error:
        yield Failed(request_id=request.id, error=_recover(error, request, library))


def warm_up(model: str, device: str, *, library: Library, cancel: threading.Event) -> Iterator[Event]:
    """Loads a model and its own experts ahead of the first request: `Loading` events with the id "", `Failed` if that
    fails."""
    try:
        facts = library.inspect(model)
        request = GenerateRequest.of(
            id="", prompt="", model=model, device=device, sampler=facts.defaults.sampler, steps=facts.defaults.steps
        )
        if not preload.here():
            yield Loading(request_id="", what="libraries", fraction=0.0)
            preload.bring()
        yield from _Run(request, library, cancel).bring(facts, guidance=1.0, paint_weight=0.0)
    except Stopped:
        return
    except Exception as error:
        yield Failed(request_id="", error=_recover(error, GenerateRequest.of(id="", prompt=""), library))


def _recover(error: Exception, request: GenerateRequest, library: Library) -> EngineError:
    """Frees what the failed request held (after an out-of-memory the models too) and types the error."""
    if isinstance(error, EngineError):
        return error
    report = "".join(traceback.format_exception(error))
    # The traceback's frames hold tensors; without them the memory can go back before anybody is told.
    traceback.clear_frames(error.__traceback__)
    try:
        from engine.weights.loading import free_memory, is_out_of_memory, out_of_memory

        if is_out_of_memory(error):
            library.release()
            return out_of_memory(error, size=request.picture.size, batch=request.picture.batch)
        free_memory()
    except Exception as second:  # torch does not load, or its device is gone: the first error is still to be told
        report += f"\nIn tidying up: {second!r}"
    return InternalError(
        "Something went wrong inside Wordbrush.",
        hint="Try again; if it happens again, copy the details into a report.",
        details=report,
    )


def _announced(
    loading: Generator[tuple[str, float], None, T], request_id: str, cancel: threading.Event
) -> Generator[Event, None, T]:
    """A loading as events, stopped between two of them where that is asked for."""
    while True:
        try:
            what, fraction = next(loading)
        except StopIteration as done:
            result: T = done.value
            return result
        yield Loading(request_id=request_id, what=what, fraction=fraction)
        if cancel.is_set():
            raise Stopped


class _Run:
    """One request on its way to pictures."""

    def __init__(self, request: GenerateRequest, library: Library, cancel: threading.Event) -> None:
        self.request = request
        self.library = library
        self.cancel = cancel
        self.began = time.perf_counter()
        self.step_ms: list[float] = []
        self.images: list[ImageReady] = []

    def check_cancel(self) -> None:
        if self.cancel.is_set():
            raise Stopped

    def events(self) -> Iterator[Event]:
        """All events of the request; raises where it fails or is stopped."""
        request = self.request
        check_request(request)
        facts = self.library.inspect(request.model)
        check_size(request, facts)
        self.check_cancel()
        if not preload.here():
            yield Loading(request_id=request.id, what="libraries", fraction=0.0)
            preload.bring()
        from engine.attention.laws import find_law

        find_law(request.conditioning.law)
        guidance, paint_weight = request.sampling.guidance, request.conditioning.paint_weight
        guidance = facts.defaults.guidance if guidance is None else float(guidance)
        paint_weight = facts.defaults.paint_weight if paint_weight is None else float(paint_weight)
        family, ensemble = yield from self.bring(facts, guidance=guidance, paint_weight=paint_weight)
        try:
            yield Started(
                request_id=request.id,
                model=facts.name,
                device=str(family.device),
                steps=request.sampling.steps,
                count=request.picture.count,
                guidance=guidance,
                paint_weight=paint_weight,
            )
            for first in range(0, request.picture.count, request.picture.batch):
                yield from self._sample(family, ensemble, first)
        finally:
            ensemble.close()
        yield Finished(
            request_id=request.id,
            images=tuple(self.images),
            seconds=time.perf_counter() - self.began,
            step_ms=sum(self.step_ms) / len(self.step_ms),
            model=facts.name,
            device=str(family.device),
        )

    def bring(
        self, facts: ModelFacts, *, guidance: float, paint_weight: float
    ) -> Generator[Event, None, tuple[Family, Ensemble]]:
        """Loads the request's model and its experts."""
        request, library = self.request, self.library
        slots = find_slots(request, facts, library)
        fresh = library.held(facts.path, request.device) is None
        loadings = 1 + count_missing(slots, request, library)
        base = share_of(library.loading(request.model, request.device, outside=True), 0, loadings)
        family = yield from _announced(base, request.id, self.cancel)
        asked = request.conditioning
        fidelity = resolve(asked.fidelity, law=asked.law, default=facts.defaults.fidelity)
        ensemble = Ensemble(
            request, slots, family, library, guidance=guidance, paint_weight=paint_weight, fidelity=fidelity
        )
        yield from _announced(ensemble.load(done=int(fresh)), request.id, self.cancel)
        return family, ensemble

    def _sample(self, family: Family, ensemble: Ensemble, first: int) -> Iterator[Event]:
        """Samples and decodes the pictures from `first` on that fit a batch, together."""
        import torch

        from engine.sampling.samplers import SAMPLERS

        request = self.request
        count = request.picture.count
        batch = min(request.picture.batch, count - first)
        seeds = [request.picture.seed + first + index for index in range(batch)]
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        shape = (family.channels, *family.latent_size(*request.picture.size))

        def noise() -> Tensor:
            # Drawn on the CPU, picture by picture: the same on every device and in every batch.
            return torch.stack([torch.randn(shape, generator=each) for each in generators]).to(family.device)

        walk = ensemble.walk
        steps = len(walk.timesteps)
        done = 0

        def denoise(x: Tensor, sigma: float) -> Tensor:
            self.check_cancel()
            ensemble.bring(sigma, last=first + batch == count)
            self.check_cancel()  # that may have taken its time
            fraction = (done + 0.5) / steps
            x.copy_(ensemble.steer(x, sigma, step=done, fraction=fraction))
            return ensemble.denoise(x, sigma, fraction=fraction)

        ensemble.begin(batch)
        start = noise() * walk.start
        clock = time.perf_counter()
        for x, x0 in SAMPLERS[request.sampling.sampler](denoise, start, walk.sigmas, noise):
            if family.device.type == "cuda":
                torch.cuda.synchronize(family.device)
            self.step_ms.append((time.perf_counter() - clock) * 1000)
            sigma = walk.sigmas[done]
            done += 1
            yield Step(
                request_id=request.id,
                index=done,
                total=steps,
                image=first,
                sigma=sigma,
                expert=ensemble.name_at(sigma),
                step_ms=self.step_ms[-1],
            )
            if request.report.previews:
                maps = ensemble.heatmaps()
                for offset, rgb in enumerate(family.preview(x0)):
                    yield Preview(
                        request_id=request.id,
                        index=done,
                        image=first + offset,
                        rgb=rgb,
                        heatmaps=None if maps is None else maps[offset],
                    )
            clock = time.perf_counter()
            latents = x
        ensemble.check_ours()
        maps = ensemble.heatmaps()
        for offset, latent in enumerate(family.noise.to_input(latents, walk.sigmas[-1])):
            self.check_cancel()
            ensemble.check_ours()
            rgb = family.decode(latent[None])[0]
            known = family.facts.names if request.report.obedience else ()
            image = ImageReady(
                request_id=request.id,
                image=first + offset,
                seed=seeds[offset],
                rgb=rgb,
                seen=seen(rgb, request.text.prompt, request.text.words, known=known),
                obedience=ensemble.obedience(offset),
                heatmaps=None if maps is None else maps[offset],
            )
            self.images.append(image)
            yield image
