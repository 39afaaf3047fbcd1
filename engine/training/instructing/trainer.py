"""The training loop of an adapter that follows instructions (InstructPix2Pix, arXiv 2211.09800, section 3.2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn

from engine.sampling.schedule import NoiseSchedule
from engine.training.conditions import REFERENCE_SIDE, Conditions, EncoderInputs
from engine.training.distillation import formulas
from engine.training.distillation.networks import Denoisers, Member
from engine.training.expert_run import ExpertRun
from engine.training.instructing.adapter import InstructAdapter, Trained
from engine.training.instructing.examples import Pairs
from engine.training.painted_attention import CELLS
from engine.training.training_batches import TrainingBatch
from engine.training.training_loop import Ema, cosine, set_rate

_LOG_EVERY = 25
_DROPPED = 0.05
"""Probability that an example has no picture, no instruction, or neither (each; the paper's own)."""
_PAINTED = 0.3
"""Probability that the word which names what is to be seen is painted."""
_INSIDE = 3.0
"""How much more an error counts where the picture is to change: most of a picture is to stay."""


@dataclass(frozen=True, kw_only=True)
class InstructPlan:
    """How an adapter is trained.

    Attributes:
        rank: of its changes. steps, minutes: one is given and the other is None. batch: examples per step.
        rate: peak of the learning rate. decay: of the average that is written. every: seconds between checkpoints.
    """

    rank: int
    batch: int
    rate: float
    decay: float = 0.99
    steps: int | None = None
    minutes: float | None = None
    seed: int = 0
    every: float = 120.0


class InstructTrainer:
    """Trains one adapter.

    Args:
        base: the model's own UNet, float32. settings: whatever else the result depends on, kept in the checkpoints.
    """

    def __init__(
        self,
        base: Any,
        noise: NoiseSchedule,
        conditions: Conditions,
        pairs: Pairs,
        plan: InstructPlan,
        *,
        accelerator: Accelerator,
        settings: dict[str, Any],
    ) -> None:
        self.pairs, self.plan, self.accelerator, self.noise = pairs, plan, accelerator, noise
        device = accelerator.device
        self.conditions = conditions.float().to(device).eval().requires_grad_(False)
        self.adapter = InstructAdapter(base, plan.rank, seed=plan.seed)
        self.adapter.network.requires_grad_(False)
        self.adapter.to(device)
        self.network: nn.Module = Denoisers([Member(self.adapter.network)], painted=True)
        self.network.adapter = self.adapter  # so that its parameters are the model's
        self.trained = Trained(self.adapter)
        self.optimizer = torch.optim.AdamW(self.trained.parameters(), lr=plan.rate, betas=(0.9, 0.99), weight_decay=0.0)
        self.model, self.stepper = accelerator.prepare(self.network, self.optimizer)
        self.ema = Ema(self.trained, plan.decay).to(device)
        self.alphas = (1 / (1 + torch.from_numpy(noise.table).square())).float().to(device)
        kept = {name: value for name, value in asdict(plan).items() if name not in ("minutes", "every")}
        self.settings = {**kept, "pairs": len(pairs), **settings, "processes": accelerator.num_processes}

    def train(self, folder: Path, *, resume: bool) -> None:
        """Train it; afterwards `trained` has its averaged weights.

        Raises:
            ModelIncomplete: the checkpoints are damaged. BadRequest: they were made with other settings. OSError:
            `folder` cannot be written.
        """
        plan, accelerator = self.plan, self.accelerator
        run = ExpertRun(
            folder,
            "instruct",
            parts={"trained": self.trained, "ema": self.ema, "optimizer": self.optimizer},
            settings=self.settings,
            accelerator=accelerator,
            steps=plan.steps,
            minutes=plan.minutes,
            every=plan.every,
        )
        if resume:
            run.resume()
        for step, fraction in run:
            set_rate(self.optimizer, cosine(fraction, plan.rate))
            loss = self.loss(np.random.default_rng((plan.seed, step, accelerator.process_index)))
            self.stepper.zero_grad(set_to_none=True)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(self.trained.parameters(), 1.0)
            self.stepper.step()
            self.ema.update(self.trained, step)
            if step % _LOG_EVERY == 0:
                run.log(loss=float(loss.detach()))
        self.ema.copy_to(self.trained)

    def loss(self, rng: np.random.Generator) -> Tensor:
        """The loss of a batch that depends on the state of `rng` alone."""
        size, device = self.plan.batch, self.accelerator.device
        rows = torch.from_numpy(rng.integers(len(self.pairs), size=size))
        clean, seen, area = (
            self.pairs.target[rows].to(device),
            self.pairs.source[rows].to(device),
            self.pairs.area[rows],
        )
        draw = rng.random(size)
        unseen, unsaid = draw < 2 * _DROPPED, (draw >= _DROPPED) & (draw < 3 * _DROPPED)
        seen = seen * torch.from_numpy(~unseen).to(seen)[:, None, None, None]
        batch = self._batch([int(row) for row in rows], unsaid, area, clean, rng)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        parts = (torch.arange(size) + torch.rand(size, generator=generator)) / size
        times = (parts * self.noise.count).long().clamp(max=self.noise.count - 1).to(device)
        noise = torch.randn(clean.shape, generator=generator).to(device)
        alpha = self.alphas[times]
        noisy = formulas.ddim_step(clean, noise, alpha)
        output = self.model(torch.cat([noisy, seen], 1), times, alpha, batch).float()
        wanted = formulas.ddim_step(noise, -clean, alpha) if self.noise.prediction == "v_prediction" else noise
        whole = area.mean((1, 2)) > 0.95  # a drawing changes everywhere
        weight = (1 + _INSIDE * area * ~whole[:, None, None])[:, None].to(device)
        return ((output - wanted).square() * weight).mean() / weight.mean()

    def _batch(
        self, rows: list[int], unsaid: np.ndarray, area: Tensor, clean: Tensor, rng: np.random.Generator
    ) -> TrainingBatch:
        size, device = len(rows), self.accelerator.device
        texts = ["" if quiet else self.pairs.texts[row] for row, quiet in zip(rows, unsaid, strict=True)]
        context, token_bias = self.read(texts)
        paint = torch.zeros(size, CELLS * CELLS, context.shape[1])
        weight = np.exp(rng.uniform(np.log(0.3), np.log(2.0), size))
        for number, row in enumerate(rows):
            if texts[number] and rng.random() < _PAINTED:
                places = self.conditions.places(texts[number], self.pairs.spans[row])
                paint[number, :, places] = area[number].flatten()[:, None]
        return TrainingBatch(
            clean=clean, context=context, token_bias=token_bias, paint=paint.to(device),
            weight=torch.from_numpy(weight).float().to(device),
        )  # fmt: skip

    @torch.no_grad()
    def read(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        """The context of texts as both encoders read them, and the bias of its tokens, see `Conditions`."""
        both = torch.ones(len(texts), dtype=torch.bool)
        inputs = EncoderInputs(
            prompts=texts,
            clip=both,
            t5=both,
            references=torch.zeros(len(texts), 3, REFERENCE_SIDE, REFERENCE_SIDE),
            styled=~both,
        )
        context, token_bias = self.conditions(inputs.to(self.accelerator.device))
        return context, token_bias
