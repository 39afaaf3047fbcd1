"""The sprite store: every noun's drawings as RGBA pictures, read on demand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from engine.training.picture_book.errors import StoreError
from engine.training.picture_book.nouns import nouns
from resources.pictures import read_picture


@dataclass(frozen=True)
class Sprite:
    """One drawing in the store: its noun, the letter of its pack, its file, and the skin tone if it has one."""

    noun: str
    pack: str
    icon: str
    file: str
    tone: str = ""

    @property
    def key(self) -> str:
        """A name for this (noun, drawing) pair that does not depend on the rest of the store."""
        return f"{self.noun}|{self.pack}|{self.icon}"

    @property
    def figure(self) -> str:
        """What all skin tones of a drawing share."""
        return self.icon.removesuffix("-skin-tone").removesuffix(f"-{self.tone}")


class SpriteStore:
    """All sprites of a folder that `packs` has written.

    Raises:
        StoreError: the folder has no index, or drawings of none of the nouns in the tables.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            rows = json.loads((folder / "index.json").read_text("utf-8"))["drawings"]
            sprites = [Sprite(row["noun"], row["pack"], row["icon"], row["file"], row["tone"]) for row in rows]
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder} holds no sprites; run engine.training.picture_book.packs: {error}") from error
        self.of: dict[str, list[Sprite]] = defaultdict(list)
        for sprite in sprites:
            if sprite.noun in nouns():
                self.of[sprite.noun].append(sprite)
        if not self.of:
            raise StoreError(f"{folder} has sprites of none of the nouns in the tables")
        self._read = lru_cache(maxsize=1500)(self._open)

    def image(self, sprite: Sprite) -> Image.Image:
        """The drawing as RGBA, cropped to its visible part; it is cached, so do not modify it."""
        return self._read(sprite.file)

    def _open(self, name: str) -> Image.Image:
        return read_picture(self.folder / "png" / name, kinds=("PNG",)).convert("RGBA")


def sized(image: Image.Image, width: int, height: int) -> np.ndarray:
    """A drawing in a size in pixels: float32 `[height, width, 4]`, colour 0..255, alpha 0..1."""
    # Premultiplied, so that the colour of transparent pixels does not bleed into the edges.
    small = np.asarray(image.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS), np.float32)
    alpha = small[..., 3:] / 255
    return np.concatenate([np.clip(small[..., :3] / np.maximum(alpha, 1e-3), 0, 255), alpha], -1)


def squared(image: Image.Image, side: int) -> np.ndarray:
    """A drawing in the middle of a square of `side` pixels, as large as it can be: float32 `[side, side, 4]`, 0..1,
    colour times alpha, and alpha."""
    share = side / max(image.size)
    width, height = (max(1, round(length * share)) for length in image.size)
    small = image.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS)
    square = np.zeros((side, side, 4), np.float32)
    y, x = (side - height) // 2, (side - width) // 2
    square[y : y + height, x : x + width] = np.asarray(small, np.float32) / 255
    return square
