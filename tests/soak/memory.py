"""Holds what is done to a gigabyte more memory than there was, and knows how much it took at its height."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

if sys.platform != "win32":
    import resource

MOST = 10**9
"""Bytes that one input may take, above what the process had before."""

_FORGET, _STATUS, _SIZES = Path("/proc/self/clear_refs"), Path("/proc/self/status"), Path("/proc/self/statm")


class Memory:
    """A context: an allocation that would go over `most` fails in it, with MemoryError where Python or NumPy makes it.

    The height is the resident memory that Linux counts. Elsewhere nothing is held or known, and `took` stays 0.

    Attributes:
        took: bytes that the last block took at its height. largest: the most that any took.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most, self.took, self.largest = most, 0, 0
        self._known = _FORGET.exists()
        self._before = 0

    def __enter__(self) -> Memory:
        if self._known:
            _FORGET.write_text("5")  # the height counts from here
            sizes = _SIZES.read_text().split()
            page = resource.getpagesize()
            self._before = int(sizes[1]) * page
            _limit(int(sizes[5]) * page + self.most)
        return self

    def __exit__(self, *_: object) -> None:
        if self._known:
            _limit(resource.RLIM_INFINITY)
            self.took = max(0, _height() - self._before)
            self.largest = max(self.largest, self.took)

    @property
    def was_full(self) -> bool:
        """Whether the last block took all that it might, also where it hid that no more was given."""
        return self.took > 0.95 * self.most


def _limit(data: int) -> None:
    """Let the process have so many bytes of private memory."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(ValueError):  # a machine whose own limit is lower holds that one
        resource.setrlimit(resource.RLIMIT_DATA, (data if hard == resource.RLIM_INFINITY else min(data, hard), hard))


def _height() -> int:
    """Bytes that were resident at most since it was last asked to forget."""
    status = _STATUS.read_text()
    return int(status[status.index("VmHWM:") + 6 :].split(maxsplit=1)[0]) * 1024
