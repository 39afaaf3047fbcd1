"""LoRA layers that are trained next to a frozen denoiser's layers and written in diffusers' LoRA format."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.facts import DELTAS

_WITHIN = {"all": "", "attention": ".attn", "cross-attention": ".attn2."}
"""What is in the names of the layers that are wanted."""


class LoraLayers(nn.Module):
    """An expert's LoRA (arXiv 2106.09685): for each layer `up @ down`, added to the frozen layer's output.

    Every Linear and Conv2d of the denoiser that is wanted gets a pair, unless its smaller side is below the rank.
    `down` is random and `up` zero, so an untrained expert equals the base. The scale is 1, as for files without an
    alpha.

    Args:
        unet: the denoiser; it is frozen and gets hooks on its layers; its weights and their names do not change.
        rank: of the pairs, 1 or more. wanted: which layers, "attention",
            "cross-attention" or "all". seed: of the random initial values.
    """

    def __init__(self, unet: Any, rank: int, *, wanted: str = "all", seed: int = 0) -> None:
        super().__init__()
        self.on = True
        self.layers: list[str] = []
        self.down, self.up = nn.ParameterList(), nn.ParameterList()
        generator = torch.Generator().manual_seed(seed)
        unet.requires_grad_(False)
        within = _WITHIN[wanted]
        for name, layer in unet.named_modules():
            if not isinstance(layer, nn.Linear | nn.Conv2d) or getattr(layer, "groups", 1) != 1:
                continue
            into, out = layer.weight[0].numel(), layer.weight.shape[0]
            if rank > min(into, out) or within not in name:
                continue
            ones = [1] * (layer.weight.ndim - 2)
            # Initialised as in PEFT: uniform with variance 1 / (3 * inputs).
            down = (2 * torch.rand(rank, *layer.weight.shape[1:], generator=generator) - 1) / math.sqrt(into)
            self.layers.append(name)
            self.down.append(nn.Parameter(down))
            self.up.append(nn.Parameter(torch.zeros(out, rank, *ones)))
            layer.register_forward_hook(self._hook(len(self.layers) - 1))

    def _hook(self, index: int) -> Any:
        # Added to the output rather than merged into the weight: as fast, and half precision cannot round it away.
        def add(layer: Any, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            if not self.on:
                return output
            down, up = self.down[index], self.up[index]
            if down.ndim == 2:
                return output + F.linear(F.linear(inputs[0], down), up)
            return output + F.conv2d(F.conv2d(inputs[0], down, None, layer.stride, layer.padding, layer.dilation), up)

        return add

    @contextmanager
    def off(self) -> Iterator[None]:
        """Within it, the denoiser is the base, without the LoRA."""
        self.on = False
        try:
            yield
        finally:
            self.on = True

    def write(self, folder: Path) -> None:
        """Write the layers in float16, under diffusers' names, to the file `DELTAS` in `folder`."""
        from safetensors.torch import save_file

        tensors = {}
        for layer, down, up in zip(self.layers, self.down, self.up, strict=True):
            tensors[f"unet.{layer}.lora_A.weight"] = down.detach().half().cpu().contiguous()
            tensors[f"unet.{layer}.lora_B.weight"] = up.detach().half().cpu().contiguous()
        folder.mkdir(parents=True, exist_ok=True)
        save_file(tensors, folder / DELTAS, metadata={"format": "pt"})
