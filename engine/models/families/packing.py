"""Latents as the cells that transformers take, and cells as latents again."""

from __future__ import annotations

from torch import Tensor


def packed(latents: Tensor, side: int = 2) -> Tensor:
    """`[B, C, h, w]` as cells of side x side latent pixels, `[B, cells, C * side * side]`, channels first."""
    rows, channels, height, width = latents.shape
    cells = latents.reshape(rows, channels, height // side, side, width // side, side).permute(0, 2, 4, 1, 3, 5)
    return cells.reshape(rows, (height // side) * (width // side), channels * side * side)


def unpacked(cells: Tensor, height: int, width: int, side: int = 2) -> Tensor:
    """The reverse of `packed`: latents `[B, C, height, width]`."""
    whole = cells.reshape(len(cells), height // side, width // side, -1, side, side).permute(0, 3, 1, 4, 2, 5)
    return whole.reshape(len(cells), -1, height, width)
