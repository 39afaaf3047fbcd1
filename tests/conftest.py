"""What every test stands on: no screen, no network, its own home; a skip, a Qt warning or a left thread fails."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="wordbrush-tests-"))
# Of all workers of a run: the home of the process that started them, which is the last to go.
_SHARED = Path(os.environ.setdefault("WORDBRUSH_TESTS_SHARED", str(_HOME)))
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = "pyside6"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["WORDBRUSH_HOME"] = str(_HOME)
for _name in ("WORDBRUSH_MODELS", "WORDBRUSH_DEBUG"):
    os.environ.pop(_name, None)

import pytest  # noqa: E402  (the environment above must stand before anything else is imported)

from tests.tiny import tiny_ensemble_folder, tiny_sd_folder  # noqa: E402, F401  (fixtures for all)
from tests.tiny_conditions import conditioned_folder  # noqa: E402, F401  (a fixture for all)

if sys.platform != "win32":
    import fcntl

# Threads of other people's packages that live as long as the process does.
_LASTING_THREADS = ("tqdm_monitor", "pytest_timeout", "pydevd", "ThreadPoolExecutor-hf", "asyncio")
_GRACE_SECONDS = 5.0
_MANY_MODULES = 100
_imported = 0  # modules whose objects are frozen
_skipped: list[str] = []


def _living() -> set[threading.Thread]:
    """Threads started from Python that still run; those that Qt or torch made are not listed by name."""
    return {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread) and not thread.name.startswith(_LASTING_THREADS)
    }


@contextlib.contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, kind)
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Where several workers run tests, one that is marked `alone` waits for the others and holds them up.

    All pass a gate first, which that one keeps while it waits; else the others could go on for ever. The wait is
    outside of what the timeout counts.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ or sys.platform == "win32":
        return (yield)
    gate, hall = _SHARED / "gate", _SHARED / "hall"
    if item.get_closest_marker("alone"):
        with _locked(gate, fcntl.LOCK_EX), _locked(hall, fcntl.LOCK_EX):
            return (yield)
    with contextlib.ExitStack() as inside:
        with _locked(gate, fcntl.LOCK_EX):
            inside.enter_context(_locked(hall, fcntl.LOCK_SH))
        return (yield)


@pytest.fixture(autouse=True)
def no_dangling_threads(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test that leaves a thread running; fixtures of wider scope may own threads that were there before."""
    before = _living()
    yield
    deadline = time.monotonic() + _GRACE_SECONDS
    while (left := _living() - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    if left:
        pytest.fail(f"threads left running: {sorted(thread.name for thread in left)}", pytrace=False)


@pytest.fixture(scope="module", autouse=True)
def few_objects_to_collect() -> None:
    """Keeps the objects of imported libraries, a million and more, out of the garbage collections of the tests."""
    global _imported
    if len(sys.modules) - _imported >= _MANY_MODULES:
        _imported = len(sys.modules)
        gc.collect()  # what is garbage now would be kept for good
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Names that hold an object's address differ from worker to worker, which would then refuse to begin."""
    if unstable := [item.nodeid for item in items if " at 0x" in item.nodeid]:
        raise pytest.UsageError(f"give these tests names (ids=...) that are the same in each run: {unstable}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Takes note of every skip: here a test that does not run is a test that fails."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Takes note of modules that skip themselves as a whole."""
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turns a run with skips into a failed one, and clears the run's home away."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    shutil.rmtree(_HOME, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which tests were skipped, since that is why the run failed."""
    if _skipped:
        terminalreporter.section("skipped tests fail the run", red=True)
        for nodeid in _skipped:
            terminalreporter.line(nodeid)
