"""`wordbrush doctor`: what the program finds on this machine, for a person and for a report of a problem."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from app.cli import display_check
from app.cli.output import table
from app.environment import version
from app.paths import Paths
from engine.errors import EngineError
from resources.sizes import size_text

if TYPE_CHECKING:
    from engine.facts import ModelInfo
    from engine.models.library import Library

PACKAGES = (
    "torch",
    "diffusers",
    "transformers",
    "safetensors",
    "numpy",
    "Pillow",
    "PySide6-Essentials",
    "QtAwesome",
    "platformdirs",
)
_LOW_DISK = 200_000_000


def examine() -> dict[str, Any]:
    """Everything found, as the JSON object of `wordbrush doctor`; `problems` lists what is wrong and what to do.

    Nothing is changed, and what cannot be found out is None: this works where much of the program does not.
    """
    problems: list[dict[str, str]] = []
    findings = {
        "schema": 1,
        "versions": _versions(problems),
        "devices": _devices(problems),
        "models": _models(problems),
        "folders": _folders(problems),
        "log": _log_file(),
        "qt": _qt(problems),
        "offline": _offline(problems),
        "environment": {
            name: value
            for name, value in sorted(os.environ.items())
            if name.startswith(("WORDBRUSH_", "QT_", "HF_HUB_OFF"))
        },
    }
    return {**findings, "problems": problems}


def text(findings: Mapping[str, Any]) -> str:
    """`examine`'s object for people."""
    qt = findings["qt"]
    lines = ["Versions", *(f"  {name} {version or 'missing'}" for name, version in findings["versions"].items())]
    devices = [
        {
            "device": device["device"],
            "name": device["name"],
            "memory": size_text(device["memory_bytes"]),
            "free": size_text(device["free_bytes"]),
            "compile": _in_words(device["compile"]),
        }
        for device in findings["devices"]
    ]
    models = [
        {
            "model": model["name"],
            "family": model["family"] or "-",
            "size": size_text(model["size_bytes"]),
            "state": model["problem"] or "ready",
            "path": model["path"],
        }
        for model in findings["models"]
    ]
    folders = [
        {
            "folder": folder["name"],
            "writable": "yes" if folder["writable"] else "NO",
            "free": size_text(folder["free_bytes"]),
            "path": folder["path"],
        }
        for folder in findings["folders"]
    ]
    ensembles = [
        {
            "model": model["name"],
            "experts": ", ".join(model["experts"]["names"]),
            "device": model["experts"]["device"],
            "memory": model["experts"]["reason"],
        }
        for model in findings["models"]
        if model["experts"]
    ]
    plans = [
        {"model": model["name"], "device": model["memory"]["device"], "plan": model["memory"]["reason"]}
        for model in findings["models"]
        if model["memory"]
    ]
    sections = [("Devices", devices), ("Models", models), ("Memory", plans), ("Experts", ensembles), ("Paths", folders)]
    for title, rows in sections:
        if rows:
            lines += ["", title, *(f"  {line}" for line in table(rows).splitlines())]
    missing = qt["missing_libraries"]
    size = findings["log"]["size_bytes"]
    lines += ["", f"Log: {findings['log']['path']} ({'none yet' if size is None else size_text(size)})"]
    lines += [
        "",
        "Window",
        f"  Qt platform: {qt['platform'] or 'none'}",
        f"  Missing system libraries: {'not known' if missing is None else ', '.join(missing) or 'none'}",
        f"  Opens: {'yes' if qt['works'] else 'NO'}",
        "",
        f"Libraries keep off the network: {'yes' if findings['offline'] else 'NO'}",
        "",
    ]
    if not findings["problems"]:
        return "\n".join([*lines, "No problem found."])
    lines.append("Problems")
    for problem in findings["problems"]:
        lines += [f"  {problem['message']}", f"    {problem['hint']}"]
    return "\n".join(lines)


def _report(problems: list[dict[str, str]], message: str, hint: str) -> None:
    problems.append({"message": message, "hint": hint})


def _versions(problems: list[dict[str, str]]) -> dict[str, str | None]:
    versions: dict[str, str | None] = {
        "wordbrush": version(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    for package in PACKAGES:
        try:
            versions[package] = installed(package)
        except PackageNotFoundError:
            versions[package] = None
            _report(
                problems,
                f"{package} is not installed.",
                "Reinstall Wordbrush: pip install wordbrush, or its installer.",
            )
    return versions


def _devices(problems: list[dict[str, str]]) -> list[dict[str, Any]]:
    total, free = _memory()
    cpu: dict[str, Any] = {"device": "cpu", "name": _cpu_name(), "memory_bytes": total, "free_bytes": free}
    cpu["compile"] = None
    try:
        torch = importlib.import_module("torch")
        cpu["threads"] = torch.get_num_threads()
        devices = []
        for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
            name = torch.cuda.get_device_name(index)
            spare, whole = torch.cuda.mem_get_info(index)
            devices.append({"device": f"cuda:{index}", "name": name, "memory_bytes": whole, "free_bytes": spare})
        if torch.backends.mps.is_available():
            devices.append({"device": "mps", "name": "Apple GPU", "memory_bytes": total, "free_bytes": free})
        devices = [*devices, cpu]
        for each in devices:
            each["compile"] = _compiling(each["device"])
        return devices
    except (ImportError, OSError, RuntimeError) as error:
        _report(problems, f"torch does not work: {error}", "Reinstall torch for this Python and this machine.")
        return [cpu]


def _compiling(device: str) -> dict[str, Any] | None:
    """What the setting Compile comes to on a device; None where torch cannot tell."""
    try:
        from engine.models.compiling import choosing
        from engine.weights import loading

        return choosing.state(loading.pick_device(device))
    except (EngineError, ImportError, OSError, RuntimeError):
        return None


def _in_words(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "not known"
    return "automatic" if found["automatic"] else "if asked for" if found["possible"] else f"no: {found['lacking']}"


def _memory() -> tuple[int, int]:
    """The machine's memory and what of it is free, in bytes."""
    memory = psutil.virtual_memory()
    return int(memory.total), int(memory.available)


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return f"{named or platform.processor() or platform.machine()}, {os.cpu_count()} cores"


def _models(problems: list[dict[str, str]]) -> list[dict[str, Any]]:
    from engine.facts import STARTER
    from engine.models.library import Library

    models = []
    library = Library(Paths.of_user().models)
    for model in library.list():
        models.append(
            {
                "name": model.name,
                "family": model.family,
                "size_bytes": model.size_bytes,
                "path": str(model.path),
                "problem": model.problem,
                "experts": None if model.problem else _experts(library, model, problems),
                "memory": _memory_plan(library, model),
            }
        )
        if model.problem:
            own = "Reinstall Wordbrush." if model.name == STARTER else f"Download it again, or remove {model.path}."
            _report(problems, f'The model "{model.name}" cannot be used. {model.problem}', own)
    return models


def _memory_plan(library: Library, model: ModelInfo) -> dict[str, Any] | None:
    """How a model would use the device's free memory, and why; None where that cannot be told."""
    if model.problem:
        return None
    try:
        from engine.models.memory_ways import way_for
        from engine.weights import loading

        device = loading.pick_device("auto")
        way = way_for(library.inspect(model.path), device)
    except (EngineError, ImportError, OSError, RuntimeError, KeyError, TypeError, ValueError):
        return None  # what is wrong with the model or with torch is reported elsewhere
    return {
        "device": str(device),
        "way": way.name,
        "precision": way.precision,
        "offload": way.offload,
        "eight_bits": way.eight_bits,
        "tiles": way.tiles,
        "sequential": way.sequential,
        "needs_bytes": way.needs,
        "reason": way.reason,
    }


def _experts(library: Library, model: ModelInfo, problems: list[dict[str, str]]) -> dict[str, Any] | None:
    """A model's own experts and how they share the free memory; None where it has none."""
    facts = library.inspect(model.path)
    if not facts.experts:
        return None
    found: dict[str, Any] = {
        "names": [expert.name for expert in facts.experts],
        "device": None,
        "resident": None,
        "at_once": None,
        "reason": "not known",
    }
    try:
        from engine.models.memory_ways import plan_for
        from engine.weights import loading

        device = loading.pick_device("auto")
        plan = plan_for(facts, device)
        found |= {"device": str(device), "resident": plan.resident, "at_once": plan.slots, "reason": plan.reason}
    except EngineError as error:
        _report(problems, f'The experts of the model "{model.name}" cannot be used. {error}', error.hint)
    except (ImportError, OSError, RuntimeError) as error:
        _report(
            problems, f'The experts of the model "{model.name}" cannot be planned: {error}', "See what torch lacks."
        )
    return found


def _folders(problems: list[dict[str, str]]) -> list[dict[str, Any]]:
    mine = Paths.of_user()
    rows = []
    for name in ("config", "results", "autosave", "models"):
        path: Path = getattr(mine, name)
        standing = next((place for place in (path, *path.parents) if place.exists()), None)
        free = shutil.disk_usage(standing).free if standing else None
        writable = standing is not None and _takes_files(standing)
        rows.append(
            {"name": name, "path": str(path), "exists": path.exists(), "writable": writable, "free_bytes": free}
        )
        if not writable:
            _report(
                problems,
                f"The folder {path} cannot be written to.",
                "Change its permissions, or set WORDBRUSH_HOME.",
            )
        elif free is not None and free < _LOW_DISK:
            _report(problems, f"The disk of {path} is nearly full: {size_text(free)} left.", "Free some space.")
    return rows


def _log_file() -> dict[str, Any]:
    path = Paths.of_user().log
    try:
        return {"path": str(path), "size_bytes": path.stat().st_size}
    except OSError:
        return {"path": str(path), "size_bytes": None}


def _takes_files(folder: Path) -> bool:
    """Whether a file can really be made there; it never gets a name, and is gone at once."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _qt(problems: list[dict[str, str]]) -> dict[str, Any]:
    name = display_check.platform()
    missing = display_check.missing_libraries(name or "xcb")
    fault = ""
    if missing:
        _report(
            problems,
            f"Qt lacks system libraries: {', '.join(missing)}.",
            "Install them with the system's package manager.",
        )
        fault = "missing system libraries"
    try:
        display_check.check()
        fault = fault or display_check.try_qt()
        if fault and not missing:
            _report(problems, f"The window cannot open: {fault}", "You can still make pictures: wordbrush render.")
    except display_check.NoWindow as error:
        if not missing:
            _report(problems, error.message, error.hint)
        fault = error.message
    return {"platform": name, "missing_libraries": missing, "works": not fault, "fault": fault}


def _offline(problems: list[dict[str, str]]) -> bool:
    """Whether the model libraries keep off the network: the engine sees to it unless the environment says otherwise."""
    offline = os.environ.get("HF_HUB_OFFLINE", "1").upper() in ("1", "ON", "YES", "TRUE")
    if not offline:
        _report(
            problems,
            "HF_HUB_OFFLINE is switched off in your environment, so model libraries may use the network.",
            "Unset it, or set HF_HUB_OFFLINE=1; Wordbrush needs no network.",
        )
    return offline
