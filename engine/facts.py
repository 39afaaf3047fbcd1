"""What is known about a model before it is loaded: its family, sizes, defaults and own experts; no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

DELTAS = "pytorch_lora_weights.safetensors"
"""The file, in diffusers' LoRA format, with an expert's difference from its base."""


INSTRUCT = "instruct"
"""The folder in a model's with what lets its denoiser follow instructions, and the name of that expert."""

PICTURE_INPUT = "picture_input.safetensors"
"""The file in that folder with the weights of the first layer for the channels of a picture."""

STYLES = "styles"
"""The folder in a model's with `DELTAS` that are on wherever a style is shown by a picture."""

PLACES = "places.json"
"""The file in a model's folder that says where its things stand, see `engine.placing.table`."""

STARTER = "starter"
"""The name of the small model that ships with the program."""

BASE = "base"
"""The name of a model's own denoiser on the timeline and in progress messages."""


@dataclass(frozen=True)
class ExpertFacts:
    """One of a model's own experts.

    Attributes:
        low, high: it works at `low <= sigma < high`.
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
        folder: the folder with its files, `DELTAS` or a whole UNet; None for the base denoiser itself.
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
class FewSteps:
    """What suits a model that a LoRA lets work in few steps; guidance is None where the model's own stays."""

    steps: int
    sampler: str
    guidance: float | None

    @property
    def settings(self) -> dict[str, object]:
        """The settings that it asks for, by their names."""
        found: dict[str, object] = {"steps": self.steps, "sampler": self.sampler}
        return found if self.guidance is None else found | {"guidance": self.guidance}


@dataclass(frozen=True)
class FastWay:
    """A quick way that a model brings: a LoRA in its own folder that lets it work in few steps.

    Attributes:
        lora: the file's name, without its ending, by which it is called. few: what suits the model with it.
    """

    lora: str
    few: FewSteps


@dataclass(frozen=True)
class LoraFile:
    """A LoRA file as it can be told without its weights.

    Attributes:
        triggers: the words that it was trained with, the most frequent first. base: what it was made for, in its
            trainer's words, "" if nobody says. made_for: the kind of models that its layers fit, as a person calls
            it; "" if they do not tell. problem: why it cannot be used, "" if nothing is known. few_steps: what suits a
            model with it, if it is one that lets models work in few steps.
    """

    name: str
    path: Path
    triggers: tuple[str, ...] = ()
    base: str = ""
    made_for: str = ""
    problem: str = ""
    few_steps: FewSteps | None = None


@dataclass(frozen=True)
class Defaults:
    """The settings that suit a model best; its author may set them in a `wordbrush.json` next to model_index.json.

    Attributes:
        instruct_guidance: by an instruction that changes a picture, where that is another than `guidance`.
        size: (width, height) in pixels.
        fidelity: the setting of the dial, see `engine.attention.fidelity`.
        preview: the rows of `engine.sampling.preview.LinearPreview`, or () to fit them to the decoder.
    """

    guidance: float
    paint_weight: float
    size: tuple[int, int]
    sampler: str = "dpmpp_2m"
    steps: int = 20
    fidelity: float = 0.0
    preview: tuple[tuple[float, ...], ...] = ()
    instruct_guidance: float | None = None

    def guidance_for(self, *, instruction: bool) -> float:
        """The guidance by a prompt, or by an instruction."""
        return self.instruct_guidance if instruction and self.instruct_guidance is not None else self.guidance


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What is known about a model, on whatever machine: names, sizes and capabilities, but no paths.

    Attributes:
        family: the name of its architecture, see `engine.models.architectures`.
        latents: the kind of its latents; models of equal kind and `multiple` can work on the same picture.
        multiple: pixels per latent pixel, along each side; width and height must be multiples of it.
        coarsest: pixels along a side of one of the places that attend to words, where its attention is coarsest.
        names: everything that it can paint, if it knows only a few names; empty if it understands free text.
        groups: in the first case, its names in groups, each with a title: "Animals".
        words: in the first case, the other words that it knows: colours, articles, conjunctions.
        near: names by words that it does not know, in small letters: each the nearest in meaning.
        taught: words that embeddings beside it let it read, among them those that were taught here.
        encoders: its text encoders that can be switched on and off, of "clip" and "t5".
        takes_styles: whether style pictures can be used: it has an image encoder for them or, as the executor tells
            it, an IP-Adapter that fits is installed.
        sees: whether its text encoder is a vision-language model whose files have its eyes: it can say what a picture
            shows.
        styles_help: where an IP-Adapter could let it use them: what to get, and where to put it.
        places: whether it has a table of where things stand, see `engine.placing`.
        structured: whether attributes can be kept together: the keys and values of its text can be of two texts.
        loras: what the LoRA files that it takes are made for, as a person calls it; "" if it takes none.
        takes_negative: whether what a picture should not show is read; where guidance is an input of the network, it
            is not.
        is_few_steps: whether its name or its files call it one that was distilled to few steps.
        experts: its own ensemble over the noise levels; empty if it has one denoiser only.
        fast: the quick way that it brings, which live mode takes; None if it brings none.
        instructs: whether it can change a picture as its prompt says, see `InstructedPicture`.
        needs_picture: whether it can do nothing else: it was made for that.
    """

    name: str
    family: str
    latents: str
    multiple: int
    defaults: Defaults
    coarsest: int = 0
    names: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    words: tuple[str, ...] = ()
    near: Mapping[str, str] = field(default_factory=dict, hash=False)
    taught: tuple[str, ...] = ()
    encoders: tuple[str, ...] = ("clip",)
    takes_styles: bool = False
    sees: bool = False
    styles_help: str = ""
    takes_negative: bool = True
    places: bool = False
    structured: bool = True
    loras: str = ""
    is_few_steps: bool = False
    experts: tuple[ExpertFacts, ...] = ()
    fast: FastWay | None = None
    instructs: bool = False
    needs_picture: bool = False

    @property
    def cell(self) -> int:
        """`coarsest`, or where that is not known the size of a latent pixel."""
        return self.coarsest or self.multiple

    def nearest(self, side: int) -> int:
        """Return the width or height in pixels nearest to `side` that the model can make."""
        return max(self.multiple, round(side / self.multiple) * self.multiple)


@dataclass(frozen=True, kw_only=True)
class InstalledModel(ModelFacts):
    """The facts of a model on this machine, read from its files.

    Attributes:
        path: its folder or file. config: the folder with its config files: `path` itself unless that is a single file.
        files: for a single file with only a denoiser: the separate files of its other parts, by part.
        is_assembled: whether even its config files were made for it, see `engine.models.assembly`.
        instruct: the expert by which its base follows instructions; None where there is none, or the base itself does.
    """

    path: Path
    config: Path
    experts: tuple[ManifestExpert, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    is_assembled: bool = False
    instruct: ManifestExpert | None = None

    def travelling(self) -> ModelFacts:
        """Return these facts without anything that only this machine can use."""
        kept = {each.name: getattr(self, each.name) for each in fields(ModelFacts)}
        experts = tuple(ExpertFacts(each.name, each.low, each.high, each.is_base) for each in self.experts)
        return ModelFacts(**kept | {"experts": experts})


@dataclass(frozen=True)
class ModelInfo:
    """One installed model.

    Attributes:
        name: its name in requests. family: its architecture, "" if the model cannot be used.
        size_bytes: of all its files. problem: why it cannot be used, empty if it can. hint: what to do about it.
        names: everything that it can paint, see `ModelFacts`.
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
    """The noise levels of a run.

    Attributes:
        top: the model's highest noise level.
        sigmas: the noise levels of the steps, descending.
    """

    top: float
    sigmas: tuple[float, ...]
