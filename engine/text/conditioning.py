"""Joins the embeddings of several encoders into one context, with a bias that hides the tokens a row must not use."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.errors import WordNotInPrompt
from engine.text.spans import TokenizedPrompt, token_positions
from resources.noun_phrases import count_in

ABSENT = -1e4
"""Added to the attention scores of tokens that a row must ignore: finite in float16; exp of it is 0 in every dtype."""


@dataclass(frozen=True, eq=False)
class StyleTokens:
    """The positions of a style picture's tokens in a context, and the area of the picture in which they act.

    Attributes:
        first, last: half-open range of positions.
        weight: added to their attention scores: the logarithm of the style's strength.
        mask: uint8 `[height, width]` at picture size; None means everywhere.
    """

    first: int
    last: int
    weight: float
    mask: np.ndarray | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Conditioning:
    """A prompt and a negative prompt, encoded for the denoiser and padded to one length.

    Attributes:
        rows: `[2, T, C]`, or `[2, T, layers, C]` where several layers are stacked: the embeddings of the negative
            prompt, then of the prompt.
        texts: for each text encoder the position where its tokens begin, and the prompt as it tokenizes it.
        token_bias: float32 `[2, T]`, added to the tokens' attention scores: 0, the logarithm of an encoder's weight, or
            `ABSENT`; None if all tokens count equally.
        present: how many positions of the prompt's row are in use; the rest pads it to the length of the negative's.
        styles: the tokens of style pictures, which only the prompt's row uses.
        pooled: pooled embeddings `[2, P]`, in families that use them.
        mask: bool `[2, T]`, the positions that each row has, in families that mask them themselves; None if all.
        seen: the positions of the prompt's row that are no filling; a law's maximum is over these. None if all.
        values: `[T, C]`, what the prompt's row is to be read from for values alone, see `engine.text.phrase_values`;
            None for its own.
    """

    rows: Tensor
    texts: tuple[tuple[int, TokenizedPrompt], ...]
    token_bias: Tensor | None = None
    present: int | None = None
    styles: tuple[StyleTokens, ...] = ()
    pooled: Tensor | None = None
    mask: Tensor | None = None
    seen: tuple[int, ...] | None = None
    values: Tensor | None = None

    def positions(self, span: tuple[int, int]) -> tuple[int, ...]:
        """Return the positions of the tokens of a span of the prompt, over all encoders.

        Raises:
            WordNotInPrompt: no encoder has a token for any of its characters.
        """
        found: list[int] = []
        problem: WordNotInPrompt | None = None
        for first, text in self.texts:
            try:
                found += [first + position for position in token_positions(text, span)]
            except WordNotInPrompt as error:
                problem = error
        if not found and problem is not None:
            raise problem
        return tuple(found)

    def hears(self, span: tuple[int, int]) -> bool:
        """Whether any encoder has a token for a span of the prompt."""
        try:
            return bool(self.positions(span))
        except WordNotInPrompt:
            return False

    def count(self, span: tuple[int, int]) -> int | None:
        """How many things a span of the prompt means; None where no number says it."""
        return count_in(self.texts[0][1].prompt, span) if self.texts else None

    @property
    def pictures(self) -> dict[int, int]:
        """The positions of picture tokens, each with its part, see `resources.picture_tokens`."""
        return {first + position: part for first, text in self.texts for position, part in text.pictures}


@dataclass(frozen=True, kw_only=True, eq=False)
class Area:
    """A painted word as a separate prompt: its conditioning and its mask, uint8 `[height, width]` at picture size."""

    context: Conditioning
    mask: np.ndarray


class ConditioningBuilder:
    """Builds a context block by block. A text whose two prompts differ in length must come last: it ends in padding."""

    def __init__(self) -> None:
        self._rows: list[Tensor] = []
        self._bias: list[Tensor] = []
        self._texts: list[tuple[int, TokenizedPrompt]] = []
        self._styles: list[StyleTokens] = []
        self._length = 0
        self._padding = 0

    def add_text(self, negative: Tensor, positive: Tensor, tokenized: TokenizedPrompt, *, weight: float = 1.0) -> None:
        """Add both prompts as encoded by one encoder, `[1, n, C]` each; `weight`, above 0 up to 1, blends encoders."""
        length = max(negative.shape[1], positive.shape[1])
        self._texts.append((self._length, tokenized))
        rows, token_bias = [], torch.full((2, length), math.log(weight))
        for index, states in enumerate((negative, positive)):
            missing = length - states.shape[1]
            rows.append(torch.nn.functional.pad(states, (0, 0, 0, missing)))
            token_bias[index, states.shape[1] :] = ABSENT
        self._padding = length - positive.shape[1]
        self._add(torch.cat(rows), token_bias)

    def add_style(self, tokens: Tensor, *, strength: float, mask: np.ndarray | None, opposite: bool = False) -> None:
        """Add a style picture's tokens `[1, n, C]`, which only the prompt's row uses, or with `opposite` only the
        negative prompt's, which guidance leads away from; `strength` is above 0."""
        count = tokens.shape[1]
        weight = math.log(strength)
        self._styles.append(StyleTokens(self._length, self._length + count, weight, mask))
        token_bias = torch.full((2, count), weight)
        token_bias[1 if opposite else 0] = ABSENT
        self._add(tokens.expand(2, -1, -1), token_bias)

    def _add(self, rows: Tensor, token_bias: Tensor) -> None:
        self._rows.append(rows)
        self._bias.append(token_bias)
        self._length += rows.shape[1]

    def build(self, dtype: torch.dtype) -> Conditioning:
        """Return the context, with its rows in that dtype."""
        token_bias = torch.cat(self._bias, dim=1)
        return Conditioning(
            rows=torch.cat([rows.to(dtype) for rows in self._rows], dim=1),
            texts=tuple(self._texts),
            token_bias=token_bias if bool(token_bias.any()) else None,
            present=self._length - self._padding,
            styles=tuple(self._styles),
        )
