"""Colour maps: a picture of flat colours becomes a scene whose words are painted where their colours are, and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from canvas.files.colour_tables import Color, Entry
from canvas.files.layers import layer_names
from canvas.model.colors import PALETTE
from canvas.model.edits import add_word, change_word
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import find_phrase, occurrences
from resources.limits import MAX_SIDE

_BLURRED = 12
"""Channels of a pixel of a JPEG may differ so much from a colour and still be it."""
_FLAT = 0.8
"""A map of which so much has exactly the table's colours was never a JPEG: what differs there is an edge."""
_REACH = 2
"""How many pixels a soft edge is wide, to each side."""
_SLACK = 40.0
"""How far, in RGB, a pixel may lie from each blend of two colours and still be taken for the nearest."""


def coverage_of(rgb: np.ndarray, colors: Sequence[Color]) -> tuple[np.ndarray, float]:
    """How much of each pixel has each colour: uint8 `[colours, h, w]`, and the share of pixels that have none, 0..1.

    A pixel between two areas is a blend of their two colours, `p = t a + (1 - t) b`; t (least squares, among the
    colours within two pixels) is how much of it the first has, so that antialiased edges stay soft.
    """
    from scipy import ndimage

    height, width = rgb.shape[:2]
    values = np.asarray(colors, np.int16).reshape(-1, 3)
    pixels = rgb.astype(np.int16)
    covered = np.zeros((len(values), height, width), np.uint8)
    free = np.ones((height, width), bool)
    flat = np.zeros((height, width), bool)
    for value in values:
        flat |= (pixels == value).all(axis=2)
    slack = 1 if flat.mean() >= _FLAT else _BLURRED
    for index, value in enumerate(values):
        exact = free & (np.abs(pixels - value).max(axis=2) <= slack)
        covered[index][exact] = 255
        free &= ~exact
    if not free.any() or not len(values):
        return covered, float(free.mean())
    rows, columns = np.nonzero(free)
    edge = rgb[rows, columns].astype(np.float32)
    near = np.stack([ndimage.maximum_filter(each, 2 * _REACH + 1)[rows, columns] > 0 for each in covered])
    best = np.full(len(rows), np.inf, np.float32)
    part = np.zeros((len(values), len(rows)), np.float32)
    for one, other in combinations(range(len(values)), 2):
        both = np.nonzero(near[one] & near[other])[0]
        if not both.size:
            continue
        line = (values[one] - values[other]).astype(np.float32)
        t = np.clip((edge[both] - values[other]) @ line / float(line @ line), 0.0, 1.0)
        off = np.linalg.norm(edge[both] - (values[other] + t[:, None] * line), axis=1)
        better = both[off < best[both]]
        share = t[off < best[both]]
        best[better] = off[off < best[both]]
        part[:, better] = 0.0
        part[one, better], part[other, better] = share, 1.0 - share
    _take_nearest(edge, values, near, best, part)
    covered[:, rows, columns] = np.maximum(covered[:, rows, columns], np.rint(part * 255).astype(np.uint8))
    return covered, float((part.max(axis=0) == 0).sum()) / (height * width)


def _take_nearest(edge: np.ndarray, values: np.ndarray, near: np.ndarray, best: np.ndarray, part: np.ndarray) -> None:
    """Pixels that are no blend: those near one colour and not far from it have it, the others none."""
    lone = np.nonzero(best > _SLACK)[0]
    part[:, lone] = 0.0
    for start in range(0, lone.size, 65536):  # a photograph has millions of them
        some = lone[start : start + 65536]
        distance = np.linalg.norm(edge[some][None] - values[:, None].astype(np.float32), axis=2)
        chosen = distance.argmin(axis=0)
        close = distance[chosen, np.arange(some.size)] <= _SLACK
        part[chosen[close], some[close]] = 1.0


def scene_of(rgb: np.ndarray, entries: Sequence[Entry], prompt: str = "") -> tuple[Scene, tuple[str, ...]]:
    """The scene of a map, uint8 RGB `[h, w, 3]`, and remarks for the painter.

    Colours with the same phrase paint one word. A phrase that the prompt lacks is written behind it.

    Raises:
        SceneFileError: no entry has a phrase, a phrase is no words, or there are too many.
    """
    height, width = rgb.shape[:2]
    if max(height, width) > MAX_SIDE:
        raise SceneFileError("The colour map is too large.", hint=f"Use at most {MAX_SIDE} pixels a side.")
    named = [entry for entry in entries if entry.phrase.strip()]
    if not named:
        raise SceneFileError(
            "No colour of this map has words yet.", hint="Write a phrase beside a colour, or choose a palette."
        )
    remarks: list[str] = []
    covered, left = coverage_of(rgb, [entry.color for entry in entries])
    try:
        scene = Scene(size=(width, height))
        for index, entry in enumerate(entries):
            if entry.phrase.strip():
                prompt, span = _span_in(prompt, entry.phrase)
                scene = _with_word(scene, prompt, span, entry, covered[index], remarks)
    except SceneError as error:
        raise SceneFileError(f"This colour map cannot be used. {error.message}", hint=error.hint) from error
    bare = [entry for entry in entries if not entry.phrase.strip()]
    if bare:
        remarks.append(f"{len(bare)} of {len(entries)} colours have no words and were left unpainted.")
    if left > 0.001:
        remarks.append(f"{left:.1%} of the map has none of the colours and was left unpainted.")
    return scene, tuple(remarks)


def _span_in(prompt: str, phrase: str) -> tuple[str, tuple[int, int]]:
    """The prompt, with the phrase added where it is missing, and where PHRASE#N stands in it."""
    words, sign, number = phrase.strip().rpartition("#")
    count = int(number) if sign and words.strip() and number.isascii() and number.isdigit() and len(number) < 4 else 1
    words = words.strip() if sign and number.isascii() and number.isdigit() and words.strip() else phrase.strip()
    for _ in range(max(0, count - len(occurrences(prompt, words)))):
        prompt = f"{prompt}, {words}" if prompt else words
    span = find_phrase(prompt, words, max(count, 1))
    if span is None:
        raise SceneError(f"“{words[:60]}” is not a phrase.", hint="Write words beside the colour.")
    return prompt, span


def _with_word(scene: Scene, prompt: str, span: tuple[int, int], entry: Entry, alpha: np.ndarray,
               remarks: list[str]) -> Scene:  # fmt: skip
    scene = scene.replace(prompt=prompt)  # only ever made longer at its end: spans stay
    there = next((word for word in scene.words if word.span == span), None)
    if there is not None:
        joined = np.maximum(scene.masks[there.id].to_array(), alpha)
        if there.strength != entry.strength:
            remarks.append(f"“{there.phrase}” has several colours; its strength is {there.strength:g}.")
        return scene.with_mask(there.id, TiledMask.from_array(joined))
    scene, word = add_word(scene, span)
    return change_word(scene.with_mask(word, TiledMask.from_array(alpha)), word, strength=entry.strength)


def map_of(scene: Scene) -> tuple[np.ndarray, list[Entry]]:
    """A scene as a map, uint8 RGB `[h, w, 3]` and its table; where words overlap the later one is on top.

    What nobody painted is black, which has no words. Edges are blends of the colours, as painting programs draw them,
    so that `scene_of` finds them soft again.
    """
    width, height = scene.size
    rgb = np.zeros((height, width, 3), np.float32)
    names = layer_names(scene)
    entries: list[Entry] = []
    for word in scene.words:
        mask = scene.masks[word.id]
        if word.span is None or mask.is_empty:
            continue
        color = _distinct(word.color, [entry.color for entry in entries])
        alpha = mask.to_array().astype(np.float32)[..., None] / 255
        rgb += (np.asarray(color, np.float32) - rgb) * alpha
        entries.append(Entry(color, names[word.id].removesuffix("#1"), word.strength))
    drawn = np.rint(rgb).astype(np.uint8)
    if not drawn.any(axis=2).all():
        entries.append(Entry((0, 0, 0)))
    return drawn, entries


def _distinct(color: str, taken: Sequence[Color]) -> Color:
    """A word's own colour, or a free one: no two entries may be taken for one, nor any for the black ground."""
    steps = np.arange(255, 30, -36)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    named = [[int(each[i : i + 2], 16) for i in (1, 3, 5)] for each in (color, *PALETTE)]
    wanted = np.concatenate([np.array(named), grid])
    used = np.array([*taken, (0, 0, 0)])
    free = np.abs(wanted[:, None] - used[None]).max(axis=2).min(axis=1)
    chosen = wanted[int(np.argmax(free >= 30)) if (free >= 30).any() else int(free.argmax())]
    return int(chosen[0]), int(chosen[1]), int(chosen[2])
