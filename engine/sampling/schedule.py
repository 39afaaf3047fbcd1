"""Noise levels: the sigma table of a model, the levels that each sampler visits, and predictions turned into x0."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.sampling import flow, kinds

_ZERO_SNR_ALPHA = 2.0**-24  # abar of a zero-terminal-SNR schedule's last step; sigma 4096 instead of infinity
_KARRAS_RHO = 7.0
_LEAST_SHARE = 0.01


@dataclass(frozen=True)
class SigmaSchedule:
    """The noise levels that one run visits.

    Attributes:
        sigmas: one more than there are steps, never rising, all but the last above 0.
        timesteps: the denoiser's timestep at each step (float, in the model's units), in the same order.
        start: the factor on unit noise for the first x (variance exploding, x = x0 + sigma * noise).
        skipped: how many steps of the whole schedule come before the first of these; a part of a step counts as such.
    """

    sigmas: tuple[float, ...]
    timesteps: tuple[float, ...]
    start: float
    skipped: float = 0.0

    def timestep(self, sigma: float) -> float | None:
        """Return the timestep of one of these sigmas; None for any other sigma."""
        for own, timestep in zip(self.sigmas, self.timesteps, strict=False):
            if own == sigma:
                return timestep
        return None


class NoiseSchedule:
    """sigma as a function of the timestep, read from a diffusers scheduler config.

    Everywhere in the engine x is variance exploding: `x = x0 + sigma * noise`; `to_input` scales it as the denoiser
    expects it.

    Args:
        config: scheduler_config.json as a mapping (beta_schedule, beta_start, beta_end, num_train_timesteps,
            trained_betas, rescale_betas_zero_snr, prediction_type, timestep_spacing, steps_offset, set_alpha_to_one,
            lambda_min_clipped, final_sigmas_type; original_inference_steps of LCM and TCD; shift, flow_shift and
            use_dynamic_shifting of flows). Missing keys have diffusers' defaults.

    Raises:
        UnsupportedModel: see `engine.sampling.kinds.check`. ValueError, TypeError: a value is of the wrong type.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        kinds.check(config)
        self.config = dict(config)
        self.prediction: str = "flow_prediction" if kinds.is_flow(config) else config.get("prediction_type", "epsilon")
        self.count = int(config.get("num_train_timesteps", 1000))
        self.table = self._edm_table() if self.is_edm else self._flow_table() if self.is_flow else self._beta_table()

    @property
    def is_flow(self) -> bool:
        """Whether the model is a rectified flow (x_s = (1 - s) x0 + s noise, sigma = s / (1 - s))."""
        return self.prediction == "flow_prediction"

    @property
    def is_edm(self) -> bool:
        """Whether it has no table of noise levels, but all between two, and timesteps ln(sigma) / 4 (CosXL)."""
        return kinds.kind_of(self.config) == kinds.EDM

    def _flow_table(self) -> np.ndarray:
        return flow.to_sigma(flow.levels(self.config, self.count))

    def _edm_table(self) -> np.ndarray:
        low, high = float(self.config.get("sigma_min", 0.002)), float(self.config.get("sigma_max", 80.0))
        if not 0 < low < high < math.inf:
            raise ValueError(f"noise levels from {low} to {high}")
        return np.geomspace(low, high, self.count)

    def _beta_table(self) -> np.ndarray:
        # float32 as in diffusers, so that the two agree to the last bit.
        get = self.config.get
        start, end = get("beta_start", 0.0001), get("beta_end", 0.02)
        kind = get("beta_schedule", "linear")
        if get("trained_betas") is not None:
            betas = torch.tensor(get("trained_betas"), dtype=torch.float32)
        elif kind == "linear":
            betas = torch.linspace(start, end, self.count, dtype=torch.float32)
        elif kind == "scaled_linear":
            betas = torch.linspace(start**0.5, end**0.5, self.count, dtype=torch.float32) ** 2
        elif kind == "squaredcos_cap_v2":
            betas = _cosine_betas(self.count)
        else:
            raise ValueError(f"unknown beta schedule {kind!r}")
        zero_snr = bool(get("rescale_betas_zero_snr", False))
        if zero_snr:
            betas = _zero_terminal_snr(betas)
        abar = torch.cumprod(1.0 - betas, dim=0)
        if zero_snr:
            abar[-1] = _ZERO_SNR_ALPHA
        exact = abar.double().numpy()
        return np.sqrt((1 - exact) / exact)

    def sigma(self, timestep: float) -> float:
        """Return sigma at a timestep (0..count-1, fractions interpolated; for flows 0..count, s times count)."""
        if self.is_flow:
            return float(flow.to_sigma(timestep / self.count))
        if self.is_edm:
            return math.exp(4 * timestep)
        return float(np.interp(timestep, np.arange(len(self.table)), self.table))

    def timestep(self, sigma: float) -> float:
        """Return the timestep at which the noise level is `sigma`: interpolated in log sigma, clamped to the table."""
        if self.is_flow:
            return self.count * sigma / (1 + sigma)
        if self.is_edm:
            return math.log(max(sigma, 1e-12)) / 4
        return float(np.interp(math.log(max(sigma, 1e-12)), np.log(self.table), np.arange(len(self.table))))

    def walk(self, sampler: str, steps: int, *, latent: tuple[int, int] | None = None) -> SigmaSchedule:
        """Return the noise levels for `steps` steps: those that diffusers' scheduler of that name visits.

        For a flow every sampler visits the levels of flow matching's own scheduler; for a model distilled to a few
        levels (LCM, TCD), some of those.

        There are two differences, where diffusers' choice makes no sense: a single step starts at full noise, and
        levels that are equal after rounding are visited once (so there are never more steps than the model has levels).

        Args:
            latent: (height, width) of the latent; the levels of some flows depend on it.
        """
        if sampler == "dpmpp_2m_karras" and not self._is_distilled:
            return self._karras_walk(steps)
        if self.is_flow:
            return self._flow_walk(steps, latent)
        if self.is_edm:
            return self._edm_walk(steps)
        timesteps = self._timesteps(sampler, steps)
        last = 0.0
        if sampler == "ddim" and not self.config.get("set_alpha_to_one", True):
            last = float(self.table[0])
        if kinds.kind_of(self.config) == "TCDScheduler" and sampler != "lcm":
            last = float(self.table[0])
        if sampler.startswith("dpmpp") and self.config.get("final_sigmas_type") == "sigma_min":
            last = float(self.table[0])
        sigmas = tuple(self.sigma(t) for t in timesteps)
        return SigmaSchedule((*sigmas, last), tuple(timesteps), self._start(sampler, sigmas[0]))

    def later(self, walk: SigmaSchedule, share: float) -> SigmaSchedule:
        """Return the last `share` of a walk, 0..1, for a run that begins from a picture; 1 is the walk itself.

        It may begin within a step: sigma is then between the step's two, evenly in its logarithm, or evenly in sigma in
        the last step, which leads to 0. Models that know few levels begin with the nearest of those. Some noise is
        always left to take away, so that there is a step.
        """
        total = len(walk.timesteps)
        place = total * (1 - max(share, _LEAST_SHARE))
        if self._is_distilled:
            place = float(min(round(place), total - 1))
        first = int(place)
        part = place - first
        if not part:
            return replace(walk, sigmas=walk.sigmas[first:], timesteps=walk.timesteps[first:], skipped=place)
        high, low = walk.sigmas[first : first + 2]
        sigma = high ** (1 - part) * low**part if first + 1 < total else high + (low - high) * part
        sigmas = (sigma, *walk.sigmas[first + 1 :])
        return SigmaSchedule(sigmas, (self.timestep(sigma), *walk.timesteps[first + 1 :]), walk.start, place)

    @property
    def _is_distilled(self) -> bool:
        return kinds.kind_of(self.config) in kinds.CONSISTENCY

    def _flow_walk(self, steps: int, latent: tuple[int, int] | None) -> SigmaSchedule:
        s = flow.walk(self.config, self.count, steps, latent)
        sigmas = tuple(float(sigma) for sigma in flow.to_sigma(s))
        return SigmaSchedule((*sigmas, 0.0), tuple(float(each) for each in s * self.count), 1 + sigmas[0])

    def _edm_walk(self, steps: int) -> SigmaSchedule:
        if self.config.get("sigma_schedule", "karras") == "karras":
            return self._karras_walk(steps)
        sigmas = tuple(float(each) for each in np.geomspace(self.table[-1], self.table[0], steps))
        start = math.sqrt(1 + sigmas[0] ** 2)
        return SigmaSchedule((*sigmas, 0.0), tuple(self.timestep(sigma) for sigma in sigmas), start)

    def _start(self, sampler: str, sigma: float) -> float:
        if self.is_flow:
            return 1 + sigma
        if (
            not self._is_distilled
            and sampler in ("euler", "euler_a")
            and self._spacing(sampler) in ("linspace", "trailing")
        ):
            return sigma
        return math.sqrt(1 + sigma**2)

    def _spacing(self, sampler: str) -> str:
        return str(self.config.get("timestep_spacing", "leading" if sampler == "ddim" else "linspace"))

    def _top(self) -> int:
        """Return the noisiest timestep: the last one, or an earlier one if the config clips almost pure noise."""
        clipped = float(self.config.get("lambda_min_clipped", -math.inf))
        # In diffusers' terms lambda = log(alpha / sigma), which is -log(sigma) here.
        return max(0, int(np.sum(-np.log(self.table) >= clipped)) - 1) if clipped > -math.inf else self.count - 1

    def _timesteps(self, sampler: str, steps: int) -> list[float]:
        if self._is_distilled or sampler == "lcm":
            return kinds.consistency_timesteps(self.config, self.count, steps)
        top = self._top()
        if steps == 1:
            return [float(top)]
        spacing = self._spacing(sampler)
        multistep = sampler.startswith("dpmpp")
        points = steps + 1 if multistep else steps
        if spacing == "trailing":
            values = np.round(np.arange(top + 1, 0, -self.count / steps))[:steps] - 1
        elif spacing == "leading" and (top + 1) // points > 0:
            values = np.arange(points)[::-1][:steps] * ((top + 1) // points) + self.config.get("steps_offset", 0)
        else:
            values = np.linspace(0, top, points)[::-1][:steps]
            if not sampler.startswith("euler"):
                values = values.round()
        return sorted({float(v) for v in np.clip(values, 0, top)}, reverse=True)

    def _karras_walk(self, steps: int) -> SigmaSchedule:
        """Return EDM's spacing (Karras et al. 2022, eq. 5, rho 7) from the table's largest sigma to its smallest."""
        low, high = float(self.table[0]), float(self.table[self._top()])
        ramp = np.linspace(0, 1, steps)
        inverse = high ** (1 / _KARRAS_RHO) + ramp * (low ** (1 / _KARRAS_RHO) - high ** (1 / _KARRAS_RHO))
        sigmas = tuple(float(s) for s in inverse**_KARRAS_RHO)
        timesteps = [self.timestep(s) for s in sigmas]
        if self.config.get("beta_schedule") != "squaredcos_cap_v2" and not self.is_edm:
            timesteps = [float(round(t)) for t in timesteps]
        return SigmaSchedule((*sigmas, 0.0), tuple(timesteps), self._start("dpmpp_2m_karras", sigmas[0]))

    def to_input(self, x: Tensor, sigma: float) -> Tensor:
        """Return x scaled to the denoiser's input: x / sqrt(1 + sigma^2), or for a flow x / (1 + sigma)."""
        return x / (1 + sigma) if self.is_flow else x / math.sqrt(1 + sigma**2)

    def to_x0(self, output: Tensor, model_input: Tensor, sigma: float) -> Tensor:
        """Return x0, given the denoiser's output and its scaled input, for every kind of prediction.

        With x the input, m the output, a = 1/sqrt(1 + sigma^2) and b = sigma a, x0 is (x - b m) / a for epsilon,
        a x - b m for v (Salimans and Ho 2022), m for sample, and x - s m with s = sigma/(1 + sigma) for flows.
        """
        if self.is_flow:
            return model_input - sigma / (1 + sigma) * output
        a = 1 / math.sqrt(1 + sigma**2)
        b = sigma * a
        if self.prediction == "epsilon":
            return (model_input - b * output) / a
        if self.prediction == "v_prediction":
            return a * model_input - b * output
        return output


def _cosine_betas(count: int) -> Tensor:
    """Nichol and Dhariwal 2021, eq. 17: abar(t) = cos^2((t + 0.008) / 1.008 * pi / 2), beta at most 0.999."""

    def abar(t: float) -> float:
        return math.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2

    values = [min(1 - abar((i + 1) / count) / abar(i / count), 0.999) for i in range(count)]
    return torch.tensor(values, dtype=torch.float32)


def _zero_terminal_snr(betas: Tensor) -> Tensor:
    """Lin et al. 2023, algorithm 1: sqrt(abar) is shifted and scaled so that the last is 0 and the first unchanged."""
    root = torch.cumprod(1.0 - betas, dim=0).sqrt()
    first, last = root[0].clone(), root[-1].clone()
    root = (root - last) * (first / (first - last))
    abar = root**2
    alphas = torch.cat([abar[0:1], abar[1:] / abar[:-1]])
    return 1 - alphas
