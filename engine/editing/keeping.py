"""The attention layers of an edited run and of the source's beside it: what the one takes over from the other.

Both runs go through the same network, one after the other in each step. Cross-attention mixes the maps of both by
column (see `TokenMap`), and a mix of maps is applied to values: so the source's layer, with its own scores, paint and
law, draws from the edited prompt's values where they are taken, and the edited layer from what is left of them. No map
is ever written down, and each kind of law and of fused attention works as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.control import AttentionControl, level_of
from engine.attention.processor import PaintAttention, Run, finish, split_heads
from engine.attention.self_attention import SeparatedAttention
from engine.editing.aligning import TokenMap


@dataclass
class Handover:
    """What the source's layers hand to the edited run's within one step.

    Attributes:
        open: whether one of the two denoises now; not so in gradient steps. cross, shapes: what is kept in this step.
        taken: by layer what the source draws from for the edited run, `[1, heads, source tokens, d]`.
        left: what is left of the edited run's own values, `[tokens, 1]`.
        drawn: by layer what the source drew, `[samples, N, heads * d]`.
        looks: by layer the source's queries and keys of self-attention, `[samples, heads, N, d]`, and their bias.
    """

    open: bool = False
    cross: bool = False
    shapes: bool = False
    taken: dict[str, Tensor] = field(default_factory=dict)
    left: Tensor = field(default_factory=lambda: torch.ones(()))
    drawn: dict[str, Tensor] = field(default_factory=dict)
    looks: dict[str, tuple[Tensor, Tensor, Tensor | None]] = field(default_factory=dict)


class LaneAttention(PaintAttention):
    """A cross-attention layer of one of the two runs.

    Attributes:
        hand: what goes over. path: of the layer.
    """

    hand: Handover
    path: str


class SourceAttention(LaneAttention):
    """A layer of the source's run: as ever, and it draws for the edited run too."""

    def _attended(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """See `PaintAttention`."""
        out = super()._attended(query, keys, values)
        hand, run = self.hand, self.run
        if hand.open and hand.cross:
            seen = run.tap, run.by_word, run.columns
            run.tap, run.by_word, run.columns = None, None, None  # it was recorded once
            wanted = hand.taken[self.path].expand(len(query), -1, -1, -1)
            hand.drawn[self.path] = super()._attended(query, keys, wanted)[run.rows]
            run.tap, run.by_word, run.columns = seen
        return out


class EditedAttention(LaneAttention):
    """A layer of the edited run: what is left of its own, and what the source drew for it."""

    def _attended(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """See `PaintAttention`."""
        hand, rows = self.hand, self.run.rows
        if not (hand.open and hand.cross):
            return super()._attended(query, keys, values)
        rest = values.clone()
        rest[rows] *= hand.left
        out = super()._attended(query, keys, rest)
        out[rows] += hand.drawn[self.path]
        return out


class KeptSelfAttention:
    """A self-attention layer of one of the two runs, around the processor that it has in that run.

    The edited run's parts look at one another as the source's do: with its queries, keys and separation, at their own
    values. That is the source's map, without writing it down.
    """

    def __init__(self, inner: Any, stock: Any, run: Run, hand: Handover, path: str, *, edited: bool) -> None:
        self.inner, self._stock, self._run = inner, stock, run
        self._hand, self._path, self._edited = hand, path, edited

    def __call__(self, attn: Any, hidden_states: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        """Return the layer's output for `hidden_states`, both `[rows, N, C]`."""
        hand, rows = self._hand, self._run.rows
        if not (hand.open and hand.shapes):
            return self.inner(attn, hidden_states, *args, **kwargs)
        if not self._edited:
            hand.looks[self._path] = self._look(attn, hidden_states)
            return self.inner(attn, hidden_states, *args, **kwargs)
        query, keys, bias = hand.looks[self._path]
        own = hidden_states[rows]
        values = split_heads(attn, attn.to_v(own))
        drawn = F.scaled_dot_product_attention(query, keys, values, attn_mask=bias)
        kept = finish(attn, drawn.transpose(1, 2).flatten(2), own)
        if len(own) == len(hidden_states):
            return kept
        out = self._stock(attn, hidden_states, *args, **kwargs)
        out[rows] = kept
        return out

    def _look(self, attn: Any, hidden_states: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Queries and keys of the prompt's rows, and what separation adds to their scores."""
        rows = self._run.rows
        query, keys = (split_heads(attn, project(hidden_states)) for project in (attn.to_q, attn.to_k))
        query = query if attn.norm_q is None else attn.norm_q(query)
        keys = keys if attn.norm_k is None else attn.norm_k(keys)
        bias = self.inner.bias(query, keys) if isinstance(self.inner, SeparatedAttention) else None
        return query[rows], keys[rows], None if bias is None else bias[rows]


class LaneControl(AttentionControl):
    """The paint of one of the two runs; its processors are in the layers only while that run goes on.

    Args:
        hand: what goes over from one run to the other. edited: which of the two this is.
    """

    def __init__(self, unet: nn.Module, hand: Handover, *, edited: bool) -> None:
        self.processor = EditedAttention if edited else SourceAttention
        super().__init__(unet)
        self._hand, self._edited = hand, edited
        self._looking = {path: layer for path, layer in unet.named_modules() if path.endswith(".attn1")}
        self._plain = {path: layer.get_processor() for path, layer in self._looking.items()}
        self._around: dict[str, Any] = {}
        self._levels = {path: level_of(unet, path) for path in self._looking}
        for path, ours in self._ours.items():
            assert isinstance(ours, LaneAttention)
            ours.hand, ours.path = hand, path

    def settle(self, levels: tuple[int, ...]) -> None:
        """After this run has begun: it waits for its turns; shapes are kept at these levels of self-attention."""
        for path, layer in self._looking.items():
            inner: Any = layer.get_processor()
            if isinstance(inner, KeptSelfAttention):
                inner = inner.inner
            if self._levels[path] in levels:
                plain, hand = self._plain[path], self._hand
                inner = KeptSelfAttention(inner, plain, self._run, hand, path, edited=self._edited)
            self._around[path] = inner
        self.leave()

    def enter(self) -> None:
        """This run goes on."""
        self.put_in_place()
        for path, layer in self._looking.items():
            layer.set_processor(self._around.get(path, self._plain[path]))

    def leave(self) -> None:
        """The other one, or none, goes on: the network is as it was loaded."""
        self.step_aside()
        for path, layer in self._looking.items():
            layer.set_processor(self._plain[path])

    @contextmanager
    def half(self, conditional: bool) -> Iterator[Tensor]:
        """See `AttentionControl`; nothing goes over in the half without the prompt."""
        before = self._hand.open
        self._hand.open = before and conditional
        try:
            with super().half(conditional) as context:
                yield context
        finally:
            self._hand.open = before

    def values(self) -> dict[str, Tensor]:
        """By layer the prompt's values, `[1, heads, tokens, d]`."""
        first = self._run.rows.start if isinstance(self._run.rows, slice) else 0
        return {path: ours.kept[1][first : first + 1] for path, ours in self._ours.items() if ours.kept is not None}


def prepare(hand: Handover, edited: LaneControl, tokens: TokenMap) -> None:
    """After both runs have begun: what the source is to draw from, and what is left of the edited run's values."""
    values = edited.values()
    for path, own in values.items():
        kind = {"dtype": torch.float32, "device": own.device}
        mapper = torch.as_tensor(tokens.mapper * (tokens.taken * tokens.weight), **kind)
        hand.taken[path] = (mapper @ own.float()).to(own.dtype)
        hand.left = torch.as_tensor((1 - tokens.taken) * tokens.weight, **kind).to(own.dtype)[:, None]
