"""What only shows in a process of its own: Ctrl+C, output that cannot be written, and a quiet stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.parser import cancel_on_interrupt
from tests.app.conftest import command, environment


def quick(model: Path, *more: str) -> list[str]:
    return ["render", "--prompt", "a lake", "--size", "64x64", "--steps", "2", "--model", str(model), *more]


def test_ctrl_c_ends_cleanly_and_keeps_what_is_finished(tiny_sd_folder):
    arguments = quick(tiny_sd_folder, "--steps", "40", "--count", "64", "--out", "out.png", "--json")
    started = subprocess.Popen(
        command(arguments), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not Path("out-1.png").exists() and started.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 1 and out == ""
    error = json.loads(err.splitlines()[-1])["error"]
    kept = sorted(Path().glob("*.png"))
    assert error["type"] == "Cancelled" and f"{len(kept)} of 64" in error["message"]
    assert "out.png, out-1.png" in error["hint"] and "Traceback" not in err
    assert all(np.asarray(Image.open(path)).shape == (64, 64, 3) for path in kept)
    assert not list(Path().glob("*.part")) and not list(Path().glob(".*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_polite_kill_and_a_closed_terminal_are_as_ctrl_c(render, number):
    def end_after_the_first() -> None:
        deadline = time.monotonic() + 120
        while not Path("out.png").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    signal.signal(number, signal.SIG_DFL)  # whoever started the tests may ignore it, as nohup does
    before = signal.getsignal(number)
    watcher = threading.Thread(target=end_after_the_first)
    watcher.start()
    ended = render("--prompt", "a lake", "--steps", "20", "--count", "64")
    watcher.join()
    kept = sorted(Path().glob("*.png"))
    assert ended.code == 1 and ended.out == "" and ended.error["type"] == "Cancelled"
    assert f"{len(kept)} of 64" in ended.error["message"]
    assert all(np.asarray(Image.open(path)).shape == (64, 64, 3) for path in kept)
    assert not list(Path().glob(".*")) and signal.getsignal(number) is before


def test_nohup_means_that_a_closed_terminal_ends_nothing():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with cancel_on_interrupt() as cancel:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not cancel.is_set()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_second_ctrl_c_does_not_wait(tiny_sd_folder):
    # The denoiser never comes back, so the polite cancel cannot work.
    before = (
        "import time\n"
        "from engine.models.families.sd import StableDiffusion\n"
        "StableDiffusion.denoise = lambda *values, **names: time.sleep(600)"
    )
    arguments = quick(tiny_sd_folder, "--out", "out.png", "--json")
    started = subprocess.Popen(
        command(arguments, before=before), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stderr is not None
    for line in started.stderr:
        if "model loaded" in line:
            break
    time.sleep(0.5)
    for _ in range(2):
        os.kill(started.pid, signal.SIGINT)
        time.sleep(0.3)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 1 and out == "" and "Traceback" not in err
    assert json.loads(err.splitlines()[-1])["error"]["type"] == "Cancelled"


def test_a_log_has_lines_for_the_start_each_picture_and_the_end_and_nothing_else(process, tiny_sd_folder):
    ended = process(*quick(tiny_sd_folder, "--out", "out.png", "--json"))
    assert ended.code == 0 and ended.result["schema"] == 1
    start, loaded, *pictures, done = ended.err.splitlines()
    assert start.startswith("loading ") and loaded == "model loaded" and done.startswith("done in ")
    assert pictures == [f"writing {image['path']}" for image in ended.result["images"]]


@pytest.mark.parametrize("arguments", [["--version"], ["render", "--help"]])
def test_results_that_cannot_be_written_are_an_error_and_no_traceback(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command(arguments), env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert done.returncode == 1
    assert "could not be written" in done.stderr and "disk is not full" in done.stderr
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_a_reader_that_leaves_early_is_no_traceback():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as broken:
        done = subprocess.run(
            command(["--version"]),
            env=environment(),
            stdout=broken,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    assert done.returncode == 1 and "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_a_terminal_of_another_encoding_gets_every_message(process):
    ended = process("render", "湖.ora", "--out", "out.png", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.code == 2 and "There is no file" in ended.err and "Traceback" not in ended.err


def test_python_m_app_is_the_program():
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "app", "--version"], env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and done.stdout.startswith("wordbrush ")


def shell(arguments: list[str], redirect: str) -> subprocess.CompletedProcess[str]:
    """Runs a command with the shell's redirection, in a process of its own."""
    line = ["sh", "-c", f'exec "$@" {redirect}', "sh", *command(arguments)]
    return subprocess.run(line, env=environment(), capture_output=True, text=True, timeout=240)


def test_a_closed_stderr_stops_no_picture_and_puts_no_error_on_stdout(tiny_sd_folder):
    made = shell(quick(tiny_sd_folder, "--out", "out.png", "--json"), "2>&-")
    assert made.returncode == 0 and json.loads(made.stdout)["images"][0]["path"] == "out.png"
    assert np.asarray(Image.open("out.png")).shape == (64, 64, 3)
    for redirect in ("2>&-", "2>/dev/full", "2>&- <&-"):
        wrong = shell(["render", "--out", "out.png", "--json"], redirect)
        assert (wrong.returncode, wrong.stdout) == (2, ""), redirect


def test_a_closed_stdout_is_told_on_stderr():
    done = shell(["--version"], ">&-")
    assert done.returncode == 1 and "could not be written" in done.stderr and "Traceback" not in done.stderr
