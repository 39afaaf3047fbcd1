"""The training set: renders of the procedural world, drawn once on all cores and stored as memory-mapped files."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from engine.world.looks import PLAIN, Look, trained_looks
from engine.world.scenes import HELD_OUT, Render, free_scene, render_scene

Progress = Callable[[str], None]

SIZE = 256
FREE_SHARE = 0.4
"""Share of free layouts: high enough that the model does not learn fixed places for objects."""

GROUP = 4
"""The number of consecutive pictures that share a look, so that they can be references for each other."""

_PLAIN_GROUPS, _GROUPS = 11, 20
"""The first `_PLAIN_GROUPS` of every `_GROUPS` groups are in the plain look."""

_CHUNK = 50


@dataclass(frozen=True, kw_only=True)
class WorldData:
    """Renders on disk.

    Attributes:
        rgb: uint8 `[n, 256, 256, 3]`.
        labels: uint8 `[n, 128, 128]`, every second pixel, indices into `NAMES`.
        items: for each picture its items as `(name, colour or "")`; two items of a name always differ in colour.
        areas: for each picture float16 `[items, 16, 16]`, the share of each cell that the item covers, 0..1.
    """

    rgb: np.ndarray
    labels: np.ndarray
    items: list[list[tuple[str, str]]]
    areas: list[np.ndarray]

    def __len__(self) -> int:
        return len(self.items)


def training_render(index: int) -> Render:
    """Picture `index` of the training set; a share of `FREE_SHARE` are free layouts.

    Raises:
        ValueError: the index is held out.
    """
    if index >= HELD_OUT:
        raise ValueError(f"picture {index} is held out")
    return free_scene(index) if (index % 10) < 10 * FREE_SHARE else render_scene(index)


def training_look(index: int) -> Look:
    """The look of picture `index` of the training set; never one of the withheld looks."""
    group = index // GROUP
    if group % _GROUPS < _PLAIN_GROUPS:
        return PLAIN
    looks = trained_looks()[1:]
    medium, light = looks[int(np.random.default_rng((group, 3)).integers(len(looks)))]
    return Look(medium, light, group)


def is_plain(index: int) -> bool:
    """Whether picture `index` of the training set is in the plain look."""
    return training_look(index) == PLAIN


def _draw(folder: Path, total: int, start: int) -> list[tuple[list[tuple[str, str]], list[list[list[float]]]]]:
    rgb = np.load(folder / "rgb.npy", mmap_mode="r+")
    labels = np.load(folder / "labels.npy", mmap_mode="r+")
    facts = []
    for index in range(start, min(start + _CHUNK, total)):
        render = training_render(index)
        rgb[index], labels[index] = render.in_look(training_look(index), index), render.labels[::2, ::2]
        cells = [item.area.reshape(16, 16, 16, 16).mean((1, 3)).round(3).tolist() for item in render.items]
        facts.append(([(item.name, item.colour or "") for item in render.items], cells))
    return facts


def load_or_draw(folder: Path, count: int, *, workers: int, progress: Progress) -> WorldData:
    """Return the first `count` training renders, from `folder` if it has that many, else drawn by `workers` processes.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    facts_file = folder / "facts.json"
    raw = json.loads(facts_file.read_text()) if facts_file.exists() else []
    if len(raw) < count:
        facts_file.unlink(missing_ok=True)
        np.lib.format.open_memmap(folder / "rgb.npy", "w+", np.uint8, (count, SIZE, SIZE, 3))
        np.lib.format.open_memmap(folder / "labels.npy", "w+", np.uint8, (count, SIZE // 2, SIZE // 2))
        facts: list[tuple[list[tuple[str, str]], list[list[list[float]]]]] = []
        # Spawned processes: a fork of one with threads (torch's, a progress bar's) can deadlock.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            starts = range(0, count, _CHUNK)
            for part in pool.map(_draw, [folder] * len(starts), [count] * len(starts), starts):
                facts += part
                if len(facts) % 500 == 0:
                    progress(f"drawn {len(facts)} of {count} pictures")
        # Written last: its presence means that the arrays are complete.
        part_file = facts_file.with_suffix(".part")
        part_file.write_text(json.dumps(facts))
        part_file.replace(facts_file)
        raw = json.loads(facts_file.read_text())
    raw = raw[:count]
    return WorldData(
        rgb=np.load(folder / "rgb.npy", mmap_mode="r")[: len(raw)],
        labels=np.load(folder / "labels.npy", mmap_mode="r")[: len(raw)],
        items=[[(name, colour) for name, colour in items] for items, _ in raw],
        areas=[np.asarray(cells, np.float16).reshape(-1, 16, 16) for _, cells in raw],
    )
