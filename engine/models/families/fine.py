"""Pictures with more in them than 8 bits of red, green and blue: with alpha, or with 16 bits for each value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image


@dataclass(frozen=True, eq=False)
class FinePicture:
    """A decoded picture.

    Attributes:
        rgb: uint8 `[h, w, 3]`; what is see-through lies on white.
        rgba: straight uint8 `[h, w, 4]`, where the autoencoder makes alpha; else None.
        deep: uint16 `[h, w, 3]`, straight `[h, w, 4]` with alpha, where it was asked for; else None.
    """

    rgb: np.ndarray
    rgba: np.ndarray | None = None
    deep: np.ndarray | None = None


@torch.inference_mode()
def fine_picture(levels: torch.Tensor, *, deep: bool) -> FinePicture:
    """A picture of decoded levels `[3, h, w]`, or straight `[4, h, w]`, 0..1; `deep` changes no other value."""
    levels = levels.permute(1, 2, 0)
    small = (levels * 255).round().to(torch.uint8).cpu().numpy()
    exact = (levels * 65535).round().to(torch.int32).cpu().numpy().astype(np.uint16) if deep else None
    if small.shape[2] == 3:
        return FinePicture(small, deep=exact)
    image = Image.fromarray(small)
    white = Image.new("RGBA", image.size, "white")
    return FinePicture(np.array(Image.alpha_composite(white, image).convert("RGB")), small, exact)
