"""One file from a server to disk: into a .part file that is gone on with, checked, and put in its place whole."""

from __future__ import annotations

import errno
import hashlib
import http.client
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.downloads import connection
from engine.downloads.connection import Stopped
from engine.errors import DownloadFailed

PART = ".part"
_PIECE = 1 << 18
_TRIES = 5
"""In a row that bring nothing new; each piece that comes begins the count again."""
_PAUSE = 1.0
_STATE = 1 << 16
KEPT = "What has arrived is kept: download it again to continue from there."

Report = Callable[[int], None]
"""Called with the number of bytes that the file has by now."""


@dataclass(frozen=True)
class RemoteFile:
    """A file on a server.

    Attributes:
        name: its path in the model's folder. url: where it is.
        size: in bytes; None where the server does not say.
        sha256: of its content, in lower-case hexadecimal digits; "" where it is not known.
        git_sha1: git's own digest of it, of small files in the Hub's repositories; "" where it is not known.
    """

    name: str
    url: str
    size: int | None = None
    sha256: str = ""
    git_sha1: str = ""


def fetch(
    remote: RemoteFile,
    target: Path,
    *,
    report: Report = lambda done: None,
    cancel: threading.Event,
    token: str | None = None,
    timeout: float = connection.TIMEOUT,
    pause: float = _PAUSE,
) -> tuple[int, str]:
    """Bring a file to `target`; returns its bytes and its SHA-256.

    What comes is written to `target` with ".part" behind its name; a part that is there is gone on with (HTTP Range)
    if the server still has the same file. Only a whole file with the right checksum gets its name.

    Args:
        pause: seconds before the second try, doubled with each.

    Raises:
        DownloadFailed: the server refuses, breaks off again and again, or sends something else; the disk is full.
        Stopped: `cancel` was set. In both cases the part stays, unless its content is wrong.
    """
    part = target.with_name(target.name + PART)
    tries, before = 0, -1
    while True:
        try:
            _bring(remote, part, report, cancel, token, timeout)
            break
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise _disk_full(remote, part, error) from error
            if isinstance(error, PermissionError | IsADirectoryError | NotADirectoryError):
                raise DownloadFailed(
                    f"{part} cannot be written.", hint="Make sure that you may write there.", details=str(error)
                ) from error
            have = part.stat().st_size if part.is_file() else 0
            tries, before = (tries + 1 if have <= before else 1), max(have, before)
            if tries >= _TRIES:
                raise DownloadFailed(
                    f"The connection for {remote.name} was lost {tries} times.",
                    hint=f"Check your network. {KEPT}",
                    details=f"{type(error).__name__}: {error}",
                ) from error
            if cancel.wait(pause * 2 ** (tries - 1)):
                raise Stopped from error
    size, digest = _check(remote, part, cancel)
    os.replace(part, target)
    _state_of(part).unlink(missing_ok=True)
    return size, digest


def _bring(
    remote: RemoteFile, part: Path, report: Report, cancel: threading.Event, token: str | None, timeout: float
) -> None:
    """Go on with the part until the server has sent all; OSError where it broke off."""
    have, mark = _standing(remote, part)
    if have and have == remote.size:
        report(have)
        return
    headers = {"Range": f"bytes={have}-", "If-Range": mark} if have else {}
    with connection.get(remote.url, headers=headers, token=token, cancel=cancel, timeout=timeout) as response:
        status = response.status
        if status == 416:  # the file there is no longer than the part, or another one by now
            part.unlink(missing_ok=True)
            raise ConnectionError("the server has no such range; begun again")
        if status == 206 and _start(response) != have:
            raise ConnectionError("the server sent another piece than was asked for")
        if status not in (200, 206) or (status == 206 and not have):
            raise_for(status, remote, response)
        if status == 200:
            have = 0
        left = response.headers.get("Content-Length")
        whole = None if left is None or not left.isdigit() else have + int(left)
        expected = remote.size if remote.size is not None else whole
        if whole is not None and remote.size is not None and whole != remote.size:
            raise DownloadFailed(
                f"{remote.name} has {whole} bytes and not {remote.size} as announced.",
                hint="The file on the server has changed; download the model again.",
            )
        _state_of(part).write_text(json.dumps({"url": remote.url, "mark": _mark(response), "sha256": remote.sha256}))
        with open(part, "r+b" if have and part.is_file() else "wb") as file:
            file.truncate(have)
            file.seek(have)
            while data := response.read1(_PIECE):
                if cancel.is_set():
                    raise Stopped
                have += len(data)
                if expected is not None and have > expected:
                    raise DownloadFailed(
                        f"{remote.name} is longer than announced.", hint="Do not trust this server; choose another."
                    )
                file.write(data)
                report(have)
            file.flush()
            os.fsync(file.fileno())
        if cancel.is_set():
            raise Stopped
        if expected is not None and have < expected:
            raise ConnectionError(f"broke off after {have} of {expected} bytes")


def raise_for(status: int, remote: RemoteFile, response: http.client.HTTPResponse) -> None:
    """Raise what a status other than success means: OSError where another try may help."""
    if status in (401, 403):
        raise DownloadFailed(
            f"The server does not give {remote.name} to everyone.",
            hint="Accept the model's terms on its page, make a read token there, and set HF_TOKEN to it.",
            details=f"status {status}",
        )
    if status in (404, 410):
        raise DownloadFailed(f"There is no {remote.name} on the server.", hint="Check the name or the address.")
    if status in (408, 425, 429) or status >= 500:
        raise ConnectionError(f"the server answered {status} {response.reason}")
    raise DownloadFailed(
        f"The server refuses {remote.name} ({status} {response.reason}).", hint="Check the address, or try again later."
    )


def _state_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _standing(remote: RemoteFile, part: Path) -> tuple[int, str]:
    """Bytes that a part holds of this very file, and what proves to the server that it is; 0 begins again."""
    try:
        state: Any = json.loads(_state_of(part).read_text()[:_STATE])
        size = part.stat().st_size
        same = state["url"] == remote.url and state["sha256"] == remote.sha256
        mark = str(state["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""
    if not same or not mark or (remote.size is not None and size > remote.size):
        return 0, ""
    return size, mark


def _mark(response: http.client.HTTPResponse) -> str:
    """What tells one state of the file from another: a strong ETag, else the date of its last change."""
    etag = response.headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")


def _start(response: http.client.HTTPResponse) -> int:
    """Where the piece that a server sends begins; -1 where it does not say."""
    said = response.headers.get("Content-Range", "").removeprefix("bytes ").split("-", 1)[0].strip()
    return int(said) if said.isdigit() else -1


def _check(remote: RemoteFile, part: Path, cancel: threading.Event) -> tuple[int, str]:
    size = part.stat().st_size
    digest, git = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with open(part, "rb") as file:
        while data := file.read(1 << 22):
            if cancel.is_set():
                raise Stopped
            digest.update(data)
            if remote.git_sha1:
                git.update(data)
    wrong_size = remote.size is not None and size != remote.size
    wrong = remote.sha256 and digest.hexdigest() != remote.sha256
    if wrong_size or wrong or (remote.git_sha1 and git.hexdigest() != remote.git_sha1):
        part.unlink()
        _state_of(part).unlink(missing_ok=True)
        raise DownloadFailed(
            f"{remote.name} did not arrive as it was sent: its checksum is different.",
            hint="Download it again; if that happens again, the server or something on the way changes the file.",
            details=f"expected {remote.sha256 or remote.git_sha1}, got {digest.hexdigest()}",
        )
    return size, digest.hexdigest()


def _disk_full(remote: RemoteFile, part: Path, error: OSError) -> DownloadFailed:
    return DownloadFailed(
        f"The disk is full: {remote.name} does not fit.", hint=f"Free some space. {KEPT}", details=f"{part}: {error}"
    )


class Pace:
    """How fast bytes come, over the last seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: list[tuple[float, int]] = []

    def rate(self, done: int) -> float:
        """Bytes a second, after `done` bytes in all; 0 where it is too early to say."""
        now = self._clock()
        self._seen = [*(each for each in self._seen if now - each[0] < 10), (now, done)]
        (first, before) = self._seen[0]
        return (done - before) / (now - first) if now - first > 0.5 else 0.0
