"""Readers of prompts for transformers: T5 and language models, to states with the place of every word in them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.text.conditioning import Conditioning
from engine.text.spans import TokenizedPrompt
from engine.text.templates import extended, tokenize_rendered
from engine.weights.precision import computed

_KEPT_PROMPTS = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class PromptStates:
    """A prompt as a denoiser's text side takes it.

    Attributes:
        states: `[1, T, C]`, or `[1, T, layers, C]` where several layers are stacked.
        tokenized: its `offsets` are those of the T positions.
        pooled: `[1, P]`, a sentence vector.
        mask: bool `[T]`, positions that the denoiser is to see; None is all.
        seen: positions that are not filling; None is all.
    """

    states: Tensor
    tokenized: TokenizedPrompt
    pooled: Tensor | None = None
    mask: Tensor | None = None
    seen: tuple[int, ...] | None = None


class PromptReader(Protocol):
    """Reads prompts for one family."""

    @property
    def parts(self) -> Mapping[str, Any]:
        """What reads with each of its text encoders, by the names of their folders; each has an `encoder`."""

    def read(self, prompt: str) -> PromptStates:
        """The prompt's states; what is read twice may be kept."""


def joined(opposite: PromptStates, positive: PromptStates, dtype: torch.dtype) -> Conditioning:
    """Both prompts as one context, the shorter one padded with zeros that are masked."""
    length = max(each.states.shape[1] for each in (opposite, positive))
    masks = []
    rows = []
    for each in (opposite, positive):
        own = each.states.shape[1]
        mask = torch.ones(own, dtype=torch.bool) if each.mask is None else each.mask.cpu()
        masks.append(F.pad(mask, (0, length - own), value=False))
        missing = (0, 0) * (each.states.ndim - 2) + (0, length - own)
        rows.append(F.pad(each.states, missing))
    mask = torch.stack(masks)
    pooled = None if opposite.pooled is None or positive.pooled is None else [opposite.pooled, positive.pooled]
    count = positive.states.shape[1]
    return Conditioning(
        rows=torch.cat(rows).to(dtype),
        texts=((0, positive.tokenized),),
        pooled=None if pooled is None else torch.cat(pooled).to(dtype),
        mask=None if bool(mask.all()) else mask,
        seen=tuple(range(count)) if positive.seen is None else positive.seen,
    )


class Kept:
    """The last prompts that were read."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, PromptStates] = OrderedDict()

    def forget(self) -> None:
        """Drop them: what they were read with has changed."""
        self._kept.clear()

    def get(self, prompt: str, read: Callable[[str], PromptStates]) -> PromptStates:
        """What `read` gives for the prompt, now or before."""
        if prompt not in self._kept:
            self._kept[prompt] = read(prompt)
            if len(self._kept) > _KEPT_PROMPTS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(prompt)
        return self._kept[prompt]


class LanguageReader:
    """A language model's hidden states of a prompt in its template (Qwen3 and the like).

    Causal models see nothing of what comes after a token, so that padding behind the prompt changes nothing; it is
    left out unless the denoiser reads it.

    Args:
        render: the whole text of a prompt, see `engine.text.templates.chat_template`.
        combine: the states `[1, T, ...]` of all hidden states (0 is the embedding).
        drop: so many tokens of the template are thrown away at the start.
        max_length: prompts are cut there, the template counted.
        after: ends the template, behind even what was cut.
        filled: pads to `max_length`, with states that the denoiser reads like text.
    """

    def __init__(
        self,
        tokenizer: Any,
        encoder: Any,
        *,
        render: Callable[[str], str],
        combine: Callable[[Sequence[Tensor]], Tensor],
        drop: int = 0,
        max_length: int = 512,
        after: str = "",
        filled: bool = False,
    ) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder
        self._after, self._filled = after, filled
        self._render, self._combine, self._drop, self._max_length = render, combine, drop, max_length
        self._kept = Kept()

    @property
    def parts(self) -> Mapping[str, Any]:
        """See `PromptReader`."""
        return {"text_encoder": self}

    def forget(self) -> None:
        """Drop what was read: the encoder's weights have changed."""
        self._kept.forget()

    def read(self, prompt: str) -> PromptStates:
        """See `PromptReader`."""
        return self._kept.get(prompt, self._read)

    def _read(self, prompt: str) -> PromptStates:
        tokenized = tokenize_rendered(
            self.tokenizer, prompt, self._render, max_length=self._max_length, drop=self._drop
        )
        if self._after:
            end = np.array([self.tokenizer(self._after)["input_ids"]], dtype=np.int64)
            tokenized = extended(tokenized, end)
        own = tokenized.input_ids.shape[1]
        missing = self._max_length - own if self._filled else 0
        left = missing > 0 and self.tokenizer.padding_side == "left"
        if missing > 0:
            tokenized = extended(tokenized, np.full((1, missing), self.tokenizer.pad_token_id), before=left)
        ids = torch.from_numpy(tokenized.input_ids).to(self.encoder.device)
        places = range(missing, missing + own) if left else range(own)
        present = torch.zeros_like(ids)
        present[:, places.start : places.stop] = 1

        def compute() -> Tensor:
            out = self.encoder(input_ids=ids, attention_mask=present, output_hidden_states=True)
            return self._combine(out.hidden_states)[:, self._drop :]

        states = computed("text encoder", self.encoder, compute, tensors=lambda found: [found])
        seen = tuple(place - self._drop for place in places if place >= self._drop)
        return PromptStates(states=states, tokenized=tokenized, seen=seen if missing > 0 else None)


class FilledT5Reader:
    """T5's states of a prompt that is padded to a fixed length, the padding read like text, as Flux has it.

    Args:
        length: of the states.
    """

    def __init__(self, tokenizer: Any, encoder: Any, *, length: int = 512) -> None:
        self.tokenizer, self.encoder, self._length = tokenizer, encoder, length
        self._kept = Kept()

    @property
    def parts(self) -> Mapping[str, Any]:
        """See `PromptReader`."""
        return {"text_encoder": self}

    def forget(self) -> None:
        """Drop what was read: the encoder's weights have changed."""
        self._kept.forget()

    def read(self, prompt: str) -> PromptStates:
        """See `PromptReader`; the positions seen are those of the prompt and its end sign."""
        return self._kept.get(prompt, self._read)

    def _read(self, prompt: str) -> PromptStates:
        tokenized = tokenize_rendered(self.tokenizer, prompt, max_length=self._length, fill=True)
        ids = torch.from_numpy(tokenized.input_ids).to(self.encoder.device)
        states = computed(
            "T5 text encoder",
            self.encoder,
            lambda: self.encoder(input_ids=ids).last_hidden_state,
            tensors=lambda found: [found],
        )
        own = int((tokenized.input_ids[0] != self.tokenizer.pad_token_id).sum())
        return PromptStates(states=states, tokenized=tokenized, seen=tuple(range(own)))
