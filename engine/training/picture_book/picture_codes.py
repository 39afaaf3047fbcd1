"""What picture tokens begin as: a drawing's latents, part by part, as principal components beside row and column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from diffusers import AutoencoderTiny
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.training.conditions import Conditions
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.placing import CELL
from engine.training.picture_book.split import withheld_drawings
from engine.training.picture_book.sprites import Sprite, SpriteStore, squared
from engine.training.picture_book.styles import DEFAULT_PACK
from resources.picture_tokens import COUNT, SIDE, picture_tokens

_SIZES = {SIDE // 2: 24, SIDE: 30, 2 * SIDE: 62}
"""The sizes in latent cells in which drawings are encoded, and how many numbers of a code say what a part looks like in
each. In the smallest four parts share a cell, and in the largest a part has four."""

_GROUNDS = 8
"""Each drawing is encoded on so many plain grounds; their mean is what the drawing itself contributes."""

_PLACE = 3.0
"""The number that marks a part's row and its column; those of its content have a root mean square of 1."""

_FLATTENED = 0.5
"""The power by which the components are made equal."""


def picture_codes(sprites: SpriteStore, autoencoder: AutoencoderTiny) -> dict[str, np.ndarray]:
    """The codes of each noun's picture tokens, float32 `[36, WIDTH]`, from one drawing that is trained on: the default
    pack's, or another's where that has none."""
    names = [name for name in nouns() if sprites.of.get(name)]
    images = [sprites.image(_drawing(sprites, name)) for name in names]
    looks = [_components(_encoded(images, cells, autoencoder), kept) for cells, kept in _SIZES.items()]
    places = np.zeros((len(names), COUNT, 2 * SIDE), np.float32)
    for part in range(COUNT):
        row, column = divmod(part, SIDE)
        places[:, part, [row, SIDE + column]] = _PLACE
    return dict(zip(names, np.concatenate([*looks, places], -1), strict=True))


@torch.no_grad()
def _encoded(images: Sequence[Image.Image], cells: int, autoencoder: AutoencoderTiny) -> Tensor:
    """Drawings in the middle of squares of so many cells, part by part: float `[drawings, 36, n]`."""
    squares = np.stack([squared(image, cells * CELL) for image in images])
    colour, alpha = torch.from_numpy(squares).permute(0, 3, 1, 2).split([3, 1], 1)
    generator = torch.Generator().manual_seed(5)
    latents = torch.zeros(len(images), autoencoder.config.latent_channels, cells, cells)
    for _ in range(_GROUNDS):
        ground = 0.15 + 0.8 * torch.rand(len(images), 3, 1, 1, generator=generator)
        pictures = 2 * (colour + (1 - alpha) * ground) - 1
        latents += torch.cat([autoencoder.encode(few).latents for few in pictures.split(16)]) / _GROUNDS
    covered = F.avg_pool2d(alpha, CELL)
    codes = torch.cat([latents * covered, 2 * covered], 1)
    if cells < SIDE:
        codes = codes.repeat_interleave(SIDE // cells, 2).repeat_interleave(SIDE // cells, 3)
    parts = codes.unflatten(3, (SIDE, -1)).unflatten(2, (SIDE, -1)).permute(0, 2, 4, 1, 3, 5)
    return parts.flatten(3).flatten(1, 2)


def _components(parts: Tensor, kept: int) -> np.ndarray:
    """The first principal components of all parts, float32 `[drawings, 36, kept]`, with a mean square of 1."""
    flat = parts.flatten(0, 1).numpy()
    flat = flat - flat.mean(0)
    _, strengths, components = np.linalg.svd(flat, full_matrices=False)
    found = min(kept, int((strengths > 1e-3 * strengths[0]).sum()))
    content = flat @ (components[:found] / strengths[:found, None] ** _FLATTENED).T
    content *= np.sqrt(kept / np.square(content).sum(1).mean())
    return np.asarray(np.pad(content, ((0, 0), (0, kept - found))).reshape(*parts.shape[:2], kept), np.float32)


def _drawing(sprites: SpriteStore, name: str) -> Sprite:
    drawn = sprites.of[name]
    withheld = withheld_drawings(drawn)
    trained = [sprite for sprite in drawn if sprite.key not in withheld]
    return min(trained, key=lambda sprite: sprite.pack != DEFAULT_PACK)


@torch.no_grad()
def draw_words(conditions: Conditions, codes: dict[str, np.ndarray]) -> None:
    """Put the codes into T5's token embeddings."""
    weights = conditions.t5.get_input_embeddings().weight
    for name, rows in codes.items():
        tokens = conditions.t5_tokenizer.convert_tokens_to_ids(picture_tokens(name))
        weights[tokens] = torch.from_numpy(rows).to(weights)
