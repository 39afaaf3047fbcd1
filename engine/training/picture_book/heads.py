"""What is asked of parts of the denoiser in training, beside the noise: auxiliary losses."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.training.conditions import WIDTH
from engine.training.picture_book.autoencoder import CHANNELS
from engine.training.picture_book.styles import MEDIA, STYLE_PACKS


class StyleHead(nn.Module):
    """Predicts a reference's style from its tokens: an auxiliary loss that makes the tokens encode it."""

    def __init__(self) -> None:
        super().__init__()
        self.colours, self.medium, self.pack = (nn.Linear(WIDTH, count) for count in (6, len(MEDIA), len(STYLE_PACKS)))

    def forward(self, tokens: Tensor, references: Tensor, media: Tensor, packs: Tensor) -> Tensor:
        """The loss of predicting the channels' mean and spread, the medium and the pack from tokens `[B, n, C]`."""
        mean = tokens.mean(1)
        wanted = torch.cat([references.mean((2, 3)), references.std((2, 3))], 1)
        loss = F.mse_loss(self.colours(mean).float(), wanted)
        loss = loss + 0.2 * F.cross_entropy(self.medium(mean).float(), media)
        return loss + 0.2 * F.cross_entropy(self.pack(mean).float(), packs)


class LookupHead(nn.Module):
    """Predicts clean latents from what each cross-attention layer of the finest level gathers from the tokens.

    A loss for the layers themselves (deep supervision, arXiv 1409.5185): picture tokens have the latents of their
    parts, so a layer that looks up the right part can tell what belongs in a cell, however much noise there is.

    Args:
        width: the layers' number of channels. layers: how many there are.
    """

    def __init__(self, width: int, *, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, CHANNELS) for _ in range(layers))

    def forward(self, gathered: Sequence[Tensor], clean: Tensor, things: Tensor) -> Tensor:
        """The mean squared error where things are.

        Args:
            gathered: `[B, h * w, width]`, one per layer. clean: latents `[B, C, h, w]`. things: the share of each cell
                that counts, `[B, h, w]`.
        """
        wanted, share = clean.flatten(2).transpose(1, 2), things.flatten(1)[..., None]
        errors = [
            ((layer(each).float() - wanted).square() * share).sum()
            for layer, each in zip(self.layers, gathered, strict=True)
        ]
        return torch.stack(errors).mean() / (share.sum() * clean.shape[1]).clamp_min(1)
