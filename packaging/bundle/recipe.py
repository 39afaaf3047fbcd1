"""What goes into the bundle of a system and what it is called; read by wordbrush.spec, by package.py and by tests."""

from __future__ import annotations

import platform
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
IDENTIFIER = "example.wordbrush.Wordbrush"  # of the macOS bundle and the AppStream component; see packaging/RELEASE.md
ROOMS = ("app", "canvas", "engine", "resources")
VARIANTS = ("cpu", "cuda")
LIBRARIES_READ_AS_SOURCE = ("diffusers", "transformers")  # their lazy imports look for .py files

# Never part of the bundle: what trains, tests, plots and builds, and what the libraries would take if it lay beside
# them. Spandrel (networks that enlarge) needs no torchvision here (engine/reworking/upscaler_reader.py), but its wheel
# carries none of the licences of the forty networks' code in it, so that it stays with those who install it by pip.
LEFT_OUT = [
    *("engine.training", "engine.world", "atheris", "coverage", "grimp", "hypothesis", "importlinter"),
    *("IPython", "jupyter", "lib2to3", "librosa", "matplotlib", "mypy", "mypyc", "notebook", "numba", "pandas", "peft"),
    *("pip", "py_spy", "pydoc_data", "pytest", "_pytest", "pytestqt", "PyInstaller", "resvg_py", "ruff", "setuptools"),
    *("sklearn", "soundfile", "tensorboard", "tensorflow", "test", "tkinter", "torch.utils.tensorboard", "torchaudio"),
    *("torchvision", "xdist"),
]
# The text encoders, tokenizers and eyes that engine/models reads; with what each stands on, they are all of the models
# of transformers that go in (it has hundreds). Of diffusers' pipelines none do: the engine has its own.
MODELS_READ = (
    *("auto", "bloom", "clip", "dinov2_with_registers", "encoder_decoder", "qwen2", "qwen2_5_vl", "qwen3", "qwen3_vl"),
    *("siglip", "t5", "umt5", "vit_mae"),
)

_BALLAST_FOLDERS = ("torch/include/", "torch/share/", "torch/test/", "torch/bin/")
_NEEDED_OF_THESE = "torch/bin/torch_shm_manager"  # torch looks for it as it is imported
_BALLAST_ENDINGS = (".a", ".lib", ".pyi", ".h", ".hpp", ".cuh", ".pdb")
_BALLAST_LIBRARIES = ("libubsan", "libasan")

_BESIDE = re.compile(r"^ *from \.\.(\w+)", re.MULTILINE)  # how one model of transformers imports from another
_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}


def version() -> str:
    """The version, from the one place that says it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def bundle_name(variant: str, *, system: str = sys.platform, machine: str = "") -> str:
    """`wordbrush-0.1.0-linux-x86_64-cpu`: version, system, processor and variant; an ending is added to it.

    Raises ValueError for a variant or a system that no bundle is made for.
    """
    if variant not in VARIANTS:
        raise ValueError(f"the variant {variant!r} is none of {', '.join(VARIANTS)}")
    if system not in _SYSTEMS:
        raise ValueError(f"no bundle is made for the system {system!r}")
    processor = (machine or platform.machine()).lower()
    return f"wordbrush-{version()}-{_SYSTEMS[system]}-{_MACHINES.get(processor, processor)}-{variant}"


def variant_of(cuda: str | None) -> str:
    """Which variant an environment makes, by `torch.version.cuda` of the torch in it."""
    return "cuda" if cuda else "cpu"


def is_left_out(name: str) -> bool:
    """Whether a module, by its full name, stays out of the bundle."""
    return any(name == left or name.startswith(f"{left}.") for left in LEFT_OUT)


def models_left_out(folder: Path) -> list[str]:
    """Of transformers' models in `folder` (its `models`), the modules that nothing in MODELS_READ needs."""
    needed: set[str] = set()
    waiting = set(MODELS_READ)
    while waiting:
        name = waiting.pop()
        needed.add(name)
        for file in (folder / name).glob("*.py"):
            waiting |= {
                found for found in _BESIDE.findall(file.read_text("utf-8")) if (folder / found).is_dir()
            } - needed
    return [f"transformers.models.{path.name}" for path in sorted(folder.iterdir()) if _is_other(path, needed)]


def pipelines_left_out(folder: Path) -> list[str]:
    """The packages in diffusers' `pipelines`, as module names."""
    return [f"diffusers.pipelines.{path.name}" for path in sorted(folder.iterdir()) if _is_other(path, set())]


def _is_other(path: Path, needed: set[str]) -> bool:
    return path.is_dir() and path.name not in needed and path.name != "__pycache__"


def is_ballast(name: str) -> bool:
    """Whether a file, by its place in the bundle, is one that only compilers and linkers read."""
    name = name.replace("\\", "/")
    return (
        (name.startswith(_BALLAST_FOLDERS) and not name.startswith(_NEEDED_OF_THESE))
        or name.endswith(_BALLAST_ENDINGS)
        or name.rpartition("/")[2].startswith(_BALLAST_LIBRARIES)
        or "/__pycache__/" in name
    )


def info_plist() -> dict[str, Any]:
    """What macOS reads of the bundle: names, and the documents that open with it."""
    return {
        "CFBundleDisplayName": "Wordbrush",
        "CFBundleShortVersionString": version(),
        "LSApplicationCategoryType": "public.app-category.graphics-design",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "Apache License 2.0",
        "CFBundleDocumentTypes": [
            _documents("Wordbrush scene", "org.openraster.ora", "Editor", "Default"),
            _documents("PNG picture", "public.png", "Viewer", "Alternate"),
        ],
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": "org.openraster.ora",
                "UTTypeDescription": "OpenRaster picture",
                "UTTypeConformsTo": ["public.data", "public.image"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["ora"],
                    "public.mime-type": ["image/openraster"],
                },
            }
        ],
    }


def _documents(name: str, kind: str, role: str, rank: str) -> dict[str, Any]:
    return {
        "CFBundleTypeName": name,
        "LSItemContentTypes": [kind],
        "CFBundleTypeRole": role,
        "LSHandlerRank": rank,
    }
