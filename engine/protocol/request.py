"""The engine's input: one frozen request, with its settings in groups."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any

import numpy as np

from engine.protocol.words import InstructedPicture, PaintedWord, PromptEdit
from resources.limits import (
    COLOUR_STRENGTH,
    CONTROL_KINDS,
    CONTROL_MAPS,
    AdapterWeight,
    ControlStrength,
    Count,
    Margin,
    Name,
    Scale,
    Share,
    Side,
)
from resources.setting_spec import SettingSpec
from resources.settings import MachineSettings, PaintSettings, SamplingSettings, SeriesSettings


@dataclass(frozen=True, kw_only=True, eq=False)
class StyleReference:
    """A picture whose style is used, through a CLIP image encoder, but not its layout.

    Attributes:
        rgb: uint8 `[h, w, 3]` of any size.
        strength: 0 (none) .. 2; 1 is what the model was trained on.
        semantic: -1..1: towards -1 the reference's style remains, towards 1 its content; 0 is the reference as it is.
            See `engine.text.encoders.shift_semantics`.
        mask: uint8 `[height, width]` at picture size: where it acts; None means everywhere.
    """

    rgb: np.ndarray
    strength: float = 1.0
    semantic: float = 0.0
    mask: np.ndarray | None = None


@dataclass(frozen=True)
class Lora:
    """A LoRA file that changes the model for this request.

    Attributes:
        file: its path, or its name in the folder of LoRA files.
        weight: -4..4; 1 is what it was trained for, 0 nothing.
        word: index of the painted word in whose area alone it is heard; None is the whole picture.
    """

    file: Annotated[Name, SettingSpec(label="LoRA", subject="The name of a LoRA")]
    weight: Annotated[AdapterWeight, SettingSpec(label="Weight", subject="The weight of a LoRA")] = 1.0
    word: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ControlPicture:
    """A picture whose shapes the result is to keep to, through a ControlNet.

    Attributes:
        rgb: uint8 `[h, w, 3]` of any size; it is scaled to cover the picture, and its middle is used.
        kind: what it shows, one of `resources.limits.CONTROL_KINDS`.
        prepare: how the control map is made of it, one of `resources.limits.CONTROL_MAPS`; "none" where it is one.
        model: the ControlNet: a path or a name in the folders of ControlNets; "" is the first there of that kind which
            fits the model.
        strength: 0 (none) .. 2; 1 is what the ControlNet was trained on.
        window: part of the schedule in which it acts, `(start, end)` as fractions of the steps, 0 first, 1 last. A step
            belongs to where its middle lies.
    """

    rgb: np.ndarray
    kind: Annotated[Name, SettingSpec(label="Kind of control", subject="The kind", choices=CONTROL_KINDS)] = "other"
    prepare: Annotated[
        Name, SettingSpec(label="Way to a control map", subject="The preparation", choices=CONTROL_MAPS)
    ] = "none"
    model: str = ""
    strength: Annotated[ControlStrength, SettingSpec(label="Strength", subject="The strength of a control picture")] = (
        1.0
    )
    window: Annotated[
        tuple[Share, Share], SettingSpec(label="Steps", subject="The range of steps of a control picture")
    ] = (0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class KeptShape:
    """What is made anew within a mask fills it exactly, and nothing of it is seen elsewhere.

    Inside-outside attention (Shape-Guided Diffusion, arXiv 2212.00210): the words that are painted in the mask, with
    their phrases, act within it alone and all other words without it alone, and so do the picture's parts on one
    another, in each step.

    Attributes:
        inverted: whether the run begins from the picture's own noise (DDIM inversion), which keeps more of it, in place
            of fresh noise.
        prompt: what the picture shows, for the inversion; "" says nothing of it.
    """

    inverted: Annotated[
        bool,
        SettingSpec(
            label="From the picture's own noise",
            subject="Whether the picture is inverted",
            tip="Goes back to the noise that leads to the picture, so that more of it is kept",
        ),
    ] = False
    prompt: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class StartPicture:
    """A picture that the run begins from, in place of noise alone; with a mask only what it covers is made anew.

    Attributes:
        rgb: uint8 `[height, width, 3]` at picture size: a picture, or a layer of colours.
        strength: how much of it is made anew: 1 is from noise alone, 0 leaves it as it is. It is the share of the noise
            schedule that the run goes through; words keep their windows, as shares of the whole schedule.
        mask: uint8 `[height, width]` at picture size: 0 stays as it is, bit for bit, 255 is made anew with `strength`,
            and grey with that share of it; None is everything.
        context: margin in pixels around the mask that the model is to see: that area is worked on by itself, scaled to
            the model's own size, and put back. None works on the whole picture.
        shape: keeps what is made anew to the mask exactly, see `KeptShape`; None does not.
    """

    rgb: np.ndarray
    strength: Annotated[
        Share,
        SettingSpec(label="Strength", subject="The strength", tip="How much of the picture is made anew", decimals=2),
    ] = 0.6
    mask: np.ndarray | None = None
    context: Annotated[
        Margin | None,
        SettingSpec(
            label="Context", subject="The context", tip="How much around the area the model sees, in pixels", high=512
        ),
    ] = None
    shape: KeptShape | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ColourPaint:
    """Colours that the run begins from where they are painted; everywhere else it begins from noise, or from `start`.

    Attributes:
        rgba: uint8 `[height, width, 4]` at picture size, straight: alpha 0 is unpainted; never written to.
        strength: how much of the colours is kept, 0 (nothing) .. 1 (they are in the picture as they are). Where they
            are opaque it is the share of the run for which they are held; fainter ones are given up earlier.
    """

    rgba: np.ndarray
    strength: Annotated[
        Share,
        SettingSpec(
            label="Kept",
            subject="The strength of the colours",
            tip="How much of the colours is kept in the picture: 0 is nothing, 1 leaves them as they are painted",
            step=0.05,
            decimals=2,
        ),
    ] = COLOUR_STRENGTH


@dataclass(frozen=True, kw_only=True)
class Refinement:
    """A second pass over each finished picture: scaled up, then made anew a little, in tiles that overlap.

    Attributes:
        scale: how many times wider and higher the result is, 2..4.
        strength: as `StartPicture.strength`, for each tile.
        upscaler: a file with an upscaling network (`wordbrush[upscale]`); "" is Lanczos' filter.
    """

    scale: Annotated[Scale, SettingSpec(label="Scale", subject="The scale", low=2, high=4)] = 2
    strength: Annotated[Share, SettingSpec(label="Strength", subject="The strength of the refinement", decimals=2)] = (
        0.35
    )
    upscaler: str = ""


@dataclass(frozen=True, kw_only=True)
class AdapterSettings:
    """What changes the model for this request.

    Attributes:
        loras: the files; each acts as if it were alone.
        controls: pictures whose shapes are kept to, at most 4; each adds what its ControlNet says.
    """

    loras: Annotated[tuple[Lora, ...], SettingSpec(label="LoRA files", subject="The list of LoRA files")] = ()
    controls: tuple[ControlPicture, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class TextSettings:
    """The prompt and its painted words.

    Attributes:
        prompt: what the picture should show; must not be empty or blank.
        negative: what the picture should not show.
        words: the painted words of the prompt.
        watched: spans of the prompt, painted or not, whose heatmaps should come with each preview and picture;
            half-open code-point offsets. Costs a few per cent of a step, however many there are.
    """

    prompt: str
    negative: str = ""
    words: tuple[PaintedWord, ...] = ()
    watched: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PictureSettings(SeriesSettings):
    """The size and number of the pictures, and the noise they start from.

    Attributes:
        width, height: size in pixels, a multiple of the model's latent factor (starter: 16).
        batch: pictures per denoiser call; 1 is exactly reproducible, more is faster on a GPU and equal within float
            tolerance.
    """

    width: Annotated[Side, SettingSpec(label="Width", subject="The width")] = 512
    height: Annotated[Side, SettingSpec(label="Height", subject="The height")] = 512
    batch: Annotated[Count, SettingSpec(label="Batch", subject="The batch")] = 1

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.width, self.height


@dataclass(frozen=True, kw_only=True, eq=False)
class ConditioningSettings(PaintSettings):
    """How strongly the text, the paint and the styles act.

    Attributes:
        styles: pictures whose style is used.
    """

    styles: tuple[StyleReference, ...] = ()

    # Comparing pictures is not cheap, so two of these are equal only if they are the same object.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportSettings:
    """What the engine reports in addition to the pictures.

    Attributes:
        previews: whether `Preview` events are wanted.
        deep: whether pictures come with 16 bits for each value too (`ImageReady.deep`).
        obedience: whether each word's obedience is measured (see `ImageReady`); costs a few per cent of a step.
    """

    previews: bool = True
    obedience: bool = False
    deep: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class GenerateRequest(MachineSettings):
    """Everything that one generation needs; the same request, device and versions give bit-identical pictures.

    `GenerateRequest.of(id="1", prompt="a lake", steps=8)` takes the fields of all groups by name (no two groups share a
    name), and `request.replace(steps=4)` returns a request with some of them changed.

    Attributes:
        id: the caller's name for this request; every event carries it.
        text: the prompt and its painted words.
        picture: sizes, seeds and number of the pictures.
        sampling: steps, sampler and guidance.
        conditioning: how strongly text, paint and styles act.
        adapters: what changes the model.
        report: what is reported in addition to the pictures.
        start: the picture that the run begins from, see `StartPicture`; None is noise alone.
        colours: the colour layer, see `ColourPaint`; None is none.
        edit: the prompt before words of it were edited, see `PromptEdit`; None is none.
        instruct: the picture that the prompt is an instruction for, see `InstructedPicture`; None is none.
        refine: the second pass at a larger size, see `Refinement`; None is none.
        live: a live request replaces any live request that is still waiting or running.
    """

    id: str
    text: TextSettings
    picture: PictureSettings = field(default_factory=PictureSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    conditioning: ConditioningSettings = field(default_factory=ConditioningSettings)
    adapters: AdapterSettings = field(default_factory=AdapterSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    start: StartPicture | None = None
    colours: ColourPaint | None = None
    edit: PromptEdit | None = None
    instruct: InstructedPicture | None = None
    refine: Refinement | None = None
    live: bool = False

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @classmethod
    def of(cls, *, id: str, prompt: str, **flat: Any) -> GenerateRequest:
        """Return a request, given its own fields and its groups' fields by name; all others have their defaults.

        Raises:
            TypeError: there is no field of that name.
        """
        return cls(id=id, text=TextSettings(prompt=prompt)).replace(**flat)

    def replace(self, **flat: Any) -> GenerateRequest:
        """Return a request in which some fields, its own or its groups', have other values; all else is shared.

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
    "adapters": AdapterSettings,
    "report": ReportSettings,
}
_OWN = tuple(field.name for field in fields(GenerateRequest))
_GROUP_OF = {field.name: group for group, kind in _GROUPS.items() for field in fields(kind)}
