"""What words look like, as numbers: principal components of their drawings, with which the text encoders begin.

A denoiser that starts from random words must learn each thing's look by heart. Here similar things have similar words,
and a word's numbers are those of a picture, so that what it learns of one thing helps with all others.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import torch
from torch import Tensor, nn

from engine.training.conditions import WIDTH, Conditions
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.split import withheld_drawings
from engine.training.picture_book.sprites import Sprite, SpriteStore, squared
from engine.training.picture_book.styles import DEFAULT_PACK
from engine.training.picture_book.vocabulary import synonyms
from resources.picture_tokens import part_of

_SIDE = 24
"""Width and height in pixels at which drawings are compared."""

_FLATTENED = 0.5
"""The power by which the components are made equal."""

_IN_CLIP, _IN_T5 = 0.15, 1.0
"""The codes' root mean square in each encoder, so that they outweigh positions and what layers add at first."""


def word_codes(sprites: SpriteStore) -> dict[str, np.ndarray]:
    """Each noun's code, float32 `[WIDTH]`: the mean of the default pack's drawings of it that are trained on, or of all
    where there are none, in the principal components of all packs' drawings.

    The root mean square of the means of all drawings is 1.
    """
    rows, owners, default = [], [], []
    for name in nouns():
        drawn = sprites.of.get(name, [])
        withheld = withheld_drawings(drawn)
        for sprite in drawn:
            if sprite.key not in withheld:
                rows.append(_small(sprites, sprite))
                owners.append(name)
                default.append(sprite.pack == DEFAULT_PACK)
    pictures = np.stack(rows)
    pictures -= pictures.mean(0)
    # Nouns count alike, however many drawings they have.
    counts = {name: owners.count(name) for name in set(owners)}
    weights = np.array([counts[name] ** -0.5 for name in owners], np.float32)
    _, strengths, components = np.linalg.svd(pictures * weights[:, None], full_matrices=False)
    kept = min(WIDTH, int((strengths > 1e-3 * strengths[0]).sum()))
    basis = components[:kept] / strengths[:kept, None] ** _FLATTENED
    placed = pictures @ basis.T
    means, codes = {}, {}
    for name in counts:
        own = np.array([owner == name for owner in owners])
        shown = own & np.array(default)
        means[name] = placed[own].mean(0)
        codes[name] = placed[shown if shown.any() else own].mean(0)
    scale = 1 / np.sqrt(np.mean([np.square(row).sum() / WIDTH for row in means.values()]))
    return {name: np.pad(scale * row, (0, WIDTH - len(row))) for name, row in codes.items()}


def _small(sprites: SpriteStore, sprite: Sprite) -> np.ndarray:
    """A small drawing as premultiplied colour around grey and alpha, flat."""
    square = squared(sprites.image(sprite), _SIDE)
    square[..., :3] -= square[..., 3:] / 2
    return square.ravel()


@torch.no_grad()
def begin_with(conditions: Conditions, codes: dict[str, np.ndarray]) -> int:
    """Put the codes into the token embeddings of both text encoders; returns how many tokens got one.

    A word of several nouns ("car" of "police car") gets their mean.
    """
    count = 0
    for tokenizer, encoder, scale in (
        (conditions.tokenizer, conditions.text, _IN_CLIP),
        (conditions.t5_tokenizer, conditions.t5, _IN_T5),
    ):
        found: dict[int, list[np.ndarray]] = defaultdict(list)
        for name, code in codes.items():
            own = [name, *(word for word, meant in synonyms().items() if meant == name)]
            for word in own:
                pieces = tokenizer.tokenize(word)
                for token in tokenizer.convert_tokens_to_ids([each for each in pieces if part_of(each) is None]):
                    found[token].append(code)
        table = encoder.get_input_embeddings()
        assert isinstance(table, nn.Embedding)
        weights: Tensor = table.weight
        for token, each in found.items():
            weights[token] = scale * torch.from_numpy(np.mean(each, 0)).to(weights)
        count += len(found)
    return count
