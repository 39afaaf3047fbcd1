"""Makes a finished picture larger: by Lanczos' filter, or by an upscaling network (ESRGAN and its kin, by spandrel)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.errors import BadRequest, ModelNotFound, UnsupportedModel
from engine.reworking import upscaler_reader
from engine.weights.files import WEIGHTS, is_pickle, unsafe

PART = "upscaling network"
_SIDE, _OVERLAP = 256, 16
"""Pixels of the tiles that a network reads, and by how much they overlap."""


def check_upscaler(upscaler: str) -> None:
    """Make sure, before anything is loaded, that an upscaling network can be used; "" always can.

    Raises:
        ModelNotFound: there is no such file. UnsafeModel: it is a pickle. BadRequest: it is of another kind.
        UnsupportedModel: the optional package that reads such networks is not installed.
    """
    if not upscaler:
        return
    path = Path(upscaler)
    if not path.is_file():
        raise ModelNotFound(f'There is no upscaling network "{upscaler}".', hint="Check the path of the file.")
    if is_pickle(path):
        raise unsafe(PART, path.name)
    if path.suffix.lower() not in WEIGHTS:
        raise BadRequest(f'"{path.name}" is not an upscaling network.', hint="Give a .safetensors file.")
    if not upscaler_reader.is_here():
        raise UnsupportedModel(
            "Upscaling networks need a package that is not installed (spandrel).", hint=upscaler_reader.how_to_get()
        )


def upscaled(rgb: np.ndarray, scale: int, upscaler: str, device: str) -> np.ndarray:
    """Return a picture `scale` times as wide and high: uint8 `[scale * h, scale * w, 3]` of uint8 `[h, w, 3]`.

    A network that makes it larger or less large than that is followed by Lanczos' filter.

    Args:
        upscaler: the network's file; "" is the filter alone. device: of the network.

    Raises:
        UnsupportedModel: the network is of a kind that spandrel does not know. And others: see `check_upscaler`.
    """
    check_upscaler(upscaler)
    height, width = rgb.shape[:2]
    made = _by_network(rgb, Path(upscaler), device) if upscaler else rgb
    image = Image.fromarray(np.ascontiguousarray(made))
    size = scale * width, scale * height
    return np.array(image if image.size == size else image.resize(size, Image.Resampling.LANCZOS))


def _by_network(rgb: np.ndarray, path: Path, device: str) -> np.ndarray:
    import torch
    from safetensors.torch import load_file

    from engine.weights.headers import read_header
    from engine.weights.loading import pick_device

    spandrel: Any = upscaler_reader.reader()
    read_header(path, part=PART)
    where = pick_device(device)
    try:
        network: Any = spandrel.ModelLoader(device=where).load_from_state_dict(load_file(path))
    except (RuntimeError, ValueError, KeyError) as error:
        raise UnsupportedModel(
            f'"{path.name}" is not an upscaling network that can be read.',
            hint="Choose another file.",
            details=repr(error),
        ) from error
    if (
        not isinstance(network, spandrel.ImageModelDescriptor)
        or network.input_channels != 3
        or network.output_channels != 3
    ):
        raise UnsupportedModel(f'"{path.name}" does not make colour pictures larger.', hint="Choose another file.")
    network.eval()
    factor = int(network.scale)
    height, width = rgb.shape[:2]
    made = np.zeros((height * factor, width * factor, 3), np.uint8)
    with torch.inference_mode():
        for top in range(0, height, _SIDE):
            for left in range(0, width, _SIDE):
                above, before = max(0, top - _OVERLAP), max(0, left - _OVERLAP)
                part = rgb[above : top + _SIDE + _OVERLAP, before : left + _SIDE + _OVERLAP]
                pixels = torch.from_numpy(np.array(part)).permute(2, 0, 1)[None].float().to(where) / 255
                found = (network(pixels)[0].clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
                bottom, right = min(top + _SIDE, height), min(left + _SIDE, width)
                made[top * factor : bottom * factor, left * factor : right * factor] = found[
                    (top - above) * factor : (bottom - above) * factor,
                    (left - before) * factor : (right - before) * factor,
                ]
    return made
