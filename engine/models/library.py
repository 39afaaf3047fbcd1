"""The library: which models are installed, where they are, and which of them are in memory."""

from __future__ import annotations

import difflib
import os
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from engine import preload
from engine.errors import BadRequest, EngineError, ModelNotFound
from engine.models import families
from engine.weights.files import PICKLES

if TYPE_CHECKING:
    from engine.facts import InstalledModel, ManifestExpert
    from engine.models.families import Loader
    from engine.models.families.base import Family

STARTER = "starter"
_FILES = (".safetensors", *PICKLES)
_KEPT = 2


@dataclass(frozen=True)
class ModelInfo:
    """One installed model.

    Attributes:
        name: what a request calls it. family: its architecture, "" where the model cannot be used.
        size_bytes: of all its files. problem: why it cannot be used, empty where it can.
        names: all that it can paint, see `InstalledModel`.
    """

    name: str
    path: Path
    family: str
    size_bytes: int
    problem: str = ""
    names: tuple[str, ...] = ()


def user_folder() -> Path:
    """Where the user's models lie: `WORDBRUSH_MODELS`, else `models` in the program's data folder.

    `WORDBRUSH_HOME` puts the data folder, with all else that the program keeps, in one place.
    """
    if named := os.environ.get("WORDBRUSH_MODELS"):
        return Path(named).expanduser()
    if home := os.environ.get("WORDBRUSH_HOME"):
        return Path(home).expanduser() / "models"
    import platformdirs

    return Path(platformdirs.user_data_dir("Wordbrush", appauthor=False)) / "models"


class Library:
    """The starter and the models in the user's folder; keeps the last ones that were loaded.

    `list`, `resolve` and `inspect` read only files and need no torch; `load` belongs to the engine's thread.

    Args:
        folder: the user's models; by default `user_folder()`.
        keep: how many loaded models stay in memory.
    """

    def __init__(self, folder: Path | None = None, *, keep: int = _KEPT) -> None:
        self.folder = folder or user_folder()
        self._keep = keep
        self._loaded: OrderedDict[tuple[Path, str], dict[str, Family]] = OrderedDict()

    def list(self) -> list[ModelInfo]:
        """The installed models, the starter first, then by name; those that cannot be used say why."""
        found = [(STARTER, resources.path(STARTER))]
        if self.folder.is_dir():
            entries = sorted(self.folder.iterdir(), key=lambda path: path.name.lower())
            found += [(path.stem if path.is_file() else path.name, path) for path in entries if _is_model(path)]
        return [_info(name, path) for name, path in found]

    def resolve(self, name: str | Path) -> Path:
        """The folder or file of a model, by its name in the library or by its path.

        Raises:
            ModelNotFound: there is none; the hint names those that are installed.
        """
        if str(name) == STARTER:
            return resources.path(STARTER)
        for candidate in [self.folder / name, *(self.folder / f"{name}{suffix}" for suffix in _FILES)]:
            if _is_model(candidate):
                return candidate
        path = Path(name).expanduser()
        if path.exists():
            return path.resolve()
        names = [model.name for model in self.list()]
        near = difflib.get_close_matches(str(name), names, n=1)
        meant = f'Did you mean "{near[0]}"? ' if near else ""
        raise ModelNotFound(
            f'There is no model "{name}".',
            hint=f"{meant}Installed: {', '.join(names)}. A path of a model folder works too.",
            details=f"looked in {self.folder}",
        )

    def inspect(self, name: str | Path) -> InstalledModel:
        """What the files of a model say about it; see `engine.models.families.inspect` for the errors."""
        return families.inspect(self.resolve(name))

    def loading(
        self,
        name: str | Path,
        device: str = "auto",
        *,
        part: str = "",
        in_use: Collection[Family] = (),
        outside: bool = False,
    ) -> Loader:
        """Loads a model step by step: yields (what comes next, fraction done), returns the family, ready on the device.

        Where it was loaded before it comes from memory and nothing is yielded. Its own experts come and go with it.

        Args:
            device: auto, cpu, cuda, cuda:N or mps.
            part: "" is its base denoiser, else the name of one of its own experts.
            in_use: what must stay, however many models there are.
            outside: the denoiser's weights may be off the device; whoever asks brings them in.

        Raises:
            ModelNotFound, ModelIncomplete, UnsafeModel, UnsupportedModel, DeviceUnavailable: as their names say.
            BadRequest: the model brings no such expert.
        """
        facts = self.inspect(name)
        own = own_expert(facts, part)
        if not self._loaded:
            yield "libraries", 0.0
        preload.bring()
        from engine.weights import loading as weights

        place = weights.pick_device(device)
        key = (facts.path, str(place))
        if key not in self._loaded:
            self._drop(in_use, keep=self._keep - 1)
            self._loaded[key] = {"": (yield from families.load(facts, place))}
            yield "ready", 1.0
        self._loaded.move_to_end(key)
        parts = self._loaded[key]
        if own is not None and own.name not in parts:
            from engine.models import expert_loading as experts

            parts[own.name] = yield from experts.load(own, parts[""], outside=outside)  # type: ignore[arg-type]
            yield "ready", 1.0
        family = parts["" if own is None else own.name]
        if not outside and not family.offloaded.inside:
            for other in [
                each for (_, where), held in self._loaded.items() if where == key[1] for each in held.values()
            ]:
                other.offloaded.release()
            family.offloaded.install(family.offloaded.fetch())
        return family

    def held(self, path: Path, device: str, part: str = "") -> Family | None:
        """What `loading` of a model's folder or file, or of one of its own experts, would find in memory."""
        from engine.weights import loading as weights

        return self._loaded.get((path, str(weights.pick_device(device))), {}).get(part)

    def drop_idle(self, in_use: Collection[Family]) -> None:
        """Lets go of every loaded model that is not in use."""
        self._drop(in_use, keep=0)

    def _drop(self, in_use: Collection[Family], *, keep: int) -> None:
        """Lets go of the models used longest ago until `keep` are left, or only such as are in use."""
        from engine.weights import loading as weights

        for key in list(self._loaded):
            if len(self._loaded) <= keep:
                return
            if not any(family is other for family in self._loaded[key].values() for other in in_use):
                del self._loaded[key]
                weights.free_memory()

    def load(self, name: str | Path, device: str = "auto") -> Family:
        """`loading` in one go."""
        steps = self.loading(name, device)
        while True:
            try:
                next(steps)
            except StopIteration as done:
                family: Family = done.value
                return family

    def release(self) -> None:
        """Lets go of every loaded model and gives the memory back."""
        from engine.weights import loading as weights

        self._loaded.clear()
        weights.free_memory()


def own_expert(facts: InstalledModel, part: str) -> ManifestExpert | None:
    """The model's own expert of that name; None where it is the base denoiser.

    Raises:
        BadRequest: the model brings none of that name; the hint names those that it brings.
    """
    if not part:
        return None
    found = next((expert for expert in facts.experts if expert.name == part), None)
    if found is None:
        names = ", ".join(expert.name for expert in facts.experts)
        raise BadRequest(
            f'The model "{facts.name}" brings no expert "{part}".',
            hint=f"It brings: {names}." if names else "It brings none; choose another model, or its base.",
        )
    return None if found.folder is None else found


@cache
def shared_library() -> Library:
    """The library that calls without one of their own share, so that models stay in memory between them."""
    return Library()


def load_model(name: str | Path = STARTER, device: str = "auto") -> Family:
    """A model of the shared library, by name or path, ready on the device; see `Library.loading` for the errors."""
    return shared_library().load(name, device)


def _is_model(path: Path) -> bool:
    # os.path says no where pathlib raises: in a folder that may not be read.
    if os.path.isdir(path):
        return os.path.isfile(path / "model_index.json")
    return path.suffix in _FILES and os.path.isfile(path)


def _info(name: str, path: Path) -> ModelInfo:
    size = 0
    try:
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        size = sum(file.stat().st_size for file in files)
        facts = families.inspect(path)
        return ModelInfo(name, path, facts.family, size, names=facts.names)
    except EngineError as error:
        return ModelInfo(name, path, "", size, str(error))
    except OSError as error:
        return ModelInfo(name, path, "", size, f"It cannot be read: {error.strerror or error}.")
