"""Trains the picture book's judge: `python -m engine.training.picture_book.recogniser --data DIR --vae DIR --out DIR`.

It names every place of a picture, things and stuff, and what an area shows as a whole. It sees whole compositions at
several sizes, some of them decoded from their latents, as soft as the pictures that it is to judge. Held-out
compositions say how often it is right, and give the temperature by which its probabilities mean that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch import Tensor, nn
from torch.nn import functional as F

from engine.scoring.recogniser import CELL, Recogniser, of_areas, save, to_tensor
from engine.training.muon import MuonAdamW
from engine.training.picture_book.autoencoder import rate_at
from engine.training.picture_book.backdrops import SIZE, BackdropPool
from engine.training.picture_book.canvas import Scene
from engine.training.picture_book.command_line import training_options, training_parser
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.finish import in_style
from engine.training.picture_book.placing import window_start
from engine.training.picture_book.split import HELD_OUT
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.vocabulary import names, synonyms
from engine.training.picture_book.work import Work, worked
from engine.training.segmenter import spoiled
from engine.training.training_loop import Ema, amp, set_rate

BANDS = {"small": (40, 64), "large": (64, SIZE)}
"""The longer side of a thing in pixels of a picture of 512, from and up to."""

_DECODED = 0.25
"""The share of pictures that the autoencoder has encoded and decoded."""

_LEAST_CELLS = 1.0
"""Parts that cover less, in whole cells, are not asked about."""

_AT_THINGS = 0.8
"""The share of cut-outs that are placed at a thing, which they hold whole where they can."""

_STUFF = 0.3
"""How much an area of stuff counts, which is learnt long before things."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """A part of a cut-out: which name it has, how much of each cell it covers, float32 `[h, w]`, and what it counts."""

    name: int
    cells: np.ndarray
    weight: float = 1.0


def cut(scene: Scene, rng: np.random.Generator, side: int) -> tuple[np.ndarray, list[Seen]]:
    """A square of a composition, uint8 `[side, side, 3]`, at times mirrored, and its parts."""
    y, x = (int(at) for at in rng.integers(0, SIZE - side + 1, 2))
    things = [part.area for part in scene.parts if part.group >= 0 and part.area.any()]
    if things and rng.random() < _AT_THINGS:
        area = things[int(rng.integers(len(things)))]
        y, x = (window_start(np.asarray(area.any(axis)), side, rng) for axis in (1, 0))
    mirrored = -1 if rng.random() < 0.5 else 1
    window = (slice(y, y + side), slice(x, x + side))
    known, cells = names(), side // CELL
    parts = []
    for part in scene.parts:
        area = part.area[window][:, ::mirrored].reshape(cells, CELL, cells, CELL).mean((1, 3), dtype=np.float32)
        if area.sum() >= _LEAST_CELLS:
            parts.append(Seen(name=known.index(part.name), cells=area, weight=1.0 if part.group >= 0 else _STUFF))
    return scene.rgb[window][:, ::mirrored], parts


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


class Cuts:
    """Draws batches of cut-outs from a stock of compositions that is constantly renewed.

    Args:
        composer: of training scenes. first: the seed of the first one. renew: the number of new scenes per batch.
    """

    def __init__(self, composer: Composer, *, first: int, renew: int, stock: int = 64) -> None:
        self.composer, self.next, self.renew, self.most = composer, first, renew, stock
        self.rng = np.random.default_rng((first, 29))
        self._stock: list[Scene] = []

    def __call__(self, batch: int, side: int) -> tuple[Tensor, list[list[Seen]]]:
        """Return pictures, float `[batch, 3, side, side]` in -1..1, and the parts of each."""
        for _ in range(self.renew if self._stock else max(self.renew, 8)):
            scene = self.composer(self.next)
            self._stock.append(replace(scene, rgb=in_style(scene, self.next)))
            self.next += 1
        del self._stock[: -self.most]
        chosen = self.rng.integers(len(self._stock), size=batch)
        made = [cut(self._stock[int(index)], self.rng, side) for index in chosen]
        return to_tensor(np.stack([rgb for rgb, _ in made])), [parts for _, parts in made]


@torch.no_grad()
def decoded(model: AutoencoderTiny, pictures: Tensor, device: torch.device) -> Tensor:
    """Pictures `[B, 3, h, w]` in -1..1, encoded and decoded."""
    with amp(device):
        return model(pictures.to(device)).sample.float().clamp(-1, 1).to(pictures.device)


def train(
    data: Path,
    out: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    vae: Path | None = None,
    peak: float = 1.5e-3,
    batch: int = 16,
    side: int = 256,
    judged: int = 100,
) -> Recogniser:
    """Train for `minutes` of work; returns the averaged weights, and writes them to `recogniser.safetensors`.

    Args:
        data: holds `sprites/` and `backdrops/`. vae: the autoencoder's folder, without which no picture is decoded.
        peak: of the learning rate. batch, side: the number of cut-outs per step, and their size in pixels; every second
            step has four times as many of half that size.
        judged: the number of held-out compositions that it is judged on.

    Raises:
        StoreError: `data` has no sprites or no backdrops.
    """
    sprites, pool = SpriteStore(data / "sprites"), BackdropPool(data / "backdrops")
    torch.manual_seed(29)
    model = Recogniser(names(), synonyms()).to(device, memory_format=torch.channels_last).train()
    ema = Ema(model, 0.999).to(device)
    optimizer = MuonAdamW(model.named_parameters(), hidden=_hidden, rate=peak)
    parts = {"model": model, "ema": ema, "optimizer": optimizer}
    run = Work(out, "recogniser", minutes=minutes, parts=parts, device=device)
    if resume:
        run.resume()
    autoencoder = AutoencoderTiny.from_pretrained(vae, use_safetensors=True).to(device).eval() if vae else None
    renew = max(1, batch // 8)
    cuts = Cuts(Composer(sprites, pool), first=renew * run.step, renew=renew)
    generator = torch.Generator().manual_seed(run.step)
    started, first = worked(device), run.step
    for step, fraction in run:
        set_rate(optimizer, rate_at(fraction, peak) * min(1.0, (step + 1) / 200))
        pictures, seen = cuts(4 * batch, side // 2) if step % 2 else cuts(batch, side)
        few = round(_DECODED * len(pictures))
        if autoencoder is not None and few:
            pictures[:few] = decoded(autoencoder, pictures[:few], device)
        pictures = spoiled(pictures, generator).to(device, memory_format=torch.channels_last)
        with amp(device):
            logits = model(pictures)
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
            run.log(**judge(averaged(model, ema), sprites, judged)[0])
    done = averaged(model, ema)
    scores, done.temperature = judge(done, sprites, judged)
    run.log(**scores)
    save(done, out / "recogniser.safetensors")
    return done


def _hidden(name: str) -> bool:
    return not name.startswith(("stem.", "head."))


def averaged(model: Recogniser, ema: Ema) -> Recogniser:
    """A copy of the model with the averaged weights, on the CPU and in evaluation mode."""
    copy = Recogniser(model.names, model.other_words)
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
        top-1 of the things of each of `BANDS`, the share of stuff's cells that is right, and the mean difference of
        probability and truth in ten bins (arXiv 1706.04599) with the temperature; and that temperature.
    """
    known = names()
    logits, wanted, sides, cells_right = [], [], [], []
    for scene in unseen(Composer(sprites, withheld=True), count):
        found = model(to_tensor(scene.rgb[None]))[0]
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
    scores = {"stuff": float(torch.cat(cells_right).mean())} if cells_right else {}
    if not logits:
        return scores, torch.ones(())
    told, truth, side = torch.stack(logits), torch.tensor(wanted), np.array(sides)
    right = (told.argmax(1) == truth).numpy()
    for band, (low, high) in BANDS.items():
        here = (side >= low) & (side < high + (high == SIZE))
        if here.any():
            scores |= {band: float(right[here].mean()), f"{band}_count": int(here.sum())}
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
    parser = training_parser("recogniser", __doc__, folder="recogniser.safetensors", rate=1.5e-3, batch=16)
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/ and backdrops/")
    parser.add_argument("--vae", type=Path, help="the autoencoder's folder, by which some pictures are decoded")
    parser.add_argument("--side", type=int, default=256, help="width and height of the cut-outs, a multiple of 64")
    arguments = parser.parse_args(argv)
    train(arguments.data, arguments.out, vae=arguments.vae, side=arguments.side, **training_options(arguments))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
