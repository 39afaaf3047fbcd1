"""The recogniser: which of many names each place of a picture shows, and what is in an area and how sure that is."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

WIDTHS = (24, 48, 96, 160, 192)
"""Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the picture's size."""

CELL = 8
"""Width and height in pixels of the cells that names are given to."""

STEP = 32
"""Pictures' widths and heights are multiples of it."""

_MERGED = 128
_KERNEL, _SCALE = 4, ".scale"
_EXACT = ("stem.", "levels.0.", "levels.1.0.", "sides.", "head.")
"""Few weights, at the two ends, whose rounding to 8 bits would make half of a file's error."""

_FEW = 24
"""At most so many names are told apart pixel by pixel in one picture; others lose their last cells to these."""


@dataclass(frozen=True)
class Recognised:
    """What an area shows: the most probable name, and its probability, 0..1, over all names."""

    name: str
    probability: float


def _norm(channels: int) -> nn.GroupNorm:
    # Groups of 16 and more: on a CPU its way back takes half as long as with groups of 3.
    return nn.GroupNorm(max(1, channels // 16), channels)


class _Residual(nn.Module):
    def __init__(self, inside: int, out: int, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inside, out, 3, stride=stride, padding=1, bias=False),
            _norm(out),
            nn.SiLU(),
            nn.Conv2d(out, out, 3, padding=1, bias=False),
            _norm(out),
        )
        self.skip = nn.Conv2d(inside, out, 1, stride=stride) if stride > 1 or inside != out else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(self.skip(x) + self.body(x))


class Recogniser(nn.Module):
    """A residual network whose levels are merged from coarse to fine (arXiv 1612.03144), with a name for each cell.

    Args:
        names: what it knows; its outputs are in their order.
        other_words: words that mean one of the names, such as synonyms and plurals, each with that name.
    """

    temperature: Tensor

    def __init__(self, names: Sequence[str], other_words: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.names = tuple(names)
        self.other_words = dict(other_words or {})
        self.stem = nn.Conv2d(3, WIDTHS[0], 5, stride=2, padding=2)
        pairs = itertools.pairwise(WIDTHS)
        self.levels = nn.ModuleList(nn.Sequential(_Residual(i, o, 2), _Residual(o, o)) for i, o in pairs)
        self.sides = nn.ModuleList(nn.Conv2d(width, _MERGED, 1) for width in WIDTHS[2:])
        self.merge = nn.ModuleList(_Residual(_MERGED, _MERGED) for _ in WIDTHS[2:])
        self.head = nn.Conv2d(_MERGED, len(names), 1)
        # Divides the logits of areas, so that a probability says how often it is right (arXiv 1706.04599).
        self.register_buffer("temperature", torch.ones(()))

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits `[B, names, H/8, W/8]` of float pictures `[B, 3, H, W]` in -1..1; H and W multiples of 32."""
        sides = list(zip(self.sides, self._maps(pictures)[2:], self.merge, strict=True))
        x = torch.zeros(())
        for number, (side, level_map, merge) in enumerate(reversed(sides)):
            coarse = F.interpolate(x, scale_factor=2.0, mode="nearest") if number else 0.0
            x = merge(side(level_map) + coarse)
        return self.head(x)

    def _maps(self, pictures: Tensor) -> list[Tensor]:
        """Feature maps at 1/2, 1/4, 1/8, 1/16 and 1/32 of the pictures' size."""
        maps = [F.silu(self.stem(pictures))]
        for level in self.levels:
            maps.append(level(maps[-1]))
        return maps

    @torch.inference_mode()
    def features(self, rgb: np.ndarray) -> np.ndarray:
        """Mean and standard deviation of every feature map: uint8 `[B, H, W, 3]` -> float32 `[B, 1040]`."""
        rows = []
        for picture in rgb:
            maps = self._maps(to_tensor(picture[None]))
            rows.append(torch.cat([of(level, (2, 3)) for level in maps for of in (torch.mean, torch.std)], 1)[0])
        return np.asarray(torch.stack(rows).numpy())

    @torch.inference_mode()
    def scores(self, rgb: np.ndarray) -> np.ndarray:
        """How likely each name is in each cell, as logits: uint8 `[H, W, 3]` -> float32 `[names, H/8, W/8]`."""
        return np.asarray(self(to_tensor(rgb[None]))[0].numpy())

    @torch.inference_mode()
    def predict(self, rgb: np.ndarray) -> np.ndarray:
        """Label pixels: uint8 `[B, H, W, 3]`, H and W multiples of 32 -> uint16 `[B, H, W]`, indices into `names`."""
        return np.stack([_labels(self(to_tensor(picture[None]))[0]) for picture in rgb])

    @torch.inference_mode()
    def recognise(self, rgb: np.ndarray, areas: np.ndarray) -> list[Recognised | None]:
        """Say what each area of a picture shows; None for an empty one.

        Args:
            rgb: uint8 `[H, W, 3]`, H and W multiples of 32. areas: float or uint8 `[n, H, W]`, weights from 0.
        """
        logits = self(to_tensor(rgb[None]))[0]
        weights = torch.from_numpy(np.ascontiguousarray(areas)).float()
        cells = F.avg_pool2d(weights[:, None], CELL)[:, 0]
        chances = (of_areas(logits, cells) / self.temperature).softmax(-1)
        best, index = chances.max(-1)
        return [
            Recognised(self.names[int(name)], float(chance)) if bool(area.any()) else None
            for name, chance, area in zip(index, best, cells, strict=True)
        ]


def of_areas(logits: Tensor, cells: Tensor) -> Tensor:
    """The logits `[n, names]` of areas: the weighted mean of those of their cells.

    Args:
        logits: `[names, h, w]`. cells: `[n, h, w]`, how much of each cell an area has, from 0.
    """
    return cells.flatten(1) @ logits.flatten(1).T / cells.sum((1, 2)).clamp_min(1e-6)[:, None]


def _labels(logits: Tensor) -> np.ndarray:
    # Hundreds of names at full size would take a gigabyte; the cells tell which few of them are there.
    counts = torch.bincount(logits.argmax(0).flatten(), minlength=len(logits))
    there = counts.topk(min(_FEW, len(counts))).indices
    there = there[counts[there] > 0]
    fine = F.interpolate(logits[there][None], scale_factor=float(CELL), mode="bilinear")[0]
    return there[fine.argmax(0)].numpy().astype(np.uint16)


def to_tensor(rgb: np.ndarray) -> Tensor:
    """Pictures uint8 `[B, H, W, 3]` as the network takes them: float `[B, 3, H, W]` in -1..1."""
    return torch.from_numpy(np.ascontiguousarray(rgb)).permute(0, 3, 1, 2).float() / 127.5 - 1


def save(recogniser: Recogniser, file: Path) -> None:
    """Write the weights, with the names, the other words and the temperature in the header.

    Most kernels are rounded to 8 bits, with a scale for each output channel; all other weights are float16.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    weights: dict[str, Tensor] = {}
    for name, value in recogniser.state_dict().items():
        if value.dim() == _KERNEL and not name.startswith(_EXACT):
            scale = (value.abs().amax((1, 2, 3)) / 127).clamp_min(1e-8)
            weights[name] = (value / scale[:, None, None, None]).round().to(torch.int8)
            weights[name + _SCALE] = scale.float()
        elif name != "temperature":
            weights[name] = value.half().contiguous()
    known = {"names": json.dumps(recogniser.names), "other_words": json.dumps(recogniser.other_words)}
    save_file(weights, file, metadata=known | {"temperature": f"{float(recogniser.temperature):.6f}"})


def load(file: Path) -> Recogniser:
    """Load a recogniser in float32 on the CPU and in evaluation mode.

    Raises:
        FileNotFoundError: there is no such file.
    """
    if not file.is_file():
        raise FileNotFoundError(file)
    with safe_open(file, framework="pt") as opened:
        known = opened.metadata()
        recogniser = Recogniser(json.loads(known["names"]), json.loads(known["other_words"]))
        weights = {name: opened.get_tensor(name).float() for name in opened.keys()}  # noqa: SIM118
    for name in [name for name in weights if name.endswith(_SCALE)]:
        weights[name.removesuffix(_SCALE)] *= weights.pop(name)[:, None, None, None]
    recogniser.load_state_dict(weights | {"temperature": torch.tensor(float(known["temperature"]))})
    return recogniser.eval()
