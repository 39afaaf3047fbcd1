"""What is known about a model before it is loaded: its family, sizes, defaults and own experts; no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DELTAS = "pytorch_lora_weights.safetensors"
"""The file, in diffusers' LoRA format, by which an expert differs from its base."""


@dataclass(frozen=True)
class ManifestExpert:
    """One of a model's own experts.

    Attributes:
        low, high: it owns `low <= sigma < high`.
        folder: what is its own: `DELTAS` to the base's weights, or a UNet; None is the base denoiser itself.
    """

    name: str
    low: float
    high: float
    folder: Path | None = None

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


@dataclass(frozen=True)
class ModelFacts:
    """What the files of a model say.

    Attributes:
        family: "sd", "sdxl" or "sdxl_refiner".
        multiple: pixels for each latent pixel; width and height must be multiples of it.
        config: the folder of its config files; `path` itself unless that is a single file.
        names: all that it can paint, where it has learnt only a few names; empty where it knows a language.
        words: the other words that it has learnt then: colours, articles, joiners.
        encoders: its text encoders that can be switched, of "clip" and "t5".
        takes_styles: whether it has an image encoder, so that a reference's look can be taken.
        experts: its own ensemble over the noise levels; empty where it is one denoiser.
    """

    name: str
    path: Path
    family: str
    multiple: int
    defaults: Defaults
    config: Path
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    encoders: tuple[str, ...] = ("clip",)
    takes_styles: bool = False
    experts: tuple[ManifestExpert, ...] = ()

    def nearest(self, side: int) -> int:
        """The width or height in pixels, nearest to `side`, that the model can make."""
        return max(self.multiple, round(side / self.multiple) * self.multiple)
