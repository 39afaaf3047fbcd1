"""numpy pixels to QImage and back, with the memory shared where that is safe."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage


def from_rgb(rgb: np.ndarray) -> QImage:
    """uint8 RGB `[h, w, 3]` as an opaque RGB32 image (the fastest to draw) that owns its pixels.

    Raises:
        ValueError: another shape or type, or no pixels at all.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
        raise ValueError(f"a picture is uint8 [height, width, 3], not {rgb.dtype} {rgb.shape}")
    data = np.ascontiguousarray(rgb)
    height, width = data.shape[:2]
    image = QImage(data.data, width, height, width * 3, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def wrap_argb(packed: np.ndarray, size: tuple[int, int]) -> QImage:
    """The top left `size` (w, h) of premultiplied 0xAARRGGBB, uint32 `[rows, columns]`, as an image of that memory.

    The array must outlive the image; what is written to it later shows.

    Raises:
        ValueError: another type or layout, or too small.
    """
    if packed.dtype != np.uint32 or packed.ndim != 2 or not packed.flags.c_contiguous:
        raise ValueError(f"an overlay is contiguous uint32 [rows, columns], not {packed.dtype} {packed.shape}")
    if packed.shape[0] < size[1] or packed.shape[1] < size[0]:
        raise ValueError(f"an overlay of {packed.shape} is too small for {size}")
    return QImage(packed.data, size[0], size[1], packed.strides[0], QImage.Format.Format_ARGB32_Premultiplied)


def to_rgb(image: QImage) -> np.ndarray:
    """An image as uint8 RGB `[h, w, 3]`, a copy."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height, stride = image.width(), image.height(), image.bytesPerLine()
    rows = np.frombuffer(image.constBits(), np.uint8, count=stride * height).reshape(height, stride)
    return rows[:, : width * 3].reshape(height, width, 3).copy()
