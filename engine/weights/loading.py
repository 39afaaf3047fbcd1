"""Safe loading onto a device: safetensors only, nothing from the network, every error names the part at fault."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import torch
from torch import nn

from engine.errors import DeviceOutOfMemory, DeviceUnavailable, EngineError
from engine.surroundings import secluded
from engine.weights.files import find_weights, incomplete, read_network_config
from engine.weights.headers import open_regular, read_header
from engine.weights.scaled import are_scaled
from engine.weights.tensors import read_tensors

_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "cannot allocate memory")
_LARGE = 256 << 20
_PIECE = 64 << 20
"""Bytes: files below the first are read in one go, larger ones in pieces of the second."""
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


def pick_dtype(device: torch.device, half: str = "float16") -> torch.dtype:
    """float32 on the CPU, where half precision is slow; elsewhere `half`: "float16" or "bfloat16"."""
    if device.type == "cpu":
        return torch.float32
    return torch.bfloat16 if half == "bfloat16" else torch.float16


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that the device or the machine ran out of memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(text in str(error).lower() for text in _OUT_OF_MEMORY)


def out_of_memory(
    error: BaseException, *, size: tuple[int, int], batch: int, gradient_steps: int = 0
) -> DeviceOutOfMemory:
    """The typed form of `error`, with what to change in a request of that picture size, batch and gradient steps."""
    less = "a batch of 1" if batch > 1 else f"a size below {size[0]}x{size[1]} or a smaller model"
    if gradient_steps:
        less = f"a lower fidelity (its {gradient_steps} gradient steps take most of the memory), {less}"
    return DeviceOutOfMemory(
        "The device ran out of memory.",
        hint=f"Choose {less}, close other programs that use the device, or choose the device cpu.",
        details=f"{type(error).__name__}: {error}",
    )


def available_memory(device: torch.device) -> int | None:
    """Bytes that can still be taken on a device; None where the system does not say.

    Linux rarely refuses memory that it does not have; it kills the process that touches it, and a GPU refuses it in the
    middle of the work. Large allocations check here first.
    """
    if device.type == "cuda":
        spare, _ = torch.cuda.mem_get_info(device)
        # What torch holds without using it comes back when it is needed.
        return int(spare + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device))
    if device.type == "mps":
        return max(0, int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()))
    return int(psutil.virtual_memory().available)


def free_memory() -> None:
    """Frees what nothing refers to any more, on the device too."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


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
    read_network_config(place / "config.json", part=part)
    library = kind.__module__.split(".")[0]
    weights = find_weights(place, _STEMS[library], part=part)
    dtype_name = "torch_dtype" if library == "diffusers" else "dtype"
    scaled = any(are_scaled(read_header(file, part=part)) for file in weights.files)
    try:
        with secluded():
            if scaled:
                network, report = from_tensors(kind, place, read_tensors(weights.files, part=part, dtype=dtype), dtype)
            else:
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
    # Half precision goes on to another device, which copies it anyway.
    return (in_memory(network) if dtype is torch.float32 else network).eval().requires_grad_(False)


def from_tensors(
    kind: Any, place: Path, tensors: dict[str, Any], dtype: torch.dtype
) -> tuple[Any, Mapping[str, Sequence[Any]]]:
    """Return a network of tensors that were read already, and what of it is missing or misshapen, as libraries tell it.

    Args:
        kind: its diffusers or transformers class. place: the folder of its config.json. tensors: by the names that the
            class has for them, or had in an earlier version.
    """
    if kind.__module__.startswith("transformers."):
        config = kind.config_class.from_pretrained(place, local_files_only=True)
        network, report = kind.from_pretrained(
            None, config=config, state_dict=tensors, dtype=dtype, output_loading_info=True
        )
        return network, report
    settings = kind.load_config(place, local_files_only=True)
    with no_weights():
        network = kind.from_config(settings)
    network._fix_state_dict_keys_on_load(tensors)
    wanted = network.state_dict()
    misshapen = [name for name, tensor in tensors.items() if name in wanted and wanted[name].shape != tensor.shape]
    fitting = {name: tensor for name, tensor in tensors.items() if name not in misshapen}
    missing = network.load_state_dict(fitting, strict=False, assign=True).missing_keys
    if missing:  # some may still be without numbers
        return network, {"missing_keys": missing, "mismatched_keys": misshapen}
    network = network.to(dtype)
    exact = set(getattr(kind, "_keep_in_fp32_modules", None) or ())
    for name, weight in network.named_parameters() if dtype is not torch.float32 else ():
        if exact & set(name.split(".")):
            weight.data = tensors[name].float()
    return network, {"missing_keys": missing, "mismatched_keys": misshapen}


@contextmanager
def no_weights() -> Iterator[None]:
    """Networks that this thread makes meanwhile have weights without numbers, which take no time and no memory.

    Tables that no file holds are computed, whether they are buffers or not, which `torch.device("meta")` prevents.
    """
    stock, own = nn.Module.register_parameter, threading.get_ident()

    def register(module: nn.Module, name: str, weight: nn.Parameter | None) -> None:
        if weight is not None and threading.get_ident() == own:
            weight = nn.Parameter(weight.detach().to("meta"), requires_grad=False)
        stock(module, name, weight)

    nn.Module.register_parameter = register
    try:
        yield
    finally:
        nn.Module.register_parameter = stock


def in_memory(network: Any) -> Any:
    """Return the network with every weight copied into memory of its own.

    Weights may still lie in the file itself, mapped into memory: overwritten in place, it would change them in the
    middle of a run, and made shorter, end the process (SIGBUS).
    """
    for tensor in (*network.parameters(), *network.buffers()):
        if tensor.device.type == "cpu":
            tensor.data = tensor.data.clone(memory_format=torch.preserve_format)
    return network


def read_ahead(files: Iterable[Path], what: str, low: float, high: float) -> Iterator[tuple[str, float]]:
    """Read large files once, so that the system has them in memory when they are loaded; yields (what, fraction).

    Most of the time that a large model takes to load is its disk's. Read this way, loading can be stopped between two
    pieces, and the progress moves. Files of which less than twice their size is free are left alone: they would be read
    twice.

    Args:
        what: that is being loaded. low, high: the fraction done before and after.
    """
    files = tuple(files)
    try:
        total = sum(file.stat().st_size for file in files)
        if total < _LARGE or 2 * total > psutil.virtual_memory().available:
            return
        done = 0
        buffer = bytearray(_PIECE)
        for file in files:
            with open_regular(file) as handle:
                while count := handle.readinto(buffer):
                    done += count
                    yield what, low + (high - low) * min(1.0, done / total)
    except OSError:
        return  # a disk that was unplugged: loading, which comes next, tells what is missing
