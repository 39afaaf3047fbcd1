"""What a UNet that follows instructions is given beside the noise: a picture, in channels of its own (InstructPix2Pix).

Guidance has two scales (arXiv 2211.09800, section 3.2.1, equation 3). With e(I, T) for the prediction that sees the
picture I and reads the instruction T, either of which may be left out (0):

    e(0,0) + s_I (e(I,0) - e(0,0)) + s_T (e(I,T) - e(I,0))

An instruction that is pinned to an area has its last term there alone: elsewhere the picture is what e(I,0) makes of
it. So a run has three rows for each picture, in that order; only the last has paint.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class PictureGuide:
    """The picture of a run.

    Attributes:
        picture: `[1, C, h, w]` float32, its latents as the autoencoder gives them (`PictureCoder.encode_raw`).
        guidance: s_I; 1 is none. area: where the instruction acts, float32 `[1, 1, h, w]`, 0..1; None is everywhere.
    """

    picture: Tensor
    guidance: float
    area: Tensor | None = None


def with_picture(rows: Tensor, guide: PictureGuide | None, extra: int, prompt: slice) -> Tensor:
    """Rows of noisy latents `[n, C, h, w]` with the channels of the picture, `[n, C + extra, h, w]`.

    Args:
        guide: None gives every row an empty picture. prompt: the rows that read the instruction. Of those before
            them the first half has an empty picture.
    """
    count, size = len(rows), rows.shape[2:]
    if guide is None:
        return torch.cat([rows, rows.new_zeros(count, extra, *size)], dim=1)
    empty = (count - (prompt.stop - prompt.start)) // 2
    shown = guide.picture.to(rows).expand(count - empty, -1, -1, -1)
    return torch.cat([rows, torch.cat([rows.new_zeros(empty, extra, *size), shown])], dim=1)


def guided(output: Tensor, scale: float, guide: PictureGuide) -> tuple[Tensor, Tensor]:
    """The prediction of all three rows, `[3 B, C, h, w]`, as one by the formula above, and that of the last row alone.

    Args:
        scale: s_T, the text's.
    """
    free, seen, told = output.chunk(3)
    text = scale * (told - seen)
    if guide.area is not None:
        text = text * guide.area.to(text)
    return free + guide.guidance * (seen - free) + text, told
