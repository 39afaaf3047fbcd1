"""What is known about a model before it is loaded: its family, sizes, defaults and own experts; no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

DELTAS = "pytorch_lora_weights.safetensors"
"""The file, in diffusers' LoRA format, by which an expert differs from its base."""


STARTER = "starter"
"""The small model that ships, by name."""

BASE = "base"
"""What a model's own denoiser is called on the timeline and in the progress."""


@dataclass(frozen=True)
class ExpertFacts:
    """One of a model's own experts.

    Attributes:
        low, high: it owns `low <= sigma < high`.
        is_base: whether it is the base denoiser under another name.
    """

    name: str
    low: float
    high: float
    is_base: bool = False


@dataclass(frozen=True)
class ManifestExpert(ExpertFacts):
    """One of the experts of a model on this machine.

    Attributes:
        folder: what is its own: `DELTAS` to the base's weights, or a UNet; None is the base denoiser itself.
    """

    is_base: bool = field(init=False, default=True)
    folder: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_base", self.folder is None)

    @property
    def is_delta(self) -> bool:
        """Whether it is the base's weights with low-rank changes."""
        return self.folder is not None and (self.folder / DELTAS).is_file()


@dataclass(frozen=True)
class Defaults:
    """What a model works best with; a `wordbrush.json` beside model_index.json may say so.

    Attributes:
        size: (width, height) in pixels.
        fidelity: the place on the dial, see `engine.attention.fidelity`.
        preview: the rows of `engine.sampling.preview.LinearPreview`, or () where they are to be fitted to the decoder.
    """

    guidance: float
    paint_weight: float
    size: tuple[int, int]
    sampler: str = "dpmpp_2m"
    steps: int = 20
    fidelity: float = 0.0
    preview: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What is known of a model, wherever it is: names, sizes and capabilities, and no paths.

    Attributes:
        family: the name of its architecture, see `engine.models.architectures`.
        latents: what its latents are; models with equal ones, and an equal `multiple`, can share a picture.
        multiple: pixels for each latent pixel; width and height must be multiples of it.
        names: all that it can paint, where it has learnt only a few names; empty where it knows a language.
        words: the other words that it has learnt then: colours, articles, joiners.
        encoders: its text encoders that can be switched, of "clip" and "t5".
        takes_styles: whether it has an image encoder, so that a reference's look can be taken.
        experts: its own ensemble over the noise levels; empty where it is one denoiser.
    """

    name: str
    family: str
    latents: str
    multiple: int
    defaults: Defaults
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    encoders: tuple[str, ...] = ("clip",)
    takes_styles: bool = False
    experts: tuple[ExpertFacts, ...] = ()

    def nearest(self, side: int) -> int:
        """The width or height in pixels, nearest to `side`, that the model can make."""
        return max(self.multiple, round(side / self.multiple) * self.multiple)


@dataclass(frozen=True, kw_only=True)
class InstalledModel(ModelFacts):
    """What the files of a model on this machine say.

    Attributes:
        path: its folder or file. config: the folder of its config files; `path` itself unless that is a single file.
        files: of a single file that is only a denoiser, by part the files beside it that hold the rest.
    """

    path: Path
    config: Path
    experts: tuple[ManifestExpert, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)

    def travelling(self) -> ModelFacts:
        """The same without anything that only this machine can use."""
        kept = {each.name: getattr(self, each.name) for each in fields(ModelFacts)}
        experts = tuple(ExpertFacts(each.name, each.low, each.high, each.is_base) for each in self.experts)
        return ModelFacts(**kept | {"experts": experts})


@dataclass(frozen=True)
class ModelInfo:
    """One installed model.

    Attributes:
        name: what a request calls it. family: its architecture, "" where the model cannot be used.
        size_bytes: of all its files. problem: why it cannot be used, empty where it can. hint: what to do then.
        names: all that it can paint, see `ModelFacts`.
    """

    name: str
    path: Path
    family: str
    size_bytes: int
    problem: str = ""
    names: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class NoiseLevels:
    """What a model's noise schedule says of a run.

    Attributes:
        top: its highest noise level.
        sigmas: those of the steps, falling.
    """

    top: float
    sigmas: tuple[float, ...]
