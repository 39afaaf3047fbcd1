"""The times that pipelines of transformers visit, against diffusers' scheduler and the pipelines' own shifts."""

from __future__ import annotations

import numpy as np
import pytest
from diffusers import FlowMatchEulerDiscreteScheduler
from diffusers.pipelines.flux2.pipeline_flux2_klein import compute_empirical_mu

from engine.sampling.schedule import NoiseSchedule

DYNAMIC = {"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": True}


def visited(config, steps, *, latent=(128, 96)):
    sigmas = np.array(NoiseSchedule(config).walk("euler", steps, latent=latent).sigmas)
    return sigmas / (1 + sigmas)


def stock(config, steps, *, mu, sigmas=None):
    scheduler = FlowMatchEulerDiscreteScheduler.from_config(config)
    scheduler.set_timesteps(steps, sigmas=np.linspace(1, 1 / steps, steps) if sigmas is None else sigmas, mu=mu)
    return scheduler.sigmas.numpy()


@pytest.mark.parametrize("steps", [2, 4, 50, 300])
@pytest.mark.parametrize("latent", [(32, 32), (128, 128), (160, 128), (256, 256)])
def test_a_shift_by_cells_and_steps_is_flux_2s(latent, steps):
    config = {**DYNAMIC, "spaced_by_steps": True, "shift_by_steps": True}
    mu = compute_empirical_mu(latent[0] * latent[1] // 4, steps)
    np.testing.assert_allclose(visited(config, steps, latent=latent), stock(DYNAMIC, steps, mu=mu), atol=2e-5)


@pytest.mark.parametrize("more", [{"spaced_by_steps": True}, {}], ids=["by steps", "by the scheduler"])
@pytest.mark.parametrize("steps", [2, 8, 28])
def test_the_last_step_is_where_a_config_wants_it(more, steps):
    config = {**DYNAMIC, "shift_terminal": 0.02, "max_shift": 0.9, "max_image_seq_len": 8192}
    mu = 0.5 + 0.4 * (128 * 96 // 4 - 256) / (8192 - 256)
    if more:
        wanted = stock(config, steps, mu=mu)
    else:
        scheduler = FlowMatchEulerDiscreteScheduler.from_config(config)
        scheduler.set_timesteps(steps, mu=mu)
        wanted = scheduler.sigmas.numpy()
    found = visited({**config, **more}, steps)
    np.testing.assert_allclose(found, wanted, atol=2e-5)
    assert found[-2] == pytest.approx(0.02)


def test_a_single_step_starts_from_noise_wherever_the_last_should_be():
    found = visited({**DYNAMIC, "shift_terminal": 0.02, "spaced_by_steps": True}, 1)
    np.testing.assert_allclose(found, [1, 0], atol=1e-4)


def test_one_shift_for_all_sizes_and_cells_of_one_latent_pixel():
    fixed = {**DYNAMIC, "spaced_by_steps": True, "mu": 1.15}
    np.testing.assert_allclose(visited(fixed, 8), stock(DYNAMIC, 8, mu=1.15), atol=2e-5)
    single = {**DYNAMIC, "spaced_by_steps": True, "patch": 1}
    mu = 0.5 + 0.65 * (40 * 30 - 256) / (4096 - 256)
    np.testing.assert_allclose(visited(single, 8, latent=(40, 30)), stock(DYNAMIC, 8, mu=mu), atol=2e-5)


def test_levels_that_a_model_names_are_for_so_many_steps_alone():
    own = [1.0, 0.9, 0.6, 0.2]
    config = {**DYNAMIC, "spaced_by_steps": True, "mu": 0.7, "sample_sigmas": own}
    np.testing.assert_allclose(visited(config, 4), stock(DYNAMIC, 4, mu=0.7, sigmas=own), atol=2e-5)
    np.testing.assert_allclose(visited(config, 5), stock(DYNAMIC, 5, mu=0.7), atol=2e-5)
