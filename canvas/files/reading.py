"""Opening any file that Wordbrush takes, by what is in it and not by what its name ends in."""

from __future__ import annotations

from pathlib import Path

from canvas.files import foreign, image_io, kra, lossy, ora, png, psd
from canvas.files.opened import Opened
from canvas.model.errors import SceneFileError
from resources import pictures

SCENE_SUFFIX = ".ora"
SUFFIXES = (SCENE_SUFFIX, *pictures.SUFFIXES, ".kra", ".psd")
"""What the names of files end in that `read_all` takes; for dialogs and drops."""

_ZIP = b"PK\x03\x04"
_KRITA = b"mimetypeapplication/x-kr"
"""How such an archive begins: the first entry, as it is, with its name before it."""
_START = 100
_PNG = b"\x89PNG\r\n\x1a\n"


def read_all(source: Path | str | bytes, name: str = "") -> Opened:
    """Everything that a file holds, from one reading of it: a scene file, or a picture with or without a scene.

    Of a picture that another program made, the scene is what it says of prompt and settings (see
    `canvas.files.foreign`), with remarks; one that says nothing comes with `scene` None. Slow for large files, and made
    for any thread.

    Args:
        source: a file, or the bytes of one (where they are needed for something else too).
        name: what messages call the bytes; a file is called by its own name.

    Raises:
        SceneFileError: the file is not there, of another kind, damaged or hostile.
    """
    if isinstance(source, bytes):
        start = source[:_START]
    else:
        start, name = _start_of(source), Path(source).name
    if start.startswith(psd.START):
        return psd.read_all(source, name)
    if start.startswith(_ZIP) and _KRITA in start:
        return kra.read_all(source, name)
    if start.startswith(_ZIP) or (not start.startswith(_PNG) and Path(name).suffix.lower() == SCENE_SUFFIX):
        return ora.read_all(source, name)
    if start.startswith(_PNG):
        return png.read_all(source, name)
    image = image_io.read_image(source, f"“{name}”")
    return lossy.opened(image) or foreign.opened(image)


def _start_of(path: Path | str) -> bytes:
    """The first bytes of a regular file. Raises SceneFileError."""
    name = f"“{Path(path).name}”"
    try:
        if Path(path).exists() and not Path(path).is_file():  # opening a pipe would wait for its other end
            raise SceneFileError(f"{name} is not a file.", hint="Open a scene (.ora) or a picture.")
        with open(path, "rb") as file:
            return file.read(_START)
    except FileNotFoundError as error:
        raise SceneFileError(f"There is no file {name}.", hint="Check the name, or pick another file.") from error
    except (OSError, ValueError) as error:
        hint = "Check that you may read it, or pick another file."
        raise SceneFileError(f"{name} cannot be read.", hint=hint, details=repr(error)) from error
