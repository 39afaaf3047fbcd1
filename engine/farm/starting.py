"""Ray, asked for only here: imported late, started or joined without a word to the network beyond the cluster."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from engine.errors import FarmUnavailable

LOCAL = "local"
_PREFIX = "wordbrush-ray-"
STORE_BYTES = 256 * 2**20
"""Memory for pictures on their way, of a cluster that is started here; each stays there for a moment only."""
_LOOPBACK = "127.0.0.2"
"""Where a local cluster listens. Ray takes 127.0.0.1 for "find out", and would listen to the network there."""
_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_worker_niceness": "0",
    "RAY_enable_metrics_collection": "0",
}
"""Read by Ray's processes: they send nothing home, and leave a GPU that nobody asked for as it is."""


@dataclass(frozen=True)
class Room:
    """What the cluster has for workers: how many, and the cores, GPUs and threads (None: as they are) of each."""

    workers: int
    cores: int
    gpus: int
    threads: int | None


def library() -> Any:
    """The module `ray`. Raises FarmUnavailable where it is not installed."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise FarmUnavailable(
            "The farm needs Ray, which is not installed.",
            hint='Install it with: pip install "wordbrush[ray]".',
            details=repr(error),
        ) from error
    return ray


class Cluster:
    """A connection to Ray; one that it started ends with it, one that was there before lives on.

    Args:
        address: as `ray.init` takes it; "local" starts a cluster on this machine that only this machine reaches.
        cores: of a local one; None is what the machine has.

    Raises:
        FarmUnavailable: Ray is not installed, or nobody answers.
    """

    def __init__(self, address: str, *, cores: int | None = None) -> None:
        if address == LOCAL:
            _keep_others_out()
        self.ray = library()
        self._temporary: str | None = None
        self._owned = not self.ray.is_initialized()
        if not self._owned:  # who uses the engine as a library may be in a cluster already
            return
        given: dict[str, Any] = {"address": address}
        if address == LOCAL:
            _sweep()
            # Ray's sockets lie in it, whose paths must be short: the system's own place may be deep.
            short = "/tmp" if os.name == "posix" else None
            self._temporary = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=short)
            given |= {"num_cpus": cores, "object_store_memory": STORE_BYTES, "include_dashboard": False}
            given |= {"_temp_dir": self._temporary}
            if sys.platform == "linux":
                given["_node_ip_address"] = _LOOPBACK
        elif address.startswith("ray://"):
            raise FarmUnavailable(
                "The farm does not speak to Ray through its client.",
                hint="Give HOST:PORT, on a machine that belongs to the cluster.",
            )
        try:
            with _signals_kept():
                self.ray.init(log_to_driver=False, logging_level="ERROR", configure_logging=False, **given)
        except Exception as error:  # Ray raises a dozen kinds, with the reason in words
            self._forget()
            raise FarmUnavailable(
                f'The Ray cluster "{address}" cannot be reached.' if address != LOCAL else "Ray could not be started.",
                hint="Check the address, and that this machine belongs to the cluster (ray status).",
                details=repr(error),
            ) from error

    def room(self, *, workers: int | None, threads: int | None) -> Room:
        """What there is for `workers` (None: all that fit), each with so many `threads` on the CPU (None: shared out).

        Raises:
            FarmUnavailable: the cluster has no room for any.
        """
        found = self.ray.cluster_resources()
        cores, gpus = int(found.get("CPU", 0)), int(found.get("GPU", 0))
        if gpus:
            return Room(min(workers or gpus, gpus), min(1, cores), 1, None)
        if threads is None:
            threads = max(1, cores // workers) if workers else 1
        most = cores // threads
        if not most:
            raise FarmUnavailable(
                f"The cluster has {cores} cores, too few for a worker of {threads} threads.",
                hint="Ask for fewer threads, or let more machines join the cluster.",
            )
        return Room(min(workers or most, most), threads, 0, threads)

    def close(self) -> None:
        """Leave the cluster; end it where it was started here."""
        if self._owned:
            with _signals_kept():
                self.ray.shutdown()
        self._forget()

    def _forget(self) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None


def _keep_others_out() -> None:
    """Let a cluster that is started here answer only who knows a secret, which lies in no file: else every user of
    this machine could run code in it. One for the process: Ray reads it when it is imported; if that was before, it
    makes a secret of its own."""
    if "RAY_AUTH_MODE" not in os.environ and "ray" not in sys.modules:
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


def _sweep() -> None:
    """Remove what local clusters left behind whose program was killed."""
    for folder in Path("/tmp" if os.name == "posix" else tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not psutil.pid_exists(int(number)):
            shutil.rmtree(folder, ignore_errors=True)  # another user's stays


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Ray puts its own handler in the place of SIGTERM's, which would end the program without a word."""
    import signal

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
