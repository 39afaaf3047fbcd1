"""Moves a UNet's weights on and off its device: they are kept in the machine's memory, or read again from disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from engine.weights.placing import widen

Tensors = dict[str, Tensor]


def tensors_of(unet: nn.Module) -> Tensors:
    """The current weights, by name."""
    return {name: tensor.detach() for name, tensor in unet.state_dict().items()}


def bytes_inside(residences: Iterable[OffloadedWeights]) -> int:
    """Bytes taken by those that are on their device; a tensor that several share counts once. Nothing is put back."""
    tensors = [tensor for each in residences if each.inside and not each.streams for tensor in each.in_use()]
    return sum({tensor.data_ptr(): tensor.numel() * tensor.element_size() for tensor in tensors}.values())


class OffloadedWeights:
    """Where one UNet's weights are; see `engine.experts.prefetch.Movable`.

    Args:
        device: where they run. A UNet that is elsewhere counts as offloaded.
        reload: reads the UNet again, onto the CPU.
        put_back: undoes what changed the weights for a run, before they are moved or copied.
        base: those of the UNet that this one was made from with low-rank deltas. What the two have in common is kept
            once in the machine's memory, where page-locked memory is scarce.
        recipe: makes this one's weights of the base's, in place. With it nothing is kept in the machine's memory: they
            are made anew, on the device, each time they come in, from what the base has there or brings there.
    """

    def __init__(
        self,
        unet: Any,
        device: torch.device,
        reload: Callable[[], Any],
        *,
        base: OffloadedWeights | None = None,
        put_back: Callable[[], None] = lambda: None,
        recipe: Callable[[Tensors], Tensors] | None = None,
    ) -> None:
        self._put_back = put_back
        self._recipe = recipe
        self._dtypes = {name: tensor.dtype for name, tensor in tensors_of(unet).items()} if recipe else {}
        self._base = base
        self._common = frozenset[str]() if base is None else base.in_common(unet)
        self._unet = unet
        self._device = device
        self._reload = reload
        self._host: Tensors | None = None
        self.streams = False
        """Whether the layers' weights come and go by themselves: then they are never moved from here."""
        self.inside: bool = (unet.device.type, unet.device.index or 0) == (device.type, device.index or 0)

    def in_use(self) -> list[Tensor]:
        """The weights as the UNet has them now, with what a run changed."""
        return [*self._unet.parameters(), *self._unet.buffers()]

    def weights(self, *, outside: bool = False) -> Tensors:
        """The weights, to make others from: those on the device if they are there; with `outside`, copies off it."""
        self._put_back()
        if self.inside and not (outside and self.has_copies):
            return tensors_of(self._unet)
        if self._is_made:
            assert self._base is not None, "what it is made of"
            return self._made(dict(self._base.weights(outside=outside)))
        return self._copies() if self.has_copies else tensors_of(self._reload())

    @property
    def source(self) -> OffloadedWeights | None:
        """Those that this one is made of on the device; see `engine.experts.prefetch.Movable`."""
        return self._base if self._is_made else None

    @property
    def _is_made(self) -> bool:
        return self._recipe is not None and self._base is not None and self.has_copies

    def _made(self, weights: Tensors) -> Tensors:
        assert self._recipe is not None, "asked before"
        # The base may have gone on in a wider format meanwhile.
        return {name: tensor.to(self._dtypes[name]) for name, tensor in self._recipe(weights).items()}

    def fetch(self) -> Tensors:
        """The weights on the device: the CPU reads them from disk, others copy them from the machine's memory."""
        if not self.has_copies:
            return tensors_of(self._reload())
        if self._is_made:
            assert self._base is not None, "what it is made of"
            if self._base.inside:
                return self._made(self._base.weights())
            return self._base.fetch_for(self._made)
        return self.fetch_for(lambda fetched: fetched)

    def fetch_for(self, change: Callable[[Tensors], Tensors]) -> Tensors:
        """What `fetch` copies to the device, changed there in the same queue of work."""
        copies = self._copies()
        if self._device.type != "cuda":
            return change({name: tensor.to(self._device) for name, tensor in copies.items()})
        stream = _copy_stream(self._device)
        with torch.cuda.stream(stream):
            fetched = change({name: tensor.to(self._device, non_blocking=True) for name, tensor in copies.items()})
        stream.synchronize()
        return fetched

    def install(self, fetched: Tensors) -> None:
        """Let the UNet use what `fetch` returned."""
        if self._device.type == "cuda":
            working = torch.cuda.current_stream(self._device)
            for tensor in fetched.values():
                tensor.record_stream(working)  # they were allocated on the copying stream
        self._put(fetched)
        self.inside = True

    def release(self) -> None:
        """Free the device's memory."""
        if not self.inside or self.streams:
            return
        self._put_back()
        if self.has_copies and not self._is_made:
            self._put(self._copies())
        else:
            self._put({name: tensor.new_empty(0) for name, tensor in tensors_of(self._unet).items()})
        self.inside = False

    def cast(self, dtype: torch.dtype) -> None:
        """Continue in another number format; the UNet must be on its device. Tensors shared with others keep theirs."""
        self._put_back()
        widen(self._unet, dtype)
        self.changed()

    def changed(self) -> None:
        """Forget copies of the weights: they are others by now."""
        self._host, self._common, self._recipe = None, frozenset(), None

    def in_common(self, other: nn.Module) -> frozenset[str]:
        """Return the names of the tensors that another UNet shares with this one, on the device or off it."""
        ours = [tensors_of(self._unet), self._host or {}]
        return frozenset(
            name
            for name, tensor in tensors_of(other).items()
            if any(name in each and each[name].data_ptr() == tensor.data_ptr() for each in ours) and tensor.numel()
        )

    @property
    def has_copies(self) -> bool:
        """Whether what is off the device is kept in the machine's memory; a CPU reads its files again."""
        return self._device.type != "cpu"

    def _copies(self) -> Tensors:
        """The weights in the machine's memory, page-locked where that makes copying faster; made once."""
        if self._host is None:
            self._put_back()
            common = self._base._copies() if self._base is not None and self._common else {}
            self._host = {
                name: common[name]
                if name in self._common and common[name].dtype == tensor.dtype
                else page_locked(tensor)
                for name, tensor in tensors_of(self._unet).items()
            }
        return self._host

    def _put(self, tensors: Mapping[str, Tensor]) -> None:
        for name, parameter in self._unet.named_parameters():
            parameter.data = tensors[name]
        for name, buffer in self._unet.named_buffers():
            if name in tensors:
                buffer.data = tensors[name]


def page_locked(tensor: Tensor) -> Tensor:
    """The tensor in memory of this machine from which a device copies without a wait, where there is some."""
    if tensor.device.type == "cpu" and not torch.cuda.is_available():
        return tensor
    try:
        copy = torch.empty_like(tensor, device="cpu", pin_memory=torch.cuda.is_available())
    except RuntimeError:  # the system grants no more page-locked memory
        copy = torch.empty_like(tensor, device="cpu")
    return copy.copy_(tensor)


@cache
def _copy_stream(device: torch.device) -> torch.cuda.Stream:
    return torch.cuda.Stream(device)
