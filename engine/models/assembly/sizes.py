"""What the shapes in a file's header say about the network in it; no torch."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

Sizes = Mapping[str, tuple[int, ...]]
"""Names of tensors -> their shapes."""

PREFIXES = ("model.diffusion_model.", "diffusion_model.", "net.", "transformer.")
"""What may stand before every name of a denoiser's tensors."""


def bare(sizes: Sizes) -> Sizes:
    """Return the tensors of a denoiser without what stands before all of their names."""
    for prefix in PREFIXES:
        found = {name.removeprefix(prefix): shape for name, shape in sizes.items() if name.startswith(prefix)}
        if found:
            return found
    return sizes


def count(sizes: Sizes, blocks: str) -> int:
    """Return how many blocks of that name there are ("double_blocks" for "double_blocks.18.img_mlp.0.weight")."""
    numbers = [
        int(match[1]) for name in sizes if (match := re.match(rf"{re.escape(blocks)}\.(\d+)\.", name)) is not None
    ]
    return max(numbers, default=-1) + 1


def axes(head: int, full: Sequence[int]) -> list[int]:
    """Return how a head's channels are shared by the axes of its places.

    Args:
        head: channels of a head. full: the shares in the published model, whose heads have as many channels as these.

    Raises:
        ValueError: a head of that many channels cannot be shared so.
    """
    shares = [each * head // sum(full) for each in full]
    if sum(shares) != head or any(share % 2 for share in shares):
        raise ValueError(f"heads of {head} channels, not {sum(full)}")
    return shares


def side(area: int) -> int:
    """Return the side of a square of so many cells. Raises ValueError if there is none."""
    root = math.isqrt(area)
    if root * root != area:
        raise ValueError(f"{area} places are no square")
    return root
