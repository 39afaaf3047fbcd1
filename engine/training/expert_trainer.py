"""Trains a tree of experts: each node starts from its parent's weights and sees only the noise of its own interval."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn

from engine.sampling.schedule import NoiseSchedule
from engine.training.denoising_loss import denoising_loss, loss_weight
from engine.training.expert_run import ExpertRun
from engine.training.expert_tree import Node, divide
from engine.training.lora_layers import LoraLayers
from engine.training.painted_attention import PaintedTraining, at_levels, grounding_loss, offset_noise, widened
from engine.training.training_batches import BatchSource, TrainingBatch
from engine.training.training_loop import Ema, cosine, set_rate

_GROUNDING = 0.05
_LOG_EVERY, _JUDGED = 25, 8
"""Steps between two lines of the log, and how many batches are used to compare a finished expert with the base."""

_HIDDEN_BELOW, _OFFSET_SHARE = 1 / 3, 0.5
"""Below this alpha-bar the noise may be offset noise, as in the base's training, and how often it is."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How the tree is trained.

    Attributes:
        rank: of the LoRA layers; 0 to train whole denoisers. layers: which have them, "attention" or "all".
        steps, minutes: for all nodes together; one is given and the other is None.
        batch: examples per step and process. rate: peak of the learning rate. every: seconds between checkpoints.
    """

    rank: int
    batch: int
    rate: float
    steps: int | None = None
    minutes: float | None = None
    layers: str = "all"
    seed: int = 0
    every: float = 120.0


class ExpertModel(nn.Module):
    """The denoiser in training, and the base to compare it with.

    Attributes:
        trained: the module whose parameters are trained: `LoraLayers`, or the whole denoiser.
    """

    def __init__(self, unet: Any, *, rank: int, layers: str, painted: bool, seed: int) -> None:
        super().__init__()
        self.unet, self.painted = unet, painted
        self.attention = PaintedTraining()
        if painted:
            stock = unet.attn_processors
            unet.set_attn_processor({name: self.attention if "attn2" in name else stock[name] for name in stock})
        self.base = None if rank else copy.deepcopy(unet).requires_grad_(False)
        self.trained: nn.Module = (
            LoraLayers(unet, rank, wanted=layers, seed=seed) if rank else unet.requires_grad_(True)
        )

    def forward(
        self, noisy: Tensor, times: Tensor, alpha: Tensor, batch_data: TrainingBatch
    ) -> tuple[Tensor, list[Tensor]]:
        """Return the expert's output `[B, C, h, w]` and the recorded attention maps, see `PaintedTraining`."""
        return self._run(self.unet, noisy, times, alpha, batch_data)

    @torch.no_grad()
    def by_base(self, noisy: Tensor, times: Tensor, alpha: Tensor, batch_data: TrainingBatch) -> Tensor:
        """The base's output."""
        if isinstance(self.trained, LoraLayers):
            with self.trained.off():
                return self._run(self.unet, noisy, times, alpha, batch_data)[0]
        return self._run(self.base, noisy, times, alpha, batch_data)[0]

    def _run(
        self, unet: Any, noisy: Tensor, times: Tensor, alpha: Tensor, batch_data: TrainingBatch
    ) -> tuple[Tensor, list[Tensor]]:
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        if self.painted:
            assert batch_data.paint is not None and batch_data.weight is not None
            # A copied base has its own copy of the attention.
            attention = next(each for name, each in unet.attn_processors.items() if "attn2" in name)
            attention.prepare(batch_data.paint, batch_data.weight, alpha, batch_data.token_bias)
            made, seen = unet(noisy, times, batch_data.context).sample, attention.seen
            attention.clear()
            return made, seen
        present = batch_data.token_bias == 0
        mask = None if bool(present.all()) else present
        added = {"added_cond_kwargs": batch_data.added} if batch_data.added else {}
        return unet(noisy, times, batch_data.context, encoder_attention_mask=mask, **added).sample, []


def parts_of(parts: int, process: int, processes: int) -> list[tuple[int, float]]:
    """The parts of each step's examples that a process takes, each with the weight of its loss.

    A step's examples are those of `parts` batches, however many processes there are now: gradients are averaged over
    the processes, and with these weights that is their mean over all parts. A process that is one too many takes a part
    that counts nothing, as all must take part in the averaging.
    """
    mine = range(process, parts, processes)
    return [(part, processes / parts) for part in mine] or [(process % parts, 0.0)]


def to_velocity(output: Tensor, noisy: Tensor, alpha: Tensor, prediction: str) -> Tensor:
    """Convert a denoiser's output to v, all `[B, C, h, w]`; alpha: alpha-bar `[B]`."""
    a, b = alpha[:, None, None, None].sqrt(), (1 - alpha)[:, None, None, None].sqrt()
    if prediction == "epsilon":
        return (output.float() - b * noisy) / a
    if prediction == "sample":
        return (a * noisy - output.float()) / b
    return output.float()


def plain_noise(shape: torch.Size, _alpha: Tensor, generator: torch.Generator) -> Tensor:
    """Standard normal noise of `shape`, as samplers start from."""
    return torch.randn(shape, generator=generator)


def experts_noise(shape: torch.Size, alpha: Tensor, generator: torch.Generator) -> Tensor:
    """Noise `[B, C, h, w]` for experts of a base that was trained with `offset_noise`; alpha: alpha-bar `[B]`.

    Samplers use plain noise, so experts mostly train on that; but with plain noise alone they would forget to take the
    palette from a reference at high noise, where it is still open. Below sigma 1.4 the latents show the palette.
    """
    hidden = (alpha < _HIDDEN_BELOW) & (torch.rand(len(alpha), generator=generator) < _OFFSET_SHARE)
    return offset_noise(shape, generator, rows=hidden)


class ExpertTrainer:
    """Trains the nodes of the tree, one per call of `train`.

    Args:
        unet: the base, float32; with LoRA layers it is never changed.
        settings: whatever else the result depends on, stored in the checkpoints.
    """

    def __init__(
        self,
        unet: Any,
        noise: NoiseSchedule,
        source: BatchSource,
        plan: Plan,
        *,
        accelerator: Accelerator,
        settings: dict[str, Any],
    ) -> None:
        self.noise, self.source, self.plan, self.accelerator = noise, source, plan, accelerator
        expert_model = ExpertModel(unet, rank=plan.rank, layers=plan.layers, painted=source.painted, seed=plan.seed)
        self.expert_model = expert_model.to(accelerator.device, memory_format=torch.channels_last).train()
        self.trained = self.expert_model.trained
        self.fresh = _kept(self.trained)
        self.optimizer = torch.optim.AdamW(
            self.trained.parameters(), lr=plan.rate, betas=(0.9, 0.99), weight_decay=0.01
        )
        self.model, self.stepper = accelerator.prepare(self.expert_model, self.optimizer)
        sigmas = torch.from_numpy(noise.table)
        self.alphas = (1 / (1 + sigmas.square())).float().to(accelerator.device)
        plan_settings = {name: value for name, value in asdict(plan).items() if name not in ("minutes", "every")}
        self.settings = {**plan_settings, **source.settings, **settings, "processes": accelerator.num_processes}

    def train(
        self, node: Node, index: int, start: dict[str, Tensor], folder: Path, *, resume: bool, steps: int
    ) -> None:
        """Train one node from the weights `start`; afterwards `trained` holds the averaged weights.

        Args:
            index: the node's number, which seeds its randomness. steps: used if the plan counts steps.

        Raises:
            ModelIncomplete: its checkpoints are damaged. BadRequest: they were made with other settings.
        """
        plan, accelerator = self.plan, self.accelerator
        self.trained.load_state_dict(start)
        self.optimizer.state.clear()
        ema = Ema(self.trained, 0.999).to(accelerator.device)
        run = ExpertRun(
            folder,
            node.name,
            parts={"trained": self.trained, "ema": ema, "optimizer": self.optimizer},
            settings={**self.settings, "times": [node.first, node.last]},
            accelerator=accelerator,
            steps=None if plan.steps is None else steps,
            minutes=None if plan.minutes is None else plan.minutes * node.share,
            every=plan.every,
        )
        if resume:
            run.resume()
            # What comes after it was begun on as many processes.
            self.settings["processes"] = run.settings["processes"]
        was_done = run.done
        mine = parts_of(self.settings["processes"], accelerator.process_index, accelerator.num_processes)
        for step, fraction in run:
            set_rate(self.optimizer, cosine(fraction, plan.rate))
            self.stepper.zero_grad(set_to_none=True)
            for number, (part, weight) in enumerate(mine, 1):
                drawn = self._draw(node, (plan.seed, index, step, part))
                with contextlib.nullcontext() if number == len(mine) else accelerator.no_sync(self.model):
                    output, seen = self.model(*drawn.inputs)
                    errors = self._errors(output, drawn, node)
                    loss = errors.mean()
                    if drawn.batch_data.truth is not None:
                        truth = at_levels(widened(drawn.batch_data.truth, drawn.batch_data.context.shape[1]))
                        loss = loss + _GROUNDING * grounding_loss(seen, truth)
                    accelerator.backward(loss * weight)
            accelerator.clip_grad_norm_(self.trained.parameters(), 1.0)
            self.stepper.step()
            ema.update(self.trained, step)
            if step % _LOG_EVERY == 0:
                ours, base = float(errors.detach().mean()), float(self._errors(self._base(drawn), drawn, node).mean())
                run.log(loss=ours, base=base, ratio=ours / base)
        ema.copy_to(self.trained)
        if not was_done:
            self._judge(node, index, run)

    def _judge(self, node: Node, index: int, run: ExpertRun) -> None:
        """Log the errors of the averaged expert and of the base on the same new batches."""
        ours, base = [], []
        for number in range(_JUDGED):
            drawn = self._draw(node, (self.plan.seed + 1, index, number, self.accelerator.process_index))
            with torch.no_grad(), self.accelerator.autocast():
                made = self.expert_model(*drawn.inputs)[0]
            ours.append(float(self._errors(made, drawn, node).mean()))
            base.append(float(self._errors(self._base(drawn), drawn, node).mean()))
        run.log(averaged=sum(ours) / _JUDGED, base=sum(base) / _JUDGED, ratio=sum(ours) / sum(base))

    def _base(self, drawn: _Drawn) -> Tensor:
        with self.accelerator.autocast():
            return self.expert_model.by_base(*drawn.inputs)

    def _draw(self, node: Node, seed: tuple[int, ...]) -> _Drawn:
        rng = np.random.default_rng(seed)
        batch, device = self.plan.batch, self.accelerator.device
        batch_data = self.source(rng, batch)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        # Stratified times, one in each of `batch` equal parts of the interval, as in the base's training.
        parts = (torch.arange(batch) + torch.rand(batch, generator=generator)) / batch
        times = (node.first + (parts * (node.last - node.first)).long()).clamp(max=node.last - 1).to(device)
        alpha = self.alphas[times]
        draw = experts_noise if self.source.painted else plain_noise
        noise = draw(batch_data.clean.shape, alpha.cpu(), generator).to(device)
        keep = alpha[:, None, None, None]
        return _Drawn(batch_data, noise, times, alpha, keep.sqrt() * batch_data.clean + (1 - keep).sqrt() * noise)

    def _errors(self, output: Tensor, drawn: _Drawn, node: Node) -> Tensor:
        """The weighted error per example `[B]`; the weights have mean 1 over the interval."""
        made = to_velocity(output, drawn.noisy, drawn.alpha, self.noise.prediction)
        mean = loss_weight(self.alphas[node.first : node.last]).mean()
        return denoising_loss(made, drawn.batch_data.clean, drawn.noise, drawn.alpha) / mean


@dataclass(frozen=True)
class _Drawn:
    """A training batch with its noise: `noise`, `noisy` `[B, C, h, w]`, `times`, `alpha` `[B]`."""

    batch_data: TrainingBatch
    noise: Tensor
    times: Tensor
    alpha: Tensor
    noisy: Tensor

    @property
    def inputs(self) -> tuple[Tensor, Tensor, Tensor, TrainingBatch]:
        """The arguments of `ExpertModel`."""
        return self.noisy, self.times, self.alpha, self.batch_data


def train_tree(
    trainer: ExpertTrainer, nodes: Sequence[Node], folder: Path, *, resume: bool, finished: Callable[[Node], None]
) -> None:
    """Train all nodes, parents first; `finished` is called after each leaf, while the trainer holds its weights.

    Args:
        folder: of the checkpoints.

    Raises:
        ModelIncomplete: checkpoints are damaged. BadRequest: they were made with other settings. OSError: `folder`
        cannot be written.
    """
    if not resume and trainer.accelerator.is_main_process:
        for file in [*folder.glob("*.pt"), *folder.glob("*.half")]:
            if file.name.partition(".")[0] in {node.name for node in nodes}:
                file.unlink()
    trainer.accelerator.wait_for_everyone()
    steps = divide(nodes, trainer.plan.steps or 0)
    parents = {node.parent for node in nodes}
    trained = {"": trainer.fresh}
    for index, node in enumerate(nodes):
        trainer.train(node, index, trained[node.parent], folder, resume=resume, steps=steps[node.name])
        if node.name in parents:
            trained[node.name] = _kept(trainer.trained)
        if node.leaf:
            finished(node)


def _kept(module: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().cpu().clone() for name, value in module.state_dict().items()}
