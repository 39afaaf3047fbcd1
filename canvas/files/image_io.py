"""Pictures of the canvas: files and bytes to arrays and back, with care for pictures that nobody vouches for."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from canvas.model.errors import SceneFileError
from resources import pictures
from resources.limits import MAX_CONTROL_BYTES, MAX_SIDE, MAX_STYLE_BYTES
from resources.mask_pictures import NotAMask, mask_of

STYLE_SIDE = 512
"""A style's picture is kept at this many pixels at most: image encoders look at a few hundred."""

CONTROL_SIDE = 2048
"""A control picture is kept at this many pixels at most: about the largest that models make in one piece."""

_AGAIN = "Open another copy of the file."


def read_rgb(source: Path | str | bytes, what: str = "") -> np.ndarray:
    """Any picture from outside as uint8 RGB `[h, w, 3]`, upright; see-through parts are laid on white.

    Args:
        source: a file or its bytes: PNG, JPEG, WebP, BMP, TIFF or the first frame of a GIF.
        what: what the picture is called in an error; by default its file's name.

    Raises:
        SceneFileError: it is not there, of another kind, too large or damaged.
    """
    return rgb_of(read_image(source, what))


def read_rgba(source: Path | str | bytes, what: str = "") -> np.ndarray:
    """As `read_rgb`, with what is see-through kept so: straight RGBA uint8 `[h, w, 4]`. Raises SceneFileError."""
    image = read_image(source, what)
    return np.array(image.convert("RGBA")) if image.has_transparency_data else _opaque(rgb_of(image))


def _opaque(rgb: np.ndarray) -> np.ndarray:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def read_image(source: Path | str | bytes, what: str = "") -> Image.Image:
    """As `read_rgb`, as Pillow's image, upright, with what it carries beside its pixels. Raises SceneFileError."""
    try:
        return pictures.read_picture(source, max_pixels=MAX_SIDE**2)
    except pictures.PictureError as error:
        raise file_error(error, what or _name(source)) from error


def read_thumbnail(source: Path | str | bytes, side: int) -> np.ndarray:
    """A picture cut square from its middle and scaled to `side` pixels: uint8 RGB `[side, side, 3]`.

    Raises:
        SceneFileError: as `read_rgb` does.
    """
    try:
        image = pictures.read_picture(source, side=side)
    except pictures.PictureError as error:
        raise file_error(error, _name(source)) from error
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    image = image.resize((side, side), Image.Resampling.BOX, (left, top, left + edge, top + edge), reducing_gap=2.0)
    return rgb_of(image)


def rgb_of(image: Image.Image) -> np.ndarray:
    """A decoded picture of any mode as uint8 RGB `[h, w, 3]`; see-through parts are laid on white."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return np.array(image.convert("RGB"))


def rgba_in(image: Image.Image) -> np.ndarray | None:
    """A decoded picture that is see-through somewhere, straight uint8 `[h, w, 4]`; None for one that is not."""
    if not image.has_transparency_data:
        return None
    rgba = np.array(image.convert("RGBA"))
    return None if rgba[..., 3].min() == 255 else rgba


def on_white(rgba: np.ndarray) -> np.ndarray:
    """A picture, uint8 RGB or straight RGBA, as RGB; what is see-through lies on white."""
    return rgba if rgba.shape[2] == 3 else rgb_of(Image.fromarray(rgba))


def file_error(error: pictures.PictureError, name: str) -> SceneFileError:
    """The message about a picture that could not be read."""
    message, hint = error.explain(name)
    return SceneFileError(message, hint=hint, details=error.details)


def _name(source: Path | str | bytes) -> str:
    return "The picture" if isinstance(source, bytes) else f"“{Path(source).name}”"


def open_png(data: bytes, what: str) -> Image.Image:
    """A PNG, decoded to its end. Raises SceneFileError for any other kind, a damaged one or one that is too large."""
    try:
        image = pictures.open_picture(data, kinds=("PNG",), max_pixels=MAX_SIDE**2)
        if max(image.size) > MAX_SIDE:
            raise pictures.PictureError("pixels", f"{image.width}x{image.height}")
        return pictures.decode(image)
    except pictures.PictureError as error:
        if error.reason == "pixels":
            raise SceneFileError(f"{what} is too large.", hint=f"Use at most {MAX_SIDE} pixels a side.") from error
        raise SceneFileError(f"{what} is not a complete PNG picture.", hint=_AGAIN, details=str(error)) from error


def alpha_of(data: bytes, what: str) -> np.ndarray:
    """The alpha of a PNG, uint8 `[h, w]`; 255 everywhere where it has none."""
    image = open_png(data, what)
    if image.mode not in ("RGBA", "LA"):
        image = image.convert("RGBA")
    return np.asarray(image.getchannel("A"))


def mask_in(data: bytes, what: str) -> np.ndarray | None:
    """The mask that a PNG of another program holds, uint8 `[h, w]`; None where it is a picture with colours.

    Raises:
        SceneFileError: it is no whole PNG, or too large.
    """
    try:
        return mask_of(open_png(data, what))
    except NotAMask:
        return None


def grey_of(data: bytes, what: str) -> np.ndarray:
    """A grey PNG of 8 bits as uint8 `[h, w]`."""
    image = open_png(data, what)
    if image.mode != "L":
        raise SceneFileError(f"{what} is not an 8-bit grey picture.", hint=_AGAIN, details=image.mode)
    return np.asarray(image)


def rgba_of(data: bytes, what: str) -> np.ndarray:
    """An RGBA PNG of 8 bits as straight uint8 `[h, w, 4]`; one without alpha is painted all over."""
    image = open_png(data, what)
    if image.mode not in ("RGBA", "RGB", "L", "LA", "P"):
        raise SceneFileError(f"{what} is not an RGBA picture of 8 bits.", hint=_AGAIN, details=image.mode)
    return np.array(image.convert("RGBA"))


def png_bytes(array: np.ndarray) -> bytes:
    """Uint8 `[h, w]`, `[h, w, 3]` or `[h, w, 4]` as a PNG; quick rather than small."""
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG", compress_level=1)
    return out.getvalue()


def thumbnail(rgb: np.ndarray, side: int = 256) -> np.ndarray:
    """RGB uint8 `[h, w, 3]` scaled down to fit `side` pixels; never scaled up."""
    image = Image.fromarray(rgb)
    image.thumbnail((side, side), Image.Resampling.BOX if min(image.size) > 4 * side else Image.Resampling.LANCZOS)
    return np.asarray(image)


def style_picture(rgb: np.ndarray) -> bytes:
    """RGB uint8 `[h, w, 3]` as a style keeps it: a PNG of at most 512 pixels a side."""
    out = io.BytesIO()
    Image.fromarray(thumbnail(rgb, STYLE_SIDE)).save(out, "PNG")
    return out.getvalue()


def control_picture(rgb: np.ndarray) -> bytes:
    """RGB uint8 `[h, w, 3]` as a control picture is kept: a PNG of at most 2048 pixels a side."""
    out = io.BytesIO()
    Image.fromarray(thumbnail(rgb, CONTROL_SIDE)).save(out, "PNG")
    return out.getvalue()


def checked_control_picture(data: bytes, what: str) -> bytes:
    """The bytes themselves, where they are what `control_picture` makes. Raises SceneFileError for anything else."""
    if len(data) > MAX_CONTROL_BYTES:
        raise SceneFileError(f"{what} is too large.", hint=_AGAIN)
    image = open_png(data, what)
    if image.mode != "RGB" or max(image.size) > CONTROL_SIDE:
        details = f"{image.mode} {image.width}x{image.height}"
        raise SceneFileError(f"{what} is not a control picture.", hint=_AGAIN, details=details)
    return data


def checked_style_picture(data: bytes, what: str) -> bytes:
    """The bytes themselves, where they are what `style_picture` makes. Raises SceneFileError for anything else."""
    if len(data) > MAX_STYLE_BYTES:
        raise SceneFileError(f"{what} is too large.", hint=_AGAIN)
    image = open_png(data, what)
    if image.mode != "RGB" or max(image.size) > STYLE_SIDE:
        details = f"{image.mode} {image.width}x{image.height}"
        raise SceneFileError(f"{what} is not a style's.", hint=_AGAIN, details=details)
    return data
