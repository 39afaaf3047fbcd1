"""Pairs of pictures, before and after an instruction, that Prompt-to-Prompt makes (arXiv 2211.09800, section 3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.attention.fidelity import NONE
from engine.editing.ensemble import EditedEnsemble
from engine.experts.slots import find_slots
from engine.facts import BASE, InstalledModel
from engine.lab.instructed import followed
from engine.lab.segmentation_eval import Judge
from engine.lab.statistics import found
from engine.models.library import Library
from engine.protocol import ExpertChoice, GenerateRequest, PaintedWord, PromptEdit
from engine.sampling.loop import SeededNoise, WalkStep, sample
from engine.training import checkpoint_io
from engine.training.painted_attention import CELLS
from engine.world.instructions import KINDS, DrawnPair, Instruction, drawn_pair, instruction_for
from engine.world.scenes import NAMES, free_scene, render_scene

SHARES = {"night": 0.16, "winter": 0.16, "drawing": 0.12, "turn": 0.32, "colour": 0.24}
"""How often each kind of instruction is drawn."""
SIZE = 256
"""Width and height of the layouts in pixels."""

_FREE = 0.4
"""The share of drawn pairs whose things stand anywhere."""

_FIRST, _FIRST_DRAWN = 40_000_000, 400_000_000
"""Seeds of the layouts: none that other stages have drawn."""


class PairMaker:
    """Makes pairs with a starter, in shards that depend on their number and the settings alone.

    Beside the pairs that Prompt-to-Prompt makes, a shard has some that the world draws, which cost a tenth of the time:
    those of drawings, which no caption asks for, and others with other things in other places.

    Args:
        judge: sees in the pictures whether the instruction was followed; the others are left out.
        size: instructions in a shard. each: pictures for each of them. steps: of the sampler.
        drawn: pairs in a shard that the world draws.
    """

    def __init__(
        self,
        facts: InstalledModel,
        library: Library,
        judge: Judge,
        *,
        size: int = 6,
        each: int = 3,
        steps: int = 4,
        drawn: int = 30,
    ) -> None:
        self.facts, self.library, self.judge = facts, library, judge
        self.size, self.each, self.steps, self.drawn = size, each, steps, drawn
        self.family: Any = library.load(str(facts.path), "cpu")

    def shard(self, number: int) -> dict[str, Any]:
        """The pairs of a shard, as they are kept in a file."""
        rng = np.random.default_rng((number, 17))
        made: list[dict[str, Any]] = []
        for number_drawn in range(self.drawn):
            pair = self._drawn(number * self.drawn + number_drawn, rng)
            made.append(self._kept(pair, pair.area, pair.before, pair.after, mirrored=bool(rng.random() < 0.5)))
        for index in range(number * self.size, (number + 1) * self.size):
            asked = self._instruction(index, _kind(rng, "drawing"), rng)
            for one, other in zip(*self._pictures(asked, index), strict=True):
                if self._followed(asked, one, other):
                    made += [self._kept(asked, asked.area, one, other, mirrored=each) for each in (False, True)]
        stacked = {name: torch.stack([row[name] for row in made]) for name in ("source", "target", "area")}
        return stacked | {name: [row[name] for row in made] for name in ("texts", "spans", "kinds")}

    def _drawn(self, index: int, rng: np.random.Generator) -> DrawnPair:
        kind = _kind(rng)
        for turn in range(1000):
            layout = free_scene if (index + turn) % 10 < 10 * _FREE else render_scene
            found = drawn_pair(layout(_FIRST_DRAWN + 1000 * index + turn), kind, rng)
            if found is not None:
                return found
        raise AssertionError("layouts have something of each kind")

    def _instruction(self, index: int, kind: str, rng: np.random.Generator) -> Instruction:
        for turn in range(1000):
            found = instruction_for(render_scene(_FIRST + 1000 * index + turn), kind, rng)
            if found is not None:
                return found
        raise AssertionError("layouts have something of each kind")

    def _pictures(self, asked: Instruction, index: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        layout = asked.layout
        masks = [(item.area * np.uint8(255)) for item in layout.items]
        before, after = (
            tuple(
                PaintedWord(span=span, mask=mask, revision=(index, place))
                for place, (span, mask) in enumerate(zip(spans, masks, strict=True))
            )
            for spans in (layout.spans, asked.spans)
        )
        request = GenerateRequest.of(
            id="pair", prompt=asked.caption, words=after, edit=PromptEdit(prompt=layout.caption, words=before),
            width=SIZE, height=SIZE, steps=self.steps, sampler=self.facts.defaults.sampler, batch=self.each,
            model=str(self.facts.path), device="cpu", experts=(ExpertChoice(name=BASE),),
        )  # fmt: skip
        return self._run(request, [index * self.each + number for number in range(self.each)])

    def _run(self, request: GenerateRequest, seeds: list[int]) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """The sources and the edited pictures of a request whose words are edited, for each seed."""
        family, defaults = self.family, self.facts.defaults
        ensemble = EditedEnsemble(
            request, find_slots(request, self.facts, self.library), family, self.library,
            guidance=defaults.guidance, paint_weight=defaults.paint_weight, fidelity=NONE,
        )  # fmt: skip
        try:
            for _ in ensemble.load():
                pass
            ensemble.begin(len(seeds))

            def steer(x: Tensor, step: WalkStep) -> Tensor:
                ensemble.activate(step.sigma, last=False)
                return ensemble.steer(x, step)

            def denoise(x: Tensor, step: WalkStep) -> Tensor:
                return ensemble.denoise(x, step.sigma, fraction=step.fraction)

            shape = (family.channels, *family.latent_size(SIZE, SIZE))
            noise = SeededNoise(seeds * ensemble.lanes, shape, family.device)
            *_, last = sample(request.sampling.sampler, ensemble.walk, denoise, noise, steer=steer)
            ensemble.shown(last.x)
            clean = family.noise.to_input(last.x, ensemble.walk.sigmas[-1])
            before, after = (family.decode(part) for part in clean.chunk(2))
            return list(before), [ensemble.placed(rgb, number) for number, rgb in enumerate(after)]
        finally:
            ensemble.close()

    def _followed(self, asked: Instruction, before: np.ndarray, after: np.ndarray) -> bool:
        old, new = self.judge.predict(np.stack([before, after]))
        for item, _, _ in asked.changed:
            kind = NAMES.index(item.name)
            if not found(old, np.where(item.area, kind, -1), [kind])[0]:
                return False
        return followed(asked, before, after, new)

    @torch.inference_mode()
    def _kept(
        self, asked: Instruction | DrawnPair, area: np.ndarray, before: np.ndarray, after: np.ndarray, *, mirrored: bool
    ) -> dict[str, Any]:
        coder, way = self.family.coder, -1 if mirrored else 1
        side = SIZE // CELLS
        cells = area[:, ::way].reshape(CELLS, side, CELLS, side).mean((1, 3))
        rows = {
            "source": coder.encode_raw(before[:, ::way])[0],
            "target": coder.encode(after[:, ::way])[0],
            "area": torch.from_numpy(cells.astype(np.float32)),
        }
        kept: dict[str, Any] = {name: value.half() for name, value in rows.items()}
        return kept | {"texts": asked.text, "spans": asked.span, "kinds": asked.kind}


def _kind(rng: np.random.Generator, *left_out: str) -> str:
    names = [name for name in KINDS if name not in left_out]
    shares = np.array([SHARES[name] for name in names])
    return str(rng.choice(names, p=shares / shares.sum()))


def make_pairs(maker: PairMaker, folder: Path, count: int) -> Iterator[int]:
    """Make the first `count` shards that are missing in a folder; yields the number of each that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        file = folder / f"pairs-{number:04d}.pt"
        if checkpoint_io.read(file) is None:
            checkpoint_io.write_half(file, maker.shard(number)).replace(file)
        yield number
