"""Where an edited picture may differ from its source: the edited words' paint, or where they draw attention."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.editing.aligning import pair_words, word_at
from engine.protocol import GenerateRequest, PaintedWord, PromptEdit
from engine.reworking.compositing import cells_of, soft_surroundings
from engine.text.spans import Span

_THRESHOLD = 0.3
"""Of a word's strongest attention: what has more is its area (the official code's default)."""
_SEEN_FROM = 0.2
"""The share of the steps after which attention says where words are (there, too)."""


@dataclass(frozen=True, eq=False)
class EditedArea:
    """Where the words lie that make the difference.

    Attributes:
        masks: uint8 `[height, width]`, of those that are painted.
        source, edited: the spans of those that are not, in either prompt.
        everywhere: whether the whole picture may change.
    """

    masks: tuple[np.ndarray, ...]
    source: tuple[Span, ...]
    edited: tuple[Span, ...]
    everywhere: bool

    @classmethod
    def of(cls, request: GenerateRequest, edit: PromptEdit) -> EditedArea:
        """That of a request. A word that is painted elsewhere now lies in both places, one that is painted in one of
        the two prompts only where it is painted."""
        pairs = pair_words(edit.prompt, request.text.prompt)
        before, after = edit.words, request.text.words
        masks: list[np.ndarray] = []
        source: list[Span] = []
        edited: list[Span] = []
        moved = [pair for pair in pairs.kept if _differ(word_at(before, pair[0]), word_at(after, pair[1]))]
        for gone, come in (*pairs.swapped, *moved, *((span, None) for span in pairs.removed)):
            found = [word_at(before, gone), word_at(after, come) if come else None]
            painted = [word.mask for word in found if word is not None and word.strength > 0]
            masks += painted
            source += [] if painted else [gone]
            edited += [come] if come and not painted else []
        for come in (*pairs.added, *(each.span for each in edit.weights if each.weight != 1)):
            word = word_at(after, come)
            if word is not None and word.strength > 0:
                masks.append(word.mask)
            else:
                edited.append(come)
        return cls(tuple(masks), tuple(source), tuple(edited), edit.everywhere)

    def painted(self, size: tuple[int, int]) -> np.ndarray:
        """The painted words' share of each cell: float32 `[h, w]`, 0..1; size is (height, width) of the latents."""
        found = np.zeros(size, np.float32)
        for mask in self.masks:
            np.maximum(found, cells_of(mask, size), out=found)
        return found

    def shown(self, cells: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """How much of the edited picture is shown over the source's: float32 `[height, width]`, 0..1.

        Args:
            cells: float32 `[h, w]`, how far each cell of the latents was free at last. size: (height, width).
        """
        if self.source or self.edited:  # where words drew attention, which is known by cells
            rows = np.arange(size[0]) * cells.shape[0] // size[0]
            columns = np.arange(size[1]) * cells.shape[1] // size[1]
            found = cells[np.ix_(rows, columns)] > 0
        else:
            found = np.zeros(size, bool)
        for mask in self.masks:
            found |= mask > 0
        return soft_surroundings(found)


def _differ(one: PaintedWord | None, other: PaintedWord | None) -> bool:
    if one is None or other is None:
        return one is not other
    return one.strength != other.strength or not np.array_equal(one.mask, other.mask)


def attended(maps: Tensor, fraction: float) -> Tensor:
    """Where words draw attention: bool `[B, 1, h, w]`, from their maps so far, `[B, words, h, w]`.

    As in the official code's LocalBlend: what lies within a cell of more than a threshold of the word's strongest
    attention; all of it in the first steps, whose maps say little.
    """
    if fraction < _SEEN_FROM:
        return torch.ones_like(maps[:, :1], dtype=torch.bool)
    wide = F.max_pool2d(maps, 3, stride=1, padding=1)
    peak = wide.amax(dim=(-1, -2), keepdim=True)
    return ((wide > _THRESHOLD * peak) & (peak > 0)).any(dim=1, keepdim=True)
