"""The supported noise schedules: every kind of scheduler config is followed or refused by name, never guessed.

No torch here, so that a model can be refused before any of its weights are read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import UnsupportedModel

PREDICTIONS = ("epsilon", "v_prediction", "sample", "flow_prediction")
BETAS = ("linear", "scaled_linear", "squaredcos_cap_v2")

_SOLVERS = (
    "DDIMScheduler",
    "DDIMParallelScheduler",
    "DDPMScheduler",
    "DDPMParallelScheduler",
    "DEISMultistepScheduler",
    "DPMSolverMultistepScheduler",
    "DPMSolverSDEScheduler",
    "DPMSolverSinglestepScheduler",
    "EulerAncestralDiscreteScheduler",
    "EulerDiscreteScheduler",
    "HeunDiscreteScheduler",
    "KDPM2AncestralDiscreteScheduler",
    "KDPM2DiscreteScheduler",
    "LMSDiscreteScheduler",
    "PNDMScheduler",
    "SASolverScheduler",
    "UniPCMultistepScheduler",
)
"""Schedulers that share the same noise levels; which one a config names does not matter: requests choose a sampler."""

CONSISTENCY = ("LCMScheduler", "TCDScheduler")
"""Schedulers of distilled models, which were trained on a few noise levels only."""

EDM = "EDMEulerScheduler"
"""Noise levels without a table (Karras et al. 2022), which CosXL predicts v on; see `NoiseSchedule`."""

FLOWS = ("FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler")

_REASONS = {
    "EDMDPMSolverMultistepScheduler": "which scales the denoiser's input and output differently (EDM "
    "preconditioning), as Playground v2.5 does",
    "CMStochasticIterativeScheduler": "which is for consistency models over pixels",
    "DDPMWuerstchenScheduler": "which is for Würstchen's own latents",
}
_HINT = "Choose another model, one with a scheduler that Wordbrush supports ({})."


@dataclass(frozen=True)
class NoiseDefaults:
    """The defaults that follow from a model's scheduler; None leaves the default of the architecture.

    Attributes:
        guidance: the guidance scale: 1 (off) for models distilled to work without it, or the value that a denoiser
            which takes it as an input gets.
    """

    sampler: str | None = None
    steps: int | None = None
    guidance: float | None = None


def kind_of(config: Mapping[str, Any]) -> str:
    """Return the class name of the scheduler; "" if the config has none."""
    return str(config.get("_class_name") or "")


def is_flow(config: Mapping[str, Any]) -> bool:
    """Whether the model is a rectified flow."""
    flow = kind_of(config) in FLOWS or bool(config.get("use_flow_sigmas"))
    return flow or config.get("prediction_type") == "flow_prediction"


def check(config: Mapping[str, Any]) -> None:
    """Make sure that everything a scheduler config says about noise levels and prediction is supported.

    Raises:
        UnsupportedModel: something in it is not supported; the message names it.
    """
    kind = kind_of(config)
    if kind == EDM:
        _check_edm(config)
        return
    if kind and kind not in (*_SOLVERS, *CONSISTENCY, *FLOWS):
        why = _REASONS.get(kind, "which Wordbrush does not know")
        raise _refused(f"a {kind}, {why}", config)
    prediction = config.get("prediction_type", "epsilon")
    if not is_flow(config) and prediction not in PREDICTIONS:
        raise _refused(f'one for the prediction type "{prediction}", which Wordbrush does not know', config)
    if config.get("timestep_type", "discrete") != "discrete":
        raise _refused(
            f'one with "{config["timestep_type"]}" timesteps (as CosXL has), which are not supported', config
        )
    if config.get("interpolation_type", "linear") != "linear":
        raise _refused(f'one with the interpolation "{config["interpolation_type"]}", which is not supported', config)
    if is_flow(config):
        for name in ("invert_sigmas", "stochastic_sampling"):
            if config.get(name):
                raise _refused(f'a flow with "{name}", which is not supported', config)
        if config.get("time_shift_type", "exponential") not in ("exponential", "linear"):
            raise _refused(f'a flow shifted by "{config["time_shift_type"]}", which is not supported', config)
        return
    betas = config.get("beta_schedule", "linear")
    if config.get("trained_betas") is None and betas not in BETAS:
        raise _refused(f'one with the beta schedule "{betas}", which is not among {", ".join(BETAS)}', config)


def _check_edm(config: Mapping[str, Any]) -> None:
    """With v and data of unit variance its scaling is that of all other models; no other is known."""
    if config.get("prediction_type") != "v_prediction" or config.get("sigma_data", 0.5) != 1.0:
        raise _refused(
            f"a {EDM}, which scales the denoiser's input and output differently (EDM preconditioning)", config
        )
    if config.get("sigma_schedule", "karras") not in ("karras", "exponential"):
        raise _refused(f'a {EDM} with the spacing "{config["sigma_schedule"]}", which is not supported', config)


def _refused(what: str, config: Mapping[str, Any]) -> UnsupportedModel:
    return UnsupportedModel(
        f"The model's scheduler is {what}.",
        hint=_HINT.format("DDIM, Euler, DPM-Solver, LCM, TCD, flow matching with Euler"),
        details=", ".join(f"{key}={value!r}" for key, value in list(config.items())[:40]),
    )


def defaults_for(config: Mapping[str, Any], *, guidance_embedded: bool = False) -> NoiseDefaults:
    """Return the sampler, steps and guidance that suit a model's scheduler; see `NoiseDefaults`.

    Args:
        guidance_embedded: whether the denoiser takes the guidance scale as an input, instead of one pass with the
            prompt and one with the negative prompt.
    """
    kind = kind_of(config)
    if kind == "LCMScheduler":
        return NoiseDefaults("lcm", 4, 8.5 if guidance_embedded else 1.0)
    if kind == "TCDScheduler":
        return NoiseDefaults("ddim", 4, 1.0)
    if is_flow(config):
        return NoiseDefaults("euler", 28)
    few = kind in ("EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler")
    plain = config.get("prediction_type", "epsilon") == "epsilon" and not config.get("rescale_betas_zero_snr")
    if few and plain and config.get("timestep_spacing") == "trailing":
        # SD and SDXL Turbo, Lightning and similar models: distilled to a few steps without guidance.
        return NoiseDefaults("euler_a" if "Ancestral" in kind else "euler", 4, 1.0)
    if kind == "DPMSolverMultistepScheduler" and config.get("use_karras_sigmas"):
        return NoiseDefaults("dpmpp_2m_karras")
    return NoiseDefaults()


def consistency_timesteps(config: Mapping[str, Any], count: int, steps: int) -> list[float]:
    """Return the timesteps that a consistency model visits, descending: some of those that it was distilled on."""
    original = min(int(config.get("original_inference_steps", 50)), count)
    known = (range(original, 0, -1), count // original)
    levels = [index * known[1] - 1 for index in known[0]]
    steps = min(steps, original)
    return [float(levels[math.floor(index * original / steps)]) for index in range(steps)]
