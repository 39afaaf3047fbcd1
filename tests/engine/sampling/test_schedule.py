"""Sigma tables and x0 formulas against diffusers and against what noise was really added."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler

from engine.errors import UnsupportedModel
from engine.sampling.schedule import NoiseSchedule

SD = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}


@pytest.mark.parametrize(
    "config",
    [
        SD,
        {"beta_schedule": "linear"},
        {"beta_schedule": "squaredcos_cap_v2"},
        {**SD, "rescale_betas_zero_snr": True},
        {"trained_betas": [0.01, 0.02, 0.05], "num_train_timesteps": 3},
    ],
)
def test_sigmas_are_diffusers_own(config):
    expected = EulerDiscreteScheduler.from_config(config).sigmas[:-1].flip(0).numpy()
    np.testing.assert_allclose(NoiseSchedule(config).table, expected, rtol=2e-5)


def test_zero_terminal_snr_is_clamped_instead_of_infinite():
    assert NoiseSchedule({**SD, "rescale_betas_zero_snr": True}).table[-1] == pytest.approx(4096, rel=1e-4)


def test_timestep_is_the_inverse_of_sigma():
    schedule = NoiseSchedule(SD)
    for timestep in (0, 1, 250, 999):
        assert schedule.timestep(schedule.sigma(timestep)) == pytest.approx(timestep, abs=1e-6)
    assert schedule.timestep(1e9) == 999 and schedule.timestep(0.0) == 0


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_a_perfect_prediction_gives_x0_back(prediction):
    schedule = NoiseSchedule({**SD, "prediction_type": prediction})
    stock = DDIMScheduler.from_config({**SD, "prediction_type": prediction})
    generator = torch.Generator().manual_seed(0)
    x0, noise = (torch.randn(2, 4, 5, 7, generator=generator) for _ in range(2))
    for timestep in (0, 300, 999):
        sigma = schedule.sigma(timestep)
        time = torch.tensor([timestep])
        model_input = schedule.to_input(x0 + sigma * noise, sigma)
        torch.testing.assert_close(model_input, stock.add_noise(x0, noise, time), rtol=1e-4, atol=1e-5)
        output = {"epsilon": noise, "sample": x0, "v_prediction": stock.get_velocity(x0, noise, time)}[prediction]
        torch.testing.assert_close(schedule.to_x0(output, model_input, sigma), x0, rtol=1e-4, atol=1e-4)


def test_a_perfect_flow_prediction_gives_x0_back():
    schedule = NoiseSchedule({"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0})
    generator = torch.Generator().manual_seed(0)
    x0, noise = (torch.randn(1, 4, 3, 3, generator=generator) for _ in range(2))
    for sigma in (0.01, 1.0, 50.0):
        s = sigma / (1 + sigma)
        model_input = schedule.to_input(x0 + sigma * noise, sigma)
        torch.testing.assert_close(model_input, (1 - s) * x0 + s * noise)
        torch.testing.assert_close(schedule.to_x0(noise - x0, model_input, sigma), x0)
    walk = schedule.walk("euler", 10)
    assert walk.start == 1 + walk.sigmas[0] and all(math.isfinite(sigma) for sigma in walk.sigmas)


@pytest.mark.parametrize("config", [{"prediction_type": "dreams"}, {"beta_schedule": "bumpy"}])
def test_unknown_kinds_are_refused(config):
    with pytest.raises(UnsupportedModel, match=str(next(iter(config.values())))):
        NoiseSchedule(config)
