"""Pictures to latents and back: the autoencoder of a model, decoding in tiles where the whole would not fit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from engine.errors import DeviceOutOfMemory
from engine.weights import loading
from engine.weights.precision import computed
from engine.weights.run_memory import TILES, decode_bytes, tile_for, too_large

if TYPE_CHECKING:
    from engine.models.families.fine import FinePicture

PART = "autoencoder"
_WITH_ALPHA = 4
_OVERLAP = 4
"""Neighbouring tiles overlap by their side divided by this."""

_log = logging.getLogger(__name__)


class PictureCoder:
    """A loaded autoencoder, `AutoencoderKL` or `AutoencoderTiny`.

    Args:
        multiple: pixels for each latent pixel.

    Attributes:
        vae: the network itself. tiled: whether it decodes in tiles also where the whole would fit.
        has_alpha: whether its pictures are transparent.
    """

    def __init__(self, vae: Any, *, device: torch.device, multiple: int) -> None:
        self.vae = vae
        self.device = device
        self.multiple = multiple
        self.tiled = False
        self._home: tuple[torch.device, torch.dtype] | None = None
        self._format: torch.dtype = vae.dtype
        self._said: list[str] = []
        self._levels: Tensor | None = None
        config = vae.config
        self._scale = float(config.get("scaling_factor") or 1.0)
        # Those of video models take a picture as its only frame.
        self._has_frames = config.get("temperal_downsample") is not None
        self._shift = float(config.get("shift_factor") or 0.0)
        self._means, self._spreads = (
            None if found is None else found.to(device=device, dtype=torch.float32) for found in _statistics(vae)
        )
        # Transparent pictures: a fourth channel, all there in what is encoded.
        self.has_alpha = config.get("in_channels", 3) == _WITH_ALPHA

    @property
    def latents(self) -> Hashable:
        """What distinguishes its latents from another's: scaling, shift and statistics."""
        kept = tuple(None if each is None else tuple(each.flatten().tolist()) for each in (self._means, self._spreads))
        return (self._scale, self._shift, *kept) if self._shift or any(kept) else self._scale

    def told(self) -> list[str]:
        """What it did since it was asked last because of its memory or of numbers too large for its format: nouns."""
        said, self._said = self._said, []
        if self.vae.dtype != self._format:
            self._format = self.vae.dtype
            said.append(f"the autoencoder in {str(self._format).removeprefix('torch.')}")
        return said

    def leave(self) -> None:
        """Work on the CPU from now on, in float32, until `come_back`; the device keeps nothing of it."""
        if self._home is None and self.device.type != "cpu":
            self._home = (self.device, self.vae.dtype)
            self._go(torch.device("cpu"), torch.float32)

    def come_back(self) -> None:
        """Work where it worked before `leave`."""
        if self._home is not None:
            device, dtype = self._home
            self._go(device, dtype)
            self._home = None

    def _go(self, device: torch.device, dtype: torch.dtype) -> None:
        self.vae.to(device, dtype)
        self.device, self._format = device, dtype
        self._means = None if self._means is None else self._means.to(device)
        self._spreads = None if self._spreads is None else self._spreads.to(device)

    def bytes_for(self, width: int, height: int) -> int:
        """Estimated bytes of device memory for decoding a picture of that size, in pixels, in one piece."""
        return decode_bytes(self.vae.config, width, height, self.vae.dtype.itemsize)

    def tile_for(self, width: int, height: int) -> int | None:
        """The side of the tiles, in pixels, that a picture has to be decoded in now; None is in one piece.

        Raises:
            DeviceOutOfMemory: not even a small tile would fit.
        """
        free = loading.available_memory(self.device)
        side = tile_for(self.vae.config, width, height, self.vae.dtype.itemsize, free)
        return TILES[0] if side is None and self.tiled and max(width, height) > TILES[0] else side

    @torch.inference_mode()
    def encode(self, rgb: np.ndarray) -> Tensor:
        """Latents `[1, C, h, w]` float32, as the denoiser knows them, of a picture uint8 `[H, W, 3]`.

        It is encoded in tiles, or on the CPU, where `decode` would do so.

        Raises:
            DeviceOutOfMemory: not even a small tile fits. NotFinite: see `engine.weights.precision.computed`.
        """
        latents = self.encode_raw(rgb) - self._shift
        if self._means is not None:
            latents = latents - _over(self._means, latents)
        if self._spreads is not None:
            latents = latents / _over(self._spreads, latents)
        return latents * self._scale

    @torch.inference_mode()
    def encode_raw(self, rgb: np.ndarray) -> Tensor:
        """As `encode`, but as the autoencoder gives them: InstructPix2Pix' denoisers take a picture so, unscaled."""
        pixels = torch.from_numpy(np.array(rgb)).permute(2, 0, 1)[None].float() / 127.5 - 1
        return self._anywhere(self._encode_here, pixels, "encoded").to(self.device)

    def _encode_here(self, pixels: Tensor) -> Tensor:
        height, width = pixels.shape[2:]
        return self._piecewise(
            width,
            height,
            lambda side: self._encoded(pixels) if side is None else self._encoded_in_tiles(pixels, side),
            "encoding",
        )

    def _encoded(self, pixels: Tensor) -> Tensor:
        def compute() -> Tensor:
            whole = torch.cat([pixels, torch.ones_like(pixels[:, :1])], dim=1) if self.has_alpha else pixels
            encoded = self.vae.encode(self._framed(whole.to(self.device, self.vae.dtype)))
            # AutoencoderKL gives a distribution, AutoencoderTiny the latents themselves.
            found = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latents
            return self._unframed(found).float()

        return computed(PART, self.vae, compute, tensors=lambda found: [found])

    def _encoded_in_tiles(self, pixels: Tensor, side: int) -> Tensor:
        """The same, tile by tile; overlapping tiles are cross-faded."""
        factor, cells = self.multiple, max(1, side // self.multiple)
        height, width = (length // factor for length in pixels.shape[2:])
        total: Tensor | None = None
        weight = torch.zeros(1, 1, height, width, device=self.device)
        for top in _starts(height, cells):
            for left in _starts(width, cells):
                part = (..., slice(top * factor, (top + cells) * factor), slice(left * factor, (left + cells) * factor))
                tile = self._encoded(pixels[part])
                total = torch.zeros(1, tile.shape[1], height, width, device=self.device) if total is None else total
                place = (..., slice(top, top + cells), slice(left, left + cells))
                fade = _fade_over(tile).to(self.device)
                total[place] += tile * fade
                weight[place] += fade
        assert total is not None, "there is a tile"
        return total / weight

    @torch.inference_mode()
    def decode(self, latents: Tensor) -> Tensor:
        """RGB `[1, 3, H, W]` float32, 0..1, of latents `[1, C, h, w]`, on the CPU or the autoencoder's device.

        What is transparent lies on white. It is decoded in tiles where the free memory requires it, or after a first
        attempt ran out of memory.

        Raises:
            DeviceOutOfMemory: not even a small tile fits; nothing but this decoding is lost.
            NotFinite: see `engine.weights.precision.computed`.
        """
        found = self.decode_whole(latents)
        self._levels = found[0]
        return found[:, :3] * found[:, 3:] + (1 - found[:, 3:]) if self.has_alpha else found

    def decode_along(self, latents: Tensor) -> Tensor:
        """As `decode`, in one piece, and as a part of autograd's graph."""
        return self._whole(latents)[:, :3]

    @torch.inference_mode()
    def decode_whole(self, latents: Tensor) -> Tensor:
        """As `decode`, where the autoencoder makes transparent pictures with their alpha: straight `[1, 4, H, W]`."""
        return self._anywhere(self._decode_here, latents, "decoded")

    def fine(self, *, deep: bool) -> FinePicture | None:
        """The picture that was decoded last, where it has alpha, or 16 bits are wanted (`deep`); else None. Once."""
        levels, self._levels = self._levels, None
        if levels is None or not (self.has_alpha or deep):
            return None
        from engine.models.families.fine import fine_picture

        return fine_picture(levels, deep=deep)

    def _anywhere(self, work: Callable[[Tensor], Tensor], given: Tensor, done: str) -> Tensor:
        """What `work` makes of a tensor where the autoencoder is, or on the CPU where not even a tile fits there."""
        try:
            return work(given)
        except DeviceOutOfMemory as error:
            if self.device.type == "cpu":
                raise
            _log.warning("no tile fits the device, so the picture is %s on the CPU: %s", done, error.details)
        self._said.append("the autoencoder on the CPU, as the device's memory is not enough")
        at_home = self._home is None
        self.leave()
        loading.free_memory()
        try:
            return work(given.cpu())
        finally:
            if at_home:
                self.come_back()

    def _decode_here(self, latents: Tensor) -> Tensor:
        height, width = (side * self.multiple for side in latents.shape[2:])
        return self._piecewise(
            width,
            height,
            lambda side: self._whole(latents) if side is None else self._tiled(latents, side),
            "decoding",
        )

    def _piecewise(self, width: int, height: int, work: Callable[[int | None], Tensor], doing: str) -> Tensor:
        """What `work` gives for the largest tile that the memory is enough for; None is in one piece."""
        sides: list[int | None] = [None, *(side for side in TILES if side < max(width, height))]
        first = self.tile_for(width, height)
        problem: Exception | None = None
        for side in sides[sides.index(first) if first in sides else 0 :]:
            try:
                made = work(side)
                if problem is not None:
                    self._said.append("the autoencoder in smaller tiles, as the memory ran out")
                return made
            except (RuntimeError, MemoryError) as error:
                if not loading.is_out_of_memory(error):
                    raise
                problem = error.with_traceback(None)  # its traceback's frames keep the failed attempt's tensors alive
                _log.warning(
                    "the memory ran out in %s %s; trying smaller tiles", doing, "whole" if side is None else side
                )
            loading.free_memory()
        free = loading.available_memory(self.device) or 0
        needed = decode_bytes(self.vae.config, sides[-1] or width, sides[-1] or height, self.vae.dtype.itemsize)
        raise too_large(f"{doing} the picture", needed, free, less="a smaller model") from problem

    def _whole(self, latents: Tensor) -> Tensor:
        def compute() -> Tensor:
            scaled = latents.to(self.device)
            if self._spreads is not None:
                scaled = scaled * _over(self._spreads, scaled)
            scaled = scaled.to(self.vae.dtype) / self._scale
            if self._means is not None:
                scaled = scaled + _over(self._means, scaled).to(scaled.dtype)
            scaled = scaled + self._shift if self._shift else scaled
            laid_out = self._framed(scaled.contiguous(memory_format=torch.channels_last))
            return self._unframed(self.vae.decode(laid_out, return_dict=False)[0]).float()

        made = computed(PART, self.vae, compute, tensors=lambda found: [found])
        return (made / 2 + 0.5).clamp(0, 1)

    def _framed(self, pictures: Tensor) -> Tensor:
        return pictures[:, :, None] if self._has_frames else pictures

    def _unframed(self, pictures: Tensor) -> Tensor:
        return pictures[:, :, 0] if self._has_frames else pictures

    def _tiled(self, latents: Tensor, side: int) -> Tensor:
        """The same, tile by tile, assembled on the CPU; overlapping tiles are cross-faded."""
        factor = self.multiple
        height, width = (length * factor for length in latents.shape[2:])
        total, weight = torch.zeros(1, 4 if self.has_alpha else 3, height, width), torch.zeros(1, 1, height, width)
        cells = max(1, side // factor)
        for top in _starts(latents.shape[2], cells):
            for left in _starts(latents.shape[3], cells):
                tile = self._whole(latents[:, :, top : top + cells, left : left + cells]).cpu()
                down, across = tile.shape[2:]
                fade = _fade_over(tile)
                place = (..., slice(top * factor, top * factor + down), slice(left * factor, left * factor + across))
                total[place] += tile * fade
                weight[place] += fade
        return total / weight


def _statistics(vae: Any) -> tuple[Tensor | None, Tensor | None]:
    """Means and spreads of latents, `[1, C, p, p]`: p above 1 where neighbours in a cell of p x p have their own."""
    means, spreads = vae.config.get("latents_mean"), vae.config.get("latents_std")
    if getattr(vae, "bn", None) is not None:
        side = int(vae.config.patch_size[0])
        spread = torch.sqrt(vae.bn.running_var.float() + float(vae.config.batch_norm_eps))
        return vae.bn.running_mean.view(1, -1, side, side), spread.view(1, -1, side, side)
    return tuple(None if each is None else torch.tensor(each).view(1, -1, 1, 1) for each in (means, spreads))  # type: ignore[return-value]


def _over(statistic: Tensor, latents: Tensor) -> Tensor:
    """A statistic `[1, C, p, p]` over latents `[B, C, h, w]`: repeated where p is above 1."""
    side = statistic.shape[-1]
    return statistic if side == 1 else statistic.repeat(1, 1, latents.shape[2] // side, latents.shape[3] // side)


def _starts(length: int, tile: int) -> Iterator[int]:
    """Start positions of overlapping tiles along a side; the last tile ends where the side ends."""
    step = max(1, tile - tile // _OVERLAP)
    start = 0
    while start + tile < length:
        yield start
        start += step
    yield max(0, length - tile)


def _fade_over(tile: Tensor) -> Tensor:
    """How much each cell or pixel of a tile `[1, C, h, w]` counts: `[h, w]`."""
    down, across = tile.shape[2:]
    return _fade(down, down // _OVERLAP)[:, None] * _fade(across, across // _OVERLAP)[None, :]


def _fade(length: int, margin: int) -> Tensor:
    """Weights `[length]` that rise from near 0 to 1 over the margin and fall again at the other end."""
    ramp = (torch.arange(length, dtype=torch.float32) + 1) / (margin + 1)
    return torch.minimum(ramp, ramp.flip(0)).clamp(max=1.0)
