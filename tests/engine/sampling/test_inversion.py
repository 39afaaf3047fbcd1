"""DDIM inversion: against diffusers' own inverse scheduler, and back to where it came from."""

from __future__ import annotations

import pytest
import torch
from diffusers import DDIMInverseScheduler

from engine.errors import NotFinite
from engine.sampling.inversion import inverted, relative_error, retraced
from engine.sampling.schedule import NoiseSchedule
from tests.tiny import tiny_unet

SD = {
    "num_train_timesteps": 1000,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "steps_offset": 1,
    "clip_sample": False,
}


@pytest.fixture(scope="module")
def unet():
    return tiny_unet().eval().requires_grad_(False)


@pytest.fixture(scope="module")
def text():
    return torch.randn(1, 77, 32, generator=torch.Generator().manual_seed(5))


@pytest.fixture(scope="module")
def clean(unet):
    return torch.randn(1, unet.config.in_channels, 8, 8, generator=torch.Generator().manual_seed(2))


def done(work):
    steps = []
    while True:
        try:
            steps.append(next(work))
        except StopIteration as end:
            return steps, end.value


def denoiser(unet, text, schedule, walk):
    def denoise(x, step):
        model_input = schedule.to_input(x, step.sigma)
        timestep = torch.tensor(walk.timestep(step.sigma))
        output = unet(model_input, timestep, encoder_hidden_states=text).sample
        return schedule.to_x0(output, model_input, step.sigma)

    return denoise


@pytest.mark.parametrize("ends_at_one", [False, True])
@torch.inference_mode()
def test_one_round_is_the_inverse_scheduler_of_diffusers(unet, text, clean, ends_at_one):
    config = {**SD, "set_alpha_to_one": ends_at_one}
    schedule = NoiseSchedule(config)
    walk = schedule.walk("ddim", 8)
    theirs = DDIMInverseScheduler.from_config(config)
    theirs.set_timesteps(8)
    x, wanted = clean, [clean]
    for timestep in theirs.timesteps:
        output = unet(x, timestep, encoder_hidden_states=text).sample
        x = theirs.step(output, timestep, x).prev_sample
        wanted.append(x)
    steps, found = done(inverted(denoiser(unet, text, schedule, walk), schedule, walk, clean, rounds=1))
    assert [step.index for step in steps] == list(reversed(range(8)))
    for sigma, ours, stock in zip(reversed(walk.sigmas), reversed(found.latents), wanted, strict=True):
        assert torch.allclose(schedule.to_input(ours, sigma), stock, atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("sampler", ["ddim", "dpmpp_2m", "dpmpp_2m_karras"])
@torch.inference_mode()
def test_steps_down_lead_back_and_more_rounds_come_nearer(unet, text, clean, sampler):
    schedule = NoiseSchedule(SD)
    walk = schedule.walk(sampler, 8)
    seen = denoiser(unet, text, schedule, walk)

    def denoise(x, step):  # random weights know no pictures: a denoiser of normal noise that they disturb
        return 0.95 * x / (1 + step.sigma**2) + 0.05 * seen(x, step)

    errors = []
    for rounds in (1, 3, 6):
        _, found = done(inverted(denoise, schedule, walk, clean, rounds=rounds))
        assert found.start is found.latents[0] and found.at(0.0) is found.latents[-1]
        assert found.at(walk.sigmas[3] * 1.001) is found.latents[3] and len(found.latents) == 9
        *_, last = retraced(denoise, found)
        errors.append(relative_error(last, found.latents[-1]))
    assert errors[0] > 3 * errors[1] and errors[1] > errors[2] and errors[2] < 5e-3


def test_a_flow_of_a_straight_path_is_found_in_one_round():
    schedule = NoiseSchedule(
        {"shift": 1.0, "num_train_timesteps": 1000, "_class_name": "FlowMatchEulerDiscreteScheduler"}
    )
    assert schedule.is_flow
    walk = schedule.walk("euler", 5)
    clean = torch.randn(1, 4, 3, 3, generator=torch.Generator().manual_seed(1))
    noise = torch.randn(1, 4, 3, 3, generator=torch.Generator().manual_seed(3))
    _, found = done(inverted(lambda x, step: x - step.sigma * noise, schedule, walk, clean))
    for sigma, x in zip(walk.sigmas, found.latents, strict=True):
        assert torch.allclose(x, clean + sigma * noise, rtol=1e-4, atol=1e-3)


def test_what_is_not_finite_is_said():
    schedule = NoiseSchedule(SD)
    walk = schedule.walk("ddim", 2)
    with pytest.raises(NotFinite):
        done(inverted(lambda x, step: x * torch.nan, schedule, walk, torch.ones(1, 4, 2, 2)))
