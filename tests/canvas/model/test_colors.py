"""Colours of overlays: enough for any number of words, found quickly, and told apart by everyone."""

from __future__ import annotations

import time

import numpy as np
import pytest

from canvas.model.colors import PALETTE, overlay_color


def test_a_thousand_words_find_a_colour_each_and_take_no_time() -> None:
    begun = time.process_time()
    taken: list[str] = []
    for _ in range(1000):
        taken.append(overlay_color(taken))
    assert time.process_time() - begun < 10 and len(set(taken)) > 300


# Machado, Oliveira and Fernandes 2009, table 1: the whole severity, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "red-blind": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "green-blind": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(linear: np.ndarray) -> np.ndarray:
    """Linear sRGB as CIELAB with the white of D65."""
    of_white = np.clip(linear, 0, 1) @ XYZ.T / XYZ.sum(1)
    x, y, z = np.where(of_white > (6 / 29) ** 3, np.cbrt(of_white), of_white * (29 / 6) ** 2 / 3 + 4 / 29).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_colours_of_the_palette_differ_for_everyone(sight: str) -> None:
    rgb = np.array([[int(color[place : place + 2], 16) for place in (1, 3, 5)] for color in PALETTE]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = lab(linear @ np.array(SIGHTS[sight]).T)
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=2) + 1000 * np.eye(len(seen))
    assert apart.min() >= 15
    assert lab(linear)[:, 0].min() >= 45, "patterns show in them on any picture"
