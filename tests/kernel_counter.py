"""Counts kernels, floating-point operations and bytes of a step on meta tensors, as a CUDA device would run them.

Nothing is computed, so networks of full width take milliseconds and no memory. Every operation that is no view counts
as one kernel that reads its inputs and writes its outputs once. Where CUDA differs from the list of operations that
torch records, the counter follows CUDA: fused attention is one kernel that never writes its scores, a bias of a
convolution is a kernel of its own, normalising groups are three, and a convolution in channels_last of what is not is
preceded by a transposition. FlexAttention's kernels (`counted_flex`) are counted like fused attention: what they are
given is read once, the paint's columns included, and what they give is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode, _get_current_dispatch_mode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

aten = torch.ops.aten
_FREE = {
    aten.empty,
    aten.new_empty,
    aten.empty_like,
    aten.empty_strided,
    aten.new_empty_strided,
    aten.empty_permuted,
    aten.detach,
    aten.alias,
    aten.lift_fresh,
    aten._unsafe_view,
    aten._reshape_alias,
}
_KERNELS = {aten.native_group_norm: 3}
_ALIGNED = 8


def nbytes(tensor: Tensor) -> int:
    """What a tensor takes; dimensions that are only repeated count once."""
    count = 1
    for size, stride in zip(tensor.shape, tensor.stride(), strict=True):
        count *= size if stride else 1
    return count * tensor.element_size()


@dataclass(frozen=True)
class Operation:
    """One operation of a step."""

    name: str
    kernels: int
    flops: int
    bytes: int
    largest: int = 0
    """Elements of its largest float32 output."""


@dataclass
class Count:
    """The operations of a step, and their sums."""

    operations: list[Operation] = field(default_factory=list)

    @property
    def kernels(self) -> int:
        return sum(each.kernels for each in self.operations)

    @property
    def flops(self) -> int:
        return sum(each.flops for each in self.operations)

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in self.operations)

    def by_name(self) -> dict[str, tuple[int, int]]:
        """Kernels and bytes of each operation, for a message."""
        found: dict[str, tuple[int, int]] = {}
        for each in self.operations:
            kernels, size = found.get(each.name, (0, 0))
            found[each.name] = (kernels + each.kernels, size + each.bytes)
        return found


class _Counter(TorchDispatchMode):
    def __init__(self, count: Count) -> None:
        super().__init__()
        self.count = count

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        packet = func.overloadpacket
        if packet not in flop_registry:
            with self:
                out = func.decompose(*args, **kwargs)
            if out is not NotImplemented:
                return out
        out = func(*args, **kwargs)
        outs = [leaf for leaf in tree_leaves(out) if isinstance(leaf, Tensor)]
        ins = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        if packet in _FREE or not outs or func.is_view or not any(t.device.type == "meta" for t in ins + outs):
            return out
        flops = flop_registry[packet](*args, **kwargs, out_val=out) if packet in flop_registry else 0
        written = {id(each): nbytes(each) for each in outs}
        size = sum(written.values()) + sum(nbytes(each) for each in ins if id(each) not in written)
        if packet in (aten.add_, aten.mul_) or (packet.__name__.endswith("_") and packet is not aten.copy_):
            size += sum(written.values())  # what is changed in place is read too
        if packet in (aten.convolution, aten._convolution):
            size += self._beside_convolution(args, outs[0])
        if packet is aten.baddbmm and kwargs.get("beta", 1) == 0:
            size -= nbytes(args[0])
        widest = max((each.numel() for each in outs if each.dtype == torch.float32), default=0)
        self.add(packet.__name__, _KERNELS.get(packet, 1), flops, size, widest)
        return out

    def _beside_convolution(self, args, out: Tensor) -> int:
        x, weight, bias = args[:3]
        last = weight.dim() == 4 and weight.is_contiguous(memory_format=torch.channels_last)
        if last and not weight.is_contiguous() and not x.is_contiguous(memory_format=torch.channels_last):
            self.add("layout before a convolution", 1, 0, 2 * nbytes(x))
        if bias is None:
            return 0
        self.add("bias of a convolution", 1, 0, 2 * nbytes(out))
        return -nbytes(bias)

    def add(self, name: str, kernels: int, flops: int, size: int, largest: int = 0) -> None:
        self.count.operations.append(Operation(name, kernels, flops, size, largest))


class _Fused(TorchFunctionMode):
    """scaled_dot_product_attention as one kernel, as CUDA's flash and efficient ones are."""

    def __init__(self, counter: _Counter) -> None:
        super().__init__()
        self.counter = counter

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func is not F.scaled_dot_product_attention or args[0].device.type != "meta":
            return func(*args, **kwargs)
        query, keys, values = args[:3]
        mask = kwargs.get("attn_mask", args[3] if len(args) > 3 else None)
        rows, heads, pixels, width = query.shape
        out_width = values.shape[3]
        size = sum(nbytes(each) for each in (query, keys, values))
        size += rows * heads * pixels * out_width * query.element_size()
        kernels = 1
        if mask is not None:
            size += nbytes(mask)
            if any(stride % _ALIGNED for stride in mask.stride()[:-1]):  # torch pads it, in every call
                kernels, size = 2, size + 2 * nbytes(mask)
        out = torch.empty(rows, pixels, heads, out_width, dtype=query.dtype, device=query.device).transpose(1, 2)
        self.counter.add(
            "attention" if mask is None else "masked attention",
            kernels,
            2 * rows * heads * pixels * keys.shape[2] * (width + out_width),
            size,
        )
        return out


def count(step: Callable[[], object]) -> Count:
    """Run a step on meta tensors and return what it is made of."""
    found = Count()
    counter = _Counter(found)
    with torch.no_grad(), _Fused(counter), counter:
        step()
    return found


def counted_flex(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Stands for `engine.attention.joint_kernel._compiled`: counts the kernel that Triton makes of a function there."""

    def call(query: Tensor, key: Tensor, value: Tensor, *rest: object) -> Tensor:
        counter = _get_current_dispatch_mode()
        assert isinstance(counter, _Counter), "called while something is counted"
        rows, heads, queries, width = query.shape
        out = query.new_empty(rows, queries, heads, value.shape[3]).transpose(1, 2)
        largest = query.new_empty(rows, heads, queries, dtype=torch.float32)
        finds_largest = function.__name__ == "_largest"
        moved = [query, key, value, out, *(each for each in rest if isinstance(each, Tensor))]
        counter.add(
            f"flex attention {function.__name__}",
            1,
            2 * rows * heads * queries * key.shape[2] * (width + value.shape[3]),
            sum(nbytes(each) for each in [*moved, *([largest] if finds_largest else [])]),
            largest.numel() if finds_largest else 0,
        )
        return largest if finds_largest else out

    return call
