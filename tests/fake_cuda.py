"""A CUDA device that is not there: ordinary CPU (or meta) tensors that are remembered as being "on cuda:0".

`with pretend() as watch:` makes `torch.cuda` look present. Whatever is made on, or moved to, "cuda" lies in real memory
of the CPU (backing="cpu": real numbers, real kernels) or has only a shape (backing="meta": full-width networks for
nothing), but says that its device is cuda:0. It watches for

* mixing: an operation on tensors of both devices, as CUDA refuses it (0-dim CPU tensors and CPU indices are allowed);
* masks of attention whose dtype is not the query's (CUDA's fused kernels refuse that, the CPU's take it);
* waits: everything that makes the host wait for the device: item/float/bool/tolist, copies to the CPU, and (as easily
  forgotten) copies from it, which torch ends with cudaStreamSynchronize unless they are non_blocking to or from
  page-locked memory: torch.tensor(x, device="cuda"), x.to("cuda"), x[..., [1, 2]] with a list; nonzero and boolean
  indexing; synchronize;
* numpy() of a device tensor, which raises.

Each is told with the innermost file:line of the watched folder. Tags hang on storages, so views, `.data =` and
load_state_dict(assign=True) do what they do. It cannot see missing or slow kernels, races of streams, alignment.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any
from unittest import mock

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

CUDA, CPU = torch.device("cuda", 0), torch.device("cpu")
aten = torch.ops.aten
_SHAPE_FROM_DATA = {aten.nonzero, aten.masked_select, aten._unique2, aten.unique_dim, aten.repeat_interleave}
_MAY_MIX = {
    aten._has_compatible_shallow_copy_type,
    aten._to_copy,
    aten.copy_,
    aten.index,
    aten.index_put,
    aten.index_put_,
    aten._index_put_impl_,
    aten.set_,
}
_MOVES = {torch.Tensor.to, torch.Tensor.cpu, torch.Tensor.cuda}
_FUSED = {aten._scaled_dot_product_efficient_attention, aten._scaled_dot_product_flash_attention}
_ALIGNED, _ROWS = 8, 32
"""Numbers that a mask's rows begin at multiples of, and that the efficient kernel's log-sums are filled up to."""
_ARRAYS = {torch.Tensor.numpy, torch.Tensor.__array__}


class DeviceMixed(RuntimeError):
    """What CUDA would raise."""


class Watch:
    """What was seen: `faults` (kind, place, what) and `waits` counted by (kind, place); `events` waited for.

    `copied` are the bytes that went "to the device" and "to the CPU", waited for or not, `locked` those of page-locked
    memory that was taken. `fused` counts calls of kernels that are CUDA's alone. `own` is how many of the waits are the
    folder's own: the innermost frame outside torch is there, and not in a library that it calls.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.faults: Counter[tuple[str, str, str]] = Counter()
        self.waits: Counter[tuple[str, str]] = Counter()
        self.bytes_moved: Counter[tuple[str, str]] = Counter()
        self.raise_faults = True
        self.events = self.own = 0
        self.fused = 0
        self.copied: Counter[str] = Counter()
        self.locked = 0
        self.run: Callable[[Callable[[], Any]], Any]

    def place(self) -> str:
        frame = sys._getframe(1)
        outer = None
        while frame is not None:
            name = frame.f_code.co_filename
            if self.folder in name and name != __file__:
                return f"{name.split(self.folder)[-1]}:{frame.f_lineno} {frame.f_code.co_name}"
            if outer is None and "/torch/" not in name and name != __file__:
                outer = f"{'/'.join(name.split('/')[-3:])}:{frame.f_lineno} {frame.f_code.co_name}"
            frame = frame.f_back
        return outer or "?"

    def wait(self, kind: str, size: int = 0) -> None:
        place = self.place()
        self.waits[kind, place] += 1
        self.bytes_moved[kind, place] += size
        frame = sys._getframe(1)
        while "/torch/" in frame.f_code.co_filename or frame.f_code.co_filename == __file__:
            frame = frame.f_back
        self.own += self.folder in frame.f_code.co_filename

    def fault(self, kind: str, what: str) -> None:
        self.faults[kind, self.place(), what] += 1
        if self.raise_faults:
            raise DeviceMixed(f"{kind}: {what}")

    def total(self) -> int:
        """All waits so far."""
        return sum(self.waits.values())


class Tags:
    """Which storages are on the device. A weak reference keeps a storage's address from being used again."""

    def __init__(self) -> None:
        self._on: dict[int, StorageWeakRef] = {}
        self._next_sweep = 1 << 12
        self._lock = threading.RLock()

    def has(self, tensor: torch.Tensor) -> bool:
        return tensor.untyped_storage()._cdata in self._on

    def set(self, tensor: torch.Tensor, on: bool) -> None:
        storage = tensor.untyped_storage()
        with self._lock:
            if not on:
                self._on.pop(storage._cdata, None)
                return
            self._on[storage._cdata] = StorageWeakRef(storage)
            if len(self._on) > self._next_sweep:
                self._on = {key: ref for key, ref in self._on.items() if not ref.expired()}
                self._next_sweep = 2 * len(self._on) + (1 << 12)


def _tensors(*trees: object) -> list[torch.Tensor]:
    return [leaf for leaf in tree_leaves(trees) if isinstance(leaf, torch.Tensor)]


def _as_device(value: object) -> torch.device | None:
    if isinstance(value, torch.device):
        return value
    if isinstance(value, str) and value.split(":")[0] in ("cpu", "cuda", "meta"):
        return torch.device(value)
    return None


class _Kernels(TorchDispatchMode):
    """Sees every operation: refuses mixed devices, tags results, notes what reads a number back."""

    def __init__(self, tags: Tags, pinned: Tags, watch: Watch, on_op=None) -> None:
        super().__init__()
        self.tags, self.pinned, self.watch, self.on_op = tags, pinned, watch, on_op

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        packet = func.overloadpacket
        tensors = _tensors(args, kwargs)
        inside = [tensor for tensor in tensors if self.tags.has(tensor)]
        if inside:
            outside = [t for t in tensors if not self.tags.has(t) and t.dim() > 0 and t.numel() > 0]
            if packet is aten._local_scalar_dense:
                self.watch.wait("read a number")
                if inside[0].device.type == "meta":
                    return {torch.bool: True, torch.int64: 1}.get(inside[0].dtype, 1.0)
            elif packet in _SHAPE_FROM_DATA and not (packet is aten.repeat_interleave and len(args) != 1):
                self.watch.wait(f"size from data ({packet.__name__})")
            elif packet in (aten.index, aten.index_put, aten.index_put_):
                for index in args[1]:
                    if index is not None and index.dtype in (torch.bool, torch.uint8):
                        self.watch.wait("boolean index")
                    elif index is not None and not self.tags.has(index):
                        self.watch.wait("index from the CPU", index.nbytes)
            elif packet is aten.copy_ and outside:
                later = len(args) > 2 and bool(args[2])
                if not (later and all(self.pinned.has(tensor) for tensor in outside)):
                    self.watch.wait("copy_ across")
            if outside and packet not in _MAY_MIX:
                self.watch.fault("mixed devices", f"{func} of {[(list(t.shape), self.tags.has(t)) for t in tensors]}")
        if inside and inside[0].device.type == "cpu" and packet in _FUSED:
            out = self._attention(packet, *args, **kwargs)
        elif self.on_op is not None:
            out = self.on_op(func, args, kwargs)
        else:
            out = func(*args, **kwargs)
        if inside and packet is not aten.copy_:
            for tensor in _tensors(out):
                self.tags.set(tensor, True)
        return out

    def _attention(self, packet, query, key, value, *rest, **named):
        """What a CUDA kernel of attention gives, by the CPU's: the output and the log of each row's sum first."""
        self.watch.fused += 1
        mask = rest[0] if packet is aten._scaled_dot_product_efficient_attention else named.get("attn_mask")
        if mask is not None:
            if mask.dtype != query.dtype:
                self.watch.fault("dtype of the mask", f"{mask.dtype} for {query.dtype}")
            if mask.shape != (*query.shape[:3], key.shape[2]):
                self.watch.fault("shape of the mask", f"{list(mask.shape)} for {list(query.shape)}")
            if mask.stride(2) % _ALIGNED and mask.stride(2):
                self.watch.fault("alignment of the mask", f"rows begin at multiples of {mask.stride(2)}")
        out, log_sum = aten._scaled_dot_product_flash_attention_for_cpu(
            query, key, value, attn_mask=mask, scale=named.get("scale")
        )
        if packet is not aten._scaled_dot_product_efficient_attention:
            return out, log_sum, None, None, query.shape[2], key.shape[2], None, None, None
        longer = -(-query.shape[2] // _ROWS) * _ROWS - query.shape[2]
        return out, torch.nn.functional.pad(log_sum.float(), (0, longer), value=torch.inf), None, None


class _Calls(TorchFunctionMode):
    """Sees every call: takes "cuda" out of it, moves between the devices, answers for `.device`."""

    def __init__(self, tags: Tags, pinned: Tags, watch: Watch, backing: str) -> None:
        super().__init__()
        self.tags, self.pinned, self.watch, self.backing = tags, pinned, watch, torch.device(backing)

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        first = args[0] if args and isinstance(args[0], torch.Tensor) else None
        if first is not None and getattr(func, "__name__", "") == "__get__":
            prop = getattr(func, "__self__", None)
            if prop is torch.Tensor.device:
                real = func(first)
                return CUDA if self.tags.has(first) else real
            if prop is torch.Tensor.is_cuda:
                return self.tags.has(first)
            if prop is torch.Tensor.is_cpu:
                return not self.tags.has(first)
            return func(*args)
        if func is torch.Tensor.is_pinned:
            return self.pinned.has(first)
        if func is torch.Tensor.pin_memory:
            locked = first.clone()
            self.pinned.set(locked, True)
            self.watch.locked += locked.nbytes
            return locked
        if func in _ARRAYS and first is not None and self.tags.has(first):
            self.watch.faults["numpy of a device tensor", self.watch.place(), ""] += 1
            raise TypeError("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() first.")
        if func is torch.Tensor.tolist and first is not None and self.tags.has(first):
            self.watch.wait("tolist")
            if self.backing.type == "meta":
                return torch.zeros(first.shape, dtype=first.dtype).tolist()
        if func in _MOVES:
            return self._move(func, args, kwargs)
        if func is torch.nn.functional.scaled_dot_product_attention:
            query = args[0] if args else kwargs["query"]
            mask = kwargs.get("attn_mask", args[3] if len(args) > 3 else None)
            if self.tags.has(query) and mask is not None and mask.dtype not in (torch.bool, query.dtype):
                self.watch.fault("dtype of the mask", f"{mask.dtype} for {query.dtype}")
        locked = bool(kwargs.pop("pin_memory", False))
        wanted = _as_device(kwargs.get("device")) if kwargs.get("device") is not None else None
        if wanted is not None and wanted.type in ("cpu", "cuda"):
            if wanted.type == "cuda" and func in (torch.tensor, torch.as_tensor, torch.asarray):
                self.watch.wait("number to the device")
            kwargs["device"] = self.backing if wanted.type == "cuda" else CPU
            out = func(*args, **kwargs)
            for tensor in _tensors(out):
                self.tags.set(tensor, wanted.type == "cuda")
                self.pinned.set(tensor, locked)
                self.watch.locked += locked * tensor.nbytes
            return out
        out = func(*args, **kwargs)
        if locked:
            self.pinned.set(out, True)
            self.watch.locked += out.nbytes
        return out

    def _move(self, func, args, kwargs):
        tensor, rest = args[0], list(args[1:])
        was = self.tags.has(tensor)
        wanted: bool | None = None
        if func is torch.Tensor.cpu:
            wanted = False
        elif func is torch.Tensor.cuda:
            wanted, rest = True, []
            kwargs.pop("device", None)
        else:
            for index, value in enumerate(rest):
                if isinstance(value, torch.Tensor):
                    wanted, rest[index] = self.tags.has(value), value.dtype
                elif (device := _as_device(value)) is not None and device.type in ("cpu", "cuda"):
                    wanted = device.type == "cuda"
                    rest[index] = self.backing if wanted else CPU
            if (device := _as_device(kwargs.get("device"))) is not None and device.type in ("cpu", "cuda"):
                wanted = device.type == "cuda"
                kwargs["device"] = self.backing if wanted else CPU
        if wanted is None or wanted == was:
            if tensor.device.type == "meta" and was:  # the mode is off in here: this is the real device
                rest = [value for value in rest if _as_device(value) is None]
                kwargs.pop("device", None)
                return tensor.to(*rest, **kwargs) if rest or kwargs else tensor
            return func(tensor, *rest, **kwargs) if func is torch.Tensor.to else tensor
        size = tensor.numel() * tensor.element_size()
        locked = self.pinned.has(tensor) if wanted else True
        self.watch.copied["to the device" if wanted else "to the CPU"] += size
        if not (kwargs.get("non_blocking") and locked):
            self.watch.wait("to the device" if wanted else "to the CPU", size)
        if tensor.device.type == "meta" and not wanted:
            dtype = next((value for value in rest if isinstance(value, torch.dtype)), kwargs.get("dtype", tensor.dtype))
            return torch.zeros(tensor.shape, dtype=dtype)
        if func is torch.Tensor.to:
            # Positional: non_blocking and copy may follow.
            rest = [value for value in rest if not isinstance(value, bool)]
            kwargs.pop("copy", None)
            out = tensor.to(*rest, **kwargs, copy=True)
        else:
            out = tensor.to(self.backing if wanted else CPU, copy=True)
        self.tags.set(out, wanted)
        return out


class _Stream:
    watch: Watch

    def __init__(self, device=None, **_: object) -> None:
        self.device = device

    def synchronize(self) -> None:
        self.watch.wait("stream.synchronize")

    def wait_stream(self, other) -> None: ...

    def wait_event(self, event) -> None: ...


class _Event:
    """Waiting for an event that was recorded a step ago costs nothing while the next step is queued; it is counted by
    itself."""

    watch: Watch

    def __init__(self, enable_timing: bool = False) -> None:
        self.timing, self.time = enable_timing, None

    def record(self, stream=None) -> None:
        self.time = time.perf_counter()

    def synchronize(self) -> None:
        self.watch.events += 1

    def query(self) -> bool:
        return self.time is not None

    def elapsed_time(self, later: _Event) -> float:
        assert self.timing and later.timing, "an event without enable_timing has no time"
        return (later.time - self.time) * 1000


@contextmanager
def pretend(
    *, backing: str = "cpu", folder: str = "/engine/", free: int | Callable[[], int] = 8 << 30, on_op=None
) -> Iterator[Watch]:
    """In here there is a cuda:0 with `free` bytes; see the module.

    Args:
        backing: "cpu" computes, "meta" has shapes only (numbers read back are 1, arrays 0).
        folder: part of the path of the files that places are told in.
        free: how many bytes are free, now and for ever or at each question.
        on_op: `(func, args, kwargs) -> out` runs an operation, for counting or for failing.
    """
    watch, tags, pinned = Watch(folder), Tags(), Tags()
    stream = type("Stream", (_Stream,), {"watch": watch})
    event = type("Event", (_Event,), {"watch": watch})

    def modes() -> ExitStack:
        stack = ExitStack()
        stack.enter_context(_Calls(tags, pinned, watch, backing))
        stack.enter_context(_Kernels(tags, pinned, watch, on_op))
        return stack

    def run(job):
        with modes():
            return job()

    watch.run = run  # for other threads, which begin without the modes

    def spare(device=None) -> tuple[int, int]:
        now = free() if callable(free) else free
        return now, now

    replaced = {
        "is_available": lambda: True,
        "device_count": lambda: 1,
        "current_device": lambda: 0,
        "synchronize": lambda device=None: watch.wait("torch.cuda.synchronize"),
        "empty_cache": lambda: None,
        "is_bf16_supported": lambda including_emulation=True: True,
        "mem_get_info": spare,
        "memory_reserved": lambda device=None: 0,
        "memory_allocated": lambda device=None: 0,
        "current_stream": lambda device=None: stream(device),
        "Stream": stream,
        "Event": event,
        "stream": lambda stream: nullcontext(),
    }
    with ExitStack() as stack:
        for name, value in replaced.items():
            stack.enter_context(mock.patch.object(torch.cuda, name, value))
        stack.enter_context(mock.patch.object(torch.Tensor, "record_stream", lambda tensor, stream: None))
        stack.enter_context(modes())
        yield watch
