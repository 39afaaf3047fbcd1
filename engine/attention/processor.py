"""The processor of one painted cross-attention layer, and what it shares with the others of its UNet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.laws import LAWS, Law
from engine.errors import InternalError

if TYPE_CHECKING:
    from engine.attention.heatmaps import HeatmapRecorder
    from engine.attention.image_attention import ImageAttention

_SMALL = 1 << 19
"""Number of scores up to which a layer's unconditional rows are computed together with the conditional ones."""


class AttentionRecorder(Protocol):
    """Receives the attention of the conditional rows."""

    def add(self, level: int, shares: Tensor) -> None:
        """Record one layer's attention: `[samples, heads, N, T]`, float32 or the UNet's dtype; must not be modified."""
        ...


@dataclass
class Run:
    """What the processors of one UNet share during a run; written by the control only.

    Attributes:
        gain: of the law, float32 `[]` on the run's device. acts: whether it differs from 0.
        biased: whether the scores of the conditional rows are biased.
        masked: whether the bias goes to the fused attention as a mask, see `PaintAttention._masked`; else the scores
            are materialised.
        paint: for each level A, `[1 or samples, 1, N, T]`; where masked, less its largest of each pixel, and aligned.
        pushed: for each level, where masked, gain x (A - A's largest of each pixel), float32
            `[1 or samples, 1, N, aligned T]`; never above 0.
        masks: for each level, where masked, what is added to the scores of all rows, `[rows, 1, N, aligned T]` in the
            UNet's dtype; layers write the conditional rows' part one after another.
        tap: records the attention; where nothing is biased, the scores are computed only for it.
        by_word: the tap where it sums by word. columns: its columns then, `[1, 1, T, columns]` in the UNet's dtype:
            fused attention with these for V gives what it wants.
        part: which of the run's rows a call computes; None is all.
    """

    context: Tensor | None = None
    rows: slice | Tensor = field(default_factory=lambda: slice(0, 0))
    others: slice | Tensor | None = None
    law: Law = LAWS["none"]
    gain: Tensor = field(default_factory=lambda: torch.zeros(()))
    acts: bool = False
    biased: bool = False
    masked: bool = False
    pushed: list[Tensor] = field(default_factory=list)
    masks: list[Tensor] = field(default_factory=list)
    paint: list[Tensor] = field(default_factory=list)
    keys: list[Tensor] | None = None
    styles: Tensor | None = None
    present: int | None = None
    tap: AttentionRecorder | None = None
    shares: list[Tensor] = field(default_factory=list)
    by_word: HeatmapRecorder | None = None
    columns: Tensor | None = None
    part: slice | Tensor | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """An area with a prompt of its own.

    Attributes:
        context: `[1, T, C]`, of any length.
        token_bias: added to the scores of its tokens, float32 `[T]`, if anything.
        shares: for each level this area's share of every pixel, float32 `[N]`, 0..1; all areas sum to at most 1.
    """

    context: Tensor
    token_bias: Tensor | None
    shares: Sequence[Tensor]


def split_heads(attn: Any, projected: Tensor) -> Tensor:
    """Return `[rows, N, heads * d]` as `[rows, heads, N, d]`."""
    return projected.unflatten(-1, (attn.heads, -1)).transpose(1, 2)


def finish(attn: Any, out: Tensor, hidden_states: Tensor) -> Tensor:
    """Return a layer's output from the concatenated heads, both `[rows, N, C]`, as the stock processors do."""
    out = attn.to_out[1](attn.to_out[0](out))
    if attn.residual_connection:
        out = out + hidden_states
    return out if attn.rescale_output_factor == 1 else out / attn.rescale_output_factor


def scaled_scores(query: Tensor, keys: Tensor) -> Tensor:
    """Return QK'/sqrt(d) float32 `[samples, heads, N, T]`; query and keys are `[samples, heads, N or T, d]`.

    Scaled inside the product, so that half precision neither overflows nor rounds twice; all after it is float32.
    """
    return products(query, keys).float()


def products(query: Tensor, keys: Tensor) -> Tensor:
    """As `scaled_scores`, in the dtype of the queries."""
    samples, heads, pixels, width = query.shape
    scores = torch.baddbmm(
        query.new_empty(1, 1, 1),
        query.reshape(samples * heads, pixels, width),
        keys.reshape(samples * heads, -1, width).transpose(1, 2),
        beta=0,
        alpha=width**-0.5,
    )
    return scores.view(samples, heads, pixels, -1)


class PaintAttention:
    """The processor of one cross-attention layer; a plain object, so that it stays out of the state dict.

    Between runs it computes what the stock processor would. In a run it takes K and V from its cache. Where the bias
    acts, it is added in one of two ways that give the same: as a mask of the fused attention of all rows (`_masked`;
    fewest bytes and launches, for devices), or to scores that conditional rows materialise, while in large layers all
    other rows go through the fused attention (`_biased`; fastest on the CPU, and for every law).

    Attributes:
        kept: K and V `[rows, heads, T, d]`. wide: K with zeros after it, so that a row of scores is aligned.
        images: the attention to reference pictures, which adds to the text's; None where there are none.
    """

    def __init__(self, run: Run, level: int) -> None:
        self.run = run
        self.level = level
        self.kept: tuple[Tensor, Tensor] | None = None
        self.wide: Tensor | None = None
        self.regions: list[tuple[Tensor, Tensor, Tensor | None]] = []
        self.images: ImageAttention | None = None

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
        query = split_heads(attn, attn.to_q(hidden_states))
        if attn.norm_q is not None:
            query = attn.norm_q(query)
        if self.kept is None:
            keys, values = self.project(attn, encoder_hidden_states)
        elif encoder_hidden_states is run.context:
            keys, values = self.kept
        else:
            raise InternalError(
                "The model was given a different text from the one the paint belongs to.",
                hint="Please report this.",
                details="encoder_hidden_states is not the tensor that the run began with",
            )
        out = self._attended(query, keys, values)
        if self.images is not None:
            out = out + self.images.added(query, run.part)
        return finish(attn, out, hidden_states)

    def _attended(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Return what the queries `[rows, heads, N, d]` draw from the values, with paint: `[rows, N, heads * d]`."""
        run = self.run
        batch, _, pixels, _ = query.shape
        if run.biased and run.masked:
            return self._masked(query, keys, values).transpose(1, 2).reshape(batch, pixels, -1)
        if run.biased:
            return self._biased(query, keys, values)
        out = F.scaled_dot_product_attention(query, keys, values, attn_mask=self._token_bias(query.dtype))
        if run.columns is not None:
            self._draw(query[run.rows], keys[run.rows], self._token_bias(query.dtype, run.rows))
        elif run.tap is not None:
            self._show(run.tap, query[run.rows], keys[run.rows])
        if self.regions:
            out = self._coupled(query, out)
        return out.transpose(1, 2).reshape(batch, pixels, -1)

    def _coupled(self, query: Tensor, whole: Tensor) -> Tensor:
        """Return the mean of the whole prompt's output and the regions', by their shares, in the conditional rows."""
        shares = self.run.shares[self.level]
        rows = self.run.rows
        inner, out = query[rows], whole.clone()
        mixed = whole[rows] * (1.0 - shares.sum(dim=0)).clamp_min(0.0)[:, None].to(query.dtype)
        for share, (keys, values, token_bias) in zip(shares, self.regions, strict=True):
            size = (len(inner), -1, -1, -1)
            part = F.scaled_dot_product_attention(inner, keys.expand(size), values.expand(size), attn_mask=token_bias)
            mixed = mixed + part * share[:, None].to(query.dtype)
        out[rows] = mixed
        return out

    def _token_bias(self, dtype: torch.dtype, rows: slice | Tensor | None = None) -> Tensor | None:
        """Return the additive bias of some rows that does not depend on paint, `[rows, 1, 1 or N, T]`, or None."""
        if self.run.keys is None:
            return None
        keys = self.run.keys[self.level]
        return (keys if rows is None else keys[rows]).to(dtype)

    def _kept_shares(self, painted: Tensor) -> Tensor:
        """Return the attention of the style tokens without paint: `[samples, heads, N, style tokens]`."""
        return self._unpushed_shares(painted)[..., self.run.styles]

    def _show(self, tap: AttentionRecorder, query: Tensor, keys: Tensor) -> None:
        """Record the conditional rows' attention where the fused kernel made the output, which does not expose it."""
        tap.add(self.level, self._unpushed_shares(scaled_scores(query, keys)))

    def _record(self, tap: AttentionRecorder, query: Tensor, keys: Tensor, scores: Tensor, mask: Tensor) -> None:
        """Record the conditional rows' attention without the mask's push, or with it where the recorder says so."""
        as_painted = getattr(tap, "as_painted", False)
        if self.run.columns is not None:
            self._draw(query, keys, mask if as_painted else self._token_bias(query.dtype, self.run.rows))
        elif as_painted:
            tap.add(self.level, torch.softmax(scores.float() + mask, dim=-1))
        else:
            tap.add(self.level, self._unpushed_shares(scores if self.run.keys is None else scores.float()))

    def _draw(self, query: Tensor, keys: Tensor, mask: Tensor | None) -> None:
        """Record what the words draw from the conditional rows; no scores are written for it."""
        run = self.run
        assert run.columns is not None and run.by_word is not None
        values = run.columns.expand(*keys.shape[:2], -1, -1)
        run.by_word.add_drawn(self.level, F.scaled_dot_product_attention(query, keys, values, attn_mask=mask))

    def _unpushed_shares(self, painted: Tensor) -> Tensor:
        """Return the conditional rows' attention from their scores without paint, `[samples, heads, N, T]`."""
        token_bias = self._token_bias(torch.float32, self.run.rows)
        return torch.softmax(painted if token_bias is None else painted + token_bias, dim=-1)

    def _fitting(self, paint: Tensor, pixels: int) -> Tensor:
        """Return what is painted at this level, `[..., N, T]`.

        Raises:
            InternalError: it is of another number of pixels.
        """
        if paint.shape[-2] != pixels:
            raise InternalError(
                "The paint does not fit the model's attention.",
                hint="Use a picture size that is a multiple of 64.",
                details=f"level {self.level}: {paint.shape[-2]} painted pixels for {pixels}",
            )
        return paint

    def _masked(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """As `_biased`, for laws whose bias is A times one number for each sample: `[rows, heads, N, d]`.

        One product finds that number, then one fused attention takes all rows. Each pixel's largest bias is subtracted
        from all of its own, which the softmax does not see: half precision is finest where the attention is.
        """
        run, tokens = self.run, keys.shape[2]
        rows, wide, factor = run.rows, self.wide, run.law.factor
        assert wide is not None and factor is not None and isinstance(rows, slice), "the control saw to it"
        pushed, mask = self._fitting(run.pushed[self.level], query.shape[2]), run.masks[self.level]
        scores = products(query[rows], wide[rows])
        number = factor(scores[..., : tokens if run.present is None else run.present])
        if run.keys is None:
            torch.mul(pushed, number, out=mask[rows])
        else:
            token_bias = run.keys[self.level][rows]
            mask[rows][..., :tokens].copy_(torch.addcmul(token_bias, pushed[..., :tokens], number.float()))
        mask = mask[..., :tokens]
        if run.tap is not None:
            self._record(run.tap, query[rows], keys[rows], scores[..., :tokens], mask[rows])
        return F.scaled_dot_product_attention(query, keys, values, attn_mask=mask)

    def _biased(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Return softmax(QK'/sqrt(d) + bias)V `[rows, N, heads * d]`, with the bias on conditional rows only."""
        run = self.run
        batch, heads, pixels, width = query.shape
        paint = self._fitting(run.paint[self.level], pixels)
        # Small layers are bound by kernel launches, not arithmetic: there all rows take the materialised path together.
        together = isinstance(run.rows, slice) and batch * heads * pixels * keys.shape[2] <= _SMALL
        rows: slice | Tensor = slice(0, batch) if together else run.rows
        inner = query[rows]
        samples = inner.shape[0]
        scores = scaled_scores(inner, keys[rows])
        painted = scores[run.rows] if together else scores
        # Padding tokens are not part of the prompt: the law must not see them.
        read = painted[..., : run.present]
        kept = self._kept_shares(painted) if run.styles is not None and run.acts else None
        # Recorded without the paint's bias: it shows where a word went, not how hard it was pushed.
        as_it_is = run.tap is None or getattr(run.tap, "as_painted", False)
        unpushed = self._unpushed_shares(painted) if run.acts and not as_it_is else None
        if run.acts:
            # Detached: gradients are taken through the attention, not through the law.
            read.add_(run.law.bias(read.detach(), paint[..., : run.present], run.gain))
        if kept is not None:
            painted.index_fill_(-1, run.styles, -torch.inf)
        token_bias = self._token_bias(torch.float32, rows)
        if token_bias is not None:
            scores.add_(token_bias)
        shares = torch.softmax(scores, dim=-1)
        if kept is not None:
            # Paint redistributes attention among the text's tokens only; style tokens keep the share they had.
            divided = shares[run.rows] if together else shares
            divided.mul_(1.0 - kept.sum(dim=-1, keepdim=True)).index_copy_(-1, run.styles, kept)
        if run.tap is not None:
            seen = shares[run.rows] if together else shares
            run.tap.add(self.level, seen if unpushed is None else unpushed)
        out = self._gather(shares.to(query.dtype), values[rows]).transpose(1, 2)
        if samples < batch:
            joined = out.new_empty(batch, pixels, heads, width)
            joined[run.rows] = out
            outer = F.scaled_dot_product_attention(
                query[run.others],
                keys[run.others],
                values[run.others],
                attn_mask=self._token_bias(query.dtype, run.others),
            )
            joined[run.others] = outer.transpose(1, 2)
            out = joined
        return out.reshape(batch, pixels, heads * width)

    def _gather(self, shares: Tensor, values: Tensor) -> Tensor:
        """Return the attention-weighted sum `[samples, heads, N, d]` of values `[samples, heads, T, d]`."""
        samples, heads, pixels, tokens = shares.shape
        out = torch.bmm(shares.view(samples * heads, pixels, tokens), values.reshape(samples * heads, tokens, -1))
        return out.view(samples, heads, pixels, -1)
