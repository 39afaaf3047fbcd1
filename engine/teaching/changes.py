"""What is learnt for a word: the vectors of its tokens, and low-rank changes that act for its tokens."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.teaching.lesson import CUSTOM, LORA

_KEYS_AND_VALUES = re.compile(r".*\battn2\.to_[kv]")
_ATTENTION = re.compile(r".*\battn[12]\.(?:to_[qkv]|to_out\.0)")
LAYERS = {CUSTOM: _KEYS_AND_VALUES, LORA: _ATTENTION}
"""The layers of the UNet that a method changes."""


class WordVectors(nn.Module):
    """The vectors of one word in each text encoder, `[n, C]` by part.

    Attributes:
        scales: by part the root mean square of the encoder's own vectors, from which their learning rate follows.
    """

    def __init__(self, first: Mapping[str, Tensor], scales: Mapping[str, float]) -> None:
        super().__init__()
        self.of = nn.ParameterDict(
            {part: nn.Parameter(value.detach().float().clone()) for part, value in first.items()}
        )
        self.scales = dict(scales)


def first_vectors(reader: Any, class_word: str, count: int, generator: torch.Generator) -> tuple[Tensor, float]:
    """Return vectors float32 `[count, C]` to begin from, and the root mean square of the encoder's own.

    They are the class word's, its tokens in turn, or where none is given the mean of all words; all of them a little
    apart from one another, as vectors that are equal stay equal.
    """
    table = reader.encoder.get_input_embeddings().weight.detach().float().cpu()
    scale = float(table.square().mean().sqrt())
    rows = table.mean(0, keepdim=True)
    if class_word:
        ids = reader.tokenizer(class_word, add_special_tokens=False, verbose=False)["input_ids"]
        rows = table[ids] if ids else rows
    chosen = rows[[index % len(rows) for index in range(count)]]
    return chosen + 0.1 * scale * torch.randn(chosen.shape, generator=generator), scale


class WordChanges(nn.Module):
    """Low-rank changes (arXiv 2106.09685) of a frozen UNet's attention for one word.

    Keys and values of cross-attention change at the word's tokens alone, y_t = W x_t + B A x_t, as `WordAdapter` lets
    them act in pictures: so other words stay what they are, to the bit, and several taught words do not meet. Other
    layers, which `LORA` changes, add B A x in all cells here; in a picture they act in the word's paint.

    Args:
        unet: it gets hooks, and no weight of it changes. method: CUSTOM or LORA, see `LAYERS`.
        rank: of the factors, or a layer's smaller side. seed: of A; B begins as zero.

    Attributes:
        tokens: `[B, T, 1]`, 1 at the word's tokens, for the next call of the UNet; None lets all changes rest.
    """

    def __init__(self, unet: nn.Module, method: str, rank: int, *, seed: int = 0) -> None:
        super().__init__()
        self.tokens: Tensor | None = None
        self.layers: list[str] = []
        self.down, self.up = nn.ParameterList(), nn.ParameterList()
        self._handles: list[Any] = []
        generator = torch.Generator().manual_seed(seed)
        for name, layer in unet.named_modules():
            if not isinstance(layer, nn.Linear) or not LAYERS[method].fullmatch(name):
                continue
            out, into = layer.weight.shape
            own = min(rank, into, out)
            # As in PEFT: uniform with variance 1 / (3 * inputs).
            down = (2 * torch.rand(own, into, generator=generator) - 1) / math.sqrt(into)
            self.layers.append(name)
            self.down.append(nn.Parameter(down))
            self.up.append(nn.Parameter(torch.zeros(out, own)))
            hook = self._hook(len(self.layers) - 1, of_tokens=bool(_KEYS_AND_VALUES.fullmatch(name)))
            self._handles.append(layer.register_forward_hook(hook))

    def _hook(self, index: int, *, of_tokens: bool) -> Any:
        def add(_layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            if self.tokens is None:
                return output
            made = F.linear(F.linear(inputs[0].to(self.down[index].dtype), self.down[index]), self.up[index])
            return output + (made * self.tokens if of_tokens else made).to(output.dtype)

        return add

    def end(self) -> None:
        """Take the hooks off the UNet."""
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def tensors(self) -> dict[str, Tensor]:
        """The factors in float16 under diffusers' names, on the CPU."""
        found = {}
        for layer, down, up in zip(self.layers, self.down, self.up, strict=True):
            found[f"unet.{layer}.lora_A.weight"] = down.detach().half().cpu().contiguous()
            found[f"unet.{layer}.lora_B.weight"] = up.detach().half().cpu().contiguous()
        return found


def groups(vectors: WordVectors, changes: WordChanges | None, rate: float) -> list[dict[str, Any]]:
    """Return the optimiser's groups: each encoder's vectors at a rate that follows from the size of its own, then the
    changes. "peak" is a group's own peak of the rate."""
    made: list[dict[str, Any]] = [
        {"params": [vector], "peak": VECTOR_RATE * vectors.scales[part], "weight_decay": 0.0}
        for part, vector in vectors.of.items()
    ]
    if changes is not None:
        made.append({"params": [*changes.parameters()], "peak": rate, "weight_decay": 0.01})
    return [{**each, "lr": each["peak"]} for each in made]


VECTOR_RATE = 0.04
"""Learning rate of vectors, in root mean squares of the encoder's own: diffusers' 5e-4 is 0.036 of CLIP-L's 0.014."""


def parameters_of(groups: Sequence[Mapping[str, Any]]) -> list[nn.Parameter]:
    """All parameters of an optimiser's groups."""
    return [each for group in groups for each in group["params"]]
