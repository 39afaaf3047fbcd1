"""What goes into the engine and what comes out: one frozen request, a stream of frozen events."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from engine.errors import EngineError

ENCODERS = ("clip", "t5")
"""Text encoders that a model may have."""

SAMPLERS = ("ddim", "euler", "euler_a", "dpmpp_2m", "dpmpp_2m_karras")
STEPS = (1, 1000)
GUIDANCE = (1.0, 30.0)
PAINT_WEIGHT = (0.0, 10.0)
FIDELITY = (0.0, 1.0)
GRADIENT_STEPS = (0, 10)
MAX_SIDE = 8192
"""What values a request, and a model's own defaults, may have: from the first to the second; sides in pixels."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PaintedWord:
    """One word of the prompt and where it should be.

    Attributes:
        span: half-open code-point offsets `[start, end)` into the prompt.
        mask: uint8 `[height, width]` at picture size, 0 unpainted .. 255 fully painted; never written to.
        revision: changes whenever the mask's content does; reduced masks are cached by it. None, the default, tells
            masks apart by their content, which takes about a millisecond for each million pixels.
        strength: signed, -2..2 in the window; 1 normal, 0 none, negative pushes the word out.
        window: part of the schedule in which the word acts, `(start, end)` as fractions of the steps, 0 first, 1 last.
    """

    span: tuple[int, int]
    mask: np.ndarray
    revision: Hashable | None = None
    strength: float = 1.0
    window: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class StyleReference:
    """A picture whose look is taken, through a CLIP image encoder; its layout is not.

    Attributes:
        rgb: uint8 `[h, w, 3]` of any size.
        strength: 0 (none) .. 2; 1 is what the model was trained on.
        semantic: -1..1: below 0 only the fine variation among the reference's image tokens stays (its manner), above 0
            only what they have in common (its mood and matter), 0 is the reference as it is.
        mask: uint8 `[height, width]` at picture size: where it acts; None is everywhere.
    """

    rgb: np.ndarray
    strength: float = 1.0
    semantic: float = 0.0
    mask: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpertChoice:
    """A denoiser and the half-open interval of noise levels `low <= sigma < high` that it is to own.

    Attributes:
        name: shown in the progress and on the timeline.
        model: a name in the library or a path; "" is the request's own model.
        part: "" is the model's base denoiser, else one of the experts that its folder brings, by name.
        guidance: its own classifier-free guidance, 1..30; None is the request's.
    """

    name: str
    model: str = ""
    part: str = ""
    low: float = 0.0
    high: float = math.inf
    guidance: float | None = None


@dataclass(frozen=True, kw_only=True)
class Fidelity:
    """How strictly paint is kept to, piece by piece; `engine.attention.fidelity` makes them of the one dial.

    Attributes:
        containment: 0 (none) .. 1: how hard a painted word is pushed out of all that is not its paint, in strengths.
        separation: 0 (none) .. 1: how little differently painted areas look at each other in self-attention.
        gradient_steps: in how many of the first steps, 0..10, the latent follows the gradient of the words' obedience;
            each costs about three ordinary ones.
    """

    containment: float = 0.0
    separation: float = 0.0
    gradient_steps: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class GenerateRequest:
    """Everything that one generation needs; same request, device and versions give bit-identical pictures.

    Attributes:
        id: the caller's name for this request; every event carries it.
        prompt: what to paint; must not be empty or blank.
        width, height: size in pixels, a multiple of the model's latent factor (starter: 16).
        steps: number of denoising steps, 1..1000.
        guidance: classifier-free guidance scale, 1 (off) .. 30; None is the model's own default.
        paint_weight: eDiff-I's global w', 0 (off) .. 10; None is the model's own default.
        seed: 0..2**63-1; image i of a batch uses seed + i and equals the single picture of that seed.
        count: number of pictures, 1..64; they are finished one after another (see `ImageReady`).
        batch: pictures per denoiser call; 1 is exact, more is faster on a GPU and equal within float tolerance.
        sampler: one of `SAMPLERS`.
        law: name of a law in engine/attention/laws.py; "default" is the house's choice.
        model: a name in the library ("starter") or the path of a diffusers folder or single safetensors file.
        device: auto, cpu, cuda, cuda:N or mps.
        previews: whether `Preview` events are wanted.
        obedience: whether each word's obedience is measured (see `ImageReady`); costs a few per cent of a step.
        watched: spans of the prompt, painted or not, whose heatmaps are wanted with each preview and picture; half-open
            code-point offsets. Costs a few per cent of a step, however many they are.
        fidelity: how strictly paint is kept to: the dial, 0 (loose) .. 1 (exact), or its pieces; None is the model's
            own default, and nothing for any other law than "default".
        encoders: (name, weight) of the text encoders that are used, of "clip" and "t5"; weight 0 (off) .. 1. None is
            all that the model has, each at 1.
        styles: pictures whose look is taken.
        experts: the denoisers over the noise levels, covering 0 to infinity; None is the model's own ensemble where it
            brings one, () its base denoiser alone.
        live: a live request replaces any live request that still waits or runs.
    """

    id: str
    prompt: str
    negative: str = ""
    width: int = 256
    height: int = 256
    steps: int = 20
    guidance: float | None = None
    paint_weight: float | None = None
    seed: int = 0
    count: int = 1
    batch: int = 1
    sampler: str = "dpmpp_2m"
    law: str = "default"
    model: str = "starter"
    device: str = "auto"
    words: tuple[PaintedWord, ...] = ()
    previews: bool = True
    obedience: bool = False
    watched: tuple[tuple[int, int], ...] = ()
    fidelity: float | Fidelity | None = None
    encoders: tuple[tuple[str, float], ...] | None = None
    styles: tuple[StyleReference, ...] = ()
    experts: tuple[ExpertChoice, ...] | None = None
    live: bool = False


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
