"""Writes heatmaps as PNG sheets: a word by layer and head, by step, and all words over the picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.errors import EngineError

CELL = 64
"""Side of a small map on a sheet, in pixels."""

_LARGE, _GAP, _HEAD, _COLUMNS, _MOST_TEXT = 192, 4, 20, 5, 34
_INK, _PAPER = (40, 40, 44), (255, 255, 255)


def heat(values: np.ndarray) -> np.ndarray:
    """A map `[h, w]` as uint8 `[h, w, 3]`: 0 is black, then red, yellow, and its largest value white."""
    share = np.clip(values / max(float(values.max()), 1e-12), 0.0, 1.0)[..., None]
    return np.round(np.clip(3 * share - np.arange(3), 0.0, 1.0) * 255).astype(np.uint8)


def write_sheets(
    folder: Path,
    rgb: np.ndarray,
    words: Sequence[str],
    whole: np.ndarray,
    layers: Mapping[str, np.ndarray],
    steps: Sequence[np.ndarray],
) -> list[Path]:
    """Write `words.png`, and for each word `N-WORD-layers.png` (a layer in each row: the mean of its heads, then each)
    and `N-WORD-steps.png`. Each map is drawn from 0 to its own largest value, which stands above it.

    Args:
        rgb: the picture, uint8 `[H, W, 3]`. whole: `[words, h, w]`. layers: `[heads, words, h, w]` each, of any size.
        steps: `[words, h, w]` each.

    Returns:
        the files, in that order.

    Raises:
        EngineError: the folder cannot be written.
    """
    over = [("the picture", rgb)] + [
        (f"{word}: {whole[number].max():.2f}", _over(rgb, whole[number])) for number, word in enumerate(words)
    ]
    sheets = {"words": _grid([over[start : start + _COLUMNS] for start in range(0, len(over), _COLUMNS)], [], _LARGE)}
    for number, word in enumerate(words):
        name = f"{number + 1:02d}-" + (re.sub(r"[\W_]+", "-", word.casefold()).strip("-") or "word")
        rows = []
        for maps in layers.values():
            own = maps[:, number]
            shown = [("mean", own.mean(axis=0)), *((f"h{head + 1}", each) for head, each in enumerate(own))]
            rows.append([(f"{title}: {each.max():.2f}", heat(each)) for title, each in shown])
        sheets[f"{name}-layers"] = _grid(rows, list(layers), CELL)
        moments = [(f"{index + 1}: {each[number].max():.2f}", heat(each[number])) for index, each in enumerate(steps)]
        sheets[f"{name}-steps"] = _grid([moments[start : start + 10] for start in range(0, len(moments), 10)], [], CELL)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, sheet in sheets.items():
            sheet.save(folder / f"{name}.png", format="PNG", optimize=True)
    except OSError as error:
        raise EngineError(
            f'The plots cannot be written to "{folder}".',
            hint="Free some space there, or choose another folder with --plots.",
            details=str(error),
        ) from error
    return [folder / f"{name}.png" for name in sheets]


def _over(rgb: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The picture in grey, with a map's heat over it."""
    size = (rgb.shape[1], rgb.shape[0])
    share = values / max(float(values.max()), 1e-12)
    grown = Image.fromarray(share.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
    amount = np.clip(np.asarray(grown), 0.0, 1.0)
    grey = rgb.mean(axis=-1, keepdims=True) * 0.5
    return np.round(grey * (1 - amount[..., None]) + heat(amount) * amount[..., None]).astype(np.uint8)


def _grid(rows: Sequence[Sequence[tuple[str, np.ndarray]]], names: Sequence[str], side: int) -> Image.Image:
    """Pictures uint8 `[h, w, 3]` under their titles, with a name at the left of each row where there are names."""
    font = ImageFont.load_default(11)
    names = [re.sub(r"\.(transformer_blocks|attentions|attn2)\b", "", name)[-_MOST_TEXT:] for name in names]
    left = 3 * _GAP + round(max((font.getlength(name) for name in names), default=-2 * _GAP))
    step = (side + _GAP, side + _GAP + _HEAD)
    width = left + _GAP + step[0] * max(len(row) for row in rows)
    sheet = Image.new("RGB", (width, _GAP + step[1] * len(rows)), _PAPER)
    pen = ImageDraw.Draw(sheet)
    for line, row in enumerate(rows):
        top = line * step[1]
        if names:
            pen.text((_GAP, top + _HEAD + side / 2), names[line], fill=_INK, font=font, anchor="lm")
        for column, (title, pixels) in enumerate(row):
            place = left + _GAP + column * step[0]
            pen.text((place, top + _HEAD - 2), title, fill=_INK, font=font, anchor="ls")
            small = Image.fromarray(pixels)
            fitted = small.resize((side, max(1, round(side * small.height / small.width))), Image.Resampling.BOX)
            sheet.paste(fitted.crop((0, 0, side, side)), (place, top + _HEAD))
    return sheet
