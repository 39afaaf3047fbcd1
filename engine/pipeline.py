"""Runs one request and yields its events: encodes the text, places the words, picks experts, samples and decodes.

Importing this module does not import torch, so a window can import it while it opens.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from engine import preload
from engine.attention.fidelity import resolve
from engine.experts.compiled import Ahead, between_pictures
from engine.experts.ensemble import Ensemble
from engine.experts.relief import let_go, recovered
from engine.experts.shares import Stopped, announced, share_of
from engine.experts.slots import count_missing, find_slots
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
from engine.validation import check_instructs, check_request, check_size

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from engine.facts import InstalledModel
    from engine.models.families.base import Family
    from engine.models.families.fine import FinePicture
    from engine.reworking.refining import SecondPass
    from engine.reworking.session import Rework
    from engine.sampling.loop import SampledStep
    from engine.sampling.preview import PreviewPace

_log = logging.getLogger(__name__)
Shares = tuple[float | None, ...]


def generate(
    request: GenerateRequest,
    *,
    library: Library | None = None,
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
    ahead: Ahead | None = None,
) -> Generator[Event, None, None]:
    """Run a request in the calling thread and yield its events; exactly the last one is final.

    Nothing is raised: errors come as `Failed` with a typed error. Loaded models stay in memory for the next request.

    Args:
        request: see `GenerateRequest`.
        library: the models to use; by default one that all calls share.
        cancel: set it, from any thread, to stop before the next layer of a network; the final event is `Cancelled`.
        clock: a clock in seconds that limits how often previews come.
        ahead: called after pictures with the denoisers for which a compiled one was wanted that is not there yet; see
            `engine.models.compiling.background`.

    Example:
        >>> request = GenerateRequest.of(id="1", prompt="a house by a lake", steps=20, seed=7)
        >>> pictures = [event.rgb for event in generate(request) if isinstance(event, ImageReady)]
    """
    library = library or shared_library()
    cancel = cancel or threading.Event()
    began = time.perf_counter()
    picture, sampling = request.picture, request.sampling
    _log.info(
        "Request %s: %s on %s, %d of %dx%d, %d steps of %s, seed %d, %d painted words",
        request.id, request.model, request.device, picture.count, picture.width, picture.height, sampling.steps,
        sampling.sampler, picture.seed, len(request.text.words),
    )  # fmt: skip
    run: _Run | None = _Run(request, library, cancel, clock, ahead)
    try:
        assert run is not None, "made just now"
        yield from run.events()
        _log.info("Request %s: done in %.1f s", request.id, time.perf_counter() - began)
        between_pictures(run.ensemble, ahead, more=False)
    except Stopped:
        _log.info("Request %s: cancelled after %.1f s", request.id, time.perf_counter() - began)
        yield Cancelled(request_id=request.id)
    except Exception as error:
        run = None  # it would keep the model in memory
        failure = recovered(error, request, library)
        _log.warning("Request %s: failed with %s", request.id, type(failure).__name__)
        yield Failed(request_id=request.id, error=failure)


def warm_up(model: str, device: str, *, library: Library, cancel: threading.Event) -> Iterator[Event]:
    """Load a model and its own experts before the first request; yields `Loading` events with the id "", and `Failed`
    if loading fails."""
    try:
        facts = library.inspect(model)
        request = GenerateRequest.of(
            id="", prompt="", model=model, device=device, sampler=facts.defaults.sampler, steps=facts.defaults.steps
        )
        if not preload.are_loaded():
            yield Loading(request_id="", what="libraries", fraction=0.0)
            preload.load_libraries()
        yield from _Run(request, library, cancel).load(facts, guidance=1.0, paint_weight=0.0)
    except Stopped:
        return
    except Exception as error:
        yield Failed(request_id="", error=recovered(error, GenerateRequest.of(id="", prompt=""), library))


class _Run:
    """The state of one request while it runs."""

    def __init__(
        self,
        request: GenerateRequest,
        library: Library,
        cancel: threading.Event,
        clock: Callable[[], float] = time.monotonic,
        ahead: Ahead | None = None,
    ) -> None:
        self.ahead = ahead
        self.request = request
        self.library = library
        self.cancel = cancel
        self.clock = clock
        self.pace: PreviewPace | None = None
        self.family: Family | None = None
        self.ensemble: Ensemble | None = None
        self.rework: Rework | None = None
        """Where the run begins from a picture; `request` is then that of the area that is worked on."""
        self.asked = (1.0, 0.0)
        """Guidance and paint weight, with the model's defaults filled in."""
        self.began = time.perf_counter()
        self.step_ms: list[float] = []
        self.images: list[ImageReady] = []

    def check_cancel(self) -> None:
        if self.cancel.is_set():
            raise Stopped

    def events(self) -> Iterator[Event]:
        """Yield all events of the request; raises if it fails or is stopped."""
        request = self.request
        check_request(request)
        facts = self.library.inspect(request.model)
        if request.start is not None or request.colours is not None:
            from engine.reworking.session import rework_of

            self.rework = rework_of(request, facts)
            request = self.request if self.rework is None else self.rework.request
            self.request = request
        check_size(request, facts)
        check_instructs(request, facts)
        self.check_cancel()
        if not preload.are_loaded():
            yield Loading(request_id=request.id, what="libraries", fraction=0.0)
            preload.load_libraries()
        from engine.attention.laws import find_law

        find_law(request.conditioning.law)
        guidance, paint_weight = request.sampling.guidance, request.conditioning.paint_weight
        usual = facts.defaults.guidance_for(instruction=request.instruct is not None)
        guidance = usual if guidance is None else float(guidance)
        paint_weight = facts.defaults.paint_weight if paint_weight is None else float(paint_weight)
        self.asked = guidance, paint_weight
        yield from self._load_where_it_fits(facts)
        assert self.family is not None and self.ensemble is not None, "loaded"
        together = 1 if self.ensemble.places else request.picture.batch
        try:
            yield Started(
                request_id=request.id,
                model=facts.name,
                device=str(self.family.device),
                steps=request.sampling.steps,
                count=request.picture.count,
                guidance=guidance,
                paint_weight=paint_weight,
            )
            for first in range(0, request.picture.count, together):
                if first:
                    between_pictures(self.ensemble, self.ahead, more=True)
                yield from self._sample(first, min(together, request.picture.count - first))
            device = str(self.family.device)
        finally:
            if self.ensemble is not None:
                self.ensemble.close()
        yield Finished(
            request_id=request.id,
            images=tuple(self.images),
            seconds=time.perf_counter() - self.began,
            step_ms=sum(self.step_ms) / max(1, len(self.step_ms)),
            model=facts.name,
            device=device,
        )

    def load(
        self, facts: InstalledModel, *, guidance: float, paint_weight: float
    ) -> Generator[Event, None, tuple[Family, Ensemble]]:
        """Load the request's model and its experts."""
        request, library = self.request, self.library
        slots = find_slots(request, facts, library)
        fresh = library.held(facts.path, request.device) is None
        loadings = 1 + count_missing(slots, request, library)
        base = share_of(
            library.loading(request.model, request.device, outside=True, memory=request.memory), 0, loadings
        )
        family = yield from announced(base, request.id, self.cancel)
        if self.rework is not None and self.rework.inverts:
            from engine.editing.inversion import invert_for

            found = invert_for(self.rework, slots, family, library, check=self.check_cancel)
            yield from announced(found, request.id, self.cancel)
        asked = request.conditioning
        fidelity = resolve(asked.fidelity, law=asked.law, default=facts.defaults.fidelity)
        made = Ensemble
        if request.edit is not None:
            from engine.editing.ensemble import EditedEnsemble as made
        elif request.instruct is not None:
            from engine.editing.instructed import InstructedEnsemble as made
        ensemble = made(
            request, slots, family, library, guidance=guidance, paint_weight=paint_weight, fidelity=fidelity,
            check=self.check_cancel,
        )  # fmt: skip
        yield from announced(ensemble.load(done=int(fresh)), request.id, self.cancel)
        return family, ensemble

    def _sample(self, first: int, batch: int) -> Iterator[Event]:
        """Sample and decode one batch of pictures, starting with number `first`."""
        request = self.request
        if self.rework is not None and not self.rework.start.strength:
            unknown = (None,) * len(request.text.words) if request.report.obedience else ()
            for number in range(first, first + batch):
                yield from self._ready(self.rework.start.rgb.copy(), number, unknown, None)
            return
        latents = yield from self._walk(first, batch)
        assert self.family is not None and self.ensemble is not None, "loaded"
        family, ensemble = self.family, self.ensemble
        ensemble.check_ours()
        evidence = ensemble.evidence(batch)
        coder = getattr(family, "coder", None)
        for offset, latent in enumerate(family.noise.to_input(latents, ensemble.walk.sigmas[-1])):
            self.check_cancel()
            ensemble.check_ours()
            rgb, fine = family.decode(latent[None])[0], None if coder is None else coder.fine(deep=request.report.deep)
            rgb = made = rgb if fine is None else fine.rgb
            yield from map(self._news, () if coder is None else coder.told())
            obedience, heatmaps = evidence[offset]
            rgb = ensemble.placed(rgb, offset)
            if self.rework is not None:
                rgb, heatmaps = self.rework.placed(rgb), self.rework.placed_maps(heatmaps)
            yield from self._ready(rgb, first + offset, obedience, heatmaps, fine if rgb is made else None)

    def _ready(
        self, rgb: np.ndarray, number: int, shares: Shares, maps: np.ndarray | None, fine: FinePicture | None = None
    ) -> Iterator[Event]:
        """Hand out picture `number`, after its second pass where one is asked for."""
        assert self.family is not None, "loaded"
        request = self.request if self.rework is None else self.rework.whole
        known = self.family.facts.names if request.report.obedience else ()
        looked_at = rgb
        if request.refine is not None:
            second = yield from self._refine(request, rgb, number, measure=maps is None)
            rgb, fine, looked_at = second.rgb, None, second.reduced(request.picture.size)
            shares, maps = second.obedience or shares, second.maps if maps is None else maps
        looks = seen(looked_at, request.text.prompt, request.text.words, known=known)
        image = ImageReady(
            request_id=request.id,
            image=number,
            seed=request.picture.seed + number,
            rgb=rgb,
            seen=looks,
            obedience=shares,
            heatmaps=maps,
            **({} if fine is None else {"rgba": fine.rgba, "deep": fine.deep}),
        )
        self.images.append(image)
        yield image

    def _refine(
        self, whole: GenerateRequest, rgb: np.ndarray, image: int, *, measure: bool
    ) -> Generator[Event, None, SecondPass]:
        """The second pass over a finished picture: each tile is a run of its own on the same models."""
        from engine.reworking.refining import refined

        assert self.family is not None and self.ensemble is not None, "loaded"
        self.ensemble.pause()
        return (
            yield from refined(
                whole.replace(device=self.request.device), rgb, image, self.family.facts,
                lambda tile: _Run(tile, self.library, self.cancel, self.clock).events(), measure=measure,
            )
        )  # fmt: skip

    def _walk(self, first: int, batch: int) -> Generator[Event, None, Tensor]:
        """Samples the pictures from `first` on and returns their latents. Where the device's memory runs out it makes
        room and goes on after the last good step."""
        from engine.sampling.loop import SeededNoise, WalkStep, sample
        from engine.sampling.preview import PreviewPace
        from engine.sampling.readback import HostCopy
        from engine.weights.loading import is_out_of_memory

        request, rework = self.request, self.rework
        pace = self.pace = self.pace or PreviewPace(self.clock)
        news: list[Event] = []

        def now() -> tuple[Family, Ensemble]:
            # Asked for at each call: a reference that is kept would keep the memory, too.
            assert self.family is not None and self.ensemble is not None, "loaded"
            return self.family, self.ensemble

        def denoise(x: Tensor, step: WalkStep) -> Tensor:
            return now()[1].denoise(x, step.sigma, fraction=step.fraction)

        def steer(x: Tensor, step: WalkStep) -> Tensor:
            self.check_cancel()
            now()[1].activate(step.sigma, last=first + batch == request.picture.count)
            self.check_cancel()  # that may have taken its time
            x = x if rework is None else rework.put_back(x, step.sigma, step.done)
            return now()[1].steer(x, step)

        def look(x0: Tensor, good: Tensor, step: WalkStep) -> tuple[HostCopy, HostCopy | None] | None:
            family, ensemble = now()
            ensemble.keep(good, step)
            if not request.report.previews or not pace.due():
                return None
            maps = ensemble.heatmaps()
            return HostCopy(family.preview.pixels(ensemble.shown(x0))), None if maps is None else HostCopy(maps)

        def mend(failed: WalkStep, dropped: Sequence[WalkStep]) -> bool:
            wider = now()[1].mend(failed, dropped)
            if wider:
                news.append(self._news(f"denoiser in {wider}"))
            return bool(wider)

        last: SampledStep | None = None
        while True:
            try:
                now()[1].begin(batch, first)
                seeds = [request.picture.seed + first + index for index in range(batch)] * now()[1].lanes
                shape = (now()[0].channels, *now()[0].latent_size(*request.picture.size))
                noise = SeededNoise(seeds, shape, now()[0].device)
                walk, sampler = now()[1].walk, request.sampling.sampler
                latent = None if rework is None else rework.begin(now()[0], walk, noise)
                run = sample(
                    sampler, walk, denoise, noise, steer=steer, look=look, mend=mend, latent=latent, resume=last
                )
                for done in run:
                    last = done
                    yield from news
                    news.clear()
                    yield from self._tell(done, now()[1].name_at(done.step.sigma), first, batch)
                assert last is not None, "a walk has a step"
                return now()[1].shown(last.x if rework is None else rework.put_back(last.x, walk.sigmas[-1], 1.0))
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error) or now()[0].device.type == "cpu":
                    raise
                _log.warning("Request %s: out of memory after %s", request.id, "no step" if last is None else last.step)
                let_go(error)
            yield from self._make_room()

    def _tell(self, done: SampledStep, expert: str, first: int, batch: int) -> Iterator[Event]:
        """The events of a step that is done."""
        self.step_ms.append(done.ms)
        index = done.step.index + 1
        yield Step(
            request_id=self.request.id,
            index=index,
            total=done.step.total,
            image=first,
            sigma=done.step.sigma,
            expert=expert,
            step_ms=done.ms,
        )
        if done.looked is not None:
            shown, heat = done.looked
            pixels, maps = shown.get().numpy(), None if heat is None else heat.get().numpy()
            if self.rework is not None:
                pixels, maps = self.rework.placed_previews(pixels, maps)
            for offset in range(batch):
                yield Preview(
                    request_id=self.request.id,
                    index=index,
                    image=first + offset,
                    rgb=pixels[offset],
                    heatmaps=None if maps is None else maps[offset],
                )

    def _news(self, what: str) -> Loading:
        return Loading(request_id=self.request.id, what=what, fraction=1.0)

    def _make_room(self) -> Iterator[Event]:
        """The next thing that helps where a device's memory ran out; at last the CPU goes on."""
        assert self.ensemble is not None, "loaded"
        said = self.ensemble.relieve()
        if said:
            yield self._news(said)
        else:
            self.ensemble.close()
            self.family = self.ensemble = None
            yield from self._load_on_cpu()

    def _load_on_cpu(self) -> Iterator[Event]:
        self.library.release()
        self.request = self.request.replace(device="cpu")
        yield self._news("the model on the CPU, as the device's memory is not enough")
        yield from self._load_into_self(self.library.inspect(self.request.model))

    def _load_into_self(self, facts: InstalledModel) -> Iterator[Event]:
        guidance, weight = self.asked
        self.family, self.ensemble = yield from self.load(facts, guidance=guidance, paint_weight=weight)

    def _load_where_it_fits(self, facts: InstalledModel) -> Iterator[Event]:
        """Loads the model; where the memory runs out meanwhile once more with all others let go, then on the CPU."""
        from engine.weights.loading import is_out_of_memory, pick_device

        for again in (False, True):
            try:
                yield from self._load_into_self(facts)
                return
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error) or pick_device(self.request.device).type == "cpu":
                    raise
                _log.warning("Request %s: out of memory in loading", self.request.id)
                let_go(error)
            self.library.release()
            if not again:
                yield self._news("the model again, with nothing else in memory")
        yield from self._load_on_cpu()
