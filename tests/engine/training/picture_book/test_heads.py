"""Auxiliary losses of the denoiser's training."""

from __future__ import annotations

import torch

from engine.training.picture_book.autoencoder import CHANNELS
from engine.training.picture_book.heads import LookupHead


@torch.no_grad()
def test_what_layers_gather_is_compared_with_clean_latents_where_things_are_alone() -> None:
    generator = torch.Generator().manual_seed(0)
    clean = torch.randn(2, CHANNELS, 4, 4, generator=generator)
    things = torch.zeros(2, 4, 4)
    things[0, 1:3, 1:3] = 1
    head = LookupHead(CHANNELS, layers=2)
    for layer in head.layers:
        layer.weight.data, layer.bias.data = torch.eye(CHANNELS), torch.zeros(CHANNELS)
    right = torch.where(things[:, None] > 0, clean, 9.0).flatten(2).transpose(1, 2)
    assert float(head([right, right], clean, things)) < 1e-9
    assert abs(float(head([right, right + 1], clean, things)) - 0.5) < 1e-5, "the mean of both layers"
    assert float(head([right, right], clean, 0 * things)) == 0
