"""Imports torch and the libraries that need it without freezing the window: the GIL is never held for long."""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import os
import sys
import threading
from pathlib import Path

from engine import surroundings

# In the order of their dependencies; files that a build of torch does not have are skipped.
_NATIVE = ("libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_python.so")
_MODULES = (
    "engine.weights.loading",
    "engine.attention.control",
    "transformers.models.clip.modeling_clip",
    "transformers.models.clip.tokenization_clip",
    "diffusers.models.unets.unet_2d_condition",
    "diffusers.models.autoencoders.autoencoder_kl",
    "diffusers.models.autoencoders.autoencoder_tiny",
)
_lock = threading.Lock()
_here = False


def are_loaded() -> bool:
    """Whether `load_libraries` has nothing left to do."""
    return _here


def load_libraries() -> None:
    """Import everything that a model needs, once; takes seconds, during which other threads stay responsive.

    These imports create a million objects. A full garbage collection in between would walk all of them while holding
    the GIL (0.4 to 0.9 s each on two cores), so collection is paused. In the program's own process the objects are then
    frozen (`gc.freeze`), so that later collections skip them; elsewhere that would freeze other code's objects too.
    """
    global _here
    with _lock:
        if _here:
            return
        enabled = gc.isenabled()
        gc.disable()
        try:
            with surroundings.calm_threads():
                _map_torch()
                for module in _MODULES:
                    importlib.import_module(module)
            if surroundings.is_own():
                gc.freeze()
            _here = True
        finally:
            if enabled:
                gc.enable()


def _map_torch() -> None:
    """Load torch's native libraries (up to 0.9 s) without the GIL, which `import torch` would hold meanwhile.

    A foreign call releases the GIL; `ctypes.CDLL(path)` does not. Where this does not work, the import loads them
    itself, only less smoothly.
    """
    if "torch" in sys.modules or not sys.platform.startswith("linux"):
        return
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype, dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    folder = Path(spec.origin).parent / "lib"
    for name in _NATIVE:
        if (folder / name).is_file():
            dlopen(os.fsencode(folder / name), os.RTLD_NOW | os.RTLD_LOCAL)
