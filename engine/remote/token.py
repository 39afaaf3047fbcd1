"""The word of entry of a machine: made once, in a file that only its user may read, compared in constant time."""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from engine.errors import EngineError

_FORM = re.compile(r"[A-Za-z0-9_-]{32,128}")


class BadToken(EngineError):
    """The token's file cannot be used, or the token of a client is missing or wrong."""


def take(path: Path) -> tuple[str, bool]:
    """Return the machine's token, and whether it was made just now, in which case it is to be shown, once.

    Raises:
        BadToken: the file holds no token, others may read it, or it cannot be written.
    """
    try:
        return _read(path), False
    except FileNotFoundError:
        pass
    token = secrets.token_urlsafe(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as stream:
            stream.write(token + "\n")
    except FileExistsError:  # another one that starts now made it first
        return _read(path), False
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise BadToken(
            "The token of this machine cannot be saved.", hint=f'Make sure that you may write "{path}".',
            details=repr(error),
        ) from error  # fmt: skip
    return token, True


def fits(token: str, given: str | None) -> bool:
    """Whether a client gave the right token; takes equally long however much of it is right."""
    return hmac.compare_digest(token.encode(), (given or "").encode("utf-8", "replace"))


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return _FORM.fullmatch(text) is not None


def _read(path: Path) -> str:
    try:
        with path.open(encoding="ascii", errors="replace") as stream:
            mode, token = os.fstat(stream.fileno()).st_mode, stream.read(1000).strip()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BadToken(
            "The token of this machine cannot be read.", hint=f'Make sure that you may read "{path}", or delete it.',
            details=repr(error),
        ) from error  # fmt: skip
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise BadToken(
            "Others on this machine may read its token.",
            hint=f'Delete "{path}"; a new token is made at the next start.',
        )
    if not is_token(token):
        raise BadToken("The file with this machine's token is damaged.", hint=f'Delete "{path}", then start again.')
    return token
