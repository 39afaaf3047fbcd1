"""What picture tokens begin as: a drawing's latents, part by part, as principal components beside row and column."""

from __future__ import annotations

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch.nn import functional as F

from engine.training.conditions import WIDTH, Conditions
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.placing import CELL
from engine.training.picture_book.split import withheld_drawings
from engine.training.picture_book.sprites import Sprite, SpriteStore, squared
from engine.training.picture_book.styles import DEFAULT_PACK
from resources.picture_tokens import COUNT, SIDE, picture_tokens

_CELLS = 8
"""Width and height in latent cells at which drawings are encoded: the size that most things have on a page."""

_GROUNDS = 8
"""Each drawing is encoded on so many plain grounds; their mean is what the drawing itself contributes."""

_CONTENT = WIDTH - 2 * SIDE
_PLACE = 3.0
"""The number that marks a part's row and its column; those of its content have a root mean square of 1."""

_FLATTENED = 0.5
"""The power by which the components are made equal."""


@torch.no_grad()
def picture_codes(sprites: SpriteStore, autoencoder: AutoencoderTiny) -> dict[str, np.ndarray]:
    """The codes of each noun's picture tokens, float32 `[16, WIDTH]`, from one drawing that is trained on: the default
    pack's, or another's where that has none."""
    names = [name for name in nouns() if sprites.of.get(name)]
    squares = [squared(sprites.image(_drawing(sprites, name)), _CELLS * CELL) for name in names]
    colour, alpha = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).split([3, 1], 1)
    generator = torch.Generator().manual_seed(5)
    latents = torch.zeros(len(names), autoencoder.config.latent_channels, _CELLS, _CELLS)
    for _ in range(_GROUNDS):
        ground = 0.15 + 0.8 * torch.rand(len(names), 3, 1, 1, generator=generator)
        pictures = 2 * (colour + (1 - alpha) * ground) - 1
        latents += torch.cat([autoencoder.encode(few).latents for few in pictures.split(16)]) / _GROUNDS
    covered = F.avg_pool2d(alpha, CELL)
    cells = torch.cat([latents * covered, 2 * covered], 1)
    parts = cells.unflatten(3, (SIDE, -1)).unflatten(2, (SIDE, -1)).permute(0, 2, 4, 1, 3, 5)
    flat = parts.reshape(len(names) * COUNT, -1).numpy()
    flat -= flat.mean(0)
    _, strengths, components = np.linalg.svd(flat, full_matrices=False)
    kept = min(_CONTENT, int((strengths > 1e-3 * strengths[0]).sum()))
    content = flat @ (components[:kept] / strengths[:kept, None] ** _FLATTENED).T
    codes = np.zeros((len(names), COUNT, WIDTH), np.float32)
    codes[..., :kept] = (content / np.sqrt(np.square(content).sum(1).mean() / _CONTENT)).reshape(-1, COUNT, kept)
    for part in range(COUNT):
        row, column = divmod(part, SIDE)
        codes[:, part, [_CONTENT + row, _CONTENT + SIDE + column]] = _PLACE
    return dict(zip(names, codes, strict=True))


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
