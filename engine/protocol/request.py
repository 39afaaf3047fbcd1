"""What goes into the engine: one frozen request, in groups."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

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
class TextSettings:
    """What is to be painted, in words.

    Attributes:
        prompt: what to paint; must not be empty or blank.
        negative: what to keep away from.
        words: the painted words of the prompt.
        watched: spans of the prompt, painted or not, whose heatmaps are wanted with each preview and picture; half-open
            code-point offsets. Costs a few per cent of a step, however many they are.
    """

    prompt: str
    negative: str = ""
    words: tuple[PaintedWord, ...] = ()
    watched: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class PictureSettings:
    """How large the pictures are, how many they are and what noise they begin from.

    Attributes:
        width, height: size in pixels, a multiple of the model's latent factor (starter: 16).
        seed: 0..2**63-1; image i of a batch uses seed + i and equals the single picture of that seed.
        count: number of pictures, 1..64; they are finished one after another (see `ImageReady`).
        batch: pictures per denoiser call; 1 is exact, more is faster on a GPU and equal within float tolerance.
    """

    width: int = 256
    height: int = 256
    seed: int = 0
    count: int = 1
    batch: int = 1

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.width, self.height


@dataclass(frozen=True, kw_only=True, eq=False)
class SamplingSettings:
    """How noise becomes a picture.

    Attributes:
        steps: number of denoising steps, 1..1000.
        sampler: one of `SAMPLERS`.
        guidance: classifier-free guidance scale, 1 (off) .. 30; None is the model's own default.
    """

    steps: int = 20
    sampler: str = "dpmpp_2m"
    guidance: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ConditioningSettings:
    """How strongly the text, the paint and the styles act.

    Attributes:
        law: name of a law in engine/attention/laws.py; "default" is the house's choice.
        paint_weight: eDiff-I's global w', 0 (off) .. 10; None is the model's own default.
        fidelity: how strictly paint is kept to: the dial, 0 (loose) .. 1 (exact), or its pieces; None is the model's
            own default, and nothing for any other law than "default".
        encoders: (name, weight) of the text encoders that are used, of "clip" and "t5"; weight 0 (off) .. 1. None is
            all that the model has, each at 1.
        styles: pictures whose look is taken.
    """

    law: str = "default"
    paint_weight: float | None = None
    fidelity: float | Fidelity | None = None
    encoders: tuple[tuple[str, float], ...] | None = None
    styles: tuple[StyleReference, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportSettings:
    """What the engine tells beside the pictures.

    Attributes:
        previews: whether `Preview` events are wanted.
        obedience: whether each word's obedience is measured (see `ImageReady`); costs a few per cent of a step.
    """

    previews: bool = True
    obedience: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class GenerateRequest:
    """Everything that one generation needs; same request, device and versions give bit-identical pictures.

    `GenerateRequest.of(id="1", prompt="a lake", steps=8)` builds one from the names of its groups' fields, each of
    which is in one group only, and `request.replace(steps=4)` changes some.

    Attributes:
        id: the caller's name for this request; every event carries it.
        text: the prompt and its painted words.
        picture: sizes, seeds and number of the pictures.
        sampling: steps, sampler and guidance.
        conditioning: how strongly text, paint and styles act.
        report: what is told beside the pictures.
        experts: the denoisers over the noise levels, covering 0 to infinity; None is the model's own ensemble where it
            brings one, () its base denoiser alone.
        model: a name in the library ("starter") or the path of a diffusers folder or single safetensors file.
        device: auto, cpu, cuda, cuda:N or mps.
        live: a live request replaces any live request that still waits or runs.
    """

    id: str
    text: TextSettings
    picture: PictureSettings = PictureSettings()
    sampling: SamplingSettings = SamplingSettings()
    conditioning: ConditioningSettings = ConditioningSettings()
    report: ReportSettings = ReportSettings()
    experts: tuple[ExpertChoice, ...] | None = None
    model: str = "starter"
    device: str = "auto"
    live: bool = False

    @classmethod
    def of(cls, *, id: str, prompt: str, **flat: Any) -> GenerateRequest:
        """A request from the flat names of its own fields and of its groups' fields; the rest has its default.

        Raises:
            TypeError: there is no field of that name.
        """
        return cls(id=id, text=TextSettings(prompt=prompt)).replace(**flat)

    def replace(self, **flat: Any) -> GenerateRequest:
        """A request in which some fields, its own or its groups', have other values; everything else is shared.

        Raises:
            TypeError: there is no field of that name.
        """
        own: dict[str, Any] = {}
        grouped: dict[str, dict[str, Any]] = {}
        for name, value in flat.items():
            if name in _OWN:
                own[name] = value
            elif name in _GROUP_OF:
                grouped.setdefault(_GROUP_OF[name], {})[name] = value
            else:
                raise TypeError(f"A request has no field named {name!r}; it has {', '.join((*_OWN, *_GROUP_OF))}.")
        for group, values in grouped.items():
            own[group] = replace(own.get(group, getattr(self, group)), **values)
        return replace(self, **own)


_GROUPS = {
    "text": TextSettings,
    "picture": PictureSettings,
    "sampling": SamplingSettings,
    "conditioning": ConditioningSettings,
    "report": ReportSettings,
}
_OWN = tuple(field.name for field in fields(GenerateRequest))
_GROUP_OF = {field.name: group for group, kind in _GROUPS.items() for field in fields(kind)}
