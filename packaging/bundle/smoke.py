"""Starts what was built as a stranger's machine would: version, doctor, a picture, and the window for ten seconds."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

PROMPT = "a red house on a green hill under a blue sky"
SECONDS = 10.0  # that the window must live
SCREEN = ":87"
_ALLOWED = ("TERM", "LANG")  # nothing else of this environment reaches the program
_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


class DoesNotWork(Exception):
    """What was built does not do what it is asked; the text says which command, and what it said."""


def try_out(program: Path, folder: Path, root: Path | None = None) -> Path:
    """Run `program` with an empty home folder; returns where its picture (and the window's, `window.png`) lies.

    With `root`, a folder with a clean system, the program is copied there and started by chroot, as root. A .tar.gz is
    unpacked first, and an AppImage told to unpack itself, since not everywhere can it be mounted. Raises DoesNotWork.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if root is None:
        start, inside, outside = [str(program)], folder, folder
    else:
        outside = root.resolve() / "smoke"
        shutil.rmtree(outside, ignore_errors=True)
        outside.mkdir()
        shutil.copy2(program, outside / program.name)
        start, inside = [*_in_root(root.resolve()), f"/smoke/{program.name}"], Path("/smoke")
    if program.name.endswith(".tar.gz"):
        shutil.unpack_archive(program, outside)
        start[-1] = str(inside / "wordbrush" / "wordbrush")
    environment = {name: os.environ[name] for name in _ALLOWED if name in os.environ}
    environment |= {"PATH": _PATH, "HOME": str(inside), "TMPDIR": str(inside)}
    if program.suffix == ".AppImage":
        start = _unpacked(start, environment, folder if root is None else root.resolve())

    said = _run([*start, "--version"], environment)
    if not said.startswith("wordbrush "):
        raise DoesNotWork(f"--version said: {said}")
    _answer([*start, "doctor", "--json"], environment)
    picture = [
        "render",
        "--prompt",
        PROMPT,
        "--out",
        str(inside / "picture.png"),
        "--steps",
        "8",
        "--seed",
        "7",
        "--json",
    ]
    answer = _answer([*start, *picture], environment)
    if answer.get("schema") != 1 or not (outside / "picture.png").stat().st_size > 10_000:
        raise DoesNotWork(f"render answered {answer}")
    if shutil.which("Xvfb") and shutil.which("import"):
        _show_window(start, environment, outside / "window.png")
    if outside != folder:
        for made in outside.glob("*.png"):
            shutil.copy(made, folder)
    return folder


def _in_root(root: Path) -> list[str]:
    """What starts a command in a folder as its whole system, with /proc and /dev that vanish when it ends."""
    mount = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
    return ["unshare", "--mount", "sh", "-c", mount, str(root)]


def _unpacked(start: list[str], environment: dict[str, str], place: Path) -> list[str]:
    """Let an AppImage unpack itself in `place` (where chroot starts, or this process); returns what starts it there."""
    shutil.rmtree(place / "squashfs-root", ignore_errors=True)
    _run([*start, "--appimage-extract"], environment, place)
    return [*start[:-1], "/squashfs-root/AppRun"] if len(start) > 1 else [str(place / "squashfs-root" / "AppRun")]


def _run(command: list[str], environment: dict[str, str], place: Path | None = None) -> str:
    begin = time.monotonic()
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=900, check=False)
    print(f"    {' '.join(command)[:100]}: status {done.returncode}, {time.monotonic() - begin:.1f} s")
    if done.returncode != 0:
        raise DoesNotWork(f"{command} ended with status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def _answer(command: list[str], environment: dict[str, str]) -> dict[str, object]:
    said = _run(command, environment)
    try:
        return dict(json.loads(said))
    except ValueError as error:
        raise DoesNotWork(f"{command} did not answer with JSON: {said[:500]}") from error


def _show_window(start: list[str], environment: dict[str, str], picture: Path) -> None:
    """The window on a virtual screen; it must live, and its screen must show more than one colour."""
    screen = subprocess.Popen(["Xvfb", SCREEN, "-screen", "0", "1400x900x24", "-listen", "tcp", "-ac"])
    log = picture.with_suffix(".log")
    try:
        time.sleep(2)
        with open(log, "w") as words:
            shown = {**environment, "DISPLAY": f"127.0.0.1{SCREEN}"}
            window = subprocess.Popen(start, env=shown, stdout=words, stderr=words, start_new_session=True)
            try:
                _wait_for_colours(window, picture)
                time.sleep(SECONDS)
                if window.poll() is not None:
                    raise DoesNotWork(f"the window ended with status {window.returncode}\n{log.read_text()}")
                _take(picture)
                print(f"    the window lived; its picture is {picture.stat().st_size} bytes")
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(window.pid, signal.SIGTERM)  # a runtime that unpacked itself is two processes
                window.wait(60)
    finally:
        screen.terminate()
        screen.wait(10)


def _wait_for_colours(window: subprocess.Popen[bytes], picture: Path) -> None:
    for _ in range(120):
        time.sleep(1)
        _take(picture)
        if picture.stat().st_size > 20_000 or window.poll() is not None:  # an empty screen has a few hundred bytes
            return
    raise DoesNotWork("after two minutes there is no window on the screen")


def _take(picture: Path) -> None:
    subprocess.run(["import", "-display", SCREEN, "-window", "root", str(picture)], check=True, timeout=60)
