"""Pictures for styles: what was dropped, and reading it on a thread of its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.language import tr
from app.storage.results import spoken
from app.storage.worker import Worker
from canvas.files.image_io import style_picture
from engine.errors import BadReference, EngineError
from engine.scoring.style_image import reference_and_alpha

NAME_LENGTH = 60
ENCODED = ("image/png", "image/jpeg", "image/webp", "image/bmp", "image/tiff", "image/gif")


@dataclass(frozen=True)
class Source:
    """Where a style's picture comes from: a file, or what was dragged out of another program, encoded or as pixels."""

    name: str
    path: Path | None = None
    data: bytes | None = None
    image: QImage | None = None


@dataclass(frozen=True)
class StylePicture:
    """A picture that was read: the PNG that a style keeps, and whether some of it was see-through."""

    name: str
    picture: bytes
    see_through: bool


def brings_picture(data: QMimeData) -> bool:
    """Whether a drag may be a picture: then the dock takes the drop, if only to say what is wrong with it."""
    return data.hasUrls() or data.hasImage() or any(data.hasFormat(kind) for kind in ENCODED)


def dropped(data: QMimeData) -> list[Source]:
    """The pictures of a drop: files first; else the pixels, which a browser gives beside their address.

    Raises:
        BadReference: there is only the address of a page or a picture on the web.
    """
    urls = data.urls()
    files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if files:
        return [Source(path.stem or path.name, path=path) for path in files]
    address = unquote(urlsplit(urls[0].toString()).path) if urls else ""
    name = Path(address).stem or tr("Dropped picture")
    encoded = next((bytes(data.data(kind).data()) for kind in ENCODED if data.hasFormat(kind)), b"")
    if encoded:
        return [Source(name, data=encoded)]
    # Qt would decode whatever else there is by all of its plug-ins, SVG's among them: only pixels as they are will do.
    if data.hasImage() and not any(kind.startswith("image/") for kind in data.formats()):
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return [Source(name, image=image)]
    raise BadReference(
        "Only a link was dropped, not the picture itself.",
        hint="Save the picture to a file first, then drop the file here.",
        details=", ".join(url.toString() for url in urls),
    )


def read(source: Source) -> StylePicture:
    """Read, check and shrink a picture; see-through parts are laid on white. Raises BadReference."""
    given: Path | bytes | Image.Image
    if source.image is not None:
        given = Image.fromarray(_rgba(source.image))
    else:
        assert source.path is not None or source.data is not None
        given = source.data if source.data is not None else source.path  # type: ignore[assignment]
    picture, see_through = reference_and_alpha(given)
    return StylePicture(shown_name(source.name), style_picture(picture), see_through)


def shown_name(name: str) -> str:
    """A file's name as a style's: printable, and not too long to be shown."""
    plain = "".join(character if character.isprintable() else " " for character in spoken(name)).strip()
    return plain[:NAME_LENGTH] or "Picture"


def _rgba(image: QImage) -> np.ndarray:
    """The pixels uint8 `[h, w, 4]`. Raises BadReference for more than a reference may have."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


class ImageLoader(QObject):
    """Reads pictures one after another; `read` and `failed` come on the thread that this object lives on."""

    read = Signal(object, object)  # StylePicture, what `ask` was given
    failed = Signal(object)
    _done = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker("styles")
        self._numbers = itertools.count(1)
        self._round = next(self._numbers)
        self._done.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def ask(self, sources: Sequence[Source], what_for: object = None) -> None:
        """Read these pictures; `what_for` comes back with each."""
        for source in sources:
            self._worker.submit(self._work, self._round, source, what_for)

    def forget(self) -> None:
        """What is being read was for another scene."""
        self._round = next(self._numbers)

    def close(self, timeout: float | None = None) -> bool:
        """Stop, and wait for the thread; False where that took longer than `timeout` seconds."""
        self.forget()
        return self._worker.close(timeout, drop=True)

    def _work(self, number: int, source: Source, what_for: object) -> None:
        try:
            outcome: object = read(source)
        except EngineError as error:
            outcome = error
        except Exception as error:  # a picture that no rule foresaw must not end in silence
            outcome = BadReference(
                f'"{source.name}" cannot be read.', hint="Save it again as a PNG.", details=repr(error)
            )
        self._done.emit(number, outcome, what_for)

    def _tell(self, number: int, outcome: object, what_for: object) -> None:
        if number != self._round:
            return
        if isinstance(outcome, StylePicture):
            self.read.emit(outcome, what_for)
        else:
            self.failed.emit(outcome)
