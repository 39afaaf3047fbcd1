"""Backdrops: landscapes, streets, shores, rooms, tables, the deep sea, space, and random divisions of any stuff.

Drawing one takes a core a fifth of a second, ten times as long as placing things on it; so a few thousand are drawn
before training: `python -m engine.training.picture_book.backdrops --out DIR --count 3000`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.training.picture_book.errors import StoreError
from engine.training.picture_book.nouns import PLACES
from engine.training.picture_book.stuff import OFFERS, TEXTURES
from engine.world.textures import FARS, GROUNDS, SKIES, jagged, noise, profile

SIZE = 512
LAND = tuple(name for name in (*GROUNDS, "meadow") if name != "lake")


@dataclass(frozen=True, kw_only=True, eq=False)
class Backdrop:
    """A picture of stuff without things.

    Attributes:
        kind: a key of `KINDS`. rgb: uint8 `[512, 512, 3]`. owner: uint8 `[512, 512]`, index into `names`.
        names: the stuff of each part, from back to front.
    """

    kind: str
    rgb: np.ndarray
    owner: np.ndarray
    names: tuple[str, ...]

    def area(self, place: str) -> np.ndarray:
        """Bool `[512, 512]`: where the backdrop offers `place`, one of `nouns.PLACES`."""
        offering = np.array([place in OFFERS[name] for name in self.names])
        return offering[self.owner]

    def mirrored(self) -> Backdrop:
        """The mirror image."""
        rgb, owner = (np.ascontiguousarray(array[:, ::-1]) for array in (self.rgb, self.owner))
        return Backdrop(kind=self.kind, rgb=rgb, owner=owner, names=self.names)

    def shares(self) -> dict[str, float]:
        """The share of the picture, 0..1, of each place that it offers."""
        pixels = np.bincount(self.owner.ravel(), minlength=len(self.names)) / self.owner.size
        found: dict[str, float] = {}
        for name, share in zip(self.names, pixels, strict=True):
            for place in OFFERS[name]:
                found[place] = found.get(place, 0.0) + float(share)
        return found


class _Sheet:
    """A backdrop under construction."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.rgb = np.zeros((SIZE, SIZE, 3), np.float32)
        self.owner = np.zeros((SIZE, SIZE), np.uint8)
        self.names: list[str] = []
        self.rows = np.arange(SIZE, dtype=np.float32)[:, None]
        self.columns = np.arange(SIZE, dtype=np.float32)[None]

    def put(self, name: str, coverage: np.ndarray | None = None, *, first: np.ndarray | None = None) -> None:
        """Draw stuff over what is there; `first` is the outline of a distant band's texture, in 1/256 of the side."""
        texture = TEXTURES[name]
        pixels = texture(self.rng, SIZE) if first is None else texture(self.rng, SIZE, first)  # type: ignore[call-arg]
        if coverage is None:
            coverage = np.ones((SIZE, SIZE), np.float32)
        coverage = np.broadcast_to(coverage, (SIZE, SIZE))
        self.rgb += (pixels - self.rgb) * coverage[..., None]
        if name in self.names:
            self.owner[coverage > 0.5] = self.names.index(name)
            return
        self.owner[coverage > 0.5] = len(self.names)
        self.names.append(name)

    def below(self, line: np.ndarray | float) -> np.ndarray:
        """Coverage of the area below a line, which is given in pixels from the top."""
        return np.clip(self.rows - np.asarray(line, np.float32) + 0.5, 0, 1) * np.ones_like(self.columns)

    def one_of(self, names: tuple[str, ...] | dict[str, object]) -> str:
        return str(self.rng.choice(list(names)))


def _sky_and_far(sheet: _Sheet, horizon: float, far: float = 0.6) -> float:
    """Draw a sky and, with probability `far`, a distant band; returns where the near ground begins."""
    rng = sheet.rng
    sheet.put(sheet.one_of(dict(SKIES)))
    if rng.random() > far:
        return horizon
    name = sheet.one_of(dict(FARS))
    if name == "mountains":
        line, height = jagged(rng, SIZE, int(rng.integers(2, 5))), 140
    elif name == "forest":
        line, height = 0.6 * jagged(rng, SIZE, 12) + 0.5 * profile(rng, SIZE, 3), 80
    elif name == "city":
        line, height = np.repeat(rng.uniform(0.3, 1, 17), -(-SIZE // 16))[:SIZE], 100
    else:
        line, height = profile(rng, SIZE, 3), 100
    top = (horizon - rng.uniform(0.6, 1.0) * height * line).astype(np.float32)
    sheet.put(name, sheet.below(top[None]), first=top / 2)
    return horizon + rng.uniform(10, 60)


def _landscape(sheet: _Sheet) -> None:
    rng = sheet.rng
    top = _sky_and_far(sheet, rng.uniform(0.3, 0.62) * SIZE)
    grounds = [str(name) for name in rng.choice([*LAND, "lake"], int(rng.choice([1, 2, 3], p=[0.5, 0.4, 0.1])), False)]
    if grounds[0] == "lake" and len(grounds) == 1:
        grounds.append(sheet.one_of(LAND))
    land = sheet.below((top + 28 * (profile(rng, SIZE, 3) - 0.5))[None])
    for index, name in enumerate(grounds):
        coverage = land
        if index:
            bend = 160 * (noise(rng, SIZE, 3, 3) - 0.5)
            if rng.random() < 0.6:
                edge = sheet.rows + bend - (top + (SIZE - top) * rng.uniform(0.3, 0.65))
            else:
                edge = (sheet.columns - rng.uniform(160, 352)) * rng.choice([-1, 1]) + bend
            coverage = land * np.clip(edge + 0.5, 0, 1)
        sheet.put(name, coverage)


def _street(sheet: _Sheet) -> None:
    rng = sheet.rng
    top = _sky_and_far(sheet, rng.uniform(0.3, 0.5) * SIZE, 0.7)
    sheet.put(str(rng.choice(["grass", "sand", "meadow", "snow", "wheat"])), sheet.below(top))
    start = top + (SIZE - top) * rng.uniform(0.15, 0.5)
    depth = rng.uniform(0.25, 0.5) * (SIZE - top)
    tilt = rng.uniform(-0.12, 0.12) * (sheet.columns - SIZE / 2)
    road = sheet.below(start + tilt) * (1 - sheet.below(start + depth + 1.6 * tilt))
    sheet.put("road", road if rng.random() < 0.7 else sheet.below(start + tilt))


def _river(sheet: _Sheet) -> None:
    rng = sheet.rng
    top = _sky_and_far(sheet, rng.uniform(0.28, 0.5) * SIZE, 0.7)
    land = sheet.below((top + 20 * (profile(rng, SIZE, 3) - 0.5))[None])
    sheet.put(sheet.one_of(LAND), land)
    if rng.random() < 0.5:
        middle = top + (SIZE - top) * rng.uniform(0.35, 0.7) + 90 * (profile(rng, SIZE, 3) - 0.5)
        half = rng.uniform(0.12, 0.25) * (SIZE - top)
        water = sheet.below((middle - half)[None]) * (1 - sheet.below((middle + half)[None]))
    else:
        # Widens from the horizon towards the viewer.
        depth = np.clip((sheet.rows - top) / (SIZE - top), 0, 1)
        bends = 80 * (profile(rng, SIZE, 3) - 0.5)[:, None]
        middle = rng.uniform(0.25, 0.75) * SIZE + bends
        half = 14 + rng.uniform(80, 180) * depth
        water = land * np.clip(half - np.abs(sheet.columns - middle) + 0.5, 0, 1)
    sheet.put("river", water)


def _shore(sheet: _Sheet) -> None:
    rng = sheet.rng
    top = _sky_and_far(sheet, rng.uniform(0.25, 0.5) * SIZE, 0.25)
    sheet.put("sea", sheet.below(top))
    if rng.random() < 0.75:
        edge = top + (SIZE - top) * rng.uniform(0.35, 0.7) + 70 * (profile(rng, SIZE, 2) - 0.5)
        slant = rng.uniform(-0.4, 0.4) * (sheet.columns[0] - SIZE / 2)
        sheet.put(str(rng.choice(["sand", "sand", "rocks", "grass"])), sheet.below((edge + slant)[None]))


def _deep_sea(sheet: _Sheet) -> None:
    rng = sheet.rng
    sheet.put("deep sea")
    if rng.random() < 0.65:
        bed = rng.uniform(0.7, 0.9) * SIZE + 60 * (profile(rng, SIZE, 3) - 0.5)
        sheet.put(str(rng.choice(["sand", "sand", "rocks"])), sheet.below(bed[None]))


def _room(sheet: _Sheet) -> None:
    sheet.put("wall")
    sheet.put("floor", sheet.below(sheet.rng.uniform(0.45, 0.75) * SIZE))


def _table(sheet: _Sheet) -> None:
    rng = sheet.rng
    if rng.random() < 0.2:
        sheet.put("table")
        return
    sheet.put("wall")
    top = rng.uniform(0.35, 0.65) * SIZE
    if rng.random() < 0.4:
        # A whole table standing on a floor.
        sheet.put("floor", sheet.below(rng.uniform(0.6, 0.75) * SIZE))
        bottom = top + rng.uniform(0.2, 0.3) * SIZE
        side = rng.uniform(0.02, 0.14) * SIZE
        slope = (sheet.rows - top) * 0.25
        inside = np.minimum(sheet.columns - side + slope, SIZE - side - sheet.columns + slope)
        sheet.put("table", sheet.below(top) * (1 - sheet.below(bottom)) * np.clip(inside + 0.5, 0, 1))
    else:
        sheet.put("table", sheet.below(top))


def _space(sheet: _Sheet) -> None:
    rng = sheet.rng
    sheet.put("space")
    if rng.random() < 0.3:
        ground = rng.uniform(0.7, 0.88) * SIZE + 60 * (profile(rng, SIZE, 2) - 0.5)
        sheet.put(str(rng.choice(["rocks", "sand", "snow"])), sheet.below(ground[None]))


def _plain(sheet: _Sheet) -> None:
    sheet.put(sheet.one_of(dict(TEXTURES)))


def _free(sheet: _Sheet) -> None:
    """The square divided into two to four areas of any stuff, so that the model learns no fixed places for stuff."""
    rng = sheet.rng
    count = int(rng.integers(2, 5))
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    if rng.random() < 0.6:
        bend = rng.uniform(0.05, 0.25)
        x, y = x + bend * (noise(rng, SIZE, 3, 3) - 0.5), y + bend * (noise(rng, SIZE, 3, 3) - 0.5)
    centres = rng.uniform(0.08, 0.92, (count, 2))
    while min(np.abs(a - b).sum() for i, a in enumerate(centres) for b in centres[:i]) < 0.4:
        centres = rng.uniform(0.08, 0.92, (count, 2))
    distances = np.stack([np.hypot(x - cx, y - cy) for cx, cy in centres])
    for index, name in enumerate(rng.choice(list(TEXTURES), count, replace=False)):
        others = np.delete(distances, index, 0).min(0)
        sheet.put(str(name), np.clip((others - distances[index]) * SIZE / 1.5 + 0.5, 0, 1) if index else None)


KINDS: dict[str, tuple[Callable[[_Sheet], None], float]] = {
    "landscape": (_landscape, 0.3),
    "street": (_street, 0.1),
    "river": (_river, 0.07),
    "shore": (_shore, 0.09),
    "deep sea": (_deep_sea, 0.07),
    "room": (_room, 0.09),
    "table": (_table, 0.1),
    "space": (_space, 0.04),
    "plain": (_plain, 0.02),
    "free": (_free, 0.12),
}
"""For each kind, the function that draws it, and its share of the backdrops."""


def draw_backdrop(seed: int) -> Backdrop:
    """Draw the backdrop of a seed, which also determines its kind."""
    rng = np.random.default_rng((seed, 21))
    shares = np.array([share for _, share in KINDS.values()])
    kind = str(rng.choice(list(KINDS), p=shares / shares.sum()))
    sheet = _Sheet(rng)
    KINDS[kind][0](sheet)
    return Backdrop(
        kind=kind,
        rgb=np.clip(np.round(sheet.rgb), 0, 255).astype(np.uint8),
        owner=sheet.owner,
        names=tuple(sheet.names),
    )


class BackdropPool:
    """Stored backdrops, of seeds 0 to n - 1.

    Raises:
        StoreError: the folder has none.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._facts = json.loads((folder / "backdrops.json").read_text("utf-8"))
            count = len(self._facts)
            self._rgb = np.load(folder / "rgb.npy", mmap_mode="r")[:count]
            self._owner = np.load(folder / "owner.npy", mmap_mode="r")[:count]
            self._offering = {
                place: [k for k, (_, names) in enumerate(self._facts) if any(place in OFFERS[name] for name in names)]
                for place in PLACES
            }
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{folder} holds no backdrops; run engine.training.picture_book.backdrops: {error}"
            ) from error

    def __len__(self) -> int:
        return len(self._facts)

    def __getitem__(self, number: int) -> Backdrop:
        kind, names = self._facts[number]
        rgb, owner = np.array(self._rgb[number]), np.array(self._owner[number])
        return Backdrop(kind=kind, rgb=rgb, owner=owner, names=tuple(names))

    def pick(self, rng: np.random.Generator, place: str = "") -> Backdrop:
        """A random backdrop, one that offers `place` if it is given and any does."""
        numbers = self._offering[place] if place else []
        return self[int(rng.choice(numbers)) if numbers else int(rng.integers(len(self)))]


def draw_pool(folder: Path, count: int, progress: Callable[[str], None] = print) -> None:
    """Draw backdrops 0 to count - 1 into a folder; existing ones are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    facts_file = folder / "backdrops.json"
    facts = json.loads(facts_file.read_text()) if facts_file.exists() else []
    shapes = {"rgb": (count, SIZE, SIZE, 3), "owner": (count, SIZE, SIZE)}
    arrays = {}
    for name, shape in shapes.items():
        file = folder / f"{name}.npy"
        if not facts or np.load(file, mmap_mode="r").shape[0] < count:
            facts = []
            np.lib.format.open_memmap(file, "w+", np.uint8, shape)
        arrays[name] = np.load(file, mmap_mode="r+")
    for seed in range(len(facts), count):
        made = draw_backdrop(seed)
        arrays["rgb"][seed], arrays["owner"][seed] = made.rgb, made.owner
        facts.append((made.kind, made.names))
        if len(facts) % 100 == 0 or len(facts) == count:
            # Renamed only when complete.
            part = facts_file.with_suffix(".part")
            part.write_text(json.dumps(facts))
            part.replace(facts_file)
            progress(f"drawn {len(facts)} of {count} backdrops")


def main(argv: list[str] | None = None) -> int:
    """Draw the pool; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.backdrops", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=3000)
    arguments = parser.parse_args(argv)
    draw_pool(arguments.out, arguments.count)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
