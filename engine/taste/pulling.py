"""CLIP guidance: in each step the picture that forms is led towards style pictures or a mood, in their areas alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.attention.mask_reduction import reduce_mask
from engine.errors import BadRequest, UnsupportedModel

if TYPE_CHECKING:
    from engine.models.families.base import Family
    from engine.models.library import Library
    from engine.protocol import GenerateRequest
    from engine.text.encoders import ImageReader

STRIDE = 0.1
"""How far a weight of 1 moves the latents in a step: the root mean square of the move, relative to theirs."""
_LEAST_SIDE = 32
"""Pixels of the smallest part of a picture that is looked at; a smaller area is seen with what lies around it."""


@dataclass(frozen=True, eq=False)
class Target:
    """What a part of the picture is led to.

    Attributes:
        looks: float32 `[2C]`, see `looks_of`. box: left, top, right, bottom of that part in pixels.
        share: float32 `[h, w]` at the size of the latents, 0..1: where they move; None is everywhere.
    """

    looks: Tensor
    box: tuple[int, int, int, int]
    share: Tensor | None


def looks_of(states: Tensor) -> Tensor:
    """Return what is compared of an image encoder's states `[B, n, C]`: `[B, 2C]`, of length 1, the class token's
    direction and that of the patches' mean."""
    parts = (F.normalize(states[:, 0], dim=-1), F.normalize(states[:, 1:].mean(dim=1), dim=-1))
    return torch.cat(parts, dim=-1) / 2**0.5


class ClipPull:
    """Moves x0 up the gradient of the cosine of its looks and its targets' (MGAD, arXiv 2209.13360, section 3: the
    image guidance), in crops of the areas.

    It is taken by the latents that the denoiser gave alone, through the autoencoder and the image encoder: the denoiser
    is called no more often, and nothing goes back through it. A step costs one decoding and, for each target, one
    reading by the encoder more, both forwards and backwards (`counts`).

    Args:
        reader: the model's own image encoder. coder: its autoencoder. weight: above 0; 1 moves by `STRIDE`.

    Attributes:
        counts: how often it decoded, and how often it read a part of a picture.
    """

    def __init__(self, reader: ImageReader, coder: Any, targets: Sequence[Target], weight: float) -> None:
        self._reader, self._coder, self._targets, self._weight = reader, coder, targets, weight
        self.counts = [0, 0]

    def __call__(self, x0: Tensor) -> Tensor:
        """Return x0 `[B, C, h, w]`, moved; where a gradient is not finite it stays."""
        return torch.cat([self._moved(each[None]) for each in x0])

    def _moved(self, x0: Tensor) -> Tensor:
        with torch.inference_mode(False), torch.enable_grad():
            own = x0.detach().clone().float()
            for target in self._targets:
                latents = own.detach().clone().requires_grad_()
                picture = self._coder.decode_along(latents)
                self.counts[0] += 1
                left, top, right, bottom = target.box
                states = self._reader.states(picture[..., top:bottom, left:right])
                self.counts[1] += 1
                likeness = (looks_of(states.float()) @ target.looks.to(states.device)).sum()
                (gradient,) = torch.autograd.grad(likeness, latents)
                own = own + self._step(own, gradient.to(own.device), target.share)
        return own.to(x0.dtype)

    def _step(self, own: Tensor, gradient: Tensor, share: Tensor | None) -> Tensor:
        if share is not None:
            gradient = gradient * share.to(own.device)
        length = gradient.square().mean().sqrt()
        step = self._weight * STRIDE * own.square().mean().sqrt() * gradient / length.clamp_min(1e-20)
        return torch.where(torch.isfinite(length) & (length > 0), step, torch.zeros_like(step))


def pull_of(request: GenerateRequest, base: Family, library: Library) -> ClipPull:
    """Return the CLIP guidance that a request asks for: towards each of its style pictures in that one's area, also one
    of strength 0, and towards its mood everywhere, also one of weight 0.

    Raises:
        UnsupportedModel: the model has no image encoder of its own. BadRequest: there is neither a picture nor a mood.
        BadReference and others: see `engine.taste.using.mood_for`.
    """
    reader, coder = getattr(base, "image", None), getattr(base, "coder", None)
    if reader is None or coder is None:
        raise UnsupportedModel(
            f'The model "{base.facts.name}" has no image encoder of its own, so it knows no CLIP guidance.',
            hint="Leave it at 0, or choose a model with an image encoder, such as the starter.",
        )
    asked, (width, height) = request.conditioning, request.picture.size
    cells = base.latent_size(width, height)
    targets = []
    for style in asked.styles:
        if style.mask is None or style.mask.any():
            box, share = _place(style.mask, width, height, cells)
            targets.append(Target(looks_of(reader.read(style.rgb, semantic=style.semantic).float())[0], box, share))
    if asked.mood is not None:
        from engine.taste.using import mood_for

        liked = mood_for(asked.mood, base.facts, library).liked
        targets.append(Target(looks_of(liked[None])[0], (0, 0, width, height), None))
    if not targets:
        raise BadRequest(
            "CLIP guidance has nothing to lead to.", hint="Add a style picture or a mood, or leave it at 0."
        )
    targets = [Target(each.looks.clone(), each.box, each.share) for each in targets]
    return ClipPull(reader, coder, targets, asked.clip_guidance)


def _place(
    mask: np.ndarray | None, width: int, height: int, cells: tuple[int, int]
) -> tuple[tuple[int, int, int, int], Tensor | None]:
    """The box around a mask, and its share of each cell of the latents."""
    if mask is None:
        return (0, 0, width, height), None
    rows, columns = (np.flatnonzero(mask.max(axis=axis) > 127) for axis in (1, 0))
    if not len(rows):  # nowhere more than half painted
        rows, columns = (np.flatnonzero(mask.max(axis=axis)) for axis in (1, 0))
    top, bottom = _wide(int(rows[0]), int(rows[-1]) + 1, height)
    left, right = _wide(int(columns[0]), int(columns[-1]) + 1, width)
    share = torch.from_numpy(np.ascontiguousarray(reduce_mask(mask, cells), np.float32))
    return (left, top, right, bottom), share.reshape(cells)


def _wide(first: int, last: int, length: int) -> tuple[int, int]:
    side = min(length, max(last - first, _LEAST_SIDE))
    start = min(max(0, (first + last - side) // 2), length - side)
    return start, start + side
