"""Every kind of noise schedule as diffusers has it, its own defaults, and all others refused by name."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    EDMEulerScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    LCMScheduler,
    StableDiffusionPipeline,
    TCDScheduler,
)

import resources
from engine import GenerateRequest, Library, generate
from engine.errors import UnsupportedModel
from engine.protocol import Failed, ImageReady, Loading
from engine.sampling import kinds
from engine.sampling.loop import SeededNoise, sample
from engine.sampling.schedule import NoiseSchedule
from engine.weights.files import read_json
from tests.tiny import save_tiny, tiny_unet

SD = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
SHAPE = (4, 8, 8)


@pytest.fixture(scope="module")
def predict():
    unet = tiny_unet().eval().requires_grad_(False)
    text = torch.randn(1, 77, 32, generator=torch.Generator().manual_seed(5))
    return lambda x, timestep: unet(x, timestep, encoder_hidden_states=text).sample


def stock(scheduler, predict, steps: int, **options) -> torch.Tensor:
    """The latents that a scheduler of diffusers makes of the noise of seed 9, driven as its pipeline drives it."""
    scheduler.set_timesteps(steps, **options.pop("set", {}))
    generator = torch.Generator().manual_seed(9)
    x = torch.randn((1, *SHAPE), generator=generator) * getattr(scheduler, "init_noise_sigma", 1.0)
    for timestep in scheduler.timesteps:
        scaled = scheduler.scale_model_input(x, timestep) if hasattr(scheduler, "scale_model_input") else x
        x = scheduler.step(predict(scaled, timestep), timestep, x, generator=generator, **options).prev_sample
    return x


def ours(config, predict, sampler: str, steps: int, **options) -> torch.Tensor:
    schedule = NoiseSchedule(config)
    walk = schedule.walk(sampler, steps, **options)

    def denoise(x, step):
        model_input = schedule.to_input(x, step.sigma)
        timestep = torch.tensor(walk.timestep(step.sigma))
        return schedule.to_x0(predict(model_input, timestep), model_input, step.sigma)

    *_, done = sample(sampler, walk, denoise, SeededNoise([9], SHAPE, torch.device("cpu")))
    return schedule.to_input(done.x, walk.sigmas[-1])


def assert_near(found: torch.Tensor, expected: torch.Tensor, *, share: float) -> None:
    assert float((found - expected).abs().max()) < share * float(expected.abs().max())


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("steps", [1, 4, 7, 50])
def test_latent_consistency_models_visit_their_own_levels(predict, prediction, steps):
    config = {**SD, "prediction_type": prediction, "_class_name": "LCMScheduler"}
    expected = stock(LCMScheduler.from_config({**config, "set_alpha_to_one": True}), predict, steps)
    assert_near(ours(config, predict, "lcm", steps), expected, share=2e-4)


@pytest.mark.parametrize("steps", [1, 4, 8])
def test_trajectory_consistency_models_visit_theirs(predict, steps):
    config = {**SD, "_class_name": "TCDScheduler"}
    expected = stock(TCDScheduler.from_config(config), predict, steps, eta=0.0)
    assert_near(ours(config, predict, "ddim", steps), expected, share=1e-4)


def test_more_steps_than_a_distilled_model_knows_are_cut_down():
    assert len(NoiseSchedule({**SD, "_class_name": "LCMScheduler"}).walk("lcm", 200).timesteps) == 50


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"shift": 3.0},
        {"use_dynamic_shifting": True},
        {"use_dynamic_shifting": True, "time_shift_type": "linear", "max_shift": 2.0},
    ],
)
@pytest.mark.parametrize("steps", [1, 5, 28])
def test_flows_are_told_and_visit_what_flow_matching_says(predict, more, steps):
    config = {"_class_name": "FlowMatchEulerDiscreteScheduler", **more}
    scheduler = FlowMatchEulerDiscreteScheduler.from_config(config)
    latent = (96, 64)
    tokens = latent[0] * latent[1] // 4
    mu = 0.5 + (more.get("max_shift", 1.15) - 0.5) * (tokens - 256) / (4096 - 256)
    options = {"set": {"mu": mu}} if more.get("use_dynamic_shifting") else {}
    walk = NoiseSchedule(config).walk("euler", steps, latent=latent)
    scheduler.set_timesteps(steps, **options.get("set", {}))
    np.testing.assert_allclose(walk.timesteps, scheduler.timesteps.numpy(), rtol=1e-5)
    s = np.array(walk.sigmas) / (1 + np.array(walk.sigmas))
    np.testing.assert_allclose(s, scheduler.sigmas.numpy(), atol=2e-5)
    expected = stock(scheduler, predict, steps, **options)
    assert_near(ours(config, predict, "euler", steps, latent=latent), expected, share=2e-4)


def test_a_shifted_flow_is_not_told_the_index_of_its_table():
    schedule = NoiseSchedule({"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0})
    # Half way along the table: index 500 of 1000, s = 0.75.
    assert schedule.timestep(float(schedule.table[499])) == pytest.approx(750, abs=0.6)
    assert schedule.sigma(750.0) == pytest.approx(3.0)


@pytest.mark.parametrize(
    "more",
    [
        {"use_flow_sigmas": True, "prediction_type": "flow_prediction", "flow_shift": 2.0},
        {"beta_schedule": "squaredcos_cap_v2", "lambda_min_clipped": -5.1},
        {"beta_schedule": "squaredcos_cap_v2", "lambda_min_clipped": -5.1, "timestep_spacing": "trailing"},
        {**SD, "final_sigmas_type": "sigma_min"},
        {**SD, "rescale_betas_zero_snr": True, "prediction_type": "v_prediction", "timestep_spacing": "trailing"},
    ],
)
def test_what_a_solvers_config_says_of_the_levels_is_kept(more):
    scheduler = DPMSolverMultistepScheduler.from_config(more)
    scheduler.set_timesteps(12)
    walk = NoiseSchedule({"_class_name": "DPMSolverMultistepScheduler", **more}).walk("dpmpp_2m", 12)
    if more.get("use_flow_sigmas"):  # there the scheduler rounds what it tells down
        np.testing.assert_allclose(np.floor(walk.timesteps), scheduler.timesteps.numpy(), atol=1)
        expected = scheduler.sigmas.numpy()[:-1] / (1 - scheduler.sigmas.numpy()[:-1])
        np.testing.assert_allclose(walk.sigmas[:-1], expected, rtol=1e-3)
        return
    np.testing.assert_array_equal(walk.timesteps, scheduler.timesteps.numpy())
    np.testing.assert_allclose(walk.sigmas, scheduler.sigmas.numpy(), rtol=2e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"_class_name": "EDMDPMSolverMultistepScheduler"}, "EDMDPMSolverMultistepScheduler"),
        ({"_class_name": "EDMEulerScheduler", "prediction_type": "epsilon"}, "EDM"),
        ({"_class_name": "CMStochasticIterativeScheduler"}, "CMStochasticIterativeScheduler"),
        ({"_class_name": "DDPMWuerstchenScheduler"}, "Würstchen"),
        ({"_class_name": "MyOwnScheduler"}, "MyOwnScheduler"),
        ({"_class_name": "EulerDiscreteScheduler", "timestep_type": "continuous"}, "continuous"),
        ({"_class_name": "EulerDiscreteScheduler", "interpolation_type": "log_linear"}, "log_linear"),
        ({"_class_name": "DDIMScheduler", "prediction_type": "dreams"}, "dreams"),
        ({"_class_name": "DDPMScheduler", "beta_schedule": "sigmoid"}, "sigmoid"),
        ({"_class_name": "FlowMatchEulerDiscreteScheduler", "invert_sigmas": True}, "invert_sigmas"),
    ],
)
def test_what_is_not_known_is_refused_by_name_before_any_weights_are_read(config, said, tiny_sd_folder, tmp_path):
    with pytest.raises(UnsupportedModel, match=said) as caught:
        kinds.check(config)
    assert caught.value.hint
    folder = tmp_path / "odd"
    folder.mkdir()
    for part in tiny_sd_folder.iterdir():
        if part.name != "scheduler":
            (folder / part.name).symlink_to(part)
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(config))
    request = GenerateRequest.of(id="1", prompt="sky", model=str(folder), device="cpu", width=64, height=64)
    events = list(generate(request, library=Library(tmp_path / "none")))
    assert isinstance(events[-1], Failed) and said in str(events[-1].error)
    assert not any(isinstance(event, Loading) for event in events)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"_class_name": "LCMScheduler"}, ("lcm", 4, 1.0)),
        ({"_class_name": "TCDScheduler"}, ("ddim", 4, 1.0)),
        ({"_class_name": "EulerAncestralDiscreteScheduler", "timestep_spacing": "trailing"}, ("euler_a", 4, 1.0)),
        ({"_class_name": "FlowMatchEulerDiscreteScheduler"}, ("euler", 28, None)),
        ({"_class_name": "DPMSolverMultistepScheduler", "use_karras_sigmas": True}, ("dpmpp_2m_karras", None, None)),
        ({"_class_name": "PNDMScheduler", **SD}, (None, None, None)),
        (
            {
                "_class_name": "EulerDiscreteScheduler",
                "timestep_spacing": "trailing",
                "prediction_type": "v_prediction",
                "rescale_betas_zero_snr": True,
            },
            (None, None, None),
        ),
    ],
)
def test_a_kind_brings_its_own_sampler_steps_and_guidance(config, expected):
    found = kinds.defaults_for(config)
    assert (found.sampler, found.steps, found.guidance) == expected


def test_a_distilled_folder_is_offered_with_its_own_defaults(tmp_path):
    folder = save_tiny(tmp_path / "fast", scheduler=LCMScheduler.from_config(SD))
    defaults = Library(tmp_path).inspect(folder).defaults
    assert (defaults.sampler, defaults.steps, defaults.guidance) == ("lcm", 4, 1.0)


def test_a_guidance_distilled_denoiser_is_told_its_guidance_as_stock_does(tmp_path, monkeypatch):
    from diffusers import DDIMScheduler, UNet2DConditionModel

    folder = save_tiny(tmp_path / "told", kl=True)
    torch.manual_seed(1)
    config = {**UNet2DConditionModel.load_config(folder / "unet"), "time_cond_proj_dim": 33}
    UNet2DConditionModel.from_config(config).save_pretrained(folder / "unet", safe_serialization=True)
    pipeline = StableDiffusionPipeline.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    pictures = []
    for guidance in (1.5, 8.0):
        call = {"prompt": "a lake", "width": 64, "height": 64, "num_inference_steps": 3, "guidance_scale": guidance}
        expected = pipeline(**call, generator=torch.Generator().manual_seed(2), output_type="np").images[0]
        request = GenerateRequest.of(
            id="1",
            prompt="a lake",
            width=64,
            height=64,
            steps=3,
            guidance=guidance,
            seed=2,
            sampler="ddim",
            model=str(folder),
            device="cpu",
        )
        events = list(generate(request, library=Library(tmp_path)))
        rgb = next(event.rgb for event in events if isinstance(event, ImageReady))
        assert np.abs(rgb.astype(float) - expected * 255).max() <= 1.0
        pictures.append(rgb)
    assert not np.array_equal(*pictures)


@pytest.mark.parametrize("spacing", ["exponential", "karras"])
def test_cosxls_levels_times_and_scaling_are_diffusers_edm(spacing):
    config = {"_class_name": "EDMEulerScheduler", "prediction_type": "v_prediction", "sigma_data": 1.0,
              "sigma_min": 0.002, "sigma_max": 120.0, "sigma_schedule": spacing}  # fmt: skip
    stock = EDMEulerScheduler.from_config(config)
    stock.set_timesteps(9)
    noise = NoiseSchedule(config)
    walk = noise.walk("euler", 9)
    np.testing.assert_allclose(walk.sigmas, stock.sigmas.numpy(), rtol=1e-5)
    np.testing.assert_allclose(walk.timesteps, stock.timesteps.numpy(), atol=1e-5)
    assert walk.start == pytest.approx(float(stock.init_noise_sigma))
    x, output = torch.randn(1, 4, 3, 3), torch.randn(1, 4, 3, 3)
    sigma = walk.sigmas[4]
    np.testing.assert_allclose(noise.to_input(x, sigma), stock.precondition_inputs(x, sigma), rtol=1e-5)
    wanted = stock.precondition_outputs(x, output, torch.tensor(sigma))
    np.testing.assert_allclose(noise.to_x0(output, noise.to_input(x, sigma), sigma), wanted, rtol=1e-4, atol=1e-5)
    with pytest.raises(UnsupportedModel, match="EDM"):
        NoiseSchedule({**config, "sigma_data": 0.5})


def test_noobais_marks_are_diffusers_v_with_zero_terminal_snr():
    marks = {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    config = read_json(resources.path("models", "sdxl") / "scheduler/scheduler_config.json", part="scheduler") | marks
    stock = EulerDiscreteScheduler.from_config(config)
    stock.set_timesteps(7)
    noise = NoiseSchedule(config)
    walk = noise.walk("euler", 7)
    np.testing.assert_allclose(walk.sigmas, stock.sigmas.numpy(), rtol=1e-4)
    np.testing.assert_array_equal(walk.timesteps, stock.timesteps.numpy())
    assert walk.start == pytest.approx(float(stock.init_noise_sigma), rel=1e-4)
    for index, sigma in enumerate(walk.sigmas[:-1]):
        x, output = torch.randn(1, 4, 3, 3), torch.randn(1, 4, 3, 3)
        stock._step_index = index
        found = stock.step(output, stock.timesteps[index], x).pred_original_sample
        np.testing.assert_allclose(noise.to_x0(output, noise.to_input(x, sigma), sigma), found, rtol=2e-3, atol=2e-3)
