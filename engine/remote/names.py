"""What clients may name: only what is called by name in this machine's library, never a place on its disk."""

from __future__ import annotations

import dataclasses
import os
import re
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import BadRequest, EngineError, ModelNotFound
from engine.protocol import GenerateRequest

if TYPE_CHECKING:
    from engine.models.library import Library

LONGEST = 300
"""Characters of a name; file systems take fewer."""

_PLACE = re.compile(r"""(?<![\w.:/\\])(?:[A-Za-z]:\\|~?/|\\\\)[^\s"'“”<>|:;,()]*[^\s"'“”<>|:;,().]""")


class Names:
    """Checks and resolves the names in requests.

    Args:
        library: of this machine; None where the executor has no files, such as a stand-in.
        only: the models that clients may use; None is all.
    """

    def __init__(self, library: Library | None = None, *, only: Collection[str] | None = None) -> None:
        self._library, self._only = library, only

    def model(self, name: str) -> str:
        """Return a model's name. Raises BadRequest where it is a place, ModelNotFound where it is not served."""
        _plain(name, "model")
        if not self.serves(name):
            raise ModelNotFound(
                f'The other machine does not serve the model "{name}".',
                hint="Choose one from the list of that machine.",
            )
        return name

    def serves(self, name: str) -> bool:
        """Whether clients may use a model; "" stands for that of the request."""
        return self._only is None or not name or name in self._only

    def shown(self, name: str) -> str:
        """Return what clients call a model: where names clash, the library has a path for one."""
        return re.split(r"[/\\]", name)[-1] if os.path.isabs(name) else name

    def request(self, request: GenerateRequest) -> GenerateRequest:
        """Return a request whose LoRA files and ControlNets are this machine's own.

        Raises:
            BadRequest: something in it is a place. ModelNotFound: there is no LoRA or ControlNet of that name.
        """
        self.model(request.model)
        for expert in request.experts or ():
            self.model(expert.model)
        if request.refine is not None and request.refine.upscaler:
            raise BadRequest(
                "Upscaling networks cannot be used on another machine.", hint="Refine with the filter instead."
            )
        loras = tuple(dataclasses.replace(each, file=self._lora(each.file, request)) for each in request.adapters.loras)
        controls = tuple(
            dataclasses.replace(each, model=self._control(each.model)) for each in request.adapters.controls
        )
        return request.replace(loras=loras, controls=controls) if loras or controls else request

    def _lora(self, name: str, request: GenerateRequest) -> str:
        """The file of a name; one in the folder where this program happens to run does not count."""
        _plain(name, "LoRA")
        if self._library is None:
            return name
        from engine.models.adapters.notes import given_name
        from engine.models.files_below import files_in

        try:
            model = self._library.resolve(request.model)
        except EngineError:
            model = None  # which the run will say
        files = list(files_in(self._library.folders_of("loras", model)))
        wanted = name.lower()
        for file in files:
            if wanted in (file.name.lower(), file.stem.lower()):
                return str(file)
        for file in files:
            if given_name(file).lower() == wanted:
                return str(file)
        raise ModelNotFound(
            f'The other machine has no LoRA "{name}".', hint="Put its file into the folder of LoRA files there."
        )

    def _control(self, name: str) -> str:
        _plain(name, "ControlNet")
        if self._library is None or not name:
            return name
        from engine.models.controls.finding import folders_of, paths_in

        for path in paths_in(folders_of(self._library)):
            if name.lower() in (path.name.lower(), path.stem.lower()):
                return str(path)
        raise ModelNotFound(
            f'The other machine has no ControlNet "{name}".', hint="Put it into the folder of ControlNets there."
        )

    def scrubbed(self, text: str) -> str:
        """Return a text without this machine's folders: of each path in it only the last part stays."""
        for folder in self._folders():
            text = re.sub(re.escape(folder) + r"[/\\]?", "", text)
        return _PLACE.sub(lambda match: re.split(r"[/\\]", match[0].rstrip("/\\"))[-1], text)

    def explained(self, error: EngineError) -> EngineError:
        """Return an error of the same kind whose sentences name no place of this machine."""
        message, hint = self.scrubbed(error.message), self.scrubbed(error.hint)
        if (message, hint) == (error.message, error.hint):
            return error
        copy = type(error).__new__(type(error))
        EngineError.__init__(copy, message, hint=hint)
        return copy

    def _folders(self) -> Iterable[str]:
        """Folders that may stand in a text, the longest first: with these, names with spaces are found too."""
        found = {os.getcwd(), tempfile.gettempdir(), str(Path.home()), str(Path(__file__).resolve().parents[2])}
        if self._library is not None:
            found |= {str(self._library.folder), str(self._library.folder.parent)}
        return sorted((each for each in found if len(each) > 3), key=len, reverse=True)


def _plain(name: str, what: str) -> str:
    if len(name) > LONGEST or re.search(r"[/\\\0]", name) or name.startswith("~") or name in (".", ".."):
        raise BadRequest(
            f"A {what} of another machine is called by its name there.",
            hint="Choose one from the list of that machine.",
        )
    return name
