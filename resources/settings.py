"""Every setting of a generation, declared once: its type, range, default, and what window and command line call it.

Scenes, requests, their checks, the flags of `wordbrush render`, the settings panel and the JSON in files all read these
declarations. A new setting is one more field here, and what the engine does by it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from resources import limits
from resources.checking import Refused, Shape, check, fields_of, nested
from resources.limits import (
    AdapterWeight,
    Count,
    GradientSteps,
    Guidance,
    Identifier,
    Name,
    PaintWeight,
    Seed,
    Share,
    Steps,
)
from resources.mood_settings import MoodSettings
from resources.setting_spec import SettingSpec


@dataclass(frozen=True)
class FidelityPieces:
    """How strictly paint is kept to, piece by piece; `engine.attention.fidelity` makes them of the one dial.

    Attributes:
        containment: 0 (none) .. 1: how hard a painted word is pushed out of all that is not its paint, in strengths.
        separation: 0 (none) .. 1: how little differently painted areas look at each other in self-attention.
        gradient_steps: in how many of the first steps, 0..10, the latent follows the gradient of the words' obedience;
            each costs about three ordinary ones.
    """

    containment: Annotated[Share, SettingSpec(label="Containment", subject="The containment")] = 0.0
    separation: Annotated[Share, SettingSpec(label="Separation", subject="The separation")] = 0.0
    gradient_steps: Annotated[
        GradientSteps, SettingSpec(label="Gradient steps", subject="The number of gradient steps")
    ] = 0


@dataclass(frozen=True)
class ExpertChoice:
    """A denoiser and the half-open interval of noise levels `low <= sigma < high` that it is to own.

    Attributes:
        name: shown in the progress and on the timeline.
        model: a name in the library or a path; "" is the request's own model.
        part: "" is the model's base denoiser, else one of its own experts, by name.
        guidance: its own classifier-free guidance, 1..30; None is the request's.
    """

    name: Annotated[Name, SettingSpec(label="Name", subject="The name", advice="Use printable characters.")]
    model: Annotated[str, SettingSpec(label="Model", subject="The model")] = ""
    part: Annotated[str, SettingSpec(label="Part", subject="The part")] = ""
    low: float = 0.0
    high: float = math.inf
    guidance: Annotated[Guidance | None, SettingSpec(label="Guidance", subject="The guidance")] = None


@dataclass(frozen=True)
class LoraChoice:
    """A LoRA file of a scene.

    Attributes:
        file: its path, or its name in the folder of LoRA files.
        weight: -4..4; 1 is what it was trained for, 0 nothing.
        word: the id of the word in whose area alone it is heard; None is the whole picture.
        on: whether it acts; one that is off keeps its place and its weight.
    """

    file: Annotated[Name, SettingSpec(label="LoRA", subject="The name of a LoRA")]
    weight: Annotated[AdapterWeight, SettingSpec(label="Weight", subject="The weight of a LoRA")] = 1.0
    word: Annotated[Identifier | None, SettingSpec(label="Word", subject="The word of a LoRA")] = None
    on: bool = True


@dataclass(frozen=True, kw_only=True)
class SeriesSettings:
    """How many pictures, and from which noise.

    Attributes:
        seed: 0..2**63-1; image i of a series uses seed + i and equals the single picture of that seed.
        count: number of pictures, 1..64; they are finished one after another.
    """

    seed: Annotated[
        Seed,
        SettingSpec(
            label="Seed",
            subject="The seed",
            tip="Same seed and same scene: same picture",
            help="the same seed makes the same picture; 0 by default; random picks one and prints it",
            metavar="N",
        ),
    ] = 0
    count: Annotated[
        Count,
        SettingSpec(
            label="Pictures",
            subject="The number of pictures",
            tip="How many pictures each Generate makes, each with its own seed",
            help="how many pictures",
            metavar="N",
            section="Picture",
            low=1,
            high=16,
        ),
    ] = 1


@dataclass(frozen=True, kw_only=True)
class SamplingSettings:
    """How noise becomes a picture.

    Attributes:
        steps: number of denoising steps, 1..1000.
        guidance: classifier-free guidance scale, 1 (off) .. 30; None is the model's own default.
        guidance_rescale: how much of the contrast that guidance adds is taken back, 0 (none) .. 1 (all of it); for
            models that high guidance makes glaring, above all those of v-prediction.
        sampler: one of `resources.limits.SAMPLERS`.
    """

    steps: Annotated[
        Steps,
        SettingSpec(
            label="Steps",
            subject="The number of steps",
            tip="More steps take longer and give more finished pictures",
            help="denoising steps",
            metavar="N",
            section="Sampling",
            low=1,
            high=60,
        ),
    ] = 20
    guidance: Annotated[
        Guidance | None,
        SettingSpec(
            label="Guidance",
            subject="Guidance",
            tip="How closely the picture follows the prompt; the model's own value unless set here",
            help="how closely to follow the prompt; 1 switches it off",
            section="Sampling",
            low=1,
            high=15,
            step=0.5,
            decimals=1,
        ),
    ] = None
    guidance_rescale: Annotated[
        Share,
        SettingSpec(
            label="Guidance rescale",
            subject="Guidance rescale",
            tip="Reduces the contrast that high guidance adds; 0 is off, 0.7 is a good start where pictures look harsh",
            help="how much of the contrast that guidance adds is removed, from 0 (none) to 1 (all)",
            section="Sampling",
            step=0.05,
            decimals=2,
        ),
    ] = 0.0
    sampler: Annotated[
        Name,
        SettingSpec(
            label="Sampler",
            subject="The sampler",
            help="the solver",
            section="Sampling",
            choices=limits.SAMPLERS,
        ),
    ] = "dpmpp_2m"


@dataclass(frozen=True, kw_only=True)
class PaintSettings(MoodSettings):
    """How strongly text, paint and a mood act.

    Attributes:
        law: name of a law in engine/attention/laws.py; "default" is the house's choice.
        paint_weight: eDiff-I's global w', 0 (off) .. 10; None is the model's own default.
        fidelity: how strictly paint is kept to: the dial, 0 (loose) .. 1 (exact), or its pieces; None is the model's
            own default, and nothing for any other law than "default".
        encoders: (name, weight) of the text encoders that are used, of "clip" and "t5"; weight 0 (off) .. 1. None is
            all that the model has, each at 1.
        structured: whether what belongs to one thing ("a red house") is read apart from the other things, see
            `engine.text.phrase_values`; for models with cross-attention.
        place_words: whether words without paint get some, and round paint an outline, see `engine.placing`; for models
            with a table of places.
    """

    law: Annotated[
        Name,
        SettingSpec(label="Law", subject="The law", help="the rule that turns masks into bias", metavar="NAME"),
    ] = "default"
    paint_weight: Annotated[
        PaintWeight | None,
        SettingSpec(
            label="Paint weight",
            subject="The paint weight",
            tip="How strongly all paint acts; 0 is off. The model's own value unless set here",
            help="how closely to follow the paint; 0 switches it off",
            section="Paint",
            low=0,
            high=3,
            step=0.05,
            decimals=2,
        ),
    ] = None
    fidelity: Annotated[
        Share | FidelityPieces | None,
        SettingSpec(
            label="Fidelity",
            subject="The fidelity",
            help="how strictly words keep to their paint, from 0 (loose) to 1 (exact); or part by part:"
            " containment=0.5,separation=1,gradient=4; by default FILE's, or the model's",
            advice="Give a number from 0, loose, to 1, exact, or its parts.",
        ),
    ] = None
    encoders: Annotated[
        tuple[tuple[Name, Share], ...] | None,
        SettingSpec(
            label="Text encoders",
            subject="The weights of the text encoders",
            help="the text encoders that read the prompt: clip, t5 or both, each with a weight from 0 to 1; by"
            " default all that the model has",
            metavar="NAME[:WEIGHT],...",
            advice="Give each of clip and t5 a number from 0 to 1.",
        ),
    ] = None
    structured: Annotated[
        bool,
        SettingSpec(
            label="Keep attributes together",
            subject="Keeping attributes together",
            tip="Reads each painted word and each thing of the prompt apart from the others, so that “a red house and"
            " a blue house” mix their colours less; costs no time. For Stable Diffusion models and the starter",
            help="whether each painted word and each thing in the prompt is read separately, so that colours stay with"
            " their things (Structured Diffusion Guidance)",
            section="Paint",
            advice="It is on or off.",
        ),
    ] = False
    place_words: Annotated[
        bool,
        SettingSpec(
            label="Place and shape things",
            subject="Placing and shaping things",
            tip="Paints, unseen, what you leave unpainted where it may stand: the sky above, a boat on the water. A"
            " round patch becomes the outline of its thing; paint with a shape of its own stays as it is. For the"
            " starter",
            help="whether words without paint are placed where such things stand, and round paint takes on the outline"
            " of its thing, on models that know that, such as the starter",
            section="Paint",
            advice="It is on or off.",
        ),
    ] = True


@dataclass(frozen=True, kw_only=True)
class MachineSettings:
    """Who does the work.

    Attributes:
        model: a name in the library ("starter") or the path of a diffusers folder or single safetensors file.
        device: auto, cpu, cuda, cuda:N or mps.
        memory: how sparing the model is with the device's memory, one of `resources.limits.MEMORY`.
        compile: whether the denoiser is compiled for the device, one of `resources.limits.COMPILE`.
        experts: the denoisers over the noise levels, covering 0 to infinity; None is the model's own ensemble where it
            has one, () its base denoiser alone.
    """

    model: Annotated[
        Name,
        SettingSpec(
            label="Model",
            subject="The model",
            help="a model in the library, or the path of one; see: wordbrush doctor",
            metavar="NAME|PATH",
            advice="Pick a model from the list.",
        ),
    ] = "starter"
    device: Annotated[
        Name,
        SettingSpec(
            label="Device",
            subject="The device",
            help="auto, cpu, cuda, cuda:N, mps, or HOST:PORT of a machine where wordbrush serve runs",
            metavar="NAME",
            advice="Choose auto, cpu, cuda, cuda:N (N from 0) or mps.",
        ),
    ] = "auto"
    memory: Annotated[
        Name,
        SettingSpec(
            label="Memory",
            subject="The memory",
            tip="How much the model spares the device's memory; the less it uses, the longer a picture takes",
            help="how much of the device's memory to use: auto uses what is free, low and lowest use less",
            metavar="NAME",
            section="Device",
            choices=limits.MEMORY,
        ),
    ] = "auto"
    compile: Annotated[
        Name,
        SettingSpec(
            label="Compile",
            subject="Compiling",
            tip="Makes later pictures of a size faster; the first one is made while the compiler works."
            " Automatic: on CUDA devices",
            help="whether to compile the denoiser for the device, which makes later pictures faster; auto compiles on"
            " CUDA",
            metavar="NAME",
            section="Device",
            choices=limits.COMPILE,
        ),
    ] = "auto"
    experts: Annotated[
        tuple[ExpertChoice, ...] | None,
        SettingSpec(label="Experts", subject="The experts", advice="Reset the timeline."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class GenerationSettings(MachineSettings, PaintSettings, SamplingSettings, SeriesSettings):
    """All settings of a generation together, under flat names, as scenes and their files have them."""


@cache
def specs(kind: type = GenerationSettings) -> Mapping[str, SettingSpec]:
    """The declarations of a class of settings, by name and in their order."""
    found = {}
    for field in dataclasses.fields(kind):
        annotation = fields_of(kind)[field.name]
        for spec in getattr(annotation, "__metadata__", ()):
            if isinstance(spec, SettingSpec):
                bare = annotation.__origin__
                kept = tuple(part for part in annotation.__metadata__ if part is not spec)
                found[field.name] = dataclasses.replace(
                    spec,
                    name=field.name,
                    kind=Annotated[(bare, *kept)] if kept else bare,
                    default=field.default,
                )
    return found


@cache
def _shape_of(kind: type) -> Shape:
    return Shape(kind.__name__, {name: spec.kind for name, spec in specs(kind).items()})


def check_settings(group: Any, *, owner: str = "") -> None:
    """Makes sure that every setting in a group, and in its parts, is within its range.

    Args:
        owner: whose settings they are, behind what a sentence calls them: ' of the expert "a"'.

    Raises:
        Refused: one is not; the hint names the range.
    """
    kind: Any = type(group)
    known = _shape_of(kind).fits(group)
    for name, spec in specs(kind).items():
        value = getattr(group, name)
        if not known:
            check(value, spec.kind, f"{spec.subject}{owner}", advice=spec.advice)
        for part in nested(value):
            check_settings(part, owner=f' of the expert "{part.name}"' if isinstance(part, ExpertChoice) else "")
    if isinstance(group, PaintSettings):
        _check_encoders(group.encoders)


def check_choices(group: Any) -> None:
    """Makes sure that every setting that has choices is one of them.

    Raises:
        Refused: one is not; the hint names all of them.
    """
    kind: Any = type(group)
    for name, spec in specs(kind).items():
        value = getattr(group, name)
        if spec.choices is not None and value not in spec.choices:
            known = ", ".join(spec.choices)
            raise Refused(f'There is no {spec.label.lower()} named "{value}".', f"Choose one of: {known}.")


def taken_from(settings: object, kind: type) -> dict[str, Any]:
    """The values of an object that has the fields of the class `kind`, by name."""
    return {field.name: getattr(settings, field.name) for field in dataclasses.fields(kind)}


def sections() -> Mapping[str, list[SettingSpec]]:
    """The parts of the settings panel and what is in each, in the order of the declarations."""
    found: dict[str, list[SettingSpec]] = {}
    for spec in specs().values():
        if spec.section:
            found.setdefault(spec.section, []).append(spec)
    return found


def _check_encoders(encoders: tuple[tuple[str, float], ...] | None) -> None:
    names = [name for name, _ in encoders or ()]
    for name in names:
        if name not in limits.ENCODERS:
            raise Refused(f'There is no text encoder named "{name}".', f"Choose from: {', '.join(limits.ENCODERS)}.")
        if names.count(name) > 1:
            raise Refused(f'The text encoder "{name}" has two weights.', "Give it one, from 0 to 1.")
