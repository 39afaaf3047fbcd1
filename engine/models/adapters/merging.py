"""LoRA files merged into a network's weights until other files are asked for, and the weights put back to the bit."""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engine.models.adapters.changes import Change
from engine.models.adapters.reading import AdapterFile


@dataclass(frozen=True, eq=False)
class Weighted:
    """The changes of one file to one network, by module path, and how strongly they act (-4..4)."""

    source: AdapterFile
    changes: Mapping[str, Change]
    weight: float


class MergedWeights:
    """The weights of one network, which files change: W + sum over files of weight * difference(W).

    Every difference is taken from the weights as they were loaded, so the order of the files does not matter. Merged
    weights are tensors of their own: the loaded ones are kept as they are and put back as they are.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = weakref.ref(network)
        self._kept: dict[str, tuple[Tensor, Tensor]] = {}
        self._key: Hashable = ()

    @torch.no_grad()
    def use(self, files: Sequence[Weighted]) -> bool:
        """Let the network work with these files alone; returns whether its weights are other ones now.

        What the same files made of the same weights is kept: nothing is merged anew.

        Raises:
            UnsupportedModel: a change does not fit its layer; the weights are those that were loaded, then.
        """
        key = tuple((each.source, each.weight) for each in files)
        if key == self._key and all(_is(self._parameter(name), ours) for name, (_, ours) in self._kept.items()):
            return False
        changed = bool(self._kept)
        self.restore()
        try:
            for path in dict.fromkeys(path for each in files for path in each.changes):
                self._merge(path, files)
        except BaseException:
            self.restore()
            raise
        self._key = key
        return changed or bool(self._kept)

    def restore(self) -> None:
        """Put back the weights that were loaded; on another device or in another format if the network went there."""
        for name, (before, merged) in self._kept.items():
            parameter = self._parameter(name)
            parameter.data = before if _is(parameter, merged) else before.to(parameter.device, parameter.dtype)
        self._kept, self._key = {}, ()

    def _parameter(self, name: str) -> nn.Parameter:
        network = self._network()
        assert network is not None, "it is in use"
        return network.get_parameter(name)

    def _merge(self, path: str, files: Sequence[Weighted]) -> None:
        """Change one layer: no more than its own weights are in float32 at a time."""
        network: Any = self._network()
        layer = network.get_submodule(path)
        totals: dict[str, Tensor] = {}
        for each in files:
            change = each.changes.get(path)
            if change is None:
                continue
            try:
                added = {"weight": change.difference(layer.weight.data)}
                ours = getattr(layer, "bias", None)
                bias = None if ours is None else change.bias(ours.data)
            except ValueError as error:
                raise each.source.misfit(f"in {path}, {error}") from error
            if bias is not None:
                added["bias"] = bias
            for leaf, difference in added.items():
                before = totals[leaf] if leaf in totals else getattr(layer, leaf).data.float()
                totals[leaf] = before + each.weight * difference
        for leaf, total in totals.items():
            parameter = getattr(layer, leaf)
            merged = torch.empty_like(parameter.data).copy_(total)
            self._kept[f"{path}.{leaf}"] = (parameter.data, merged)
            parameter.data = merged


_all: weakref.WeakKeyDictionary[nn.Module, MergedWeights] = weakref.WeakKeyDictionary()


def merged_of(network: nn.Module) -> MergedWeights:
    """The one `MergedWeights` of a network, whichever denoisers share it."""
    if network not in _all:
        _all[network] = MergedWeights(network)
    return _all[network]


def _is(parameter: nn.Parameter, tensor: Tensor) -> bool:
    data = parameter.data
    return (data.data_ptr(), data.dtype, data.device) == (tensor.data_ptr(), tensor.dtype, tensor.device)
