"""The formulas of guided and of consistency distillation, on plain tensors.

Everything is variance preserving: `x_t = sqrt(a) x0 + sqrt(1 - a) noise` with `a` the cumulative product, alpha-bar.
"""

from __future__ import annotations

import torch
from torch import Tensor

SIGMA_DATA, TIME_SCALE = 0.5, 10.0
"""Of the boundary scaling: latents' deviation, and the factor on timesteps, as in LCM's reference code."""

HUBER = 0.001
"""c of the pseudo-Huber loss, as in the reference code of LCM."""


def wide(values: Tensor) -> Tensor:
    """`[B]` as `[B, 1, 1, 1]`, to be multiplied with latents."""
    return values[:, None, None, None]


def boundary_scalings(times: Tensor) -> tuple[Tensor, Tensor]:
    """Return c_skip and c_out, float `[B, 1, 1, 1]`, of timesteps `[B]`: 1 and 0 at time 0.

    A consistency function is `f(x, t) = c_skip x + c_out x0(x, t)`, so it is the identity where there is no noise
    (arXiv 2310.04378, equation 9, with the constants of arXiv 2303.01469, appendix C).
    """
    scaled = wide(times.float() * TIME_SCALE)
    below = scaled.square() + SIGMA_DATA**2
    return SIGMA_DATA**2 / below, scaled / below.sqrt()


def to_x0(output: Tensor, noisy: Tensor, alpha: Tensor, prediction: str) -> Tensor:
    """A denoiser's output as x0, float32 `[B, C, h, w]`; alpha: alpha-bar `[B]`; prediction: epsilon, sample or v."""
    a, b = wide(alpha).sqrt(), wide(1 - alpha).sqrt()
    output = output.float()
    if prediction == "sample":
        return output
    return (noisy - b * output) / a if prediction == "epsilon" else a * noisy - b * output


def to_noise(x0: Tensor, noisy: Tensor, alpha: Tensor) -> Tensor:
    """The noise in `noisy` if its picture is `x0`, all `[B, C, h, w]`; alpha: alpha-bar `[B]`."""
    return (noisy - wide(alpha).sqrt() * x0) / wide(1 - alpha).sqrt()


def ddim_step(x0: Tensor, noise: Tensor, following: Tensor) -> Tensor:
    """x at alpha-bar `following` `[B]`, from x0 and noise `[B, C, h, w]` (arXiv 2010.02502, equation 12, eta 0)."""
    return wide(following).sqrt() * x0 + wide(1 - following).sqrt() * noise


def guided(negative: Tensor, positive: Tensor, guidance: Tensor) -> Tensor:
    """Classifier-free guidance (arXiv 2207.12598) with a scale for each example, `[B]`.

    The papers' w is this scale minus 1 (arXiv 2210.03142, equation 4).
    """
    return negative + wide(guidance) * (positive - negative)


def pseudo_huber(made: Tensor, wanted: Tensor) -> Tensor:
    """`sqrt(d^2 + c^2) - c`, averaged over each example: `[B]` (arXiv 2310.14189, equation 9, for each number)."""
    return ((made.float() - wanted.float()).square() + HUBER**2).sqrt().sub(HUBER).mean((1, 2, 3))


def levels(count: int, known: int) -> Tensor:
    """The timesteps that a consistency model is taught, int64 `[known]`, ascending, of a schedule of `count`.

    They are LCM's: `known` evenly spaced ones, each the last of its stretch, as its scheduler visits them.
    """
    return torch.arange(1, known + 1) * (count // known) - 1
