"""Guidance and steps are distilled: the formulas, what students learn, and what is written for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from diffusers import DDIMScheduler, LatentConsistencyModelPipeline, LCMScheduler

from engine.errors import UnsupportedModel
from engine.facts import FastWay, FewSteps
from engine.models import lora
from engine.models.adapters.notes import read_lora
from engine.models.families import inspect
from engine.sampling.schedule import NoiseSchedule
from engine.teaching.accelerator import new_accelerator
from engine.training import distil
from engine.training.distillation import formulas
from engine.training.distillation.distiller import Distiller, DistilPlan
from engine.training.distillation.networks import Denoisers, Member, SharedLora, conditioned_copy, load_teacher
from engine.training.distillation.trajectories import walk_times
from engine.training.distillation.writing import name_of, write_lora, write_model
from engine.training.painted_attention import new_scheduler
from engine.training.training_batches import TrainingBatch
from tests.tiny import save_tiny, save_tiny_ensemble, tiny_unet

NOISE = NoiseSchedule(new_scheduler().config)
PLAN = {
    "kind": "consistency",
    "toward": "end",
    "rank": 4,
    "layers": "all",
    "guidance": (2.0, 4.0),
    "few": 4,
    "known": 50,
    "skip": 1,
    "between": 2,
    "trajectories": 8,
    "batch": 4,
    "rate": 5e-3,
    "decay": 0.9,
    "steps": 2,
}


@pytest.fixture(scope="session")
def accelerator() -> Accelerator:
    return new_accelerator(torch.device("cpu"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("distil") / "tiny")


class Flags:
    """Batches of flat latents whose colour their context tells; with paint, if asked for."""

    def __init__(self, painted: bool = False) -> None:
        self.painted, self.settings = painted, {"data": "flags"}

    def __call__(self, rng: np.random.Generator, size: int) -> TrainingBatch:
        colour = torch.from_numpy(rng.choice([-1.0, 1.0], (size, 1, 1))).float()
        painted = {"paint": torch.ones(size, 256, 2), "weight": torch.full((size,), 0.5)} if self.painted else {}
        side = 16 if self.painted else 8
        return TrainingBatch(
            clean=colour[..., None].expand(-1, 4, side, side),
            context=colour.expand(-1, 5, 32),
            token_bias=torch.zeros(size, 5),
            **painted,
        )

    def negative(self, batch: TrainingBatch) -> TrainingBatch:
        return TrainingBatch(
            clean=batch.clean, context=torch.zeros_like(batch.context), token_bias=torch.zeros_like(batch.token_bias)
        )


def distiller(accelerator: Accelerator, *, painted: bool = False, members=None, **changes) -> Distiller:
    plan = DistilPlan(**PLAN | changes)
    members = [Member(tiny_unet())] if members is None else members
    return Distiller(members, NOISE, Flags(painted), plan, accelerator=accelerator, settings={})


# --- formulas -------------------------------------------------------------------------------------------------------


def test_levels_boundary_and_ddim_step_are_those_of_diffusers() -> None:
    scheduler = LCMScheduler.from_config(new_scheduler().config)
    scheduler.set_timesteps(50)
    assert formulas.levels(1000, 50).tolist() == scheduler.timesteps.tolist()[::-1]
    for time in (0, 19, 259, 999):
        ours = formulas.boundary_scalings(torch.tensor([time]))
        theirs = scheduler.get_scalings_for_boundary_condition_discrete(time)
        assert [float(each) for each in ours] == pytest.approx([float(each) for each in theirs], rel=1e-5)
    ddim = DDIMScheduler.from_config(new_scheduler().config)
    ddim.set_timesteps(50)  # 20 timesteps apart
    alphas, noisy, output = ddim.alphas_cumprod, torch.randn(1, 4, 4, 4), torch.randn(1, 4, 4, 4)
    x0 = formulas.to_x0(output, noisy, alphas[[501]], "v_prediction")
    made = formulas.ddim_step(x0, formulas.to_noise(x0, noisy, alphas[[501]]), alphas[[481]])
    torch.testing.assert_close(made, ddim.step(output, 501, noisy).prev_sample, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_x0_and_noise_of_every_prediction(prediction: str) -> None:
    clean, noise, alpha = torch.randn(2, 4, 4, 4), torch.randn(2, 4, 4, 4), torch.tensor([0.9, 0.2])
    noisy = formulas.ddim_step(clean, noise, alpha)
    a, b = formulas.wide(alpha).sqrt(), formulas.wide(1 - alpha).sqrt()
    output = {"epsilon": noise, "v_prediction": a * noise - b * clean, "sample": clean}[prediction]
    x0 = formulas.to_x0(output, noisy, alpha, prediction)
    torch.testing.assert_close(x0, clean, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(formulas.to_noise(x0, noisy, alpha), noise, rtol=1e-4, atol=1e-4)


def test_the_teacher_passes_every_level_of_the_student() -> None:
    assert walk_times((999, 759, 499, 259), 2) == [999, 879, 759, 629, 499, 379, 259, 129]
    assert walk_times((3, 1), 4) == [3, 2, 1, 0]  # no timestep twice, none below 0


# --- networks -------------------------------------------------------------------------------------------------------


def test_each_example_is_of_the_expert_that_owns_its_noise_and_one_lora_is_on_all(tmp_path: Path) -> None:
    members = load_teacher(inspect(save_tiny_ensemble(tmp_path / "trio")))
    networks = Denoisers(members, painted=False)
    times = torch.tensor([999, 400, 30])
    alpha = torch.from_numpy(1 / (1 + NOISE.table**2)).float()[times]
    assert [m.low <= s < m.high for m, s in zip(members, ((1 - alpha) / alpha).sqrt().tolist(), strict=True)] == [
        True
    ] * 3
    noisy, context = torch.randn(3, 4, 8, 8), torch.randn(3, 5, 32)
    batch = TrainingBatch(clean=noisy, context=context, token_bias=torch.zeros(3, 5))

    @torch.no_grad()
    def alone() -> torch.Tensor:
        rows = [m.network(noisy[[i]], times[[i]], context[[i]]).sample for i, m in enumerate(members)]
        return torch.cat(rows)

    before = alone()
    with torch.no_grad():
        torch.testing.assert_close(networks(noisy, times, alpha, batch), before, rtol=1e-4, atol=1e-5)
    shared = SharedLora(networks.networks, 2, wanted="attention")
    assert all(".attn" in layer for layer in shared.layers) and torch.equal(alone(), before)
    for index, up in enumerate(shared.up):
        torch.nn.init.normal_(up, std=0.1, generator=torch.Generator().manual_seed(index))
    changed = alone()
    assert all(not torch.allclose(a, b) for a, b in zip(changed, before, strict=True))
    with shared.off():
        assert torch.equal(alone(), before)
    write_lora(shared, tmp_path / "x-lcm.safetensors", model="trio")
    deltas = lora.read_deltas(tmp_path / "x-lcm.safetensors", part="LoRA")
    with shared.off(), torch.no_grad():
        merged = lora.with_weights(tiny_unet(), lora.merge(members[1].network.state_dict(), deltas, part="LoRA"))
        made = merged(noisy[[1]], times[[1]], context[[1]]).sample
    torch.testing.assert_close(made, changed[[1]], rtol=0.02, atol=0.01)


def test_experts_with_noise_of_their_own_are_refused(tmp_path: Path) -> None:
    model = save_tiny_ensemble(tmp_path / "trio")
    (model / "experts" / "low" / "scheduler_config.json").write_text(json.dumps(dict(new_scheduler().config)))
    with pytest.raises(UnsupportedModel, match="noise of its own"):
        load_teacher(inspect(model))


def test_a_copy_that_takes_guidance_begins_as_the_denoiser_and_is_not_made_twice() -> None:
    unet, x, context = tiny_unet(), torch.randn(1, 4, 8, 8), torch.randn(1, 5, 32)
    copied = conditioned_copy(unet)
    with torch.no_grad():
        made = copied(x, 500, context, timestep_cond=torch.randn(1, 256)).sample
        assert torch.equal(made, unet(x, 500, context).sample)
    with pytest.raises(UnsupportedModel, match="already"):
        conditioned_copy(copied)


# --- learning -------------------------------------------------------------------------------------------------------


@torch.no_grad()
def error(student: Distiller) -> float:
    """The loss on new batches."""
    return sum(float(student._from_data(np.random.default_rng((9, seed)))) for seed in range(3))


@pytest.mark.parametrize(("rank", "rate"), [(4, 1e-2), (0, 3e-4)])
def test_one_pass_learns_what_guidance_does_in_two(
    accelerator: Accelerator, tmp_path: Path, rank: int, rate: float
) -> None:
    student = distiller(accelerator, kind="guided", rank=rank, rate=rate, guidance=(3.0, 3.0), steps=14, batch=8)
    before = error(student)
    student.train(tmp_path, resume=False)
    assert error(student) < (0.9 if rank else 1.0) * before


@pytest.mark.parametrize("kind", ["consistency", "trajectory"])
@pytest.mark.parametrize("painted", [False, True])
def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    accelerator: Accelerator, tmp_path: Path, kind: str, painted: bool
) -> None:
    whole = distiller(accelerator, kind=kind, painted=painted, steps=3)
    whole.train(tmp_path / "whole", resume=False)
    shown = []

    class Stop(Exception):
        pass

    stopped = distiller(accelerator, kind=kind, painted=painted, steps=3, every=0.0)
    step = stopped.stepper.step

    def stop_at_the_third(*rest: object) -> None:
        shown.append(1)
        if len(shown) == 3:
            raise Stop
        step(*rest)

    stopped.stepper.step = stop_at_the_third
    with pytest.raises(Stop):
        stopped.train(tmp_path / "stopped", resume=False)
    again = distiller(accelerator, kind=kind, painted=painted, steps=3)
    again.train(tmp_path / "stopped", resume=True)
    for ours, theirs in zip(whole.trained.parameters(), again.trained.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)
    assert any(bool(up.any()) for up in whole.trained.up)


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image

    folder = tmp_path_factory.mktemp("pictures")
    for name in ("red", "blue"):
        Image.new("RGB", (64, 64), name).save(folder / f"{name}.png")
        (folder / f"{name}.txt").write_text(f"a {name} wall")
    return folder


def asked(folder: Path, pictures: Path, out: Path, *more: str) -> list[str]:
    fixed = ["--from", str(folder), "--data", str(pictures), "--out", str(out), "--work", str(out / "work")]
    return [*fixed, "--size", "64x64", "--batch", "2", "--steps", "1", "--device", "cpu", *more]


def test_a_lora_says_what_it_is_for_and_is_the_quick_way_of_the_model_that_brings_it(
    folder: Path, pictures: Path, tmp_path: Path
) -> None:
    assert distil.main(asked(folder, pictures, tmp_path, "--rank", "2")) == 0
    file = tmp_path / "tiny-lcm-4-steps.safetensors"
    found = read_lora(file)
    assert found.few_steps == FewSteps(4, "lcm", 1.0) and found.base == "tiny" and not found.problem
    assert inspect(folder).fast is None
    model = save_tiny(tmp_path / "model")
    (model / "loras").mkdir()
    file.rename(model / "loras" / file.name)
    assert inspect(model).fast == FastWay("tiny-lcm-4-steps", FewSteps(4, "lcm", 1.0))
    assert inspect(model).travelling().fast == inspect(model).fast


def test_a_whole_student_is_a_folder_for_the_stock_pipeline(folder: Path, pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "student"
    assert distil.main(asked(folder, pictures, out, "--whole", "--work", str(tmp_path / "work"))) == 0
    pipeline = LatentConsistencyModelPipeline.from_pretrained(out, safety_checker=None, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    assert pipeline.unet.config.time_cond_proj_dim == 256
    made = pipeline("a red wall", num_inference_steps=2, height=64, width=64, output_type="np").images
    assert made.shape == (1, 64, 64, 3) and np.isfinite(made).all()
    facts = inspect(out)
    assert (facts.defaults.sampler, facts.defaults.steps, facts.takes_negative) == ("lcm", 4, False)


def test_a_student_is_not_half_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts, network = inspect(folder), conditioned_copy(tiny_unet())
    write_model(network, tmp_path / "new", facts, known=50)

    def full(*_rest: object, **_named: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(type(network), "save_pretrained", full)
    with pytest.raises(OSError):
        write_model(network, tmp_path / "new", facts, known=50)
    assert (tmp_path / "new" / "unet" / "diffusion_pytorch_model.safetensors").is_file()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--rank", "0"), "--rank is 0"),
        (("--decay", "1"), "--decay is 1"),
        (("--few", "60"), "more than --levels"),
        (("--guidance", "5", "3"), "--guidance is 5 to 3"),
    ],
)
def test_wrong_numbers_are_told_before_anything_is_read(more, said, folder, tmp_path, capsys) -> None:
    assert distil.main(asked(folder, tmp_path / "none", tmp_path, *more)) == 2
    assert said in capsys.readouterr().err


def test_a_student_does_not_take_its_teachers_place(folder: Path, capsys) -> None:
    assert distil.main(asked(folder, folder, folder, "--whole")) == 2
    assert "another folder" in capsys.readouterr().err


def test_a_student_of_a_walk_learns_at_the_levels_that_the_sampler_walks(accelerator: Accelerator) -> None:
    walking = distiller(accelerator, kind="trajectory", toward="step", between=1)
    walk = NOISE.walk("dpmpp_2m", 4)
    assert walking.few == list(walk.timesteps) and name_of(walking.plan, "x") == "x-guidance-distilled-4-steps"
    assert distiller(accelerator, kind="trajectory").few[0] == 999
    noise, batch = torch.randn(4, 4, 8, 8), walking.source(np.random.default_rng(0), 4)
    ways = walking.follow(noise, batch)
    first = noise * walk.start * walking.alphas[walking.few[0]].sqrt()
    torch.testing.assert_close(ways.passed[:, 0].float(), first, rtol=2e-3, atol=2e-3)
