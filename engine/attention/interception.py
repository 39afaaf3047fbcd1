"""Taking the attention call of a stock processor over: its own code runs, with another function in place of that call.

No module of diffusers is changed and no forward is copied. A processor's `__call__` looks the attention function up
among its module's global names; here the same code object is given names of its own, in which that function is ours.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from engine.errors import UnsupportedModel

Attend = Callable[..., Tensor]
"""`(stock, query, key, value, **rest)`: all `[rows, length, heads, d]`; `stock` takes and gives the same."""

_DISPATCH, _FUSED = "dispatch_attention_fn", "scaled_dot_product_attention"


class _Functions:
    """`torch.nn.functional` with one function replaced."""

    def __init__(self, fused: Callable[..., Tensor]) -> None:
        self.scaled_dot_product_attention = fused

    def __getattr__(self, name: str) -> Any:
        return getattr(F, name)


def intercepted(processor: Any, attend: Attend) -> Any:
    """A processor that does what a stock one does, but calls `attend` where that would compute attention.

    It is of a subclass of the stock one's class, so that what asks for its class or its signature finds no difference.

    Raises:
        UnsupportedModel: it calls no attention function that is known.
    """
    kind = type(processor)
    code = getattr(kind.__call__, "__code__", None)
    names = () if code is None else code.co_names
    if _DISPATCH in names:
        replaced: dict[str, Any] = {_DISPATCH: _dispatching(kind.__call__.__globals__[_DISPATCH], attend)}
    elif _FUSED in names and "F" in names:
        replaced = {"F": _Functions(_fused(attend))}
    else:
        raise UnsupportedModel(
            "This model's attention is of a kind that cannot be painted.",
            hint="Choose the model without adapters, or another model.",
            details=kind.__name__,
        )
    stock = kind.__call__
    names_of_its_own = {**stock.__globals__, **replaced}
    # torch.compile looks global names up in the module that a function says it is of: there ours are not.
    names_of_its_own.pop("__name__", None)
    call = types.FunctionType(stock.__code__, names_of_its_own, stock.__name__, stock.__defaults__, stock.__closure__)
    call.__kwdefaults__, call.__annotations__ = stock.__kwdefaults__, stock.__annotations__
    ours: Any = object.__new__(type(f"Painted{kind.__name__}", (kind,), {"__call__": call}))
    ours.__dict__.update(processor.__dict__)
    return ours


def _dispatching(stock: Callable[..., Tensor], attend: Attend) -> Callable[..., Tensor]:
    def call(query: Tensor, key: Tensor, value: Tensor, *args: Any, **rest: Any) -> Tensor:
        if args:
            rest = {"attn_mask": args[0], **rest}
        return attend(stock, query, key, value, **rest)

    return call


def _fused(attend: Attend) -> Callable[..., Tensor]:
    """The same for processors that call torch's function, which has heads before positions."""

    def stock(query: Tensor, key: Tensor, value: Tensor, **rest: Any) -> Tensor:
        turned = (each.transpose(1, 2) for each in (query, key, value))
        return F.scaled_dot_product_attention(*turned, **rest).transpose(1, 2)

    def call(query: Tensor, key: Tensor, value: Tensor, *args: Any, **rest: Any) -> Tensor:
        if args:
            rest = {"attn_mask": args[0], **rest}
        turned = (each.transpose(1, 2) for each in (query, key, value))
        return attend(stock, *turned, **rest).transpose(1, 2)

    return call
