"""`wordbrush models check`: does paint move a model's attention here, is no paint stock, how fast, how large."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.checkup.attending import Attended, CheckCancelled, attend, request_of, stock_attention
from engine.checkup.calibrating import find_weight
from engine.checkup.layouts import LAYOUTS, Layout
from engine.errors import EngineError
from engine.facts import STARTER
from engine.models import calibration
from engine.models.calibration import Calibration
from engine.models.library import Library

__all__ = ["CheckCancelled", "run"]

Progress = Callable[[str, float], None]
"""`progress(text, fraction)`: what is being done, and the share of the check that is done, 0..1."""

_MOVED = 0.03
"""Share of attention that must come into the paint for it to count as moved: ten times what seeds change."""
_EQUAL = {"float32": 1e-4, "bfloat16": 5e-2, "float16": 1e-2}
"""Largest difference of latents, over their largest value, that rounding alone explains."""
_CALIBRATION_RUNS = 7
"""About how many weights a calibration tries, for the progress."""


@dataclass
class _Work:
    """How much is done: runs of `STEPS` steps."""

    total: int
    progress: Progress
    done: int = 0

    def tick(self, text: str) -> None:
        self.progress(text, min(0.999, self.done / self.total))
        self.done += 1


def run(
    model: str,
    *,
    device: str = "auto",
    calibrate: bool = True,
    library: Library | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    layouts: Sequence[Layout] = LAYOUTS,
    reference: float | None = None,
) -> dict[str, Any]:
    """Measure a model, and keep the paint weight at which strength 1 means on it what it means on the starter.

    Each of the layouts is run for a few steps with paint at the model's own default, and without. What is compared is
    how much of the attention that painted places pay goes to the word that is painted there: the mean over places,
    words, layers and steps, 0..1.

    Args:
        model: a name in the library, or a path. calibrate: whether the paint weight is looked for and kept.
        reference: the share to aim for; by default the starter's own at its default paint weight, on the same layouts.

    Returns:
        The JSON object of `wordbrush models check` (schema 1).

    Raises:
        CheckCancelled: `cancel` was set. EngineError: the model cannot be used, or does not fit the memory.
    """
    library, cancel = library or Library(), cancel or threading.Event()
    facts = library.inspect(model)
    is_starter = model == STARTER
    calibrate = calibrate and not is_starter
    runs = len(layouts) * (2 + (reference is None and not is_starter) + calibrate * _CALIBRATION_RUNS) + 2
    work = _Work(runs, progress or (lambda text, fraction: None))
    began = time.monotonic()

    def inside(name: str, weight: float, text: str) -> list[Attended]:
        found = []
        for index, layout in enumerate(layouts):
            work.tick(f"{text}: {layout.prompt}")
            asked = request_of(layout, name, device, library, paint_weight=weight, seed=index)
            found.append(attend(asked, library, cancel))
        return found

    if reference is None and not is_starter:
        own = library.inspect(STARTER).defaults.paint_weight
        reference = _mean(inside(STARTER, own, "The starter, for comparison"))
    memory = _Memory()
    before = facts.defaults.paint_weight
    painted = inside(model, before, "Painted")
    unpainted = inside(model, 0.0, "Unpainted")
    target = _mean(painted) if reference is None else reference
    difference, stock_ms, dtype, place = _against_stock(model, device, library, layouts[0], cancel, work)
    found: Calibration | None = None
    why = ""
    if calibrate:
        low = _mean(unpainted)

        def share(weight: float) -> float:
            return _mean(inside(model, weight, f"Paint weight {weight:.3g}"))

        weight, reached, why = find_weight(share, target, unpainted=low, known={before: _mean(painted)})
        if weight is not None:
            found = Calibration(weight, reached, target, low)
    kept = None
    if found is not None:
        try:
            kept = str(calibration.write(facts.path, found))
        except OSError as error:
            why = f"it cannot be kept: {error.strerror or error}"
    work.progress("Done", 1.0)
    gain = _mean(painted) - _mean(unpainted)
    return {
        "schema": 1,
        "model": facts.name,
        "family": facts.family,
        "device": place,
        "dtype": dtype,
        "size": list(facts.defaults.size),
        "layouts": [
            {
                "prompt": layout.prompt,
                "words": [phrase for phrase, _ in layout.words],
                "painted": list(with_paint.shares),
                "unpainted": list(without.shares),
            }
            for layout, with_paint, without in zip(layouts, painted, unpainted, strict=True)
        ],
        "inside": {"painted": _mean(painted), "unpainted": _mean(unpainted), "target": target},
        "paint_moves_attention": gain > _MOVED,
        "stock_difference": difference,
        "equals_stock": difference <= _EQUAL.get(dtype, 5e-2),
        "step_ms": _step_ms(painted),
        "unpainted_step_ms": _step_ms(unpainted),
        "stock_step_ms": stock_ms,
        "memory_bytes": memory.peak(place),
        "paint_weight": {
            "before": before,
            "calibrated": None if found is None else found.paint_weight,
            "inside": None if found is None else found.inside,
            "kept": kept,
            "why_not": why or None,
        },
        "seconds": time.monotonic() - began,
    }


def _against_stock(
    model: str, device: str, library: Library, layout: Layout, cancel: threading.Event, work: _Work
) -> tuple[float, float, str, str]:
    """The largest difference between latents without paint and those of stock attention, over the latents' largest
    value; a stock step's milliseconds; number format and device."""
    asked = request_of(layout, model, device, library, paint_weight=0.0, seed=0, watched=False)
    work.tick("Without paint, our attention")
    ours = attend(asked, library, cancel)
    work.tick("Without paint, diffusers' own attention")
    stock = attend(asked, library, cancel, around=stock_attention)
    largest = float(stock.latents.abs().max())
    difference = float((ours.latents - stock.latents).abs().max()) / max(largest, 1e-12)
    family = library.load(model, device)
    return difference, _step_ms([stock]), str(family.dtype).removeprefix("torch."), str(family.device)


def _mean(found: Sequence[Attended]) -> float:
    shares = [share for each in found for share in each.shares]
    if not shares:
        raise EngineError(
            "This model's attention cannot be looked at.", hint="Paint with another model, or report its family."
        )
    return sum(shares) / len(shares)


def _step_ms(found: Sequence[Attended]) -> float:
    return statistics.median(ms for each in found for ms in each.step_ms)


class _Memory:
    """The most that was taken on a device since it was made; of the CPU the process's growth."""

    def __init__(self) -> None:
        import psutil
        import torch

        self._process = psutil.Process()
        self._before = self._process.memory_info().rss
        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()

    def peak(self, device: str) -> int:
        """Bytes, with the weights."""
        import torch

        if device.startswith("cuda"):
            return int(torch.cuda.max_memory_allocated(device))
        if device == "mps":
            return int(torch.mps.driver_allocated_memory())
        return max(0, self._process.memory_info().rss - self._before)
