"""What families of transformers share: a model is a reader, a denoiser with its adapter, a coder and a schedule."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import torch
from torch import Tensor, nn

from engine.attention.fidelity import with_words
from engine.attention.heatmaps import HeatmapRecorder, Heatmaps, obedience
from engine.attention.laws import find_law
from engine.attention.mask_reduction import MaskCache
from engine.attention.masks import Paint
from engine.attention.token_layout import LayerSides, TokenLayout
from engine.attention.transformer_control import TransformerControl
from engine.errors import InternalError, UnsupportedModel
from engine.facts import InstalledModel
from engine.models.adapters.merging import merged_of
from engine.models.architectures import architectures
from engine.models.families.adapting import Adapted
from engine.models.families.autoencoder import PictureCoder
from engine.models.families.base import RunConfig
from engine.models.families.guidance import combined, usual
from engine.models.families.memory_use import TransformerMemory, encoders_in
from engine.models.families.stopping import BetweenLayers
from engine.models.families.transformer_adapting import TransformerAdapting
from engine.protocol import StyleReference
from engine.sampling.preview import LinearPreview, fit_to_decoder
from engine.sampling.schedule import NoiseSchedule
from engine.text.conditioning import Conditioning
from engine.text.prompt_states import PromptReader, joined
from engine.text.token_bias import check_encoders, check_takes_styles
from engine.weights import precision
from engine.weights.files import incomplete
from engine.weights.offload import OffloadedWeights

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class TextRows:
    """The text of all rows of a call: with guidance the negative prompt's, then the prompt's.

    Attributes:
        states: `[rows, T, ...]`. pooled: `[rows, P]`. mask: bool `[rows, T]`; None is all.
        counts: how many positions each row has, where the mask ends in padding.
    """

    states: Tensor
    pooled: Tensor | None
    mask: Tensor | None
    counts: tuple[int, ...]

    def part(self, start: int, stop: int) -> TextRows:
        """Some of the rows, all of one text, without padding."""
        count = self.counts[start]
        return TextRows(
            states=self.states[start:stop, :count],
            pooled=None if self.pooled is None else self.pooled[start:stop],
            mask=None if self.mask is None or bool(self.mask[start, :count].all()) else self.mask[start:stop, :count],
            counts=self.counts[start:stop],
        )

    def separate(self) -> list[Tensor]:
        """Each row's own states, `[count, ...]`, without the padding at the end."""
        return [states[:count] for states, count in zip(self.states, self.counts, strict=True)]


class TransformerDenoiser(Protocol):
    """How one family's network is called.

    One with a guidance of its own has `guide(negative, positive, scale)` too, of predictions `[B, C, h, w]`; one that
    can take no padding in a text has `own_lengths`, and is called for each half of guidance by itself.

    Attributes:
        network: the diffusers class, as it comes.
        painted: regular expressions of the paths of the attention layers that take paint, see `TransformerControl`.
        channels: of a latent. width, heads: of a token, for the memory that a step takes.
        takes_guidance: whether guidance is an input of the network, so that there is no second half.
    """

    network: Any
    channels: int
    width: int
    heads: int

    @property
    def painted(self) -> tuple[str, ...]:
        """See above."""

    @property
    def takes_guidance(self) -> bool:
        """See above."""

    @property
    def sides(self) -> LayerSides:
        """What each layer works on: cells, tokens, or both."""

    def layout(self, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """Where text and cells stand for a context of so many tokens and a grid of (rows, columns)."""

    def predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        """noise - x0, `[rows, C, h, w]`, for latents of that shape at a flow's time 0 (picture) .. 1 (noise)."""


class TransformerFamily(Adapted, TransformerMemory):
    """A loaded model with a transformer; see `Family` for what each method does.

    Args:
        reader: reads prompts. denoiser: calls the network. reload: reads the network again, onto the CPU.
        coder: pictures to latents and back.
    """

    adapting: TransformerAdapting

    def __init__(
        self,
        facts: InstalledModel,
        *,
        reader: PromptReader,
        denoiser: TransformerDenoiser,
        coder: PictureCoder,
        noise: NoiseSchedule,
        reload: Callable[[], Any],
        device: torch.device,
    ) -> None:
        self.facts, self.noise, self.device, self.coder, self.reader = facts, noise, device, coder, reader
        self.architecture = architectures()[facts.family]
        put_back = merged_of(denoiser.network).restore
        self.offloaded = OffloadedWeights(denoiser.network, device, reload, put_back=put_back)
        self._take(denoiser)
        self.masks = MaskCache()
        self.preview = self._make_preview()
        self._clear()

    def _take(self, denoiser: TransformerDenoiser) -> None:
        self.denoiser = denoiser
        denoiser.network.requires_grad_(False)
        self.dtype: torch.dtype = denoiser.network.dtype
        self.control = TransformerControl(denoiser.network, denoiser.painted)
        self.adapting = TransformerAdapting(denoiser, self.reader, self.architecture)
        self.adapting.half = "high" if self.facts.experts else ""
        self.graph = self.graphs = None
        self._stops = BetweenLayers()

    def _clear(self) -> None:
        self.brief: RunConfig | None = None
        self._text: TextRows | None = None
        self._halves: tuple[TextRows, TextRows] | None = None
        self._tap: HeatmapRecorder | None = None
        self._paint: Paint | None = None

    def _make_preview(self) -> LinearPreview:
        rows = self.facts.defaults.preview
        try:
            if rows:
                return LinearPreview(rows, channels=self.channels, device=self.device)
            return fit_to_decoder(self._decode_each, self.channels, device=self.device)
        except ValueError as error:
            raise incomplete("wordbrush.json", "its preview does not fit the model", details=str(error)) from error

    def with_network(
        self,
        network: Any,
        reload: Callable[[], Any],
        *,
        noise: NoiseSchedule | None = None,
        recipe: Callable[[dict[str, Tensor]], dict[str, Tensor]] | None = None,
    ) -> Self:
        """A denoiser beside this one: its network, paint and run are its own; what reads, decodes and shows is shared.

        Args:
            reload: reads the network again, onto the CPU. noise: the levels it was trained on, by default this one's.
            recipe: makes its weights of this one's; see `OffloadedWeights`.
        """
        other = copy.copy(self)
        denoiser = copy.copy(self.denoiser)
        denoiser.network = network
        other.noise = noise or self.noise
        other._take(denoiser)
        other.adapting.half = "low"
        put_back = merged_of(network).restore
        other.offloaded = OffloadedWeights(
            network, self.device, reload, base=self.offloaded, put_back=put_back, recipe=recipe
        )
        other._clear()
        return other

    def _denoiser(self) -> Any:
        return self.denoiser.network

    def _encoders(self) -> list[nn.Module]:
        return encoders_in(self.reader)

    @property
    def encoders_key(self) -> Hashable:
        """Its reader, which `with_network` hands on."""
        return id(self.reader)

    @property
    def channels(self) -> int:
        """Channels of a latent."""
        return self.denoiser.channels

    @property
    def latents(self) -> Hashable:
        """What the latents are: channels, factor and scaling."""
        return (self.channels, self.coder.multiple, self.coder.latents)

    def latent_size(self, width: int, height: int) -> tuple[int, int]:
        """(height, width) of the latent of a picture."""
        return height // self.coder.multiple, width // self.coder.multiple

    def _grid(self, size: tuple[int, int]) -> tuple[int, int]:
        height, width = self.latent_size(*size)
        return height // self.architecture.patch, width // self.architecture.patch

    @torch.inference_mode()
    def encode(
        self,
        prompt: str,
        negative: str,
        *,
        encoders: Sequence[tuple[str, float]] | None = None,
        styles: Sequence[StyleReference] = (),
    ) -> Conditioning:
        """Reads both prompts; the negative one only in families that have it."""
        check_encoders(self.facts, encoders)
        check_takes_styles(self.facts, styles)
        positive = self.reader.read(prompt)
        opposite = self.reader.read(negative) if self.facts.takes_negative else positive
        return joined(opposite, positive, self.dtype)

    def positive(self, context: Conditioning) -> TextRows:
        """The prompt's row of a context by itself, on the device."""
        return self._rows(context, [1], 1)

    def begin(self, brief: RunConfig) -> None:
        """Prepares a run: checks the memory, expands the rows for the batch, places the words."""
        self._check_brief(brief)
        self._check_memory(brief)
        self._choose_denoiser(brief)
        self._begin(brief, None)

    def _check_brief(self, brief: RunConfig) -> None:
        can, whole = self.architecture.can, with_words(brief.fidelity, brief.words)
        if brief.areas and not can.regions:
            raise UnsupportedModel(
                f'The model "{self.facts.name}" takes no prompt for each area in its attention.',
                hint="Choose another law, such as ediffi, or a Stable Diffusion model.",
            )
        if brief.words and not can.separation and (whole.separation or find_law(brief.law).between):
            _log.warning("areas are not kept apart: this model's pixels and words share one attention")
        if brief.words and not can.gradient_steps and whole.gradient_steps:
            _log.warning("gradient steps are left out: this model has none")

    @torch.no_grad()
    def _begin(self, brief: RunConfig, tap: HeatmapRecorder | None) -> None:
        """As `begin`; a recorder that is given goes on with what it has."""
        self.brief = brief
        batch, context = brief.batch, brief.context
        guided = self._is_guided(brief)
        halves = [0, 1] if guided else [1]
        self._text = self._rows(context, halves, batch)
        first = batch if guided else 0
        grid = self._grid(brief.size)
        differ = getattr(self.denoiser, "own_lengths", False) and len(set(self._text.counts)) > 1
        if guided and (self.way.sequential or differ):
            self._halves = (self._text.part(0, batch), self._text.part(batch, 2 * batch))
            first = 0
        else:
            self._halves = None
        text = self._halves[1] if self._halves else self._text
        layout = self.denoiser.layout(text.states.shape[1], grid)
        positions = [context.positions(word.span) for word in brief.words]
        watched = [context.positions(span) for span in brief.watched]
        paint = Paint(
            brief.words,
            positions,
            latent_size=grid,
            levels=1,
            tokens=layout.tokens,
            cache=self.masks,
            containment=brief.fidelity.containment,
            bilinear=find_law(brief.law).bilinear,
        )
        self._paint = paint
        if tap is None and (watched or (brief.heatmaps and positions)) and find_law(brief.law).regional != "denoiser":
            tap = HeatmapRecorder(
                [*positions, *watched],
                paint.sizes,
                layers=self.control.layers,
                samples=batch,
                tokens=layout.tokens,
                device=self.device,
                undoable=precision.wider(self.dtype, self.device) is not None,
                buffers=self.control.buffers if self.control.steady else None,
            )
        self._tap = tap
        self.control.begin(
            layout=layout,
            rows=slice(first, first + batch),
            device=self.device,
            paint=paint if paint.words or self.control.steady else None,
            law=brief.law,
            paint_weight=brief.paint_weight,
            seen=context.seen,
            tap=tap,
        )
        self.adapting.begin(brief, layout, text.counts, slice(first, first + batch), self.control)
        self._stops.begin(brief.check, self.denoiser.network, self.coder.vae)

    def _rows(self, context: Conditioning, halves: list[int], batch: int) -> TextRows:
        def spread(tensor: Tensor) -> Tensor:
            return tensor[halves].repeat_interleave(batch, dim=0).to(self.device)

        states, mask = context.rows, context.mask
        if len(halves) == 1 and mask is not None and bool(mask[1].any()):
            # Without guidance the negative prompt's length is nobody's.
            own = int(mask[1].nonzero().max()) + 1
            states, mask = states[:, :own], mask[:, :own]
        places = torch.ones(2, states.shape[1], dtype=torch.bool) if mask is None else mask
        last = [int(row.nonzero().max()) + 1 if bool(row.any()) else 0 for row in places]
        return TextRows(
            states=spread(states).to(self.dtype),
            pooled=None if context.pooled is None else spread(context.pooled).to(self.dtype),
            mask=None if bool(places[halves].all()) else spread(places),
            counts=tuple(last[half] for half in halves for _ in range(batch)),
        )

    def _is_guided(self, brief: RunConfig) -> bool:
        """Whether both halves of guidance are evaluated."""
        return brief.guidance != 1 and self.facts.takes_negative and not self.denoiser.takes_guidance

    def again(self) -> None:
        """See `Family`."""
        if self._tap is not None:
            self._tap.clear()

    @torch.inference_mode()
    def denoise(
        self, x: Tensor, sigma: float, *, timestep: float, fraction: float, guidance: float | None = None
    ) -> Tensor:
        """x0 of x, with guidance; the paint acts as it stands at `fraction` of the schedule."""
        if self.brief is None or self._text is None:
            raise InternalError("The model was asked to denoise before a run began.", hint="Generate again.")
        self.control.set_step(sigma=sigma, fraction=fraction)
        model_input = self.noise.to_input(x, sigma)
        guided = self._is_guided(self.brief)
        scale = self.brief.guidance if guidance is None else guidance
        rows = torch.cat([model_input, model_input]) if guided else model_input
        time = timestep / self.noise.count
        output = self._predict(rows.to(self.device, self.dtype), time, self._text, scale).float()
        if self._tap is not None:
            self._tap.count()
        if guided:
            output = combined(output, scale, self.brief.sampling, getattr(self.denoiser, "guide", usual))
        return self.noise.to_x0(output, model_input, sigma)

    def _predict(self, latents: Tensor, time: float, text: TextRows, guidance: float) -> Tensor:
        if self._halves is None:
            return self.denoiser.predict(latents, time, text, guidance)
        halves = latents.chunk(2)
        with self.control.paused():
            negative = self.denoiser.predict(halves[0], time, self._halves[0], guidance)
        return torch.cat([negative, self.denoiser.predict(halves[1], time, self._halves[1], guidance)])

    def steer(self, x: Tensor, sigma: float, *, timestep: float, fraction: float, step: int = 0) -> Tensor:
        """See `Family`: these models have no gradient steps."""
        return torch.zeros_like(x)

    def keep(self, good: Tensor) -> None:
        """See `Family`."""
        if self._tap is not None:
            self._tap.keep(good)

    def undo(self) -> None:
        """See `Family`."""
        if self._tap is not None:
            self._tap.undo()

    def widen(self) -> torch.dtype | None:
        """See `Family`."""
        precision.check_weights("denoiser", self.denoiser.network)
        dtype = precision.wider(self.dtype, self.device)
        if dtype is None or self.brief is None:
            return None
        _log.warning("the denoiser overflowed in %s; it goes on in %s", self.dtype, dtype)
        self._leave_graph()
        self.offloaded.cast(dtype)
        self.adapting.again()
        self.dtype = dtype
        self._begin(self.brief, self._tap)
        return dtype

    def heatmaps(self) -> Heatmaps | None:
        """See `Family`."""
        return None if self._tap is None else self._tap.heatmaps()

    def obedience(self, heatmaps: Heatmaps) -> list[list[float | None]]:
        """See `Family`."""
        assert self._paint is not None, "a run is on"
        return obedience(heatmaps.of(slice(0, len(self._paint.words))), self._paint)

    def end(self) -> None:
        """Lets go of the run's text and paint."""
        self.control.end()
        self.adapting.end()
        self._leave_graph()
        self._stops.end()
        self._clear()

    def encode_picture(self, rgb: np.ndarray) -> Tensor:
        """See `Family`."""
        return self.coder.encode(rgb)

    @torch.inference_mode()
    def decode(self, latents: Tensor) -> np.ndarray:
        """uint8 RGB `[B, H, W, 3]`; one picture at a time, so that memory does not grow with the batch."""
        return (self._decode_each(latents).permute(0, 2, 3, 1) * 255).round().to(torch.uint8).cpu().numpy()

    @torch.inference_mode()
    def _decode_each(self, latents: Tensor) -> Tensor:
        return torch.cat([self.coder.decode(latent[None]) for latent in latents])
