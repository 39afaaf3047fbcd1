"""The engine's output: a stream of frozen events, each with the id of its request."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.errors import EngineError


@dataclass(frozen=True, kw_only=True, eq=False)
class Event:
    """Base of all events; `request_id` is the id of the request that caused it."""

    request_id: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Loading(Event):
    """A model is being loaded: `what` says in words which part, `fraction` is the progress, 0..1."""

    what: str
    fraction: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Started(Event):
    """Sampling begins: the values that are used, with defaults filled in."""

    model: str
    device: str
    steps: int
    count: int
    guidance: float
    paint_weight: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Step(Event):
    """One denoising step is done: `index` 1..`total` within picture `image` (0-based) of the batch."""

    index: int
    total: int
    image: int
    sigma: float
    expert: str
    step_ms: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Preview(Event):
    """The estimate of x0 after step `index`: uint8 RGB `[h, w, 3]` at latent size or larger.

    `heatmaps`: float32 `[watched, h, w]` at latent size. For each of the request's `watched` spans, the share of each
    pixel's attention that the span got so far, 0..1, mean over heads, layers and steps. None if no span is watched.
    """

    index: int
    image: int
    rgb: np.ndarray
    heatmaps: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageReady(Event):
    """Picture `image` of the batch is decoded: uint8 RGB `[height, width, 3]`, made with `seed`.

    `obedience`: for each painted word of the request, the share of its attention that lies in its paint, 0..1, or None
    if there is no such share (no paint); empty if the request did not ask for it. `seen`, measured along with it: for
    each painted word, how probable it is that its paint shows it, 0..1, judged by the recogniser, or None if that is
    unknown; empty for other models. `heatmaps` are those of the whole run, see `Preview`.

    `rgba`: the picture with its alpha, straight uint8 `[height, width, 4]`, where the model makes transparent ones; in
    `rgb` it lies on white. `deep`: where the request asked for it, uint16 `[height, width, 3]` or, with alpha, 4. Both
    are None where a second pass or another picture has changed what the model made.
    """

    image: int
    seed: int
    rgb: np.ndarray
    obedience: tuple[float | None, ...] = ()
    seen: tuple[float | None, ...] = ()
    heatmaps: np.ndarray | None = None
    rgba: np.ndarray | None = None
    deep: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Finished(Event):
    """Final: all pictures are done (each came as an `ImageReady` before). `step_ms` is the mean time of a step."""

    images: tuple[ImageReady, ...]
    seconds: float
    step_ms: float
    model: str
    device: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Cancelled(Event):
    """Final: the request was cancelled or replaced; pictures already announced stay valid."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Failed(Event):
    """Final: the request failed; the worker is ready for the next one."""

    error: EngineError = field()


FINAL_EVENTS = (Finished, Cancelled, Failed)
