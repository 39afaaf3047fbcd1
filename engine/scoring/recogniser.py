"""The recogniser: which of many names each place of a picture shows, and what is in an area and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from engine.surroundings import secluded

WIDTHS = (160, 224, 224)
"""Channels at 1/16, 1/32 and 1/64 of the picture's size."""

CELL = 16
"""Width and height in pixels of the cells that names are given to: those of the latents."""

STEP = 64
"""Pictures' widths and heights are multiples of it."""

_MERGED = 160
_KERNEL, _SCALE = 4, ".scale"
_EXACT = ("stem.", "sides.", "head.")
"""Few weights, at the two ends, whose rounding to 8 bits would make half of a file's error."""

LEAST = 0.25
"""The share of an area from which on what shows a thing is enough of it to tell which: paint is wider than things."""

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


Encode = Callable[[Tensor], Tensor]
"""Latents `[B, C, H/16, W/16]`, scaled as a denoiser takes them, of float pictures `[B, 3, H, W]` in -1..1."""


class Recogniser(nn.Module):
    """A residual network whose levels are merged from coarse to fine (arXiv 1612.03144), with a name for each cell.

    It looks at latents, in which an autoencoder has told already what drawings are made of: in the same time it learns
    ten times as much as from pixels.

    Args:
        names: what it knows; its outputs are in their order.
        other_words: words that mean one of the names, such as synonyms and plurals, each with that name.
        encode: gives the latents of pictures; without it, only latents can be looked at.
        channels: of the latents. stuff: the names that fill areas; all others are things.

    Attributes:
        accuracy: of areas that it named right in held-out compositions, by the size of things, and of stuff; 0..1.
    """

    temperature: Tensor

    def __init__(
        self,
        names: Sequence[str],
        other_words: Mapping[str, str] | None = None,
        encode: Encode | None = None,
        channels: int = 32,
        stuff: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.names, self.stuff = tuple(names), frozenset(stuff)
        self.other_words = dict(other_words or {})
        self.encode = encode
        self.accuracy: dict[str, float] = {}
        fine, middle, coarse = WIDTHS
        self.stem = nn.Conv2d(channels, fine, 3, padding=1)
        self.levels = nn.ModuleList(
            (
                nn.Sequential(_Residual(fine, fine), _Residual(fine, fine)),
                nn.Sequential(_Residual(fine, middle, 2), _Residual(middle, middle), _Residual(middle, middle)),
                nn.Sequential(_Residual(middle, coarse, 2), _Residual(coarse, coarse)),
            )
        )
        self.sides = nn.ModuleList(nn.Conv2d(width, _MERGED, 1) for width in WIDTHS)
        self.merge = nn.ModuleList(_Residual(_MERGED, _MERGED) for _ in WIDTHS)
        self.head = nn.Conv2d(_MERGED, len(names), 1)
        # Divides the logits of areas, so that a probability says how often it is right (arXiv 1706.04599).
        self.register_buffer("temperature", torch.ones(()))

    def forward(self, latents: Tensor) -> Tensor:
        """Logits `[B, names, h, w]` of latents `[B, C, h, w]`; h and w multiples of 4."""
        sides = list(zip(self.sides, self._maps(latents), self.merge, strict=True))
        x = torch.zeros(())
        for number, (side, level_map, merge) in enumerate(reversed(sides)):
            coarse = F.interpolate(x, scale_factor=2.0, mode="nearest") if number else 0.0
            x = merge(side(level_map) + coarse)
        return self.head(x)

    def logits(self, pictures: Tensor) -> Tensor:
        """Logits `[B, names, H/16, W/16]` of float pictures `[B, 3, H, W]` in -1..1; H and W multiples of 64."""
        return self(self._latents(pictures))

    def _latents(self, pictures: Tensor) -> Tensor:
        assert self.encode is not None, "pictures are looked at by their latents"
        return self.encode(pictures)

    def _maps(self, latents: Tensor) -> list[Tensor]:
        """Feature maps at the latents' size, at half and at a quarter of it."""
        x, maps = F.silu(self.stem(latents)), []
        for level in self.levels:
            x = level(x)
            maps.append(x)
        return maps

    @torch.inference_mode()
    def features(self, rgb: np.ndarray) -> np.ndarray:
        """Mean and standard deviation of every feature map: uint8 `[B, H, W, 3]` -> float32 `[B, 1216]`."""
        rows = []
        for picture in rgb:
            maps = self._maps(self._latents(to_tensor(picture[None])))
            rows.append(torch.cat([of(level, (2, 3)) for level in maps for of in (torch.mean, torch.std)], 1)[0])
        return np.asarray(torch.stack(rows).numpy())

    @torch.inference_mode()
    def scores(self, rgb: np.ndarray) -> np.ndarray:
        """How likely each name is in each cell, as logits: uint8 `[H, W, 3]` -> float32 `[names, H/16, W/16]`."""
        return np.asarray(self.logits(to_tensor(rgb[None]))[0].numpy())

    @torch.inference_mode()
    def predict(self, rgb: np.ndarray) -> np.ndarray:
        """Label pixels: uint8 `[B, H, W, 3]`, H and W multiples of 64 -> uint16 `[B, H, W]`, indices into `names`."""
        return np.stack([_labels(self.logits(to_tensor(picture[None]))[0]) for picture in rgb])

    @torch.inference_mode()
    def chances(self, rgb: np.ndarray, areas: np.ndarray, asked: Sequence[str | None] = ()) -> np.ndarray:
        """How probably each area of a picture shows each name: float32 `[n, names]`, NaN for an empty area.

        Where a thing was asked for, an area is told by those of its cells that show things, if these are enough: a
        chair in a round patch leaves most of it to the ground.

        Args:
            rgb: uint8 `[H, W, 3]`. areas: float or uint8 `[n, H, W]`, weights from 0. asked: what each area is to show,
                None where that is not known; by default of none.
        """
        logits = self.logits(to_tensor(_padded(rgb)[None]))[0]
        weights = torch.from_numpy(_padded(np.moveaxis(areas, 0, -1), mode="constant")).float()
        cells = F.avg_pool2d(weights.permute(2, 0, 1)[:, None], CELL)[:, 0]
        if any(asked):
            of_things = cells * logits.softmax(0)[[name not in self.stuff for name in self.names]].sum(0)
            enough = of_things.sum((1, 2)) >= LEAST * cells.sum((1, 2))
            told = enough & torch.tensor([name is not None and name not in self.stuff for name in asked])
            cells = torch.where(told[:, None, None], of_things, cells)
        found = (of_areas(logits, cells) / self.temperature).softmax(-1)
        found[~cells.flatten(1).any(1)] = float("nan")
        return np.asarray(found.numpy())

    def recognise(
        self, rgb: np.ndarray, areas: np.ndarray, asked: Sequence[str | None] = ()
    ) -> list[Recognised | None]:
        """Say what each area of a picture shows; None for an empty one. Args: see `chances`."""
        return [
            None if np.isnan(row).any() else Recognised(self.names[int(row.argmax())], float(row.max()))
            for row in self.chances(rgb, areas, asked)
        ]


def of_areas(logits: Tensor, cells: Tensor) -> Tensor:
    """The logits `[n, names]` of areas: the weighted mean of those of their cells.

    Args:
        logits: `[names, h, w]`. cells: `[n, h, w]`, how much of each cell an area has, from 0.
    """
    return cells.flatten(1) @ logits.flatten(1).T / cells.sum((1, 2)).clamp_min(1e-6)[:, None]


def _padded(array: np.ndarray, mode: str = "edge") -> np.ndarray:
    """An array `[H, W, n]` with more rows and columns, so that both are multiples of `STEP`."""
    rows, columns = (-side % STEP for side in array.shape[:2])
    return np.pad(array, ((0, rows), (0, columns), (0, 0)), mode=mode) if rows or columns else array  # type: ignore[call-overload]


def _labels(logits: Tensor) -> np.ndarray:
    # Hundreds of names at full size would take a gigabyte; the cells tell which few of them are there.
    counts = torch.bincount(logits.argmax(0).flatten(), minlength=len(logits))
    there = counts.topk(min(_FEW, len(counts))).indices
    there = there[counts[there] > 0]
    fine = F.interpolate(logits[there][None], scale_factor=float(CELL), mode="bilinear")[0]
    return there[fine.argmax(0)].numpy().astype(np.uint16)


def to_tensor(rgb: np.ndarray) -> Tensor:
    """Pictures uint8 `[B, H, W, 3]` as the network takes them: float `[B, 3, H, W]` in -1..1."""
    return torch.from_numpy(np.array(rgb)).permute(0, 3, 1, 2).float() / 127.5 - 1


def encoder(folder: Path) -> Encode:
    """What makes latents of pictures by the `AutoencoderTiny` in a folder, on the CPU in float32.

    Raises:
        OSError: it is not there.
    """
    from diffusers import AutoencoderTiny

    with secluded():
        model = AutoencoderTiny.from_pretrained(folder, use_safetensors=True, torch_dtype=torch.float32).eval()

    def encode(pictures: Tensor) -> Tensor:
        return model.encode(pictures).latents * model.config.scaling_factor

    return encode


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
    known["stuff"] = json.dumps(sorted(recogniser.stuff))
    known |= {"accuracy": json.dumps(recogniser.accuracy), "temperature": f"{float(recogniser.temperature):.6f}"}
    save_file(weights, file, metadata=known)


def load(file: Path, autoencoder: Path) -> Recogniser:
    """Load a recogniser, and the autoencoder by whose latents it sees, in float32 on the CPU and in evaluation mode.

    Args:
        autoencoder: the folder of an `AutoencoderTiny`.

    Raises:
        FileNotFoundError: there is no such file.
    """
    if not file.is_file():
        raise FileNotFoundError(file)
    with safe_open(file, framework="pt") as opened:
        known = opened.metadata()
        channels = opened.get_slice("stem.weight").get_shape()[1]
        words = json.loads(known["names"]), json.loads(known["other_words"])
        recogniser = Recogniser(*words, encoder(autoencoder), channels, json.loads(known["stuff"]))
        recogniser.accuracy = json.loads(known["accuracy"])
        weights = {name: opened.get_tensor(name).float() for name in opened.keys()}  # noqa: SIM118
    for name in [name for name in weights if name.endswith(_SCALE)]:
        weights[name.removesuffix(_SCALE)] *= weights.pop(name)[:, None, None, None]
    recogniser.load_state_dict(weights | {"temperature": torch.tensor(float(known["temperature"]))})
    return recogniser.eval()
