"""Which image encoder of a model's makes a folder's pictures comparable, and how words are read beside it; no torch.

A picture is compared with a picture by any CLIP image encoder. With words it can be compared only where the text
encoder was taught together with that image encoder (arXiv 2103.00020): a whole CLIP, or the two halves of one that come
in different files, as Stable Diffusion XL's second text encoder and the IP-Adapters' ViT-bigG. Elsewhere, words are
looked for among the names that the recogniser sees (the starter), and among the names of files everywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import resources
from engine.errors import EngineError
from engine.facts import STARTER
from engine.models.ip_adapters.finding import known_encoders
from engine.models.ip_adapters.kinds import ImageEncoder
from engine.scoring.visible_share import FILE
from engine.weights.files import fingerprint, read_json
from engine.weights.headers import metadata, read_header

if TYPE_CHECKING:
    from engine.facts import InstalledModel
    from engine.models.library import Library

VERSION = 3
"""Counts how vectors are made of pictures: indexes of another version are made anew."""
ANY_TEXT, SEEN_NAMES, FILE_NAMES = "any", "seen", "files"
"""How words are read: by CLIP's text encoder; as names that the recogniser sees; in the names of files alone."""
WHOLE, HALVES, PICTURES, OWN = "clip", "halves", "pictures", "own"
"""A whole CLIP; an image and a text encoder that belong together; an image encoder alone; one like the starter's."""

WEIGHTS = "model.safetensors"

_PAIRS: dict[tuple[Any, ...], tuple[int, int]] = {(1280, 32, 1280): (1664, 48), (768, 12, 768): (1024, 24)}
"""CLIPs that come in halves, by their sizes: width and layers of the text encoder and the projection of both -> width
and layers of the image encoder. OpenCLIP's ViT-bigG (SDXL, SD 3) and OpenAI's ViT-L (SD 3)."""


@dataclass(frozen=True)
class Space:
    """One way of comparing pictures.

    Attributes:
        kind: of `WHOLE`, `HALVES`, `PICTURES` and `OWN`. words: of `ANY_TEXT`, `SEEN_NAMES` and `FILE_NAMES`.
        name: what the encoder is called. encoder: its files. model: whose text encoder reads words (`HALVES`), or
            whose image encoder it is (`OWN`).
        suffix: of that text encoder's folder.
        key: changes where its files do.
    """

    kind: str
    words: str
    name: str
    encoder: Path
    model: InstalledModel | None = None
    suffix: str = ""
    image: ImageEncoder | None = None

    @property
    def key(self) -> str:
        """Names the space: vectors of one key can be compared."""
        told = repr((VERSION, self.kind, str(self.encoder), fingerprint(self.encoder)))
        return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:16]

    @property
    def width(self) -> int:
        """Numbers of a vector, by the files' headers alone."""
        if self.kind != OWN:
            assert self.image is not None, "spaces of CLIP name their image encoder"
            return int(self.image.config["projection_dim"])
        config = read_json(self.encoder / "config.json", part="image encoder")
        return 2 * int(config.get("hidden_size", 768)) + (len(judged_names()) if self.words == SEEN_NAMES else 0)


def judged_names() -> tuple[str, ...]:
    """Return the names that the recogniser tells apart, by its file's header; () where none is installed."""
    file = resources.path(FILE)
    return tuple(json.loads(metadata(read_header(file, part="recogniser"))["names"])) if file.is_file() else ()


def choose(model: str, library: Library) -> Space:
    """Return the best space for a model.

    One that reads any words goes first, then the model's own image encoder, then an IP-Adapter's, and where there is
    none the starter's, which always ships.

    Raises:
        ModelNotFound, and what `Library.inspect` raises: there is no such model.
    """
    facts = library.inspect(model)
    whole = next(_whole_clips(facts, library), None)
    if whole is not None:
        return whole
    encoders = [each for each in known_encoders(facts, library) if each.config.get("projection_dim")]
    for suffix, config in _text_encoders(facts):
        sizes = tuple(config.get(name) for name in ("hidden_size", "num_hidden_layers", "projection_dim"))
        for encoder in encoders:
            read = tuple(encoder.config.get(name) for name in ("hidden_size", "num_hidden_layers"))
            if _PAIRS.get(sizes) == read and encoder.config.get("projection_dim") == sizes[2]:
                return Space(HALVES, ANY_TEXT, encoder.path.name, encoder.path, facts, suffix, encoder)
    if facts.takes_styles:
        return _own(facts)
    if encoders:
        return Space(PICTURES, FILE_NAMES, encoders[0].path.name, encoders[0].path, image=encoders[0])
    return _own(library.inspect(STARTER))


def _own(facts: InstalledModel) -> Space:
    words = SEEN_NAMES if set(facts.names) & set(judged_names()) else FILE_NAMES
    return Space(OWN, words, facts.name, facts.path / "image_encoder", facts)


def _whole_clips(facts: InstalledModel, library: Library) -> Iterator[Space]:
    """The folders with a CLIP of both halves and its tokenizer, as transformers writes one, among image encoders."""
    for folder in library.folders_of("image_encoders", facts.path):
        for place in (folder, *_folders_in(folder)):
            try:
                config = read_json(place / "config.json", part="CLIP") if (place / "config.json").is_file() else {}
            except EngineError:
                continue
            words = (place / "tokenizer.json").is_file() or (place / "vocab.json").is_file()
            if config.get("model_type") == "clip" and words and (place / WEIGHTS).is_file():
                sizes = {**config.get("vision_config", {}), "projection_dim": config.get("projection_dim", 512)}
                yield Space(WHOLE, ANY_TEXT, place.name, place, image=ImageEncoder(place / WEIGHTS, sizes))


def _folders_in(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() and not each.name.startswith("."))
    except OSError:
        return []


def _text_encoders(facts: InstalledModel) -> Iterator[tuple[str, dict[str, Any]]]:
    """The model's CLIP text encoders that project, by the suffix of their folders."""
    for suffix in ("_2", ""):
        try:
            config = read_json(facts.config / f"text_encoder{suffix}" / "config.json", part="text encoder")
        except EngineError:
            continue
        if "CLIPTextModelWithProjection" in (config.get("architectures") or ()):
            yield suffix, config
