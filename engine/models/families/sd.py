"""Stable Diffusion 1.x and 2.x, and the starter: one CLIP text encoder, a cross-attention UNet, a VAE."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Hashable, Sequence
from functools import partial
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from engine.attention import control
from engine.attention.heatmaps import Heatmaps, HeatmapTap, obedience
from engine.attention.laws import find_law
from engine.attention.layout_guidance import EnergyRecorder, move
from engine.attention.masks import MaskCache, Paint
from engine.attention.self_attention import SeparationControl
from engine.errors import InternalError
from engine.facts import ModelFacts
from engine.models.families.base import RunConfig
from engine.models.families.components import TextReader, load_noise, load_reader, load_unet, load_vae
from engine.protocol import StyleReference
from engine.sampling.preview import LinearPreview, fit_to_decoder
from engine.sampling.schedule import NoiseSchedule
from engine.text.conditioning import Conditioning, ConditioningBuilder
from engine.text.encoders import ImageReader, T5Reader, load_image_reader, load_t5
from engine.text.token_bias import as_region, check_encoders, check_takes_styles, key_bias
from engine.weights import loading
from engine.weights.files import incomplete
from engine.weights.offload import OffloadedWeights

_DECODER_BUFFERS = 3
"""Full-size activations that a decoder holds at once: a layer's input, its output and the residual."""


class StableDiffusion:
    """A loaded UNet family; see `Family` for what each method does."""

    def __init__(
        self,
        facts: ModelFacts,
        *,
        readers: Sequence[TextReader],
        unet: Any,
        vae: Any,
        noise: NoiseSchedule,
        t5: T5Reader | None = None,
        image: ImageReader | None = None,
    ) -> None:
        self.facts = facts
        self.readers = tuple(readers)
        self.t5, self.image = t5, image
        self.vae = vae
        self.noise = noise
        self.device: torch.device = unet.device
        self.dtype: torch.dtype = unet.dtype
        reload = partial(load_unet, facts, device=torch.device("cpu"), dtype=self.dtype)
        self.offloaded = OffloadedWeights(unet, self.device, reload)
        self._take(unet)
        self.masks = MaskCache()
        self.preview = self._make_preview()
        self.brief: RunConfig | None = None
        self._context: Tensor | None = None
        self._added: dict[str, Tensor] | None = None
        self._paint: Paint | None = None
        self._tap: HeatmapTap | None = None

    def _take(self, unet: Any) -> None:
        # Gradients are taken of the latent only; what the weights would need for theirs is not kept.
        self.unet = unet.requires_grad_(False)
        self.control = control.install(unet)
        self.separation = SeparationControl(unet)

    def _make_preview(self) -> LinearPreview:
        rows = self.facts.defaults.preview
        try:
            return LinearPreview(rows, channels=self.channels) if rows else fit_to_decoder(self._decode, self.channels)
        except ValueError as error:
            raise incomplete("wordbrush.json", "its preview does not fit the model", details=str(error)) from error

    def with_unet(self, unet: Any, reload: Callable[[], Any], *, noise: NoiseSchedule | None = None) -> Self:
        """A denoiser beside this one: its UNet, paint and run are its own; what reads, decodes and shows is shared.

        Args:
            reload: reads the UNet again, onto the CPU. noise: the levels it was trained on, by default this one's.
        """
        other = copy.copy(self)
        other.noise = noise or self.noise
        other._take(unet)
        other.offloaded = OffloadedWeights(unet, self.device, reload)
        other.end()
        return other

    @property
    def encoders_key(self) -> Hashable:
        """Its encoders, which `with_unet` hands on."""
        return self.readers

    @property
    def channels(self) -> int:
        """Channels of a latent."""
        return int(self.unet.config.in_channels)

    @property
    def latents(self) -> Hashable:
        """What the latents are: channels, factor and scaling."""
        return (self.channels, self.facts.multiple, float(self.vae.config.scaling_factor))

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
        """Reads both prompts with CLIP, padded to the same number of chunks so that the two halves of guidance are
        alike, and with T5 where the model has it; then the references."""
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
                tokens = self.image.read(style.rgb, semantic=style.semantic)
                builder.add_style(tokens, strength=style.strength, mask=style.mask)
        if weights.get("t5") and self.t5 is not None:
            tokenized, states = self.t5.read(prompt)
            builder.add_text(self.t5.read(negative)[1], states, tokenized, weight=weights["t5"])
        return builder.build(self.dtype)

    # Not in inference mode: what is projected here must serve in a graph too, see `steer`.
    @torch.no_grad()
    def begin(self, brief: RunConfig) -> None:
        """Prepares a run: expands the rows for the batch, projects the text once, places the words."""
        self.brief = brief
        self._check_memory(brief.size)
        batch, context = brief.batch, brief.context
        guided = brief.guidance != 1
        halves = [0, 1] if guided else [1]
        self._context = context.rows[halves].repeat_interleave(batch, dim=0)
        self._added = self._added_conditions(brief, halves)
        first = batch if guided else 0
        law = find_law(brief.law)
        positions = [context.positions(word.span) for word in brief.words]
        watched = [context.positions(span) for span in brief.watched]
        paint = Paint(
            brief.words,
            positions,
            latent_size=self.latent_size(*brief.size),
            levels=self.control.levels,
            tokens=self._context.shape[1],
            cache=self.masks,
            containment=brief.fidelity.containment,
            bilinear=law.bilinear,
        )
        self._paint = paint
        wanted = watched or (brief.heatmaps and positions)
        # Where areas have prompts of their own there is no attention to the whole one's words to be seen.
        self._tap = HeatmapTap([*positions, *watched], paint.sizes) if wanted and not law.regional else None
        self.control.begin(
            context=self._context,
            conditional_rows=tuple(range(first, first + batch)),
            paint=paint,
            law=brief.law,
            paint_weight=brief.paint_weight,
            tap=self._tap,
            styles=[place for style in context.styles for place in range(style.first, style.last)],
            keys=key_bias(context, halves, batch=batch, sizes=paint.sizes),
            present=context.present,
            regions=[as_region(area, paint.sizes) for area in brief.areas],
        )
        self.separation.end()
        if (brief.fidelity.separation or law.between) and paint.words:
            self.separation.begin(
                paint,
                brief.fidelity.separation,
                rows=len(self._context),
                conditional=slice(first, first + batch),
                device=self._context.device,
                law=law,
                paint_weight=brief.paint_weight,
            )

    def _check_memory(self, size: tuple[int, int]) -> None:
        """Raises MemoryError where the decoder's widest layer would not fit: now, not after the last step."""
        config = self.vae.config
        widest = config.get("decoder_block_out_channels") or config.block_out_channels[:2]
        needed = _DECODER_BUFFERS * size[0] * size[1] * max(widest) * self.vae.dtype.itemsize
        free = loading.available_memory(self.device)
        if free is not None and needed > free:
            raise MemoryError(f"decoding {size[0]}x{size[1]} takes about {needed >> 20} MiB, and {free >> 20} are free")

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
        self.control.set_step(sigma=sigma, fraction=fraction)
        self.separation.set_step(sigma=sigma, fraction=fraction)
        model_input = self.noise.to_input(x, sigma)
        guided = self.brief.guidance != 1
        rows = torch.cat([model_input, model_input]) if guided else model_input
        output = self.unet(
            rows.to(self.device, self.dtype, memory_format=torch.channels_last),
            torch.tensor(timestep, dtype=torch.float32, device=self.device),
            encoder_hidden_states=self._context,
            added_cond_kwargs=self._added,
            return_dict=False,
        )[0].float()
        if guided:
            negative, positive = output.chunk(2)
            scale = self.brief.guidance if guidance is None else guidance
            output = negative + scale * (positive - negative)
        return self.noise.to_x0(output, model_input, sigma)

    def steer(self, x: Tensor, sigma: float, *, timestep: float, fraction: float) -> Tensor:
        """See `Family`; one run of the denoiser there and back, of the conditional rows alone."""
        assert self._paint is not None, "a run is on"
        active = self._paint.active(fraction)
        if not active:
            return torch.zeros_like(x)
        self.control.set_step(sigma=sigma, fraction=fraction)
        self.separation.set_step(sigma=sigma, fraction=fraction)
        tap = EnergyRecorder(self._paint, active, self.device)
        with torch.enable_grad(), self.control.alone(tap) as context:
            moved = x.detach().clone().requires_grad_()
            rows = self.noise.to_input(moved, sigma).to(self.device, self.dtype)
            added = self._added and {name: value[-len(rows) :] for name, value in self._added.items()}
            self.unet(
                rows.contiguous(memory_format=torch.channels_last),
                torch.tensor(timestep, dtype=torch.float32, device=self.device),
                encoder_hidden_states=context,
                added_cond_kwargs=added,
                return_dict=False,
            )
            energy = tap.energy()
            return torch.zeros_like(x) if energy is None else move(energy, moved, sigma)

    def heatmaps(self) -> Heatmaps | None:
        """See `Family`."""
        return None if self._tap is None else self._tap.heatmaps()

    def obedience(self, heatmaps: Heatmaps) -> list[list[float | None]]:
        """See `Family`."""
        assert self._paint is not None, "a run is on"
        return obedience(heatmaps.of(slice(0, len(self._paint.words))), self._paint)

    def end(self) -> None:
        """Lets go of the run's text projections and paint."""
        self.control.end()
        self.separation.end()
        self.brief = self._context = self._added = self._tap = self._paint = None

    @torch.inference_mode()
    def encode_picture(self, rgb: np.ndarray) -> Tensor:
        """See `Family`."""
        pixels = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].float() / 127.5 - 1
        encoded = self.vae.encode(pixels.to(self.device, self.vae.dtype))
        # AutoencoderKL gives a distribution, AutoencoderTiny the latents themselves.
        latents = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latents
        return latents.float() * self.vae.config.scaling_factor

    @torch.inference_mode()
    def decode(self, latents: Tensor) -> np.ndarray:
        """uint8 RGB `[B, H, W, 3]`; one picture at a time, so that memory does not grow with the batch."""
        pictures = [self._decode(latent[None]).permute(0, 2, 3, 1) for latent in latents]
        return (torch.cat(pictures).nan_to_num(0.5) * 255).round().to(torch.uint8).cpu().numpy()

    @torch.inference_mode()
    def _decode(self, latents: Tensor) -> Tensor:
        scaled = latents.to(self.device, self.vae.dtype) / self.vae.config.scaling_factor
        rgb = self.vae.decode(scaled.contiguous(memory_format=torch.channels_last), return_dict=False)[0]
        return (rgb.float() / 2 + 0.5).clamp(0, 1)


def load(facts: ModelFacts, device: torch.device) -> Generator[tuple[str, float], None, StableDiffusion]:
    """Loads the folder's parts onto `device`; see `engine.models.families.load`."""
    loading.quiet_libraries()
    dtype = loading.pick_dtype(device)
    yield "text encoder", 0.3
    reader = load_reader(facts, device=device, dtype=dtype)
    t5 = image = None
    if "t5" in facts.encoders:
        yield "second text encoder", 0.35
        t5 = load_t5(facts, device=device, dtype=dtype)
    if facts.takes_styles:
        yield "image encoder", 0.4
        image = load_image_reader(facts, device=device, dtype=dtype)
    yield "denoiser", 0.45
    unet = load_unet(facts, device=device, dtype=dtype)
    yield "autoencoder", 0.85
    vae = load_vae(facts, device=device, dtype=dtype)
    noise = load_noise(facts)
    return StableDiffusion(facts, readers=(reader,), unet=unet, vae=vae, noise=noise, t5=t5, image=image)
