"""Batches for the denoiser: latents, their conditioning (caption, reference), and where their words are painted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.attention.parts import EDGE, painted_parts, part_areas
from engine.training.conditions import MAX_LENGTH, STYLE_TOKENS, WIDTH, Conditions, EncoderInputs
from engine.training.picture_book.brush import painted
from engine.training.picture_book.captions import Mention, write_caption
from engine.training.picture_book.errors import StoreError
from engine.training.picture_book.placing import window_start
from engine.training.picture_book.shards import SIDE, Example, ShardStore
from engine.training.picture_book.styles import MEDIA, STYLE_PACKS, style_of
from engine.training.picture_book.vocabulary import nonsense

_READINGS = ((0.8, (True, True)), (0.1, (True, False)), (0.1, (False, True)))
"""Probability of each choice of encoders for the prompt: (CLIP, T5)."""

_SHOWN, _PLAIN = 0.97, 0.25
"""Probability of a reference, for styles that take one and for the plain look of the default pack."""

_GARBLED = 0.2
"""Probability that an example without a reference gets meaningless reference tokens."""

_ALL_PAINTED = 0.5
"""The share of examples with all words painted."""


class _Shares(NamedTuple):
    """The shares of examples without a caption, and with one of which no word is painted."""

    no_text: float
    unpainted: float


_WHOLE, _WINDOWS = _Shares(no_text=0.1, unpainted=0.1), _Shares(no_text=0.04, unpainted=0.1)
"""In windows things are learnt: what noise cannot tell, which and where they are, is left to whole pictures."""

_COUNTED = {3: 3.0}
"""How much the cells of things of a size count, if not as one: the smallest have few."""

_COLOURED = 0.4
"""The share of examples that are chosen from scenes with a thing of a named colour, so that colour words are learnt."""

_AS_SEEN = 0.25
"""How often a word is painted where its things are seen; else also where others hide them."""

_AT_THINGS = 0.95
"""The share of windows that are placed at a thing."""

_FEWEST, _MOSTLY = 1.5, 0.4
"""What a window's caption mentions: parts of so many cells, and things of which so much is in it."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Examples for one step.

    Attributes:
        latents: float `[B, C, side, side]`. inputs: the prompts and references, and which encoders read them.
        truth, paint: float `[B, side * side, t]`: where each token's object is, and where it is painted.
        things: float `[B, side, side]`, the share of each cell that things cover, of the smallest three times as much.
        weight: float `[B]`, the paint weight w'. media, packs: int64 `[B]`, the references' styles.
    """

    latents: Tensor
    inputs: EncoderInputs
    truth: Tensor
    paint: Tensor
    things: Tensor
    weight: Tensor
    media: Tensor
    packs: Tensor


Window = tuple[slice, slice]


@dataclass(frozen=True)
class _Placed:
    """A phrase's tokens, and where in the whole picture its things are and are painted, each for itself, if at all."""

    row: int
    positions: list[int]
    areas: np.ndarray
    squares: np.ndarray
    paint: list[np.ndarray]
    pictures: dict[int, int]

    def planes(self, position: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Where the object of a token is, and where that is painted; of a picture token, its part of each thing."""
        part = self.pictures.get(position)
        if part is None:
            return self.areas.sum(0).clip(0, 1), np.max(self.paint, 0) if self.paint else None
        truth, paint = self._parts
        return truth[part], None if paint is None else paint[part]

    @cached_property
    def _parts(self) -> tuple[np.ndarray, np.ndarray | None]:
        truth = sum(part_areas(area, square) for area, square in zip(self.areas, self.squares, strict=True))
        return np.clip(truth, 0, 1), painted_parts(self.paint) if self.paint else None


class Examples:
    """Draws random batches from a store of shards.

    Args:
        side: width and height of the examples' latents. Where it is smaller than the store's, they are windows, mostly
            around a thing, with captions of what is in them.
        names: of the things that all windows are placed at, in the default pack's scenes; by default there are windows
            of all things and styles.
        styled: the share of examples, 0..1, that are of other styles' scenes all the same.
        painted: whether any have paint.

    Raises:
        StoreError: no scene has such a thing that fits into a window, or none is in another style.
    """

    def __init__(
        self,
        store: ShardStore,
        conditions: Conditions,
        rng: np.random.Generator,
        side: int,
        names: Collection[str] | None = None,
        styled: float = 0.0,
        painted: bool = True,
    ) -> None:
        self.store, self.conditions, self.rng, self.side, self.names = store, conditions, rng, side, names
        self.styled = styled
        shares = _WINDOWS if side < SIDE else _WHOLE
        self.shares = shares if painted else shares._replace(unpainted=1.0)
        self.scenes: Sequence[int] = range(len(store)) if names is None else _scenes_with(store, names, side)
        if names is not None and not self.scenes:
            raise StoreError("No scene has one of these things so small that a window holds it. Make more shards.")
        others = range(len(store)) if styled else ()
        self.in_styles = [index for index in others if style_of(store.seed(index)).shows]
        if styled and not self.in_styles:
            raise StoreError("No scene is in another style than the default one. Make more shards.")
        self.coloured = [index for index in self.scenes if any(part.colour for part in store[index].parts)]

    def __call__(self, size: int) -> Batch:
        """The next `size` examples."""
        rng = self.rng
        latents, prompts, windows, placed, references, things = [], [], [], [], [], []
        flags = {name: np.zeros(size, bool) for name in ("clip", "t5", "styled")}
        weight = np.zeros(size, np.float32)
        media, packs = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for row in range(size):
            scenes = self._scenes()
            index = scenes[int(rng.integers(len(scenes)))]
            example, window = self.windowed(self.store[index])
            style = style_of(self.store.seed(index))
            latents.append(example.latents[:, *window])
            counted = np.array([_COUNTED.get(side, 1.0) if side else 0.0 for *_, side in example.squares.tolist()])
            things.append(np.einsum("p,phw->hw", counted, example.areas)[window].astype(np.float32))
            windows.append(window)
            references.append(self.store.reference(index, rng))
            media[row], packs[row] = MEDIA.index(style.look.medium), STYLE_PACKS.index(style.pack)
            flags["styled"][row] = rng.random() < (_SHOWN if style.shows else _PLAIN)
            reading = _READINGS[int(rng.choice(len(_READINGS), p=[share for share, _ in _READINGS]))][1]
            flags["clip"][row], flags["t5"][row] = reading
            if rng.random() < self.shares.no_text:
                prompts.append("")
                continue
            text, spans = self._caption(example.parts)
            prompts.append(text)
            draw, unpainted = rng.random(), self.shares.unpainted
            if draw >= unpainted:
                weight[row] = np.exp(rng.uniform(np.log(0.15), np.log(2.0)))
            pictures = self.conditions.pictures(text)
            for start, end, parts in spans:
                numbers, paint = list(parts), list[np.ndarray]()
                chosen = unpainted <= draw < unpainted + _ALL_PAINTED or rng.random() < 0.5
                if weight[row] and chosen:
                    seen = example.areas if rng.random() < _AS_SEEN else example.extents
                    paint = [painted(area, rng) for area in seen[numbers]]
                positions = self.conditions.places(text, (start, end))
                areas, squares = example.areas[numbers], example.squares[numbers]
                placed.append(_Placed(row, positions, areas, squares, paint, pictures))
        truth, paint = self._planes(windows, placed, flags)
        garbled = ~flags["styled"] & (rng.random(size) < _GARBLED)
        pictures = torch.from_numpy(np.stack(references)).permute(0, 3, 1, 2).float()
        return Batch(
            latents=torch.from_numpy(np.stack(latents)).float(),
            inputs=EncoderInputs(
                prompts=prompts,
                clip=torch.from_numpy(flags["clip"]),
                t5=torch.from_numpy(flags["t5"]),
                references=pictures.contiguous() / 127.5 - 1,
                styled=torch.from_numpy(flags["styled"]),
                garbled=torch.from_numpy(garbled),
                disorder=torch.from_numpy(rng.permutation(STYLE_TOKENS * WIDTH)),
            ),
            truth=truth,
            paint=paint,
            things=torch.from_numpy(np.stack(things)),
            weight=torch.from_numpy(weight),
            media=torch.from_numpy(media),
            packs=torch.from_numpy(packs),
        )

    def _scenes(self) -> Sequence[int]:
        """The scenes of which the next example is one."""
        if self.styled and self.rng.random() < self.styled:
            return self.in_styles
        return self.coloured if self.coloured and self.rng.random() < _COLOURED else self.scenes

    def windowed(self, example: Example) -> tuple[Example, Window]:
        """A window of a scene, and the scene with the parts alone that a caption of it mentions."""
        side, whole = self.side, example.latents.shape[-1]
        if side == whole:
            return example, (slice(None), slice(None))
        rng = self.rng
        y, x = (int(at) for at in rng.integers(whole - side + 1, size=2))
        things = [area for area, part in zip(example.areas, example.parts, strict=True) if _wanted(part, self.names)]
        # Things that are whole in a window are learnt in small ones; of others it holds as much as it can.
        things = [area for area in things if _longer_side(area) <= side] or things
        if things and (self.names is not None or rng.random() < _AT_THINGS):
            area = things[int(rng.integers(len(things)))]
            y, x = (window_start(area.max(axis) > EDGE, side, rng) for axis in (1, 0))
        window = slice(y, y + side), slice(x, x + side)
        whole_sums, sums = example.areas.sum((1, 2)), example.areas[:, *window].sum((1, 2))
        kept = [
            number
            for number, part in enumerate(example.parts)
            if sums[number] >= _FEWEST and (part.group < 0 or sums[number] >= _MOSTLY * whole_sums[number])
        ]
        shown = replace(
            example,
            parts=[example.parts[number] for number in kept],
            **{name: getattr(example, name)[kept] for name in ("areas", "extents", "squares")},
        )
        return shown, window

    def _caption(self, parts: list[Mention]) -> tuple[str, list[tuple[int, int, tuple[int, ...]]]]:
        text, spans = write_caption(parts, self.rng)
        if self.rng.random() < 0.08:
            prefix = nonsense(self.rng) + " "
            text, spans = prefix + text, [(a + len(prefix), b + len(prefix), numbers) for a, b, numbers in spans]
        if self.rng.random() < 0.05:
            text += " " + nonsense(self.rng)
        return text, spans

    def _planes(
        self, windows: list[Window], placed: list[_Placed], flags: dict[str, np.ndarray]
    ) -> tuple[Tensor, Tensor]:
        tokens = 1 + max((position for each in placed for position in each.positions), default=0)
        truth = np.zeros((len(windows), tokens, self.side**2), np.float32)
        paint = np.zeros_like(truth)
        for each in placed:
            window = windows[each.row]
            for position in each.positions:
                if not flags["clip" if position < MAX_LENGTH else "t5"][each.row]:
                    continue
                area, painted_at = each.planes(position)
                truth[each.row, position] = area[window].ravel()
                if painted_at is not None:
                    paint[each.row, position] = painted_at[window].ravel()
        by_cell = [np.ascontiguousarray(planes.transpose(0, 2, 1)) for planes in (truth, paint)]
        return torch.from_numpy(by_cell[0]), torch.from_numpy(by_cell[1])


def _wanted(part: Mention, names: Collection[str] | None) -> bool:
    return part.group >= 0 and (names is None or part.name in names)


def _scenes_with(store: ShardStore, names: Collection[str], side: int) -> list[int]:
    """The scenes in the default pack's style with a thing of these names that a window holds."""
    return [
        index
        for index in range(len(store))
        if not style_of(store.seed(index)).shows
        and any(
            _wanted(part, names) and _longer_side(area) <= side
            for part, area in zip(store[index].parts, store[index].areas, strict=True)
        )
    ]


def _longer_side(area: np.ndarray) -> int:
    """The longer side in cells of what an area `[h, w]` covers."""
    cells = (np.flatnonzero(area.max(axis) > EDGE) for axis in (0, 1))
    return max(int(np.ptp(each)) + 1 if len(each) else 0 for each in cells)
