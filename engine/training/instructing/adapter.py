"""The adapter that is learnt: channels for a picture in a frozen UNet's first layer, and low-rank changes of others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import BadRequest
from engine.facts import DELTAS, PICTURE_INPUT
from engine.models import lora, picture_input
from engine.training.distillation.networks import SharedLora
from resources import atomic

LAYERS = re.compile(r"\.attn[12]\.|^down_blocks\.0\.resnets|^up_blocks\.2\.resnets|^conv_out")
"""Which layers it changes: attention, and those near the picture's own size that carry it to the output."""


class InstructAdapter(nn.Module):
    """An adapter beside a frozen UNet.

    Args:
        base: the model's own UNet, float32; it stays as it is. rank: of the changes. finest: also change the
            convolutions of the finest level. seed: of the random initial values.

    Attributes:
        network: the UNet with twice the channels, on which the adapter acts. lora: its changes.
        extra: the weights for the channels of the picture, `[out, C, kh, kw]`; at first a share of the noise's own, so
            that a picture is seen as what the noise is about.
    """

    def __init__(self, base: Any, rank: int, *, seed: int = 0, share: float = 0.25) -> None:
        super().__init__()
        own = base.conv_in.weight.detach()
        self.extra = nn.Parameter(share * own.clone())
        weights = picture_input.widened(base.state_dict(), torch.zeros_like(own), part="adapter")
        self.network: Any = lora.with_weights(base, weights)
        self.lora = SharedLora([_Named(self.network)], rank, wanted="all", seed=seed)
        self._own = own.shape[1]
        self.network.conv_in.register_forward_hook(self._see)

    def _see(self, layer: Any, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        shown = inputs[0][:, self._own :]
        return output + torch.nn.functional.conv2d(shown, self.extra, None, layer.stride, layer.padding)


class _Named(nn.Module):
    """A network of which only the layers that are to be changed are listed."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        object.__setattr__(self, "_network", network)

    def named_modules(self, *args: Any, **kwargs: Any) -> Any:
        """The layers of `LAYERS`, as `nn.Module.named_modules` lists them."""
        network: nn.Module = self._network
        return ((name, each) for name, each in network.named_modules() if LAYERS.search(name))


class Trained(nn.Module):
    """What of an adapter is trained: its parameters alone, by whose names they are kept."""

    def __init__(self, adapter: InstructAdapter) -> None:
        super().__init__()
        self.extra, self.lora = adapter.extra, adapter.lora


def thinned(down: Tensor, up: Tensor, least: float) -> tuple[Tensor, Tensor] | None:
    """A layer's change without the directions whose singular value is at most `least`; None where none is left.

    Args:
        down: `[rank, in]` or `[rank, in, kh, kw]`. up: `[out, rank]` or `[out, rank, 1, 1]`.
    """
    left, values, right = torch.linalg.svd(up.flatten(1).float() @ down.flatten(1).float(), full_matrices=False)
    kept = int((values[: len(down)] > least).sum())
    if not kept:
        return None
    root = values[:kept].sqrt()
    ones = [1] * (up.ndim - 2)
    return (root[:, None] * right[:kept]).reshape(kept, *down.shape[1:]), (left[:, :kept] * root).reshape(
        len(up), kept, *ones
    )


def write_adapter(trained: Trained, folder: Path, *, model: str, least: float = 0.0) -> None:
    """Write an adapter in float16 into the folder "instruct" of a model.

    Args:
        least: directions of a layer's change whose singular value is not above it are left out.

    Raises:
        BadRequest: nothing is left of it. OSError: it cannot be written.
    """
    from safetensors.torch import save_file

    def half(value: Tensor) -> Tensor:
        return value.detach().half().cpu().contiguous()

    changes = trained.lora
    tensors: dict[str, Tensor] = {}
    for layer, down, up in zip(changes.layers, changes.down, changes.up, strict=True):
        kept = thinned(down.detach(), up.detach(), least)
        if kept is not None:
            tensors |= {f"unet.{layer}.lora_{side}.weight": half(each) for side, each in zip("AB", kept, strict=True)}
    if not tensors:
        raise BadRequest("Nothing of the adapter is left.", hint="Give a lower --least, or train it for longer.")
    told = {"format": "pt", "modelspec.title": f"{model}, instructions", "ss_network_dim": str(changes.rank)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in ((DELTAS, tensors), (PICTURE_INPUT, {picture_input.LAYER: half(trained.extra)})):
        with atomic.replacing(folder / name) as new:
            save_file(found, new, metadata=told)
        (folder / name).chmod(0o644)
