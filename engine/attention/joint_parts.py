"""Joint or cross-attention with paint in parts: image cells to the text with a bias, to all else without, merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.attention.control import prefers_mask
from engine.attention.laws import LAWS, Law
from engine.attention.processor import AttentionRecorder, products
from engine.attention.split_softmax import (
    aligned,
    check_rest,
    image_over_all,
    masked,
    spread_heads,
    text_scores,
    without,
)
from engine.attention.token_layout import TokenLayout

if TYPE_CHECKING:
    from engine.attention.joint_forms import JointForm
    from engine.attention.joint_kernel import Columns
    from engine.attention.transformer_control import BiasPlacement


@dataclass
class Run:
    """What the painted layers of a transformer share during a run.

    Attributes:
        seen: positions of the context's tokens that are the prompt's own and not filling; the law sees these only.
        steady: of a network that is compiled as a whole, see `TransformerControl`.
        columns: the paint for the kernel, where that may be used.
    """

    layout: TokenLayout | None = None
    rows: slice = field(default_factory=lambda: slice(0, 0))
    law: Law = LAWS["none"]
    gain: Tensor = field(default_factory=lambda: torch.zeros(()))
    acts: bool = False
    biased: bool = False
    paint: Tensor | None = None
    whole: Tensor | None = None
    columns: Columns | None = None
    seen: slice | Tensor = field(default_factory=lambda: slice(None))
    tap: AttentionRecorder | None = None
    paused: bool = False
    placement: BiasPlacement | None = None
    chosen: frozenset[str] = frozenset()
    steady: bool = False


def shares(inner: list[Tensor], mask: Tensor | None, scale: float | None, layout: TokenLayout) -> Tensor:
    """The shares of what each cell draws from the text, float32 `[rows, heads, N, T]`, without paint."""
    query, key = (each.transpose(1, 2) for each in inner[:2])
    read = spread_heads(key[:, :, slice(*layout.text)], query.shape[1])
    scores = text_scores(query[:, :, slice(*layout.image)], read, scale=scale)
    return torch.softmax(masked(scores, mask, layout), dim=-1)


def in_parts(
    run: Run,
    form: JointForm,
    inner: list[Tensor],
    stock: Any,
    mask: Tensor | None,
    rest: dict[str, Any],
    layout: TokenLayout,
    tap: AttentionRecorder | None,
) -> Tensor:
    """What the conditional rows gather, `[rows, length, heads, d]`, with the bias.

    Image cells' queries go to the text and to all else, and the rest's queries to the stock call.

    Args:
        form: one of `joint_forms`, for devices. inner: queries, keys and values `[rows, length, heads, d]`.
        stock: the layer's own attention, of the same. mask: the model's own. rest: all that the layer gave it.
    """
    query, key, value = (each.transpose(1, 2) for each in inner)
    heads, image, text = query.shape[1], slice(*layout.image), slice(*layout.text)
    key, value = spread_heads(key, heads), spread_heads(value, heads)
    assert run.paint is not None, "the biased path has paint"
    paint = run.paint

    def bias(scores: Tensor) -> Tensor:
        as_painted = getattr(tap, "as_painted", False)
        if tap is not None and not as_painted:
            # What the text asks for where no paint pushes: evidence of where a word went.
            tap.add(0, torch.softmax(masked(scores, mask, layout), dim=-1))
        read = scores[..., run.seen]
        if run.steady:
            assert run.whole is not None and run.law.factor is not None, "such runs alone are compiled"
            return pushed_by(scores.add_(run.whole * (run.law.factor(read).float() * run.gain)))
        added = run.law.bias(read, paint, run.gain)
        if isinstance(run.seen, slice):
            read.add_(added)
        else:
            scores.index_add_(-1, run.seen, added.expand_as(read).contiguous())
        return pushed_by(scores)

    def pushed_by(scores: Tensor) -> Tensor:
        pushed = masked(scores, mask, layout)
        if tap is not None and getattr(tap, "as_painted", False):
            tap.add(0, torch.softmax(pushed, dim=-1))
        return pushed

    others = None
    if not layout.cross:
        others = tuple(without(each, text) for each in (key, value))
        if mask is not None:
            check_rest(mask, layout)
    cells, scale = query[:, :, image], rest.get("scale")
    fused = None if mask is not None or layout.cross else _fused(run, form, cells, key, value, text, scale, tap)
    if fused is None:
        fused = image_over_all(cells, (key[:, :, text], value[:, :, text]), others, bias, scale=scale)
    out = fused.transpose(1, 2)
    if layout.cells == query.shape[2]:
        return out
    # Text, and what only fills the image up, looks as it always did.
    whole = out.new_empty(len(out), query.shape[2], *out.shape[2:])
    whole[:, image] = out
    for part in (slice(0, layout.image[0]), slice(layout.image[1], query.shape[2])):
        if part.start < part.stop:
            own = {**rest, "attn_mask": mask}
            whole[:, part] = stock(inner[0][:, part], inner[1], inner[2], **own)
    return whole


def _fused(
    run: Run,
    form: JointForm,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    text: slice,
    scale: float | None,
    tap: AttentionRecorder | None,
) -> Tensor | None:
    """What image cells gather with the bias in a mask, and no scores in float32; None where that cannot be."""
    columns = getattr(tap, "columns", None)
    if not prefers_mask(query.device) or run.law.factor is None or (tap is not None and columns is None):
        return None
    assert run.whole is not None, "the biased path has paint"
    read = key[:, :, text]
    scores = products(query, read)[..., run.seen]
    likened = 1.0 if scale is None else scale * query.shape[-1] ** 0.5
    number = run.law.factor(scores).float() * (run.gain * likened)
    if columns is not None:
        pushed = aligned(run.whole * number, query.dtype) if getattr(tap, "as_painted", False) else None
        words = columns.to(query.dtype).expand(*read.shape[:2], -1, -1)
        drawn = F.scaled_dot_product_attention(query, read, words, attn_mask=pushed, scale=scale)
        tap.add_drawn(0, drawn)  # type: ignore[union-attr]
    return form(query, key, value, text, run.whole, number, scale)
