"""The networks of a distillation: the teacher with its experts, and the student on top of it or beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.errors import UnsupportedModel
from engine.facts import DELTAS, InstalledModel
from engine.models import lora
from engine.models.expert_loading import read_whole
from engine.models.families.components import load_unet
from engine.models.families.guidance import embedding
from engine.training.painted_attention import PaintedTraining, self_attention
from engine.training.training_batches import TrainingBatch

COND_WIDTH = 256
"""Width of the embedding of guidance in a w-conditioned student, as LCM's checkpoints have it."""


@dataclass(frozen=True, eq=False)
class Member:
    """A denoiser and the noise levels `low <= sigma < high` that it owns."""

    network: Any
    low: float = 0.0
    high: float = math.inf


def load_teacher(facts: InstalledModel) -> list[Member]:
    """Load a model's denoiser, or all its experts, in float32 on the CPU.

    Raises:
        UnsupportedModel: an expert was trained on noise of its own. ModelIncomplete: files are missing or damaged.
    """
    base = load_unet(facts, device=torch.device("cpu"), dtype=torch.float32).requires_grad_(False)
    if not facts.experts:
        return [Member(base)]
    members = []
    for expert in facts.experts:
        if expert.folder is None:
            members.append(Member(base, expert.low, expert.high))
            continue
        if (expert.folder / "scheduler_config.json").is_file():
            raise UnsupportedModel(
                f'The expert "{expert.name}" was trained on noise of its own, which cannot be distilled with the rest.',
                hint="Distil a model whose experts share one noise schedule.",
            )
        if expert.is_delta:
            deltas = lora.read_deltas(expert.folder / DELTAS, part=f'expert "{expert.name}"')
            weights = lora.merge(base.state_dict(), deltas, part=f'expert "{expert.name}"')
            network: Any = lora.with_weights(base, weights)
        else:
            network = read_whole(type(base), facts, expert, torch.float32)
        members.append(Member(network.requires_grad_(False), expert.low, expert.high))
    return members


def pick(batch: TrainingBatch, rows: Tensor) -> TrainingBatch:
    """Some rows of a batch; `rows`: int64 `[n]`, on the batch's device."""
    found: dict[str, Any] = {}
    for each in fields(batch):
        value = getattr(batch, each.name)
        if isinstance(value, Tensor):
            found[each.name] = value[rows]
        elif isinstance(value, dict):
            found[each.name] = {name: part[rows] for name, part in value.items()}
    return replace(batch, **found)


class Denoisers(nn.Module):
    """Denoisers that share the noise levels, called with a timestep for each example.

    Args:
        members: one, or experts that cover all noise levels. painted: whether paint acts on the attention.
    """

    def __init__(self, members: Sequence[Member], *, painted: bool) -> None:
        super().__init__()
        self.bounds = [(member.low, member.high) for member in members]
        self.networks = nn.ModuleList(member.network for member in members)
        self.attention = PaintedTraining() if painted else None
        for network in self.networks:
            names = network.attn_processors
            if self.attention is not None:
                network.set_attn_processor(
                    {name: self.attention if "attn2" in name else self_attention for name in names}
                )

    def forward(
        self, noisy: Tensor, times: Tensor, alpha: Tensor, batch: TrainingBatch, guidance: Tensor | None = None
    ) -> Tensor:
        """Return the output `[B, C, h, w]`, each example's from the expert that owns its noise.

        Args:
            times, alpha: timesteps and alpha-bar, `[B]`. guidance: scales `[B]`, for networks that take them.
        """
        if len(self.networks) == 1:
            return self._run(self.networks[0], noisy, times, alpha, batch, guidance)
        sigma = ((1 - alpha) / alpha).sqrt()
        output = torch.zeros_like(noisy)
        for network, (low, high) in zip(self.networks, self.bounds, strict=True):
            rows = ((sigma >= low) & (sigma < high)).nonzero().flatten()
            if not len(rows):
                continue
            own = None if guidance is None else guidance[rows]
            made = self._run(network, noisy[rows], times[rows], alpha[rows], pick(batch, rows), own)
            output = output.index_copy(0, rows, made.to(output.dtype))
        return output

    def _run(
        self, network: Any, noisy: Tensor, times: Tensor, alpha: Tensor, batch: TrainingBatch, guidance: Tensor | None
    ) -> Tensor:
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        given: dict[str, Any] = {"added_cond_kwargs": batch.added} if batch.added else {}
        if guidance is not None:
            width = network.config.time_cond_proj_dim
            rows = torch.stack([embedding(float(each), width) for each in guidance])
            given["timestep_cond"] = rows.to(noisy.device)
        if self.attention is not None:
            paint = torch.zeros_like(batch.token_bias)[:, None] if batch.paint is None else batch.paint
            weight = torch.zeros_like(alpha) if batch.weight is None else batch.weight
            if batch.paint is None:
                paint = paint.expand(-1, noisy.shape[-1] * noisy.shape[-2], -1)
            self.attention.prepare(paint, weight, alpha, batch.token_bias)
            made: Tensor = network(noisy, times, batch.context, **given).sample
            self.attention.clear()
            return made
        present = batch.token_bias == 0
        mask = None if bool(present.all()) else present
        made = network(noisy, times, batch.context, encoder_attention_mask=mask, **given).sample
        return made


class SharedLora(nn.Module):
    """One LoRA (arXiv 2106.09685) on the same layers of several frozen denoisers: `up @ down` is added to each.

    Args:
        networks: all of one architecture; they get hooks, and their weights and names do not change.
        rank: 1 or more. wanted: which layers, "attention" or "all"; those whose smaller side is below the rank are
            left out. seed: of the random initial values.

    Attributes:
        layers: the layers' names. down, up: their factors, the second zero at first, so that nothing changes.
    """

    def __init__(self, networks: Sequence[Any], rank: int, *, wanted: str = "attention", seed: int = 0) -> None:
        super().__init__()
        self.rank = rank
        self.layers: list[str] = []
        self.down, self.up = nn.ParameterList(), nn.ParameterList()
        self._values: list[Tensor] | None = None
        self._on = True
        generator = torch.Generator().manual_seed(seed)
        for name, layer in networks[0].named_modules():
            if not isinstance(layer, nn.Linear | nn.Conv2d) or getattr(layer, "groups", 1) != 1:
                continue
            into, out = layer.weight[0].numel(), layer.weight.shape[0]
            if rank > min(into, out) or (wanted == "attention" and ".attn" not in name):
                continue
            # As in PEFT: uniform with variance 1 / (3 * inputs).
            down = (2 * torch.rand(rank, *layer.weight.shape[1:], generator=generator) - 1) / math.sqrt(into)
            self.layers.append(name)
            self.down.append(nn.Parameter(down))
            self.up.append(nn.Parameter(torch.zeros(out, rank, *[1] * (layer.weight.ndim - 2))))
        for network in networks:
            named = dict(network.named_modules())
            for index, name in enumerate(self.layers):
                named[name].register_forward_hook(self._hook(index))

    def _hook(self, index: int) -> Any:
        def add(layer: Any, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            if not self._on:
                return output
            down, up = self._pair(index)
            if down.ndim == 2:
                return output + F.linear(F.linear(inputs[0], down), up)
            return output + F.conv2d(F.conv2d(inputs[0], down, None, layer.stride, layer.padding, layer.dilation), up)

        return add

    def _pair(self, index: int) -> tuple[Tensor, Tensor]:
        if self._values is None:
            return self.down[index], self.up[index]
        return self._values[index], self._values[index + len(self.layers)]

    @contextmanager
    def off(self) -> Iterator[None]:
        """Within it, the networks are as they were."""
        self._on = False
        try:
            yield
        finally:
            self._on = True

    @contextmanager
    def using(self, values: Sequence[Tensor]) -> Iterator[None]:
        """Within it, other factors act, in the order of `parameters()`: all of `down`, then all of `up`."""
        self._values = list(values)
        try:
            yield
        finally:
            self._values = None


def conditioned_copy(network: Any) -> Any:
    """A copy of a denoiser that takes guidance as an input (arXiv 2210.03142, section 3.1), in diffusers' way.

    The new layer begins at zero, so that the copy begins as the denoiser itself.

    Raises:
        UnsupportedModel: it takes guidance already.
    """
    if network.config.get("time_cond_proj_dim") is not None:
        raise UnsupportedModel(
            "The model takes guidance as an input already: it was distilled.", hint="Distil the model it was made from."
        )
    # Without diffusers' note of what was left at its default, by which it would drop the new value.
    config = {name: value for name, value in network.config.items() if name != "_use_default_values"}
    other = type(network).from_config({**config, "time_cond_proj_dim": COND_WIDTH})
    other.load_state_dict(network.state_dict(), strict=False)
    nn.init.zeros_(other.time_embedding.cond_proj.weight)
    return other
