"""The training loop of a distillation: a student learns the guided teacher's work in one pass, or in few steps."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn

from engine.sampling.kinds import consistency_timesteps
from engine.sampling.schedule import NoiseSchedule
from engine.training.distillation import formulas
from engine.training.distillation.networks import Denoisers, Member, SharedLora, conditioned_copy
from engine.training.distillation.trajectories import WALKED, Trajectories, TrajectoryStore, solve
from engine.training.expert_run import ExpertRun
from engine.training.training_batches import BatchSource, TrainingBatch
from engine.training.training_loop import Ema, cosine, set_rate

_LOG_EVERY = 25


class GuidedSource(BatchSource, Protocol):
    """A source of batches that knows the other half of guidance, too."""

    def negative(self, batch: TrainingBatch) -> TrainingBatch:
        """The empty prompt for as many examples, without paint and reference."""
        ...


@dataclass(frozen=True, kw_only=True)
class DistilPlan:
    """How a student is trained.

    Attributes:
        kind: "guided", the guided teacher in one pass at every noise level (arXiv 2210.03142, section 3.1);
            "consistency", its end from any of `known` levels, by comparing neighbours (arXiv 2310.04378);
            "trajectory", its end from each of `few` levels, by comparing with the teacher's own whole way.
        toward: of a trajectory, "end", or "step": what the guided teacher sees at each level of a walk of few steps,
            which is learned sooner. Such a student walks with the sampler `WALKED` and halves the time of its steps.
        rank: of the LoRA; 0 trains a whole denoiser that takes guidance as an input. layers: "attention" or "all".
        guidance: the scales to distil, lowest and highest.
        few: the steps of the student. known: the levels of the consistency schedule. skip: how many of them the
            teacher goes down at once. between: the teacher's steps for each of the student's, see `trajectories.solve`.
        trajectories: how many of the teacher's ways are made.
        steps, minutes: one is given and the other is None. batch: examples per step and process.
        rate: peak of the learning rate. decay: of the average that gives the targets. every: seconds between
            checkpoints.
    """

    kind: str
    toward: str
    rank: int
    layers: str
    guidance: tuple[float, float]
    few: int
    known: int
    skip: int
    between: int
    trajectories: int
    batch: int
    rate: float
    decay: float
    steps: int | None = None
    minutes: float | None = None
    seed: int = 0
    every: float = 120.0

    @property
    def walks(self) -> bool:
        """Whether the student learns the guided teacher's work on a walk with `WALKED`, in few steps."""
        return self.kind == "trajectory" and self.toward == "step"


class Student(nn.Module):
    """The student, called as `Denoisers`; and the teacher beside it.

    Attributes:
        trained: the module whose parameters are trained: a `SharedLora`, or a whole denoiser.
    """

    def __init__(self, members: Sequence[Member], plan: DistilPlan, *, painted: bool) -> None:
        super().__init__()
        self.teacher = Denoisers(members, painted=painted).requires_grad_(False).eval()
        if plan.rank:
            self.lora: SharedLora | None = SharedLora(
                self.teacher.networks, plan.rank, wanted=plan.layers, seed=plan.seed
            )
            self.trained: nn.Module = self.lora
            self.own: Denoisers = self.teacher
        else:
            self.lora = None
            # The base, or the expert for most of the levels, is the nearest to all of them.
            network = conditioned_copy(members[len(members) // 2].network).requires_grad_(True)
            self.trained = network
            self.own = Denoisers([Member(network)], painted=painted)
            self.averaged = Denoisers([Member(copy.deepcopy(network).requires_grad_(False))], painted=painted)

    def forward(
        self, noisy: Tensor, times: Tensor, alpha: Tensor, batch: TrainingBatch, guidance: Tensor | None
    ) -> Tensor:
        """The student's output."""
        made: Tensor = self.own(noisy, times, alpha, batch, None if self.lora is not None else guidance)
        return made

    def without(self) -> AbstractContextManager[None]:
        """Within it the networks are the teacher's."""
        return nullcontext() if self.lora is None else self.lora.off()

    def by_average(
        self, ema: Ema, noisy: Tensor, times: Tensor, alpha: Tensor, batch: TrainingBatch, guidance: Tensor
    ) -> Tensor:
        """The output of the averaged student."""
        if self.lora is not None:
            with self.lora.using(list(ema.values)):
                made: Tensor = self.teacher(noisy, times, alpha, batch)
                return made
        ema.copy_to(self.averaged.networks[0])
        made = self.averaged(noisy, times, alpha, batch, guidance)
        return made


class Distiller:
    """Trains one student.

    Args:
        members: the teacher, float32. settings: whatever else the result depends on, stored in the checkpoints.
    """

    def __init__(
        self,
        members: Sequence[Member],
        noise: NoiseSchedule,
        source: GuidedSource,
        plan: DistilPlan,
        *,
        accelerator: Accelerator,
        settings: dict[str, Any],
    ) -> None:
        self.noise, self.source, self.plan, self.accelerator = noise, source, plan, accelerator
        student = Student(members, plan, painted=source.painted)
        self.student = student.to(accelerator.device, memory_format=torch.channels_last)
        self.trained = self.student.trained
        # `to` may make new tensors of whole networks; those of a LoRA are taken from its lists at each call.
        self.optimizer = torch.optim.AdamW(
            [each for each in self.trained.parameters() if each.requires_grad],
            lr=plan.rate,
            betas=(0.9, 0.99),
            weight_decay=0.0,
        )
        self.model, self.stepper = accelerator.prepare(self.student, self.optimizer)
        self.ema = Ema(self.trained, plan.decay).to(accelerator.device)
        sigmas = torch.from_numpy(noise.table)
        self.alphas = (1 / (1 + sigmas.square())).float().to(accelerator.device)
        self.levels = formulas.levels(noise.count, plan.known).to(accelerator.device)
        taught = {"original_inference_steps": plan.known}
        consistent = consistency_timesteps(taught, noise.count, plan.few)
        self.few = [int(time) for time in (noise.walk(WALKED, plan.few).timesteps if plan.walks else consistent)]
        kept = {name: value for name, value in asdict(plan).items() if name not in ("minutes", "every")}
        self.settings = {
            **{name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()},
            **source.settings,
            **settings,
            "processes": accelerator.num_processes,
        }

    # --- the teacher ----------------------------------------------------------------------------------------------

    def guided_x0(self, noisy: Tensor, times: Tensor, alpha: Tensor, batch: TrainingBatch, guidance: Tensor) -> Tensor:
        """The teacher's x0 with guidance `[B]`, float32 `[B, C, h, w]`."""
        teacher, negative = self.student.teacher, self.source.negative(batch)
        with torch.no_grad(), self.accelerator.autocast(), self.student.without():
            led, free = teacher(noisy, times, alpha, batch), teacher(noisy, times, alpha, negative)
        output = formulas.guided(free.float(), led.float(), guidance)
        return formulas.to_x0(output, noisy, alpha, self.noise.prediction)

    def follow(self, noise: Tensor, batch: TrainingBatch) -> Trajectories:
        """The guided teacher's whole ways from unit noise `[B, C, h, w]`."""
        scale = torch.full((len(noise),), sum(self.plan.guidance) / 2, device=noise.device)

        def predict(noisy: Tensor, times: Tensor, alpha: Tensor, part: TrainingBatch) -> Tensor:
            return self.guided_x0(noisy, times, alpha, part, scale)

        return solve(predict, noise, batch, self.alphas, self.few, self.plan.between)

    # --- training -------------------------------------------------------------------------------------------------

    def train(self, folder: Path, *, resume: bool) -> None:
        """Train the student; afterwards `trained` holds its averaged weights.

        Raises:
            ModelIncomplete: the checkpoints are damaged. BadRequest: they were made with other settings. OSError:
            `folder` cannot be written.
        """
        plan, accelerator = self.plan, self.accelerator
        run = ExpertRun(
            folder,
            "student",
            parts={"trained": self.trained, "ema": self.ema, "optimizer": self.optimizer},
            settings=self.settings,
            accelerator=accelerator,
            steps=plan.steps,
            minutes=plan.minutes,
            every=plan.every,
        )
        if resume:
            run.resume()
        store = self._trajectories(folder) if plan.kind == "trajectory" else None
        for step, fraction in run:
            set_rate(self.optimizer, cosine(fraction, plan.rate))
            rng = np.random.default_rng((plan.seed, step, accelerator.process_index))
            loss = self._from_store(store, rng) if store is not None else self._from_data(rng)
            self.stepper.zero_grad(set_to_none=True)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(self.trained.parameters(), 1.0)
            self.stepper.step()
            self.ema.update(self.trained, step)
            if step % _LOG_EVERY == 0:
                run.log(loss=float(loss.detach()))
        self.ema.copy_to(self.trained)

    def _trajectories(self, folder: Path) -> TrajectoryStore:
        plan, device = self.plan, self.accelerator.device
        asked = f"{plan.batch}-{plan.seed}-{plan.between}-{plan.few}-{plan.known}-{sum(plan.guidance) / 2:g}"
        store = TrajectoryStore(
            folder / f"trajectories-{asked}", self.source, size=plan.batch, seed=plan.seed, device=device
        )
        count = -(-plan.trajectories // plan.batch)
        with self.accelerator.main_process_first():
            for number in store.make(count, self.follow):
                self.accelerator.print(f"trajectories: {number + 1} of {count} batches")
        return store

    def _from_store(self, store: TrajectoryStore, rng: np.random.Generator) -> Tensor:
        plan = self.plan
        part = store.read(int(rng.integers(-(-plan.trajectories // plan.batch))))
        assert part is not None, "made before"
        count = len(part.end)
        chosen = torch.from_numpy(rng.permutation(np.arange(count) % plan.few)).to(part.end.device)
        times = torch.tensor(self.few, device=part.end.device)[chosen]
        rows = torch.arange(count, device=chosen.device)
        noisy = part.passed[rows, chosen]
        scale = torch.full((count,), sum(plan.guidance) / 2, device=part.end.device)
        made = self.student_x0(noisy, times, part.batch, scale)
        wanted = part.end if plan.toward == "end" else part.seen[rows, chosen]
        return formulas.pseudo_huber(made, wanted).mean()

    def student_x0(self, noisy: Tensor, times: Tensor, batch: TrainingBatch, guidance: Tensor) -> Tensor:
        """The student's x0 at timesteps `[B]`, float32 `[B, C, h, w]`; guidance: scales `[B]`."""
        alpha = self.alphas[times]
        output = self.model(noisy, times, alpha, batch, guidance)
        return formulas.to_x0(output, noisy, alpha, self.noise.prediction)

    def _from_data(self, rng: np.random.Generator) -> Tensor:
        plan, device = self.plan, self.accelerator.device
        batch = self.source(rng, plan.batch)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        parts = ((torch.arange(plan.batch) + torch.rand(plan.batch, generator=generator)) / plan.batch).to(device)
        noise = torch.randn(batch.clean.shape, generator=generator).to(device)
        low, high = plan.guidance
        scale = (low + (high - low) * torch.rand(plan.batch, generator=generator)).to(device)
        if plan.kind == "guided":
            times = (parts * self.noise.count).long().clamp(max=self.noise.count - 1)
        else:
            index = (parts * plan.known).long().clamp(max=plan.known - 1)
            times = self.levels[index]
        alpha = self.alphas[times]
        noisy = formulas.ddim_step(batch.clean, noise, alpha)
        wanted = self.guided_x0(noisy, times, alpha, batch, scale)
        made = self.student_x0(noisy, times, batch, scale)
        if plan.kind == "guided":
            # Truncated SNR weights: arXiv 2202.00512, section 4.
            weight = (alpha / (1 - alpha)).clamp(min=1, max=100)
            errors = (made - wanted).square().mean((1, 2, 3))
            return (weight * errors).mean() / weight.mean()
        below = torch.where(index >= plan.skip, self.levels[(index - plan.skip).clamp(min=0)], 0)
        beside = formulas.ddim_step(wanted, formulas.to_noise(wanted, noisy, alpha), self.alphas[below])
        with torch.no_grad(), self.accelerator.autocast():
            output = self.student.by_average(self.ema, beside, below, self.alphas[below], batch, scale)
        target = formulas.to_x0(output, beside, self.alphas[below], self.noise.prediction)
        return formulas.pseudo_huber(_bounded(made, noisy, times), _bounded(target, beside, below)).mean()


def _bounded(x0: Tensor, noisy: Tensor, times: Tensor) -> Tensor:
    skip, out = formulas.boundary_scalings(times)
    return skip * noisy + out * x0
