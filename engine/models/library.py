"""The library: which models are installed, where they are, and which of them are in memory."""

from __future__ import annotations

import difflib
import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import resources
from engine import preload
from engine.errors import BadRequest, EngineError, ModelNotFound
from engine.facts import STARTER, ModelInfo
from engine.models import families
from engine.models.listing import describe, find_models, points_inside
from engine.models.places import ADDED, HUB_CACHE, LIBRARY, SHIPPED, find_added, find_cached, find_programs, hub_cache
from engine.models.user_folder import user_folder
from engine.weights.files import fingerprint

if TYPE_CHECKING:
    import torch

    from engine.facts import InstalledModel, ManifestExpert
    from engine.models.assembly.tokenizers import Sources
    from engine.models.families import Loader
    from engine.models.families.base import Family
    from engine.models.programs import ProgramFolders
    from engine.text.learnt_words import LearntWord
    from engine.weights.tiers import Way

__all__ = ["STARTER", "Library", "ModelCheck", "ModelInfo", "load_model", "own_expert", "shared_library"]

_KEPT = 2
_LONGEST_NAME = 4096


@dataclass(frozen=True)
class ModelCheck:
    """The result of checking a path without loading it: a usable model, or why it is not one.

    Attributes:
        facts: the model's facts, even if its weights are incomplete. error: why it cannot be used; None if it can.
        inside: the models inside the folder, if it is not a model itself.
    """

    path: Path
    facts: InstalledModel | None = None
    error: EngineError | None = None
    inside: tuple[Path, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether it is a model that can be loaded."""
        return self.error is None


@dataclass(eq=False)
class _Loaded:
    """A model in memory: its parts by name, "" for the base, and the fingerprint of its files when it was read.

    `separate` are the files of its parts that lie outside of its own, which the fingerprint covers too; `memory` is how
    sparing it was to be with the device's memory.
    """

    files: tuple[tuple[str, int, int], ...]
    separate: tuple[Path, ...] = ()
    memory: str = "auto"
    parts: dict[str, Family] = field(default_factory=dict)


class Library:
    """The starter and the user's installed models; keeps the most recently loaded ones in memory.

    `list`, `resolve`, `inspect` and `check` read only files and need no torch; `load` belongs to the engine's thread.

    Args:
        folder: the user's models; by default `user_folder()`.
        keep: how many loaded models stay in memory.
        paths: called at each look-up; the paths outside of the folder that a string may name. Scenes come from
            anywhere, so a program that opens them must list the user's own paths here: any other path in a scene is
            then never touched. None allows all paths, for notebooks and the command line.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        keep: int = _KEPT,
        paths: Callable[[], Iterable[str | Path]] | None = None,
    ) -> None:
        self._folder = folder
        # With an explicit folder nothing else is searched; the default one comes with the Hugging Face cache.
        self._cache = hub_cache() if folder is None else None
        self._keep = keep
        self._paths = paths
        self.controls: dict[Hashable, Any] = {}
        """The ControlNets in memory, see `engine.models.controls.loading`."""
        self.styles: dict[Hashable, Any] = {}
        """IP-Adapters, image encoders and what they made of pictures, see `engine.models.ip_adapters.loading`."""
        self._loaded: OrderedDict[tuple[Path, str], _Loaded] = OrderedDict()

    @property
    def folder(self) -> Path:
        """The user's models: the folder that was given, or the user's own as the environment has it now."""
        return self._folder or user_folder()

    @property
    def adapters_folder(self) -> Path:
        """Where LoRA files lie that are called by name: `loras` beside the models folder."""
        return self.folder.parent / "loras"

    def folders_of(self, kind: str, model: Path | None = None) -> tuple[Path, ...]:
        """Return where "loras" and the like lie; see `engine.models.extras.folders_of`."""
        from engine.models.extras import folders_of

        return folders_of(kind, self.folder, self.programs().values(), model)

    def learnt_words(self, texts: Sequence[str], model: Path) -> tuple[LearntWord, ...]:
        """Return the embeddings whose words stand in one of the texts; see `engine.models.embeddings.read_named`."""
        near = (self.folder.parent, self.folder, model, *model.parents[:6])
        if not any((place / "embeddings").is_dir() for place in near) and not self.programs():
            return ()  # before any of their code is asked for
        from engine.models.embeddings import read_named

        return read_named(texts, self.folders_of("embeddings", model))

    def list(self) -> list[ModelInfo]:
        """Return the installed models, the starter first, then by name; those that cannot be used say why."""
        parts, places = self._parts(), self.places()
        sources = self._sources(places)
        return [describe(name, path, parts, sources) for name, (path, _) in places.items()]

    def places(self) -> Mapping[str, tuple[Path, str]]:
        """Return the path of each installed model and its place (see `engine.models.places`), in the order of `list`.

        If names clash, the models folder comes first, then added models, then the Hugging Face cache.
        """
        found: dict[str, tuple[Path, str]] = {STARTER: (resources.path(STARTER), SHIPPED)}
        known = {os.path.realpath(found[STARTER][0])}
        for where, models in (
            (LIBRARY, find_models(self.folder)),
            (ADDED, find_added(self.folder)),
            (HUB_CACHE, find_cached(self._cache)),
        ):
            for name, path in models.items():
                if where != LIBRARY and os.path.realpath(path) in known:
                    continue
                known.add(os.path.realpath(path))
                found[str(path) if name in found else name] = (path, where)
        return found

    def programs(self) -> Mapping[Path, ProgramFolders]:
        """Return the folders of the programs that were added, by the path that was added."""
        return find_programs(self.folder)

    def program_of(self, path: Path) -> Path | None:
        """Return the added folder or settings file of the program whose model lies there, else None."""
        for added, program in self.programs().items():
            if any(path.is_relative_to(folder) for folder in program.models):
                return added
        return None

    def _parts(self) -> tuple[Path, ...]:
        """Return the folders with encoders and autoencoders of the programs that were added."""
        return tuple(each for program in self.programs().values() for each in program.parts)

    def _sources(self, places: Mapping[str, tuple[Path, str]] | None = None) -> Sources:
        """Return where tokenizers are looked for; `places` are the installed models, if they are known already."""
        from engine.models.assembly.tokenizers import Sources

        def folders() -> tuple[Path, ...]:
            found = self.places() if places is None else places
            return tuple(path for path, _ in found.values() if os.path.isdir(path))

        return Sources(cache(folders), self.tokenizers_folder)

    @property
    def tokenizers_folder(self) -> Path:
        """Where tokenizers lie that were brought by themselves: `tokenizers` beside the models folder."""
        return self.folder.parent / "tokenizers"

    def _found(self) -> Mapping[str, Path]:
        return {name: path for name, (path, _) in self.places().items() if name != STARTER}

    def resolve(self, name: str | Path) -> Path:
        """Return the folder or file of a model, by its name in the library or by its path.

        A `Path` is used as it is; a string counts as a path only if `paths` allows it.

        Raises:
            ModelNotFound: there is no such model; the hint names the installed ones.
        """
        if isinstance(name, Path):
            return self._existing(name) or self._missing(str(name))
        if name == STARTER:
            return resources.path(STARTER)
        found = self._found()
        if name in found:
            return found[name]
        near = [path for known, path in found.items() if name in (path.name, known.rpartition("/")[2])]
        if len(near) == 1:
            return near[0]
        if self._paths is None:
            allowed = self._existing(name)
        else:
            allowed = next((self._existing(str(path)) for path in self._paths() if str(path) == name), None)
        return allowed or self._missing(name)

    def _existing(self, name: str | Path) -> Path | None:
        """Return the absolute path of an existing file or folder; links are kept: a path names its model."""
        if not 0 < len(str(name)) <= _LONGEST_NAME or "\0" in str(name):
            return None
        try:
            whole = Path(name).expanduser() if os.sep in str(name) else Path(name)
        except RuntimeError:  # "~nobody/x"
            return None
        path = Path(os.path.abspath(whole))
        return path if os.path.exists(path) else None

    def _missing(self, name: str) -> Path:
        names = [STARTER, *self._found()]
        near = difflib.get_close_matches(name[:200], names, n=1)
        meant = f'Did you mean "{near[0]}"? ' if near else ""
        raise ModelNotFound(
            f'There is no model "{name[:200]}".',
            hint=meant + f"Installed: {', '.join(names[:30])}. A path of a model folder works too.",
            details=f"looked in {self.folder}",
        )

    def inspect(self, name: str | Path) -> InstalledModel:
        """Return what the files of a model say about it; see `engine.models.families.inspect` for the errors."""
        path = self.resolve(name)
        return families.inspect(path, self._parts(), self._sources() if path.is_file() else None)

    def check(self, name: str | Path) -> ModelCheck:
        """Check by its files alone whether a name or path is a usable model; never raises.

        Takes a few milliseconds: every part's config and the headers of its weights are read.
        """
        try:
            path = self.resolve(name)
        except EngineError as error:
            return ModelCheck(Path(name), error=error)
        facts = None
        try:
            facts = families.inspect(path, self._parts(), self._sources() if path.is_file() else None)
            families.check_weights(facts)
        except ModelNotFound as error:
            inside = tuple(find_models(path).values()) if path.is_dir() else ()
            return ModelCheck(path, error=points_inside(error, inside, path), inside=inside)
        except EngineError as error:
            return ModelCheck(path, facts, error)
        return ModelCheck(path, facts)

    def loading(
        self,
        name: str | Path,
        device: str = "auto",
        *,
        part: str = "",
        in_use: Collection[Family] = (),
        outside: bool = False,
        memory: str = "auto",
    ) -> Loader:
        """Load a model step by step: yields (what comes next, fraction done), returns the family, ready on the device.

        A model that is in memory already is returned without yielding, unless its files have changed since. Its own
        experts are unloaded together with it.

        Args:
            device: auto, cpu, cuda, cuda:N or mps.
            part: "" for its base denoiser, else the name of one of its own experts.
            in_use: families that must stay in memory, however many models are loaded.
            outside: the denoiser's weights may be off the device; the caller moves them there.
            memory: how sparing it is with the device's memory, one of `resources.limits.MEMORY`. A model that was
                loaded for another is loaded again.

        Raises:
            ModelNotFound, ModelIncomplete, UnsafeModel, UnsupportedModel, DeviceUnavailable: as their names say.
            BadRequest: the model has no such expert.
        """
        facts = self.inspect(name)
        own = own_expert(facts, part)
        if not self._loaded:
            yield "libraries", 0.0
        preload.load_libraries()
        from engine.weights import loading as weights

        place = weights.pick_device(device)
        key = (facts.path, str(place))
        separate = tuple(facts.files.values())
        files = fingerprint(facts.path, separate)
        self._forget_changed(key, files, memory, in_use)
        if key not in self._loaded:
            self._drop(in_use, keep=self._keep - 1)
            way = self._way(facts, place, memory, in_use)
            if way.offload != "none" or way.sequential:
                yield f"the model so that it fits. {way.reason}", 0.0
            loaded = yield from families.load(facts, place, way)
            self._loaded[key] = _Loaded(files, separate, memory, {"": loaded})
            yield "ready", 1.0
        self._loaded.move_to_end(key)
        parts = self._loaded[key].parts
        if own is not None and own.name not in parts:
            from engine.models import expert_loading as experts

            parts[own.name] = yield from experts.load(own, parts[""], outside=outside)  # type: ignore[arg-type]
            yield "ready", 1.0
        family = parts["" if own is None else own.name]
        if not outside and not family.offloaded.inside:
            for other in [
                each for (_, where), held in self._loaded.items() if where == key[1] for each in held.parts.values()
            ]:
                other.offloaded.release()
            family.offloaded.install(family.offloaded.fetch())
        return family

    def held(self, path: Path, device: str, part: str = "") -> Family | None:
        """Return the family of a model's path, or of one of its own experts, if it is in memory and up to date."""
        from engine.weights import loading as weights

        loaded = self._loaded.get((path, str(weights.pick_device(device))))
        if loaded is None or loaded.files != fingerprint(path, loaded.separate):
            return None
        return loaded.parts.get(part)

    def drop_idle(self, in_use: Collection[Family]) -> None:
        """Unload every model that is not in use."""
        self._drop(in_use, keep=0)

    def _way(self, facts: InstalledModel, place: torch.device, memory: str, in_use: Collection[Family]) -> Way:
        """Return the way in which a model is to be loaded; idle models go where they would make it a slower one."""
        from engine.models.memory_ways import way_for, ways_of
        from engine.weights.tiers import WHOLE

        try:
            every = ways_of(facts, place)
            way = way_for(facts, place, memory)
        except EngineError:
            return WHOLE  # what is wrong with its files, those will tell that read them
        if self._loaded and way.name != every[0].name:
            self._drop(in_use, keep=0)
            way = way_for(facts, place, memory)
        on_device = [each for each in every if each.name != "cpu"]
        if way.name == "cpu" and on_device:
            # Pictures may be smaller than the model's own size, which is what was counted with: that is seen later.
            way = replace(on_device[-1], reason=f"{on_device[-1].says}, and the memory may still not suffice.")
        return way

    def _forget_changed(
        self,
        key: tuple[Path, str],
        files: tuple[tuple[str, int, int], ...],
        memory: str,
        in_use: Collection[Family],
    ) -> None:
        """Drop a model whose files have changed, or that was loaded to use the memory in another way, so that it is
        loaded again; not while a run uses it."""
        loaded = self._loaded.get(key)
        if loaded is None or (loaded.files == files and loaded.memory == memory):
            return
        if not any(family is other for family in loaded.parts.values() for other in in_use):
            from engine.weights import loading as weights

            del self._loaded[key], loaded
            weights.free_memory()

    def _drop(self, in_use: Collection[Family], *, keep: int) -> None:
        """Unload the least recently used models until `keep` are left, or only those in use."""
        from engine.weights import loading as weights

        if not keep:
            self.controls.clear()
            self.styles.clear()
        for key in list(self._loaded):
            if len(self._loaded) <= keep:
                return
            if not any(family is other for family in self._loaded[key].parts.values() for other in in_use):
                del self._loaded[key]
                weights.free_memory()

    def load(self, name: str | Path, device: str = "auto") -> Family:
        """Run `loading` to its end and return the family, with the weights of its files and no LoRA in them."""
        steps = self.loading(name, device)
        while True:
            try:
                next(steps)
            except StopIteration as done:
                family: Family = done.value
                family.adapt((), "")
                return family

    def release(self) -> None:
        """Unload every model and free the memory."""
        from engine.weights import loading as weights

        self._loaded.clear()
        self.controls.clear()
        self.styles.clear()
        weights.free_memory()


def own_expert(facts: InstalledModel, part: str) -> ManifestExpert | None:
    """Return the model's own expert of that name; None if it is the base denoiser.

    Raises:
        BadRequest: the model has no such expert; the hint names those that it has.
    """
    if not part:
        return None
    every = (*facts.experts, *((facts.instruct,) if facts.instruct else ()))
    found = next((expert for expert in every if expert.name == part), None)
    if found is None:
        names = ", ".join(expert.name for expert in facts.experts)
        raise BadRequest(
            f'The model "{facts.name}" has no expert "{part}".',
            hint=f"It has: {names}." if names else "It has none; choose another model, or its base.",
        )
    return None if found.folder is None else found


@cache
def shared_library() -> Library:
    """Return the default library, shared by all calls that pass none, so that models stay in memory between calls."""
    return Library()


def load_model(name: str | Path = STARTER, device: str = "auto") -> Family:
    """Return a model of the shared library, by name or path, ready on the device; see `Library.loading` for the
    errors."""
    return shared_library().load(name, device)
