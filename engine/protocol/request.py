"""What goes into the engine: one frozen request, in groups."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any

import numpy as np

from resources.limits import Count, Side
from resources.settings import MachineSettings, PaintSettings, SamplingSettings, SeriesSettings, SettingSpec


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


@dataclass(frozen=True, kw_only=True)
class PictureSettings(SeriesSettings):
    """How large the pictures are, how many they are and what noise they begin from.

    Attributes:
        width, height: size in pixels, a multiple of the model's latent factor (starter: 16).
        batch: pictures per denoiser call; 1 is exact, more is faster on a GPU and equal within float tolerance.
    """

    width: Annotated[Side, SettingSpec(label="Width", subject="The width")] = 256
    height: Annotated[Side, SettingSpec(label="Height", subject="The height")] = 256
    batch: Annotated[Count, SettingSpec(label="Batch", subject="The batch")] = 1

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.width, self.height


@dataclass(frozen=True, kw_only=True, eq=False)
class ConditioningSettings(PaintSettings):
    """How strongly the text, the paint and the styles act.

    Attributes:
        styles: pictures whose look is taken.
    """

    styles: tuple[StyleReference, ...] = ()

    # Pictures have no cheap equality, so two of these are the same only where they are one object.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


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
class GenerateRequest(MachineSettings):
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
        live: a live request replaces any live request that still waits or runs.
    """

    id: str
    text: TextSettings
    picture: PictureSettings = field(default_factory=PictureSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    conditioning: ConditioningSettings = field(default_factory=ConditioningSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    live: bool = False

    __eq__ = object.__eq__
    __hash__ = object.__hash__

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
