"""Tileable overlay patterns, one per word, so that a region is never known by its colour alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from canvas.model.tiled_mask import TILE

# Opacity of an overlay between and on the marks of its pattern.
_GROUND, _MARK = 0.34, 0.72
_X, _Y = (v.astype(np.float32) + 0.5 for v in np.meshgrid(np.arange(TILE), np.arange(TILE)))


def _wrap(value: np.ndarray, period: float) -> np.ndarray:
    """Distance to the nearest multiple of `period`."""
    return np.abs((value + period / 2) % period - period / 2)


def _ink(distance: np.ndarray, half_width: float) -> np.ndarray:
    """1 within `half_width` of a mark, 0 outside, antialiased over a pixel."""
    return np.clip(half_width + 0.5 - distance, 0, 1)


def _spots(period: float, radius: float, *, staggered: bool = False, ring: float = 0.0) -> np.ndarray:
    shift = period / 2 if staggered else 0.0
    first = np.hypot(_wrap(_X, period), _wrap(_Y, period))
    second = np.hypot(_wrap(_X + shift, period), _wrap(_Y + shift, period))
    distance = np.minimum(first, second)
    return _ink(np.abs(distance - radius), ring) if ring else _ink(distance, radius)


def _brick() -> np.ndarray:
    offset = np.where((_Y // 8) % 2 == 0, 0.0, 8.0)
    return np.maximum(_ink(_wrap(_Y, 8), 0.8), _ink(_wrap(_X + offset, 16), 0.8))


_SQRT2 = np.float32(np.sqrt(2))
_DESIGNS: tuple[tuple[str, Callable[[], np.ndarray]], ...] = (
    ("rising lines", lambda: _ink(_wrap(_X + _Y, 16) / _SQRT2, 1.5)),
    ("dots", lambda: _spots(16, 3.2, staggered=True)),
    ("level lines", lambda: _ink(_wrap(_Y, 8), 1.1)),
    ("squares", lambda: np.maximum(_ink(_wrap(_X, 16), 1.0), _ink(_wrap(_Y, 16), 1.0))),
    ("falling lines", lambda: _ink(_wrap(_X - _Y, 16) / _SQRT2, 1.5)),
    ("rings", lambda: _spots(32, 9.0, ring=1.3)),
    ("upright lines", lambda: _ink(_wrap(_X, 8), 1.1)),
    ("waves", lambda: _ink(_wrap(_Y + 3 * np.sin(_X * np.pi / 16), 16), 1.5)),
    ("lattice", lambda: np.maximum(_ink(_wrap(_X + _Y, 16) / _SQRT2, 1.0), _ink(_wrap(_X - _Y, 16) / _SQRT2, 1.0))),
    ("chequers", lambda: ((_X // 8 + _Y // 8) % 2).astype(np.float32)),
    ("zigzag", lambda: _ink(_wrap(_Y + _wrap(_X, 16), 16) / _SQRT2, 1.5)),
    ("bricks", _brick),
    ("large dots", lambda: _spots(32, 7.5, staggered=True)),
    ("pluses", lambda: _pluses()),
    ("wide lines", lambda: _ink(_wrap(_X + _Y, 32) / _SQRT2, 5.0)),
    ("diamonds", lambda: _ink(np.abs(_wrap(_X, 16) + _wrap(_Y, 16) - 4) / _SQRT2, 1.1)),
)


def _pluses() -> np.ndarray:
    dx, dy = _wrap(_X + 8, 16), _wrap(_Y + 8, 16)
    return np.maximum(_ink(dx, 1.0) * _ink(dy, 4.5), _ink(dy, 1.0) * _ink(dx, 4.5))


PATTERN_NAMES = tuple(name for name, _ in _DESIGNS)


@cache
def pattern_alpha(index: int) -> np.ndarray:
    """Opacity of pattern `index`: read-only uint8 `[64, 64]` that tiles without a seam.

    After the last design they come again with ground and marks exchanged, then twice as large, then both.
    """
    turn, design = divmod(index, len(_DESIGNS))
    ink = _DESIGNS[design][1]()
    if turn % 4 >= 2:
        ink = np.kron(ink[: TILE // 2, : TILE // 2], np.ones((2, 2), np.float32))
    return _frozen(1 - ink if turn % 2 else ink)


def _frozen(ink: np.ndarray, ground: float = _GROUND, mark: float = _MARK) -> np.ndarray:
    """Ink 0..1 as read-only opacity."""
    alpha = np.rint((ground + (mark - ground) * ink) * 255).astype(np.uint8)
    alpha.setflags(write=False)
    return alpha


@cache
def pushing_alpha() -> np.ndarray:
    """Opacity of paint that pushes its word out: rows of minus signs on a faint ground, whatever its own pattern."""
    dx, dy = _wrap(_X + 8 + np.where((_Y // 16) % 2 == 0, 0, 8), 16), _wrap(_Y + 8, 16)
    return _frozen(_ink(dy, 1.2) * _ink(dx, 4.6), 0.12, 0.95)


@cache
def idle_alpha() -> np.ndarray:
    """Opacity of paint that does not act: thin crosses far apart on next to nothing."""
    dx, dy = _wrap(_X + 8, 16), _wrap(_Y + 8, 16)
    return _frozen(_ink(np.abs(dx - dy) / _SQRT2, 0.6) * (np.maximum(dx, dy) < 4), 0.1, 0.65)


OWN, PUSHING, IDLE = "own", "pushing", "idle"
"""How a word's overlay is drawn: in its pattern, as pushing the word out, or as paint that does not act."""


def alpha_of(kind: str, index: int) -> np.ndarray:
    """Opacity of a word's overlay whose own pattern is `index`: read-only uint8 `[64, 64]`."""
    return {PUSHING: pushing_alpha, IDLE: idle_alpha}[kind]() if kind != OWN else pattern_alpha(index)
