"""Stable Diffusion 1.x and 2.x, and the starter: one CLIP text encoder, a cross-attention UNet, a VAE."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Generator, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from engine.attention import control
from engine.attention.fidelity import with_words
from engine.attention.heatmaps import HeatmapRecorder, Heatmaps, obedience
from engine.attention.laws import find_law
from engine.attention.layout_guidance import EnergyTargets, GradientScale
from engine.attention.mask_reduction import MaskCache
from engine.attention.masks import Paint, layout_level
from engine.attention.self_attention import SeparationControl
from engine.errors import InternalError
from engine.facts import InstalledModel
from engine.models.adapters.merging import merged_of
from engine.models.families.adapting import Adapted, UNetAdapting
from engine.models.families.autoencoder import PictureCoder
from engine.models.families.base import RunConfig
from engine.models.families.beside import RunsBeside
from engine.models.families.components import TextReader, load_noise, load_reader, load_unet, load_vae, read_ahead
from engine.models.families.guidance import UNetCalls, combined
from engine.models.families.layout_energy import update_of
from engine.models.families.memory_use import UNetMemory, encoders_in
from engine.models.families.stopping import BetweenLayers
from engine.protocol import StyleReference
from engine.sampling.preview import LinearPreview, fit_to_decoder
from engine.sampling.schedule import NoiseSchedule
from engine.text.conditioning import Conditioning, ConditioningBuilder
from engine.text.encoders import ImageReader, ReadStyle, T5Reader, load_image_reader, load_t5
from engine.text.token_bias import as_region, check_encoders, check_takes_styles, key_bias
from engine.weights import loading, precision
from engine.weights.files import incomplete
from engine.weights.offload import OffloadedWeights

if TYPE_CHECKING:
    from engine.attention.inside_outside import ShapeControl

_log = logging.getLogger(__name__)


class StableDiffusion(Adapted, UNetMemory, RunsBeside):
    """A loaded UNet family; see `Family` for what each method does."""

    adapting: UNetAdapting

    def __init__(
        self,
        facts: InstalledModel,
        *,
        readers: Sequence[TextReader],
        unet: Any,
        vae: Any,
        noise: NoiseSchedule,
        t5: T5Reader | None = None,
        image: ImageReader | None = None,
    ) -> None:
        self.facts = facts
        self.readers, self.t5, self.image = tuple(readers), t5, image
        self.noise = noise
        self.device: torch.device = unet.device
        self.dtype: torch.dtype = unet.dtype
        self.coder = PictureCoder(vae, device=self.device, multiple=facts.multiple)
        reload = partial(load_unet, facts, device=torch.device("cpu"), dtype=self.dtype)
        self.offloaded = OffloadedWeights(unet, self.device, reload, put_back=merged_of(unet).restore)
        self._take(unet)
        self.masks = MaskCache()
        self.preview = self._make_preview()
        self.brief: RunConfig | None = None
        self._context: Tensor | None = None
        self._added: dict[str, Tensor] | None = None
        self._paint: Paint | None = None
        self._tap: HeatmapRecorder | None = None
        self._targets: dict[tuple[int, ...], EnergyTargets] = {}
        self._scale = GradientScale()

    def _take(self, unet: Any) -> None:
        # Gradients are taken with respect to the latent only, so nothing is kept for those of the weights.
        self.unet = unet.requires_grad_(False)
        self.control = control.install(unet)
        self.separation = SeparationControl(unet)
        self.adapting = UNetAdapting(unet, self.readers, made_for=self.facts.loras)
        self.calls = UNetCalls(unet, self.device)
        self.graph = self.graphs = None
        self._stops = BetweenLayers()
        self._shape: ShapeControl | None = None

    def _make_preview(self) -> LinearPreview:
        rows = self.facts.defaults.preview
        try:
            if rows:
                return LinearPreview(rows, channels=self.channels, device=self.device)
            return fit_to_decoder(self._decode_each, self.channels, device=self.device)
        except ValueError as error:
            raise incomplete("wordbrush.json", "its preview does not fit the model", details=str(error)) from error

    def with_unet(
        self,
        unet: Any,
        reload: Callable[[], Any],
        *,
        noise: NoiseSchedule | None = None,
        recipe: Callable[[dict[str, Tensor]], dict[str, Tensor]] | None = None,
    ) -> Self:
        """Another denoiser with a UNet, paint and run of its own; encoders, autoencoder and preview are shared.

        Args:
            reload: reads the UNet again, onto the CPU. noise: the levels it was trained on, by default this one's.
            recipe: makes its weights of this one's; see `OffloadedWeights`.
        """
        other = copy.copy(self)
        other.noise = noise or self.noise
        other.dtype = unet.dtype
        other._take(unet)
        put_back = merged_of(unet).restore
        other.offloaded = OffloadedWeights(
            unet, self.device, reload, base=self.offloaded, put_back=put_back, recipe=recipe
        )
        other.end()
        return other

    def _denoiser(self) -> Any:
        return self.unet

    def _encoders(self) -> list[nn.Module]:
        return encoders_in(*self.readers, self.t5, self.image)

    @property
    def encoders_key(self) -> Hashable:
        """Its encoders, which `with_unet` hands on."""
        return self.readers

    @property
    def _text_dtype(self) -> torch.dtype:
        """The dtype of the conditions: the denoiser's, unless an encoder had to continue in a wider one."""
        encoders = [reader.encoder for reader in (*self.readers, self.t5, self.image) if reader is not None]
        widened = any(encoder.dtype == torch.float32 for encoder in encoders)
        return torch.float32 if widened else self.dtype

    @property
    def channels(self) -> int:
        """Channels of a latent."""
        return int(self.unet.config.out_channels)

    @property
    def latents(self) -> Hashable:
        """What the latents are: channels, factor and scaling."""
        return (self.channels, self.facts.multiple, self.coder.latents)

    @property
    def vae(self) -> Any:
        """The autoencoder."""
        return self.coder.vae

    def latent_size(self, width: int, height: int) -> tuple[int, int]:
        """(height, width) of the latent of a picture."""
        return height // self.facts.multiple, width // self.facts.multiple

    @torch.inference_mode()
    def encode(
        self,
        prompt: str,
        negative: str,
        *,
        encoders: Sequence[tuple[str, float]] | None = None,
        styles: Sequence[StyleReference] = (),
    ) -> Conditioning:
        """Encodes both prompts with CLIP, padded to the same number of chunks so that the two halves of guidance are
        equally long, and with T5 where the model has it; then the styles."""
        weights = check_encoders(self.facts, encoders)
        check_takes_styles(self.facts, styles)
        builder = ConditioningBuilder()
        if weights.get("clip"):
            reader = self.readers[0]
            chunks = max(reader.tokenize(prompt).chunks, reader.tokenize(negative).chunks)
            tokenized = reader.tokenize(prompt, chunks=chunks)
            opposite = reader.read(reader.tokenize(negative, chunks=chunks))[0]
            builder.add_text(opposite, reader.read(tokenized)[0], tokenized, weight=weights["clip"])
        for style in styles:
            if style.strength and self.image is not None:
                tokens, opposite = self.image.tokens_of(style), isinstance(style, ReadStyle) and style.opposite
                builder.add_style(tokens, strength=style.strength, mask=style.mask, opposite=opposite)
        if weights.get("t5") and self.t5 is not None:
            tokenized, states = self.t5.read(prompt)
            builder.add_text(self.t5.read(negative)[1], states, tokenized, weight=weights["t5"])
        return builder.build(self._text_dtype)

    def begin(self, brief: RunConfig) -> None:
        """Prepares a run: expands the rows for the batch, projects the text once, places the words."""
        self._check_memory(brief)
        self._choose_denoiser(brief)
        self._begin(brief, None)

    # Not in inference mode: what is projected here is also used under autograd, see `steer`.
    @torch.no_grad()
    def _begin(self, brief: RunConfig, tap: HeatmapRecorder | None) -> None:
        """As `begin`; a recorder that is passed in continues with what it has recorded."""
        self.brief = brief
        batch, context = brief.batch, self._compiled_context(brief.context)
        guided = self._is_guided(brief)
        # Which texts the rows read; where a picture is to be changed, see `instructed`.
        halves = ([0, 0, 1] if brief.guide else [0, 1]) if guided else [1]
        self._context = context.rows[halves].repeat_interleave(batch, dim=0).to(self.device, self.dtype)
        self._added = self._added_conditions(brief, halves)
        first = batch * (len(halves) - 1)
        self.adapting.begin(brief, self._context, slice(first, first + batch), self.latent_size(*brief.size))
        law = find_law(brief.law)
        words = (*brief.words, *brief.placed)
        positions = [context.positions(word.span) for word in words]
        watched = [context.positions(span) for span in brief.watched]
        paint = Paint(
            words,
            positions,
            latent_size=self.latent_size(*brief.size),
            levels=self.control.levels,
            tokens=self._context.shape[1],
            cache=self.masks,
            containment=brief.fidelity.containment,
            bilinear=law.bilinear,
            used=self.control.layers,
            layout_from=layout_level(
                self.latent_size(*self.facts.defaults.size), self.control.levels, self.control.layers
            ),
            pictures=context.pictures,
            counts=[context.count(word.span) for word in words] if context.pictures else None,
        )
        self._paint, self._targets, self._scale = paint, {}, GradientScale()
        told = positions[: len(brief.words)]
        wanted = watched or (brief.heatmaps and told)
        # Where areas have prompts of their own, there is no attention to the whole prompt's words to record.
        if tap is None and wanted and not brief.areas and law.regional != "denoiser":
            tap = HeatmapRecorder(
                [*told, *watched], paint.sizes, layers=self.control.layers, samples=batch, tokens=paint.tokens,
                device=self.device, undoable=precision.wider(self.dtype, self.device) is not None,
                buffers=self.control.buffers,
            )  # fmt: skip
        self._tap = tap
        keys = key_bias(context, halves, batch=batch, sizes=paint.sizes, used=paint.used)
        if brief.shape is not None:
            from engine.attention.inside_outside import sides_bias, with_sides

            keys = with_sides(keys, sides_bias(brief.shape, paint.sizes, paint.used, paint.tokens), halves, batch)
        self.control.begin(
            context=self._context,
            conditional_rows=tuple(range(first, first + batch)),
            paint=paint,
            law=brief.law,
            paint_weight=brief.paint_weight,
            tap=self._tap,
            styles=[place for style in context.styles for place in range(style.first, style.last)],
            keys=keys,
            present=context.present,
            regions=[as_region(area, paint.sizes, paint.used) for area in brief.areas],
            images=[style.placed(paint.sizes, paint.used) for style in brief.styles],
            values=None if context.values is None else context.values.to(self.device, self.dtype),
        )
        self._leave_shape()
        self.separation.end()
        apart = with_words(brief.fidelity, brief.words).separation or law.between
        if (apart and paint.words) or self.graph is not None:
            self.separation.begin(
                paint,
                brief.fidelity.separation,
                rows=len(self._context),
                conditional=slice(first, first + batch),
                device=self._context.device,
                law=law,
                paint_weight=brief.paint_weight,
            )
        if brief.shape is not None:
            from engine.attention.inside_outside import ShapeControl

            self._shape = ShapeControl(self.unet)
            self._shape.begin(brief.shape.mask, paint.sizes, self.device)
        self._stops.begin(brief.check, self.unet, self.vae, *self.calls.begin(brief.controls, brief.guide))

    def _leave_shape(self) -> None:
        if self._shape is not None:
            self._shape.end()
        self._shape = None

    def _is_guided(self, brief: RunConfig) -> bool:
        """Whether both halves of guidance are evaluated; a denoiser that takes guidance as an input needs only one."""
        by_picture = brief.guide is not None and brief.guide.guidance != 1
        return (brief.guidance != 1 or by_picture) and self.unet.config.get("time_cond_proj_dim") is None

    def _added_conditions(self, brief: RunConfig, halves: list[int]) -> dict[str, Tensor] | None:
        return None

    def again(self) -> None:
        """See `Family`."""
        if self._tap is not None:
            self._tap.clear()

    @torch.inference_mode()
    def denoise(
        self, x: Tensor, sigma: float, *, timestep: float, fraction: float, guidance: float | None = None
    ) -> Tensor:
        """x0 of x, with guidance; the paint acts as it stands at `fraction` of the schedule."""
        if self.brief is None or self._context is None:
            raise InternalError("The model was asked to denoise before a run began.", hint="Generate again.")
        self._set_step(sigma, fraction)
        model_input = self.noise.to_input(x, sigma)
        guided = self._is_guided(self.brief)
        scale = self.brief.guidance if guidance is None else guidance
        if guided and self.way.sequential:
            parts, first = [], len(self._context) - len(x)
            for conditional in (False, True):
                with self.control.half(conditional) as context, self.separation.half(conditional):
                    own = slice(first, None) if conditional else slice(0, first)
                    added = self._added and {name: each[own] for name, each in self._added.items()}
                    rows, prompt = len(context), slice(0, len(context) if conditional else 0)
                    given = model_input.repeat(rows // len(x), 1, 1, 1)
                    parts.append(self._call(given, timestep, scale, context, added, prompt))
            output = torch.cat(parts)
        else:
            rows = torch.cat([model_input] * (len(self._context) // len(x))) if guided else model_input
            prompt = slice(len(rows) - len(x), len(rows))
            output = self._call(rows, timestep, scale, self._context, self._added, prompt)
        if self._tap is not None:
            self._tap.count()
        if guided:
            output = combined(output, scale, self.brief.sampling, picture=self.brief.guide)
        return self.noise.to_x0(output, model_input, sigma)

    def _set_step(self, sigma: float, fraction: float) -> None:
        self.control.set_step(sigma=sigma, fraction=fraction)
        self.separation.set_step(sigma=sigma, fraction=fraction)
        self.calls.fraction = fraction

    def _call(
        self,
        rows: Tensor,
        timestep: float,
        scale: float,
        context: Tensor,
        added: dict[str, Tensor] | None,
        prompt: slice,
    ) -> Tensor:
        """The UNet's prediction, float32; `prompt` are the rows that are the prompt's."""
        rows = rows.to(self.device, self.dtype, memory_format=torch.channels_last)
        return self.calls(rows, timestep, scale, context, added, prompt).float()

    def steer(self, x: Tensor, sigma: float, *, timestep: float, fraction: float, step: int = 0) -> Tensor:
        """See `Family`; one forward and backward pass of the denoiser, for the conditional rows alone."""
        return update_of(self, x, sigma, timestep, fraction, step)

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
        precision.check_weights("denoiser", self.unet)
        dtype = precision.wider(self.dtype, self.device)
        if dtype is None or self.brief is None:
            return None
        _log.warning("the denoiser overflowed in %s; it goes on in %s", self.dtype, dtype)
        self._leave_graph()
        self.offloaded.cast(dtype)
        self.adapting.again()
        self.dtype = dtype
        self.calls.widen(dtype)
        self._begin(self.brief, self._tap)
        return dtype

    def heatmaps(self) -> Heatmaps | None:
        """See `Family`."""
        return None if self._tap is None else self._tap.heatmaps()

    def obedience(self, heatmaps: Heatmaps) -> list[list[float | None]]:
        """See `Family`."""
        assert self._paint is not None and self.brief is not None, "a run is on"
        count = len(self.brief.words)
        return obedience(heatmaps.of(slice(0, count)), self._paint, count)

    def end(self) -> None:
        """Releases the run's text projections and paint."""
        self.control.end()
        self._leave_shape()
        self.separation.end()
        self._leave_graph()
        self.adapting.end()
        self._stops.end()
        self._scale.report()
        self._scale = GradientScale()
        self.brief = self._context = self._added = self._tap = self._paint = None
        self.calls.end()
        self._targets = {}

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


def load(facts: InstalledModel, device: torch.device) -> Generator[tuple[str, float], None, StableDiffusion]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    noise = load_noise(facts)  # first: it may refuse the model, and then no weights have been read in vain
    dtype = loading.pick_dtype(device)
    yield "text encoder", 0.3
    reader = load_reader(facts, device=device, dtype=dtype)
    t5 = image = None
    if "t5" in facts.encoders:
        yield "second text encoder", 0.35
        yield from read_ahead(facts, "text_encoder_2", "second text encoder", 0.35, 0.4)
        t5 = load_t5(facts, device=device, dtype=dtype)
    if facts.takes_styles:
        yield "image encoder", 0.4
        image = load_image_reader(facts, device=device, dtype=dtype)
    yield "denoiser", 0.45
    yield from read_ahead(facts, "unet", "denoiser", 0.45, 0.7)
    unet = load_unet(facts, device=device, dtype=dtype)
    yield "autoencoder", 0.85
    vae = load_vae(facts, device=device, dtype=dtype)
    return StableDiffusion(facts, readers=(reader,), unet=unet, vae=vae, noise=noise, t5=t5, image=image)
