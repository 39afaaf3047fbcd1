"""What comes out of the engine: a stream of frozen events, each naming its request."""

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
    """A model is being loaded: `what` in words, `fraction` 0..1 done."""

    what: str
    fraction: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Started(Event):
    """Sampling begins: what really runs, after defaults were filled in."""

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

    `heatmaps`: float32 `[watched, h, w]` at latent size, for each of the request's `watched` spans where its attention
    went so far: its share of a place's attention, 0..1, mean over heads, layers and steps. None where none are watched.
    """

    index: int
    image: int
    rgb: np.ndarray
    heatmaps: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageReady(Event):
    """Picture `image` of the batch is decoded: uint8 RGB `[height, width, 3]`, made with `seed`.

    `obedience` holds, for each painted word of the request, how much of what it made lies in its paint, 0..1, or None
    where that cannot be told (no paint); it is empty where the request did not ask. `seen` goes with it: for each
    painted word how much of its paint shows it in the picture, 0..1, as the starter's own segmenter sees it, or None
    where that is not known; empty for other models. `heatmaps` are those of the whole run, see `Preview`.
    """

    image: int
    seed: int
    rgb: np.ndarray
    obedience: tuple[float | None, ...] = ()
    seen: tuple[float | None, ...] = ()
    heatmaps: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Finished(Event):
    """Final: all pictures came (each as an `ImageReady` before this). `step_ms` is the mean time of a step."""

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
