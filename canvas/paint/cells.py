"""Masks on a coarser grid, renewed only where they changed: for marks over the canvas, and as a model sees paint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from canvas.model.scene import Scene, acting_ids
from canvas.model.tiled_mask import FULL, TILE, Key, TiledMask, area_reduce, changed_tiles
from canvas.paint.acting import ADD, dealt, rule_of
from resources.limits import OVERLAPS

PAINTED = 128  # coverage of 255 from which a place counts as painted
FINEST = 512  # cells along the longer side, at most, in which overlaps are looked for


class Cells:
    """The mean coverage in each cell of a word's mask, kept for the next time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, TiledMask, np.ndarray]] = {}

    def of(self, word_id: str, mask: TiledMask, cell: int) -> np.ndarray:
        """Return uint8 `[rows, columns]` of a mask with cells of `cell` pixels, those at the edge less where needed.

        Where the cells do not divide a tile they are as large as makes them all equal, as a network pads its sides.
        """
        known = self._known.get(word_id)
        if known is not None and known[0] == cell and known[1] is mask:
            return known[2]
        width, height = mask.size
        columns, rows = -(-width // cell), -(-height // cell)
        if TILE % cell or width % cell or height % cell:
            values = np.rint(area_reduce(mask.to_array(), (columns, rows)) * 255).astype(np.uint8)
        else:
            if known is not None and known[0] == cell and known[1].size == mask.size:
                values, keys = known[2].copy(), changed_tiles(known[1], mask)
            else:
                values, keys = np.zeros((rows, columns), np.uint8), set(mask.tiles)
            _renew(values, mask, keys, cell)
        self._known[word_id] = (cell, mask, values)
        return values

    def keep_only(self, word_ids: Iterable[str]) -> None:
        """Forget all other words."""
        wanted = set(word_ids)
        self._known = {word_id: known for word_id, known in self._known.items() if word_id in wanted}


def _renew(values: np.ndarray, mask: TiledMask, keys: set[Key], cell: int) -> None:
    side = TILE // cell
    for tx, ty in keys:
        place = values[ty * side : (ty + 1) * side, tx * side : (tx + 1) * side]
        tile = mask.tiles.get((tx, ty))
        if tile is None or tile is FULL:
            place[...] = 0 if tile is None else 255
            continue
        means = tile
        if cell > 1:
            sums = tile.reshape(side, cell, side, cell).sum(axis=(1, 3), dtype=np.uint32)
            means = ((sums + cell * cell // 2) // (cell * cell)).astype(np.uint8)
        place[...] = means[: place.shape[0], : place.shape[1]]


def _softened(values: np.ndarray, feather: float) -> np.ndarray:
    """Cells of a mask whose edge is soft over `feather` cells."""
    if not feather:
        return values
    return np.rint(ndimage.gaussian_filter(values.astype(np.float32), feather / 2, mode="nearest")).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Coverage:
    """How many words are painted in each cell: uint8 `[rows, columns]`, and the shares of the canvas, 0..1.

    Attributes:
        overlaps: the share that two words or more have painted.
        bare: the share that none has.
        rules: what the topmost word of each cell does to those under it: uint8 indices of `OVERLAPS`.
        by_rule: the share of the canvas in which words overlap by each rule, of those that happen.
    """

    counts: np.ndarray
    overlaps: float
    bare: float
    rules: np.ndarray
    by_rule: Mapping[str, float]


def coverage(scene: Scene, cells: Cells) -> Coverage:
    """Count the words that act in each place; on a canvas of more than 512 pixels in cells of 2, 4, 8..."""
    cell = 1
    while max(scene.size) > FINEST * cell and cell < TILE:
        cell *= 2
    acting = acting_ids(scene)
    counts = np.zeros((-(-scene.size[1] // cell), -(-scene.size[0] // cell)), np.uint8)
    rules, names = np.zeros_like(counts), list(OVERLAPS)
    for word in (word for word in scene.words if word.id in acting):
        painted = cells.of(word.id, scene.masks[word.id], cell) >= PAINTED
        counts += painted
        if rule := names.index(rule_of(scene, word)):
            rules[painted] = rule
        elif rules.any():
            rules[painted] = 0
    cells.keep_only(acting)
    several = counts > 1
    by_rule = {name: float((several & (rules == index)).mean()) for index, name in enumerate(names)}
    return Coverage(
        counts,
        float(several.mean()),
        float((counts == 0).mean()),
        rules,
        {name: share for name, share in by_rule.items() if share},
    )


def as_the_model_sees(scene: Scene, cells: Cells, cell: int) -> np.ndarray:
    """Return the acting words' colours in cells of the model's coarsest attention: premultiplied ARGB uint32 `[h, w]`.

    Words lie over one another in the order of the list, each as opaque as its mean coverage of a cell, with the soft
    edges and the rules for overlaps of `canvas.paint.acting`, worked out on the cells: at once, while a stroke runs.
    """
    shape = (-(-scene.size[1] // cell), -(-scene.size[0] // cell))
    seen = np.zeros((*shape, 4), np.float32)  # red, green, blue, opacity
    acting = acting_ids(scene)
    words = [word for word in scene.words if word.id in acting]
    reduced = [_softened(cells.of(word.id, scene.masks[word.id], cell), word.feather / cell) for word in words]
    claims = [index for index, word in enumerate(words) if word.strength > 0]
    rules = [rule_of(scene, words[index]) for index in claims]
    if any(rule != ADD for rule in rules):
        for index, left in zip(claims, dealt([reduced[index] for index in claims], rules), strict=True):
            reduced[index] = left
    for word, values in zip(words, reduced, strict=True):
        share = values[..., None] / np.float32(255)
        ink = np.array([*(int(word.color[start : start + 2], 16) for start in (1, 3, 5)), 255], np.float32)
        seen += (ink - seen) * share
    cells.keep_only(acting)
    red, green, blue, alpha = (np.rint(seen[..., each]).astype(np.uint32) for each in range(4))
    return alpha << 24 | red << 16 | green << 8 | blue
