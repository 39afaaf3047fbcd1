"""Pairs of pictures that an adapter is taught with, as latents, read from their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.training import checkpoint_io


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Pairs.

    Attributes:
        source, target: latents `[n, C, 16, 16]` float32; those of the sources as the autoencoder gives them, those of
            the targets scaled as a denoiser works on them.
        area: float32 `[n, 16, 16]`, the share of each cell that changes. texts, spans, kinds: of the instructions.
    """

    source: Tensor
    target: Tensor
    area: Tensor
    texts: list[str]
    spans: list[tuple[int, int]]
    kinds: list[str]

    def __len__(self) -> int:
        return len(self.texts)


def read_pairs(folder: Path, shards: int | None = None) -> Pairs:
    """The pairs in the first shards of a folder, by default in all."""
    parts = [checkpoint_io.read(file) for file in sorted(folder.glob("pairs-*.pt"))[:shards]]
    good = [part for part in parts if isinstance(part, dict)]
    tensors = {name: torch.cat([part[name] for part in good]).float() for name in ("source", "target", "area")}
    lists = {name: [row for part in good for row in part[name]] for name in ("texts", "spans", "kinds")}
    lists["spans"] = [tuple(span) for span in lists["spans"]]
    return Pairs(**tensors, **lists)
