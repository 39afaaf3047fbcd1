"""The training set: renders of the world, drawn once by all cores and kept as memory-mapped files."""

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
"""Share of free layouts: high enough that habit does not decide where things are."""

GROUP = 4
"""So many pictures in a row share a look, so that each can be the other's reference."""

_PLAIN_GROUPS, _GROUPS = 11, 20
"""Of so many groups in a row the first ones are plain."""

_CHUNK = 50


@dataclass(frozen=True, kw_only=True)
class WorldData:
    """Renders on disk.

    Attributes:
        rgb: uint8 `[n, 256, 256, 3]`.
        labels: uint8 `[n, 128, 128]`, every second pixel, indices into `NAMES`.
        items: for each picture its items as `(name, colour or "")`; two of a kind always differ in colour.
        areas: for each picture float16 `[items, 16, 16]`, the share of each cell that an item covers.
    """

    rgb: np.ndarray
    labels: np.ndarray
    items: list[list[tuple[str, str]]]
    areas: list[np.ndarray]

    def __len__(self) -> int:
        return len(self.items)


def training_render(index: int) -> Render:
    """Picture `index` of the training set; every tenth group of ten holds `FREE_SHARE` free layouts."""
    if index >= HELD_OUT:
        raise ValueError(f"picture {index} is held out")
    return free_scene(index) if (index % 10) < 10 * FREE_SHARE else render_scene(index)


def training_look(index: int) -> Look:
    """The look of picture `index` of the training set; never one of the withheld."""
    group = index // GROUP
    if group % _GROUPS < _PLAIN_GROUPS:
        return PLAIN
    looks = trained_looks()[1:]
    medium, light = looks[int(np.random.default_rng((group, 3)).integers(len(looks)))]
    return Look(medium, light, group)


def is_plain(index: int) -> bool:
    """Whether picture `index` of the training set has no look."""
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
    """The first `count` training renders, from `folder` if so many lie there, else drawn with `workers` processes.

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
        # Fresh processes: a fork of one that has threads (torch's, a progress bar's) can stand still for ever.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            starts = range(0, count, _CHUNK)
            for part in pool.map(_draw, [folder] * len(starts), [count] * len(starts), starts):
                facts += part
                if len(facts) % 500 == 0:
                    progress(f"drawn {len(facts)} of {count} pictures")
        # Written last: its presence says that the arrays are whole.
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
