"""The samplers against diffusers' own schedulers, on a small UNet and on a denoiser whose answer is known."""

from __future__ import annotations

import math

import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
)

from engine.sampling.loop import SeededNoise, sample
from engine.sampling.schedule import NoiseSchedule, SigmaSchedule
from resources.limits import SAMPLERS as NAMES
from tests.tiny import tiny_unet

SD = {
    "num_train_timesteps": 1000,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "clip_sample": False,
}
STOCK = {
    "ddim": (DDIMScheduler, {}),
    "euler": (EulerDiscreteScheduler, {}),
    "euler_a": (EulerAncestralDiscreteScheduler, {}),
    "dpmpp_2m": (DPMSolverMultistepScheduler, {"use_karras_sigmas": False}),
    "dpmpp_2m_karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
}


@pytest.fixture(scope="module")
def unet():
    return tiny_unet().eval().requires_grad_(False)


@pytest.fixture(scope="module")
def text():
    return torch.randn(1, 77, 32, generator=torch.Generator().manual_seed(5))


def stock(unet, text, sampler: str, config: dict, steps: int, noise: torch.Tensor) -> torch.Tensor:
    """The latents that diffusers' scheduler makes of `noise`, as a pipeline would drive it."""
    kind, options = STOCK[sampler]
    scheduler = kind.from_config({**config, **options})
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(9)
    more = {"generator": generator} if sampler == "euler_a" else {}
    x = noise * scheduler.init_noise_sigma
    for timestep in scheduler.timesteps:
        output = unet(scheduler.scale_model_input(x, timestep), timestep, encoder_hidden_states=text).sample
        x = scheduler.step(output, timestep, x, **more).prev_sample
    return x


def ours(unet, text, sampler: str, config: dict, steps: int, noise: torch.Tensor) -> torch.Tensor:
    schedule = NoiseSchedule(config)
    walk = schedule.walk(sampler, steps)

    def denoise(x: torch.Tensor, step) -> torch.Tensor:
        model_input = schedule.to_input(x, step.sigma)
        timestep = torch.tensor(walk.timestep(step.sigma))
        return schedule.to_x0(unet(model_input, timestep, encoder_hidden_states=text).sample, model_input, step.sigma)

    draw = SeededNoise([9], noise.shape[1:], noise.device)
    done = list(sample(sampler, walk, denoise, draw, latent=noise * walk.start))
    return schedule.to_input(done[-1].x, walk.sigmas[-1])


@pytest.mark.parametrize("sampler", STOCK)
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("spacing", [None, "leading", "trailing", "linspace"])
def test_same_latents_as_diffusers(unet, text, sampler, prediction, spacing):
    if sampler == "ddim" and spacing == "linspace":
        spacing = "trailing"  # diffusers' DDIM steps by whole train steps, past the levels that linspace names
    config = {**SD, "prediction_type": prediction}
    if spacing:
        config["timestep_spacing"] = spacing
    noise = torch.randn(1, 4, 8, 12, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected = stock(unet, text, sampler, config, 10, noise)
        found = ours(unet, text, sampler, config, 10, noise)
    assert (found - expected).abs().max() < 1e-5 * max(1.0, float(expected.abs().max()))


@pytest.mark.parametrize("sampler", ["dpmpp_2m", "dpmpp_2m_karras"])
def test_more_than_fifteen_steps_agree_too(unet, text, sampler):
    noise = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        expected = stock(unet, text, sampler, SD, 20, noise)
        found = ours(unet, text, sampler, SD, 20, noise)
    assert (found - expected).abs().max() < 1e-5 * float(expected.abs().max())


# LCM's steps expect a model that was distilled for them: on the true x0 it loses spread.
@pytest.mark.parametrize("sampler", [name for name in NAMES if name != "lcm"])
def test_all_solve_the_flow_of_a_gaussian(sampler):
    """Data N(2, 0.5^2): x0(x, sigma) is known, and what is sampled must have that mean and spread."""
    mean, spread = 2.0, 0.5

    def denoise(x: torch.Tensor, step) -> torch.Tensor:
        return (x * spread**2 + mean * step.sigma**2) / (step.sigma**2 + spread**2)

    walk = NoiseSchedule({**SD, "set_alpha_to_one": True}).walk(sampler, 100)
    *_, done = sample(sampler, walk, denoise, SeededNoise([3], (20000, 1, 1), torch.device("cpu")))
    last = done.x
    assert float(last.mean()) == pytest.approx(mean, abs=0.15)
    assert float(last.std()) == pytest.approx(spread, abs=0.05)


def test_second_order_is_nearer_than_first_for_the_same_calls():
    def denoise(x: torch.Tensor, step) -> torch.Tensor:
        return x * 0.25 / (step.sigma**2 + 0.25)

    start, sigmas = torch.full((1, 1, 1, 1), 10.0, dtype=torch.float64), [10 * 0.6**n for n in range(12)]
    exact = 10 * math.sqrt((sigmas[-1] ** 2 + 0.25) / (100 + 0.25))
    error = {}
    for name in ("euler", "dpmpp_2m"):
        walk = SigmaSchedule(tuple(sigmas), tuple(sigmas[:-1]), 1.0)
        *_, done = sample(name, walk, denoise, SeededNoise([0], (1, 1, 1), torch.device("cpu")), latent=start)
        error[name] = abs(float(done.x) - exact)
    assert error["dpmpp_2m"] < 0.3 * error["euler"]


@pytest.mark.parametrize("sampler", NAMES)
@pytest.mark.parametrize("steps", [1, 2, 7, 1000])
@pytest.mark.parametrize("zero_snr", [False, True])
def test_every_walk_falls_and_stays_finite(sampler, steps, zero_snr):
    walk = NoiseSchedule({**SD, "rescale_betas_zero_snr": zero_snr}).walk(sampler, steps)
    assert len(walk.sigmas) == len(walk.timesteps) + 1 <= steps + 1
    assert all(high > low or high == walk.sigmas[-2] for high, low in zip(walk.sigmas, walk.sigmas[1:], strict=False))
    assert walk.sigmas[0] <= 4096.5 and walk.sigmas[-1] < 0.03
    assert walk.sigmas[0] > 10 or steps > 1
