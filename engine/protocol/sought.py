"""What is sought in a picture that is there already, and what was found: words, each with its mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NOISE = (0.15, 0.4, 0.8)
SHARPEN = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class WordSearch:
    """Words whose places in a picture are asked for.

    Attributes:
        rgb: the picture, uint8 `[H, W, 3]`, of any size.
        prompt: what it shows. words: half-open code-point spans of the prompt whose masks are wanted.
        beside: spans of other words that it shows: each pixel goes to the word that has most of it.
        sharpen: how often the words' places are refined by what in the picture belongs together; 0 is not at all.
        noise: eDiff-I's sigmas at which the noised picture is looked at; the mean of all looks counts.
        seed: of the noise.
        model: a name in the library, or a path. device: auto, cpu, cuda, cuda:N or mps.
    """

    rgb: np.ndarray
    prompt: str
    words: tuple[tuple[int, int], ...]
    beside: tuple[tuple[int, int], ...] = ()
    sharpen: int = SHARPEN
    noise: tuple[float, ...] = NOISE
    seed: int = 0
    model: str = "starter"
    device: str = "auto"


@dataclass(frozen=True, kw_only=True, eq=False)
class WordsFound:
    """Where they are.

    Attributes:
        masks: uint8 `[words, H, W]` of the picture's size: 255 is the word.
        maps: float32 `[words, h, w]`, 0..1: how much of each cell's attention the word has, as sharpened as asked.
        sharpened: how often they were sharpened: 0 where the model does not show what belongs together.
    """

    masks: np.ndarray
    maps: np.ndarray
    sharpened: int
