"""The style pictures of a request as an IP-Adapter reads them, ready for a run."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Generator, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from engine.attention.image_attention import ImageKeys
from engine.attention.mask_reduction import reduce_mask
from engine.errors import UnsupportedModel
from engine.models.ip_adapters.finding import find
from engine.models.ip_adapters.reading import read_adapter, read_encoder, states_of, with_nothing
from engine.protocol import GenerateRequest, StyleReference
from engine.text.encoders import ReadStyle
from engine.weights import loading
from engine.weights.files import fingerprint

if TYPE_CHECKING:
    from engine.models.families.base import Family
    from engine.models.library import Library

Pair = tuple[list[Tensor], list[Tensor]]
"""Keys and values of one picture, for each layer `[2, T, heads * d]`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedStyle:
    """Style pictures that share one attention; `mask`, uint8 at picture size, is where they act, None is everywhere."""

    keys: Sequence[Tensor]
    values: Sequence[Tensor]
    scale: float
    token_bias: Tensor | None = None
    mask: np.ndarray | None = None

    def placed(self, sizes: Sequence[tuple[int, int]], used: Collection[int]) -> ImageKeys:
        """Return them for attention levels of sizes `(h, w)`, of which `used` have layers."""
        shares = None
        if self.mask is not None:
            shares = [
                torch.from_numpy(reduce_mask(self.mask, size)).reshape(-1) if level in used else torch.zeros(0)
                for level, size in enumerate(sizes)
            ]
        return ImageKeys(
            keys=self.keys, values=self.values, scale=self.scale, token_bias=self.token_bias, shares=shares
        )


class RequestStyles:
    """The style pictures of a request that act, through the IP-Adapter that fits its model.

    Args:
        base: the request's own model. library: keeps what was read for the next request. read: further styles, whose
            states in the adapter's image encoder are known.

    Raises:
        ModelNotFound, ModelIncomplete, UnsafeModel, UnsupportedModel: see `engine.models.ip_adapters.finding.find`;
            UnsupportedModel also where it was made for UNets of another shape.
    """

    def __init__(
        self, request: GenerateRequest, base: Family, library: Library, read: Sequence[ReadStyle] = ()
    ) -> None:
        self._base, self._library = base, library
        self._saves_memory = request.memory != "auto"
        styles = (*request.conditioning.styles, *read)
        self._styles = [each for each in styles if each.strength and _acts_somewhere(each)]
        self._loaded: tuple[LoadedStyle, ...] = ()
        if not self._styles:
            return
        self._found = find(base.facts, library)
        if not self._fits(base):
            raise UnsupportedModel(
                f'The IP-Adapter "{self._found.adapter.name}" does not fit the model "{base.facts.name}", which has'
                " different layers.",
                hint="Choose a model with the layers of Stable Diffusion 1.x or XL, or remove the style.",
            )

    def loading(self) -> Generator[tuple[str, float], None, None]:
        """Read the pictures that were not read yet; yields (what comes next, fraction done).

        Raises:
            ModelIncomplete, UnsafeModel: files of the adapter or of its encoder are damaged. NotFinite: they are full
            of NaN.
        """
        if not self._styles:
            return
        held, keys = self._library.styles, [self._key(style) for style in self._styles]
        networks = self._networks_key
        for old in [old for old in held if old not in keys and old != networks]:
            del held[old]
        for number, (style, key) in enumerate(zip(self._styles, keys, strict=True)):
            if key in held:
                continue
            yield f'the image encoder of the IP-Adapter "{self._found.adapter.name}"', number / len(keys)
            held[key] = self._read(style)
        if self._saves_memory:
            held.pop(networks, None)
        self._loaded = tuple(_grouped([(style, held[key]) for style, key in zip(self._styles, keys, strict=True)]))
        yield "ready", 1.0

    def fitting(self, family: Family) -> tuple[LoadedStyle, ...]:
        """Return them for a denoiser of the run; () where its layers are others: a refiner goes on without."""
        return self._loaded if self._loaded and self._fits(family) else ()

    def _fits(self, family: Family) -> bool:
        unet: Any = getattr(family, "unet", None)
        if unet is None:
            return False
        layers = [module.to_k.out_features for path, module in unet.named_modules() if path.endswith(".attn2")]
        return tuple(layers) == self._found.adapter.layers

    def _read(self, style: StyleReference) -> Pair:
        """The keys and values of a picture; networks are on the device only for this."""
        network, adapter = self._networks()
        is_plus = self._found.adapter.is_plus

        def on(device: torch.device, dtype: torch.dtype) -> Pair:
            try:
                network.to(device, dtype)
                if isinstance(style, ReadStyle):
                    states = with_nothing(network, style.states, is_plus=is_plus, opposite=style.opposite)
                else:
                    states = states_of(network, style.rgb, is_plus=is_plus, semantic=style.semantic)
                network.to("cpu")
                with torch.no_grad():
                    keys, values = adapter.to(device, dtype)(states.to(device, dtype))
                return [each.to(self._base.device) for each in keys], [each.to(self._base.device) for each in values]
            finally:
                network.to("cpu")
                adapter.to("cpu")

        return _where_it_fits(on, self._base.device, self._base.dtype)

    def _networks(self) -> tuple[Any, Any]:
        held, key = self._library.styles, self._networks_key
        if key not in held:
            dtype = self._base.dtype
            held[key] = read_encoder(self._found.encoder, dtype=dtype), read_adapter(self._found.adapter, dtype=dtype)
        found: tuple[Any, Any] = held[key]
        return found

    @property
    def _networks_key(self) -> Hashable:
        encoder, adapter = self._found.encoder.path, self._found.adapter.path
        return ("networks", adapter, fingerprint(adapter), encoder, fingerprint(encoder), self._base.dtype)

    def _key(self, style: StyleReference) -> Hashable:
        known = style.states.numpy() if isinstance(style, ReadStyle) else style.rgb
        picture = hashlib.sha256(np.ascontiguousarray(known).tobytes()).digest()
        opposite = isinstance(style, ReadStyle) and style.opposite
        return (
            self._networks_key, picture, style.rgb.shape, float(style.semantic), opposite, str(self._base.device)
        )  # fmt: skip


def _acts_somewhere(style: StyleReference) -> bool:
    return style.mask is None or bool(style.mask.any())


def _where_it_fits(work: Callable[[torch.device, torch.dtype], Pair], device: torch.device, dtype: torch.dtype) -> Pair:
    """What `work` returns on the device, or on the CPU where the device has no room for a large encoder as well."""
    try:
        return work(device, dtype)
    except (RuntimeError, MemoryError) as error:
        if device.type == "cpu" or not loading.is_out_of_memory(error):
            raise
    loading.free_memory()
    return work(torch.device("cpu"), torch.float32)


def _grouped(styles: Sequence[tuple[StyleReference, Pair]]) -> list[LoadedStyle]:
    """The pictures by attentions: those that act everywhere share one, as several pictures of one adapter do in the
    stock pipelines, where each counts by its strength; one with an area has its own."""
    whole = [(style, pair) for style, pair in styles if style.mask is None]
    groups = []
    if whole:
        scale = max(float(style.strength) for style, _ in whole)
        weights = [math.log(float(style.strength) / scale) for style, _ in whole]
        lengths = [pair[0][0].shape[1] for _, pair in whole]
        bias = torch.repeat_interleave(torch.tensor(weights), torch.tensor(lengths)) if any(weights) else None
        keys, values = (
            [torch.cat(layer, dim=1) for layer in zip(*(pair[index] for _, pair in whole), strict=True)]
            for index in (0, 1)
        )
        groups.append(LoadedStyle(keys=keys, values=values, scale=scale, token_bias=bias))
    for style, (keys, values) in styles:
        if style.mask is not None:
            groups.append(LoadedStyle(keys=keys, values=values, scale=float(style.strength), mask=style.mask))
    return groups
