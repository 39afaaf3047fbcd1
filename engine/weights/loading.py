"""Safe loading onto a device: safetensors only, nothing from the network, every fault named by the part it is in."""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before diffusers and transformers are imported
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gc
import logging
from pathlib import Path
from typing import Any

import torch

from engine.errors import DeviceOutOfMemory, DeviceUnavailable, EngineError
from engine.weights.files import find_weights, incomplete, read_json

_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "cannot allocate memory")
_STEMS = {"diffusers": "diffusion_pytorch_model", "transformers": "model"}


def pick_device(name: str) -> torch.device:
    """The device of that name: auto (cuda, else mps, else cpu), cpu, cuda, cuda:N or mps.

    Raises:
        DeviceUnavailable: there is no such device here; the hint names those that are.
    """
    available = ["cpu"]
    if torch.backends.mps.is_available():
        available.insert(0, "mps")
    if torch.cuda.is_available():
        available[:0] = [f"cuda:{n}" for n in range(torch.cuda.device_count())]
    if name == "auto":
        return torch.device(available[0])
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in available:
        raise DeviceUnavailable(
            f'The device "{name}" is not available on this machine.',
            hint=f"Choose auto, or one of: {', '.join(available)}.",
        )
    return torch.device(wanted)


def pick_dtype(device: torch.device) -> torch.dtype:
    """float32 on the CPU, where half precision is slow; float16 elsewhere."""
    return torch.float32 if device.type == "cpu" else torch.float16


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that the device or the machine ran out of memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(text in str(error).lower() for text in _OUT_OF_MEMORY)


def out_of_memory(error: BaseException, *, size: tuple[int, int], batch: int) -> DeviceOutOfMemory:
    """The typed form of `error`, with what to change in a request of that picture size and batch."""
    less = "a batch of 1" if batch > 1 else f"a size below {size[0]}x{size[1]} or a smaller model"
    return DeviceOutOfMemory(
        "The device ran out of memory.",
        hint=f"Choose {less}, close other programs that use the device, or choose the device cpu.",
        details=f"{type(error).__name__}: {error}",
    )


def available_memory(device: torch.device) -> int | None:
    """Bytes that can still be taken on the CPU; None for other devices and where the system does not tell.

    Linux rarely refuses memory that it does not have; it ends the process that touches it. Big things ask here first.
    """
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines() if device.type == "cpu" else []
    except OSError:
        return None
    kilobytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(kilobytes[0]) * 1024 if kilobytes else None


def free_memory() -> None:
    """Gives back what nothing refers to any more, to the device too."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def quiet_libraries() -> None:
    """Stops diffusers' and transformers' progress bars and advice; their errors still come as exceptions."""
    import diffusers.utils.logging
    import transformers.utils.logging

    for library in (diffusers.utils.logging, transformers.utils.logging):
        library.disable_progress_bar()
        library.set_verbosity(logging.ERROR)


def load_part(kind: Any, folder: Path, part: str, *, dtype: torch.dtype) -> Any:
    """One network of a model folder, in eval mode on the CPU.

    Args:
        kind: its diffusers or transformers class.
        folder: the model's folder; the part lies in its subfolder `part` ("unet", "vae", "text_encoder").

    Raises:
        ModelIncomplete: config or weights are missing, damaged, or do not fit each other.
        UnsafeModel: the weights are there only as a pickle.
    """
    place = folder / part
    read_json(place / "config.json", part=part)
    library = kind.__module__.split(".")[0]
    weights = find_weights(place, _STEMS[library], part=part)
    dtype_name = "torch_dtype" if library == "diffusers" else "dtype"
    try:
        network, report = kind.from_pretrained(
            place,
            use_safetensors=True,
            local_files_only=True,
            variant=weights.variant,
            output_loading_info=True,
            **{dtype_name: dtype},
        )
    except EngineError:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise
        details = f"{type(error).__name__}: {error}"
        raise incomplete(part, "its weights and config do not load", details=details) from error
    missing = [*report.get("missing_keys", ()), *report.get("mismatched_keys", ())]
    if missing:
        raise incomplete(part, f"{len(missing)} of its tensors are missing or misshapen", details=str(missing[:8]))
    return network.eval().requires_grad_(False)
