"""Finds the IP-Adapter of a model and the image encoder that it needs, and says what to get where one is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError, ModelIncomplete, ModelNotFound, UnsafeModel, UnsupportedModel
from engine.models.architectures import architectures
from engine.models.ip_adapters.kinds import (
    MODELS,
    ImageEncoder,
    IPAdapter,
    describe,
    describe_encoder,
    is_named_so,
    is_pickled,
)
from engine.weights.files import is_weights, read_json

if TYPE_CHECKING:
    from engine.facts import InstalledModel, ModelFacts
    from engine.models.library import Library

_DEEP = 3
_MOST = 2000
_SOURCE = "h94/IP-Adapter on Hugging Face"
_FILES = {768: "ip-adapter_sd15.safetensors", 2048: "ip-adapter_sdxl_vit-h.safetensors"}
_VIT_H, _VIT_G = "its folder models/image_encoder, CLIP ViT-H", "its folder sdxl_models/image_encoder, CLIP ViT-bigG"
_ENCODERS = {(False, 1024): _VIT_H, (True, 1280): _VIT_H, (False, 1280): _VIT_G, (True, 1664): _VIT_G}
"""By `is_plus` and `reads` of an IP-Adapter: the channels of CLIP's projections and of its patches overlap."""


@dataclass(frozen=True)
class FoundAdapter:
    """An IP-Adapter with the image encoder that it reads."""

    adapter: IPAdapter
    encoder: ImageEncoder


def can_take(facts: InstalledModel) -> bool:
    """Whether style pictures come to a model through an IP-Adapter."""
    return architectures()[facts.family].can.image and not facts.takes_styles


def with_adapters(facts: InstalledModel, library: Library) -> ModelFacts:
    """Return the facts of a model with the IP-Adapters counted that are installed: whether it takes styles, and if not,
    what to get."""
    told = facts.travelling()
    if not can_take(facts):
        return told
    try:
        find(facts, library)
    except UnsupportedModel:
        return told
    except EngineError as error:
        text = error.hint if isinstance(error, ModelNotFound) else f"{error.message} {error.hint}"
        # Facts travel, and name no paths of this machine.
        return replace(told, styles_help=text.replace(str(_home(library)), "the folder ip_adapters beside the models"))
    return replace(told, takes_styles=True)


def _home(library: Library) -> Path:
    return library.folder.parent / "ip_adapters"


def find(facts: InstalledModel, library: Library) -> FoundAdapter:
    """Return the IP-Adapter that acts with a model; plus goes before plain, and one for faces alone comes last.

    Raises:
        ModelNotFound: none fits. UnsafeModel: there is one, but as a pickle. ModelIncomplete: its image encoder is
        missing. UnsupportedModel: there are none for models of this kind.
    """
    width = _text_width(facts)
    if width not in MODELS and not _has_fitting(width, facts, library):
        raise UnsupportedModel(
            f'There is no IP-Adapter for the model "{facts.name}", so it cannot use style pictures.',
            hint="Choose a Stable Diffusion 1.x or XL model, or the starter, or remove the style.",
        )
    adapters, pickles = known_adapters(facts, library)
    fitting = [each for each in adapters if each.width == width]
    encoders = known_encoders(facts, library) if fitting else []
    for adapter in sorted(fitting, key=_rank):
        encoder = next((each for each in encoders if each.fits(adapter)), None)
        if encoder is not None:
            return FoundAdapter(adapter, encoder)
    if fitting:
        adapter = min(fitting, key=_rank)
        what = _ENCODERS.get((adapter.is_plus, adapter.reads), f"one of {adapter.reads} channels")
        raise ModelIncomplete(
            f'The IP-Adapter "{adapter.name}" needs an image encoder, and none that fits was found.',
            hint=f"Get it from {_SOURCE} ({what}) and put it as the folder image_encoder beside {adapter.path.name}.",
        )
    wanted = _FILES.get(width, "one for this model")
    if pickles:
        raise UnsafeModel(
            f'The IP-Adapter "{pickles[0].name}" is a pickle, which can run code as it is opened, so Wordbrush does not'
            " open it.",
            hint=f"Get {wanted} instead, from {_SOURCE}, and put it beside {pickles[0].name}.",
        )
    others = ", ".join(f'"{each.name}" was made for {each.made_for or "other models"}' for each in adapters[:3])
    raise ModelNotFound(
        f'The model "{facts.name}" takes style pictures through an IP-Adapter, and none that fits it is installed.'
        + (f" ({others}.)" if others else ""),
        hint=f"Get {wanted} and the folder models/image_encoder from {_SOURCE} and put both into {_home(library)}.",
    )


def known_adapters(facts: InstalledModel, library: Library) -> tuple[list[IPAdapter], list[Path]]:
    """Return the IP-Adapters that can be read, the nearest first, and the pickles that seem to be some."""
    adapters, pickles = [], []
    for path in _files(facts, library):
        if is_pickled(path):
            pickles.append(path)
        elif is_weights(path):
            try:
                adapters.append(describe(path))
            except (EngineError, OSError):
                continue
    return adapters, pickles


def _has_fitting(width: int, facts: InstalledModel, library: Library) -> bool:
    return any(each.width == width for each in known_adapters(facts, library)[0])


def _rank(adapter: IPAdapter) -> tuple[bool, bool, bool]:
    name = adapter.name.lower()
    return "face" in name, not adapter.is_plus, "light" in name


def _text_width(facts: InstalledModel) -> int:
    width = read_json(facts.config / "unet" / "config.json", part="unet").get("cross_attention_dim")
    return width if isinstance(width, int) else 0


def _near(facts: InstalledModel, library: Library) -> list[Path]:
    """Folders that hold more than IP-Adapters, where only a name tells one: a model's own, ControlNets' of programs."""
    programs = [each for program in library.programs().values() for each in program.controls]
    return [facts.path if facts.path.is_dir() else facts.path.parent, facts.path.parent, library.folder, *programs]


def _files(facts: InstalledModel, library: Library) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in library.folders_of("ip_adapters", facts.path):
        for path in _walk(folder):
            if path.is_file() and path not in seen:
                seen.add(path)
                yield path
    for folder in _near(facts, library):
        for path in _entries(folder):
            if is_named_so(path) and path.is_file() and path not in seen:
                seen.add(path)
                yield path


def known_encoders(facts: InstalledModel, library: Library) -> list[ImageEncoder]:
    """Return the image encoders in the folders of IP-Adapters and in those for such encoders, and the model's own."""
    own = facts.path / "image_encoder"
    paths = [own] if own.is_dir() else []
    for folder in library.folders_of("ip_adapters", facts.path):
        paths += [path for path in _walk(folder) if path.is_dir() or is_weights(path)]
    for folder in library.folders_of("image_encoders", facts.path):
        paths += [folder, *(path for path in _walk(folder) if path.is_dir() or is_weights(path))]
    found = (describe_encoder(path) for path in dict.fromkeys(paths))
    return [each for each in found if each is not None]


def _walk(folder: Path) -> Iterator[Path]:
    queue, looked = [(folder, 0)], 0
    while queue:
        place, depth = queue.pop(0)
        for path in _entries(place):
            looked += 1
            if looked > _MOST:
                return
            yield path
            if path.is_dir() and depth < _DEEP:
                queue.append((path, depth + 1))


def _entries(folder: Path) -> Sequence[Path]:
    try:
        return [path for path in sorted(folder.iterdir(), key=lambda each: each.name.lower()) if path.name[0] != "."]
    except OSError:
        return []
