#!/usr/bin/env python3
"""Sets up, runs and tests Wordbrush from its source tree: `packaging/dev.py VERB`.

    run [ARGS]         make .venv, install the pinned dependencies and the project, start `wordbrush ARGS`
    test [PYTEST ARGS] the same with the test tools and the lab's plots, then all tests, linters and types; no screen is
                       needed. The whole suite runs several tests at a time, named files run one by one
    soak [PYTEST ARGS] the same, then the long checks that `test` leaves out
    gpu [ARGS]         the same, then every check of a CUDA device in eight minutes (`--small` anywhere)
    translations       the same, then every text of the window into the .ts files, and those compiled
    package WHAT       the same, then what people download, into dist/: wheel, app, appimage (`package --help`)
    setup              the same as `test`, without starting anything

A second start finds a stamp in .venv and adds well under a second. Messages go to stderr, so that the output of
`run render --json` stays clean. Needs nothing but the standard library. Environment:

    WORDBRUSH_TORCH_INDEX  an extra package index for torch alone, for example https://download.pytorch.org/whl/cpu for
                           the small build without CUDA; pip's own configuration holds in any case.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple, NoReturn, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMP = "wordbrush-stamp.json"
FOR_DEVELOPERS = ("test", "lab")  # extras of the project: its test tools, and what draws the lab's plots
FOR_PACKAGES = ("package", "psd")  # what makes bundles, and the extra that goes into them
FOR_SOAK = (*FOR_DEVELOPERS, "fuzz")  # and the fuzzer that coverage guides
OLDEST_PYTHON = (3, 11)
OUTPUT = sys.__stderr__  # where programs that we start may write; stdout belongs to wordbrush
MOST_WORKERS = 4  # each holds torch and small models of its own, about 1.5 GB
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")


class Need(NamedTuple):
    """Something of the system: a library by its file name, a file by its path below where libraries lie, or a program;
    and the package that holds it, by manager."""

    name: str
    apt: str
    dnf: str
    pacman: str
    to_import: bool = False  # the tests do not even begin without it; the others matter to a window on a screen


LIBRARIES = (
    Need("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", to_import=True),
    Need("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", to_import=True),
    Need("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon", to_import=True),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", to_import=True),
    Need("libfreetype.so.6", "libfreetype6", "freetype", "freetype2", to_import=True),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus", to_import=True),
    Need("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2", to_import=True),
    Need("libX11.so.6", "libx11-6", "libX11", "libx11", to_import=True),
    Need("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    Need("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    Need("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb-util"),
    Need("libxcb-glx.so.0", "libxcb-glx0", "libxcb", "libxcb"),
    Need("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb"),
    Need("libxcb-render.so.0", "libxcb-render0", "libxcb", "libxcb"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
    Need("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb"),
    Need("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
)
LIBRARY_FOLDERS = (Path("/usr/lib"), Path("/usr/lib64"))
GIT = Need("git", "git", "git", "git", to_import=True)  # the tests ask it which files belong to the tree
SCREEN = (  # one file of tests drives the program on X servers of its own, which need no screen either
    Need("Xvfb", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    Need("Xorg", "xserver-xorg-core", "xorg-x11-server-Xorg", "xorg-server"),  # this one has a pen
    Need("xorg/modules/drivers/dummy_drv.so", "xserver-xorg-video-dummy", "xorg-x11-drv-dummy", "xf86-video-dummy"),
    Need("openbox", "openbox", "openbox", "openbox"),
)

# Per manager: its program, what to run first, and the command that the packages are appended to.
MANAGERS: dict[str, tuple[str, list[list[str]], list[str]]] = {
    "apt": ("apt-get", [["apt-get", "update", "-qq"]], ["apt-get", "install", "-y", "--no-install-recommends"]),
    "dnf": ("dnf", [], ["dnf", "install", "-y"]),
    "pacman": ("pacman", [], ["pacman", "-S", "--needed", "--noconfirm"]),
}


def say(text: str) -> None:
    """One line for the person at the terminal, on stderr."""
    print(f"wordbrush: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """Ends with a written reason and exit status 1."""
    say(text)
    raise SystemExit(1)


# --- the system's libraries ---------------------------------------------------------------------------------------


def is_there(need: Need) -> bool:
    """Whether the linker finds the library, the file lies there, or the PATH has the program."""
    if "/" in need.name:
        return any((folder / need.name).is_file() for folder in LIBRARY_FOLDERS)
    if ".so" not in need.name:
        return shutil.which(need.name) is not None
    try:
        ctypes.CDLL(need.name)
    except OSError:
        return False
    return True


def missing(needs: Iterable[Need]) -> list[Need]:
    """Those of `needs` that this machine lacks; none where the system is not Linux, since Qt brings its own there."""
    return [need for need in needs if not is_there(need)] if sys.platform.startswith("linux") else []


def package_manager() -> str:
    """apt, dnf or pacman, whichever is here first; "" where none is."""
    return next((name for name, (program, _, _) in MANAGERS.items() if shutil.which(program)), "")


def install_commands(manager: str, packages: Sequence[str], *, root: bool) -> list[list[str]]:
    """The exact commands that install `packages`, with sudo in front where we are not root."""
    _, first, then = MANAGERS[manager]
    return [([] if root else ["sudo"]) + command for command in [*first, [*then, *packages]]]


def at_terminal() -> bool:
    """Whether there is a person who can answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def is_root() -> bool:
    """Whether we may install packages without asking for a password."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_packages(packages: Sequence[str], why: str) -> bool:
    """Installs system packages: asks at a terminal, goes ahead as root without one, else says the exact command."""
    manager = package_manager()
    if not manager:
        say(f"{why}, install with this system's package manager what Debian calls: {' '.join(packages)}")
        return False
    commands = install_commands(manager, packages, root=is_root())
    written = " && ".join(shlex.join(command) for command in commands)
    if at_terminal():
        say(f"{why}, these system packages are needed: {' '.join(packages)}")
        print(f"    {written}\nRun this now? [Y/n] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("", "y", "yes"):
            return False
    elif not is_root():
        say(f"{why}, run: {written}")
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        say(shlex.join(command))
        if subprocess.run(command, stdout=OUTPUT, env=environment).returncode != 0:
            say("this did not work; going on with what is here")
            return False
    return True


def ensure_libraries(*, for_tests: bool) -> None:
    """Makes sure of what Qt opens; the tests cannot start without it, the command line can."""
    lacking = missing([*LIBRARIES, GIT, *SCREEN] if for_tests else LIBRARIES)
    if not lacking:
        return
    column = package_manager() or "apt"
    install_packages(
        sorted({getattr(need, column) for need in lacking}), "for the tests" if for_tests else "for the window"
    )
    still = missing(lacking)
    if for_tests and any(need.to_import for need in still):
        stop(f"The tests cannot run without {', '.join(need.name for need in still)}; see the command above.")
    if still:
        lost = "tests of the window on a real screen fail" if for_tests else "the window may not open, `render` works"
        say(f"still not here: {', '.join(need.name for need in still)}; {lost}")


# --- Python and the virtual environment ---------------------------------------------------------------------------


def python_version(python: str) -> tuple[int, ...]:
    """(major, minor) of an interpreter, or () where it does not start."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=30, check=True)
        return tuple(int(part) for part in done.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()


def find_python() -> str:
    """An interpreter that is new enough: this one, or one on the PATH."""
    if sys.version_info >= OLDEST_PYTHON:
        return sys.executable
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found and python_version(found) >= OLDEST_PYTHON:
            return found
    need = ".".join(str(part) for part in OLDEST_PYTHON)
    stop(f"Python {need} or newer is needed; `python3` here is {sys.version.split()[0]}. Install one and start again.")


def venv_python(venv: Path = VENV) -> Path:
    """Where a virtual environment keeps its interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv(venv: Path = VENV) -> None:
    """Makes the environment, or makes it anew where its interpreter no longer starts or is too old."""
    version = python_version(str(venv_python(venv))) if venv_python(venv).exists() else ()
    if version >= OLDEST_PYTHON:
        return
    python = find_python()
    if subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True).returncode != 0:
        if package_manager() != "apt":
            stop(f"{python} lacks its modules venv and ensurepip; install them and start again.")
        number = ".".join(str(part) for part in python_version(python))
        if not install_packages([f"python{number}-venv"], "to make an environment"):
            stop("no environment can be made without that package.")
    say(f"making {venv.name} with {python}")
    if subprocess.run([python, "-m", "venv", "--clear", str(venv)], stdout=OUTPUT).returncode != 0:
        stop(f"the environment could not be made; delete {venv} and start again.")


def inputs_hash(venv: Path = VENV) -> str:
    """A hash of everything that decides what the environment must hold; another hash means installing again."""
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", CONSTRAINTS, Path(__file__).resolve()):
        digest.update(path.read_bytes() + b"\0")
    config = venv / "pyvenv.cfg"
    digest.update(config.read_bytes() if config.is_file() else b"")
    digest.update(str(ROOT).encode())  # the installed project points at its tree
    return digest.hexdigest()


def is_ready(extras: Sequence[str], venv: Path = VENV) -> bool:
    """Whether the stamp says that these inputs and at least these extras were installed."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        return bool(stamp["inputs"] == inputs_hash(venv)) and set(extras) <= set(stamp["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_stamp(extras: Sequence[str], venv: Path = VENV) -> None:
    """Says that the environment is whole; written last, so that a broken install is done again."""
    (venv / STAMP).write_text(json.dumps({"inputs": inputs_hash(venv), "extras": sorted(extras)}), encoding="utf-8")


def pinned(name: str) -> str:
    """The requirement of one package exactly as constraints.txt pins it."""
    for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines():
        if line.partition("==")[0].strip().lower() == name.lower():
            return line.strip()
    stop(f"{CONSTRAINTS.name} does not pin {name}")


def pip_commands(extras: Sequence[str], torch_index: str = "") -> list[list[str]]:
    """The arguments of each pip call, in order: torch alone, the build tool, then the project with what it needs."""
    pins = ["--constraint", str(CONSTRAINTS)]
    where = ["--extra-index-url", torch_index] if torch_index else []
    project = str(ROOT) + (f"[{','.join(sorted(extras))}]" if extras else "")
    return [
        ["install", *pins, *where, pinned("torch")],
        ["install", *pins, pinned("setuptools")],
        ["install", *pins, "--no-build-isolation", "--editable", project],
    ]


def install(extras: Sequence[str], venv: Path = VENV) -> None:
    """Installs into the environment what the stamp does not vouch for."""
    (venv / STAMP).unlink(missing_ok=True)
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    say("installing the pinned dependencies (the first time this takes some minutes)")
    for arguments in pip_commands(extras, os.environ.get("WORDBRUSH_TORCH_INDEX", "")):
        command = [str(venv_python(venv)), "-m", "pip", *arguments, *quiet, "--disable-pip-version-check"]
        if subprocess.run(command, stdout=OUTPUT).returncode != 0:
            stop(
                f"this did not work: {shlex.join(command)}\nNothing outside {venv} was changed; start again to resume."
            )
    write_stamp(extras, venv)


@contextlib.contextmanager
def only_one(venv: Path = VENV) -> Iterator[None]:
    """Lets one start at a time work on the environment; a second one waits. Without flock, does nothing."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    key = hashlib.sha256(f"{os.getuid()}:{venv}".encode()).hexdigest()[:16]
    with open(Path(tempfile.gettempdir()) / f"wordbrush-{key}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(extras: Sequence[str]) -> None:
    """Everything between a fresh clone and a program that starts."""
    ensure_libraries(for_tests="test" in extras)
    with only_one():
        make_venv()
        if not is_ready(extras):
            install(extras)


# --- the command line ---------------------------------------------------------------------------------------------


def command_for(verb: str, arguments: Sequence[str]) -> list[str]:
    """What a verb starts once everything is set up."""
    if verb == "run":
        return [str(venv_python().with_name("wordbrush.exe" if os.name == "nt" else "wordbrush")), *arguments]
    if verb == "soak":
        return [str(venv_python()), "-m", "pytest", "-m", "soak", *arguments]
    if verb == "gpu":
        return [str(venv_python()), str(ROOT / "packaging" / "gpu_checks.py"), *arguments]
    if verb == "translations":
        return [str(venv_python()), str(ROOT / "packaging" / "translations.py"), *arguments]
    if verb == "package":
        return [str(venv_python()), str(ROOT / "packaging" / "package.py"), *arguments]
    number = workers(arguments)
    beside = ["-n", str(number), "--dist", "loadfile"] if number > 1 else []
    return [str(venv_python()), "-m", "pytest", *beside, *arguments]


def workers(arguments: Sequence[str]) -> int:
    """How many tests run beside one another: as many as there are cores, four at most, for the whole suite.

    One where the caller decides it, debugs, or names files: then starting several costs more than it brings.
    """
    own = ("-n", "--numprocesses", "--dist", "--pdb", "--trace", "-s", "--capture", "--co", "--collect-only")
    named = any(word.startswith(own) or (ROOT / word.partition("::")[0]).exists() for word in arguments if word)
    return 1 if named else min(cores(), MOST_WORKERS)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_cores(number: int) -> None:
    """Gives each worker its part of the cores for numbers; else each would start a thread for all of them."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, str(max(1, cores() // number)))


def main(argv: Sequence[str]) -> int:
    """Sets up and hands over; returns only where nothing was to be started."""
    verb, arguments = (argv[0], argv[1:]) if argv else ("--help", [])
    if verb in ("-h", "--help"):
        print(__doc__)
        return 0 if argv else 2
    if verb not in ("run", "test", "soak", "gpu", "translations", "package", "setup"):
        verbs = "run, test, soak, gpu, translations, package, setup"
        say(f"'{verb}' is none of {verbs}; see python3 packaging/dev.py --help")
        return 2
    set_up({"run": (), "soak": FOR_SOAK, "package": FOR_PACKAGES}.get(verb, FOR_DEVELOPERS))
    if verb == "setup":
        return 0
    command = command_for(verb, arguments)
    if verb != "run":
        os.chdir(ROOT)
        # The tests start Python many times; without its bytecode each start would compile all modules again.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "-n" in command:
        number = workers(arguments)
        share_cores(number)
        say(f"running every check, {number} at a time; some minutes")
    elif verb == "gpu":
        say("running every check of the device; eight minutes at most")
    elif verb == "soak":
        say("running the long checks, one at a time; half an hour and more")
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(command[0], command)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
