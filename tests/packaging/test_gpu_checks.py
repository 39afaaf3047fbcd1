"""The checks of a CUDA device, in little and without one: each part finds what it looks for, the figures are whole."""

from __future__ import annotations

import importlib.util
import json
import sys
import warnings
from pathlib import Path
from types import ModuleType

import pytest
import torch

from engine.models.architectures import architectures

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "gpu_checks.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """packaging/gpu_checks.py as a module, on a machine without a device."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec = importlib.util.spec_from_file_location("wordbrush_gpu_checks", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_in_little_every_architecture_paints_and_every_way_is_timed(script: ModuleType, tmp_path: Path, capsys) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the script is no test: what packages warn of is not its end
        status = script.main(["--small", "--out", str(tmp_path)])
    torch._dynamo.reset()
    assert status == 0, capsys.readouterr().out
    found = json.loads((tmp_path / "gpu-cpu.json").read_text())
    assert found["schema"] == 1 and found["failures"] == [] and found["device"]["name"] == "cpu"
    assert found["date"] and found["versions"]["torch"] and found["versions"]["diffusers"]
    assert {row["architecture"] for row in found["painted"]} == set(architectures())
    assert all(row["paint_moves"] > 0 for row in found["painted"])
    assert [row["name"] for row in found["speed"]] == ["sdxl", "flux"]
    for row in found["speed"]:
        four = ["stock eager", "ours eager", "stock compiled", "ours compiled"]
        assert list(row["ways"]) == four + ["ours in a kernel, compiled"] * (row["name"] == "flux")
        assert row["left_out"] == {} and all(way["ms"] and way["median_ms"] > 0 for way in row["ways"].values())
        assert all(row["ways"][f"ours {mode}"]["ratio"] > 0 for mode in ("eager", "compiled"))


def test_what_fails_is_named_and_the_rest_goes_on(script: ModuleType) -> None:
    checks = script.Checks(small=True, minutes=1)

    def wrong() -> dict:
        raise script.Failure("a wait", {"waits": [1]})

    checks.run("checks", "first", wrong)
    checks.run("checks", "second", lambda: {"difference": 0.0})
    first, second = checks.result()["checks"]
    assert (first["ok"], first["waits"], second["ok"]) == (False, [1], True) and "a wait" in first["error"]
    assert checks.result()["failures"] == ["checks: first"]


def test_without_a_device_it_says_what_to_do(script: ModuleType, capsys) -> None:
    assert script.main([]) == 2 and "--small" in capsys.readouterr().err
