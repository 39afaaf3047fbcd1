"""Brings torch and what stands on it in without stopping the window: nothing holds the interpreter for long."""

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

# In the order in which they need each other; what a build of torch does not have is left out.
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
    """Imports all that a model needs, once; seconds, in which other threads stay responsive.

    These imports make a million objects. Each full garbage collection on the way would walk all of them with the
    interpreter held (0.4 to 0.9 s each on two cores), so there is none. In a process of the program's own they are
    afterwards put out of the collector's sight, or it would walk them for as long as the program runs; elsewhere that
    would freeze other people's objects too.
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
    """Maps torch's native libraries (up to 0.9 s), as `import torch` would do with the interpreter held.

    A foreign call lets go of it, which `ctypes.CDLL(path)` does not. Where this is not possible nothing is lost but
    smoothness: the import finds and maps them by itself.
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
