"""Initialises a wider, deeper autoencoder from a smaller one, so that it first computes the same function."""

from __future__ import annotations

import torch
from diffusers import AutoencoderTiny
from torch import Tensor, nn


@torch.no_grad()
def grow_from(model: AutoencoderTiny, earlier: AutoencoderTiny) -> int:
    """Copy the weights of `earlier` that fit into `model`; returns how many layers were initialised.

    New channels keep their initial values, but the old layers do not use them yet; new blocks act as the identity.
    """
    taken = 0
    for ours, theirs in ((model.encoder, earlier.encoder), (model.decoder, earlier.decoder)):
        known = _stages(theirs.layers)
        for index, stage in enumerate(_stages(ours.layers)):
            for place, layer in enumerate(stage):
                blocks = known[index] if index < len(known) else []
                if place < len(blocks) and type(blocks[place]) is type(layer):
                    taken += _copy(layer, blocks[place])
                elif not isinstance(layer, nn.Conv2d):
                    _pass_on(layer)
    return taken


def _stages(layers: nn.Sequential) -> list[list[nn.Module]]:
    """The layers in groups: runs of blocks, and each convolution between them as a group of its own."""
    stages: list[list[nn.Module]] = [[]]
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            stages += [[layer], []]
        elif any(True for _ in layer.parameters()):
            stages[-1].append(layer)
    return stages


def _copy(layer: nn.Module, known: nn.Module) -> int:
    ours, theirs = dict(layer.named_parameters()), dict(known.named_parameters())
    taken = 0
    for name, weight in theirs.items():
        if name not in ours:
            continue
        rows = min(len(weight), len(ours[name]))
        if weight.ndim == 1:
            ours[name][:rows] = weight[:rows]
        else:
            columns = min(weight.shape[1], ours[name].shape[1])
            ours[name][:rows, columns:] = 0
            ours[name][:rows, :columns] = weight[:rows, :columns]
        taken = 1
    return taken


def _pass_on(block: nn.Module) -> None:
    """Make a residual block the identity."""
    convolutions = [part for part in block.modules() if isinstance(part, nn.Conv2d) and part.kernel_size == (3, 3)]
    if convolutions:
        last: nn.Conv2d = convolutions[-1]
        for weight in last.parameters():
            _zero(weight)


def _zero(weight: Tensor) -> None:
    weight.zero_()
