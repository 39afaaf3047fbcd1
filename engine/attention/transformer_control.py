"""The adapter of transformers: paint on the image-query x text-key block of joint or cross-attention layers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.control import NEGLIGIBLE, prefers_mask
from engine.attention.interception import Attend, intercepted
from engine.attention.joint_forms import JointForm, aligned, by_split, without
from engine.attention.laws import LAWS, Law, find_law
from engine.attention.masks import Paint
from engine.attention.processor import AttentionRecorder, products
from engine.attention.split_softmax import image_over_all, spread_heads, text_scores
from engine.attention.static_buffers import StaticBuffers
from engine.attention.token_layout import TokenLayout, places_of, rows_of
from engine.errors import InternalError, UnsupportedModel


class BiasPlacement(Protocol):
    """Where a law's bias acts; `engine.attention.placement` has them."""

    @property
    def both(self) -> bool:
        """Whether `looking_back` gives what text tokens gather."""

    def layers(self, paths: Sequence[str]) -> frozenset[str]:
        """Which of the painted layers take the bias."""

    def looking_back(self, query: Tensor, key: Tensor, value: Tensor, **run: Any) -> Tensor:
        """What text tokens gather, `[B, T, heads, d]`, of queries, keys and values `[B, length, heads, d]`."""


PLACEMENT: ContextVar[BiasPlacement | None] = ContextVar("placement", default=None)
"""Where the bias acts in runs that begin now; None is all layers and image cells' queries. See `placement`."""


class AttentionAdapter(Protocol):
    """How paint gets into a denoiser: `begin` for each run, `set_step` before each call, `end`, `uninstall`.

    There are two kinds: `AttentionControl` for UNets, which keeps the text's keys and values, and `TransformerControl`.

    Attributes:
        levels: number of resolution levels; a transformer has one, its grid of cells.
        layers: how many painted layers each level has.
    """

    layers: Counter[int]
    levels: int

    def set_step(self, *, sigma: float, fraction: float = 0.5) -> None:
        """Tell the noise level (eDiff-I's sigma) and the place in the schedule of the next call."""

    def end(self) -> None:
        """End the run: the denoiser computes its stock attention again."""

    def check(self) -> None:
        """Make sure that paint still gets in; raises InternalError."""

    def uninstall(self) -> None:
        """Give the denoiser back as it was."""


@dataclass
class _Run:
    """What the layers share during a run.

    Attributes:
        seen: positions of the context's tokens that are the prompt's own and not filling; the law sees these only.
    """

    layout: TokenLayout | None = None
    rows: slice = field(default_factory=lambda: slice(0, 0))
    law: Law = LAWS["none"]
    gain: Tensor = field(default_factory=lambda: torch.zeros(()))
    acts: bool = False
    biased: bool = False
    paint: Tensor | None = None
    whole: Tensor | None = None
    seen: slice | Tensor = field(default_factory=lambda: slice(None))
    tap: AttentionRecorder | None = None
    paused: bool = False
    placement: BiasPlacement | None = None
    chosen: frozenset[str] = frozenset()


class TransformerControl:
    """Steers the paint of one transformer; see `AttentionAdapter`.

    Args:
        network: a diffusers transformer whose attention layers have processors.
        painted: regular expressions of the module paths of the attention layers that take paint, whole paths.

    Attributes:
        form: how a device computes joint attention with paint, one of `engine.attention.joint_forms`.
        steady: for a compiled network: the biased path is taken even where the bias is nothing, whichever of the
            context's positions are the prompt's own; for laws with a `factor`. buffers: what it reads then.

    Raises:
        UnsupportedModel: no layer is named so, or one's processor is of a kind that is not known.
    """

    def __init__(self, network: nn.Module, painted: Sequence[str]) -> None:
        self._run = _Run()
        self.form: JointForm = by_split
        self.steady, self.buffers = False, StaticBuffers()
        self._stock: dict[str, Any] = {}
        self._ours: dict[str, Any] = {}
        self._modules: dict[str, Any] = {}
        self._paint: Paint | None = None
        self._active: tuple[int, ...] | None = None
        self._weight, self._force, self._reach = 0.0, False, 0.0
        self._device = torch.device("cpu")
        self._instead: Attend | None = None
        patterns = [re.compile(each) for each in painted]
        for path, module in network.named_modules():
            if any(each.fullmatch(path) for each in patterns):
                self._modules[path] = module
        if not self._modules:
            raise UnsupportedModel("This model has no attention to paint in.", hint="Choose another model.")
        for path, module in self._modules.items():
            self._stock[path] = module.processor
            self._ours[path] = intercepted(module.processor, partial(self._attend, path))
        for path, module in self._modules.items():
            module.set_processor(self._ours[path])
        self.layers: Counter[int] = Counter({0: len(self._modules)})
        self.levels = 1

    def begin(
        self,
        *,
        layout: TokenLayout,
        rows: slice,
        device: torch.device,
        paint: Paint | Tensor | None = None,
        law: str = "default",
        paint_weight: float = 0.0,
        seen: Sequence[int] | None = None,
        tap: AttentionRecorder | None = None,
        force: bool = False,
    ) -> None:
        """Start a run.

        Args:
            layout: where cells and tokens stand. rows: the conditional ones, which the paint acts on.
            paint: a `Paint` of one level, the grid of cells; or A itself, `[N, T]` or `[rows, N, T]`.
            law, paint_weight: see `AttentionControl.begin`.
            seen: the context's positions that are the prompt's own and not filling, rising; None is all. The law's
                maximum is theirs alone.
            tap: gathers the words' attention, as shares of what a cell draws from the text.
            force: take the biased path even where the bias is nothing.

        Raises:
            BadRequest: no such law. InternalError: the processors were replaced, or the paint does not fit.
        """
        self.check()
        run = self._run
        run.layout, run.rows, run.law, run.tap = layout, rows, find_law(law), tap
        run.seen = places_of(seen, device)
        if self.steady:
            run.seen = self._steadied(run.seen, layout.tokens, device)
        run.placement = PLACEMENT.get()
        if run.placement is not None:
            run.chosen = run.placement.layers(tuple(self._modules))
        if run.gain.device != device:
            run.gain = torch.zeros((), device=device)
        run.acts = run.biased = False
        self._weight, self._force, self._active, self._device = paint_weight, force or self.steady, None, device
        self._paint = paint if isinstance(paint, Paint) else None
        self._load(paint if isinstance(paint, Tensor) else None)

    def set_step(self, *, sigma: float, fraction: float = 0.5) -> None:
        """Tell the noise level and the place in the schedule of the next call, see `AttentionControl.set_step`.

        A flow's sigma is s / (1 - s), s its time 0..1.
        """
        run = self._run
        if self._paint is not None:
            active = self._paint.active(fraction)
            if active != self._active:
                self._active = active
                self._load(torch.from_numpy(self._paint.matrices(active)[0]))
        gain = run.law.gain(self._weight, sigma, fraction)
        run.gain.fill_(gain)
        run.acts = gain != 0.0
        run.biased = run.paint is not None and (abs(gain) * self._reach > NEGLIGIBLE or self._force)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """In here the network computes its stock attention: a call without conditional rows."""
        self._run.paused = True
        try:
            yield
        finally:
            self._run.paused = False

    def is_paused(self) -> bool:
        """Whether a call without conditional rows is on, see `paused`."""
        return self._run.paused

    @contextmanager
    def attended_by(self, instead: Attend) -> Iterator[None]:
        """In here `instead(path, stock, query, key, value, **rest)` computes the painted layers' attention."""
        self._instead = instead
        try:
            yield
        finally:
            self._instead = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The module paths of the painted layers, in the network's order."""
        return tuple(self._modules)

    def end(self) -> None:
        """End the run: forget its tensors; the network computes its stock attention again."""
        run = self._run
        run.layout, run.paint, run.whole, run.tap, run.biased = None, None, None, None, False
        self._paint = None

    def check(self) -> None:
        """Make sure that our processors are still in place.

        Raises:
            InternalError: diffusers or an extension replaced one; the paint would silently do nothing.
        """
        for path, module in self._modules.items():
            if module.processor is not self._ours[path]:
                raise InternalError(
                    "The model's attention was changed while it was in use, so paint would have no effect.",
                    hint="Load the model again.",
                    details=f"{path}: {type(module.processor).__name__}",
                )

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """In here every layer has the processor that it came with, whatever the run."""
        for path, module in self._modules.items():
            module.set_processor(self._stock[path])
        try:
            yield
        finally:
            for path, module in self._modules.items():
                module.set_processor(self._ours[path])

    def uninstall(self) -> None:
        """Give every layer the very processor object back that it had."""
        self.end()
        for path, module in self._modules.items():
            module.set_processor(self._stock[path])

    def _load(self, matrix: Tensor | None) -> None:
        layout, run = self._run.layout, self._run
        if matrix is None or layout is None:
            run.paint, run.whole, self._reach = None, None, 0.0
            return
        if matrix.shape[-2:] != (layout.cells, layout.tokens):
            raise InternalError(
                "The paint does not fit the prompt or the picture.",
                hint="Please report this.",
                details=f"{list(matrix.shape)} for {layout.cells} cells and {layout.tokens} tokens",
            )
        self._reach = float(matrix.abs().amax()) if matrix.numel() else 0.0
        whole = matrix.to(device=self._device, dtype=torch.float32)
        if self.steady:
            whole = self.buffers.write("A", whole, dtype=whole.dtype, device=self._device)
        run.whole = (whole[None] if whole.ndim == 2 else whole)[:, None]
        run.paint = run.whole[..., run.seen]

    def _steadied(self, seen: slice | Tensor, tokens: int, device: torch.device) -> Tensor:
        """The same places as an index of the text's length: the last one again and again fills it up."""
        places = torch.arange(tokens, device=device)[seen]
        index = places[torch.arange(tokens, device=device).clamp_max(len(places) - 1)]
        return self.buffers.write("seen", index, dtype=index.dtype, device=device)

    @property
    def replaced(self) -> dict[Any, Any]:
        """The processors that were there before, by those that are there now."""
        return {self._ours[path]: stock for path, stock in self._stock.items()}

    def meets(self, key: Tensor) -> bool:
        """Whether a call with these keys `[rows, length, heads, d]` is one in which image cells ask the run's text."""
        layout = self._run.layout
        if layout is None or self._run.paused:
            return False
        return not layout.apart or key.shape[1] == layout.tokens + layout.cells

    def _attend(self, path: str, stock: Any, query: Tensor, key: Tensor, value: Tensor, **rest: Any) -> Tensor:
        """What a layer gathers, `[rows, length, heads, d]`; `rest` as diffusers' attention dispatch takes it."""
        if self._instead is not None:
            return self._instead(path, stock, query, key, value, **rest)
        run, layout = self._run, self._run.layout
        biased = run.biased and (run.placement is None or path in run.chosen)
        if layout is None or not self.meets(key) or not (biased or run.tap is not None):
            return stock(query, key, value, **rest)
        wanted = layout.image[1] if layout.cross or layout.apart else max(layout.image[1], layout.text[1])
        if query.shape[1] < wanted or key.shape[1] < layout.text[1]:
            raise InternalError(
                "The model was given another text or picture than the one the paint belongs to.",
                hint="Please report this.",
                details=f"{path}: {query.shape[1]} queries and {key.shape[1]} keys for {layout}",
            )
        mask = rest.get("attn_mask")
        ours = rows_of(mask, run.rows, len(query))
        inner = [each[run.rows] for each in (query, key, value)]
        out = self._painted(inner, stock, ours, rest, layout) if biased else None
        if out is None:
            whole = stock(query, key, value, **rest)
        elif len(inner[0]) == len(query):
            whole = out
        else:
            whole = out.new_empty(len(query), *out.shape[1:])
            whole[run.rows] = out
            for part in (slice(0, run.rows.start), slice(run.rows.stop, len(query))):
                if part.start < part.stop:
                    own = {**rest, "attn_mask": rows_of(mask, part, len(query))}
                    whole[part] = stock(query[part], key[part], value[part], **own)
        if run.tap is not None and not biased:
            run.tap.add(0, self._shares(inner, ours, rest.get("scale"), layout))
        return whole

    def _shares(self, inner: list[Tensor], mask: Tensor | None, scale: float | None, layout: TokenLayout) -> Tensor:
        query, key = (each.transpose(1, 2) for each in inner[:2])
        read = spread_heads(key[:, :, slice(*layout.text)], query.shape[1])
        scores = text_scores(query[:, :, slice(*layout.image)], read, scale=scale)
        return torch.softmax(_masked(scores, mask, layout), dim=-1)

    def _painted(
        self, inner: list[Tensor], stock: Any, mask: Tensor | None, rest: dict[str, Any], layout: TokenLayout
    ) -> Tensor:
        """The conditional rows' output with the bias."""
        run = self._run
        query, key, value = (each.transpose(1, 2) for each in inner)
        heads, image, text = query.shape[1], slice(*layout.image), slice(*layout.text)
        key, value = spread_heads(key, heads), spread_heads(value, heads)
        assert run.paint is not None, "the biased path has paint"
        paint = run.paint

        def bias(scores: Tensor) -> Tensor:
            as_painted = getattr(run.tap, "as_painted", False)
            if run.tap is not None and not as_painted:
                # What the text asks for where no paint pushes: evidence of where a word went.
                run.tap.add(0, torch.softmax(_masked(scores, mask, layout), dim=-1))
            read = scores[..., run.seen]
            if self.steady:
                assert run.whole is not None and run.law.factor is not None, "such runs alone are compiled"
                return pushed_by(scores.add_(run.whole * (run.law.factor(read).float() * run.gain)))
            added = run.law.bias(read, paint, run.gain)
            if isinstance(run.seen, slice):
                read.add_(added)
            else:
                scores.index_add_(-1, run.seen, added.expand_as(read).contiguous())
            return pushed_by(scores)

        def pushed_by(scores: Tensor) -> Tensor:
            pushed = _masked(scores, mask, layout)
            if run.tap is not None and getattr(run.tap, "as_painted", False):
                run.tap.add(0, torch.softmax(pushed, dim=-1))
            return pushed

        others = None
        if not layout.cross:
            others = tuple(without(each, text) for each in (key, value))
            if mask is not None:
                _check_rest(mask, layout)
        cells, scale = query[:, :, image], rest.get("scale")
        fused = None if mask is not None or layout.cross else self._fused(cells, key, value, text, scale)
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
        if run.placement is not None and run.placement.both:
            whole[:, text] = run.placement.looking_back(
                *inner, layout=layout, law=run.law, paint=paint, gain=run.gain, seen=run.seen, mask=mask, scale=scale
            )
        return whole

    def _fused(self, query: Tensor, key: Tensor, value: Tensor, text: slice, scale: float | None) -> Tensor | None:
        """What image cells gather with the bias in a mask, and no scores in float32; None where that cannot be."""
        run = self._run
        columns = getattr(run.tap, "columns", None)
        if not prefers_mask(query.device) or run.law.factor is None or (run.tap is not None and columns is None):
            return None
        assert run.whole is not None, "the biased path has paint"
        read = key[:, :, text]
        scores = products(query, read)[..., run.seen]
        likened = 1.0 if scale is None else scale * query.shape[-1] ** 0.5
        number = run.law.factor(scores).float() * (run.gain * likened)
        if columns is not None:
            pushed = aligned(run.whole * number, query.dtype) if getattr(run.tap, "as_painted", False) else None
            words = columns.to(query.dtype).expand(*read.shape[:2], -1, -1)
            drawn = F.scaled_dot_product_attention(query, read, words, attn_mask=pushed, scale=scale)
            run.tap.add_drawn(0, drawn)  # type: ignore[union-attr]
        return self.form(query, key, value, text, run.whole, number, scale)


def _masked(scores: Tensor, mask: Tensor | None, layout: TokenLayout) -> Tensor:
    """Scores `[B, heads, N, T]` with the model's own mask, bool or added: `[B, S]`, `[B, queries, S]` or
    `[B, heads, queries, S]`, in which heads and queries may be 1."""
    if mask is None:
        return scores
    part = mask[..., slice(*layout.text)]
    while part.ndim < 4:
        part = part.unsqueeze(1)
    if part.shape[2] not in (1, scores.shape[2]):
        part = part[:, :, slice(*layout.image)]
    return scores.masked_fill(~part, -torch.inf) if part.dtype == torch.bool else scores + part


def _check_rest(mask: Tensor, layout: TokenLayout) -> None:
    if mask.ndim == 4 and mask.shape[2] != 1:
        raise InternalError(
            "Paint was applied to an attention layer of a kind that Wordbrush does not know.",
            hint="Choose another model, and please report this one.",
            details=f"a mask {list(mask.shape)} for {layout}",
        )
