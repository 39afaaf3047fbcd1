"""Reads results from a device without stalling it: asynchronous copies, and times measured by the device."""

from __future__ import annotations

import time

import torch
from torch import Tensor


class HostCopy:
    """A tensor that is being copied to the host: on CUDA the copy is queued after the work that computes the tensor.

    Creating one never waits. `get` waits for this copy only, not for work that was queued after it.
    """

    def __init__(self, tensor: Tensor) -> None:
        tensor = tensor.detach()
        self._done: torch.cuda.Event | None = None
        self._host = tensor
        if tensor.device.type == "cuda":
            # Only page-locked (pinned) memory can be copied to asynchronously.
            self._host = torch.empty(tensor.shape, dtype=tensor.dtype, device="cpu", pin_memory=True)
            self._host.copy_(tensor, non_blocking=True)
            self._done = torch.cuda.Event()
            self._done.record(torch.cuda.current_stream(tensor.device))

    def get(self) -> Tensor:
        """Return the tensor on the CPU, with the same shape and dtype."""
        if self._done is not None:
            self._done.synchronize()
            self._done = None
        return self._host.cpu()


class Mark:
    """A point in a device's queue of work; two of them measure the time in between."""

    def __init__(self, device: torch.device) -> None:
        self._event: torch.cuda.Event | None = None
        self._time = 0.0
        if device.type == "cuda":
            self._event = torch.cuda.Event(enable_timing=True)
            self._event.record(torch.cuda.current_stream(device))
            return
        if device.type == "mps":
            torch.mps.synchronize()  # MPS has no cheaper way to learn when work was done
        self._time = time.perf_counter()

    def ms_since(self, earlier: Mark) -> float:
        """Return the milliseconds from `earlier` to this mark; waits until the device has reached it."""
        if self._event is None or earlier._event is None:
            return (self._time - earlier._time) * 1000
        self._event.synchronize()
        return float(earlier._event.elapsed_time(self._event))
