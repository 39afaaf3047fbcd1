"""The attention hook: adds the paint's bias in every cross-attention layer of a UNet, with the text's K and V kept."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.errors import InternalError, UnsupportedModel
from engine.laws import LAWS, Law, find_law
from engine.masks import Paint

_NEGLIGIBLE = 1e-6
"""Gain times the largest |A| below which a bias is lost in the scores' own float32 rounding."""

_SMALL = 1 << 19
"""Number of scores up to which a layer's unconditional rows are computed beside the conditional ones."""

_STOCK = ("AttnProcessor", "AttnProcessor2_0")


class Tap(Protocol):
    """What is shown the attention of the conditional rows."""

    def add(self, level: int, shares: Tensor) -> None:
        """Take one layer's attention: `[samples, heads, N, T]` float32; not to be written to."""
        ...


@dataclass
class _Run:
    """What the processors of one UNet share during a run; written by the control only."""

    context: Tensor | None = None
    rows: slice | Tensor = field(default_factory=lambda: slice(0, 0))
    others: slice | Tensor | None = None
    law: Law = LAWS["none"]
    gain: float = 0.0
    biased: bool = False
    paint: list[Tensor] = field(default_factory=list)
    keys: list[Tensor] | None = None
    present: int | None = None
    tap: Tap | None = None


def split_heads(attn: Any, projected: Tensor) -> Tensor:
    """Return `[rows, N, heads * d]` as `[rows, heads, N, d]`."""
    return projected.unflatten(-1, (attn.heads, -1)).transpose(1, 2)


def finish(attn: Any, out: Tensor, hidden_states: Tensor) -> Tensor:
    """Return a layer's output from what its heads gathered, both `[rows, N, C]`, as the stock processors do."""
    out = attn.to_out[1](attn.to_out[0](out))
    if attn.residual_connection:
        out = out + hidden_states
    return out if attn.rescale_output_factor == 1 else out / attn.rescale_output_factor


class PaintAttention:
    """The processor of one cross-attention layer; a plain object, so that it stays out of the state dict.

    Between runs it computes what the stock processor would. In a run it takes K and V from its cache; where the bias
    acts, conditional rows materialise their scores, and in large layers all other rows go through the fused attention.
    """

    def __init__(self, run: _Run, level: int) -> None:
        self.run = run
        self.level = level
        self.kept: tuple[Tensor, Tensor] | None = None

    def project(self, attn: nn.Module, context: Tensor) -> tuple[Tensor, Tensor]:
        """Return K and V `[rows, heads, T, d]` of a context `[rows, T, C]`."""
        if attn.norm_cross:
            context = attn.norm_encoder_hidden_states(context)
        keys, values = split_heads(attn, attn.to_k(context)), split_heads(attn, attn.to_v(context))
        if attn.norm_k is not None:
            keys = attn.norm_k(keys)
        return keys, values

    def __call__(
        self,
        attn: nn.Module,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """Return the layer's output for `hidden_states`, both `[rows, N, C]`; see diffusers' `AttnProcessor2_0`.

        Raises:
            InternalError: the layer is used in a way that the paint does not reach; never silently without paint.
        """
        if attention_mask is not None or hidden_states.ndim != 3 or encoder_hidden_states is None:
            raise InternalError(
                "Paint was applied to an attention layer of a kind that Wordbrush does not know.",
                hint="Choose another model, and please report this one.",
                details=f"mask {attention_mask is not None}, hidden states {list(hidden_states.shape)}",
            )
        run = self.run
        batch, pixels, _ = hidden_states.shape
        query = split_heads(attn, attn.to_q(hidden_states))
        if attn.norm_q is not None:
            query = attn.norm_q(query)
        if self.kept is None:
            keys, values = self.project(attn, encoder_hidden_states)
        elif encoder_hidden_states is run.context:
            keys, values = self.kept
        else:
            raise InternalError(
                "The model was given another text than the one the paint belongs to.",
                hint="Please report this.",
                details="encoder_hidden_states is not the tensor that the run began with",
            )
        if run.biased:
            out = self._biased(query, keys, values)
        else:
            out = F.scaled_dot_product_attention(query, keys, values, attn_mask=self._heard(query.dtype))
            out = out.transpose(1, 2).reshape(batch, pixels, -1)
        return finish(attn, out, hidden_states)

    def _heard(self, dtype: torch.dtype, rows: slice | Tensor | None = None) -> Tensor | None:
        """Return what is added to the scores of some rows whatever the paint, `[rows, 1, 1 or N, T]`, if anything."""
        if self.run.keys is None:
            return None
        keys = self.run.keys[self.level]
        return (keys if rows is None else keys[rows]).to(dtype)

    def _biased(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Return softmax(QK'/sqrt(d) + bias)V `[rows, N, heads * d]`, with the bias on conditional rows only."""
        run = self.run
        batch, heads, pixels, width = query.shape
        paint = run.paint[self.level]
        if paint.shape[-2] != pixels:
            raise InternalError(
                "The paint does not fit the model's attention.",
                hint="Use a picture size that is a multiple of 64.",
                details=f"level {self.level}: {paint.shape[-2]} painted pixels for {pixels}",
            )
        # Small layers cost their launches, not their arithmetic: there all rows take the materialised path together.
        together = isinstance(run.rows, slice) and batch * heads * pixels * keys.shape[2] <= _SMALL
        rows: slice | Tensor = slice(0, batch) if together else run.rows
        inner = query[rows]
        samples = inner.shape[0]
        # Scaled inside the product, so that half precision neither overflows nor rounds twice; all after it is float32.
        scores = torch.baddbmm(
            query.new_empty(1, 1, 1),
            inner.reshape(samples * heads, pixels, width),
            keys[rows].reshape(samples * heads, -1, width).transpose(1, 2),
            beta=0,
            alpha=width**-0.5,
        )
        scores = scores.view(samples, heads, pixels, -1).float()
        painted = scores[run.rows] if together else scores
        # Tokens that only fill the row up are not the prompt's: its law must not see them.
        read = painted[..., : run.present]
        # Detached: where a gradient is wanted, it is that of the attention, not of the law.
        read.add_(run.law.bias(read.detach(), paint[..., : run.present], run.gain))
        heard = self._heard(torch.float32, rows)
        if heard is not None:
            scores.add_(heard)
        shares = torch.softmax(scores, dim=-1)
        if run.tap is not None:
            run.tap.add(self.level, shares[run.rows] if together else shares)
        shares = shares.to(query.dtype).view(samples * heads, pixels, -1)
        out = torch.bmm(shares, values[rows].reshape(samples * heads, -1, width))
        out = out.view(samples, heads, pixels, width).transpose(1, 2)
        if samples < batch:
            joined = out.new_empty(batch, pixels, heads, width)
            joined[run.rows] = out
            outer = F.scaled_dot_product_attention(
                query[run.others],
                keys[run.others],
                values[run.others],
                attn_mask=self._heard(query.dtype, run.others),
            )
            joined[run.others] = outer.transpose(1, 2)
            out = joined
        return out.reshape(batch, pixels, heads * width)


class AttentionControl:
    """Steers the paint of one UNet: `begin` for each prompt, `set_step` before each denoiser call, `end`, `uninstall`.

    Attributes:
        levels: number of resolution levels down to the deepest cross-attention; A is wanted for each of them.
    """

    def __init__(self, unet: nn.Module) -> None:
        self._run = _Run()
        self._layers: dict[str, nn.Module] = {}
        self._stock: dict[str, Any] = {}
        self._ours: dict[str, PaintAttention] = {}
        self._paint: Paint | None = None
        self._active: tuple[int, ...] | None = None
        self._weight = 0.0
        self._force = False
        self._reach = 0.0
        self._tokens = 0
        self._device = torch.device("cpu")
        for path, module in unet.named_modules():
            if not path.endswith(".attn2"):
                continue
            stock = module.get_processor()
            if type(stock).__name__ not in _STOCK or module.scale_qk is False or module.spatial_norm is not None:
                raise UnsupportedModel(
                    "This model's attention is of a kind that cannot be painted.",
                    hint="Choose a Stable Diffusion model without adapters.",
                    details=f"{path}: {type(stock).__name__}",
                )
            self._layers[path] = module
            self._stock[path] = stock
            self._ours[path] = PaintAttention(self._run, level_of(unet, path))
        if not self._layers:
            raise UnsupportedModel(
                "This model has no cross-attention to paint in.", hint="Choose a Stable Diffusion model."
            )
        self.levels = 1 + max(ours.level for ours in self._ours.values())
        for path, module in self._layers.items():
            module.set_processor(self._ours[path])

    def begin(
        self,
        *,
        context: Tensor,
        conditional_rows: Sequence[int],
        paint: Paint | Sequence[Tensor] | None = None,
        law: str = "default",
        paint_weight: float = 0.0,
        tap: Tap | None = None,
        keys: Sequence[Tensor] | None = None,
        present: int | None = None,
        force: bool = False,
    ) -> None:
        """Start a run: project and keep the text's K and V of every layer, and take over the paint.

        Args:
            context: text `[rows, T, C]`, on the UNet's device in its dtype. Until `end` the UNet takes this very tensor
                as `encoder_hidden_states` and refuses any other.
            conditional_rows: which rows of the batch the paint acts on; all others stay as they are.
            paint: a `Paint`, or A for each level: `[N, T]`, or `[conditional rows, N, T]` where rows differ.
            law: name of a law.
            paint_weight: eDiff-I's w', 0 is off.
            tap: gathers the words' attention of the conditional rows.
            keys: for each level what is added to the scores of all rows, `[rows, 1 or N, T]`: weights of encoders,
                areas of styles, `ABSENT` for tokens that a row does not have.
            present: how many leading tokens of the conditional rows are theirs; None is all.
            force: take the biased path even where the bias is nothing (for tests and timing).

        Raises:
            BadRequest: no such law.
            InternalError: the processors were replaced behind our back, the rows are not in the context, or the
                matrices are not of its length.
        """
        self.check()
        rows = tuple(conditional_rows)
        total, tokens = context.shape[:2]
        if not rows or len(set(rows)) != len(rows) or not all(0 <= row < total for row in rows):
            raise InternalError(
                "The batch's rows are not in order.", hint="Please report this.", details=f"rows {rows} of {total}"
            )
        others = tuple(row for row in range(total) if row not in rows)
        run = self._run
        run.law = find_law(law)
        run.rows = _index(rows, context.device)
        run.others = _index(others, context.device) if others else None
        run.tap = tap
        run.keys = None if keys is None else [level.to(context.device)[:, None] for level in keys]
        run.present = present
        run.gain, run.biased, run.paint = 0.0, False, []
        self._weight, self._force, self._active = paint_weight, force, None
        self._tokens, self._device = tokens, context.device
        with torch.no_grad():
            for path, module in self._layers.items():
                ours = self._ours[path]
                ours.kept = ours.project(module, context)
        run.context = context
        if isinstance(paint, Paint):
            self._paint = paint
        else:
            self._paint = None
            self._load(paint or ())

    def set_step(self, *, sigma: float, fraction: float = 0.5) -> None:
        """Tell the noise level and the place in the schedule of the next denoiser call.

        Args:
            sigma: noise level of the call, in the variance-exploding scale (`sqrt((1 - abar) / abar)`).
            fraction: middle of the step, `(index + 0.5) / steps`, 0..1; words act inside their windows only.
        """
        run = self._run
        if self._paint is not None:
            active = self._paint.active(fraction)
            if active != self._active:
                self._active = active
                self._load([torch.from_numpy(matrix) for matrix in self._paint.matrices(active)])
        run.gain = run.law.gain(self._weight, sigma)
        acts = abs(run.gain) * self._reach > _NEGLIGIBLE
        run.biased = bool(run.paint) and (acts or self._force or run.tap is not None)

    @contextmanager
    def alone(self, tap: Tap) -> Iterator[Tensor]:
        """In here the UNet takes the conditional rows by themselves, without bias, and `tap` sees their attention.

        Gives the context that the UNet takes then. A graph may be built.
        """
        run, rows = self._run, self._run.rows
        assert run.context is not None and run.paint, "a painted run is on"
        before = dataclasses.replace(run)
        kept = {path: ours.kept for path, ours in self._ours.items()}
        try:
            run.context = run.context[rows]
            run.keys = None if run.keys is None else [level[rows] for level in run.keys]
            run.rows, run.others = slice(0, len(run.context)), None
            run.gain, run.biased, run.tap = 0.0, True, tap
            for path, ours in self._ours.items():
                pair = kept[path]
                ours.kept = None if pair is None else (pair[0][rows], pair[1][rows])
            yield run.context
        finally:
            for field_ in dataclasses.fields(run):
                setattr(run, field_.name, getattr(before, field_.name))
            for path, ours in self._ours.items():
                ours.kept = kept[path]

    def end(self) -> None:
        """End the run: forget its tensors; the UNet computes its stock attention again."""
        run = self._run
        run.context, run.paint, run.tap, run.keys, run.biased = None, [], None, None, False
        self._paint = None
        for ours in self._ours.values():
            ours.kept = None

    def check(self) -> None:
        """Make sure that our processors are still in place.

        Raises:
            InternalError: diffusers or an extension replaced one; the paint would silently do nothing.
        """
        for path, module in self._layers.items():
            if module.processor is not self._ours[path]:
                raise InternalError(
                    "The model's attention was changed while it was in use, so paint would have no effect.",
                    hint="Load the model again.",
                    details=f"{path}: {type(module.processor).__name__}",
                )

    def uninstall(self) -> None:
        """Give every layer the very processor object back that it had."""
        self.end()
        for path, module in self._layers.items():
            module.set_processor(self._stock[path])

    def _load(self, matrices: Sequence[Tensor]) -> None:
        """Take over A for each level, shaped `[1 or samples, 1, N, T]`, float32, on the run's device."""
        if matrices and (len(matrices) < self.levels or matrices[0].shape[-1] != self._tokens):
            raise InternalError(
                "The paint does not fit the prompt.",
                hint="Please report this.",
                details=f"{len(matrices)} levels of {self.levels}, {matrices[0].shape[-1]} tokens",
            )
        # From the matrices as they came: reading a number back from a device would wait for it.
        self._reach = max((float(matrix.abs().amax()) for matrix in matrices), default=0.0)
        self._run.paint = [
            matrix.to(device=self._device, dtype=torch.float32).reshape(-1, 1, *matrix.shape[-2:])
            for matrix in matrices
        ]


def install(unet: nn.Module) -> AttentionControl:
    """Put a paint processor into every cross-attention layer of a `UNet2DConditionModel`.

    Raises:
        UnsupportedModel: it has none, or they are of a kind that cannot be painted; the UNet is left as it was.
    """
    return AttentionControl(unet)


def _index(rows: Sequence[int], device: torch.device) -> slice | Tensor:
    """Return a slice for neighbouring rows (views instead of copies), else an index tensor."""
    if list(rows) == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return torch.tensor(rows, device=device)


def level_of(unet: nn.Module, path: str) -> int:
    """Return the resolution level of a layer from its module path: how often the latent was halved on the way there."""
    halvings = [int(getattr(block, "downsamplers", None) is not None) for block in unet.down_blocks]
    match = re.match(r"(down_blocks|up_blocks|mid_block)(?:\.(\d+))?\.", path)
    if match is None:
        raise UnsupportedModel(
            "This model's blocks are of a kind that cannot be painted.",
            hint="Choose a Stable Diffusion model.",
            details=path,
        )
    part, number = match[1], int(match[2] or 0)
    if part == "down_blocks":
        return sum(halvings[:number])
    doublings = [int(getattr(block, "upsamplers", None) is not None) for block in unet.up_blocks]
    return sum(halvings) - (sum(doublings[:number]) if part == "up_blocks" else 0)
