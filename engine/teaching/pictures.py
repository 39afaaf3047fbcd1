"""The pictures that a word is taught from: read, checked, kept with the lesson, cropped; and their latents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.errors import BadReference, BadRequest
from engine.scoring.style_image import reference_from_image
from engine.teaching.lesson import LEAST, MASK, MOST
from resources import atomic, pictures
from resources.phrases import find_spans

if TYPE_CHECKING:
    from torch import Tensor

VIEWS = 4
"""Crops of each picture: the largest at its centre, one of it mirrored, and smaller ones at random places."""

LONGEST_CAPTION = 240
"""Letters of a caption: it has to fit into one reading of a text encoder."""

_SMALLEST_CUT = 0.85


@dataclass(frozen=True, eq=False)
class Example:
    """One picture.

    Attributes:
        rgb: uint8 `[h, w, 3]`, upright, at most 1024 pixels wide and high. caption: what stands in NAME.txt beside it,
            with the word in it, "" if nothing does.
        area: uint8 `[h, w]`, where the thing is: the picture NAME-masklabel.png beside it, or what is not transparent;
            None if nobody says.
    """

    rgb: np.ndarray
    caption: str = ""
    area: np.ndarray | None = None


def read_examples(files: Sequence[Path], word: str) -> list[Example]:
    """Read the pictures, with what lies beside them.

    Raises:
        BadRequest: there are too few or too many, or a caption has not got the word in it, is too long or unreadable.
        BadReference: a picture cannot be read; the message names it.
    """
    if not LEAST <= len(files) <= MOST:
        count = len(files)
        many = f"There are {count} pictures to teach from." if count else "There are no pictures to teach from."
        raise BadRequest(
            "There is 1 picture to teach from." if count == 1 else many,
            hint=f"Give {LEAST} to {MOST} pictures of the same thing, each from another side or in another place.",
        )
    return [_read(file, word) for file in files]


def _read(file: Path, word: str) -> Example:
    beside = file.with_name(f"{file.stem}{MASK}.png")
    masked = beside if beside.is_file() else file
    try:
        rgb = reference_from_image(file)
        area = _area(masked, beside=masked is beside)
    except BadReference as error:
        said = error.message.replace("The reference", "The picture")
        raise BadReference(said, hint=f"Leave it out. {error.hint}", details=error.details) from error
    except pictures.PictureError as error:
        message, hint = error.explain(masked.name)
        raise BadReference(message, hint=hint, details=error.details) from error
    if area is not None:
        small = Image.fromarray(area).resize((rgb.shape[1], rgb.shape[0]), Image.Resampling.BOX)
        area = np.asarray(small)
    return Example(rgb, _caption(file.with_suffix(".txt"), word), area)


def _area(file: Path, *, beside: bool) -> np.ndarray | None:
    """Where a thing is, by a picture of its own, white on black, or by what is not transparent; None if all of it."""
    image = pictures.decode(pictures.open_picture(file))
    if beside:
        area = np.asarray(image.convert("L"))
    elif "A" in image.getbands() or "transparency" in image.info:
        area = np.asarray(image.convert("RGBA"))[..., 3]
    else:
        return None
    return area if area.max() > 127 and area.min() < 128 else None


def _caption(file: Path, word: str) -> str:
    if not file.is_file():
        return ""
    try:
        text = " ".join(file.read_text(encoding="utf-8").split())
    except (OSError, ValueError) as error:
        raise BadRequest(f"The caption {file.name} cannot be read.", hint="Save it as UTF-8 text.") from error
    hint = f'Write one short sentence, such as "a {word} on a table".'
    if len(text) > LONGEST_CAPTION:
        raise BadRequest(f"The caption {file.name} is too long.", hint=hint)
    if text and not list(find_spans(text, word)):
        raise BadRequest(f'The caption {file.name} does not have "{word}" in it.', hint=hint)
    return text


def keep_examples(examples: Sequence[Example], folder: Path) -> None:
    """Write them into a folder, so that the lesson can go on when theirs is gone; what lay there goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("*.png"), *folder.glob("*.txt")]:
        old.unlink()
    for number, each in enumerate(examples):
        Image.fromarray(each.rgb).save(folder / f"{number:02d}.png")
        if each.caption:
            atomic.write_text(folder / f"{number:02d}.txt", each.caption + "\n")
        if each.area is not None:
            Image.fromarray(each.area).save(folder / f"{number:02d}{MASK}.png")


def cut(picture: np.ndarray, size: tuple[int, int], view: int, rng: np.random.Generator) -> np.ndarray:
    """Return view `view` of uint8 `[h, w]` or `[h, w, 3]`, cropped and scaled to `size`, (width, height)."""
    height, width = picture.shape[:2]
    largest = view < 2
    scale = min(width / size[0], height / size[1]) * (1 if largest else rng.uniform(_SMALLEST_CUT, 1))
    across, down = size[0] * scale, size[1] * scale
    x, y = (0.5, 0.5) if largest else rng.random(2)
    left, top = x * (width - across), y * (height - down)
    box = (left, top, min(left + across, width), min(top + down, height))
    made = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS, box=box))
    return made if view % 2 == 0 else np.ascontiguousarray(made[:, ::-1])


def middle(size: tuple[int, int]) -> np.ndarray:
    """Paint uint8 `[H, W]` in the middle of a picture of `size` (width, height): an ellipse of 0.7 of its sides."""
    width, height = size
    x, y = np.linspace(-1, 1, width)[None], np.linspace(-1, 1, height)[:, None]
    return np.where(x**2 + y**2 <= 0.7**2, 255, 0).astype(np.uint8)


def encoded(
    examples: Sequence[Example], size: tuple[int, int], encode: Callable[[np.ndarray], Tensor], *, seed: int
) -> tuple[Tensor, Tensor]:
    """Return the latents of all views of the pictures, float32 `[VIEWS * n, C, h, w]`, on the CPU, and beside them
    where the thing is at that size, `[VIEWS * n, 1, h, w]`, 0..1: in the middle, where nobody says."""
    import torch
    import torch.nn.functional as F

    latents, areas = [], []
    for number, each in enumerate(examples):
        for view in range(VIEWS):
            # The same crop of both.
            rgb, area = (
                None if picture is None else cut(picture, size, view, np.random.default_rng((seed, number, view)))
                for picture in (each.rgb, each.area)
            )
            assert rgb is not None
            latents.append(encode(rgb).float().cpu())
            shape = latents[-1].shape[-2:]
            whole = torch.from_numpy(np.array(middle(size) if area is None else area)).float()[None, None] / 255
            areas.append(F.adaptive_avg_pool2d(whole, shape))
    return torch.cat(latents), torch.cat(areas)
