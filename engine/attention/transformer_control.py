"""The adapter of transformers: paint on the image-query x text-key block of joint or cross-attention layers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn

from engine.attention.control import NEGLIGIBLE
from engine.attention.interception import Attend, intercepted
from engine.attention.joint_forms import JointForm, by_split, fuses
from engine.attention.joint_parts import Run, in_parts, shares
from engine.attention.laws import find_law
from engine.attention.masks import Paint
from engine.attention.processor import AttentionRecorder
from engine.attention.static_buffers import StaticBuffers
from engine.attention.token_layout import TokenLayout, places_of, rows_of
from engine.errors import InternalError, UnsupportedModel

Beside = Callable[[Tensor, Tensor, float | None, TokenLayout], None]
"""`(query, key, scale, layout)`, see `TransformerControl.watched_by`."""


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


class TransformerControl:
    """Steers the paint of one transformer; see `AttentionAdapter`.

    Args:
        network: a diffusers transformer whose attention layers have processors.
        painted: regular expressions of the module paths of the attention layers that take paint, whole paths.

    Attributes:
        form: how a device computes joint attention with paint in parts, one of `engine.attention.joint_forms`.
        kernel: whether all of it is computed in one kernel where there is Triton (`engine.attention.joint_kernel`):
            "auto" finds out for each size, "always" raises what goes wrong, "never".
        steady: for a compiled network: the biased path is taken even where the bias is nothing, whichever of the
            context's positions are the prompt's own; for laws with a `factor`. buffers: what it reads then.

    Raises:
        UnsupportedModel: no layer is named so, or one's processor is of a kind that is not known.
    """

    def __init__(self, network: nn.Module, painted: Sequence[str]) -> None:
        self._run = Run()
        self.form: JointForm = by_split
        self.kernel: Literal["auto", "always", "never"] = "auto"
        self.steady, self.buffers = False, StaticBuffers()
        self._stock: dict[str, Any] = {}
        self._ours: dict[str, Any] = {}
        self._modules: dict[str, Any] = {}
        self._paint: Paint | None = None
        self._active: tuple[int, ...] | None = None
        self._weight, self._force, self._reach = 0.0, False, 0.0
        self._device = torch.device("cpu")
        self._instead: Attend | None = None
        self._beside: Beside | None = None
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
        run.acts, run.biased, run.steady = False, False, self.steady
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

    @contextmanager
    def watched_by(self, beside: Beside) -> Iterator[None]:
        """In here `beside(query, key, scale, layout)` hears of each painted layer's call too: the conditional rows,
        `[rows, length, heads, d]`."""
        self._beside = beside
        try:
            yield
        finally:
            self._beside = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The module paths of the painted layers, in the network's order."""
        return tuple(self._modules)

    def end(self) -> None:
        """End the run: forget its tensors; the network computes its stock attention again."""
        run = self._run
        run.layout, run.paint, run.whole, run.columns, run.tap, run.biased = None, None, None, None, None, False
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
            run.paint, run.whole, run.columns, self._reach = None, None, None, 0.0
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
        run.columns = None
        # A network that is compiled as a whole has its paint in buffers, of the same size whatever is painted.
        if self.kernel != "never" and not self.steady and run.law.of_rows is not None and fuses(self._device):
            from engine.attention.joint_kernel import Columns

            run.columns = Columns.of(matrix[None] if matrix.ndim == 2 else matrix, self._device)

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
                "The model was given a different text or picture from the one the paint belongs to.",
                hint="Please report this.",
                details=f"{path}: {query.shape[1]} queries and {key.shape[1]} keys for {layout}",
            )
        mask = rest.get("attn_mask")
        ours = rows_of(mask, run.rows, len(query))
        inner = [each[run.rows] for each in (query, key, value)]
        if self._beside is not None:
            self._beside(inner[0], inner[1], rest.get("scale"), layout)
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
            run.tap.add(0, shares(inner, ours, rest.get("scale"), layout))
        return whole

    def _painted(
        self, inner: list[Tensor], stock: Any, mask: Tensor | None, rest: dict[str, Any], layout: TokenLayout
    ) -> Tensor:
        """The conditional rows' output with the bias."""
        run, scale = self._run, rest.get("scale")
        parted = partial(in_parts, run, self.form, inner, stock, mask, rest, layout)
        if run.columns is None or self.kernel == "never" or any(each.requires_grad for each in inner):
            out = parted(run.tap)
        else:
            from engine.attention.joint_kernel import PaintedCall, attended

            query, key, value = (each.transpose(1, 2) for each in inner)
            call = PaintedCall(
                query=query, key=key, value=value, layout=layout, law=run.law, gain=run.gain, seen=run.seen,
                columns=run.columns, mask=mask, scale=scale,
            )  # fmt: skip
            out = attended(call, run.tap, parted, self.kernel)
        if run.placement is not None and run.placement.both and layout.cells != inner[0].shape[1]:
            out[:, slice(*layout.text)] = run.placement.looking_back(
                *inner,
                layout=layout,
                law=run.law,
                paint=run.paint,
                gain=run.gain,
                seen=run.seen,
                mask=mask,
                scale=scale,
            )
        return out
