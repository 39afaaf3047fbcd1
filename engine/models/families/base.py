"""What a model family does for a generation: encode words, denoise, decode, and say how its latents are shaped."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from torch import Tensor

from engine.attention.fidelity import NONE
from engine.attention.heatmaps import Heatmaps
from engine.facts import InstalledModel
from engine.models.adapters.choosing import ChosenAdapter
from engine.protocol import Fidelity, PaintedWord, SamplingSettings, StyleReference
from engine.sampling.preview import LinearPreview
from engine.sampling.schedule import NoiseSchedule
from engine.text.conditioning import Area, Conditioning
from engine.weights.offload import OffloadedWeights
from engine.weights.tiers import Way

if TYPE_CHECKING:
    from engine.attention.inside_outside import ShapeSides
    from engine.models.compiling.graphs import Graphs
    from engine.models.controls.running import LoadedControl
    from engine.models.families.instructed import PictureGuide
    from engine.models.ip_adapters.loading import LoadedStyle
    from engine.text.learnt_words import LearntWord


@dataclass(frozen=True, kw_only=True, eq=False)
class RunConfig:
    """How one run of the denoiser is set up.

    Attributes:
        context: the encoded prompts and styles.
        words: the painted words; masks at picture size.
        placed: words that nobody painted, with paint that the program gave them, see `engine.placing`; nothing is told
            of them. Families without biased attention leave them alone.
        size: (width, height) of the picture in pixels.
        batch: pictures per call.
        guidance: classifier-free guidance; at 1 the negative prompt is not evaluated.
        sampling: the request's other sampling settings; its own guidance is ignored.
        law, paint_weight: the rule that turns paint into bias, and its global weight.
        fidelity: the other means by which a picture keeps to its paint.
        areas: where the cross-attention uses another prompt than the context's.
        watched: other spans of the prompt whose attention is recorded. heatmaps: whether the words' is.
        controls: the pictures whose shapes are kept to, with their networks, which fit this denoiser.
        styles: the pictures whose look is taken through an IP-Adapter, which fits this denoiser.
        check: called between the layers of the networks; what it raises stops their work there. A compiled denoiser
            is not stopped: the run ends before its next step.
        compiled: whether the denoiser may be a compiled one, see `engine.models.compiling`.
        shape: which tokens and cells of a shape see which, see `engine.attention.inside_outside`; None is all.
        guide: the picture that the prompt is an instruction for, see `engine.models.families.instructed`.
    """

    context: Conditioning
    words: Sequence[PaintedWord] = field(default=())
    placed: Sequence[PaintedWord] = ()
    size: tuple[int, int]
    batch: int = 1
    guidance: float = 1.0
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    law: str = "default"
    paint_weight: float = 0.0
    fidelity: Fidelity = NONE
    areas: Sequence[Area] = ()
    watched: Sequence[tuple[int, int]] = ()
    heatmaps: bool = False
    controls: Sequence[LoadedControl] = ()
    styles: Sequence[LoadedStyle] = ()
    check: Callable[[], None] = field(default=lambda: None)
    compiled: bool = False
    shape: ShapeSides | None = None
    guide: PictureGuide | None = None


class Family(Protocol):
    """One loaded model. It belongs to the thread that loaded it; one run at a time, from `begin` to `end`."""

    facts: InstalledModel
    device: torch.device
    dtype: torch.dtype
    noise: NoiseSchedule
    preview: LinearPreview
    offloaded: OffloadedWeights
    """Where its denoiser's weights are; `Library.loading` gives it back with them on the device."""
    way: Way
    """How it uses the device's memory."""
    brief: RunConfig | None
    """The current run's configuration, from `begin` until `end`."""
    graphs: Graphs | None
    """Its compiled denoisers; None where none was ever asked for."""

    @property
    def latents(self) -> Hashable:
        """Identifies the kind of latents; models for which it is equal can share one run."""

    @property
    def encoders_key(self) -> Hashable:
        """Identifies its text and image encoders; denoisers with the same ones share a context."""

    @property
    def channels(self) -> int:
        """Channels of a latent."""

    def latent_size(self, width: int, height: int) -> tuple[int, int]:
        """(height, width) of the latent of a picture."""

    def encode(
        self,
        prompt: str,
        negative: str,
        *,
        encoders: Sequence[tuple[str, float]] | None = None,
        styles: Sequence[StyleReference] = (),
    ) -> Conditioning:
        """Encodes both prompts, of any length, and the styles; see `GenerateRequest` for `encoders` and `styles`.

        Raises:
            UnsupportedModel: the model has no such encoder, or takes no styles. BadRequest: all encoders are off.
        """

    def adapt(self, chosen: tuple[ChosenAdapter, ...], prompt: str) -> None:
        """Works with these LoRA files alone, until others are given; () puts the weights back to the bit.

        Raises:
            UnsupportedModel: one of them was made for another kind of model, or this family takes none.
        """

    def learn(self, words: tuple[LearntWord, ...]) -> None:
        """Reads these learnt words as their vectors, until others are given; before `adapt` and `encode`.

        Raises:
            UnsupportedModel: one of them was made for other text encoders.
        """

    def rest(self) -> None:
        """The run is over: LoRA files of words act no more; those of the whole picture stay merged until `adapt` asks
        for others or for none, or the weights move."""

    def begin(self, brief: RunConfig) -> None:
        """Prepares a run: projects the text once and places the words. It ends the run before, if any.

        Raises:
            WordNotInPrompt: a word's span has no token. DeviceOutOfMemory: a step, a gradient step or the decoding
            would not fit into what is free.
        """

    def bytes_for_run(self, size: tuple[int, int], *, batch: int, guided: bool, gradient: bool) -> int:
        """Estimated bytes of device memory for a run of pictures of `size` (width, height), weights not counted."""

    def again(self) -> None:
        """Restarts with the same configuration for the next pictures: projections are reused, heatmaps are reset."""

    def denoise(
        self, x: Tensor, sigma: float, *, timestep: float, fraction: float, guidance: float | None = None
    ) -> Tensor:
        """x0 `[B, C, h, w]` float32 for x of that shape, x = x0 + sigma * noise; `fraction` 0..1 of the schedule.

        `guidance` overrides the run's, which must be above 1 if this is.
        """

    def steer(self, x: Tensor, sigma: float, *, timestep: float, fraction: float, step: int = 0) -> Tensor:
        """Layout guidance's update to add to x before `denoise`; it moves the words' attention towards their paint.

        `step` is the number of the step in the whole schedule, from 0: words of less fidelity are let go earlier.
        """

    def heatmaps(self) -> Heatmaps | None:
        """Where the attention of the words, then of the watched spans went, on the device; None where the run does not
        record it."""

    def keep(self, good: Tensor) -> None:
        """Commits, on the device, what the last step recorded if `good` (0-d bool) is true."""

    def undo(self) -> None:
        """Discards what the step after the last good one recorded."""

    def widen(self) -> torch.dtype | None:
        """Continues the run in a wider number format and returns it; None where there is none.

        Raises:
            NotFinite: the weights themselves are damaged.
        """

    def obedience(self, heatmaps: Heatmaps) -> list[list[float | None]]:
        """For each picture of the batch and each painted word, the share of its attention inside its paint.

        `heatmaps` are those of all denoisers that shared the run.
        """

    def end(self) -> None:
        """Releases what `begin` made."""

    def adopt(self, way: Way) -> None:
        """Goes on in a way that saves more memory; there is no way back but to load the model again."""

    def encode_picture(self, rgb: np.ndarray) -> Tensor:
        """Latents `[1, C, h, w]` float32 of a picture, uint8 `[H, W, 3]`."""

    def decode(self, latents: Tensor) -> np.ndarray:
        """uint8 RGB `[B, H, W, 3]` of latents `[B, C, h, w]`.

        Raises:
            DeviceOutOfMemory: not even a small tile of a picture fits. NotFinite: the autoencoder fails.
        """
