"""The loss of a denoiser that predicts v, and what each noise level counts in it."""

from __future__ import annotations

from torch import Tensor


def loss_weight(alpha: Tensor, least: float | Tensor = 0.3) -> Tensor:
    """The loss weight for v-prediction, in the shape of `alpha` (the cumulative product, alpha-bar).

    It is the Min-SNR weight for v-prediction (arXiv 2303.09556) with gamma 5, which almost vanishes at high noise.
    Palette and light are decided there, so it is bounded from below: an error of x0 counts as at an SNR of at least
    `least`, the truncation of arXiv 2202.00512 with another bound.
    """
    snr = alpha / (1 - alpha)
    return snr.clamp(max=5).clamp(min=least) / (snr + 1)


def denoising_loss(made: Tensor, clean: Tensor, noise: Tensor, alpha: Tensor) -> Tensor:
    """The weighted squared error of v per example, `[B]`.

    Args:
        made: the denoiser's v. clean, noise: the latents and their noise, all `[B, C, h, w]`. alpha: alpha-bar `[B]`.
    """
    keep = alpha[:, None, None, None]
    wanted = keep.sqrt() * noise - (1 - keep).sqrt() * clean
    return (made.float() - wanted).square().mean((1, 2, 3)) * loss_weight(alpha)
