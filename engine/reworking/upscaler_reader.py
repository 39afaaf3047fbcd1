"""Spandrel, which reads upscaling networks: whether it is here, how to get it, and how it does without torchvision."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

_ASKED = "torchvision.transforms.functional"
"""What spandrel 0.4 imports of torchvision, for two of its forty kinds of networks: LaMa, which fills holes, and
RestoreFormer, for faces. Neither is used here: they do not make pictures larger."""


def is_here() -> bool:
    """Whether upscaling networks can be read."""
    return importlib.util.find_spec("spandrel") is not None


def how_to_get() -> str:
    """What to do where it is not here; a packaged program takes no further packages."""
    if getattr(sys, "frozen", False):
        return (
            "This package of Wordbrush comes without it, and takes no more packages. Installed by pip, as "
            '"wordbrush[upscale]", it reads such networks. Without it pictures are scaled by a filter.'
        )
    return 'Install it with: pip install "wordbrush[upscale]". Without it pictures are scaled by a filter.'


def reader() -> ModuleType:
    """Spandrel, imported; where torchvision is not installed, without it.

    Raises:
        ImportError: it is not installed, or something else that it needs is not.
    """
    with _without_torchvision():
        import spandrel
    module: ModuleType = spandrel
    return module


@contextmanager
def _without_torchvision() -> Iterator[None]:
    """While spandrel is imported, stands in for what it imports of torchvision, unless that is installed.

    It goes away again at once, so that no other library takes it for the real one.
    """
    if "spandrel" in sys.modules or importlib.util.find_spec("torchvision") is not None:
        yield
        return
    parts = _ASKED.split(".")
    names = [".".join(parts[: count + 1]) for count in range(len(parts))]
    modules = {name: ModuleType(name) for name in names}
    vars(modules[_ASKED]).update(
        normalize=_refuse, rotate=_refuse, InterpolationMode=SimpleNamespace(BILINEAR="bilinear")
    )
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)


def _refuse(*_args: Any, **_more: Any) -> Any:
    raise ValueError("networks of this kind need torchvision")
