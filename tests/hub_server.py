"""A server on this machine that answers as the Hub does, and misbehaves as told: cuts, slow bytes, wrong bytes."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" * 6 + "c0ff"


class Hub:
    """Repositories by name, each path -> bytes, and what goes wrong.

    Attributes:
        cuts: for a path after how many bytes each of the next answers breaks off. slow: seconds after each
        piece. silent: no piece comes at all.
        corrupt: paths whose bytes are other ones. moved: paths that are sent on to another host's address (and back).
        ignores_range: whether it sends all whatever is asked. status: path -> what it answers instead.
        asked: (path, headers) of each request. licence, gated: of all repositories.
    """

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.cuts: dict[str, list[int]] = {}
        self.slow = 0.0
        self.silent = False
        self.closed = threading.Event()
        self.piece = 1 << 16
        self.corrupt: set[str] = set()
        self.moved: dict[str, str] = {}
        self.ignores_range = False
        self.status: dict[str, list[int]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.extra: list[dict[str, object]] = []
        self.licence: object = "openrail++"
        self.gated: object = False
        self.url = ""

    def add(self, name: str, folder: Path) -> dict[str, bytes]:
        """Offer a folder as a repository."""
        files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
        self.repositories[name] = files
        return files

    def sent(self, path: str) -> list[dict[str, str]]:
        """The headers of all requests for a file."""
        return [headers for where, headers in self.asked if where.endswith(path)]

    def answer(self, name: str) -> dict[str, object]:
        """What the Hub's API says of a repository."""
        siblings: list[dict[str, object]] = list(self.extra)
        for path, data in self.repositories[name].items():
            entry: dict[str, object] = {"rfilename": path, "size": len(data)}
            if path.endswith((".safetensors", ".bin", ".gguf")):
                entry["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
            else:
                entry["blobId"] = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            siblings.append(entry)
        return {
            "id": name,
            "sha": COMMIT,
            "gated": self.gated,
            "cardData": {"license": self.licence},
            "siblings": siblings,
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        hub, path = self.hub, unquote(urlsplit(self.path).path)
        hub.asked.append((path, dict(self.headers)))
        if hub.status.get(path):
            self._send(hub.status[path].pop(0), b"no")
        elif path in hub.moved:
            self.send_response(302)
            self.send_header("Location", hub.moved[path])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path.startswith("/api/models/"):
            name = path.removeprefix("/api/models/").split("/revision/")[0]
            known = name in hub.repositories
            self._send(200 if known else 404, json.dumps(hub.answer(name)).encode() if known else b"{}")
        else:
            self._file(path.removeprefix("/cdn"))

    def _file(self, path: str) -> None:
        parts = path.split("/")
        name, file = "/".join(parts[1:3]), "/".join(parts[5:])
        data = self.hub.repositories.get(name, {}).get(file)
        if data is None:
            self._send(404, b"none")
            return
        etag = f'"{hashlib.sha256(data).hexdigest()}"'
        start = 0
        wanted = self.headers.get("Range", "")
        same = self.headers.get("If-Range") in (None, etag)
        if wanted and same and not self.hub.ignores_range:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start = int(first)
            if start >= len(data):
                self._send(416, b"")
                return
            end = min(len(data), int(last) + 1) if last else len(data)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        else:
            end = len(data)
            self.send_response(200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if self.hub.silent:
            self.hub.closed.wait(20)
            return
        if file in self.hub.corrupt:
            data = bytes(byte ^ 1 for byte in data)
        stop = end
        if self.hub.cuts.get(file):
            stop = min(end, start + self.hub.cuts[file].pop(0))
        for at in range(start, stop, self.hub.piece):
            try:
                self.wfile.write(data[at : min(at + self.hub.piece, stop)])
                self.wfile.flush()
            except OSError:
                return
            if self.hub.slow and self.hub.closed.wait(self.hub.slow):
                return
        if stop < end:
            self.close_connection = True

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[Hub]:
    """A hub that answers on this machine, until the block ends."""
    hub = Hub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        hub.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()
