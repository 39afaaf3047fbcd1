"""One GET to a server: redirects within limits, a token only for the host it is meant for, and stopped from outside."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

from engine.errors import DownloadFailed

TIMEOUT = 30.0
"""Seconds without a byte after which a connection is given up."""
MOST_REDIRECTS = 6
_POLL = 0.1
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Stopped(Exception):
    """The cancel event was set."""


@contextmanager
def get(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    token: str | None = None,
    cancel: threading.Event,
    timeout: float = TIMEOUT,
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a GET, after redirects, whatever its status; setting `cancel` ends its reading at once.

    Args:
        url: http or https; http only of this machine. token: sent to the host of `url` alone, never on to another.

    Raises:
        DownloadFailed: the address cannot be asked. OSError, http.client.HTTPException: the connection broke.
        Stopped: `cancel` was set.
    """
    host = urlsplit(url).netloc
    for _ in range(MOST_REDIRECTS):
        check_address(url)
        given = {"User-Agent": "wordbrush", "Accept-Encoding": "identity", **(headers or {})}
        if token and urlsplit(url).netloc == host:
            given["Authorization"] = f"Bearer {token}"
        connection = _connect(url, timeout)
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(connection, cancel, done), name="download-stop", daemon=True)
        watcher.start()
        try:
            path = urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl() or "/"
            connection.request("GET", url if getattr(connection, "whole_url", False) else path, headers=given)
            response = connection.getresponse()
            if response.status not in (301, 302, 303, 307, 308):
                yield response
                return
            url = urljoin(url, response.headers.get("Location", ""))
        except (OSError, http.client.HTTPException, AttributeError) as error:
            # Where the socket is shut in the middle of a read, http.client may also find a part of itself gone.
            if cancel.is_set():
                raise Stopped from error
            raise
        finally:
            done.set()
            connection.close()
    raise DownloadFailed(
        f"The server keeps redirecting from {host}.", hint="Check the address, or try again later.", details=url
    )


def check_address(url: str) -> None:
    """Make sure that an address may be asked. Raises DownloadFailed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise DownloadFailed(f'"{url[:200]}" is not an address.', hint="Give an https address.") from error
    del port
    if not host or parts.scheme not in ("http", "https") or parts.username or any(char.isspace() for char in url):
        raise DownloadFailed(f'"{url[:200]}" is not the address of a file.', hint="Give an https address.")
    if parts.scheme == "http" and host not in _LOCAL:
        raise DownloadFailed(
            f"{host} offers the file without encryption, so anybody on the way could change it.",
            hint="Look for an https address of the same file.",
        )


def _connect(url: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    assert parts.hostname is not None, "checked"
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.hostname):
        through = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        if through.hostname:
            if parts.scheme == "https":
                tunnel = http.client.HTTPSConnection(
                    through.hostname, through.port or 8080, timeout=timeout, context=_context()
                )
                tunnel.set_tunnel(parts.hostname, parts.port or 443)
                return tunnel
            plain = http.client.HTTPConnection(through.hostname, through.port or 8080, timeout=timeout)
            plain.whole_url = True  # type: ignore[attr-defined]
            return plain
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=_context())
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)


def _context() -> ssl.SSLContext:
    """The system's certificates, with those of certifi where it is installed: some systems hand Python none."""
    context = ssl.create_default_context()
    if not os.environ.get("SSL_CERT_FILE"):
        try:
            import certifi
        except ImportError:
            return context
        context.load_verify_locations(certifi.where())
    return context


def _watch(connection: http.client.HTTPConnection, cancel: threading.Event, done: threading.Event) -> None:
    """Shut the socket down as soon as `cancel` is set: a read that waits for a slow server ends with that."""
    held: socket.socket | None = None
    while not done.is_set():
        held = connection.sock or held  # http.client lets it go where the server closes after the answer
        if cancel.wait(_POLL) and held is not None:
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it was closed already
            return
