"""Experts as a scene keeps them: which denoiser owns which noise levels."""

from __future__ import annotations

from canvas.model.errors import SceneError
from resources import intervals
from resources.limits import MAX_EXPERTS
from resources.settings import ExpertChoice as Expert

__all__ = ["Expert", "check_experts"]


def check_experts(experts: tuple[Expert, ...]) -> None:
    """Makes sure that experts are few enough and leave neither gap nor overlap from no noise to all.

    Raises:
        SceneError: they do not.
    """
    if len(experts) > MAX_EXPERTS:
        raise SceneError(f"There are {len(experts)} experts.", hint=f"Use at most {MAX_EXPERTS}.")
    fault = intervals.fault([(expert.name, expert.low, expert.high) for expert in experts]) if experts else ""
    if fault:
        raise SceneError(
            f"The experts do not cover each noise level exactly once: {fault}.",
            hint="Let each expert start where the one below it ends, or reset the timeline.",
        )
