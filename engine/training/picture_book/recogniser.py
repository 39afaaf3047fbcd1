"""Trains the picture book's judge: `python -m engine.training.picture_book.recogniser --help`.

It names every place of a picture, things and stuff, and what an area shows as a whole. It sees windows of the latents
of encoded compositions, spoilt a little as those of generated pictures are. Held-out compositions say how often it is
right, and give the temperature by which its probabilities mean that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.scoring.recogniser import CELL, Encode, Recogniser, encoder, load, of_areas, save, to_tensor
from engine.training.muon import MuonAdamW
from engine.training.picture_book.autoencoder import rate_at
from engine.training.picture_book.backdrops import SIZE
from engine.training.picture_book.canvas import Scene
from engine.training.picture_book.command_line import training_options, training_parser
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.shards import SIDE, Example, ShardStore
from engine.training.picture_book.split import HELD_OUT, withheld_drawings
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.stuff import TEXTURES
from engine.training.picture_book.vocabulary import names, synonyms
from engine.training.picture_book.work import Work, worked
from engine.training.training_loop import Ema, amp, set_rate

_SEEN = 0.03
"""A thing is in a cell of which it covers more than this share."""

BANDS = {"small": (40, 64), "large": (64, SIZE)}
"""The longer side of a thing in pixels of a picture of 512, from and up to."""

UNSEEN = "unseen_drawings"
"""Things of 64 px and more whose drawings are withheld from training."""

_LEAST_CELLS, _LEAST_SHARE = 1.0, 0.4
"""Parts that cover less, in whole cells, are not asked about, nor things of which a window has a smaller share."""

_AT_THINGS = 0.85
"""The share of windows that are placed at a thing, which they hold whole where they can."""

_PASTED = (0.2, 0.3, 0.3, 0.2)
"""The shares of windows into which so many things of other compositions are pasted, from none on."""

_STUFF = 0.3
"""How much an area of stuff counts, which is learnt long before things."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """A part of a window: which name it has, how much of each cell it covers, float32 `[h, w]`, and what it counts."""

    name: int
    cells: np.ndarray
    weight: float = 1.0


def window(example: Example, rng: np.random.Generator, side: int) -> tuple[np.ndarray, list[Seen]]:
    """A square of a composition's latents, float32 `[C, side, side]`, and its parts."""
    start = [int(at) for at in rng.integers(0, SIDE - side + 1, 2)]
    things = [area for part, area in zip(example.parts, example.areas, strict=True) if part.group >= 0]
    if things and rng.random() < _AT_THINGS:
        there = things[int(rng.integers(len(things)))] > _SEEN
        if there.any():
            start = [_start(there.any(axis), side, rng) for axis in (1, 0)]
    rows, columns = (slice(at, at + side) for at in start)
    known, parts = names(), []
    for part, whole in zip(example.parts, example.areas, strict=True):
        cells, is_thing = whole[rows, columns], part.group >= 0
        if cells.sum() >= max(_LEAST_CELLS, _LEAST_SHARE * whole.sum() * is_thing):
            parts.append(Seen(name=known.index(part.name), cells=cells, weight=1.0 if is_thing else _STUFF))
    return example.latents[:, rows, columns].astype(np.float32), parts


def pasted(
    latents: np.ndarray, parts: list[Seen], example: Example, rng: np.random.Generator
) -> tuple[np.ndarray, list[Seen]]:
    """A window with a thing of another composition on top, at any cells where all of it is within.

    The same drawings are seen before other grounds, and beside and behind other things, than their few scenes show
    (copy-paste, arXiv 2012.07177). Windows without room for the thing, and compositions without one, change nothing.
    """
    things = [number for number, part in enumerate(example.parts) if part.group >= 0]
    if not things:
        return latents, parts
    number = int(rng.choice(things))
    area = example.areas[number]
    rows, columns = (np.flatnonzero((area > _SEEN).any(axis)) for axis in (1, 0))
    if not len(rows) or max(np.ptp(rows), np.ptp(columns)) >= latents.shape[1]:
        return latents, parts
    cut = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    high, wide = area[cut].shape
    top, left = (int(rng.integers(latents.shape[1] - length + 1)) for length in (high, wide))
    there = slice(top, top + high), slice(left, left + wide)
    cover = np.zeros(latents.shape[1:], np.float32)
    cover[there] = area[cut]
    new = np.zeros_like(latents)
    new[:, there[0], there[1]] = example.latents[:, cut[0], cut[1]]
    beneath = [replace(part, cells=part.cells * (1 - cover)) for part in parts]
    kept = [part for part in beneath if part.cells.sum() >= _LEAST_CELLS]
    name = names().index(example.parts[number].name)
    return latents * (1 - cover) + new * cover, [*kept, Seen(name=name, cells=cover)]


def _start(there: np.ndarray, side: int, rng: np.random.Generator) -> int:
    """Where a window begins along one axis, so that it holds what is there, or lies within it."""
    cells = np.flatnonzero(there)
    ends = sorted((max(0, int(cells[-1]) + 1 - side), min(SIDE - side, int(cells[0]))))
    return int(rng.integers(ends[0], ends[1] + 1))


def losses(logits: Tensor, parts: list[list[Seen]]) -> tuple[Tensor, Tensor, float]:
    """The cross-entropy of cells and of whole parts, and the share of parts that are right.

    Args:
        logits: `[B, names, h, w]`. parts: of each picture.
    """
    by_cell, by_part, right, count, counted = logits.new_zeros(()), logits.new_zeros(()), 0, 0, 0.0
    for one, own in zip(logits, parts, strict=True):
        if not own:
            continue
        cells = torch.from_numpy(np.stack([part.cells for part in own])).to(one.device)
        wanted = torch.tensor([part.name for part in own], device=one.device)
        told = one.log_softmax(0)[wanted]
        by_cell = by_cell - (cells * told).sum() / (cells.sum() * len(logits))
        pooled = of_areas(one, cells)
        weights = torch.tensor([part.weight for part in own], device=one.device)
        by_part = by_part + (weights * F.cross_entropy(pooled, wanted, reduction="none")).sum()
        counted += float(weights.sum())
        right += int((pooled.argmax(1) == wanted).sum())
        count += len(own)
    return by_cell, by_part / max(counted, 1e-6), right / max(count, 1)


class Windows:
    """Draws batches of windows from stores of encoded compositions, from each as often as from the others."""

    def __init__(self, stores: Sequence[ShardStore], *, seed: int) -> None:
        self.stores, self.rng = stores, np.random.default_rng((seed, 29))

    def __call__(self, batch: int, side: int) -> tuple[Tensor, list[list[Seen]]]:
        """Return latents, float `[batch, C, side, side]`, and the parts of each window."""
        made = [window(self._any(), self.rng, side) for _ in range(batch)]
        for number, count in enumerate(self.rng.choice(len(_PASTED), batch, p=_PASTED)):
            for _ in range(count):
                made[number] = pasted(*made[number], self._any(), self.rng)
        return torch.from_numpy(np.stack([latents for latents, _ in made])), [parts for _, parts in made]

    def _any(self) -> Example:
        store = self.stores[int(self.rng.integers(len(self.stores)))]
        return store[int(self.rng.integers(len(store)))]


def spoiled(latents: Tensor, generator: torch.Generator) -> Tensor:
    """Latents `[B, C, h, w]`, slightly noisy and off in each channel, as those of generated pictures are."""
    batch, channels = latents.shape[:2]

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    spread = latents.std()
    noise = 0.35 * spread * torch.rand(batch, 1, 1, 1, generator=generator) * normal(*latents.shape)
    gain, offset = 1 + 0.08 * normal(batch, channels, 1, 1), 0.05 * spread * normal(batch, channels, 1, 1)
    return (latents + noise) * gain + offset


def train(
    data: Path,
    vae: Path,
    latents: Path,
    out: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    peak: float = 1.5e-3,
    batch: int = 64,
    side: int = 16,
    judged: int = 100,
    begin: Path | None = None,
    crowds: Path | None = None,
) -> Recogniser:
    """Train for `minutes` of work; returns the averaged weights, and writes them to `recogniser.safetensors`.

    Args:
        data: holds `sprites/`, of which the held-out compositions are made. vae: the autoencoder's folder. latents: the
            folder of shards, see `ShardStore`.
        peak: of the learning rate. batch, side: the number of windows per step, and their size in cells of 16 px.
        judged: the number of held-out compositions that it is judged on. begin: a judge to go on from. crowds: a folder
            of crowded shards, from which half of what it sees is taken.

    Raises:
        StoreError: there are no sprites or no shards.
    """
    sprites = SpriteStore(data / "sprites")
    stores = [ShardStore(folder) for folder in (latents, crowds) if folder is not None]
    torch.manual_seed(29)
    encode, channels = encoder(vae), len(stores[0][0].latents)
    model = Recogniser(names(), synonyms(), channels=channels, stuff=TEXTURES)
    if begin is not None:
        model.load_state_dict(load(begin, vae).state_dict())
    model = model.to(device, memory_format=torch.channels_last).train()
    ema = Ema(model, 0.999).to(device)
    optimizer = MuonAdamW(model.named_parameters(), hidden=_hidden, rate=peak)
    parts = {"model": model, "ema": ema, "optimizer": optimizer}
    run = Work(out, "recogniser", minutes=minutes, parts=parts, device=device)
    if resume:
        run.resume()
    windows = Windows(stores, seed=run.step)
    generator = torch.Generator().manual_seed(run.step)
    started, first = worked(device), run.step
    for step, fraction in run:
        set_rate(optimizer, rate_at(fraction, peak) * min(1.0, (step + 1) / 100))
        clean, seen = windows(batch, side)
        spoilt = spoiled(clean, generator).to(device, memory_format=torch.channels_last)
        with amp(device):
            logits = model(spoilt)
        by_cell, by_part, right = losses(logits.float(), seen)
        optimizer.zero_grad()
        (by_cell + by_part).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ema.update(model, step)
        if step % 50 == 0:
            speed = (worked(device) - started) / (step - first + 1)
            run.log(cells=by_cell.item(), parts=by_part.item(), right=right, seconds=round(speed, 3))
        if run.due(minutes=20):
            run.log(**judge(averaged(model, ema, encode), sprites, judged)[0])
    done = averaged(model, ema, encode)
    scores, done.temperature = judge(done, sprites, judged)
    done.accuracy = {name: scores[name] for name in (*BANDS, UNSEEN, "stuff") if name in scores}
    run.log(**scores)
    save(done, out / "recogniser.safetensors")
    return done


def _hidden(name: str) -> bool:
    return not name.startswith(("stem.", "head."))


def averaged(model: Recogniser, ema: Ema, encode: Encode) -> Recogniser:
    """A copy of the model with the averaged weights, which sees pictures, on the CPU and in evaluation mode."""
    copy = Recogniser(model.names, model.other_words, encode, model.stem.in_channels, model.stuff)
    copy.load_state_dict(model.state_dict())
    ema.copy_to(copy)
    return copy.eval()


def unseen(composer: Composer, count: int) -> Iterator[Scene]:
    """Held-out compositions, from the last of the seeds that only the judge is judged on."""
    for number in range(count):
        yield composer(HELD_OUT + 900_000 + number)


@torch.inference_mode()
def judge(model: Recogniser, sprites: SpriteStore, count: int) -> tuple[dict[str, float], Tensor]:
    """How often the things of `count` held-out compositions are named right, and the best temperature.

    Returns:
        top-1 of the things of each of `BANDS` whose drawings others show in training too, and as `unseen_drawings` of
        those of 64 px and more whose drawings nothing does; the share of stuff's cells that is right; the mean
        difference of probability and truth in ten bins (arXiv 1706.04599) with the temperature; and that temperature.
    """
    known = names()
    withheld = frozenset[str]().union(*map(withheld_drawings, sprites.of.values()))
    logits, wanted, sides, seen, cells_right = [], [], [], [], []
    for scene in unseen(Composer(sprites, withheld=True), count):
        found = model.logits(to_tensor(scene.rgb[None]))[0]
        for part in scene.parts:
            name = known.index(part.name)
            area = torch.from_numpy(part.area).float()
            cells = F.avg_pool2d(area[None, None], CELL)[0]
            if part.group < 0:
                there = cells[0] > 0.5
                cells_right.append((found.argmax(0)[there] == name).float())
                continue
            rows, columns = np.nonzero(part.area.any(1))[0], np.nonzero(part.area.any(0))[0]
            sides.append(max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1)
            logits.append(of_areas(found, cells)[0])
            wanted.append(name)
            seen.append(part.drawing not in withheld)
    scores = {"stuff": float(torch.cat(cells_right).mean())} if cells_right else {}
    if not logits:
        return scores, torch.ones(())
    told, truth, side, trained = torch.stack(logits), torch.tensor(wanted), np.array(sides), np.array(seen)
    right = (told.argmax(1) == truth).numpy()
    groups = {band: trained & (side >= low) & (side < high + (high == SIZE)) for band, (low, high) in BANDS.items()}
    for group, here in (groups | {UNSEEN: ~trained & (side >= BANDS["large"][0])}).items():
        if here.any():
            scores |= {group: float(right[here].mean()), f"{group}_count": int(here.sum())}
    temperature = best_temperature(told, truth)
    chance = (told / temperature).softmax(1).amax(1).numpy()
    scores |= {"temperature": float(temperature), "calibration": calibration_error(chance, right)}
    return {name: round(value, 4) for name, value in scores.items()}, temperature


def best_temperature(logits: Tensor, truth: Tensor) -> Tensor:
    """The temperature, 0.2..5, under which logits `[n, names]` have the least cross-entropy with `truth` `[n]`."""
    choices = torch.logspace(np.log10(0.2), np.log10(5), 60)
    return choices[torch.stack([F.cross_entropy(logits / each, truth) for each in choices]).argmin()]


def calibration_error(chance: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """The expected calibration error: how far probabilities `[n]` are from how often they are right, in bins."""
    place = np.minimum((chance * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(chance[place == each].mean() - right[place == each].mean()) * (place == each).mean()
            for each in range(bins)
            if (place == each).any()
        )
    )


def main(argv: list[str] | None = None) -> int:
    """Train the recogniser; returns 0."""
    parser = training_parser("recogniser", __doc__, folder="recogniser.safetensors", rate=1.5e-3, batch=64)
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/")
    parser.add_argument("--vae", type=Path, required=True, help="the autoencoder's folder, by whose latents it sees")
    parser.add_argument("--latents", type=Path, required=True, help="folder of the shards")
    parser.add_argument("--side", type=int, default=16, help="width and height of the windows in cells of 16 pixels")
    parser.add_argument("--begin", type=Path, help="a recogniser.safetensors to go on from")
    parser.add_argument("--crowds", type=Path, help="folder of crowded shards, which half of the windows are from")
    arguments = parser.parse_args(argv)
    folders = (arguments.data, arguments.vae, arguments.latents, arguments.out)
    begin, crowds = arguments.begin, arguments.crowds
    train(*folders, side=arguments.side, begin=begin, crowds=crowds, **training_options(arguments))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
