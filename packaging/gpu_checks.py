"""Every check of a CUDA device, in at most eight minutes: `python3 packaging/dev.py gpu [--small] [--out FOLDER]`.

First small models of every architecture paint in float16 and bfloat16 and are compared with the CPU's float32; then
what only a real device can show (waits, fused kernels, experts); then steps at full width with random weights are timed
four ways: stock and ours, eager and compiled (`gpu_speed.py`). Raw figures go to gpu-DEVICE.json, with date and
versions. `--small` does the same in little on whatever device there is, for the test command, and writes no file unless
`--out` names a folder.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import itertools
import json
import math
import platform
import re
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import gpu_speed  # noqa: E402

from engine import GenerateRequest, Library, PaintedWord, find_span, generate  # noqa: E402
from engine.attention import control as attention  # noqa: E402
from engine.attention.split_softmax import image_over_all  # noqa: E402
from engine.bench import speed  # noqa: E402
from engine.models.architectures import architectures  # noqa: E402
from engine.protocol import Failed, Fidelity, Finished, ImageReady, Preview, Step  # noqa: E402
from engine.weights import loading  # noqa: E402
from tests.tiny import save_tiny, save_tiny_ensemble  # noqa: E402
from tests.tiny_sdxl import save_refiner, save_sdxl  # noqa: E402

FIGURES = ROOT / "packaging" / "figures"
PROMPT = "a lake and sky"
LAKE, SKY = find_span(PROMPT, "lake"), find_span(PROMPT, "sky")
CLOSE = 3.0
"""Mean difference, of 255, from the CPU's picture in float32 that paint in half precision may add."""
FORMATS = {"float16": torch.float16, "bfloat16": torch.bfloat16}
ROUNDING = {torch.float16: 4e-3, torch.bfloat16: 3e-2, torch.float32: 1e-4}


class Failure(Exception):
    """A check found what must not be; the text says it, `row` is what was measured nevertheless."""

    def __init__(self, text: str, row: dict[str, Any] | None = None) -> None:
        super().__init__(text)
        self.row = row or {}


class Checks:
    """Runs the checks one after another and keeps what they found.

    Args:
        small: everything in little, on the CPU too. minutes: no timing is begun that would end later.
    """

    def __init__(self, *, small: bool, minutes: float) -> None:
        self.small = small
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.began = time.monotonic()
        self.until = self.began + 60 * minutes
        self.found: dict[str, list[dict[str, Any]]] = {"painted": [], "checks": [], "speed": []}
        self.failures: list[str] = []

    def run(self, part: str, name: str, check: Callable[[], dict[str, Any]]) -> None:
        """One check; whatever it raises is written down, and the others go on."""
        began, row = time.monotonic(), {"name": name}
        try:
            row |= check()
            row["ok"] = True
        except Exception as error:
            row |= getattr(error, "row", {}) | {"ok": False, "error": f"{type(error).__name__}: {error}"}
            self.failures.append(f"{part}: {name}")
            if not isinstance(error, Failure):
                row["traceback"] = traceback.format_exc()
        row["seconds"] = round(time.monotonic() - began, 2)
        self.found[part].append(row)
        said = "ok" if row["ok"] else row["error"]
        print(f"{part:8} {name:34} {row['seconds']:7.1f} s  {row.get('short', '')}{said}", flush=True)

    def left(self) -> float:
        """Seconds until the end."""
        return self.until - time.monotonic()

    def result(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "schema": 1,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "small": self.small,
            "seconds": round(time.monotonic() - self.began, 1),
            "device": about(self.device),
            "versions": versions(),
            "failures": self.failures,
            **self.found,
        }


def about(device: torch.device) -> dict[str, Any]:
    """The device in numbers."""
    if device.type != "cuda":
        return {"name": "cpu", "threads": torch.get_num_threads()}
    seen = torch.cuda.get_device_properties(device)
    return {
        "name": seen.name,
        "capability": f"{seen.major}.{seen.minor}",
        "memory": seen.total_memory,
        "processors": seen.multi_processor_count,
    }


def versions() -> dict[str, str | None]:
    """What the figures depend on beside our own code."""
    found: dict[str, str | None] = {"python": platform.python_version(), "cuda": torch.version.cuda}
    for name in ("torch", "diffusers", "transformers", "triton", "wordbrush"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


# --- every architecture paints --------------------------------------------------------------------------------------


def models(folder: Path, *, every: bool) -> dict[str, tuple[str, Path, dict[str, Any]]]:
    """Small models by name: (architecture, folder, fields of their requests); one of each architecture, or all cases.

    UNets' are made here, the others come from the cases of `tests/engine/families`.
    """
    made: dict[str, tuple[str, Path, dict[str, Any]]] = {}
    library, seen = Library(folder / "none"), set[str]()

    def add(name: str, save: Callable[[Path], Any], fields: dict[str, Any]) -> None:
        save(folder / name)
        kind = library.inspect(str(folder / name)).family
        if every or kind not in {other for other, _, _ in made.values()}:
            made[name] = (kind, folder / name, fields)

    for path in sorted((ROOT / "tests/engine/families").glob("test_*.py")):
        module = importlib.import_module(f"tests.engine.families.{path.stem}")
        for found in vars(module).values():
            case = getattr(found, "case", None)
            fits = isinstance(found, type) and found.__module__ == module.__name__ and case is not None
            if fits and (every or path.stem not in seen):
                seen.add(path.stem)
                size = {"width": case.size[0], "height": case.size[1]}
                own = {"guidance": case.guidance, "paint_weight": case.weight, **size, **case.fields}
                add(case.name, case.save, own)
    there = {kind for kind, _, _ in made.values()}
    unets = {"sd": lambda to: save_tiny(to, kl=True), "sdxl": save_sdxl, "sdxl_refiner": save_refiner}
    for name, save in unets.items():
        if name not in there:
            add(name, save, {"width": 96, "height": 64, "guidance": 4.0, "paint_weight": 1.0})
    return made


def halves(width: int, height: int, **fields: Any) -> tuple[PaintedWord, ...]:
    """The lake on the left and the sky on the right."""
    left = np.zeros((height, width), np.uint8)
    left[:, : width // 2] = 255
    return PaintedWord(span=LAKE, mask=left), PaintedWord(span=SKY, mask=255 - left)


def events_of(model: Path, device: torch.device, dtype: torch.dtype, **fields: Any) -> Iterator[Any]:
    """The events of a small painted request, with a preview after each step."""
    values = {"id": "1", "prompt": PROMPT, "steps": 4, "seed": 3, "width": 64, "height": 64, "model": str(model)}
    values |= {"device": str(device), "sampler": "euler", **fields}
    painted = {"words": halves(values["width"], values["height"]), "watched": (LAKE,), "obedience": True}
    painted["fidelity"] = Fidelity(containment=0.5, separation=0.5, gradient_steps=1)
    ticks = itertools.count()
    picked = lambda place, half="float16": dtype if place.type == device.type else torch.float32  # noqa: E731
    with mock.patch.object(loading, "pick_dtype", picked):
        asked = GenerateRequest.of(**{**painted, **values})
        yield from generate(asked, library=Library(model.parent / "none"), clock=lambda: float(next(ticks)))


def picture(model: Path, device: torch.device, dtype: torch.dtype, **fields: Any) -> ImageReady:
    """The picture of a request; checks what comes with it."""
    events = list(events_of(model, device, dtype, **fields))
    last = events[-1]
    if not isinstance(last, Finished):
        raise Failure(f"{last.error}: {last.error.details}" if isinstance(last, Failed) else f"{last}")
    (image,) = (event for event in events if isinstance(event, ImageReady))
    shown = [event for event in events if isinstance(event, Preview)]
    if not shown or (image.heatmaps is not None and not np.isfinite(image.heatmaps).all()):
        raise Failure("no previews, or heatmaps that are not finite")
    return image


def painted(checks: Checks, model: Path, dtype: torch.dtype, fields: dict[str, Any]) -> dict[str, Any]:
    """A model paints as the CPU does in float32, and paint changes the picture.

    How much rounding alone moves a picture depends on a model's weights, so paint is held to what it adds to that.
    """
    cpu, plain = torch.device("cpu"), {**fields, "words": ()}
    wanted, found = ((cpu, torch.float32), (checks.device, dtype))
    with_paint, without = (
        [picture(model, *where, **each).rgb.astype(int) for where in (wanted, found)] for each in (fields, plain)
    )
    off, rounding = (float(np.abs(ours - theirs).mean()) for theirs, ours in (with_paint, without))
    moved = float(np.abs(with_paint[1] - without[1]).max())
    row = {"mean_difference": off, "mean_difference_unpainted": rounding, "paint_moves": moved}
    if off > CLOSE + 2 * rounding or moved == 0:
        raise Failure(f"{off:.2f} of 255 off the CPU's ({rounding:.2f} without paint), paint moves {moved:.0f}", row)
    return row | {"short": f"off by {off:.2f}, without paint {rounding:.2f}; "}


# --- what only a device shows ---------------------------------------------------------------------------------------


@contextmanager
def waits(device: torch.device) -> Iterator[list[str]]:
    """What makes the host wait for the device in here, as torch tells it; nothing on the CPU."""
    if device.type != "cuda":
        yield []
        return
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        told: Any = seen  # a live list
        torch.cuda.set_sync_debug_mode("warn")
        try:
            yield told
        finally:
            torch.cuda.set_sync_debug_mode("default")


def no_step_waits(checks: Checks, model: Path) -> dict[str, Any]:
    """From step to step the host never waits, though there are previews and heatmaps."""
    counts: list[int] = []
    with waits(checks.device) as told:
        before = 0
        for event in events_of(model, checks.device, torch.float16, steps=6, paint_weight=1.0):
            if isinstance(event, Step):
                seen = sum("synchroniz" in str(each).lower() for each in told)
                counts.append(seen - before)
                before = seen
    # The first two steps' are of loading, beginning, and what a run makes once.
    if any(counts[2:]):
        raise Failure(f"waits from step to step: {counts}")
    return {"waits": counts}


def same_seed(checks: Checks, model: Path) -> dict[str, Any]:
    """The same request gives the same bits."""
    first, second = (picture(model, checks.device, torch.float16, paint_weight=1.0).rgb for _ in range(2))
    if not np.array_equal(first, second):
        raise Failure(f"{(first != second).mean():.4f} of the bytes differ")
    return {}


def every_law(checks: Checks, model: Path) -> dict[str, Any]:
    """Each kind of law makes the CPU's picture."""
    off = {}
    for law in ("default", "densediffusion", "hard", "couple", "multidiffusion"):
        fields = {"law": law, "paint_weight": 1.0, "steps": 2}
        wanted = picture(model, torch.device("cpu"), torch.float32, **fields).rgb.astype(int)
        off[law] = float(np.abs(picture(model, checks.device, torch.float16, **fields).rgb - wanted).mean())
    if max(off.values()) > CLOSE:
        raise Failure(f"mean difference from the CPU's: {off}")
    return {"mean_difference": off}


def experts(checks: Checks, model: Path) -> dict[str, Any]:
    """Low-rank and whole experts take turns in one picture."""
    return painted(checks, model, torch.float16, {"paint_weight": 1.0, "guidance": 4.0, "steps": 6})


def split_softmax(checks: Checks, dtype: torch.dtype) -> dict[str, Any]:
    """The kernel of joint attention that gives its log-sum-exp, against the formula in float64."""
    cells, tokens, heads, width = (64, 24, 2, 16) if checks.small else (4096, 512, 24, 128)
    generator = torch.Generator().manual_seed(0)
    draw = lambda length: torch.randn(1, heads, length, width, generator=generator).to(checks.device, dtype)  # noqa: E731
    query, keys, values, more, read = draw(cells), draw(tokens), draw(tokens), draw(cells), draw(cells)
    bias = torch.randn(cells, tokens, generator=generator).to(checks.device)
    found = image_over_all(query, (keys, values), (more, read), lambda scores: scores + bias)
    some = slice(0, 64)
    rows = query[:, :, some].double() / width**0.5
    scores = torch.cat([rows @ keys.double().mT + bias[some].double(), rows @ more.double().mT], dim=-1)
    wanted = torch.softmax(scores, dim=-1) @ torch.cat([values, read], dim=2).double()
    off = float((found[:, :, some].double() - wanted).abs().max() / wanted.abs().max())
    if off > ROUNDING[dtype]:
        raise Failure(f"off by {off:.2g} of the largest")
    return {"difference": off}


# --- how long a step takes ------------------------------------------------------------------------------------------


def how_fast(checks: Checks, name: str, make: Callable[[], gpu_speed.Ways]) -> dict[str, Any]:
    """Times one network in all four ways."""
    torch._dynamo.reset()
    if checks.device.type == "cuda":
        torch.cuda.empty_cache()
    pairs, left = (1, lambda: math.inf) if checks.small else (speed.FEWEST_PAIRS, checks.left)
    row = gpu_speed.timed(name, make(), checks.device, pairs=pairs, left=left)
    if found := gpu_speed.uncompiled(row):
        raise Failure(f"not compiled: {'; '.join(found)}", row)
    return row


def main(argv: list[str] | None = None) -> int:
    """Runs everything; 0 where all is well, 1 where a check failed, 2 where there is no CUDA device."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="in little, also without a CUDA device")
    parser.add_argument("--out", type=Path, help="folder of the figures (packaging/figures; with --small: none)")
    parser.add_argument("--minutes", type=float, default=8.0, help="how long it may take in all (default 8)")
    options = parser.parse_args(argv)
    checks = Checks(small=options.small, minutes=options.minutes)
    if checks.device.type != "cuda" and not options.small:
        print("There is no CUDA device here. Add --small to run the checks in little on the CPU.", file=sys.stderr)
        return 2
    formats = {"bfloat16": torch.bfloat16} if checks.small and checks.device.type == "cpu" else FORMATS
    # On the CPU too the device's way is taken: paint as a mask of the fused attention.
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(attention, "prefers_mask", lambda device: True):
        found = models(Path(folder), every=not checks.small)
        for name in sorted(set(architectures()) - {kind for kind, _, _ in found.values()}):
            checks.found["painted"].append({"name": name, "ok": False, "error": "no small model of it is made here"})
            checks.failures.append(f"painted: {name}")
        for name, (kind, model, fields) in found.items():
            for said, dtype in formats.items():
                job = partial(painted, checks, model, dtype, {"steps": 1 if checks.small else 4, **fields})
                checks.run("painted", f"{name} {said}", lambda job=job, kind=kind: {"architecture": kind, **job()})
        sd = next(model for kind, model, _ in found.values() if kind == "sd")
        checks.run("checks", "no step waits", lambda: no_step_waits(checks, sd))
        for said, dtype in FORMATS.items():
            checks.run("checks", f"joint attention {said}", lambda d=dtype: split_softmax(checks, d))
        if not checks.small:
            checks.run("checks", "same seed", lambda: same_seed(checks, sd))
            checks.run("checks", "every law", lambda: every_law(checks, sd))
            ensemble = save_tiny_ensemble(Path(folder) / "ensemble")
            checks.run("checks", "experts", lambda: experts(checks, ensemble))
        for name, make in gpu_speed.networks(small=checks.small, device=checks.device).items():
            checks.run("speed", name, lambda name=name, make=make: how_fast(checks, name, make))
    result = checks.result()
    out = options.out or (None if options.small else FIGURES)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^a-z0-9]+", "-", result["device"]["name"].lower()).strip("-")
        path = out / f"gpu-{name}.json"
        path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"figures: {path}")
    print(f"{result['seconds']:.0f} s; " + ("all is well" if not checks.failures else f"failed: {checks.failures}"))
    return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main())
