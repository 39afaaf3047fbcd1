"""Puts the tokens of several encoders one after the other into one context, and says who hears which."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from engine.families.base import ABSENT, Context, StyleTokens
from engine.spans import TokenizedPrompt


class ContextBuilder:
    """Grows a context block by block. A text whose two halves differ in length must come last: it ends in filling."""

    def __init__(self) -> None:
        self._rows: list[Tensor] = []
        self._heard: list[Tensor] = []
        self._texts: list[tuple[int, TokenizedPrompt]] = []
        self._styles: list[StyleTokens] = []
        self._length = 0
        self._filling = 0

    def add_text(self, negative: Tensor, positive: Tensor, tokenized: TokenizedPrompt, *, weight: float = 1.0) -> None:
        """Both prompts as one encoder reads them, `[1, n, C]` each; `weight` in 0..1, above 0, for blending."""
        length = max(negative.shape[1], positive.shape[1])
        self._texts.append((self._length, tokenized))
        rows, heard = [], torch.full((2, length), math.log(weight))
        for index, states in enumerate((negative, positive)):
            missing = length - states.shape[1]
            rows.append(torch.nn.functional.pad(states, (0, 0, 0, missing)))
            heard[index, states.shape[1] :] = ABSENT
        self._filling = length - positive.shape[1]
        self._add(torch.cat(rows), heard)

    def add_style(self, tokens: Tensor, *, strength: float, mask: np.ndarray | None) -> None:
        """A reference's tokens `[1, n, C]`, heard by the prompt's row only; `strength` above 0."""
        count = tokens.shape[1]
        weight = math.log(strength)
        self._styles.append(StyleTokens(self._length, self._length + count, weight, mask))
        heard = torch.full((2, count), weight)
        heard[0] = ABSENT
        self._add(tokens.expand(2, -1, -1), heard)

    def _add(self, rows: Tensor, heard: Tensor) -> None:
        self._rows.append(rows)
        self._heard.append(heard)
        self._length += rows.shape[1]

    def build(self, dtype: torch.dtype) -> Context:
        """The context, its rows in that dtype."""
        heard = torch.cat(self._heard, dim=1)
        return Context(
            rows=torch.cat([rows.to(dtype) for rows in self._rows], dim=1),
            texts=tuple(self._texts),
            heard=heard if bool(heard.any()) else None,
            present=self._length - self._filling,
            styles=tuple(self._styles),
        )
