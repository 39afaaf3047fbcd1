"""Where image cells and text tokens stand in the queries and keys of a transformer's attention layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class LayerSides:
    """What a transformer's layers work on, by regular expressions of their whole paths; those of none: image cells.

    Attributes:
        text: the context's tokens. both: the sequence of cells and tokens, in the order of the layout; or the cells
            alone, in calls without text. neither: what belongs to no place, such as the time.
    """

    text: str = ""
    both: str = ""
    neither: str = ""

    def of(self, path: str) -> str:
        """ "text", "both", "neither" or "image"."""
        sides = {"text": self.text, "both": self.both, "neither": self.neither}
        return next((side for side, pattern in sides.items() if pattern and re.fullmatch(pattern, path)), "image")


@dataclass(frozen=True, kw_only=True)
class TokenLayout:
    """The order of a sequence in which image and text meet; made for a run by the family that builds the sequence.

    Attributes:
        grid: (rows, columns) of the image's cells.
        image: half-open range of the queries that are image cells, row by row.
        text: half-open range of the keys that are the context's tokens, in the context's order.
        cross: whether the keys are the text alone (cross-attention) instead of one sequence of both.
        apart: whether the image's queries come in calls of their own, with the keys of both; other calls, of the text
            or of a text of another length, are not painted.
        filled_to: image and text are each filled up to a multiple of so many.
    """

    grid: tuple[int, int]
    image: tuple[int, int]
    text: tuple[int, int]
    cross: bool = False
    apart: bool = False
    filled_to: int = 1

    @property
    def cells(self) -> int:
        """How many image cells there are."""
        return self.grid[0] * self.grid[1]

    @property
    def tokens(self) -> int:
        """How many text tokens there are."""
        return self.text[1] - self.text[0]

    @classmethod
    def text_first(cls, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """`[text, image]`: Flux, Qwen-Image, Krea 2, Stable Diffusion 3's like with the text in front."""
        cells = grid[0] * grid[1]
        return cls(grid=grid, text=(0, tokens), image=(tokens, tokens + cells))

    @classmethod
    def image_first(cls, tokens: int, grid: tuple[int, int], *, filled_to: int = 1) -> TokenLayout:
        """`[image, filling, text]`: Z-Image, SD 3; the image is filled up to a multiple of `filled_to` cells."""
        cells = grid[0] * grid[1]
        first = -(-cells // filled_to) * filled_to
        return cls(grid=grid, image=(0, cells), text=(first, first + tokens), filled_to=filled_to)

    @classmethod
    def image_apart(cls, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """Queries are image cells, keys are `[text, image]`: Qwen-Image 2.1, whose text never sees the image."""
        return cls(grid=grid, image=(0, grid[0] * grid[1]), text=(0, tokens), apart=True)

    @classmethod
    def across(cls, tokens: int, grid: tuple[int, int]) -> TokenLayout:
        """Queries are image cells and keys are text tokens, as in PixArt, Cosmos and Wan."""
        return cls(grid=grid, image=(0, grid[0] * grid[1]), text=(0, tokens), cross=True)


def places_of(seen: Sequence[int] | None, device: torch.device) -> slice | Tensor:
    """A slice for neighbouring places, else an index."""
    if seen is None:
        return slice(None)
    places = list(seen)
    if places and places == list(range(places[0], places[0] + len(places))):
        return slice(places[0], places[-1] + 1)
    return torch.tensor(places, device=device)


def rows_of(mask: Tensor | None, rows: slice, total: int) -> Tensor | None:
    """A model's own mask for some rows of a call; one without rows is all rows'."""
    return mask if mask is None or mask.shape[0] != total or mask.ndim < 2 else mask[rows]
