"""Recolours drawings: everything in a drawing's main hue takes a new hue."""

from __future__ import annotations

import numpy as np

from engine.world.palette import COLOURS as COLOURS

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def main_hue(sprite: np.ndarray) -> float | None:
    """The most common hue of a drawing's coloured area, 0..1; None if little of it is coloured.

    Args:
        sprite: float32 `[h, w, 4]`, colour in 0..255, alpha in 0..1.
    """
    hue, chroma = _hue_and_chroma(sprite[..., :3])
    weight = sprite[..., 3] * (chroma > 40)
    if weight.sum() < 0.15 * sprite[..., 3].sum():
        return None
    counts, edges = np.histogram(hue, bins=24, range=(0, 1), weights=weight)
    around = counts + 0.5 * (np.roll(counts, 1) + np.roll(counts, -1))
    return float(edges[int(around.argmax())] + 1 / 48)


def recoloured(sprite: np.ndarray, colour: str) -> np.ndarray | None:
    """A drawing with its main hue changed to one of `COLOURS`, with its light and shade; None if it has no main hue.

    Args:
        sprite: float32 `[h, w, 4]`, colour in 0..255, alpha in 0..1.
    """
    hue = main_hue(sprite)
    if hue is None:
        return None
    rgb = sprite[..., :3]
    own, chroma = _hue_and_chroma(rgb)
    distance = np.abs((own - hue + 0.5) % 1 - 0.5)
    share = np.clip((0.11 - distance) / 0.03, 0, 1) * np.clip((chroma - 24) / 24, 0, 1)
    light = rgb @ _LUMA
    weight = share * sprite[..., 3]
    middle = float((light * weight).sum() / max(weight.sum(), 1e-3))
    # Relative to the drawing's median lightness, darker pixels go towards black and lighter ones towards white.
    tone = np.clip(light / max(middle, 1) - 1, -0.75, 0.75)[..., None]
    target = np.array(COLOURS[colour], np.float32)
    shaded = np.where(tone < 0, target * (1 + tone), target + (255 - target) * tone)
    out = sprite.copy()
    out[..., :3] = rgb + (shaded - rgb) * share[..., None]
    return out


def _hue_and_chroma(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    high, low = rgb.max(-1), rgb.min(-1)
    chroma = high - low
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    safe = np.maximum(chroma, 1e-3)
    hue = np.where(
        high == red,
        (green - blue) / safe % 6,
        np.where(high == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    return hue / 6, chroma
