"""The command line's `--from`, `--repaint`, `--extend`, `--refine`, `--again`: what a run begins from."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from app.cli import edit_option, instruct_option, vary_option
from app.cli.output import CommandError
from canvas.files.image_io import read_rgb
from canvas.model import continuing, edits
from canvas.model.begun import Begun
from canvas.model.scene import Scene

if TYPE_CHECKING:
    from engine.facts import ModelFacts

_STRENGTH = re.compile(r":(\+?\d+(?:\.\d+)?)\Z", re.ASCII)
_CONTEXT = re.compile(r":(\d+|all)\Z", re.ASCII)
_REFINE = re.compile(r"(\d+)(?::(\d+(?:\.\d+)?))?\Z", re.ASCII)
_FROM_GRAMMAR = "Write --from FILE, or FILE:0.4 with a strength from 0 (as it is) to 1 (only noise)."
_REPAINT_GRAMMAR = (
    "Write --repaint WORD for a painted word, or --repaint MASK.png; :64 after it sets the context in pixels."
)
_EXTEND = re.compile(r"(\d+),(\d+),(\d+),(\d+)\Z", re.ASCII)
_EXTEND_GRAMMAR = "Write --extend LEFT,TOP,RIGHT,BOTTOM in pixels, such as 0,0,128,0 for more on the right."
_REFINE_GRAMMAR = "Write --refine 2, 3 or 4, or 2:0.3 with a strength from 0 to 1."
_STRENGTH_OF_ALL, _STRENGTH_OF_PART = 0.6, 1.0
_ALL = "all"


@dataclass(frozen=True)
class FromOption:
    """`--from`, taken apart; strength None is the usual one."""

    file: Path
    strength: float | None


@dataclass(frozen=True)
class RepaintOption:
    """`--repaint`, taken apart: a word or a mask's file; context None is the usual one, "all" the whole picture."""

    what: str
    context: int | str | None


@dataclass(frozen=True)
class RefineOption:
    """`--refine`, taken apart; strength None is the usual one."""

    scale: int
    strength: float | None


Margins = tuple[int, int, int, int]
"""Pixels that are added: left, top, right, bottom."""


def parse_from(text: str) -> FromOption:
    """Take `FILE[:STRENGTH]` apart: split at the last ":" where the tail is a plain number, and no file is called so.

    Raises:
        CommandError: there is no file in it.
    """
    file, strength = text, None
    if (match := _STRENGTH.search(text)) and not Path(text).exists():
        strength, file = float(match[1]), text[: match.start()]
    if not file.strip():
        raise CommandError(f'"{text}" names no picture.', hint=_FROM_GRAMMAR)
    return FromOption(Path(file), strength)


def parse_repaint(text: str) -> RepaintOption:
    """Take `WORD|MASK[:CONTEXT]` apart.

    Raises:
        CommandError: there is neither a word nor a mask in it.
    """
    what, context = text, None
    if (match := _CONTEXT.search(text)) and not Path(text).exists():
        what, context = text[: match.start()], match[1] if match[1] == _ALL else int(match[1])
    if not what.strip():
        raise CommandError(f'"{text}" names neither a word nor a mask.', hint=_REPAINT_GRAMMAR)
    return RepaintOption(what, context)


def parse_extend(text: str) -> Margins:
    """Take `LEFT,TOP,RIGHT,BOTTOM` apart.

    Raises:
        CommandError: it is something else, or nothing is added.
    """
    match = _EXTEND.match(text.replace(" ", ""))
    margins = [int(part) for part in match.groups()] if match else []
    if not any(margins):
        raise CommandError(f'"{text}" adds nothing to a picture.', hint=_EXTEND_GRAMMAR)
    return margins[0], margins[1], margins[2], margins[3]


def parse_refine(text: str) -> RefineOption:
    """Take `N[:STRENGTH]` apart.

    Raises:
        CommandError: it is something else.
    """
    match = _REFINE.match(text)
    if not match:
        raise CommandError(f'"{text}" is not a size to refine to.', hint=_REFINE_GRAMMAR)
    return RefineOption(int(match[1]), None if match[2] is None else float(match[2]))


def widened(scene: Scene, margins: Margins | None, *, grow_paint: bool = False) -> Scene:
    """The scene on a canvas that is larger by these margins; its paint stays where it is in the picture.

    With `grow_paint` words that touch an edge grow into the new part (`canvas.model.continuing`).
    """
    if margins is None:
        return scene
    left, top, right, bottom = margins
    size = scene.size[0] + left + right, scene.size[1] + top + bottom
    anchor = left / max(1, left + right), top / max(1, top + bottom)
    return continuing.extended(scene, size, anchor) if grow_paint else edits.set_size(scene, size, anchor=anchor)


def size_of(changes: Mapping[str, Any], facts: ModelFacts) -> tuple[int, int] | None:
    """The size of a picture without a scene that begins from another: its own where a part is repainted or added, else
    its shape at as many pixels as the model likes; None where it begins from noise.

    Raises:
        CommandError, SceneFileError: see `take_rework`.
    """
    option: FromOption | None = changes.get("from_picture") or changes.get("vary")
    if option is None:
        return None
    height, width = _read(option.file).shape[:2]
    if changes.get("extend") is not None:
        left, top, right, bottom = changes["extend"]
        return width + left + right, height + top + bottom
    if changes.get("repaint") is not None or (changes.get("instruct") and _suits((width, height), facts)):
        return width, height
    scale = math.sqrt(math.prod(facts.defaults.size) / (width * height))
    return facts.nearest(round(width * scale)), facts.nearest(round(height * scale))


def _suits(size: tuple[int, int], facts: ModelFacts) -> bool:
    """Whether a model can well make a picture of that size."""
    return all(side % facts.multiple == 0 for side in size) and math.prod(size) <= 2 * math.prod(facts.defaults.size)


def take_rework(scene: Scene, changes: Mapping[str, Any], file: Path | None) -> Begun | None:
    """What these options ask for, for the pictures of a scene; None for noise alone.

    Without `--from`, a picture that is given as FILE is what `--repaint` and `--extend` work on.

    Raises:
        CommandError: a file is not there, there is nothing to repaint, or it is of another size. SceneFileError: it is
        no picture. BadMask: see `engine.mask_from_image`.
    """
    option: FromOption | None = changes.get("from_picture")
    if option is not None and changes.get("instruct") is not None:
        return instruct_option.take_instruct(scene, _read(option.file), changes)
    repaint: RepaintOption | None = changes.get("repaint")
    margins: Margins | None = changes.get("extend")
    refine: RefineOption | None = changes.get("refine")
    source = edit_option.source_of(changes)
    if changes.get("again"):
        if changes.get("vary") or option or repaint or margins or refine:
            raise CommandError("--again starts as FILE did, and from nothing else.", hint="Leave the other out.")
        return _again(file, scene)
    if repaint is not None and margins is not None:
        raise CommandError("A picture cannot be repainted and extended at once.", hint="Do one first, then the other.")
    if margins is None and changes.get("grow_paint"):
        raise CommandError("Nothing is extended that paint could grow into.", hint=_EXTEND_GRAMMAR)
    if option is None and (repaint is not None or margins is not None):
        if file is None or file.suffix.lower() != ".png":
            doing = "repaint" if margins is None else "extend"
            raise CommandError(f"There is no picture to {doing}.", hint="Name it with --from FILE.")
        option = FromOption(file, None)
    shape: str = changes.get("keep_shape") or ""
    if shape and repaint is None:
        raise CommandError("There is no part whose shape could be kept.", hint="Name it with --repaint WORD or MASK.")
    if changes.get("shows") is not None and shape != "picture":
        raise CommandError("What a picture shows matters to its own noise alone.", hint="Add --keep-shape picture.")
    second: dict[str, Any] = {}
    upscaler: Path | None = changes.get("upscaler")
    if upscaler is not None and refine is None:
        raise CommandError("--upscaler is given without --refine.", hint="Add --refine 2.")
    if upscaler is not None and not upscaler.is_file():
        raise CommandError(f'There is no file "{upscaler}".', hint="Check the path; it is a .safetensors file.")
    if refine is not None:
        second = {"scale": refine.scale, "upscaler": "" if upscaler is None else str(upscaler)}
        if refine.strength is not None:
            second["detail"] = refine.strength
    if (varied := vary_option.take_vary(scene, changes, second)) is not None:
        return varied
    if source is not None:
        return edit_option.take_edit(scene, source, changes, second)
    if option is None:
        return Begun("refine", **second) if second else None
    kind = "extend" if margins is not None else "repaint" if repaint is not None else "image"
    rgb, mask = _read(option.file), None
    if margins is not None:
        rgb, mask = _extended(rgb, scene.size, margins)
    elif repaint is not None:
        mask = _mask(scene, repaint)
        _check_size((rgb.shape[1], rgb.shape[0]), scene.size)
    usual = _STRENGTH_OF_ALL if mask is None else _STRENGTH_OF_PART
    return Begun.of(
        kind,
        np.array(ImageOps.fit(Image.fromarray(rgb), scene.size, Image.Resampling.LANCZOS)),
        usual if option.strength is None else option.strength,
        name=option.file.name,
        mask=mask,
        context=None if mask is None else _context(mask, repaint),
        shape=shape,
        shows=_shown(option.file, changes.get("shows")) if shape == "picture" else "",
        **second,
    )


def _shown(file: Path, said: str | None) -> str:
    """What a picture shows, as it was said, or as the scene in its file has it."""
    from canvas.files import reading

    if said is not None or file.suffix.lower() != ".png":
        return said or ""
    held = reading.read_all(file)
    return "" if held is None or held.scene is None else held.scene.prompt


def _again(file: Path | None, scene: Scene) -> Begun:
    """What the picture in a file began from."""
    from canvas.files import reading

    held = None if file is None else reading.read_all(file)
    if held is None or held.begun is None:
        raise CommandError(
            "FILE does not say that it started from a picture.", hint="Leave --again out: it then starts from noise."
        )
    begun = held.begun
    if not begun.complete:
        name = f' "{begun.name}"' if begun.name else ""
        raise CommandError(
            f"The picture{name} that FILE started from is not in it.", hint="Name it with --from, if you have it."
        )
    if begun.rgb is not None:
        _check_size((begun.rgb.shape[1], begun.rgb.shape[0]), scene.size)
    return begun


def _read(file: Path) -> np.ndarray:
    if not file.is_file():
        raise CommandError(f'There is no file "{file}".', hint=_FROM_GRAMMAR)
    return read_rgb(file)


def _mask(scene: Scene, option: RepaintOption) -> np.ndarray:
    """The part to make anew: a word's paint, or the mask in a file."""
    from engine import mask_from_image

    if Path(option.what).is_file():
        return mask_from_image(option.what, size=scene.size)
    asked = option.what.casefold()
    words = [word for word in scene.words if word.span and word.phrase.casefold() == asked]
    if not words:
        names = ", ".join(f'"{word.phrase}"' for word in scene.words if word.span)
        painted = f"Painted are: {names}. " if names else ""
        raise CommandError(f'"{option.what}" is neither a painted word nor a file.', hint=painted + _REPAINT_GRAMMAR)
    mask = np.maximum.reduce([scene.masks[word.id].to_array() for word in words])
    if not mask.any():
        raise CommandError(f'Nothing is painted for "{option.what}".', hint="Paint it with --paint, or give a mask.")
    return mask


def _extended(rgb: np.ndarray, size: tuple[int, int], margins: Margins) -> tuple[np.ndarray, np.ndarray]:
    from engine.reworking.extending import extended

    left, top, right, bottom = margins
    _check_size((rgb.shape[1] + left + right, rgb.shape[0] + top + bottom), size)
    return extended(rgb, size, (left, top))


def _check_size(found: tuple[int, int], size: tuple[int, int]) -> None:
    if found != size:
        raise CommandError(
            f"The picture is {found[0]}x{found[1]}, but the scene is {size[0]}x{size[1]}.",
            hint="Only a picture of the scene's size can be repainted in part: leave --size out, or resize one of"
            " them.",
        )


def _context(mask: np.ndarray, option: RepaintOption | None) -> int | None:
    from engine.reworking.work_area import usual_context

    if option is not None and option.context == _ALL:
        return None
    return usual_context(mask) if option is None or option.context is None else int(option.context)
