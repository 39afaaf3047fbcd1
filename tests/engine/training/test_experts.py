"""Experts are branched from a base: what they learn, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from engine.models import lora
from engine.sampling.schedule import NoiseSchedule
from engine.teaching.accelerator import new_accelerator
from engine.training import expert_trainer
from engine.training.expert_trainer import (
    ExpertModel,
    ExpertTrainer,
    Plan,
    experts_noise,
    plain_noise,
    to_velocity,
    train_tree,
)
from engine.training.expert_tree import grow
from engine.training.lora_layers import LoraLayers
from engine.training.painted_attention import new_scheduler
from engine.training.training_batches import TrainingBatch
from tests.tiny import tiny_unet

NOISE = NoiseSchedule(new_scheduler().config)


@pytest.fixture(autouse=True)
def judged_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expert_trainer, "_JUDGED", 1)


@pytest.fixture(scope="session")
def accelerator() -> Accelerator:
    return new_accelerator(torch.device("cpu"))


# --- low-rank layers ------------------------------------------------------------------------------------------------


def inputs(width: int = 32) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(1)
    x, context = torch.randn(2, 4, 16, 16, generator=generator), torch.randn(2, 9, width, generator=generator)
    return x, torch.tensor([10, 700]), context


@torch.no_grad()
def test_factors_beside_the_layers_are_what_the_engine_merges(tmp_path: Path) -> None:
    unet, (x, times, context) = tiny_unet().eval(), inputs()
    before, plain = {k: v.clone() for k, v in unet.state_dict().items()}, unet(x, times, context).sample
    lora_layers = LoraLayers(unet, 4)
    assert torch.equal(unet(x, times, context).sample, plain), "untrained layers change nothing"
    for index, up in enumerate(lora_layers.up):
        up.copy_(0.02 * torch.randn(up.shape, generator=torch.Generator().manual_seed(index)))
    beside = unet(x, times, context).sample
    with lora_layers.off():
        assert torch.equal(unet(x, times, context).sample, plain)
    lora_layers.write(tmp_path)
    deltas = lora.read_deltas(tmp_path / "pytorch_lora_weights.safetensors", part="expert")
    fitting = {
        name
        for name, layer in tiny_unet().named_modules()
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d)
        and min(layer.weight.shape[0], layer.weight[0].numel()) >= 4
    }
    assert set(deltas) == fitting and {"conv_in", "down_blocks.0.downsamplers.0.conv", "conv_out"} <= fitting
    merged = lora.with_weights(unet, lora.merge(unet.state_dict(), deltas, part="expert"))
    assert (beside - plain).abs().max() > 0.05
    torch.testing.assert_close(merged(x, times, context).sample, beside, rtol=0.02, atol=0.01)
    assert all(torch.equal(before[name], tensor) for name, tensor in unet.state_dict().items())


def test_a_layer_whose_smaller_side_is_below_the_rank_has_no_factors() -> None:
    assert "conv_out" not in LoraLayers(tiny_unet(), 8).layers and "conv_out" in LoraLayers(tiny_unet(), 4).layers


def test_the_attention_alone_may_have_factors() -> None:
    layers, every = LoraLayers(tiny_unet(), 4, wanted="attention").layers, LoraLayers(tiny_unet(), 4).layers
    assert layers == [name for name in every if ".attn1." in name or ".attn2." in name] and len(layers) > 8
    across = LoraLayers(tiny_unet(), 4, wanted="cross-attention").layers
    assert across == [name for name in layers if ".attn2." in name] and across


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_what_a_denoiser_predicts_becomes_v(prediction: str) -> None:
    clean, noise = torch.randn(2, 4, 4, 4), torch.randn(2, 4, 4, 4)
    alpha = torch.tensor([0.9, 0.2])
    a, b = alpha[:, None, None, None].sqrt(), (1 - alpha)[:, None, None, None].sqrt()
    v = a * noise - b * clean
    output = {"epsilon": noise, "v_prediction": v, "sample": clean}[prediction]
    torch.testing.assert_close(to_velocity(output, a * clean + b * noise, alpha, prediction), v)


# --- learning -----------------------------------------------------------------------------------------------------


class Stripes:
    """Batches of one picture that the base does not know."""

    painted = False

    def __init__(self) -> None:
        self.settings: dict[str, object] = {"data": "stripes"}
        self.clean = torch.where(torch.arange(8) % 4 < 2, 1.0, -1.0).expand(4, 8, 8)

    def __call__(self, rng: np.random.Generator, size: int) -> TrainingBatch:
        context = torch.from_numpy(rng.standard_normal((size, 5, 32))).float()
        return TrainingBatch(
            clean=self.clean.expand(size, -1, -1, -1), context=context, token_bias=torch.zeros(size, 5)
        )


def test_experts_meet_plain_noise_and_at_high_noise_also_the_bases() -> None:
    alpha = torch.cat([torch.full((300,), 0.05), torch.full((300,), 0.6)])
    means = experts_noise(torch.Size((600, 4, 16, 16)), alpha, torch.Generator().manual_seed(0)).mean((2, 3))
    off = means.abs().amax(1) > 5 / 16
    assert means[300:].std() == pytest.approx(1 / 16, rel=0.1) and not off[300:].any()
    # Of four channels with a spread of 0.2 or so, every third time or so one is as far off as plain noise never is.
    assert 0.1 < off[:300].float().mean() < 0.35
    plain = plain_noise(torch.Size((600, 4, 16, 16)), alpha, torch.Generator().manual_seed(0)).mean((2, 3))
    assert plain.std() == pytest.approx(1 / 16, rel=0.1)


def make_trainer(accelerator: Accelerator, *, rank: int = 4, steps: int = 8) -> ExpertTrainer:
    plan = Plan(rank=rank, steps=steps, batch=4, rate=1e-2)
    return ExpertTrainer(tiny_unet(), NOISE, Stripes(), plan, accelerator=accelerator, settings={})


def rows(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("rank", [4, 0])
def test_training_lowers_the_loss_of_factors_and_of_a_whole_denoiser(accelerator, tmp_path, rank: int) -> None:
    trainer = make_trainer(accelerator, rank=rank, steps=14)
    node = next(node for node in grow(NOISE, 2) if node.name == "middle")
    trainer.train(node, 4, trainer.fresh, tmp_path, resume=False, steps=14)
    first, last = rows(tmp_path)[0], rows(tmp_path)[-1]
    assert first["ratio"] == pytest.approx(1, abs=1e-6), "it begins as the base"
    assert last["averaged"] < 0.8 * last["base"]
    assert last["base"] == pytest.approx(first["base"], rel=0.3), "the base has not learnt"


def test_children_begin_with_their_parents_weights_and_learn_from_their_own_times_alone(
    accelerator, tmp_path, monkeypatch
) -> None:
    trainer, starts, times, ends = make_trainer(accelerator), {}, {}, {"": make_trainer(accelerator).fresh}
    real_train, real_model = ExpertTrainer.train, ExpertModel.forward

    def train(self, node, index, start, *rest, **named):
        starts[node.name] = start
        now.append(node.name)
        real_train(self, node, index, start, *rest, **named)
        ends[node.name] = {name: value.clone() for name, value in self.trained.state_dict().items()}

    def forward(self, noisy, drawn, *rest):
        times.setdefault(now[-1], set()).update(drawn.tolist())
        return real_model(self, noisy, drawn, *rest)

    now: list[str] = []
    monkeypatch.setattr(ExpertTrainer, "train", train)
    monkeypatch.setattr(trainer.expert_model, "forward", forward.__get__(trainer.expert_model))
    monkeypatch.setattr(trainer, "model", trainer.expert_model)
    nodes = grow(NOISE, 2)
    finished: list[str] = []
    train_tree(trainer, nodes, tmp_path, resume=False, finished=lambda node: finished.append(node.name))
    assert finished == ["high", "low", "middle"]
    for node in nodes:
        assert all(torch.equal(starts[node.name][key], ends[node.parent][key]) for key in starts[node.name])
        assert node.first <= min(times[node.name]) and max(times[node.name]) < node.last
        assert len(times[node.name]) >= 4
