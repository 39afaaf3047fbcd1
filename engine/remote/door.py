"""Who may come in: no web page, nobody without the token where one is asked for, and not too many at once."""

from __future__ import annotations

import http
import logging
from typing import Any

from engine.remote.limits import Guesses, Limits
from engine.remote.needs import websockets
from engine.remote.token import fits

_log = logging.getLogger(__name__)


class Door:
    """Looks at each connection before it becomes a WebSocket.

    Args:
        token: what clients have to give; None lets everybody in who can reach the port: only this machine.
    """

    def __init__(self, limits: Limits, token: str | None) -> None:
        self._limits, self._token = limits, token
        self._guesses = Guesses(limits)
        self._inside = 0

    def look(self, connection: Any, request: Any) -> Any:
        """Return None to let somebody in, else the HTTP response that says why not; for `process_request`."""
        if request.headers.get("Origin") is not None:  # a page in a browser, which may be from anywhere
            return connection.respond(http.HTTPStatus.FORBIDDEN, "web pages are refused\n")
        if request.path != "/":
            return connection.respond(http.HTTPStatus.NOT_FOUND, "nothing here\n")
        if self._token is None:
            return None
        address = (connection.remote_address or ("",))[0]
        if self._guesses.too_many(address):
            return connection.respond(http.HTTPStatus.TOO_MANY_REQUESTS, "too many wrong tokens\n")
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not fits(self._token, given.strip()):
            self._guesses.note(address)
            _log.warning("A connection gave a wrong token.")
            return connection.respond(http.HTTPStatus.UNAUTHORIZED, "token missing or wrong\n")
        return None

    def connection_class(self) -> type:
        """Return the kind of connection to make: one that hangs up at once where too many are open."""
        door, base = self, websockets("server").ServerConnection

        class Counted(base):  # type: ignore[misc, valid-type]
            """Counts from the first byte on, so that those count too that never say anything."""

            _counts = False

            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                if door._inside >= door._limits.connections:
                    transport.abort()
                    return
                door._inside += 1
                self._counts = True

            def connection_lost(self, exc: Exception | None) -> None:
                if self._counts:
                    door._inside -= 1
                    self._counts = False
                super().connection_lost(exc)

        return Counted
