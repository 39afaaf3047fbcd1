"""Joint attention with paint in one kernel over the whole sequence: torch's FlexAttention, which Triton compiles.

Two kernels a layer. The first takes the image cells' queries to the text's keys and gives each row's largest score, of
which the law makes its number; its values are the first sixteen columns of the real ones, as narrow as a kernel takes
them, and what it gathers of them is thrown away. The second is the attention of all queries to all keys, in which a
score of a painted cell and token gets A times the number as it is made. Nothing of the length of the sequence squared
is written, nor scores of cells x tokens.

A is kept as one column for each token that is painted anywhere, so that all heads find it in the GPU's cache, and a
list that tells each key its column; column 0 is nothing. What is compiled holds for other lengths after the second.

The figures of `joint_forms` count each kernel as reading what it is given once and writing what it gives once, as they
do for fused attention. By that the least that any road can move, which reads cells' queries and the text's keys once
more for the law's number before it can push, is 1.25 times a plain one.

No GPU has timed this here. So it is tried where it would be used, at the first painted layer of each size: it has to
give what the other road gives and to be no slower, or that other road is taken (`Trials`). Where it does not compile,
it is left for as long as the program runs, and the log says so once. `TransformerControl.kernel` forces either.
"""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.attention.laws import Law
from engine.attention.processor import AttentionRecorder
from engine.attention.token_layout import TokenLayout
from engine.errors import EngineError

_log = logging.getLogger(__name__)

NARROW = 16
"""The fewest columns of values that the kernels are made for."""

_COLUMNS = 16
"""The paint's columns are filled up to multiples of so many, so that few numbers of them are compiled for."""

_APART, _SLOWER = 0.1, 1.15
"""How far the kernel's output may be from the other road's, as a share of its length, which rounding in half precision
stays far below; and how many times its time it may take."""

_RUNS = 3

_FORMS = 64
"""How many compiled forms of a kernel are kept: for models of other heads, widths, number formats and batches."""


@dataclass(frozen=True, eq=False)
class Columns:
    """A run's paint: `paint` is float32 `[rows or 1, N, C]`, whose column 0 is 0; `which` is int32 `[T]`."""

    paint: Tensor
    which: Tensor
    _spread: dict[Hashable, Columns] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, paint: Tensor, device: torch.device) -> Columns:
        """Those of A, `[rows or 1, N, T]`, on that device. Waits for the one on which A lies."""
        kept = (paint != 0).any(dim=1).any(dim=0).nonzero()[:, 0]
        which = torch.zeros(paint.shape[-1], dtype=torch.int32, device=paint.device)
        which[kept] = torch.arange(1, len(kept) + 1, dtype=torch.int32, device=paint.device)
        wide = -(-(1 + len(kept)) // _COLUMNS) * _COLUMNS
        columns = F.pad(paint[..., kept], (1, wide - 1 - len(kept)))
        return cls(columns.to(device, torch.float32), which.to(device))

    def spread(self, rows: int, queries: tuple[int, int], keys: tuple[int, int]) -> Columns:
        """The same for so many rows of a batch, with so many unpainted queries and keys before and behind its own."""
        size = (rows, queries, keys)
        if size not in self._spread:
            paint = F.pad(self.paint, (0, 0, *queries)).expand(rows, -1, -1).contiguous()
            self._spread[size] = Columns(paint, F.pad(self.which, keys))
        return self._spread[size]


def largest_scores(query: Tensor, key: Tensor, value: Tensor, scale: float | None = None) -> Tensor:
    """The largest scaled score of each row, float32 `[B, heads, N, 1]`; `value` only has to be there.

    Args:
        query: `[B, heads, N, d]`. key, value: `[B, heads or fewer, T, d]`.
    """
    return _compiled(_largest)(query, key, value[..., :NARROW], scale, _fewer(query, key))[..., None].float()


def gathered(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    columns: Columns,
    number: Tensor,
    mask: Tensor | None = None,
    scale: float | None = None,
) -> Tensor:
    """What all queries gather, `[B, heads, Q, v]`, with A times the number added to the scores.

    Args:
        query: `[B, heads, Q, d]`. key, value: `[B, heads or fewer, S, d or v]`.
        columns: spread over these queries and keys. number: of the law, `[B, heads or 1, 1, 1]`.
        mask: the model's own, bool or added: `[B or 1, S]`, `[B or 1, Q or 1, S]` or `[B or 1, heads or 1, Q or 1, S]`.
        scale: of the scores; by default 1 / sqrt(d).
    """
    rows, heads = query.shape[:2]
    numbers = number.float()[:, :, 0, 0].expand(rows, heads).contiguous()
    if mask is not None:
        while mask.ndim < 4:
            mask = mask.unsqueeze(1)
        mask = mask.expand(rows, heads, query.shape[2], key.shape[2])
    given = (query, key, value, columns.paint, columns.which, numbers)
    return _compiled(_pushed if mask is None else _pushed_and_masked)(*given, mask, scale, _fewer(query, key))


def _fewer(query: Tensor, key: Tensor) -> bool:
    return query.shape[1] != key.shape[1]


# Each function has a store of compiled forms of its own, of which torch keeps a handful.


def _largest(query: Tensor, key: Tensor, value: Tensor, scale: float | None, fewer: bool) -> Tensor:
    from torch.nn.attention.flex_attention import AuxRequest, flex_attention

    asked = AuxRequest(max_scores=True)
    return flex_attention(query, key, value, scale=scale, enable_gqa=fewer, return_aux=asked)[1].max_scores


def _pushed(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    paint: Tensor,
    which: Tensor,
    numbers: Tensor,
    mask: None,
    scale: float | None,
    fewer: bool,
) -> Tensor:
    from torch.nn.attention.flex_attention import flex_attention

    def change(score: Tensor, row: Tensor, head: Tensor, place: Tensor, read: Tensor) -> Tensor:
        return score + paint[row, place, which[read]] * numbers[row, head]

    return flex_attention(query, key, value, score_mod=change, scale=scale, enable_gqa=fewer)


def _pushed_and_masked(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    paint: Tensor,
    which: Tensor,
    numbers: Tensor,
    mask: Tensor,
    scale: float | None,
    fewer: bool,
) -> Tensor:
    from torch.nn.attention.flex_attention import flex_attention

    hides = mask.dtype == torch.bool

    def change(score: Tensor, row: Tensor, head: Tensor, place: Tensor, read: Tensor) -> Tensor:
        pushed = score + paint[row, place, which[read]] * numbers[row, head]
        own = mask[row, head, place, read]
        return torch.where(own, pushed, -torch.inf) if hides else pushed + own

    return flex_attention(query, key, value, score_mod=change, scale=scale, enable_gqa=fewer)


@cache
def _compiled(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    # Of a whole graph only: where torch gives up compiling, it would write all scores instead of saying so.
    kept: dict[str, Any] = {}
    if "recompile_limit" in inspect.signature(torch.compile).parameters:
        kept["recompile_limit"] = _FORMS
    return torch.compile(function, fullgraph=True, **kept)


@dataclass(frozen=True, kw_only=True, eq=False)
class PaintedCall:
    """The call of one layer.

    Attributes:
        query: `[B, heads, Q, d]`. key, value: `[B, heads or fewer, S, d]`. layout: where cells and tokens are in them.
        law: one with `of_rows`. gain: of the law, float32 `[]`. seen: the tokens that the law sees.
        columns: the paint. mask, scale: see `gathered`.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    layout: TokenLayout
    law: Law
    gain: Tensor
    seen: slice | Tensor
    columns: Columns
    mask: Tensor | None
    scale: float | None

    @property
    def size(self) -> Hashable:
        """What the kernels are compiled for, and a trial holds for."""
        masked = None if self.mask is None else (self.mask.ndim, self.mask.dtype)
        return tuple(self.query.shape), tuple(self.key.shape), self.query.dtype, str(self.query.device), masked

    def number(self) -> Tensor:
        """By which A is multiplied, float32 `[B, 1 or heads, 1, 1]`."""
        assert self.law.of_rows is not None, "laws without one take the other road"
        text = slice(*self.layout.text)
        read, narrow = self.key[:, :, text][:, :, self.seen], self.value[:, :, text, :NARROW][:, :, self.seen]
        cells = self.query[:, :, slice(*self.layout.image)]
        return self.law.of_rows(largest_scores(cells, read, narrow, self.scale)) * self.gain

    def output(self, number: Tensor) -> Tensor:
        """What all queries gather, `[B, Q, heads, d]`."""
        layout, length = self.layout, self.key.shape[2]
        around = (layout.image[0], self.query.shape[2] - layout.image[1])
        columns = self.columns.spread(len(self.query), around, (layout.text[0], length - layout.text[1]))
        out = gathered(self.query, self.key, self.value, columns, number, self.mask, self.scale)
        return out.transpose(1, 2)

    def drawn(self, words: Tensor, number: Tensor) -> Tensor:
        """What the words get of the cells' attention to the text, `[B, heads, N, W]`; `words` is `[T, W]`."""
        image, text = slice(*self.layout.image), slice(*self.layout.text)
        mask = self.mask
        if mask is not None:
            mask = mask[..., text]
            if mask.ndim > 2 and mask.shape[-2] != 1:
                mask = mask[..., image, :]
        key, columns = self.key[:, :, text], self.columns.spread(len(self.query), (0, 0), (0, 0))
        wide = F.pad(words, (0, max(0, NARROW - words.shape[1]))).to(key.dtype).expand(*key.shape[:2], -1, -1)
        return gathered(self.query[:, :, image], key, wide, columns, number, mask, self.scale)[..., : words.shape[1]]


def attended(
    call: PaintedCall,
    tap: AttentionRecorder | None,
    in_parts: Callable[[AttentionRecorder | None], Tensor],
    how: str,
) -> Tensor:
    """What a painted layer gathers, `[B, Q, heads, d]`, in one kernel or `in_parts`, whichever is better.

    Args:
        tap: records what words draw. in_parts: computes the same on the other road, for a tap or none.
        how: see `TransformerControl.kernel`.
    """
    words = getattr(tap, "columns", None)
    # While a whole network is compiled nothing can be tried.
    automatic = how == "auto"
    if (tap is not None and words is None) or (automatic and torch.compiler.is_compiling()):
        return in_parts(tap)

    def kernel() -> Tensor:
        return call.output(call.number())

    if automatic and not TRIALS.passed(call.size, call.query.device, kernel, lambda: in_parts(None)):
        return in_parts(tap)
    try:
        number = call.number()
        out = call.output(number)
        if tap is not None:
            drawn = call.drawn(words, number if getattr(tap, "as_painted", False) else torch.zeros_like(number))
            tap.add_drawn(0, drawn)  # type: ignore[attr-defined]
        return out
    except Exception as error:
        if not automatic or _is_of_another_kind(error):
            raise
        TRIALS.give_up(error)
        return in_parts(tap)


def _is_of_another_kind(error: Exception) -> bool:
    return isinstance(error, EngineError | MemoryError | torch.OutOfMemoryError) or "out of memory" in str(error)


@dataclass
class Trials:
    """Whether the kernel is used: found out once for each size, on the device itself, against the other road.

    Attributes:
        broken: it failed once, so it is not tried again.
    """

    broken: bool = False
    _passed: dict[Hashable, bool] = field(default_factory=dict)

    def passed(
        self, size: Hashable, device: torch.device, kernel: Callable[[], Tensor], other: Callable[[], Tensor]
    ) -> bool:
        """Whether the kernel compiles, gives what the other road gives, and is not slower than it.

        Args:
            size: what the answer depends on. kernel, other: are called several times where it is not known yet.
        """
        if self.broken:
            return False
        if size not in self._passed:
            try:
                self._passed[size] = self._try(size, device, kernel, other)
            except Exception as error:
                if _is_of_another_kind(error):
                    raise
                self.give_up(error)
                return False
        return self._passed[size]

    def give_up(self, error: Exception) -> None:
        """Use it no more, and say why, once."""
        self.broken = True
        lines = str(error).strip().splitlines() or [type(error).__name__]
        _log.warning("Paint's attention is computed in parts, since its kernel does not work here: %s", lines[0][:300])
        _log.debug("%s", error)

    def _try(
        self, size: Hashable, device: torch.device, kernel: Callable[[], Tensor], other: Callable[[], Tensor]
    ) -> bool:
        known = other().float()
        apart = float((kernel().float() - known).norm() / known.norm().clamp_min(1e-12))
        if not apart <= _APART:  # not a number is no small one
            raise ArithmeticError(f"its output is {apart:.3g} of its length away")
        ours, theirs = _seconds(kernel, device), _seconds(other, device)
        _log.info("Paint's attention, %s: %.2f ms in one kernel, %.2f in parts.", size, ours * 1e3, theirs * 1e3)
        return ours <= _SLOWER * theirs


def _seconds(call: Callable[[], Tensor], device: torch.device) -> float:
    best = float("inf")
    for _ in range(_RUNS):
        _wait(device)
        began = time.perf_counter()
        call()
        _wait(device)
        best = min(best, time.perf_counter() - began)
    return best


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


TRIALS = Trials()
"""Of this program."""
