"""The library that both ends stand on, asked for only when a machine is served or added."""

from __future__ import annotations

from types import ModuleType
from typing import Literal

from engine.errors import EngineError

HOW_TO_GET = 'Install it with: pip install "wordbrush[remote]".'


class RemoteUnavailable(EngineError):
    """The package that remote machines need is not installed."""


def websockets(part: Literal["server", "client", "exceptions"]) -> ModuleType:
    """Return a part of the WebSocket library, for asyncio.

    Raises:
        RemoteUnavailable: it is not installed, or is older than what this is written for.
    """
    try:
        if part == "server":
            import websockets.asyncio.server as server

            return server
        if part == "client":
            import websockets.asyncio.client as client

            return client
        import websockets.exceptions as exceptions

        return exceptions
    except ImportError as error:
        raise RemoteUnavailable(
            "Other machines need a package that is not installed (websockets).", hint=HOW_TO_GET, details=repr(error)
        ) from error
