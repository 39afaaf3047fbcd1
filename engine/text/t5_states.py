"""Readers of prompts for transformers that take T5's states without padding, or with zeros in its place."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F

from engine.text.learnt_words import Vocabulary
from engine.text.prompt_states import Kept, PromptStates
from engine.text.spans import Span, with_vectors
from engine.text.templates import tokenize_rendered
from engine.weights.precision import computed

Pieces = list[tuple[str, Span]]
"""A cleaned text, character by character, each with the half-open range of the prompt's characters it came from."""

_PIECE = re.compile(r"&[#\w]{1,32};|\s+|.", re.DOTALL)


def lowered(prompt: str) -> Pieces:
    """The prompt in lower case, without blanks at its ends."""
    pieces = [(small, (index, index + 1)) for index, each in enumerate(prompt) for small in each.lower()]
    return _stripped(pieces)


def tidied(prompt: str) -> Pieces:
    """The prompt with one blank for each run of them, none at its ends, and characters for HTML's signs (`&amp;`)."""
    pieces: Pieces = []
    for found in _PIECE.finditer(prompt):
        text = " " if found[0].isspace() else html.unescape(found[0])
        pieces += [(each, found.span()) for each in text]
    return _stripped(pieces)


def _stripped(pieces: Pieces) -> Pieces:
    kept = [index for index, (each, _) in enumerate(pieces) if not each.isspace()]
    return pieces[kept[0] : kept[-1] + 1] if kept else []


class MaskedT5Reader:
    """T5's states of a prompt alone: its padding is masked everywhere, so that it need not be read.

    Args:
        encoder: a T5 or UMT5 encoder. cleaned: what the stock pipeline makes of a prompt before it is read.
        length: prompts are cut there. zeros: whether rows of zeros stand in the padding's place, which the denoiser
            sees.
    """

    def __init__(
        self, tokenizer: Any, encoder: Any, *, cleaned: Callable[[str], Pieces], length: int, zeros: bool = False
    ) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder
        self._cleaned, self._length, self._zeros = cleaned, length, zeros
        self._kept = Kept()
        self._learnt: Vocabulary | None = None

    @property
    def width(self) -> int:
        """Numbers of the vector of a word."""
        return int(self.encoder.config.d_model)

    def learn(self, vocabulary: Vocabulary | None) -> None:
        """Read texts with these learnt words; None for the tokenizer's own alone."""
        self._learnt = vocabulary
        self.forget()

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
        pieces = self._cleaned(prompt)
        found = tokenize_rendered(self.tokenizer, "".join(each for each, _ in pieces), max_length=self._length)
        places = (
            None if each is None else (pieces[each[0]][1][0], pieces[each[1] - 1][1][1]) for each in found.offsets
        )
        found = replace(found, prompt=prompt, offsets=tuple(places))
        learnt = self._learnt or Vocabulary({}, lambda text: ())
        found = with_vectors(
            found, [(span, len(learnt.vectors[name])) for span, name in learnt.find(prompt)], self._length
        )
        ids = torch.from_numpy(found.input_ids).to(self.encoder.device)
        with learnt.looked_up(self.encoder, found):
            states = computed(
                "T5 text encoder",
                self.encoder,
                lambda: self.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state,
                tensors=lambda rows: [rows],
            )
        offsets = found.offsets
        own = len(offsets)
        if self._zeros:
            states = F.pad(states, (0, 0, 0, self._length - own))
            offsets += (None,) * (self._length - own)
        return PromptStates(
            states=states,
            tokenized=replace(found, offsets=offsets),
            seen=tuple(range(own)),
        )
