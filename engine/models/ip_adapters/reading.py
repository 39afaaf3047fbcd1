"""Reads an IP-Adapter and its image encoder, and what they make of a picture: keys and values for a UNet's layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from engine.errors import EngineError, ModelIncomplete
from engine.models.ip_adapters.kinds import ENCODER_CLASSES, ImageEncoder, IPAdapter
from engine.surroundings import secluded
from engine.text.encoders import shift_semantics
from engine.weights import loading
from engine.weights.precision import computed
from engine.weights.tensors import read_tensors

_MEAN, _SPREAD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
PENULTIMATE = -2
"""The states that plus adapters read, of a CLIP image encoder's."""


class AdapterNetwork(nn.Module):
    """An IP-Adapter's weights: its projection of what the encoder gives, and K and V of each cross-attention layer."""

    def __init__(self, projection: nn.Module, keys: list[Tensor], values: list[Tensor]) -> None:
        super().__init__()
        self.projection = projection
        self.keys = nn.ParameterList(keys)
        self.values = nn.ParameterList(values)

    def forward(self, states: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Return keys and values of each layer, `[2, T, heads * d]`, for states `[2, n, C]` (plus) or `[2, C]`."""
        tokens = self.projection(states)
        return [tokens @ each.mT for each in self.keys], [tokens @ each.mT for each in self.values]


def read_adapter(adapter: IPAdapter, *, dtype: torch.dtype) -> AdapterNetwork:
    """Return an IP-Adapter's network, on the CPU.

    Raises:
        ModelIncomplete: tensors are missing or do not fit each other.
    """
    from diffusers.loaders.unet import UNet2DConditionLoadersMixin

    tensors = read_tensors([adapter.path], part="IP-Adapter", dtype=dtype)
    start = "image_proj."
    of_projection = {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}
    numbers = sorted({int(name.split(".")[1]) for name in tensors if name.endswith(".to_k_ip.weight")})
    try:
        # The stock loader's own names; of the UNet it is called on it needs nothing.
        convert: Any = UNet2DConditionLoadersMixin._convert_ip_adapter_image_proj_to_diffusers
        projection = convert(None, of_projection, low_cpu_mem_usage=False)
        keys, values = (
            [tensors[f"ip_adapter.{number}.to_{name}_ip.weight"] for number in numbers] for name in ("k", "v")
        )
    except (KeyError, RuntimeError, ValueError, IndexError) as error:
        if loading.is_out_of_memory(error):
            raise
        raise ModelIncomplete(
            f'The IP-Adapter "{adapter.name}" is damaged: tensors are missing or misshapen.',
            hint="Get its file again.",
            details=f"{type(error).__name__}: {error}",
        ) from error
    return AdapterNetwork(projection, keys, values).to(dtype).eval().requires_grad_(False)


def read_encoder(encoder: ImageEncoder, *, dtype: torch.dtype) -> Any:
    """Return an image encoder's network, in eval mode on the CPU.

    Raises:
        ModelIncomplete: its files are damaged. UnsafeModel: its weights are there only as a pickle.
    """
    from transformers.models.clip.modeling_clip import CLIPVisionConfig, CLIPVisionModel, CLIPVisionModelWithProjection

    if encoder.path.is_dir():
        projects = ENCODER_CLASSES[0] in (encoder.config.get("architectures") or ())
        kind = CLIPVisionModelWithProjection if projects else CLIPVisionModel
        return loading.load_part(kind, encoder.path.parent, encoder.path.name, dtype=dtype)
    tensors = read_tensors([encoder.path], part="image encoder", dtype=dtype)
    projects = "visual_projection.weight" in tensors
    kind = CLIPVisionModelWithProjection if projects else CLIPVisionModel
    try:
        with secluded():
            network, report = kind.from_pretrained(
                None,
                config=CLIPVisionConfig(**encoder.config),
                state_dict=tensors,
                dtype=dtype,
                output_loading_info=True,
            )
    except EngineError:
        raise
    except Exception as error:
        if loading.is_out_of_memory(error):
            raise
        raise _damaged(encoder, f"{type(error).__name__}: {error}") from error
    lacks = [*report.get("missing_keys", ()), *report.get("mismatched_keys", ())]
    if lacks:
        raise _damaged(encoder, str(lacks[:8]))
    return network.eval().requires_grad_(False)


@torch.no_grad()
def states_of(network: Any, rgb: np.ndarray, *, is_plus: bool, semantic: float = 0.0) -> Tensor:
    """Return what an IP-Adapter reads: `[2, n, C]` of the penultimate layer (plus), or the projected `[2, C]`.

    First comes what the negative prompt's rows see, as in the stock pipelines: the states of a picture of zeros, or
    zeros; then the picture's.

    Args:
        rgb: uint8 `[h, w, 3]`. semantic: see `engine.text.encoders.shift_semantics`.
    """
    place = {"device": network.device}
    side = int(network.config.image_size)
    pixels = torch.from_numpy(prepared(rgb, side))[None].to(**place)

    def run() -> Tensor:
        inputs = pixels.to(network.dtype)
        if is_plus:
            inputs = torch.cat([torch.zeros_like(inputs), inputs])
            states: Tensor = network(pixel_values=inputs, output_hidden_states=True).hidden_states[PENULTIMATE]
            return torch.cat([states[:1], shift_semantics(states[1:], semantic)])
        found = network(pixel_values=inputs)
        vector = found.image_embeds
        if semantic:
            shifted = shift_semantics(found.last_hidden_state, semantic)
            vector = network.visual_projection(network.vision_model.post_layernorm(shifted[:, 0]))
        return torch.cat([torch.zeros_like(vector), vector])

    return computed("image encoder", network, run, tensors=lambda states: [states])


@torch.no_grad()
def with_nothing(network: Any, known: Tensor, *, is_plus: bool, opposite: bool = False) -> Tensor:
    """Return states that are known, `[1, n, C]`, as `states_of` returns a picture's: behind what the negative prompt's
    rows see, or before it with `opposite`, so that the negative prompt sees them and the prompt does not."""
    known = known.to(network.device, network.dtype)
    if is_plus:
        side = int(network.config.image_size)
        nothing = states_of(network, np.zeros((side, side, 3), np.uint8), is_plus=True)[:1]
    else:
        known = known[:, 0]
        nothing = torch.zeros_like(known)
    return torch.cat([known, nothing] if opposite else [nothing, known])


def prepared(rgb: np.ndarray, side: int) -> np.ndarray:
    """Return a picture as CLIP's encoders are given one: float32 `[3, side, side]`.

    Its short side is resized and its middle cut out, then it is normalised.
    """
    height, width = rgb.shape[:2]
    short = min(height, width)
    size = (int(side * width / short), int(side * height / short))
    small = Image.fromarray(rgb).resize(size, Image.Resampling.BICUBIC)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    values = np.asarray(small.crop((left, top, left + side, top + side)), np.float32) / 255
    normal = (values - np.asarray(_MEAN, np.float32)) / np.asarray(_SPREAD, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1))


def _damaged(encoder: ImageEncoder, details: str) -> ModelIncomplete:
    return ModelIncomplete(
        f'The image encoder "{encoder.path.name}" is damaged: tensors are missing or misshapen.',
        hint="Get its file again.",
        details=details,
    )
