"""The details that a list of models shows: precision, licence, source and missing parts, from its files; no torch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.downloads import receipt as receipts
from engine.errors import EngineError
from engine.facts import STARTER, ModelInfo
from engine.models import calibration
from engine.weights.files import is_weights, read_index
from engine.weights.gguf_file import read_any_header
from engine.weights.headers import metadata, open_regular

_NAMES = {
    "F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16", "F8_E4M3": "fp8", "F8_E5M2": "fp8", "I8": "int8",
    "U8": "8 bit",
}  # fmt: skip
_DENOISERS = ("unet", "transformer", "prior")
_LARGEST_README = 1 << 20
_LICENCE = re.compile(r"^license(?:_name)?:[ \t]*[\"']?([^\"'\n#]{1,80})", re.MULTILINE)
_UNUSED = ("safety_checker", "feature_extractor")
_NO_NETWORKS = ("scheduler", "tokenizer", "t5_tokenizer", "processor")


@dataclass(frozen=True)
class ModelDetails:
    """One installed model as a list of models shows it.

    Attributes:
        info: its name, path, family, size and problem.
        place: "ships" (with the program), "library" (the models folder), "added" (used where it is), or "hub cache".
        precision: the number formats of its denoiser's weights, most common first ("fp16", "fp8, bf16"); "": unknown.
        licence: as stated by the model or its download; "": not stated.
        missing: parts that its model_index.json names and that are missing.
        source: the Hub id or URL that this program downloaded it from, else "".
        paint_weight: the calibrated paint weight; None if it was not calibrated.
        program: the added folder or settings file of the program whose model it is; None if it is none's.
    """

    info: ModelInfo
    place: str
    precision: str = ""
    licence: str = ""
    missing: tuple[str, ...] = ()
    source: str = ""
    paint_weight: float | None = None
    program: Path | None = None

    def to_json(self) -> dict[str, Any]:
        """Return one row of `wordbrush models list --json`."""
        info = self.info
        return {
            "name": info.name,
            "path": str(info.path),
            "place": self.place,
            "family": info.family or None,
            "size_bytes": info.size_bytes,
            "precision": self.precision or None,
            "licence": self.licence or None,
            "missing": list(self.missing),
            "source": self.source or None,
            "paint_weight": self.paint_weight,
            "program": str(self.program) if self.program else None,
            "usable": not info.problem,
            "problem": info.problem or None,
            "hint": info.hint or None,
        }


def of(info: ModelInfo, place: str, program: Path | None = None) -> ModelDetails:
    """Return the details of a model; what cannot be read is left empty, since `info` already says what is wrong."""
    brought = receipts.read(info.path)
    found = calibration.read(info.path)
    return ModelDetails(
        info,
        place,
        precision=_precision(info.path),
        licence=(brought.licence if brought else "") or _licence(info),
        missing=_missing(info.path),
        source=brought.source if brought else "",
        paint_weight=found.paint_weight if found else None,
        program=program,
    )


def _precision(path: Path) -> str:
    counts: Counter[str] = Counter()
    for file in _denoiser_files(path):
        try:
            header = read_any_header(file, part="weights file")
        except EngineError:
            continue
        for name, entry in header.items():
            if name != "__metadata__":
                start, end = entry["data_offsets"]
                counts[_NAMES.get(entry["dtype"], str(entry["dtype"]).lower())] += end - start
    total = sum(counts.values())
    # Formats of less than a twentieth of the weights are those of scales, norms and counters.
    return ", ".join(name for name, count in counts.most_common() if count * 20 >= total)


def _denoiser_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        if is_weights(path):
            yield path
        return
    for part in _DENOISERS:
        yield from sorted(file for file in path.glob(f"{part}/*") if is_weights(file))


def _licence(info: ModelInfo) -> str:
    if info.name == STARTER:
        return "Apache-2.0"
    try:
        if info.path.is_file():
            return metadata(read_any_header(info.path, part="weights file")).get("modelspec.license", "")[:80].strip()
        with open_regular(info.path / "README.md") as file:
            text = file.read(_LARGEST_README).decode("utf-8", "replace")
    except (EngineError, OSError):
        text = ""
    front = text.split("\n---", 1)[0] if text.startswith("---") else ""
    named = [match.strip() for match in _LICENCE.findall(front)]
    if named:
        return next((name for name in named if name != "other"), named[0])
    own = sorted(file.name for file in info.path.glob("LICEN[CS]E*")) if info.path.is_dir() else []
    return f"see {own[0]}" if own else ""


def _missing(path: Path) -> tuple[str, ...]:
    """Return the parts that a folder's model_index.json names and that are missing or have no weights."""
    if not path.is_dir():
        return ()
    try:
        index = read_index(path)
    except EngineError:
        return ()
    found = []
    for part, kind in index.items():
        if part in _UNUSED:
            continue
        # A modular pipeline's entry has a third value, which says where the part came from.
        if not isinstance(kind, list) or len(kind) not in (2, 3) or not all(isinstance(each, str) for each in kind[:2]):
            continue
        folder = path / part
        if not folder.is_dir():
            found.append(part)
        elif not part.startswith(_NO_NETWORKS) and not any(is_weights(file) for file in folder.glob("*")):
            found.append(f"{part} (weights)")
    return tuple(found)
