"""Paint as the model gets it: edges made soft, and what words do to one another where they overlap."""

from __future__ import annotations

import math
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PIL import Image
from scipy import ndimage

from canvas.model.scene import Scene, Word, acting_words
from canvas.model.tiled_mask import TILE, Key, Rect, Size, TiledMask, clip, full_tile, grid, rects_of_tiles, tiles_of

ADD, TOP, SHARE = "add", "top", "share"
KEPT_BYTES = 64 * 2**20
_FINE = 6.0  # spreads up to this are blurred pixel by pixel
_COARSEST = 48  # cells along the shorter side of the smallest picture in which a wide blur is made
_TRUNCATE = 4.0  # spreads after which a blur ends
_soft: OrderedDict[tuple[int, float], TiledMask] = OrderedDict()
_lock = threading.Lock()  # of both: live mode asks on a thread of its own
_settled: OrderedDict[tuple[object, ...], dict[str, TiledMask]] = OrderedDict()


def rule_of(scene: Scene, word: Word) -> str:
    """What a word does to the words under it where it overlaps them, one of `resources.limits.OVERLAPS`.

    A word that pushes itself out of its paint claims no place there: it always adds.
    """
    return ADD if word.strength < 0 else word.overlap or scene.settings.overlap


def acting_masks(scene: Scene, words: Sequence[Word] | None = None) -> Mapping[str, TiledMask]:
    """The masks that the model gets, by id, of the words that act (or of `words`, in their order).

    The edge of each is softened first. Then each word, by its rule, deals with those before it in the list, which lie
    under it, at every pixel where both have paint: "add" leaves both as they are; "top" leaves the lower ones only what
    the upper one does not cover; "share" scales all of them down so that together they are as strong as one. Words that
    push themselves out take no part. Where no word has a soft edge and all add, these are the scene's very masks.
    """
    acting = list(acting_words(scene) if words is None else words)
    masks = {word.id: softened(scene.masks[word.id], word.feather) for word in acting}
    rules = {word.id: rule_of(scene, word) for word in acting}
    if all(rule == ADD for rule in rules.values()):
        return masks
    claims = {word.id: mask for word, mask in zip(acting, masks.values(), strict=True) if word.strength > 0}
    key = tuple((word_id, mask.revision, rules[word_id]) for word_id, mask in claims.items())
    with _lock:
        found = _settled.get(key)
    if found is None:
        found = _dealt(claims, rules)
        with _lock:
            _settled[key] = found
            while len(_settled) > 2:
                _settled.popitem(last=False)
    return {**masks, **found}


def softened(mask: TiledMask, feather: float) -> TiledMask:
    """A mask with its edge made soft as a selection is feathered: a Gaussian blur whose spread is half of `feather`.

    Only where an edge is near; the canvas' own edge is none of the paint. The last ones are kept, as live painting asks
    again.
    """
    if feather <= 0 or mask.is_empty:
        return mask
    key = (mask.revision, feather)
    with _lock:
        made = _soft.get(key)
        if made is not None:
            _soft.move_to_end(key)
            return made
    made = _blurred(mask, feather / 2)
    with _lock:
        _soft[key] = made
        while len(_soft) > 1 and sum(each.nbytes for each in _soft.values()) > KEPT_BYTES:
            _soft.popitem(last=False)
    return made


def _blurred(mask: TiledMask, sigma: float) -> TiledMask:
    reach = int(_TRUNCATE * sigma + 0.5)
    columns, rows = grid(mask.size)
    kind = np.zeros((rows, columns), np.uint8)  # 0 unpainted, 2 full, 1 anything between
    for tx, ty in mask.tiles:
        kind[ty, tx] = 2 if mask.tiles[tx, ty] is full_tile(mask.size, (tx, ty)) else 1
    around = 2 * -(-reach // TILE) + 1
    low, high = (each(kind, around, mode="nearest") for each in (ndimage.minimum_filter, ndimage.maximum_filter))
    ys, xs = np.nonzero((low != high) | (kind == 1))
    keys = list(zip(xs.tolist(), ys.tolist(), strict=True))
    blur = _near(mask, sigma, reach) if sigma <= _FINE else _wide(mask, sigma)
    tiles: dict[Key, np.ndarray | None] = {}
    for rect in rects_of_tiles(keys, mask.size):
        soft = np.rint(blur(rect)).clip(0, 255).astype(np.uint8)
        for key in tiles_of(rect, mask.size):
            left, top = key[0] * TILE - rect[0], key[1] * TILE - rect[1]
            part = soft[top : top + TILE, left : left + TILE]
            tile = np.zeros((TILE, TILE), np.uint8)
            tile[: part.shape[0], : part.shape[1]] = part
            tiles[key] = _shared(tile, mask.size, key)
    return mask.with_tiles(tiles)


def _near(mask: TiledMask, sigma: float, reach: int) -> Callable[[Rect], np.ndarray]:
    """What blurs a part of a mask, float32 `[h, w]`, from what lies around it."""

    def blur(rect: Rect) -> np.ndarray:
        x, y, w, h = rect
        room = clip((x - reach, y - reach, w + 2 * reach, h + 2 * reach), mask.size)
        assert room is not None, "it is on the canvas"
        values = mask.read(room).astype(np.float32)
        values = ndimage.gaussian_filter(values, sigma, mode="nearest", truncate=_TRUNCATE)
        left, top = x - room[0], y - room[1]
        return values[top : top + h, left : left + w]

    return blur


def _wide(mask: TiledMask, sigma: float) -> Callable[[Rect], np.ndarray]:
    """The same of a mask that is blurred as a smaller picture, which a wide blur does not tell from the whole one: it
    takes a fraction of a second on a canvas of 4096 pixels, and within two levels of 255 it is the same."""
    factor = min(2 ** math.floor(math.log2(sigma / _FINE * 2)), max(1, min(mask.size) // _COARSEST))
    small = np.array(Image.fromarray(mask.to_array()).convert("F").reduce(factor))
    spread = math.sqrt(sigma**2 - (factor**2 - 1) / 12) / factor  # the mean over the cells has blurred a little
    small = ndimage.gaussian_filter(small, spread, mode="nearest", truncate=_TRUNCATE)
    # Half a cell at the canvas' edge lies beyond the middles of the last cells: the slope goes on there.
    picture = Image.fromarray(np.pad(small, 2, mode="reflect", reflect_type="odd"))

    def blur(rect: Rect) -> np.ndarray:
        x, y, w, h = rect
        box = (x / factor + 2, y / factor + 2, (x + w) / factor + 2, (y + h) / factor + 2)
        return np.asarray(picture.resize((w, h), Image.Resampling.BICUBIC, box=box))

    return blur


def _shared(tile: np.ndarray, size: Size, key: Key) -> np.ndarray | None:
    """A tile as masks keep it: None where nothing is painted, the one shared array where all is."""
    full = full_tile(size, key)
    return full if np.array_equal(tile, full) else tile if tile.any() else None


def _dealt(masks: Mapping[str, TiledMask], rules: Mapping[str, str]) -> dict[str, TiledMask]:
    """Masks from the lowest up, with the rules applied, tile by tile where two or more have paint."""
    changed: dict[str, dict[Key, np.ndarray | None]] = {}
    held = Counter(key for mask in masks.values() for key in mask.tiles)
    for key in (key for key, count in held.items() if count > 1):
        ids = [word_id for word_id, mask in masks.items() if key in mask.tiles]
        before = [masks[word_id].tiles[key] for word_id in ids]
        for word_id, old, new in zip(ids, before, dealt(before, [rules[each] for each in ids]), strict=True):
            if not np.array_equal(old, new):
                changed.setdefault(word_id, {})[key] = new if new.any() else None
    return {word_id: masks[word_id].with_tiles(tiles) for word_id, tiles in changed.items()}


def dealt(tiles: Sequence[np.ndarray], rules: Sequence[str]) -> list[np.ndarray]:
    """Paint uint8 `[h, w]` of words from the lowest up, with the rule of each applied to those under it.

    "top" is first: a lower word keeps at most 255 less what lies over it. Of what is left, the words that share, and
    those under them as far as they are under them, are divided by their sum where that is more than one.
    """
    left = [tile.astype(np.float32) / 255 for tile in tiles]
    for index, rule in enumerate(rules):
        if rule == TOP:
            room = 1 - left[index]
            for under in range(index):
                left[under] = np.minimum(left[under], room)
    joins: list[np.ndarray] = []
    over = np.zeros_like(left[0])
    for tile, rule in zip(reversed(left), reversed(rules), strict=True):
        joins.append(np.ones_like(tile) if rule == SHARE else over)
        over = np.maximum(over, tile) if rule == SHARE else over
    joins.reverse()
    total = np.maximum(sum(tile * join for tile, join in zip(left, joins, strict=True)), 1)
    return [
        np.rint(tile * (1 - join + join / total) * 255).astype(np.uint8) for tile, join in zip(left, joins, strict=True)
    ]
