"""Separation: keeps differently painted areas from looking at each other in a UNet's self-attention."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.control import level_of
from engine.attention.laws import Law, modulated
from engine.attention.processor import finish, split_heads
from engine.attention.static_buffers import StaticBuffers
from engine.errors import InternalError, UnsupportedModel

if TYPE_CHECKING:
    from engine.attention.masks import Paint

_log = logging.getLogger(__name__)

_MOST_PIXELS = 6144
"""Larger levels are left alone: a bias for every pair of their pixels would take more than 150 MB for each picture."""

_FULL_SIGMA = 1.0
"""Down to this sigma the separation is full; below, where the layout is settled, it fades, so that areas blend."""

_APART = -1e4
"""Stands for minus infinity: finite in float16, and exp of it is 0 in every dtype."""

_STOCK = ("AttnProcessor", "AttnProcessor2_0")


def apart(coverages: Sequence[np.ndarray]) -> np.ndarray:
    """Return how far the two pixels of each pair lie in different areas: float32 `[N, N]`, 0..1.

    A pixel without paint is separated from none. Areas are fuzzy sets: two pixels share an area to the degree to which
    the less covered one is in it.

    Args:
        coverages: of each area `[h, w]`, 0..1, with h * w = N; one or more.
    """
    flat = [coverage.reshape(-1).astype(np.float32) for coverage in coverages]
    shared = np.zeros((len(flat[0]), len(flat[0])), np.float32)
    for coverage in flat:
        np.maximum(shared, np.minimum(coverage[:, None], coverage[None, :]), out=shared)
    painted = np.maximum.reduce(flat)
    between = np.minimum(painted[:, None], painted[None, :]) * (1.0 - shared)
    np.fill_diagonal(between, 0.0)
    return between


def segments(coverages: Sequence[np.ndarray]) -> np.ndarray:
    """Return which pairs of pixels lie in the same segment, as in DenseDiffusion: float32 `[N, N]` of 0 and 1.

    Each pixel belongs to the area that covers it most, or to the rest of the picture.
    """
    flat = np.stack([coverage.reshape(-1) for coverage in coverages])
    owner = np.where(flat.max(axis=0) >= 0.5, flat.argmax(axis=0), -1)
    return (owner[:, None] == owner[None, :]).astype(np.float32)


def strictness(coverages: Sequence[np.ndarray], amounts: Sequence[float]) -> np.ndarray:
    """Return how strictly the two pixels of each pair are kept apart, where areas differ in it: float32 `[N, N]`, 0..1.

    A pixel has the mean of its areas' amounts, by how much each covers it, and a pair the mean of its two pixels.

    Args:
        coverages: as for `apart`. amounts: of each area, 0 (its pixels look everywhere) .. 1.
    """
    flat = np.stack([coverage.reshape(-1) for coverage in coverages]).astype(np.float32)
    total = flat.sum(axis=0)
    of_pixel = np.asarray(amounts, np.float32) @ flat / np.maximum(total, np.float32(1e-12))
    return (of_pixel[:, None] + of_pixel[None, :]) / 2


@dataclass
class _Run:
    """The state that the processors share.

    Attributes:
        biases: `[rows, 1, N, N]` for each level that is separated, in the UNet's dtype.
        together: `[N, N]` for each level whose scores are modulated instead. gain, by_query: see `modulated`; the gain
            lies on the device. acts: whether it is more than nothing.
        conditional: the rows of the batch that are changed.
    """

    biases: dict[int, Tensor] = field(default_factory=dict)
    together: dict[int, Tensor] = field(default_factory=dict)
    gain: Tensor = field(default_factory=lambda: torch.zeros(()))
    acts: bool = False
    by_query: bool = False
    conditional: slice = field(default_factory=lambda: slice(0, 0))


class SeparatedAttention:
    """The processor of one self-attention layer: the stock computation with the level's bias added."""

    def __init__(self, run: _Run, level: int) -> None:
        self.run = run
        self.level = level

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """Return the layer's output for `hidden_states`, both `[rows, N, C]`.

        Raises:
            InternalError: the layer is called in a way that Wordbrush does not support.
        """
        if attention_mask is not None or hidden_states.ndim != 3 or encoder_hidden_states is not None:
            raise InternalError(
                "Areas cannot be separated in an attention layer of a kind that Wordbrush does not know.",
                hint="Set the separation to 0, and please report this model.",
            )
        query, keys, values = (
            split_heads(attn, project(hidden_states)) for project in (attn.to_q, attn.to_k, attn.to_v)
        )
        if attn.norm_q is not None:
            query = attn.norm_q(query)
        if attn.norm_k is not None:
            keys = attn.norm_k(keys)
        bias = self.bias(query, keys)
        out = F.scaled_dot_product_attention(query, keys, values, attn_mask=bias)
        return finish(attn, out.transpose(1, 2).flatten(2), hidden_states)

    def bias(self, query: Tensor, keys: Tensor) -> Tensor | None:
        """What is added to the scores, `[rows, 1 or heads, N, N]`."""
        run = self.run
        bias = run.biases.get(self.level)
        if bias is not None:
            # Of the dtype of the UNet it was made for: no step casts it.
            return bias if len(bias) == len(query) else bias[run.conditional]
        together = run.together.get(self.level)
        if together is None or not run.acts:
            return None
        rows = run.conditional
        # In float32, since the product may be beyond half precision's range before it is scaled.
        scores = query[rows].float() @ keys[rows].float().transpose(-1, -2) * query.shape[-1] ** -0.5
        bias = query.new_zeros(*query.shape[:3], keys.shape[2])
        # Scores differ by less than half precision's range, but what a law makes of them need not.
        bias[rows] = modulated(scores, together, run.gain, by_query=run.by_query).clamp(_APART, -_APART).to(query.dtype)
        return bias


class SeparationControl:
    """Controls the separation in one UNet: `begin` a run that uses it, `set_step` before each call, then `end`.

    Outside of such a run the layers have their original processors.

    Attributes:
        buffers: the biases; see `AttentionControl`.
        steady: for a compiled UNet: in a run every level that can be separated has a bias, which is zero where nothing
            is to be kept apart, also with an amount of 0. So no step and no run needs another graph than the one
            before it. It costs what the fused attention's mask costs, so others do without.
    """

    def __init__(self, unet: nn.Module) -> None:
        self._unet = unet
        self._stock: dict[str, Any] = {}
        self._paint: Paint | None = None
        self._run = _Run()
        self._between: dict[int, Tensor] = {}
        self._active: tuple[int, ...] | None = None
        self._amount = self._shown = 0.0
        self._rows = 0
        self._weight = 0.0
        self._law: Law | None = None
        self._device = torch.device("cpu")
        self.buffers = StaticBuffers()
        self.steady = False

    def begin(
        self,
        paint: Paint,
        amount: float,
        *,
        rows: int,
        conditional: slice,
        device: torch.device,
        law: Law | None = None,
        paint_weight: float = 0.0,
    ) -> None:
        """Start a run.

        Args:
            paint: whose positive words' areas are kept apart.
            amount: 0 (not at all) .. 1 (they do not attend to each other), of words without a fidelity of their own.
            rows: the size of the batch. conditional: the rows of it that are changed.
            law, paint_weight: a law that modulates self-attention takes precedence over the amount.

        Raises:
            UnsupportedModel: the model's self-attention is of an unknown kind.
        """
        self.end()
        layers = {path: module for path, module in self._unet.named_modules() if path.endswith(".attn1")}
        for path, module in layers.items():
            stock: Any = module
            kind = type(stock.get_processor()).__name__
            if kind not in _STOCK or stock.group_norm is not None or stock.spatial_norm is not None:
                raise UnsupportedModel(
                    "This model's self-attention is of a kind in which areas cannot be separated.",
                    hint="Set the separation to 0, or choose a Stable Diffusion model without adapters.",
                    details=f"{path}: {kind}",
                )
        for path, module in layers.items():
            self._stock[path] = module.get_processor()
            module.set_processor(SeparatedAttention(self._run, level_of(self._unet, path)))
        self._paint, self._amount, self._rows, self._device = paint, amount, rows, device
        if conditional != self._run.conditional:
            self.buffers = StaticBuffers()
        self._run.conditional = conditional
        self._law, self._weight = law, paint_weight

    def set_step(self, *, sigma: float, fraction: float) -> None:
        """Set the noise level and the point in the schedule of the next denoiser call, see `AttentionControl`."""
        if self._paint is None:
            return
        active = tuple(index for index in self._paint.active(fraction) if self._paint.words[index].strength > 0)
        if self._law is not None and self._law.between:
            gain = self._law.between * self._law.gain(self._weight, sigma, fraction)
            run = self._run
            run.by_query, run.acts = self._law.by_query, bool(gain) or self.steady
            run.gain = self.buffers.get("gain", (), dtype=torch.float32, device=self._device).fill_(gain)
            if active != self._active:
                self._active, self._run.together = active, self._divide(active)
            return
        own = any(self._paint.words[index].fidelity is not None for index in active)
        amount = (1.0 if own else self._amount) * min(1.0, sigma / _FULL_SIGMA)
        if (active, amount) == (self._active, self._shown):
            return
        if active != self._active:
            self._between = self._measure(active)
        self._active, self._shown = active, amount
        self._run.biases = {level: self._bias(level, amount) for level in self._between}

    def _measure(self, active: tuple[int, ...]) -> dict[int, Tensor]:
        assert self._paint is not None
        found = {}
        for level, (height, width) in enumerate(self._paint.sizes):
            if level not in self._paint.layout or (len(active) < 2 and not self.steady):
                continue
            if not self._fits(level, height * width):
                continue
            coverages = [self._paint.coverage(index, level) for index in active]
            between = apart(coverages) if len(active) > 1 else np.zeros((height * width,) * 2, np.float32)
            own = [self._paint.words[index].fidelity for index in active]
            if len(active) > 1 and any(each is not None for each in own):
                between *= strictness(coverages, [self._amount if each is None else each for each in own])
            if between.any() or self.steady:
                found[level] = torch.from_numpy(between).to(self._device)
        return found

    def _fits(self, level: int, pixels: int) -> bool:
        if pixels > _MOST_PIXELS:
            _log.warning(
                "areas are not kept apart at attention level %d of %d pixels: more than %d take too much memory",
                level,
                pixels,
                _MOST_PIXELS,
            )
        return pixels <= _MOST_PIXELS

    def _divide(self, active: tuple[int, ...]) -> dict[int, Tensor]:
        assert self._paint is not None
        sizes = [height * width for height, width in self._paint.sizes]
        levels = [level for level in self._paint.used if (active or self.steady) and self._fits(level, sizes[level])]
        found = {}
        for level in levels:
            coverages = [self._paint.coverage(index, level) for index in active]
            # Where nothing is painted all pixels are together, and the bias is zero.
            together = segments(coverages) if active else np.ones((sizes[level],) * 2, np.float32)
            source = torch.from_numpy(together)
            found[level] = self.buffers.write(("together", level), source, dtype=source.dtype, device=self._device)
        return found

    def _bias(self, level: int, amount: float) -> Tensor:
        """Log of the weight that a pair of pixels keeps; `amount` is the share that is taken away."""
        between = self._between[level]
        left = (1.0 - amount * between).clamp_min(math.exp(_APART)).log().clamp_min(_APART)
        shape = (self._rows, 1, *left.shape)
        # Written in place: a compiled step is bound to it. The other rows' part is zero from the start, see `begin`.
        bias = self.buffers.get(level, shape, dtype=self._unet.dtype, device=self._device)
        bias[self._run.conditional] = left.to(bias.dtype)
        return bias

    @contextmanager
    def half(self, conditional: bool) -> Iterator[None]:
        """Context in which the UNet runs one half of guidance: the rows that are changed, or all others."""
        run = self._run
        before = dataclasses.replace(run)
        try:
            if conditional:
                run.biases = {level: bias[run.conditional] for level, bias in run.biases.items()}
                run.conditional = slice(0, run.conditional.stop - run.conditional.start)
            else:
                run.biases, run.together = {}, {}
            yield
        finally:
            for field_ in dataclasses.fields(run):
                setattr(run, field_.name, getattr(before, field_.name))

    def end(self) -> None:
        """End the run: every layer gets its original processor back."""
        for path, processor in self._stock.items():
            self._unet.get_submodule(path).set_processor(processor)
        self._stock = {}
        self._paint, self._active, self._between = None, None, {}
        self._run.biases, self._run.together, self._run.acts = {}, {}, False
