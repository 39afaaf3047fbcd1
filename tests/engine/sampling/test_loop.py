"""The one sampling loop: its steps, what they took, and going back to the last good state."""

from __future__ import annotations

import time

import pytest
import torch

from engine.errors import NotFinite
from engine.sampling.loop import SampledStep, SeededNoise, WalkStep, sample
from engine.sampling.samplers import SAMPLERS
from engine.sampling.schedule import NoiseSchedule

WALK = NoiseSchedule({"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}).walk("euler_a", 6)
CPU = torch.device("cpu")


def noise() -> SeededNoise:
    return SeededNoise([4, 5], (4, 3, 3), CPU)


def halved(x: torch.Tensor, step: WalkStep) -> torch.Tensor:
    return x / (1 + step.sigma)


def test_each_step_says_where_it_is_and_the_last_one_has_the_result():
    done = list(sample("euler", WALK, halved, noise()))
    assert [each.step.index for each in done] == list(range(6)) and {each.step.total for each in done} == {6}
    assert [each.step.fraction for each in done] == [(index + 0.5) / 6 for index in range(6)]
    assert [each.step.sigma for each in done] == list(WALK.sigmas[:-1]) and done[-1].step.following == WALK.sigmas[-1]
    assert done[-1].x.shape == (2, 4, 3, 3)


def test_what_is_steered_is_what_the_solver_goes_on_from():
    seen = []

    def steer(x, step):
        return x + 1.0

    def denoise(x, step):
        seen.append(x)
        return torch.zeros_like(x)

    first, *_ = sample("euler", WALK, denoise, noise(), steer=steer)
    start = noise()() * WALK.start
    assert torch.equal(seen[0], start + 1.0)
    torch.testing.assert_close(first.x, (start + 1.0) * (WALK.sigmas[1] / WALK.sigmas[0]))


def test_nobody_writes_to_x_behind_the_solver():
    def steer(x, step):
        return x + 1.0

    latent = torch.ones(1, 4, 3, 3)
    kept = latent.clone()
    list(sample("dpmpp_2m", WALK, halved, noise(), steer=steer, latent=latent))
    assert torch.equal(latent, kept)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("failing", [0, 3, 5])
def test_a_failed_step_is_made_again_from_where_it_began(sampler, failing):
    smooth = list(sample(sampler, WALK, halved, noise()))
    told: list[tuple[int, list[int]]] = []

    def denoise(x, step):
        wrong = step.index == failing and not told
        return halved(x, step) * (torch.nan if wrong else 1.0)

    def mend(failed, dropped):
        told.append((failed.index, [step.index for step in dropped]))
        return True

    mended = list(sample(sampler, WALK, denoise, noise(), mend=mend))
    assert told == [(failing, [failing])]
    assert [each.step.index for each in mended] == list(range(6))
    assert torch.equal(mended[-1].x, smooth[-1].x), "with the very same noise"


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_what_cannot_be_mended_is_an_error_that_names_the_part(value):
    def denoise(x, step):
        return x * (value if step.index == 2 else 1.0)

    done: list[SampledStep] = []
    with pytest.raises(NotFinite, match="denoiser") as caught:
        done.extend(sample("euler", WALK, denoise, noise(), mend=lambda failed, dropped: False))
    assert caught.value.hint and "step 3" in caught.value.details
    with pytest.raises(NotFinite):
        list(sample("euler", WALK, denoise, noise()))


def test_a_steps_time_counts_the_looking_too_but_not_whoever_reads_the_steps():
    def look(x0, good, step):
        assert good.dtype == torch.bool and good.ndim == 0
        time.sleep(0.03)
        return step.index

    times = []
    for done in sample("euler", WALK, halved, noise(), look=look):
        assert done.looked == done.step.index
        times.append(done.ms)
        time.sleep(0.3)
    assert min(times) >= 30 and sorted(times)[3] < 300
