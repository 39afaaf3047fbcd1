"""A mood: what the pictures that somebody likes have in common, and its file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import BadReference, BadRequest, EngineError
from engine.weights.headers import metadata, read_header, shapes
from resources import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

ENDING = ".safetensors"
USUAL = 100
"""Results without a star, the newest, with which starred ones are compared."""

_KIND, _VERSION = "wordbrush.mood", "1"
_MOST_NUMBERS = 1 << 22
_HALF = 6e4  # the largest number, nearly, that half precision has
_NAME = re.compile(r"[^\x00-\x1f/\\:*?\"<>|]{1,80}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Mood:
    """The mean tokens of liked and of usual pictures, as one image encoder reads them.

    The direction is that of aesthetic gradients (arXiv 2209.12330, section 3: the mean of the liked pictures'
    embeddings), less what all pictures share; it is added among the tokens of style pictures instead of changing the
    text encoder, so nothing is learnt and no gradient is taken while a picture is made.

    Attributes:
        name: what it is called, and its file.
        encoder: the digest of the image encoder, see `engine.taste.encoders`: others read pictures otherwise.
        liked, usual: float32 `[n, C]`, n tokens (1 where the encoder gives one vector), means over pictures.
        counts: how many liked and how many usual pictures.
    """

    name: str
    encoder: str
    liked: Tensor
    usual: Tensor
    counts: tuple[int, int]

    def tokens(self, weight: float) -> Tensor:
        """Return its tokens `[1, n, C]`: usual + weight * (liked - usual).

        Args:
            weight: 0 (a picture like the usual ones) .. 1 (the liked pictures' mean).
        """
        return (self.usual + weight * (self.liked - self.usual))[None]

    def to_bytes(self) -> bytes:
        """The whole of its file."""
        from safetensors.torch import save

        about = {
            "kind": _KIND, "version": _VERSION, "name": self.name, "encoder": self.encoder,
            "liked": str(self.counts[0]), "usual": str(self.counts[1]),
        }  # fmt: skip
        tensors = {"liked": self.liked.contiguous(), "usual": self.usual.contiguous()}
        if all(float(each.abs().max()) < _HALF for each in tensors.values()):
            tensors = {name: each.half() for name, each in tensors.items()}
        return bytes(save(tensors, metadata=about))


def check_name(name: str) -> str:
    """Return a mood's name without blanks around it.

    Raises:
        BadRequest: it cannot be a file's name.
    """
    plain = name.strip()
    if not _NAME.fullmatch(plain) or plain.startswith("."):
        raise BadRequest(
            f'"{name}" cannot be the name of a mood.', hint="Use at most 80 letters, digits and blanks, and no / or :."
        )
    return plain


def write_mood(mood: Mood, folder: Path) -> Path:
    """Write a mood's file into a folder, in place of one of its name; returns it.

    Raises:
        EngineError: there is no room, or the folder cannot be written; then what was there stays.
    """
    path = folder / f"{mood.name}{ENDING}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write(path, mood.to_bytes())
    except OSError as error:
        raise EngineError(
            f"The mood cannot be written: {error.strerror or error}.",
            hint="Free some space, or make the folder writable; then make it again.",
            details=repr(error),
        ) from error
    return path


def read_mood(path: Path) -> Mood:
    """Read a mood's file, of which nothing is believed.

    Raises:
        BadReference: it is no mood, is damaged, or is of a newer program.
    """
    import torch

    from engine.weights.tensors import read_tensors

    part = "mood"
    try:
        header = read_header(path, part=part)
        about, sizes = metadata(header), shapes(header)
        if about.get("kind") != _KIND:
            raise BadReference(f'"{path.name}" is not a mood.', hint=_AGAIN)
        if about.get("version") != _VERSION:
            raise BadReference(f'The mood "{path.stem}" was made by a newer program.', hint="Update Wordbrush.")
        liked, usual = sizes["liked"], sizes["usual"]
        if liked != usual or len(liked) != 2 or not 0 < liked[0] * liked[1] <= _MOST_NUMBERS:
            raise ValueError(f"{liked} and {usual}")
        tensors = read_tensors([path], part=part, dtype=torch.float32)
        mood = Mood(
            name=path.stem, encoder=about["encoder"], liked=tensors["liked"].float(), usual=tensors["usual"].float(),
            counts=(int(about["liked"]), int(about["usual"])),
        )  # fmt: skip
        if not all(bool(each.isfinite().all()) for each in (mood.liked, mood.usual)):
            raise ValueError("its numbers are none")
    except BadReference:
        raise
    except (EngineError, KeyError, ValueError) as error:
        raise BadReference(f'The mood "{path.stem}" is damaged.', hint=_AGAIN, details=repr(error)) from error
    return mood


_AGAIN = 'Make it from pictures: wordbrush mood NAME PICTURES..., or "Mood from Starred Pictures" in the window.'


def list_moods(folder: Path) -> list[str]:
    """Return the names of the moods in a folder, by their alphabet; [] where there is no such folder."""
    return sorted((file.stem for file in _files(folder) if _says(file)), key=str.casefold)


def moods_folder(models: Path) -> Path:
    """Return where the user's moods lie: beside the folder of the models."""
    return models.parent / "moods"


def find_mood(name: str, folder: Path) -> Path:
    """Return the file of a mood: `name` is its name in the folder, or its path.

    Raises:
        BadReference: there is none of that name; the hint names those that are.
    """
    own = folder / (name if name.endswith(ENDING) else f"{name}{ENDING}")
    plain = name == Path(name).name
    for path in (*([own] if plain else []), Path(name)):
        if path.is_file() and path.suffix == ENDING:
            return path
    known = list_moods(folder)
    if known:
        raise BadReference(f'There is no mood "{name}".', hint=f"Choose one of: {', '.join(known[:12])}.")
    raise BadReference(f'There is no mood "{name}".', hint=_AGAIN)


def _files(folder: Path) -> Iterable[Path]:
    try:
        return [each for each in folder.iterdir() if each.suffix == ENDING and each.is_file()]
    except OSError:
        return []


def _says(file: Path) -> bool:
    about: Any = {}
    try:
        about = metadata(read_header(file, part="mood"))
    except EngineError:
        return False
    return bool(about.get("kind") == _KIND)
