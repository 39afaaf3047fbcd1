"""The segmenter: assigns every pixel of a picture to one of the names that the starter model was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

import resources

WIDTHS = (24, 48, 96, 128)


def _block(inside: int, out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, out, 3, stride=stride, padding=1, bias=False),
        nn.GroupNorm(8, out),
        nn.SiLU(),
        nn.Conv2d(out, out, 3, padding=1, bias=False),
        nn.GroupNorm(8, out),
        nn.SiLU(),
    )


class Segmenter(nn.Module):
    """A U-Net (arXiv 1505.04597) with four levels whose output has half the picture's width and height.

    Args:
        names: the class names; a label is an index into them.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = tuple(names)
        inputs = (3, *WIDTHS[:-1])
        self.down = nn.ModuleList(_block(i, o, stride=2) for i, o in zip(inputs, WIDTHS, strict=True))
        self.up = nn.ModuleList(_block(WIDTHS[k] + WIDTHS[k - 1], WIDTHS[k - 1]) for k in range(len(WIDTHS) - 1, 0, -1))
        self.head = nn.Conv2d(WIDTHS[0], len(names), 1)

    def levels(self, pictures: Tensor) -> list[Tensor]:
        """Feature maps of float pictures `[B, 3, H, W]` in -1..1, at 1/2, 1/4, 1/8 and 1/16 of their size."""
        maps = []
        for block in self.down:
            pictures = block(pictures)
            maps.append(pictures)
        return maps

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits `[B, names, H/2, W/2]` of float pictures `[B, 3, H, W]` in -1..1; H and W multiples of 16."""
        maps = self.levels(pictures)
        x = maps[-1]
        for block, skip in zip(self.up, maps[-2::-1], strict=True):
            x = block(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), skip], 1))
        return self.head(x)

    @torch.inference_mode()
    def predict(self, rgb: np.ndarray) -> np.ndarray:
        """Label pixels: uint8 `[B, H, W, 3]`, H and W multiples of 16 -> uint8 `[B, H, W]`, indices into `names`."""
        labels = [
            F.interpolate(self(_to_tensor(part)), scale_factor=2.0, mode="bilinear").argmax(1).to(torch.uint8).numpy()
            for part in _parts(rgb)
        ]
        return np.concatenate(labels)

    @torch.inference_mode()
    def scores(self, rgb: np.ndarray) -> np.ndarray:
        """How likely each name is at each pixel, as logits: uint8 `[H, W, 3]`, H and W multiples of 16 -> float32
        `[names, H, W]`; the largest is what `predict` says."""
        grown = F.interpolate(self(_to_tensor(rgb[None])), scale_factor=2.0, mode="bilinear")
        return np.asarray(grown[0].numpy())

    @torch.inference_mode()
    def features(self, rgb: np.ndarray) -> np.ndarray:
        """Mean and standard deviation of every feature map: uint8 `[B, H, W, 3]` -> float32 `[B, 592]`."""
        rows = []
        for part in _parts(rgb):
            maps = self.levels(_to_tensor(part))
            rows.append(torch.cat([f(m) for m in maps for f in (_mean, _spread)], 1).numpy())
        return np.concatenate(rows)


def _mean(maps: Tensor) -> Tensor:
    return maps.mean((2, 3))


def _spread(maps: Tensor) -> Tensor:
    return maps.std((2, 3))


def _parts(rgb: np.ndarray, at_once: int = 16) -> list[np.ndarray]:
    return [rgb[i : i + at_once] for i in range(0, len(rgb), at_once)]


def _to_tensor(rgb: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(rgb)).permute(0, 3, 1, 2).float() / 127.5 - 1


def save(segmenter: Segmenter, folder: Path) -> None:
    """Write `model.safetensors` into `folder`: the weights in float16, and the names as metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.half().contiguous() for name, value in segmenter.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"names": ",".join(segmenter.names)})


def load(folder: Path | None = None) -> Segmenter:
    """Load a segmenter, by default the one that ships, in float32 on the CPU and in evaluation mode.

    Raises:
        FileNotFoundError: its weights are missing.
    """
    path = (folder or resources.path("segmenter")) / "model.safetensors"
    if not path.is_file():
        raise FileNotFoundError(path)
    with safe_open(path, framework="pt") as file:
        segmenter = Segmenter(file.metadata()["names"].split(","))
        segmenter.load_state_dict({name: file.get_tensor(name).float() for name in file.keys()})  # noqa: SIM118
    return segmenter.eval()
