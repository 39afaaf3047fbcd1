"""Puts a model's networks where a way to use the memory has them: on the device, waiting, in 8 bits, or streamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_map

from engine.weights import loading
from engine.weights.tiers import WHOLE, Way

_STORED = torch.float8_e4m3fn
_ROOM = 1.25
"""What an encoder takes of the device while it reads, in sizes of its weights."""

_way: ContextVar[Way] = ContextVar("way", default=WHOLE)


@contextmanager
def placing(way: Way) -> Iterator[None]:
    """Within it, parts that are loaded are put where this way has them. It is for one thread and one model."""
    token = _way.set(way)
    try:
        yield
    finally:
        _way.reset(token)


def place_encoder(network: Any, device: torch.device) -> Any:
    """A text or image encoder, put on the device or left to wait on the CPU."""
    if _way.get().offload == "none" or device.type == "cpu":
        return network.to(device)
    return wait(network, device)


def place_denoiser(network: Any, device: torch.device) -> Any:
    """A denoiser, put on the device as the way has it. In 8 bits already before, so that 16 need no room there."""
    way = _way.get()
    if device.type != "cpu":
        store_in_eight_bits(network, way)
        if stream(network, device, way):
            return network
    return network.to(device)


# --- encoders ---------------------------------------------------------------------------------------------------------


def wait(network: nn.Module, device: torch.device) -> nn.Module:
    """Let an encoder wait on the CPU; it visits the device for each call where there is room, and else works there.

    What it gives is on the CPU either way.
    """
    network.to("cpu")
    if getattr(network, "_visits", None) is None:
        network._visits = _Visits(network, device)
    return network


class _Visits:
    """Brings a network to a device for its calls; the weights on the CPU are kept and need no way back."""

    def __init__(self, network: nn.Module, device: torch.device) -> None:
        self._device = device
        self._at_home: dict[nn.Parameter | Tensor, Tensor] = {}
        network.register_forward_pre_hook(self._before, with_kwargs=True)
        network.register_forward_hook(self._after, always_call=True)

    def _before(self, network: nn.Module, args: Any, kwargs: Any) -> tuple[Any, Any]:
        tensors = [*network.parameters(), *network.buffers()]
        size = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        free = loading.available_memory(self._device)
        if free is None or free < _ROOM * size:
            return args, kwargs
        self._at_home = {tensor: tensor.data for tensor in tensors}
        for tensor in tensors:
            tensor.data = tensor.data.to(self._device)
        return _moved((args, kwargs), self._device)

    def _after(self, network: nn.Module, args: Any, out: Any) -> Any:
        for tensor, home in self._at_home.items():
            tensor.data = home
        self._at_home = {}
        return _moved(out, torch.device("cpu"))


def _moved(tree: Any, device: torch.device) -> Any:
    return tree_map(lambda each: each.to(device) if isinstance(each, Tensor) else each, tree)


# --- denoisers --------------------------------------------------------------------------------------------------------


def store_in_eight_bits(network: Any, way: Way) -> None:
    """Store the layers' weights in 8 bits where the way says so; each is widened for its own work.

    Norms, embeddings and what a class names itself keep their format, as diffusers has it.
    """
    if way.eight_bits and network.dtype.itemsize == 2 and not _casts(network):
        network.enable_layerwise_casting(storage_dtype=_STORED, compute_dtype=network.dtype, non_blocking=True)


def stored_in_eight_bits(network: nn.Module) -> bool:
    """Whether its layers' weights are stored in 8 bits."""
    return any(each.dtype == _STORED for each in network.parameters())


def stream(network: Any, device: torch.device, way: Way) -> bool:
    """Copy the weights in layer by layer where the way says so, the next one while one works; whether it does."""
    if way.offload != "groups":
        return False
    if not is_streamed(network):
        network.to("cpu")
        network.enable_group_offload(
            onload_device=device,
            offload_device=torch.device("cpu"),
            offload_type="leaf_level",  # attention projects the text outside of a block's own call
            use_stream=device.type == "cuda",
        )
    return True


def is_streamed(network: nn.Module) -> bool:
    """Whether its layers' weights come and go by themselves."""
    from diffusers.hooks.group_offloading import _is_group_offload_enabled

    return bool(_is_group_offload_enabled(network))


def widen(network: Any, dtype: torch.dtype) -> None:
    """Let a network compute in a wider format; what is stored in 8 bits stays so."""
    casting = _casts(network)
    if not casting and not is_streamed(network):
        network.to(dtype)
        return
    from diffusers.hooks.group_offloading import _maybe_remove_and_reapply_group_offloading as reapply

    for hook in casting.values():
        hook.compute_dtype = dtype
    kept = {id(each) for module in casting for each in (*module.parameters(), *module.buffers())}
    for tensor in (*network.parameters(), *network.buffers()):
        if id(tensor) not in kept and tensor.is_floating_point():
            tensor.data = tensor.data.to(dtype)
    if is_streamed(network):
        reapply(network)  # it keeps copies of its own


def _casts(network: nn.Module) -> dict[nn.Module, Any]:
    """The layers that are stored in 8 bits, and the hook of each."""
    from diffusers.hooks.layerwise_casting import _LAYERWISE_CASTING_HOOK

    found = {}
    for module in network.modules():
        registry = getattr(module, "_diffusers_hook", None)
        hook = None if registry is None else registry.get_hook(_LAYERWISE_CASTING_HOOK)
        if hook is not None:
            found[module] = hook
    return found
