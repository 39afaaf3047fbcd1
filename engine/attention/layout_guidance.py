"""Layout guidance: moves the latent in early steps so that painted words attend to their paint and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.attention.heatmaps import words_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.attention.masks import Paint

STRIDE = 0.04
"""How far a gradient step moves the latent: its root mean square, relative to that of the noise."""

_log = logging.getLogger(__name__)


class GradientScale:
    """The factor on an energy before it is differentiated, so that gradients neither vanish nor overflow in half
    precision.

    It adapts on the device, as `torch.amp.GradScaler` does: a gradient that was lost moves nothing, and the next one is
    taken at another scale. So no step waits for the device.
    """

    def __init__(self) -> None:
        self._raised: Tensor | None = None
        self._lost: Tensor | None = None

    def on(self, device: torch.device) -> Tensor:
        """The factor, float32 `[]`, on a device; it keeps its adapted value from step to step."""
        if self._raised is None:
            self._raised = torch.full((), 1024.0, device=device)
            self._lost = torch.zeros((), device=device)
        return self._raised

    def adapt(self, gradient: Tensor, *, exact: bool) -> None:
        """Check a gradient, float32 `[B, ...]`; if it vanished or overflowed, count it as lost and change the factor.

        An `exact` gradient, computed in float32 throughout, leaves the factor as it is.
        """
        assert self._raised is not None and self._lost is not None, "`on` was called"
        finite = torch.isfinite(gradient).all()
        good = finite & (gradient != 0).flatten(1).any(dim=1).all()
        self._lost += (~good).float()
        if not exact:
            change = torch.where(finite, 2.0**8, 2.0**-8)
            self._raised *= torch.where(good, torch.ones_like(change), change)

    def report(self) -> None:
        """Log how many gradient steps were lost, if any; waits for the device, so call it when a run ends."""
        lost = 0 if self._lost is None else int(self._lost)
        if lost:
            _log.warning("%d gradient steps were lost: their gradients vanished or overflowed", lost)


class SeenEnough(Exception):
    """Stops the denoiser early: every layer that counts was recorded; later ones do not change the energy."""


class EnergyTargets:
    """Where the active words' attention should be, on the device; built once and used in every gradient step.

    Args:
        paint: the painted words. active: indices of those that act. device: where attention is computed.

    Attributes:
        members: for each level `[words, N]` float32, 0..1, how far each pixel is in each word's paint; None for levels
            that do not count.
        words: float32 `[tokens, words]`, see `words_matrix`. wanted: `[words]`, 1 inside the paint, 0 outside.
    """

    def __init__(self, paint: Paint, active: tuple[int, ...], device: torch.device) -> None:
        self.words = words_matrix([paint.positions[index] for index in active], paint.tokens).to(device)
        self.wanted = torch.tensor([1.0 if paint.words[index].strength > 0 else 0.0 for index in active]).to(device)
        self.members: list[Tensor | None] = []
        for level in range(len(paint.sizes)):
            if level not in paint.layout or not active:
                self.members.append(None)
                continue
            coverages = [torch.from_numpy(paint.coverage(index, level).copy()).reshape(-1) for index in active]
            member = torch.stack(coverages)
            self.members.append((member / member.amax(dim=1, keepdim=True).clamp_min(1e-12)).to(device))

    def counted(self, layers: Mapping[int, int]) -> int:
        """How many layers count, given the number of layers at each level."""
        return sum(count for level, count in layers.items() if self.members[level] is not None)


class EnergyRecorder:
    """Sums how much of the words' attention lies in their paint, differentiably; pass it to `AttentionControl.alone`.

    Args:
        targets: where the attention should be.
        stop_after: the number of layers that count; after the last of them `add` raises `SeenEnough`, once: layers that
            are computed again for the gradient add to sums that nobody reads any more. 0: never.
    """

    def __init__(self, targets: EnergyTargets, *, stop_after: int = 0) -> None:
        self._targets = targets
        self._left = stop_after
        self._inside: Tensor | None = None
        self._total: Tensor | None = None

    def add(self, level: int, shares: Tensor) -> None:
        """Add one layer's attention: `[samples, heads, N, T]` float32."""
        member = self._targets.members[level]
        if member is None:
            return
        drawn = (shares.mean(dim=1) @ self._targets.words).transpose(1, 2).contiguous() * 4.0**level
        inside, total = (drawn * member).sum(dim=-1), drawn.sum(dim=-1)
        self._inside = inside if self._inside is None else self._inside + inside
        self._total = total if self._total is None else self._total + total
        self._left -= 1
        if self._left == 0:
            raise SeenEnough

    def energy(self) -> Tensor | None:
        """Return the sum over samples and words of (1 - obedience)^2 (arXiv 2304.03373, eq. 2); None where nothing was
        recorded."""
        if self._inside is None or self._total is None:
            return None
        share = self._inside / self._total.clamp_min(1e-12)
        return (self._targets.wanted - share).square().sum()


def descend(
    energy: Callable[[], AbstractContextManager[tuple[Tensor, Tensor]]],
    sigma: float,
    scale: GradientScale,
    *,
    exact: bool = True,
) -> Tensor:
    """Return the step to add to x (see `move`), from the gradient of its energy.

    Args:
        energy: runs the denoiser; gives the energy and its x, float32 `[B, C, h, w]`, both in one autograd graph. Its
            context is left when the gradient is there.
        exact: whether the graph is float32 throughout. Where it is not, `scale` adapts to gradients that were lost.
    """
    with energy() as (value, x):
        (gradient,) = torch.autograd.grad(value * scale.on(x.device), x)
    gradient = gradient.float()
    scale.adapt(gradient, exact=exact)
    return move(gradient, sigma)


def move(gradient: Tensor, sigma: float) -> Tensor:
    """Return the step to add to x: `[B, C, h, w]` float32, down the gradient, `STRIDE` times as long as the noise.

    A gradient that is zero or not finite moves nothing.
    """
    length = gradient.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
    step = -STRIDE * sigma * gradient / length.clamp_min(1e-20)
    return torch.where(torch.isfinite(length) & (length > 0), step, torch.zeros_like(step))
