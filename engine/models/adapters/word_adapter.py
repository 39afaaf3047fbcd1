"""A LoRA that only one word hears: its layers' changes, live, where that word is painted."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.mask_reduction import level_sizes, reduce_mask
from engine.models.adapters.changes import Change
from engine.models.adapters.reading import AdapterFile

if TYPE_CHECKING:
    from engine.models.adapters.merging import Weighted

_TEXT_SIDE = re.compile(r".*\battn2\.(?:to_k|to_v)")
_OF_NO_CELL = re.compile(r".*\b(?:time_emb_proj|time_embedding\..+|add_embedding\..+)")
_LEVELS = 8


@dataclass(frozen=True, eq=False)
class WordAdapter:
    """A file that acts in one word's area.

    With V the layer's difference at strength 1, w the weight and m the word's mask at the layer's cells (0..1):

    - a layer of image cells (convolutions, feed-forward, self-attention, the queries of cross-attention) gives
      y_i = W x_i + w m_i V x_i for cell i;
    - keys and values of cross-attention, and the layers of text encoders, give y_t = W x_t + w V x_t for the tokens t
      of the word in the prompt, and W x_t for all others;
    - layers of the time step, which belong to no cell, stay as they are.

    Exact: at a layer of image cells, a cell with m = 0 gets what it would without the file, and one with m = 1 what the
    merged file would give (DoRA included, as V is the difference of the whole weight). Not exact: later layers mix
    cells, so a change seeps over the edge as far as convolutions and self-attention carry it; and what the tokens of
    the word say is heard wherever the word is attended to, which is what its paint governs.

    Attributes:
        mask: uint8 `[H, W]` at picture size. span: of the word in the prompt.
    """

    source: AdapterFile
    changes: Mapping[str, Mapping[str, Change]]
    weight: float
    span: tuple[int, int]
    mask: np.ndarray


class Hooks:
    """The hooks that adapters of words have in one network, from `begin` to `end`."""

    def __init__(self) -> None:
        self._handles: list[Any] = []

    def add(self, module: nn.Module, hook: Callable[..., Any], *, before: bool = False) -> None:
        """Call `hook` at each call of a module, before or after it."""
        register: Any = module.register_forward_pre_hook if before else module.register_forward_hook
        self._handles.append(register(hook))

    def end(self) -> None:
        """Remove all of them."""
        for handle in self._handles:
            handle.remove()
        self._handles = []


_in_text: weakref.WeakKeyDictionary[nn.Module, Hooks] = weakref.WeakKeyDictionary()


def text_hooks_of(encoder: nn.Module) -> Hooks:
    """The hooks of one text encoder, whichever denoisers share it."""
    return _in_text.setdefault(encoder, Hooks())


def hear_in_cells(
    hooks: Hooks,
    unet: nn.Module,
    adapter: WordAdapter,
    *,
    latent: tuple[int, int],
    context: Tensor,
    rows: slice,
    positions: Sequence[int],
) -> None:
    """Let a UNet hear an adapter for a run; see `WordAdapter`.

    Args:
        latent: (height, width). context: the text that the run passes. rows: its conditional rows. positions: of the
            word's tokens in it.

    Raises:
        UnsupportedModel: a change does not fit its layer, or is of a layer that cannot act in one area alone.
    """
    masks = _CellMasks(adapter.mask, latent, context)
    places = torch.tensor(list(positions), device=context.device)
    for path, change in adapter.changes.get("unet", {}).items():
        if _OF_NO_CELL.fullmatch(path):
            continue
        layer = unet.get_submodule(path)
        work = change_of(adapter, path, layer, change)

        if _TEXT_SIDE.fullmatch(path):

            def at_tokens(
                _module: nn.Module, args: tuple[Tensor, ...], out: Tensor, work: Callable[[Tensor], Tensor] = work
            ) -> Tensor:
                if args[0] is not context:  # another prompt: of an area
                    return out
                out, inner = out.clone(), args[0][rows][:, places]
                out[rows] = out[rows].index_add(1, places, work(inner))
                return out

            hooks.add(layer, at_tokens)
            continue

        def in_area(
            _module: nn.Module, args: tuple[Tensor, ...], out: Tensor, work: Callable[[Tensor], Tensor] = work
        ) -> Tensor:
            return out + masks.like(out) * work(args[0])

        hooks.add(layer, in_area)


def hear_in_text(
    hooks: Hooks, encoder: nn.Module, part: str, adapter: WordAdapter, ids: Tensor, positions: Sequence[int]
) -> None:
    """Let a text encoder hear an adapter at the word's tokens, when it reads the prompt.

    Args:
        ids: the prompt's, `[chunks, length]`; other texts are read as ever. positions: of the word's tokens among all.

    Raises:
        UnsupportedModel: a change does not fit its layer.
    """
    places = torch.tensor(list(positions))
    ours = False

    def notice(_module: nn.Module, args: tuple[Tensor, ...]) -> None:
        nonlocal ours
        ours = bool(args) and args[0].shape == ids.shape and torch.equal(args[0].cpu(), ids.cpu())

    changes = adapter.changes.get(part, {})
    if changes:
        hooks.add(encoder, notice, before=True)
    for path, change in changes.items():
        layer = encoder.get_submodule(path)
        work = change_of(adapter, path, layer, change)

        def at_tokens(
            _module: nn.Module, args: tuple[Tensor, ...], out: Tensor, work: Callable[[Tensor], Tensor] = work
        ) -> Tensor:
            if not ours or args[0].ndim != 3:  # the projection of the whole sentence has no tokens
                return out
            at, flat = places.to(out.device), args[0].flatten(0, 1)
            return out.flatten(0, 1).index_add(0, at, work(flat[at])).view_as(out)

        hooks.add(layer, at_tokens)


def change_of(adapter: WordAdapter | Weighted, path: str, layer: Any, change: Change) -> Callable[[Tensor], Tensor]:
    """w V x (and w times the change of the bias) for inputs of a layer.

    Raises:
        UnsupportedModel: it does not fit the layer, or is of a layer that cannot act in one area alone.
    """
    if not isinstance(layer, nn.Linear | nn.Conv2d | nn.Conv3d):
        raise adapter.source.misfit(f"its change of {path} cannot be limited to one word's area")
    weight = layer.weight.data
    try:
        bias = None if layer.bias is None else change.bias(layer.bias.data)
        full = adapter.weight * change.difference(weight)
    except ValueError as error:
        raise adapter.source.misfit(f"in {path}, {error}") from error
    # Weights that are stored in 8 bits are widened for their own work; what acts beside them is kept in 16.
    kept = weight.dtype if weight.dtype.itemsize > 1 else torch.bfloat16
    bias = None if bias is None else (adapter.weight * bias).to(kept)
    work: Callable[[Tensor], Tensor]
    if isinstance(layer, nn.Linear) and change.plain is not None:
        down, up, scale = change.plain
        a = down.flatten(1).to(weight.device, kept)
        b = (adapter.weight * scale * up.flatten(1).to(weight.device, torch.float32)).to(kept)
        work = lambda x: F.linear(F.linear(x, a), b, bias)  # noqa: E731
    elif isinstance(layer, nn.Linear):
        dense = full.to(kept)
        work = lambda x: F.linear(x, dense, bias)  # noqa: E731
    else:
        conv, kernel = layer, full.to(kept)
        convolve: Any = F.conv3d if isinstance(conv, nn.Conv3d) else F.conv2d
        work = lambda x: convolve(x, kernel, bias, conv.stride, conv.padding, conv.dilation, conv.groups)  # noqa: E731
    return work if kept == weight.dtype else lambda x: work(x.to(kept)).to(x.dtype)


class _CellMasks:
    """A word's mask at the cells of each level, made when a layer of that level first asks."""

    def __init__(self, mask: np.ndarray, latent: tuple[int, int], like: Tensor) -> None:
        self._mask, self._like = mask, like
        height, width = mask.shape
        self._cells = {
            size: (height / latent[0] * 2**level, width / latent[1] * 2**level)
            for level, size in enumerate(level_sizes(*latent, _LEVELS))
        }
        self._made: dict[tuple[int, int], Tensor] = {}

    def like(self, out: Tensor) -> Tensor:
        """The mask for a layer's output: `[1, 1, h, w]` for `[rows, C, h, w]`, `[1, N, 1]` for `[rows, N, C]`."""
        if out.ndim == 4:
            return self._at((out.shape[2], out.shape[3]))[None, None]
        size = next(size for size in self._cells if size[0] * size[1] == out.shape[1])
        return self._at(size).reshape(1, -1, 1)

    def _at(self, size: tuple[int, int]) -> Tensor:
        if size not in self._made:
            reduced = reduce_mask(self._mask, size, cell=self._cells[size])
            self._made[size] = torch.from_numpy(reduced).to(self._like.device, self._like.dtype)
        return self._made[size]
