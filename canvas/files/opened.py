"""The result of reading a file once: scene, picture and what is known of it, so that nothing is read twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from canvas.model.begun import Begun
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene


@dataclass(frozen=True)
class WantedModel:
    """The model that another program's picture was made with.

    Attributes:
        name: without folders. digest: what the program says of its content, in small hexadecimal digits: A1111 writes
            the first ten of the file's SHA-256; "" for nothing.
        remark: what `Opened.remarks` says of it, as long as it is not found here.
    """

    name: str
    digest: str = ""
    remark: str = ""


@dataclass(frozen=True, eq=False)
class Opened:
    """A scene file or a picture, as `canvas.files.reading.read_all`, `ora.read_all` and `png.read_all` give it.

    Made without Qt and without global state, so that any thread may read; every array is the reader's own.

    Attributes:
        scene: what is to be worked on; None for a picture that carries no scene (then `fault` may say why).
        picture: uint8 RGB `[h, w, 3]`, the last result of a scene file, or the picture itself; None for none.
        rgba: the picture with its alpha, straight uint8 `[h, w, 4]`, where some of it is see-through (white in
            `picture`); else None.
        made_by: the scene that made `picture`, None where nobody knows. For a picture it is `scene`.
        notes: texts that lie beside the picture, by name; "scores" are those of the words of `made_by`.
        begun: what `picture` began from, where that is not noise alone, or where it had a second pass; else None.
        parameters: the `parameters` text of a picture as A1111 writes it.
        own: whether it is a scene file that Wordbrush wrote, so that saving over it loses nothing.
        fault: why the scene that a picture carries cannot be used, while the picture itself can.
        wanted: the model that another program made it with.
        remarks: what was not understood or left out, and what was guessed: one sentence each, for the painter.
    """

    scene: Scene | None = None
    picture: np.ndarray | None = None
    made_by: Scene | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    begun: Begun | None = None
    parameters: str | None = None
    own: bool = False
    fault: SceneFileError | None = None
    wanted: WantedModel | None = None
    remarks: tuple[str, ...] = ()
    rgba: np.ndarray | None = None
