"""A recogniser that names places by their colours, for tests of what is made of its word."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.scoring.recogniser import CELL, Recogniser

COLOURS = {"sky": (60, 120, 240), "grass": (40, 160, 40), "house": (200, 30, 30), "sun": (250, 220, 40)}
_SHARPNESS = 20.0


class ColourRecogniser(Recogniser):
    """Everything is the real class's but the network, whose place takes the distance from each name's colour."""

    def __init__(self, colours: Mapping[str, tuple[int, int, int]], other_words: Mapping[str, str] | None = None):
        super().__init__(tuple(colours), other_words)
        self.colours = torch.tensor(list(colours.values())).float() / 127.5 - 1

    def logits(self, pictures: Tensor) -> Tensor:
        cells = F.avg_pool2d(pictures, CELL)
        return -_SHARPNESS * (cells[:, None] - self.colours[None, :, :, None, None]).square().sum(2)


def recogniser_of_colours() -> ColourRecogniser:
    """Knows `COLOURS`, and "meadow" for grass."""
    return ColourRecogniser(COLOURS, {"meadow": "grass"}).eval()


def landscape(side: int = 256) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Sky over grass, and a house in the middle: a picture uint8 `[side, side, 3]`, and where each is, in 0 or 255."""
    house = np.zeros((side, side), bool)
    house[side // 4 : side // 2 + side // 4, side // 4 : side // 2] = True
    sky = np.zeros_like(house)
    sky[: side // 2] = True
    places = {"sky": sky & ~house, "grass": ~sky & ~house, "house": house}
    rgb = np.zeros((side, side, 3), np.uint8)
    for name, place in places.items():
        rgb[place] = COLOURS[name]
    return rgb, {name: place * np.uint8(255) for name, place in places.items()}
