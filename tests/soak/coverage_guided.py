"""One target of `tests.soak.fuzz` under atheris, which keeps inputs that reach new code: TARGET RUNS SECONDS FOLDER."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["canvas.files", "canvas.model", "resources", "engine.weights"]):
    from tests.soak.fuzz import TARGETS, Watch, run_one


def main() -> None:
    """Fuzz until so many runs or seconds are over; a fault is an exception, which atheris reports and ends with."""
    name, runs, seconds, folder = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
    target = next(each for each in TARGETS if each.name == name)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(target.seeds()):
        (corpus / str(number)).write_bytes(seed)
    watch, told = Watch(folder, keeps=True), 0

    def one(data: bytes) -> None:
        nonlocal told
        fault = run_one(target, data, target.file(folder), watch)
        if watch.memory.largest > told:  # the fuzzer ends the process without a word to Python
            told = watch.memory.largest
            (folder / "memory").write_text(str(told))
        if fault:
            raise AssertionError(f"{name}: {fault}")

    def mutate(data: bytes, limit: int, seed: int) -> bytes:
        rng = random.Random(seed)
        return target.mutate(data, rng)[:limit] if rng.random() < 0.7 else atheris.Mutate(data, limit)

    options = [f"-atheris_runs={runs}", f"-max_total_time={seconds}", "-max_len=60000", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
