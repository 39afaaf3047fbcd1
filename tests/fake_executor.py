"""An executor without torch: numpy makes its pictures from the request, at once or as slowly as a test wants."""

from __future__ import annotations

import dataclasses
import math
import threading
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest, DeviceUnavailable, EngineError, ModelNotFound
from engine.executor import Listener
from engine.facts import BASE, STARTER, Defaults, ExpertFacts, ModelFacts, ModelInfo, NoiseLevels
from engine.protocol import (
    Cancelled,
    Event,
    ExpertChoice,
    Failed,
    Finished,
    GenerateRequest,
    ImageReady,
    Loading,
    PictureQuestion,
    Preview,
    Started,
    Step,
    WordSearch,
    WordsFound,
)

TOP_SIGMA = 14.61
TINY = ModelFacts(
    name="tiny",
    family="sd",
    loras="Stable Diffusion 1 or 2",
    latents="sd",
    multiple=8,
    defaults=Defaults(7.5, 0.4, (64, 64)),
)
CONDITIONED = dataclasses.replace(TINY, name="conditioned", encoders=("clip", "t5"), takes_styles=True)
"""A model with all encoders."""
TRIO = dataclasses.replace(
    TINY,
    name="trio",
    experts=(
        ExpertFacts("high", 3.2, math.inf),
        ExpertFacts("base", 0.6, 3.2, is_base=True),
        ExpertFacts("low", 0.0, 0.6),
    ),
)
"""A model with experts of its own."""


class FakeExecutor:
    """Behaves as `Executor` says: requests in order, live ones replaced, one final event each.

    Attributes:
        known: the facts of its models by name; the starter's are those of the files that ship.
        failure: what the next requests fail with; None for none.
        step_seconds: how long each step takes; see `stall` too.
        answer: what is said of the next pictures that are asked about in `questions`.
        loaded: whether noise levels can be told, as where torch is there.
        requests: all that was submitted.
    """

    def __init__(self, *facts: ModelFacts) -> None:
        self.known = {each.name: each for each in (TINY, CONDITIONED, TRIO, *facts)}
        self.failure: EngineError | None = None
        self.step_seconds = 0.0
        self._stalled = threading.Event()
        self.loaded = False
        self.own_catalogue = None
        self.measured: list[str] = []
        self.searches: list[WordSearch] = []
        self.holds_searches = False
        self.questions: list[PictureQuestion] = []
        self.answer: Any = None
        self.measurement: dict = {}
        self.requests: list[GenerateRequest] = []
        self._listener: Listener | None = None
        self._news = threading.Condition()
        self._queue: deque[GenerateRequest] = deque()
        self._warm: str | None = None
        self._cancelled: set[str] = set()
        self._running: str | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)

    # what an executor does ---------------------------------------------------------------------------------------
    def start(self, listener: Listener) -> None:
        self._listener = listener
        self._thread.start()

    def submit(self, request: GenerateRequest) -> None:
        with self._news:
            if self._closing:
                raise RuntimeError("the executor is closed")
            self.requests.append(request)
            if request.live:
                self._drop(lambda other: other.live)
            self._queue.append(request)
            self._news.notify_all()

    def cancel(self, request_id: str | None = None) -> None:
        with self._news:
            self._drop(lambda request: request_id in (None, request.id))
            self._news.notify_all()

    def warm_up(self, model: str = STARTER, device: str = "auto") -> None:
        with self._news:
            self._warm = model
            self._news.notify_all()

    def models(self) -> list[ModelInfo]:
        return [
            ModelInfo(STARTER, Path(STARTER), "sd", 0),
            *(ModelInfo(n, Path(n), f.family, 0) for n, f in self.known.items() if n != STARTER),
        ]

    def facts(self, model: str) -> ModelFacts:
        found = self.known.get(model)
        if found is None and model == STARTER:
            from engine.models.library import Library

            return Library(Path("none")).inspect(STARTER).travelling()
        if found is None:
            raise ModelNotFound(f'There is no model "{model}".', hint=f"Installed: {', '.join(self.known)}.")
        return found

    def check(self, model: str | Path) -> None:
        self.facts(str(model))

    def catalogue(self):
        return self.own_catalogue

    def measure(self, model, device, *, progress, done, cancel) -> None:
        self.measured.append(model)
        progress("Painted: a house", 0.5)
        done(self.failure or self.measurement)

    def seek(self, search, *, progress, done, cancel) -> None:
        self.searches.append(search)
        progress("Looking at the picture", 0.5)
        if not self.holds_searches:
            done(self.failure or self.found(search))

    def describe(self, question, *, progress, done, cancel) -> None:
        self.questions.append(question)
        progress("Looking at the picture", 0.5)
        done(self.failure or self.answer)

    def found(self, search) -> WordsFound:
        """Each word in the left half of the picture."""
        masks = np.zeros((len(search.words), *search.rgb.shape[:2]), np.uint8)
        masks[:, :, : search.rgb.shape[1] // 2] = 255
        return WordsFound(masks=masks, maps=np.ones((len(search.words), 4, 4), np.float32), sharpened=1)

    def sigmas(self, model: str, sampler: str, steps: int) -> NoiseLevels | None:
        if not self.loaded:
            return None
        return NoiseLevels(TOP_SIGMA, sigmas(steps))

    def close(self, timeout: float | None = 10.0) -> bool:
        with self._news:
            self._closing = True
            self._warm = None
            self._drop(lambda _request: True)
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def stall(self) -> None:
        """Let no step end until `go_on`."""
        self._stalled.set()

    def go_on(self) -> None:
        """Let the steps end again."""
        with self._news:
            self._stalled.clear()
            self._news.notify_all()

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    # inside ------------------------------------------------------------------------------------------------------
    def _drop(self, chosen) -> None:
        for request in self.requests:
            if (request.id == self._running or request in self._queue) and chosen(request):
                self._cancelled.add(request.id)

    def _next(self) -> GenerateRequest | str | None:
        with self._news:
            self._news.wait_for(lambda: self._queue or self._warm is not None or self._closing)
            if self._queue:
                asked = [request for request in self._queue if not request.live] or list(self._queue)
                first = next((r for r in self._queue if r.id in self._cancelled), asked[0])
                self._queue.remove(first)
                self._running = first.id
                return first
            if self._closing:
                return None
            model, self._warm = self._warm, None
            return model

    def _work(self) -> None:
        while (work := self._next()) is not None:
            if isinstance(work, str):
                self._load(work, "")
                continue
            for event in self._events(work):
                self._tell(event)
            with self._news:
                self._running = None

    def _tell(self, event: Event) -> None:
        assert self._listener is not None
        self._listener(event)

    def _load(self, model: str, request_id: str) -> None:
        if self.loaded:
            return
        self._tell(Loading(request_id=request_id, what="libraries", fraction=0.0))
        self.loaded = True
        try:
            self.facts(model)
            self._tell(Loading(request_id=request_id, what="ready", fraction=1.0))
        except EngineError as error:
            self._tell(Failed(request_id=request_id, error=error))

    def _pause(self, request_id: str) -> bool:
        """Whether the request goes on after the time that a step takes."""
        with self._news:
            self._news.wait_for(
                lambda: request_id in self._cancelled or not self._stalled.is_set(),
                timeout=60 if self._stalled.is_set() else 0,
            )
            if self.step_seconds:
                self._news.wait_for(lambda: request_id in self._cancelled, timeout=self.step_seconds)
            return request_id not in self._cancelled

    def _check(self, request: GenerateRequest) -> ModelFacts:
        if self.failure is not None:
            raise self.failure
        if not request.text.prompt.strip():
            raise BadRequest("The prompt is empty.", hint="Write what you want to see.")
        facts = self.facts(request.model)
        if request.device not in ("auto", "cpu"):
            raise DeviceUnavailable(f'There is no "{request.device}" here.', hint="Choose CPU. cuda is not here.")
        for side in (request.picture.width, request.picture.height):
            if side % facts.multiple:
                raise BadRequest(f"{side} pixels cannot be made.", hint=f"Use multiples of {facts.multiple}.")
        for expert in request.experts or ():
            self._check_expert(expert, facts)
        return facts

    def _check_expert(self, expert: ExpertChoice, facts: ModelFacts) -> None:
        what = f'The expert "{expert.name}"'
        known = expert.model in ("", STARTER, *self.known)
        theirs = facts if not expert.model or not known else self.facts(expert.model)
        if not known:
            raise ModelNotFound(f'{what}: there is no model "{expert.model}".', hint="Choose another one.")
        if theirs.multiple != facts.multiple:
            raise BadRequest(f"{what} works on other latents than {facts.name}.", hint="Choose another one.")
        if expert.part not in ("", *(each.name for each in theirs.experts)):
            raise BadRequest(f'{what}: {theirs.name} brings no "{expert.part}".', hint="Choose another one.")

    def _events(self, request: GenerateRequest) -> Iterator[Event]:
        name = request.id
        if name in self._cancelled:
            yield Cancelled(request_id=name)
            return
        try:
            facts = self._check(request)
        except EngineError as error:
            yield Failed(request_id=name, error=error)
            return
        if not self.loaded:
            yield Loading(request_id=name, what="libraries", fraction=0.0)
            self.loaded = True
        steps, count = request.sampling.steps, request.picture.count
        guidance = request.sampling.guidance if request.sampling.guidance is not None else facts.defaults.guidance
        weight = request.conditioning.paint_weight
        weight = facts.defaults.paint_weight if weight is None else weight
        yield Started(request_id=name, model=facts.name, device="cpu", steps=steps, count=count, guidance=guidance,
                      paint_weight=weight)  # fmt: skip
        levels = sigmas(steps)
        images = []
        for image in range(count):
            seed = request.picture.seed + image
            rgb = picture(request, seed)
            for index, sigma in enumerate(levels, 1):
                if not self._pause(name):
                    yield Cancelled(request_id=name)
                    return
                owner = next((e.name for e in request.experts or () if e.low <= sigma < e.high), _owner(facts, sigma))
                yield Step(
                    request_id=name,
                    index=index,
                    total=steps,
                    image=image,
                    sigma=float(sigma),
                    expert=owner,
                    step_ms=2.0,
                )
                if request.report.previews:
                    yield Preview(
                        request_id=name, index=index, image=image, rgb=rgb[::8, ::8].copy(), heatmaps=heatmaps(request)
                    )
            asked = request.report.obedience
            ready = ImageReady(
                request_id=name, image=image, seed=seed, rgb=rgb, heatmaps=heatmaps(request),
                deep=rgb.astype(np.uint16) * 257 if request.report.deep else None,
                obedience=tuple(0.5 if word.mask.any() else None for word in request.text.words) if asked else (),
            )  # fmt: skip
            images.append(ready)
            yield ready
        yield Finished(request_id=name, images=tuple(images), seconds=0.1, step_ms=2.0, model=facts.name, device="cpu")


def sigmas(steps: int) -> tuple[float, ...]:
    """The noise levels of a run, falling."""
    return tuple(TOP_SIGMA * (1 - step / steps) ** 2.5 for step in range(steps))


def _owner(facts: ModelFacts, sigma: float) -> str:
    return next((each.name for each in facts.experts if each.low <= sigma < each.high), BASE)


def picture(request: GenerateRequest, seed: int) -> np.ndarray:
    """What the fake makes of a request, uint8 `[h, w, 3]`: another value for anything else that should change it."""
    words = [
        (w.span, w.strength, w.window, zlib.crc32(w.mask)) for w in request.text.words if w.mask.any() and w.strength
    ]
    styles = [
        (s.strength, s.semantic, zlib.crc32(s.rgb.copy()), s.mask is not None and zlib.crc32(s.mask))
        for s in request.conditioning.styles
    ]
    means = (
        request.text.prompt, request.text.negative, words, styles, dataclasses.astuple(request.sampling),
        request.conditioning.encoders, request.conditioning.paint_weight, str(request.conditioning.fidelity),
        [dataclasses.astuple(each) for each in request.experts or ()], request.experts is None, request.model, seed,
    )  # fmt: skip
    rng = np.random.default_rng(zlib.crc32(repr(means).encode()))
    width, height = request.picture.width, request.picture.height
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def heatmaps(request: GenerateRequest) -> np.ndarray | None:
    """Each watched span in a strip of its own, float32 `[watched, h, w]` at latent size; a painted one in its paint."""
    watched = request.text.watched
    if not watched:
        return None
    height, width = request.picture.height // 8, request.picture.width // 8
    maps = np.zeros((len(watched), height, width), np.float32)
    painted = {word.span: word.mask for word in request.text.words}
    for index, span in enumerate(watched):
        if span in painted and painted[span].any():
            maps[index] = painted[span][::8, ::8][:height, :width] / 255
        else:
            left = index * width // len(watched)
            maps[index, :, left : max(left + 1, (index + 1) * width // len(watched))] = 1.0
    return maps / np.maximum(maps.sum(axis=0, keepdims=True), 1.0)
